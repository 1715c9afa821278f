package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"iolaus/exchange"
	"iolaus/guard"
)

// A liteAsk is what LiteLLM's generic guardrail sends before a request.
type liteAsk struct {
	InputType string   `json:"input_type"`
	CallID    string   `json:"litellm_call_id"`
	Texts     []string `json:"texts"`
	Messages  []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"structured_messages"`
	Tools []struct {
		Function struct {
			Name       string          `json:"name"`
			Parameters json.RawMessage `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
	Data struct {
		Key     string `json:"user_api_key_hash"`
		User    string `json:"user_api_key_user_id"`
		Team    string `json:"user_api_key_team_id"`
		EndUser string `json:"user_api_key_end_user_id"`
		Org     string `json:"user_api_key_org_id"`
	} `json:"request_data"`
	Model   string            `json:"model"`
	Headers map[string]string `json:"request_headers"`
}

// liteAnswer is what it expects.
type liteAnswer struct {
	Action string `json:"action"`
	Reason string `json:"blocked_reason,omitempty"`
}

// litellm answers LiteLLM's generic guardrail API: NONE lets pass, BLOCKED
// refuses. Texts are never changed.
func (g *Gateway) litellm(w http.ResponseWriter, req *http.Request) {
	began := time.Now()
	if req.Method != http.MethodPost {
		fault(w, http.StatusMethodNotAllowed, "use POST")
		return
	}
	body, ok := g.body(w, req)
	if !ok {
		return
	}
	var ask liteAsk
	// A field of another type than today's is left out, as one that is new is.
	var odd *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &ask); err != nil && !(errors.As(err, &odd) && odd.Field != "") {
		fault(w, http.StatusBadRequest, "send LiteLLM's generic guardrail request")
		return
	}
	route := g.route("/beta/litellm_basic_guardrail_api")
	q := guard.Request{Account: first(ask.Data.User, ask.Data.Key), Org: ask.Data.Org}
	a, refused := guard.Answer{}, false
	seen := g.Observe != nil && ask.InputType != "response" && g.Observe(ask.exchange(began), began.Add(route.Limit*3/4), func(t *exchange.Trace) {
		q.Seen = t.Seen()
		a, refused = g.ask(&q, &route, began)
	})
	if !seen {
		a, refused = g.ask(&q, &route, began)
	}
	out := liteAnswer{Action: "NONE"}
	switch {
	case refused:
		out = liteAnswer{"BLOCKED", "not ready; the route is closed"}
	case !a.Acts() || a.Measure == guard.Withhold:
	case a.Measure == guard.Slow:
		g.delay(req, &a)
	default:
		out = liteAnswer{"BLOCKED", a.Measure.String() + " until " + time.Unix(a.Until, 0).UTC().Format(time.RFC3339) + "; order " + first(a.ID, "by recognition")}
	}
	w.Header()["Content-Type"] = jsonType
	json.NewEncoder(w).Encode(out)
}

// exchange is the request as far as the guardrail tells it.
func (a *liteAsk) exchange(now time.Time) *exchange.Exchange {
	x := &exchange.Exchange{ID: a.CallID, Time: now, Account: first(a.Data.User, a.Data.Key), Key: a.Data.Key, Org: a.Data.Org,
		Team: a.Data.Team, SubAccount: a.Data.EndUser, Model: a.Model}
	for name, v := range a.Headers {
		if strings.EqualFold(name, "user-agent") && v != "[present]" {
			x.UserAgent = v
		}
	}
	for i := range a.Messages {
		m := &a.Messages[i]
		text := contentText(m.Content)
		if m.Role == "system" || m.Role == "developer" {
			x.System = strings.TrimPrefix(x.System+"\n"+text, "\n")
			continue
		}
		x.Turns = append(x.Turns, exchange.Turn{Role: m.Role, Text: text})
	}
	if len(a.Messages) == 0 {
		for _, t := range a.Texts {
			x.Turns = append(x.Turns, exchange.Turn{Role: "user", Text: t})
		}
	}
	for i := range a.Tools {
		f := &a.Tools[i].Function
		x.Tools = append(x.Tools, exchange.Tool{Name: f.Name, Schema: string(f.Parameters)})
	}
	return x
}

// contentText is a message's text, which is a string or a list of parts.
func contentText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []struct {
		Text string `json:"text"`
	}
	json.Unmarshal(raw, &parts)
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Text)
	}
	return b.String()
}
