package source

// otelFormat is OpenTelemetry's GenAI telemetry as OTLP/JSON lines, as the
// collector's file exporter writes them: spans and log events, with the
// attribute names of every release so far, and Traceloop's.
//
// A span of an inference is an exchange, and so is an event with the details of
// one; both carry the id of the span, so that where both are logged the exchange
// is counted once. The older events, one per message, are put together again
// when they follow each other in one line.
func otelFormat() format {
	return format{
		name:    "otel",
		account: "user.id",
		fits: func(p *probe) bool {
			return p.has("resourceSpans") || p.has("resourceLogs") || p.has("resource_spans") || p.has("resource_logs")
		},
		decode: (*decoder).otel,
		many:   true,
	}
}

// otelState is what one line's records share.
type otelState struct {
	resource []byte // attributes, raw
	best     int    // rank of the account's field
	turns    []indexedTurn
	twin     []byte // of resource, to be read for one record
	json     []byte // values turned into plain JSON
	pending  bool   // d.x holds an exchange that further message events may complete
	trace    string
	span     string
	genai    bool   // an attribute said that this is an inference
	tool     bool   // it is a tool's or an agent's span
	event    string // name of the log record
}

func (d *decoder) otel() {
	c := &d.c
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "resourceSpans", "resource_spans":
			d.otelGroups(c, "scopeSpans", "scope_spans", "spans", d.otelSpan)
		case "resourceLogs", "resource_logs":
			d.otelGroups(c, "scopeLogs", "scope_logs", "logRecords", d.otelLog)
		default:
			c.skip()
		}
	}
	d.otelFlush()
}

// otelGroups walks resources, their scopes and the records in them. Where the
// resource's attributes stand behind its records, those wait.
func (d *decoder) otelGroups(c *cursor, scopes, scopesOld, records string, each func(*cursor)) {
	if !c.array() {
		return
	}
	for c.more() {
		if !c.object() {
			continue
		}
		var k string
		var waiting []byte
		known := false
		d.o.resource = d.o.resource[:0]
		for c.key(&k) {
			switch {
			case k == "resource":
				if list := c.at("attributes"); len(list) <= largest {
					d.o.resource = append(d.o.resource[:0], list...)
				}
				known = true
			case k != scopes && k != scopesOld:
				c.skip()
			case known:
				d.otelScopes(c, records, each)
			default:
				waiting = c.raw()
			}
		}
		if len(waiting) > 0 {
			d.otelScopes(&cursor{b: waiting}, records, each)
		}
	}
}

// largest is how many bytes of a resource's attributes are read, as they are read
// again for each of its records.
const largest = 64 << 10

// at steps over the next value and returns the raw value at a key in it.
func (c *cursor) at(key string) []byte {
	if !c.object() {
		return nil
	}
	var k string
	var found []byte
	for c.key(&k) {
		if k == key {
			found = c.raw()
		} else {
			c.skip()
		}
	}
	return found
}

func (d *decoder) otelScopes(c *cursor, records string, each func(*cursor)) {
	if !c.array() {
		return
	}
	for c.more() {
		if !c.object() {
			continue
		}
		var k string
		for c.key(&k) {
			if k != records && !(records == "logRecords" && k == "log_records") {
				c.skip()
				continue
			}
			if c.array() {
				for c.more() {
					each(c)
				}
			}
		}
	}
}

// otelBegin makes d.x ready for one record.
func (d *decoder) otelBegin(account string) {
	d.reset()
	d.account = account
	o := &d.o
	d.o = otelState{resource: o.resource, best: len(otelOwners), turns: o.turns[:0], json: o.json[:0], twin: o.twin}
	if len(o.resource) > 0 {
		o.twin = append(o.twin[:0], o.resource...)
		d.otelAttributes(&cursor{b: o.twin})
	}
}

// otelSpan reads one span.
func (d *decoder) otelSpan(c *cursor) {
	raw := c.raw()
	if len(raw) == 0 || raw[0] != '{' {
		return
	}
	account := ""
	if d.path != "" {
		account = d.otelNamed(raw, d.path)
	}
	d.otelBegin(account)
	g := cursor{b: raw}
	var name, k string
	g.object()
	for g.key(&k) {
		switch k {
		case "traceId", "trace_id":
			d.o.trace = g.scalar()
		case "spanId", "span_id":
			d.o.span = g.scalar()
		case "name":
			name = g.str()
		case "startTimeUnixNano", "start_time_unix_nano":
			d.start = g.instant()
		case "endTimeUnixNano", "end_time_unix_nano":
			d.x.End = moment(g.instant())
		case "attributes":
			d.otelAttributes(&g)
		case "events":
			d.otelEvents(&g)
		case "status":
			if s := g.lookupOnce("code"); s == "2" || s == "STATUS_CODE_ERROR" {
				d.x.Failed = true
			}
		default:
			g.skip()
		}
	}
	switch d.x.Operation {
	case "execute_tool", "invoke_agent", "create_agent", "tool", "agent", "invoke_workflow", "workflow", "task":
		d.o.tool = true
	}
	if d.c.bad || !d.o.genai || d.o.tool || d.x.Model == "" && d.x.Served == "" && d.x.Operation == "" && name == "" {
		d.other()
		return
	}
	d.otelYield()
}

// otelEvents reads a span's events for the texts that older releases kept there.
func (d *decoder) otelEvents(c *cursor) {
	if !c.array() {
		return
	}
	for c.more() {
		if !c.object() {
			continue
		}
		var k, name string
		var attributes []byte
		for c.key(&k) {
			switch k {
			case "name":
				name = c.str()
			case "attributes":
				attributes = c.raw()
			default:
				c.skip()
			}
		}
		d.o.event = name
		if name == "exception" || len(attributes) == 0 {
			continue
		}
		d.otelAttributes(&cursor{b: attributes})
	}
}

// otelYield completes the record in d.x and hands it on.
func (d *decoder) otelYield() {
	x := &d.x
	if d.o.span != "" {
		x.ID = d.glue(d.o.trace, "/", d.o.span)
	}
	x.Session = first(x.Session, d.o.trace)
	d.otelTurns()
	if x.Served == x.Model {
		x.Served = ""
	}
	d.yield()
}

// otelFlush hands on what message events have gathered.
func (d *decoder) otelFlush() {
	if d.o.pending {
		d.o.pending = false
		d.otelYield()
	}
}
