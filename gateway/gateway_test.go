package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/gateway"
	"iolaus/guard"
)

// orders are what the tests' guard has in force.
func orders() map[string]*guard.Order {
	end := time.Now().Add(time.Hour).Unix()
	out := map[string]*guard.Order{}
	for m := guard.Observe; m < guard.Measures; m++ {
		out[m.String()] = &guard.Order{ID: "m-" + m.String(), Measure: m, Campaign: "c-1", Reason: `it "fits"`, Lift: "ana", Until: end, Delay: time.Millisecond}
	}
	out["shadowed"] = &guard.Order{ID: "m-s", Measure: guard.Block, Shadow: true, Campaign: "c-1", Until: end}
	return out
}

func serve(t *testing.T, change func(*gateway.Gateway)) *httptest.Server {
	t.Helper()
	g := &guard.Guard{}
	prints := guard.NewPrints([]guard.Print{{Campaign: "c-1", Least: 5, Order: guard.Order{Measure: guard.Verify, Campaign: "c-1", Until: 60},
		Traits: []guard.Trait{{Observable: 1 << 56, Nats: 4}, {Observable: exchange.NewObservable(exchange.Phrase, 2), Nats: 4}}}},
		[exchange.Families]float32{9, 9, 9, 9, 9, 9})
	g.Publish(&guard.Snapshot{Version: 1, Orders: orders(), Allow: map[string]string{"friend": "a test"}, Prints: prints})
	gw := &gateway.Gateway{Decide: g.Decide, Orders: func(uint64) gateway.Feed { return gateway.Feed{Made: orders(), Next: 7} }}
	if change != nil {
		change(gw)
	}
	mux := http.NewServeMux()
	gw.Handle(func(p string, h http.HandlerFunc) { mux.HandleFunc(p, h) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func post(t *testing.T, url, body string) (int, map[string]any) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	out := map[string]any{}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return resp.StatusCode, out
}

func TestDecide(t *testing.T) {
	s := serve(t, nil)
	for _, c := range []struct {
		ask     string
		measure string
		act     bool
	}{
		{`{"account":"nobody"}`, "none", false},
		{`{"account":"friend"}`, "none", false},
		{`{"account":"block"}`, "block", true},
		{`{"account":"label"}`, "label", false},
		{`{"account":"shadowed"}`, "block", false},
		{`{"account":"hold","org":"o","route":"/v1"}`, "hold", true},
		{`{ "account" : "verify" }`, "verify", true},
		{`{"account":"\u0062lock"}`, "block", true},
	} {
		code, a := post(t, s.URL+"/v1/decide", c.ask)
		if code != 200 || a["measure"] != c.measure || a["act"] != c.act {
			t.Errorf("%s: %d %v, want %s %v", c.ask, code, a, c.measure, c.act)
		}
	}
	for _, bad := range []string{``, `[]`, `{"account":`, strings.Repeat(`[`, 100000)} {
		if code, _ := post(t, s.URL+"/v1/decide", bad); code != 400 {
			t.Errorf("%.20q: %d, not 400", bad, code)
		}
	}
	if code, _ := post(t, s.URL+"/v1/decide", `{"account":"`+strings.Repeat("x", 2<<20)+`"}`); code != 413 {
		t.Errorf("two mebibytes: %d, not 413", code)
	}
}

// TestDecideReads: what a request carries decides, and no more than the limit is
// waited for it.
func TestDecideReads(t *testing.T) {
	s := serve(t, func(g *gateway.Gateway) {
		g.Routes = func() []gateway.Route { return []gateway.Route{{Match: "/slow", Limit: 20 * time.Millisecond}} }
		g.Read = func(line []byte, by time.Time, use func(*exchange.Trace)) bool {
			if strings.Contains(string(line), "slow") {
				wait := time.Until(by)
				if wait > 20*time.Millisecond {
					t.Errorf("a reading is given %v", wait)
				}
				<-time.After(wait)
				return false
			}
			tr := exchange.Trace{Account: "new"}
			tr.Leave(1 << 56)
			tr.Leave(exchange.NewObservable(exchange.Phrase, 2))
			use(&tr)
			return true
		}
	})
	if _, a := post(t, s.URL+"/v1/decide", `{"exchange":{"account":"new"}}`); a["measure"] != "verify" || a["recognised"] != true {
		t.Errorf("not recognised by what it carries: %v", a)
	}
	if _, a := post(t, s.URL+"/v1/decide", `{"account":"block","route":"/slow","exchange":{"account":"slow"}}`); a["measure"] != "block" {
		t.Errorf("a slow reading lost the answer: %v", a)
	}
}

func TestAuthz(t *testing.T) {
	s := serve(t, nil)
	for account, want := range map[string]int{"": 200, "nobody": 200, "observe": 200, "label": 200, "slow": 200, "withhold": 200, "verify": 403, "hold": 403, "block": 403, "shadowed": 200, "friend": 200} {
		req, _ := http.NewRequest("GET", s.URL+"/authz", nil)
		req.Header.Set("X-Iolaus-Account", account)
		req.Header.Set("X-Forwarded-Uri", "/v1/chat")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q: %d, want %d", account, resp.StatusCode, want)
		}
		if account == "withhold" && resp.Header.Get("X-Iolaus-Measure") != "withhold" {
			t.Error("withhold is not told")
		}
	}
}

// TestNotReady: before anything is known, a closed route refuses and others let pass.
func TestNotReady(t *testing.T) {
	s := serve(t, func(g *gateway.Gateway) {
		g.Ready = func() bool { return false }
		g.Routes = func() []gateway.Route { return []gateway.Route{{Match: "/closed", Closed: true}} }
	})
	for uri, want := range map[string]int{"/open": 200, "/closed/x": 403} {
		req, _ := http.NewRequest("GET", s.URL+"/authz", nil)
		req.Header.Set("X-Original-URI", uri)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if measure := resp.Header.Get("X-Iolaus-Measure"); resp.StatusCode != want || (want == 403) != (measure == "block") {
			t.Errorf("%s: %d, measure %q, want %d", uri, resp.StatusCode, measure, want)
		}
	}
	for route, want := range map[string]int{"/open": 200, "/closed/x": 503} {
		if code, _ := post(t, s.URL+"/v1/decide", `{"account":"nobody","route":"`+route+`"}`); code != want {
			t.Errorf("%s: %d, want %d", route, code, want)
		}
	}
}

// TestLiteLLM sends what LiteLLM's generic guardrail sends, as its source and
// documentation have it.
func TestLiteLLM(t *testing.T) {
	var got exchange.Exchange
	s := serve(t, func(g *gateway.Gateway) {
		g.Observe = func(x *exchange.Exchange, by time.Time, use func(*exchange.Trace)) bool {
			got = *x
			use(&exchange.Trace{})
			return true
		}
	})
	const ask = `{"input_type":"request","litellm_call_id":"call-1","litellm_trace_id":"t-1","texts":["Grade this answer"],"images":null,
"structured_messages":[{"role":"system","content":"You are a grader"},{"role":"user","content":[{"type":"text","text":"Grade this answer"}]}],
"tools":[{"type":"function","function":{"name":"bash","parameters":{"type":"object"}}}],
"request_data":{"user_api_key_hash":"h","user_api_key_alias":null,"user_api_key_user_id":"USER","user_api_key_user_email":null,"user_api_key_team_id":"team",
"user_api_key_team_alias":null,"user_api_key_end_user_id":"end","user_api_key_org_id":"org"},
"additional_provider_specific_params":{},"request_headers":{"user-agent":"openai-python/2.1"},"litellm_version":"1.80.0"}`
	for user, want := range map[string]string{"nobody": "NONE", "block": "BLOCKED", "hold": "BLOCKED", "verify": "BLOCKED", "label": "NONE", "shadowed": "NONE", "slow": "NONE"} {
		code, a := post(t, s.URL+"/beta/litellm_basic_guardrail_api", strings.Replace(ask, "USER", user, 1))
		if code != 200 || a["action"] != want || want == "BLOCKED" && a["blocked_reason"] == nil {
			t.Errorf("%s: %d %v, want %s", user, code, a, want)
		}
	}
	if got.System != "You are a grader" || got.Newest() != "Grade this answer" || got.UserAgent != "openai-python/2.1" || got.SubAccount != "end" || got.Org != "org" || len(got.Tools) != 1 {
		t.Errorf("the request was read as %+v", got)
	}
}

// TestLiteLLMVersions: what older and newer versions send is answered, with or
// without the optional fields, with fields nobody here knows, and of other types;
// the answer has the documented fields and no other.
func TestLiteLLMVersions(t *testing.T) {
	s := serve(t, nil)
	const (
		who  = `"request_data":{"user_api_key_hash":"h","user_api_key_user_id":"block"}`
		rest = `"texts":["t"],"input_type":"request","additional_provider_specific_params":{}`
	)
	for _, body := range []string{
		`{` + who + `,` + rest + `}`,
		`{` + who + `,"input_type":"request","litellm_call_id":null,"litellm_trace_id":null,"structured_messages":null,"images":null,"tools":null,"texts":null,"additional_provider_specific_params":null}`,
		`{` + who + `,"images":["aGVsbG8="],"litellm_call_id":"c","litellm_trace_id":"t",` + rest + `}`,
		`{` + who + `,"structured_messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"}],` + rest + `}`,
		`{` + who + `,"input_type":"response","texts":["an answer"]}`,
		`{` + who + `,"litellm_version":"9.0.0","a_field_of_tomorrow":{"x":[1]},"model":"m",` + rest + `}`,
		`{` + who + `,"request_headers":{"user-agent":["a"],"x":null},"tools":[{"type":"web_search"},"f"],` + rest + `}`,
		`{"request_data":{"user_api_key_hash":"block","user_api_key_user_id":null,"user_api_key_end_user_id":7},` + rest + `}`,
	} {
		code, a := post(t, s.URL+"/beta/litellm_basic_guardrail_api", body)
		if code != 200 || a["action"] != "BLOCKED" {
			t.Errorf("%s: %d %v, want BLOCKED", body, code, a)
		}
		if reason, _ := a["blocked_reason"].(string); len(a) != 2 || reason == "" {
			t.Errorf("%s: the answer is %v, want action and blocked_reason", body, a)
		}
	}
	if code, a := post(t, s.URL+"/beta/litellm_basic_guardrail_api", `{"request_data":{},`+rest+`}`); code != 200 || len(a) != 1 || a["action"] != "NONE" {
		t.Errorf("nobody: %d %v, want NONE alone", code, a)
	}
	for _, bad := range []string{``, `[]`, `"x"`, `{"texts":`} {
		if code, _ := post(t, s.URL+"/beta/litellm_basic_guardrail_api", bad); code != 400 {
			t.Errorf("%q: %d, want 400", bad, code)
		}
	}
}

// TestFeed: the shape of CrowdSec's LAPI; shadow is not in it.
func TestFeed(t *testing.T) {
	s := serve(t, nil)
	resp, err := http.Get(s.URL + "/v1/decisions/stream?startup=true")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var f struct {
		New []struct {
			ID                                             int64
			Origin, Type, Scope, Value, Duration, Scenario string
		}
		Deleted []any
	}
	if err := json.NewDecoder(resp.Body).Decode(&f); err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for _, d := range f.New {
		types[d.Value] = d.Type
		if left, err := time.ParseDuration(d.Duration); err != nil || left <= 0 || left > time.Hour || d.Scope != "account" || d.Origin != "iolaus" || d.ID == 0 {
			t.Errorf("%+v", d)
		}
	}
	want := map[string]string{"block": "ban", "verify": "captcha", "hold": "captcha", "slow": "throttle", "withhold": "withhold"}
	if len(types) != len(want) {
		t.Errorf("%v, want %v", types, want)
	}
	for v, k := range want {
		if types[v] != k {
			t.Errorf("%s is %q, want %q", v, types[v], k)
		}
	}
}
