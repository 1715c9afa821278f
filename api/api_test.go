package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/common/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"iolaus/api"
	"iolaus/exchange"
)

// kept is what a test's server stored.
type kept struct {
	mu       sync.Mutex
	traces   []exchange.Trace
	accounts []exchange.Account
	refuse   error
	why      string
}

func (k *kept) store(_ context.Context, ts []exchange.Trace) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refuse != nil {
		return k.refuse
	}
	k.traces = append(k.traces, ts...)
	return nil
}

func serve(t testing.TB, limits api.Limits) (*kept, string) {
	t.Helper()
	k := &kept{}
	s := &api.Server{Limits: limits, Store: k.store, Seen: func([]exchange.Trace) {}, Full: func() string { return k.why },
		Observer: func() func(*exchange.Exchange, *exchange.Trace) {
			return func(x *exchange.Exchange, t *exchange.Trace) {
				t.ID, t.Time, t.Account = uint64(len(x.ID)), x.Time, strings.Clone(x.Account)
				t.Model = strings.Clone(x.Model + "|" + x.ID + "|" + x.Newest())
			}
		},
		Register: func(as []exchange.Account) error { k.accounts = append(k.accounts, as...); return nil },
		Judge:    func(a *exchange.Account) any { return map[string]string{"account": a.ID} }}
	if err := s.Start(2); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/exchanges", s.Exchanges)
	mux.HandleFunc("/v1/traces", s.OTLPTraces)
	mux.HandleFunc("/v1/logs", s.OTLPLogs)
	mux.HandleFunc("/v1/accounts", s.Accounts)
	mux.HandleFunc("/v1/signup", s.SignUp)
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return k, web.URL
}

func send(t testing.TB, method, url string, body io.Reader, head ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp, string(b)
}

func line(id string) string {
	return fmt.Sprintf(`{"id":%q,"time":"2026-08-05T00:00:00Z","account":"a","model":"m"}`, id)
}

// TestLines: each line gets its own answer, and a bad one harms no other.
func TestLines(t *testing.T) {
	k, url := serve(t, api.Limits{Line: 4096})
	body := strings.Join([]string{line("1"), "", "poison", `{"id":"2","account":"a"}`, line("3"),
		`{"id":"4","time":"2999-01-01T00:00:00Z","account":"a"}`, `{"id":"5","time":"2026-08-05T00:00:00Z"}`,
		`{"id":"6","time":"2026-08-05T00:00:00Z","account":"a","x":"` + strings.Repeat("y", 8192) + `"}`,
		`{"id":"7","time":"2098-08-05T00:00:00Z","account":"a"}`,
		`{"id":"8","time":"2026-08-05T00:00:00Z","account":"a","turns":` + strings.Repeat("[", 2000) + `}`, line("9")}, "\n")
	resp, text := send(t, "POST", url+"/v1/exchanges", strings.NewReader(body))
	if resp.StatusCode != 200 || len(k.traces) != 3 {
		t.Fatalf("%d %s; %d stored", resp.StatusCode, text, len(k.traces))
	}
	got := map[int]string{}
	for l := range strings.Lines(text) {
		var a struct {
			Line                   int
			Status, Reason, Remedy string
		}
		if err := json.Unmarshal([]byte(l), &a); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		got[a.Line] = a.Status + a.Reason
		if a.Status == "refused" && a.Remedy == "" {
			t.Errorf("no remedy: %s", l)
		}
	}
	want := map[int]string{1: "stored", 2: "empty", 3: "refusednot-json", 4: "refusedno-time", 5: "stored", 6: "refusedbad-time", 7: "refusedno-account",
		8: "refusedtoo-long", 9: "refusedahead", 10: "refusednot-json", 11: "stored"}
	for n, w := range want {
		if got[n] != w {
			t.Errorf("line %d: %q, want %q", n, got[n], w)
		}
	}
}

// TestBusy: what cannot be stored now is refused with a time to try again.
func TestBusy(t *testing.T) {
	k, url := serve(t, api.Limits{})
	for _, c := range []struct {
		err  error
		why  string
		code int
	}{{fmt.Errorf("x: %w", api.ErrBusy), "", 429}, {io.ErrClosedPipe, "", 503}, {nil, "memory is at its bound", 429}} {
		k.refuse, k.why = c.err, c.why
		resp, text := send(t, "POST", url+"/v1/exchanges", strings.NewReader(line("1")))
		if resp.StatusCode != c.code || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%v: %d %s", c, resp.StatusCode, text)
		}
	}
}

// bomb is n zero bytes, packed.
func bomb(n int) *bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= len(zeros) {
		z.Write(zeros)
	}
	z.Close()
	return &b
}

// TestBombs: no request, however made, takes more than a bounded amount of memory.
func TestBombs(t *testing.T) {
	_, url := serve(t, api.Limits{Plain: 64 << 20, Packed: 1 << 20, Line: 1 << 20})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	for name, b := range map[string]io.Reader{
		"zeros":           bomb(200 << 20),
		"packed too much": bytes.NewReader(make([]byte, 2<<20)),
	} {
		head := []string{"Content-Encoding", "gzip"}
		if name != "zeros" {
			head = nil
		}
		resp, text := send(t, "POST", url+"/v1/exchanges", b, head...)
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %.200s", name, resp.StatusCode, text)
		}
		runtime.ReadMemStats(&after)
		peak = max(peak, after.HeapSys-min(before.HeapSys, after.HeapSys))
	}
	if resp, text := send(t, "POST", url+"/v1/exchanges", strings.NewReader(line("1"))); resp.StatusCode != 200 || !strings.Contains(text, "stored") {
		t.Errorf("after the bombs: %d %s", resp.StatusCode, text)
	}
	if peak > 64<<20 {
		t.Errorf("the heap grew by %d MiB", peak>>20)
	}
	if resp, _ := send(t, "POST", url+"/v1/exchanges", strings.NewReader("x"), "Content-Encoding", "br"); resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("an unknown coding: %d", resp.StatusCode)
	}
}

func attribute(k, v string) *collector.KeyValue {
	return &collector.KeyValue{Key: k, Value: &collector.AnyValue{Value: &collector.AnyValue_StringValue{StringValue: v}}}
}

// spans is what an OpenTelemetry SDK exports for one GenAI call and other work.
func spans() *otlp.TracesData {
	span := func(id byte, attrs ...*collector.KeyValue) *otlp.Span {
		return &otlp.Span{TraceId: bytes.Repeat([]byte{0xab}, 16), SpanId: bytes.Repeat([]byte{id}, 8), Name: "chat m",
			StartTimeUnixNano: uint64(time.Date(2026, 8, 5, 0, 0, 0, 0, time.UTC).UnixNano()), Attributes: attrs}
	}
	return &otlp.TracesData{ResourceSpans: []*otlp.ResourceSpans{{Resource: &resource.Resource{Attributes: []*collector.KeyValue{attribute("service.name", "gw")}},
		ScopeSpans: []*otlp.ScopeSpans{{Spans: []*otlp.Span{
			span(1, attribute("gen_ai.operation.name", "chat"), attribute("gen_ai.request.model", "m"), attribute("user.id", "acct-7"),
				attribute("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"hello"}]}]`)),
			span(2, attribute("db.system", "postgresql")),
			span(3, attribute("gen_ai.operation.name", "chat"), attribute("gen_ai.request.model", "m")),
		}}}}}}
}

// TestOTLP: protobuf and JSON of the same spans are the same exchanges; spans of
// other work are taken and not used, one without an account is refused.
func TestOTLP(t *testing.T) {
	k, url := serve(t, api.Limits{})
	b, err := proto.Marshal(spans())
	if err != nil {
		t.Fatal(err)
	}
	resp, text := send(t, "POST", url+"/v1/traces", bytes.NewReader(b), "Content-Type", "application/x-protobuf")
	if resp.StatusCode != 200 || !strings.Contains(text, "no-account") {
		t.Fatalf("%d %q", resp.StatusCode, text)
	}
	const want = "m|abababababababababababababababab/0101010101010101|hello"
	if len(k.traces) != 1 || k.traces[0].Account != "acct-7" || k.traces[0].Model != want {
		t.Fatalf("%+v", k.traces)
	}
	const asJSON = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"abababababababababababababababab","spanId":"0101010101010101","name":"chat m",
"startTimeUnixNano":"1785888000000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"m"}},
{"key":"user.id","value":{"stringValue":"acct-7"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hello\"}]}]"}}]}]}]}]}`
	resp, text = send(t, "POST", url+"/v1/traces", strings.NewReader(asJSON), "Content-Type", "application/json")
	if resp.StatusCode != 200 || text != "{}" || len(k.traces) != 2 || k.traces[1].Model != want {
		t.Errorf("%d %q %+v", resp.StatusCode, text, k.traces)
	}
	for kind, body := range map[string]string{"application/x-protobuf": "\xff\xff", "text/plain": "x"} {
		if resp, _ := send(t, "POST", url+"/v1/traces", strings.NewReader(body), "Content-Type", kind); resp.StatusCode/100 != 4 {
			t.Errorf("%s %q: %d", kind, body, resp.StatusCode)
		}
	}
}

func TestAccounts(t *testing.T) {
	k, url := serve(t, api.Limits{})
	resp, text := send(t, "PUT", url+"/v1/accounts", strings.NewReader("account_id,created_at,colour\na,2026-01-01T00:00:00Z,red\n,2026-01-01T00:00:00Z,\n"))
	if resp.StatusCode != 200 || len(k.accounts) != 1 || !strings.Contains(text, `"stored":1`) || !strings.Contains(text, "colour") {
		t.Errorf("%d %s %v", resp.StatusCode, text, k.accounts)
	}
	resp, text = send(t, "POST", url+"/v1/signup", strings.NewReader("{\n \"account_id\": \"b\",\n \"payment_fingerprint\": \"p\"}"))
	if resp.StatusCode != 200 || len(k.accounts) != 2 || k.accounts[1].Payment != "p" {
		t.Errorf("%d %s %v", resp.StatusCode, text, k.accounts)
	}
	for _, bad := range []string{"", "[]", "{}", `{"account_id":`} {
		if resp, _ := send(t, "POST", url+"/v1/signup", strings.NewReader(bad)); resp.StatusCode != 400 {
			t.Errorf("%q: %d", bad, resp.StatusCode)
		}
	}
}

func FuzzExchanges(f *testing.F) {
	_, url := serve(f, api.Limits{Line: 4096})
	f.Add([]byte(line("1") + "\n" + line("2")))
	f.Add([]byte(`{"resourceSpans":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		resp, text := send(t, "POST", url+"/v1/exchanges", bytes.NewReader(b))
		if resp.StatusCode != 200 {
			t.Fatalf("%d %s", resp.StatusCode, text)
		}
		for l := range strings.Lines(text) {
			if !json.Valid([]byte(l)) {
				t.Fatalf("the answer is no JSON: %s", l)
			}
		}
	})
}
