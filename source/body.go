package source

import (
	"strconv"

	"iolaus/exchange"
)

// setting reads the request parameter k of any known API into d.x.Params and
// d.x.Tools; false, with the value unread, when k is none.
func (d *decoder) setting(c *cursor, k string) bool {
	p := &d.x.Params
	switch k {
	case "temperature":
		p.Temperature = d.float(c, &d.floats[0])
	case "top_p", "topP":
		p.TopP = d.float(c, &d.floats[1])
	case "max_tokens", "max_completion_tokens", "max_output_tokens", "maxTokens", "max_tokens_to_sample":
		p.MaxTokens = max(p.MaxTokens, c.int())
	case "n", "choice_count":
		p.N = c.int()
	case "seed":
		p.Seed = d.seed(c)
	case "stream":
		p.Stream = c.bool()
	case "logprobs", "top_logprobs":
		s := c.scalar()
		p.Logprobs = p.Logprobs || s != "" && s != "false" && s != "False" && s != "0"
	case "reasoning_effort":
		p.Reasoning = first(c.scalar(), p.Reasoning)
	case "reasoning", "thinking", "output_config":
		d.effort(c)
	case "tools", "functions":
		d.tools(c)
	case "toolConfig", "inferenceConfig", "optional_params", "extra_body":
		d.settings(c)
	default:
		return false
	}
	return true
}

// settings reads an object of request parameters.
func (d *decoder) settings(c *cursor) {
	if c.peek() == '"' {
		inner, ok := nested(c.quoted())
		if ok {
			d.settings(&inner)
		}
		return
	}
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		if !d.setting(c, k) {
			c.skip()
		}
	}
}

func (d *decoder) float(c *cursor, to *float64) *float64 {
	f, ok := c.num()
	if !ok || f != f {
		return nil
	}
	*to = f
	return to
}

func (d *decoder) seed(c *cursor) *int64 {
	n, err := strconv.ParseInt(c.scalar(), 10, 64)
	if err != nil {
		return nil
	}
	d.ints = n
	return &d.ints
}

// effort reads how much reasoning was asked for: a word, or an object with an
// effort, a type, or a budget of tokens.
func (d *decoder) effort(c *cursor) {
	if c.peek() != '{' {
		d.x.Params.Reasoning = first(c.scalar(), d.x.Params.Reasoning)
		return
	}
	if !c.object() {
		return
	}
	var k, effort, kind, budget string
	for c.key(&k) {
		switch k {
		case "effort":
			effort = c.scalar()
		case "type":
			kind = c.scalar()
		case "budget_tokens", "max_tokens":
			budget = c.scalar()
		default:
			c.skip()
		}
	}
	d.x.Params.Reasoning = first(effort, budget, kind, d.x.Params.Reasoning)
}

// tools reads the tools a client offers: OpenAI's function objects, Anthropic's
// input schemas, Converse's tool specs, OpenTelemetry's definitions, or a string of them.
func (d *decoder) tools(c *cursor) {
	if c.peek() == '"' {
		if inner, ok := nested(c.quoted()); ok {
			d.tools(&inner)
		}
		return
	}
	if !c.array() {
		return
	}
	for c.more() {
		d.oneTool(c.embedded()) // blob exports have one definition per string
	}
}

// oneTool reads one tool's definition.
func (d *decoder) oneTool(c *cursor) {
	var t exchange.Tool
	d.tool(c, &t)
	if t.Name != "" || t.Schema != "" {
		d.x.Tools = append(d.x.Tools, t)
	}
}

func (d *decoder) tool(c *cursor, t *exchange.Tool) {
	if !c.object() {
		return
	}
	var k, kind string
	for c.key(&k) {
		switch k {
		case "name":
			t.Name = first(c.scalar(), t.Name)
		case "parameters", "input_schema", "inputSchema", "json":
			d.schema(c, t)
		case "function", "toolSpec":
			d.tool(c, t)
		case "type":
			kind = c.scalar()
		default:
			c.skip()
		}
	}
	if t.Name == "" && kind != "function" {
		t.Name = kind // a tool that the provider hosts
	}
}

// schema keeps a tool's parameters as raw JSON; Converse wraps them in {"json":...}.
func (d *decoder) schema(c *cursor, t *exchange.Tool) {
	switch c.peek() {
	case '"':
		t.Schema = c.quoted()
	case '{':
		raw := c.raw()
		in := cursor{b: raw}
		var k string
		if in.object() && in.key(&k) && k == "json" {
			raw = in.raw()
		}
		t.Schema = text(raw)
	default:
		c.skip()
	}
}
