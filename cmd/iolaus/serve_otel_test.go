package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	logs "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	traces "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"iolaus/app"
	"iolaus/exchange"
	"iolaus/ledger/journal"
	"iolaus/observe"
	"iolaus/sketch"
)

// A told is one inference as a program tells it to its OpenTelemetry SDK.
type told struct {
	name   string
	failed bool
	event  string // name of a log event instead of a span
	attrs  map[string]any
}

// inferences are a span of today's GenAI conventions, one of the older names, one
// that failed, one that is no inference, and an event of today's conventions.
func inferences() []told {
	messages := `[{"role":"user","parts":[{"type":"text","content":"Rank these two answers by rigour, step by step."}]}]`
	return []told{
		{name: "chat cedar-3", attrs: map[string]any{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "cedar-3",
			"gen_ai.usage.input_tokens": 812, "gen_ai.usage.output_tokens": 95, "gen_ai.request.temperature": 0.2, "gen_ai.request.stop_sequences": []string{"END"},
			"gen_ai.request.stream": true, "user.id": "acct-1", "client.address": "203.0.113.7", "user_agent.original": "openai-python/2.1",
			"gen_ai.system_instructions": `[{"type":"text","content":"You are a grader."}]`, "gen_ai.input.messages": messages}},
		{name: "openai.chat", attrs: map[string]any{"gen_ai.system": "OpenAI", "llm.request.type": "chat", "gen_ai.request.model": "cedar-3-mini",
			"gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "You are a grader.", "gen_ai.prompt.1.role": "user",
			"gen_ai.prompt.1.content": "Rank these two answers by rigour, step by step.", "gen_ai.usage.prompt_tokens": 30, "gen_ai.usage.completion_tokens": 4,
			"user.id": "acct-2", "client.address": "203.0.113.8"}},
		{name: "chat cedar-3", failed: true, attrs: map[string]any{"gen_ai.operation.name": "chat", "gen_ai.request.model": "cedar-3", "error.type": "429",
			"user.id": "acct-3", "gen_ai.input.messages": messages}},
		{name: "GET /weather", attrs: map[string]any{"http.request.method": "GET"}},
		{event: "gen_ai.client.inference.operation.details", attrs: map[string]any{"gen_ai.operation.name": "chat", "gen_ai.request.model": "cedar-3",
			"user.id": "acct-4", "gen_ai.input.messages": messages, "gen_ai.usage.input_tokens": 7}},
	}
}

// ids are those that the SDK gives in this test: counted, so that the file can
// have the same.
type ids struct{ next uint64 }

func (g *ids) NewIDs(context.Context) (t trace.TraceID, s trace.SpanID) {
	g.next++
	binary.BigEndian.PutUint64(t[8:], g.next)
	binary.BigEndian.PutUint64(s[:], g.next)
	return t, s
}

func (g *ids) NewSpanID(ctx context.Context, _ trace.TraceID) trace.SpanID {
	_, s := g.NewIDs(ctx)
	return s
}

// bySDK sends inferences with OpenTelemetry's SDK, one a second from began.
func bySDK(t *testing.T, addr string, began time.Time, what []told) {
	t.Helper()
	ctx := t.Context()
	spanOut, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpoint(addr), otlptracehttp.WithInsecure(), otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
	if err != nil {
		t.Fatal(err)
	}
	logOut, err := otlploghttp.New(ctx, otlploghttp.WithEndpoint(addr), otlploghttp.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	from := resource.NewSchemaless(attribute.String("service.name", "gw"), attribute.String("organization.id", "org-1"))
	spans := traces.NewTracerProvider(traces.WithBatcher(spanOut), traces.WithIDGenerator(&ids{}), traces.WithResource(from))
	events := logs.NewLoggerProvider(logs.WithProcessor(logs.NewBatchProcessor(logOut)), logs.WithResource(from))
	for i, x := range what {
		at := began.Add(time.Duration(i) * time.Second)
		in, span := spans.Tracer("gateway").Start(ctx, x.name, trace.WithTimestamp(at), trace.WithSpanKind(trace.SpanKindClient))
		for _, k := range slices.Sorted(maps.Keys(x.attrs)) {
			if x.event == "" {
				span.SetAttributes(asAttribute(k, x.attrs[k]))
			}
		}
		if x.event != "" {
			var r log.Record
			r.SetTimestamp(at)
			r.SetEventName(x.event)
			for _, k := range slices.Sorted(maps.Keys(x.attrs)) {
				r.AddAttributes(asAttribute(k, x.attrs[k]))
			}
			events.Logger("gateway").Emit(in, r)
		}
		if x.failed {
			span.SetStatus(codes.Error, "too many requests")
		}
		span.End(trace.WithTimestamp(at.Add(500 * time.Millisecond)))
	}
	if err := spans.Shutdown(ctx); err != nil {
		t.Fatalf("the SDK could not send its spans: %v", err)
	}
	if err := events.Shutdown(ctx); err != nil {
		t.Fatalf("the SDK could not send its events: %v", err)
	}
}

func asAttribute(k string, v any) attribute.KeyValue {
	switch v := v.(type) {
	case int:
		return attribute.Int(k, v)
	case float64:
		return attribute.Float64(k, v)
	case bool:
		return attribute.Bool(k, v)
	case []string:
		return attribute.StringSlice(k, v)
	}
	return attribute.String(k, v.(string))
}

// inFile is the same as the collector's file exporter writes it: OTLP/JSON lines.
func inFile(t *testing.T, began time.Time, what []told) string {
	t.Helper()
	type object = map[string]any
	from := object{"attributes": []object{attributeJSON("service.name", "gw"), attributeJSON("organization.id", "org-1")}}
	var lines strings.Builder
	for i, x := range what {
		at := began.Add(time.Duration(i) * time.Second)
		nano := func(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }
		var id [16]byte
		binary.BigEndian.PutUint64(id[8:], uint64(i+1))
		list := []object{}
		for _, k := range slices.Sorted(maps.Keys(x.attrs)) {
			list = append(list, attributeJSON(k, x.attrs[k]))
		}
		record := object{"traceId": hex.EncodeToString(id[:]), "spanId": hex.EncodeToString(id[8:]), "attributes": list}
		line := object{}
		if x.event != "" {
			record["timeUnixNano"], record["eventName"] = nano(at), x.event
			line["resourceLogs"] = []object{{"resource": from, "scopeLogs": []object{{"logRecords": []object{record}}}}}
		} else {
			record["name"], record["kind"], record["startTimeUnixNano"], record["endTimeUnixNano"] = x.name, 3, nano(at), nano(at.Add(500*time.Millisecond))
			if x.failed {
				record["status"] = object{"code": 2, "message": "too many requests"}
			}
			line["resourceSpans"] = []object{{"resource": from, "scopeSpans": []object{{"spans": []object{record}}}}}
		}
		b, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
	}
	return lines.String()
}

func attributeJSON(k string, v any) map[string]any {
	value := map[string]any{}
	switch v := v.(type) {
	case int:
		value["intValue"] = strconv.Itoa(v)
	case float64:
		value["doubleValue"] = v
	case bool:
		value["boolValue"] = v
	case []string:
		var each []any
		for _, s := range v {
			each = append(each, map[string]any{"stringValue": s})
		}
		value["arrayValue"] = map[string]any{"values": each}
	default:
		value["stringValue"] = v
	}
	return map[string]any{"key": k, "value": value}
}

// remembered is what serve's journal holds, by account.
func remembered(t *testing.T, dir string) map[string]exchange.Trace {
	t.Helper()
	key, err := app.Key(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(key[:])
	out := map[string]exchange.Trace{}
	_, err = journal.Replay(filepath.Join(dir, app.TracesDir), journal.Identity{Key: hex.EncodeToString(sum[:8]), Signals: observe.Version}, func(_ uint64, x *exchange.Trace) error {
		if _, twice := out[x.Account]; twice {
			return fmt.Errorf("%s is there twice", x.Account)
		}
		out[x.Account] = *x
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestServeOTelSDK: what OpenTelemetry's own SDK sends to serve is remembered
// exactly as the same spans and events in a file are.
func TestServeOTelSDK(t *testing.T) {
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	run := func(send func(r *running)) map[string]exchange.Trace {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "key"), strings.Repeat("5a", len(sketch.Key{}))+"\n")
		r := start(t, "--listen", "127.0.0.1:0", "--data", dir)
		r.ready(t)
		send(r)
		r.send(t, http.MethodPost, "/v1/flush", "")
		r.stop(t)
		return remembered(t, dir)
	}
	sent := run(func(r *running) { bySDK(t, r.addr, began, inferences()) })
	filed := run(func(r *running) { r.send(t, http.MethodPost, "/v1/exchanges", inFile(t, began, inferences())) })
	if len(filed) != 4 {
		t.Errorf("%d exchanges of the file, want 4", len(filed))
	}
	for account, want := range filed {
		got, ok := sent[account]
		if !ok || got != want {
			t.Errorf("%s: the SDK's is\n%+v, the file's is\n%+v", account, got, want)
		}
	}
	if len(sent) != len(filed) {
		t.Errorf("%d exchanges of the SDK, %d of the file", len(sent), len(filed))
	}
}
