// Package gateway speaks the languages in which gateways ask about a request
// before it reaches the model, and in which bouncers follow what is in force.
//
// It promises an answer within the route's limit, whatever else goes on: what a
// request carries is read only while there is time and room for it, otherwise
// the account alone decides. A label or a measure in shadow changes nothing.
//
// It refuses to keep anything of a request: it is read, answered and forgotten.
package gateway

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"iolaus/exchange"
	"iolaus/guard"
)

// A Route says what holds for requests whose path begins with Match.
type Route struct {
	Name   string        `yaml:"name" json:"name"`
	Match  string        `yaml:"match" json:"match"`   // of the original request's path; "" is every path
	Closed bool          `yaml:"closed" json:"closed"` // while nothing is known yet, refuse rather than let pass
	Limit  time.Duration `yaml:"limit" json:"limit"`   // for an answer; default 50 ms
	Bytes  int64         `yaml:"bytes" json:"bytes"`   // of a request that are read; default 1 MiB
}

// Gateway holds the handlers. Decide is needed, the rest may be nil.
type Gateway struct {
	Decide func(r *guard.Request, now time.Time) guard.Answer
	// Read turns a canonical line into a trace, and Observe an exchange; both are
	// false when there is no room before the deadline, or nothing to read.
	Read    func(line []byte, by time.Time, use func(*exchange.Trace)) bool
	Observe func(x *exchange.Exchange, by time.Time, use func(*exchange.Trace)) bool
	Ready   func() bool // false while there is nothing to decide from
	Routes  func() []Route
	Record  func(r *guard.Request, a *guard.Answer, spent time.Duration) // must not wait
	Orders  func(serial uint64) Feed
	Account string // header that names the account; default X-Iolaus-Account

	delayed atomic.Int64
	feeds   feeds
}

// Handle enters the handlers that ask for decisions.
func (g *Gateway) Handle(mux func(pattern string, h http.HandlerFunc)) {
	if g.Account == "" {
		g.Account = "X-Iolaus-Account"
	}
	mux("/v1/decide", g.decide)
	mux("/authz", g.authz)
	mux("/authz/", g.authz)
	mux("/beta/litellm_basic_guardrail_api", g.litellm)
	mux("/v1/decisions", g.decisions)
	mux("/v1/decisions/stream", g.decisionStream)
}

// route is the one that holds for a path: the longest match.
func (g *Gateway) route(path string) Route {
	best := Route{Limit: 50 * time.Millisecond, Bytes: 1 << 20}
	found := -1
	if g.Routes == nil {
		return best
	}
	for _, r := range g.Routes() {
		if strings.HasPrefix(path, r.Match) && len(r.Match) > found {
			best, found = r, len(r.Match)
		}
	}
	if best.Limit <= 0 {
		best.Limit = 50 * time.Millisecond
	}
	if best.Bytes <= 0 {
		best.Bytes = 1 << 20
	}
	return best
}

// ask decides and records. refused is true when nothing is known and the route
// is closed.
func (g *Gateway) ask(q *guard.Request, r *Route, began time.Time) (a guard.Answer, refused bool) {
	if g.Ready != nil && !g.Ready() && r.Closed {
		return a, true
	}
	a = g.Decide(q, began)
	if g.Record != nil {
		g.Record(q, &a, time.Since(began))
	}
	return a, false
}

// maxDelayed is how many requests are kept waiting at once by measure slow;
// beyond it they pass: a measure must not become our own overload.
const maxDelayed = 8192

// delay keeps a request waiting as measure slow says, until its client leaves.
func (g *Gateway) delay(req *http.Request, a *guard.Answer) {
	if a.Measure != guard.Slow || a.Shadow || a.Delay <= 0 {
		return
	}
	if g.delayed.Add(1) <= maxDelayed {
		t := time.NewTimer(a.Delay)
		select {
		case <-t.C:
		case <-req.Context().Done():
			t.Stop()
		}
	}
	g.delayed.Add(-1)
}

// authz answers nginx's auth_request, Traefik's ForwardAuth and APISIX's
// forward-auth: 200 lets pass, 403 with X-Iolaus-Measure refuses. The account
// comes in a header. A 403 without that header is not ours: the gateway itself
// may not ask.
func (g *Gateway) authz(w http.ResponseWriter, req *http.Request) {
	began := time.Now()
	h := req.Header
	route := g.route(first(h.Get("X-Original-URI"), h.Get("X-Forwarded-Uri"), h.Get("X-Forwarded-URI"), strings.TrimPrefix(req.URL.Path, "/authz")))
	q := guard.Request{Account: first(h.Get(g.Account), req.URL.Query().Get("account")), Org: h.Get("X-Iolaus-Org")}
	a, refused := g.ask(&q, &route, began)
	out := w.Header()
	if refused {
		out["X-Iolaus-Measure"] = []string{guard.Block.String()}
		out["X-Iolaus-Reason"] = []string{"not ready; the route is closed"}
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if a.Measure != guard.None {
		out["X-Iolaus-Measure"] = []string{a.Measure.String()}
		out["X-Iolaus-Shadow"] = []string{strconv.FormatBool(a.Shadow)}
		out["X-Iolaus-Campaign"] = []string{a.Campaign}
		out["X-Iolaus-Order"] = []string{a.ID}
	}
	switch {
	case !a.Acts():
	case a.Measure == guard.Slow:
		g.delay(req, &a)
	case a.Measure == guard.Withhold: // the gateway reads the header
	default:
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// decide answers {"account":...,"org":...,"route":...,"exchange":{...}} with the
// measure and its reason. exchange is a canonical line of the request, without
// its answer; GET with ?account= asks for the account alone.
func (g *Gateway) decide(w http.ResponseWriter, req *http.Request) {
	began := time.Now()
	var q guard.Request
	path := ""
	var line []byte
	switch req.Method {
	case http.MethodGet:
		v := req.URL.Query()
		q.Account, q.Org, path = v.Get("account"), v.Get("org"), v.Get("route")
	case http.MethodPost:
		body, ok := g.body(w, req)
		if !ok {
			return
		}
		if !parseAsk(body, &q, &path, &line) {
			fault(w, http.StatusBadRequest, `send {"account":"...","org":"...","route":"/v1/chat","exchange":{...}}`)
			return
		}
	default:
		fault(w, http.StatusMethodNotAllowed, "use GET or POST")
		return
	}
	route := g.route(path)
	by := began.Add(route.Limit * 3 / 4)
	a, refused := guard.Answer{}, false
	if line == nil || g.Read == nil || !g.Read(line, by, func(t *exchange.Trace) {
		if q.Account == "" {
			q.Account = t.Account
		}
		q.Org, q.Seen = first(q.Org, t.Org), t.Seen()
		a, refused = g.ask(&q, &route, began)
	}) {
		a, refused = g.ask(&q, &route, began)
	}
	w.Header()["Content-Type"] = jsonType
	if refused {
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, `{"measure":"block","act":true,"reason":"not ready; the route is closed"}`+"\n")
		return
	}
	if a.Measure == guard.None {
		if a.Allowed {
			io.WriteString(w, `{"measure":"none","act":false,"allowed":true}`+"\n")
		} else {
			io.WriteString(w, `{"measure":"none","act":false}`+"\n")
		}
		return
	}
	w.Write(appendAnswer(nil, &a))
}

var jsonType = []string{"application/json"}

// body reads a request within the largest limit of any route.
func (g *Gateway) body(w http.ResponseWriter, req *http.Request) ([]byte, bool) {
	limit := int64(1 << 20)
	if g.Routes != nil {
		for _, r := range g.Routes() {
			limit = max(limit, r.Bytes)
		}
	}
	n := req.ContentLength
	if n > limit {
		fault(w, http.StatusRequestEntityTooLarge, "send at most "+strconv.FormatInt(limit, 10)+" bytes, or the account alone")
		return nil, false
	}
	if n >= 0 {
		b := make([]byte, n)
		if _, err := io.ReadFull(req.Body, b); err != nil {
			return nil, false
		}
		return b, true
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, req.Body, limit))
	if err != nil {
		fault(w, http.StatusRequestEntityTooLarge, "send at most "+strconv.FormatInt(limit, 10)+" bytes, or the account alone")
		return nil, false
	}
	return b, true
}

func fault(w http.ResponseWriter, code int, remedy string) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(code)
	b := append(strconv.AppendQuote([]byte(`{"error":`), remedy), '}', '\n')
	w.Write(b)
}
