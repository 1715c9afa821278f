package source

import "strings"

// langfuseFormat is a row of Langfuse's export of observations, of which the
// generations are exchanges.
func langfuseFormat() format {
	return format{
		name:    "langfuse",
		account: "user_id",
		fits: func(p *probe) bool {
			return p.has("trace_id") && p.has("start_time") &&
				(p.has("provided_model_name") || p.has("project_id") && p.has("type"))
		},
		decode: (*decoder).langfuse,
		many:   true,
	}
}

func (d *decoder) langfuse() {
	c, x := &d.c, &d.x
	var kind, metaUser string
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "id":
			x.ID = c.scalar()
		case "type":
			kind = c.str()
		case "start_time":
			d.start = c.instant()
		case "end_time":
			x.End = moment(c.instant())
		case "completion_start_time":
			x.FirstToken = moment(c.instant())
		case "user_id":
			x.Account = c.scalar()
		case "session_id":
			x.Session = first(c.scalar(), x.Session)
		case "trace_id":
			x.Session = first(x.Session, c.scalar())
		case "metadata":
			metaUser = d.langfuseMetadata(c.embedded())
		case "provided_model_name":
			x.Model = c.str()
		case "model_parameters":
			d.settings(c)
		case "input":
			d.body(c)
		case "output":
			d.answer(c)
		default:
			d.langfuseField(c, k)
		}
	}
	switch {
	case !c.done():
	case kind != "GENERATION" && kind != "EMBEDDING" && kind != "":
		d.other()
	default:
		x.Account = first(x.Account, metaUser)
		d.yield()
	}
}

func (d *decoder) langfuseField(c *cursor, k string) {
	x := &d.x
	switch k {
	case "project_id":
		x.Team = c.scalar()
	case "usage_details":
		d.langfuseUsage(c.embedded())
	case "total_cost":
		x.Usage.Cost, _ = c.num()
	case "tool_definitions":
		d.langfuseTools(c.embedded())
	case "tool_calls":
		in := c.embedded()
		if len(x.Calls) == 0 && in.array() {
			for in.more() {
				d.call(in.embedded())
			}
		} else if len(x.Calls) > 0 {
			in.skip()
		}
	case "level":
		x.Failed = c.scalar() == "ERROR"
	default:
		c.skip()
	}
}

// langfuseTools reads the definitions: a list of JSON strings, or an object of them by name.
func (d *decoder) langfuseTools(c *cursor) {
	if c.peek() != '{' {
		d.tools(c)
		return
	}
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		name := k
		n := len(d.x.Tools)
		in := c.embedded()
		d.oneTool(in)
		if len(d.x.Tools) > n && d.x.Tools[n].Name == "" {
			d.x.Tools[n].Name = name
		}
	}
}

// langfuseUsage adds up the parts: Langfuse counts cached and audio tokens apart
// from the plain ones.
func (d *decoder) langfuseUsage(c *cursor) {
	if !c.object() {
		return
	}
	u := &d.x.Usage
	var k string
	for c.key(&k) {
		n := c.int()
		switch {
		case strings.HasPrefix(k, "input"), strings.HasPrefix(k, "prompt"), strings.HasPrefix(k, "cache"):
			u.Input += n
		case strings.HasPrefix(k, "output"), strings.HasPrefix(k, "completion"):
			u.Output += n
		}
		switch {
		case strings.Contains(k, "reasoning"):
			u.Reasoning = n
		case strings.Contains(k, "cache_creation"), strings.Contains(k, "cache_write"):
			u.CacheWrite = n
		case strings.Contains(k, "cache"):
			u.CacheRead = n
		}
	}
}

// langfuseMetadata finds the gateway's own user among the metadata, and the client's name.
func (d *decoder) langfuseMetadata(c *cursor) string {
	if !c.object() {
		return ""
	}
	var m litellmMeta
	var k string
	for c.key(&k) {
		d.litellmMetaField(c, k, &m)
	}
	d.x.Key = m.hash
	if m.user == noUser {
		m.user = ""
	}
	return first(m.user, m.email, m.hash)
}
