package source

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"iolaus/exchange"
)

// AppendOTel appends x as one line of OTLP/JSON: a span with the attribute names
// of the present GenAI conventions. What those have no name for is left out: the
// aliases of key and team, fall-backs, signatures of reasoning and truncation.
func AppendOTel(dst []byte, x *exchange.Exchange) []byte {
	e := beginSpan(dst, x)
	e.attr("gen_ai.provider.name", x.Provider)
	e.attr("gen_ai.operation.name", x.Operation)
	e.number("gen_ai.usage.input_tokens", x.Usage.Input)
	e.number("gen_ai.usage.output_tokens", x.Usage.Output)
	e.number("gen_ai.usage.cache_read.input_tokens", x.Usage.CacheRead)
	e.number("gen_ai.usage.cache_write.input_tokens", x.Usage.CacheWrite)
	e.number("gen_ai.usage.reasoning.output_tokens", x.Usage.Reasoning)
	e.number("gen_ai.request.choice.count", x.Params.N)
	if x.System != "" {
		e.attr("gen_ai.system_instructions", string(append(appendPart([]byte{'['}, "text", x.System), ']')))
	}
	if len(x.Turns) > 0 {
		b := []byte{'['}
		for i, t := range x.Turns {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendMessage(b, t.Role, t.Text, "", nil)
		}
		e.attr("gen_ai.input.messages", string(append(b, ']')))
	}
	if x.Output != "" || len(x.Calls) > 0 {
		e.attr("gen_ai.output.messages", string(append(appendMessage([]byte{'['}, "assistant", x.Output, x.Finish, x.Calls), ']')))
	}
	if len(x.Tools) > 0 {
		b := []byte{'['}
		for i, t := range x.Tools {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(append(b, `{"type":"function","name":`...), t.Name)
			b = append(appendJSON(append(b, `,"parameters":`...), t.Schema), '}')
		}
		e.attr("gen_ai.tool.definitions", string(append(b, ']')))
	}
	return e.end(x)
}

// AppendOTelOld appends x as AppendOTel does, with the names of before: the first
// GenAI conventions and Traceloop's numbered messages.
func AppendOTelOld(dst []byte, x *exchange.Exchange) []byte {
	e := beginSpan(dst, x)
	e.attr("gen_ai.system", x.Provider)
	e.attr("llm.request.type", x.Operation)
	e.number("gen_ai.usage.prompt_tokens", x.Usage.Input)
	e.number("gen_ai.usage.completion_tokens", x.Usage.Output)
	e.number("gen_ai.usage.cache_read_input_tokens", x.Usage.CacheRead)
	e.number("gen_ai.usage.cache_creation_input_tokens", x.Usage.CacheWrite)
	e.number("gen_ai.usage.reasoning_tokens", x.Usage.Reasoning)
	e.number("gen_ai.request.n", x.Params.N)
	n := 0
	message := func(role, s string) {
		at := "gen_ai.prompt." + strconv.Itoa(n)
		e.attr(at+".role", role)
		e.attr(at+".content", s)
		n++
	}
	if x.System != "" {
		message("system", x.System)
	}
	for _, t := range x.Turns {
		message(t.Role, t.Text)
	}
	if x.Output != "" || x.Finish != "" {
		e.attr("gen_ai.completion.0.role", "assistant")
		e.attr("gen_ai.completion.0.content", x.Output)
		e.attr("gen_ai.completion.0.finish_reason", x.Finish)
	}
	for i, c := range x.Calls {
		at := "gen_ai.completion.0.tool_calls." + strconv.Itoa(i)
		e.attr(at+".name", c.Name)
		e.attr(at+".arguments", c.Arguments)
	}
	for i, t := range x.Tools {
		at := "llm.request.functions." + strconv.Itoa(i)
		e.attr(at+".name", t.Name)
		e.attr(at+".parameters", t.Schema)
	}
	return e.end(x)
}

// A spanWriter writes one span.
type spanWriter struct{ encoder }

// beginSpan opens a line with what has the same name in all releases.
func beginSpan(dst []byte, x *exchange.Exchange) *spanWriter {
	e := &spanWriter{encoder{b: append(dst, `{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"scope":{"name":"iolaus"},"spans":[{`...)}}
	e.str("traceId", x.Session)
	e.str("spanId", x.ID)
	e.str("name", "chat")
	e.name("kind")
	e.b = append(e.b, '3')
	e.str("startTimeUnixNano", strconv.FormatInt(x.Time.UnixNano(), 10))
	if !x.End.IsZero() {
		e.str("endTimeUnixNano", strconv.FormatInt(x.End.UnixNano(), 10))
	}
	e.open("attributes", '[')
	e.value("gen_ai.request.model", "stringValue", appendString(nil, x.Model)) // marks an inference even when empty
	e.attr("gen_ai.response.model", x.Served)
	e.attr("gen_ai.response.id", x.ResponseID)
	e.attr("gen_ai.request.previous_response.id", x.PreviousResponse)
	e.attr("user.id", x.Account)
	e.attr("enduser.id", x.SubAccount)
	e.attr("api_key_id", x.Key)
	e.attr("organization.id", x.Org)
	e.attr("team.id", x.Team)
	if x.Address.IsValid() {
		e.attr("client.address", x.Address.String())
	}
	e.attr("user_agent.original", x.UserAgent)
	e.attr("tls.client.ja4", x.TLS)
	e.attr("server.address", x.Endpoint)
	e.attr("cloud.region", x.Region)
	e.settings(&x.Params)
	return e
}

// settings writes the request's parameters.
func (e *spanWriter) settings(p *exchange.Params) {
	e.double("gen_ai.request.temperature", p.Temperature)
	e.double("gen_ai.request.top_p", p.TopP)
	e.number("gen_ai.request.max_tokens", p.MaxTokens)
	if p.Seed != nil {
		e.value("gen_ai.request.seed", "intValue", strconv.AppendInt(nil, *p.Seed, 10))
	}
	if p.Stream {
		e.value("gen_ai.request.stream", "boolValue", []byte("true"))
	}
	if p.Logprobs {
		e.value("gen_ai.request.logprobs", "boolValue", []byte("true"))
	}
	e.attr("gen_ai.request.reasoning.level", p.Reasoning)
}

// end closes the attributes and the line.
func (e *spanWriter) end(x *exchange.Exchange) []byte {
	if x.Finish != "" {
		e.value("gen_ai.response.finish_reasons", "arrayValue",
			append(appendString([]byte(`{"values":[{"stringValue":`), x.Finish), `}]}`...))
	}
	e.number("http.response.status_code", x.ErrorCode)
	e.attr("error.type", x.Error)
	if x.Usage.Cost != 0 {
		e.double("gen_ai.usage.cost", &x.Usage.Cost)
	}
	e.b = append(e.b, ']')
	if x.Failed {
		e.b = append(e.b, `,"status":{"code":2}`...)
	}
	return append(e.b, "}]}]}]}\n"...)
}

func (e *spanWriter) value(k, kind string, raw []byte) {
	if last := e.b[len(e.b)-1]; last != '[' {
		e.b = append(e.b, ',')
	}
	e.b = appendString(append(e.b, `{"key":`...), k)
	e.b = append(append(append(e.b, `,"value":{"`...), kind...), `":`...)
	e.b = append(append(e.b, raw...), `}}`...)
}

func (e *spanWriter) attr(k, v string) {
	if v != "" {
		e.value(k, "stringValue", appendString(nil, v))
	}
}

func (e *spanWriter) number(k string, n int) {
	if n != 0 {
		e.value(k, "intValue", strconv.AppendQuote(nil, strconv.Itoa(n)))
	}
}

func (e *spanWriter) double(k string, v *float64) {
	if v != nil {
		e.value(k, "doubleValue", strconv.AppendFloat(nil, *v, 'g', -1, 64))
	}
}

// appendPart appends one part of a message.
func appendPart(b []byte, kind, s string) []byte {
	b = appendString(append(b, `{"type":`...), kind)
	field := `,"content":`
	if kind == "tool_call_response" {
		field = `,"response":`
	}
	return append(appendString(append(b, field...), s), '}')
}

// appendMessage appends one message with its parts.
func appendMessage(b []byte, role, s, finish string, calls []exchange.Call) []byte {
	b = append(appendString(append(b, `{"role":`...), role), `,"parts":[`...)
	if s != "" {
		kind := "text"
		if role == "tool" {
			kind = "tool_call_response"
		}
		b = appendPart(b, kind, s)
	}
	for i, c := range calls {
		if i > 0 || s != "" {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"type":"tool_call","name":`...), c.Name)
		b = append(appendJSON(append(b, `,"arguments":`...), c.Arguments), '}')
	}
	b = append(b, ']')
	if finish != "" {
		b = appendString(append(b, `,"finish_reason":`...), finish)
	}
	return append(b, '}')
}

// appendJSON appends s as the JSON it is, or as a string.
func appendJSON(b []byte, s string) []byte {
	if len(s) > 0 && (s[0] == '{' || s[0] == '[') && utf8.ValidString(s) && json.Valid([]byte(s)) {
		return append(b, s...)
	}
	return appendString(b, s)
}
