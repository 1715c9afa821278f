package source

import (
	"strconv"
	"strings"
)

// otelLog reads one log record: an event with an inference's details, or one
// message of it.
func (d *decoder) otelLog(c *cursor) {
	raw := c.raw()
	if len(raw) == 0 || raw[0] != '{' {
		return
	}
	r := otelRecord{}
	if d.path != "" {
		r.account = d.otelNamed(raw, d.path)
	}
	g := cursor{b: raw}
	var k string
	g.object()
	for g.key(&k) {
		switch k {
		case "timeUnixNano", "time_unix_nano":
			r.time = g.instant()
		case "observedTimeUnixNano", "observed_time_unix_nano":
			r.observed = g.instant()
		case "traceId", "trace_id":
			r.trace = g.scalar()
		case "spanId", "span_id":
			r.span = g.scalar()
		case "eventName", "event_name":
			r.event = g.str()
		case "body":
			r.body = g.raw()
		case "attributes":
			r.attributes = g.raw()
		default:
			g.skip()
		}
	}
	if r.event == "" {
		r.event = attributeNamed(append([]byte(nil), r.attributes...), "event.name")
	}
	if r.time <= 0 && r.observed > 0 {
		r.time = r.observed // the former is 0 where it is unknown
	}
	d.otelRecord(&r)
}

// otelRecord is one log record.
type otelRecord struct {
	time, observed     int64
	trace, span, event string
	account            string // by Options.Account
	body, attributes   []byte
}

func (d *decoder) otelRecord(r *otelRecord) {
	role, _ := strings.CutPrefix(r.event, "gen_ai.")
	role, message := strings.CutSuffix(role, ".message")
	choice := r.event == "gen_ai.choice"
	switch {
	case message || choice:
		if !d.o.pending || d.o.trace != r.trace || d.o.span != r.span || r.span == "" {
			d.otelFlush()
			d.otelBegin(r.account)
			d.start = r.time
			d.o.trace, d.o.span, d.o.pending = r.trace, r.span, true
		}
		if len(r.attributes) > 0 {
			d.otelAttributes(&cursor{b: r.attributes})
		}
		d.otelMessage(r.body, role, choice)
		if choice {
			d.x.End = moment(r.time)
		}
	case strings.HasPrefix(r.event, "gen_ai.client.inference") || r.event == "gen_ai.client.operation.details":
		d.otelFlush()
		d.otelBegin(r.account)
		d.start = r.time
		d.o.trace, d.o.span, d.o.event = r.trace, r.span, r.event
		if len(r.attributes) > 0 {
			d.otelAttributes(&cursor{b: r.attributes})
		}
		if body := (cursor{b: r.body}); len(r.body) > 0 {
			d.otelBody(&body)
		}
		if d.o.tool {
			d.other()
			return
		}
		d.otelYield()
	default:
		d.otelFlush()
		d.other()
	}
}

// otelMessage reads the body of a message event.
func (d *decoder) otelMessage(body []byte, role string, choice bool) {
	if len(body) == 0 {
		return
	}
	c := d.plain(body)
	if choice {
		if c.peek() == '{' {
			c.object()
			var k string
			for c.key(&k) {
				switch k {
				case "message":
					d.spoken(&c)
				case "finish_reason":
					d.x.Finish = first(c.str(), d.x.Finish)
				case "tool_calls", "content":
					d.answerField(&c, k)
				default:
					c.skip()
				}
			}
		}
		return
	}
	if c.peek() != '{' {
		d.turn(role, c.scalar())
		return
	}
	var k string
	var p parts
	c.object()
	for c.key(&k) {
		switch k {
		case "role":
			role = first(c.str(), role)
		case "content":
			d.content(&c, &p)
		default:
			c.skip()
		}
	}
	d.turn("tool", p.tool)
	d.turn(role, p.text)
}

// otelBody reads a structured body as if its fields were attributes.
func (d *decoder) otelBody(c *cursor) {
	if list := c.at("kvlistValue"); len(list) > 0 {
		if values := (&cursor{b: list}).at("values"); len(values) > 0 {
			d.otelAttributes(&cursor{b: values})
		}
	}
}

// otelNamed finds an attribute by name in a record, else in its resource. What
// it looks at is left as it is.
func (d *decoder) otelNamed(record []byte, name string) string {
	c := cursor{b: append([]byte(nil), record...)}
	return first(attributeNamed(c.at("attributes"), name), attributeNamed(append([]byte(nil), d.o.resource...), name))
}

// attributeNamed finds a scalar in a list of attributes, which is written over.
func attributeNamed(list []byte, name string) string {
	c := cursor{b: list}
	found := ""
	for ok := len(list) > 0 && c.array(); ok && c.more(); {
		if k, v := otelPair(&c); k == name {
			found = otelScalar(v)
		}
	}
	return found
}

// otelPair reads one {"key","value"}; the value is raw.
func otelPair(c *cursor) (key string, value []byte) {
	if !c.object() {
		return "", nil
	}
	var k string
	for c.key(&k) {
		switch k {
		case "key":
			key = c.str()
		case "value":
			value = c.raw()
		default:
			c.skip()
		}
	}
	return key, value
}

// otelScalar reads a value that is no list: {"stringValue":...}, {"intValue":...} and so on.
func otelScalar(value []byte) string {
	c := cursor{b: value}
	if len(value) == 0 || !c.object() {
		return ""
	}
	var k, s string
	for c.key(&k) {
		s = c.scalar()
	}
	return s
}

// plain turns a value of OTLP's JSON into the plain JSON it stands for; a string
// that is itself a JSON list or object stands for that.
func (d *decoder) plain(v []byte) cursor {
	start := len(d.o.json)
	c := cursor{b: v}
	var k string
	if c.object() && c.key(&k) && (k == "stringValue" || k == "string_value") {
		s := c.str()
		if in, ok := nested(s); ok {
			return in
		}
		d.o.json = appendString(d.o.json, s)
		return cursor{b: d.o.json[start:]}
	}
	d.o.json = appendPlain(d.o.json, &cursor{b: v}, 0)
	return cursor{b: d.o.json[start:]}
}

func appendPlain(dst []byte, c *cursor, depth int) []byte {
	if depth > deepest || !c.object() {
		return append(dst, "null"...)
	}
	var k string
	some := false
	for c.key(&k) {
		if some {
			c.skip()
			continue
		}
		some = true
		switch k {
		case "stringValue", "string_value", "bytesValue":
			dst = appendString(dst, c.str())
		case "intValue", "doubleValue", "int_value", "double_value":
			if s := c.scalar(); isNumber(s) {
				dst = append(dst, s...)
			} else {
				dst = append(dst, '0')
			}
		case "boolValue", "bool_value":
			if c.bool() {
				dst = append(dst, "true"...)
			} else {
				dst = append(dst, "false"...)
			}
		case "arrayValue", "array_value":
			dst = appendPlainList(dst, c, depth)
		case "kvlistValue", "kvlist_value":
			dst = appendPlainObject(dst, c, depth)
		default:
			c.skip()
			some = false
		}
	}
	if !some {
		return append(dst, "null"...)
	}
	return dst
}

func appendPlainList(dst []byte, c *cursor, depth int) []byte {
	dst = append(dst, '[')
	values := cursor{b: c.at("values")}
	for n, ok := 0, len(values.b) > 0 && values.array(); ok && values.more(); n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = appendPlain(dst, &values, depth+1)
	}
	return append(dst, ']')
}

func appendPlainObject(dst []byte, c *cursor, depth int) []byte {
	dst = append(dst, '{')
	values := cursor{b: c.at("values")}
	for n, ok := 0, len(values.b) > 0 && values.array(); ok && values.more(); n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		k, v := otelPair(&values)
		dst = append(appendString(dst, k), ':')
		dst = appendPlain(dst, &cursor{b: v}, depth+1)
	}
	return append(dst, '}')
}

// isNumber says that s may stand as a number in JSON.
func isNumber(s string) bool {
	if len(s) == 0 || s[0] != '-' && s[0]-'0' > 9 {
		return false
	}
	if _, ok := digits(s); ok {
		return len(s) == 1 || s[0] != '0'
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && !strings.ContainsAny(s, "xXpP_nN")
}
