package source

import (
	"strings"
	"unsafe"

	"iolaus/exchange"
)

// truncation is how LiteLLM marks a text that it cut.
const truncation = "(litellm_truncated"

// noteCut remembers that a text carries a marker of truncation.
func (d *decoder) noteCut(s string) {
	if !d.marker && strings.Contains(s, truncation) {
		d.marker = true
	}
}

// turn adds one message. System texts gather in d.x.System; empty ones say nothing.
func (d *decoder) turn(role, s string) {
	if s == "" {
		return
	}
	d.noteCut(s)
	switch role {
	case "system", "developer":
		d.x.System = d.join(d.x.System, s)
	case "":
		d.x.Turns = append(d.x.Turns, exchange.Turn{Role: "user", Text: s})
	case "function":
		d.x.Turns = append(d.x.Turns, exchange.Turn{Role: "tool", Text: s})
	default:
		d.x.Turns = append(d.x.Turns, exchange.Turn{Role: role, Text: s})
	}
}

// join puts two texts on lines of their own, in memory of d when both are there.
func (d *decoder) join(a, b string) string {
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	return d.extend(a, "\n", b)
}

// extend returns a, sep and b as one text. A text that was extended last grows
// where it stands, so that a million parts cost no more than their bytes; lines
// made to defeat that are cut.
func (d *decoder) extend(a, sep, b string) string {
	if d.grown >= len(d.joint) || len(a) != len(d.joint)-d.grown || unsafe.StringData(a) != &d.joint[d.grown] {
		if len(d.joint)+len(a)+len(b) > d.room {
			d.marker = true
			return a
		}
		d.grown = len(d.joint)
		d.joint = append(d.joint, a...)
	}
	d.joint = append(append(d.joint, sep...), b...)
	return text(d.joint[d.grown:])
}

// messages reads a conversation: a list of messages, one message, a bare prompt,
// or any of them as JSON inside a string. What is none of it is skipped.
func (d *decoder) messages(c *cursor) {
	switch c.peek() {
	case '[':
		d.late = cursor{}
		for ok := c.array(); ok && c.more(); {
			if c.peek() == '"' {
				d.turn("user", c.quoted())
				continue
			}
			d.message(c)
		}
		d.readLate()
	case '{':
		d.message(c)
		d.readLate()
	case '"':
		s := c.quoted()
		if s == "{}" || s == "[]" {
			return
		}
		before, system := len(d.x.Turns), d.x.System
		if inner, ok := nested(s); ok {
			d.messages(&inner)
		}
		if before == len(d.x.Turns) && system == d.x.System {
			d.turn("user", s) // a prompt that happens to be JSON
		}
	default:
		c.skip()
	}
}

// nested says whether s is itself a JSON list or object with something in it.
func nested(s string) (cursor, bool) {
	if len(s) < 3 || s[0] != '[' && s[0] != '{' {
		return cursor{}, false
	}
	c := cursor{b: bytesOf(s)}
	if c.skip(); !c.done() {
		return cursor{}, false
	}
	return cursor{b: bytesOf(s)}, true
}

// message reads one message in any of the known shapes: OpenAI's role and
// content, Anthropic's and OpenTelemetry's parts, and the items of a Responses input.
func (d *decoder) message(c *cursor) {
	if !c.object() {
		return
	}
	var k, role, kind string
	var p parts
	var unread glanced
	for c.key(&k) {
		switch k {
		case "role":
			role = c.str()
		case "type":
			kind = c.str()
		case "content", "parts", "output", "text":
			if d.brief && d.glance(c, &unread) {
				continue
			}
			d.content(c, &p)
		case "messages":
			d.messages(c)
		case "encrypted_content", "signature":
			d.signature(c.str(), false)
		default:
			c.skip()
		}
	}
	if role == "" && (kind == "function_call_output" || kind == "tool_result") {
		role = "tool"
	}
	if kind == "reasoning" {
		return
	}
	d.later(role, &unread)
	d.turn("tool", p.tool)
	d.turn(role, p.text)
}

// parts is what a message's content holds.
type parts struct {
	text string // what its author wrote
	tool string // results of tools inside it
}

// content reads a text, or a list of parts, into p.
func (d *decoder) content(c *cursor, p *parts) {
	switch c.peek() {
	case '"':
		p.text = d.join(p.text, c.quoted())
	case '[':
		for ok := c.array(); ok && c.more(); {
			if c.peek() == '"' {
				p.text = d.join(p.text, c.quoted())
				continue
			}
			d.part(c, p)
		}
	case '{':
		d.part(c, p)
	default:
		c.skip()
	}
}

// part reads one part of a message's content.
func (d *decoder) part(c *cursor, p *parts) {
	if !c.object() {
		return
	}
	var k, kind, own, data string
	var inner parts
	for c.key(&k) {
		switch k {
		case "type":
			kind = c.str()
		case "text":
			own = c.str()
		case "content", "response", "result", "output":
			d.result(c, &inner)
		case "toolResult":
			var r parts
			d.part(c, &r)
			p.tool = d.join(p.tool, r.text)
		case "json":
			own = text(c.raw())
		case "signature", "encrypted_content":
			d.signature(c.str(), false)
		case "reasoningContent", "reasoningText":
			var hidden parts
			d.part(c, &hidden)
		case "data":
			data = c.str()
		default:
			c.skip()
		}
	}
	own = d.join(own, inner.text)
	switch kind {
	case "tool_result", "tool_call_response", "function_call_output":
		p.tool = d.join(p.tool, own)
	case "redacted_thinking":
		d.signature(data, false)
	case "thinking", "reasoning", "tool_use", "tool_call", "image", "blob":
	default:
		p.text = d.join(p.text, own)
		p.tool = d.join(p.tool, inner.tool)
	}
}

// result reads what a part carries: a text, parts, or any other value as it stands.
func (d *decoder) result(c *cursor, p *parts) {
	switch c.peek() {
	case '"', '[':
		d.content(c, p)
	case '{':
		p.text = d.join(p.text, text(c.raw()))
	default:
		c.skip()
	}
}

// signature notes a seal on hidden reasoning.
func (d *decoder) signature(s string, issued bool) {
	if s != "" {
		d.x.Signatures = append(d.x.Signatures, exchange.Signature{Value: s, Issued: issued})
	}
}
