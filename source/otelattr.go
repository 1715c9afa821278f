package source

import (
	"slices"
	"strconv"
	"strings"

	"iolaus/exchange"
)

// otelOwners are the attributes that say whose a request is, the best first.
// OpenTelemetry has agreed on none for API accounts.
var otelOwners = [...]string{"tenant.id", "account.id", "tenant_id", "account_id", "user.id", "enduser.id", "enduser.pseudo.id",
	"user_id", "api_key_id", "metadata.user_api_key_user_id", "metadata.user_api_key_hash"}

// otelAttributes reads a list of attributes.
func (d *decoder) otelAttributes(c *cursor) {
	if !c.array() {
		return
	}
	for c.more() {
		k, v := otelPair(c)
		if len(v) == 0 {
			continue
		}
		if strings.HasPrefix(k, "gen_ai.") || strings.HasPrefix(k, "llm.") {
			d.o.genai = true
			d.otelGenAI(k, v)
			continue
		}
		d.otelGeneral(k, v)
	}
}

// otelGeneral reads what is not particular to models: who, where from, with what.
func (d *decoder) otelGeneral(k string, v []byte) {
	x := &d.x
	s := otelScalar(v)
	switch k {
	case "session.id":
		x.Session = first(x.Session, s)
	case "client.address", "http.client_ip", "client.ip":
		x.Address = address(s)
	case "user_agent.original", "http.user_agent", "http.request.header.user-agent":
		x.UserAgent = first(x.UserAgent, s)
	case "tls.client.ja4", "tls.client.ja3", "client.ja4", "ja4":
		x.TLS = first(x.TLS, s)
	case "server.address":
		x.Endpoint = s
	case "cloud.region", "aws.region":
		x.Region = s
	case "organization.id", "org.id":
		x.Org = s
	case "team.id":
		x.Team = s
	case "error.type":
		if s != "" {
			x.Failed = true
			if n, ok := digits(s); ok {
				d.status(n)
			} else if plainWord(s) {
				x.Error = s
			}
		}
	case "http.response.status_code", "http.status_code":
		n, _ := digits(s)
		d.status(n)
	case "api_key_id":
		x.Key = s
	}
	d.o.best = d.claim(otelOwners[:], min(d.o.best, len(otelOwners)), k, s)
}

// otelGenAI reads the attributes of an inference, in their names of all releases.
func (d *decoder) otelGenAI(k string, v []byte) {
	x := &d.x
	switch k {
	case "gen_ai.operation.name", "llm.request.type":
		x.Operation = otelScalar(v)
	case "gen_ai.provider.name", "gen_ai.system":
		x.Provider = first(otelScalar(v), x.Provider)
	case "gen_ai.request.model":
		x.Model = otelScalar(v)
	case "gen_ai.response.model":
		x.Served = otelScalar(v)
	case "gen_ai.response.id":
		x.ResponseID = otelScalar(v)
	case "gen_ai.request.previous_response.id", "gen_ai.request.previous_response_id":
		x.PreviousResponse = otelScalar(v)
	case "gen_ai.conversation.id":
		x.Session = otelScalar(v)
	case "gen_ai.response.finish_reasons":
		c := d.plain(v)
		x.Finish = first(c.embedded().firstScalar(), x.Finish)
	case "gen_ai.input.messages", "gen_ai.prompt", "gen_ai.system_instructions":
		d.otelInput(k, v)
	case "gen_ai.output.messages", "gen_ai.completion":
		c := d.plain(v)
		d.answer(&c)
	case "gen_ai.tool.definitions", "gen_ai.request.tools", "llm.request.functions":
		c := d.plain(v)
		d.tools(&c)
	case "gen_ai.tool.name", "gen_ai.tool.call.id":
		d.o.tool = true
	case "gen_ai.event.content":
		c := d.plain(v)
		d.messages(&c)
	case "gen_ai.user", "llm.user", "gen_ai.request.user":
		x.SubAccount = first(x.SubAccount, otelScalar(v))
	case "gen_ai.usage.cost", "llm.usage.cost":
		x.Usage.Cost, _ = strconv.ParseFloat(otelScalar(v), 64)
	default:
		if !d.otelUsage(k, v) && !d.otelParam(k, v) {
			d.otelIndexed(k, v)
		}
	}
}

// otelInput reads the conversation or the instructions.
func (d *decoder) otelInput(k string, v []byte) {
	c := d.plain(v)
	if k != "gen_ai.system_instructions" {
		d.messages(&c)
		return
	}
	var p parts
	d.content(&c, &p)
	d.turn("system", p.text)
}

func (d *decoder) otelUsage(k string, v []byte) bool {
	u := &d.x.Usage
	var to *int
	switch k {
	case "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens":
		to = &u.Input
	case "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens":
		to = &u.Output
	case "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens":
		to = &u.CacheRead
	case "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens":
		to = &u.CacheWrite
	case "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens":
		to = &u.Reasoning
	default:
		return false
	}
	c := d.plain(v)
	*to = c.int()
	return true
}

// otelParam reads gen_ai.request.*, which mirrors the request's own names.
func (d *decoder) otelParam(k string, v []byte) bool {
	name, ok := strings.CutPrefix(k, "gen_ai.request.")
	if !ok {
		name, ok = strings.CutPrefix(k, "llm.")
	}
	if !ok {
		return false
	}
	switch name {
	case "choice.count":
		name = "n"
	case "is_streaming", "streaming":
		name = "stream"
	case "reasoning.level", "reasoning.effort", "reasoning_effort":
		name = "reasoning_effort"
	}
	if strings.IndexByte(name, '.') >= 0 {
		return false // numbered, and still unread
	}
	c := d.plain(v)
	if !d.setting(&c, name) {
		c.skip()
	}
	return true
}

// indexedTurn is a message whose parts came as numbered attributes.
type indexedTurn struct {
	n          int
	role, text string
}

// otelIndexed reads Traceloop's numbered attributes, such as gen_ai.prompt.0.content.
func (d *decoder) otelIndexed(k string, v []byte) {
	list, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(k, "gen_ai."), "llm."), ".")
	if list == "request" {
		list, rest, ok = strings.Cut(rest, ".")
	}
	number, field, ok2 := strings.Cut(rest, ".")
	n, isNumber := digits(number)
	if !ok || !ok2 || !isNumber || n > 1<<12 {
		return
	}
	switch list {
	case "prompt", "prompts":
		d.otelTurn(n, field, otelScalar(v))
	case "completion", "completions":
		d.otelCompletion(n, field, otelScalar(v))
	case "functions":
		d.otelFunction(n, field, otelScalar(v))
	}
}

func (d *decoder) otelTurn(n int, field, s string) {
	at := -1
	for i := len(d.o.turns) - 1; i >= 0 && at < 0; i-- {
		if d.o.turns[i].n == n {
			at = i
		}
	}
	if at < 0 {
		at = len(d.o.turns)
		d.o.turns = append(d.o.turns, indexedTurn{n: n})
	}
	switch field {
	case "role":
		d.o.turns[at].role = s
	case "content":
		d.o.turns[at].text = s
	}
}

func (d *decoder) otelCompletion(n int, field, s string) {
	if n > 0 {
		return
	}
	calls, rest, _ := strings.Cut(field, ".")
	switch {
	case field == "content":
		if in, ok := nested(s); ok {
			d.answer(&in)
		} else {
			d.said(s)
		}
	case field == "finish_reason":
		d.x.Finish = first(s, d.x.Finish)
	case calls == "tool_calls":
		number, name, _ := strings.Cut(rest, ".")
		i, ok := digits(number)
		if !ok || i > 1<<10 {
			return
		}
		for len(d.x.Calls) <= i {
			d.x.Calls = append(d.x.Calls, exchange.Call{})
		}
		switch name {
		case "name":
			d.x.Calls[i].Name = s
		case "arguments":
			d.x.Calls[i].Arguments = s
		}
	}
}

func (d *decoder) otelFunction(n int, field, s string) {
	if n > 1<<12 || field != "name" && field != "parameters" {
		return
	}
	for len(d.x.Tools) <= n {
		d.x.Tools = append(d.x.Tools, exchange.Tool{})
	}
	if field == "name" {
		d.x.Tools[n].Name = s
	} else {
		d.x.Tools[n].Schema = s
	}
}

// otelTurns puts the numbered messages in their order.
func (d *decoder) otelTurns() {
	all := d.o.turns
	slices.SortStableFunc(all, func(a, b indexedTurn) int { return a.n - b.n })
	for _, t := range all {
		if in, ok := nested(t.text); ok {
			var p parts
			d.content(&in, &p)
			d.turn("tool", p.tool)
			d.turn(t.role, p.text)
			continue
		}
		d.turn(t.role, t.text)
	}
}
