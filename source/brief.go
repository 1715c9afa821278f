package source

import (
	"bytes"
	"slices"

	"iolaus/exchange"
)

// A glanced message is one whose text has not been read: where its content
// stands, and what kinds of parts are in it.
type glanced struct {
	at           cursor
	text, result bool
}

// glance steps over a message's content when it is a text or a list of parts
// and notes what is in it; false, with nothing done, when it must be read now.
func (d *decoder) glance(c *cursor, g *glanced) bool {
	at := *c
	switch c.peek() {
	case '"':
		c.skipString()
		g.text = c.i > at.i+2
	case '[':
		d.glanceParts(c, g)
	default:
		return false
	}
	g.at = at
	return true
}

// glanceParts looks for kinds of parts, and reads the seals on hidden reasoning.
func (d *decoder) glanceParts(c *cursor, g *glanced) {
	if !c.array() {
		return
	}
	for c.more() {
		if c.peek() == '"' {
			at := c.i
			c.skipString()
			g.text = g.text || c.i > at+2
			continue
		}
		d.glancePart(c, g)
	}
}

func (d *decoder) glancePart(c *cursor, g *glanced) {
	if !c.object() {
		return
	}
	var k, kind, data string
	some, result := false, false
	for c.key(&k) {
		switch k {
		case "type":
			kind = c.intact()
		case "text", "content", "response", "result", "output", "json":
			some = c.filled() || some
		case "toolResult":
			result = c.filled() || result
		case "signature", "encrypted_content":
			d.signature(c.intact(), false)
		case "reasoningContent":
			hidden := cursor{b: bytes.Clone(c.raw())}
			d.signature(hidden.lookup("reasoningText.signature"), false)
		case "data":
			data = c.intact()
		default:
			c.skip()
		}
	}
	switch kind {
	case "tool_result", "tool_call_response", "function_call_output":
		g.result = g.result || some
	case "redacted_thinking":
		d.signature(data, false)
	case "thinking", "reasoning", "tool_use", "tool_call", "image", "blob":
	default:
		g.text, g.result = g.text || some, g.result || result
	}
}

// intact reads a string and leaves its bytes as they are, to be read again.
func (c *cursor) intact() string {
	if c.peek() != '"' {
		c.skip()
		return ""
	}
	at := c.i
	if c.skipString(); c.bad {
		return ""
	}
	raw := c.b[at:c.i]
	if bytes.IndexByte(raw, '\\') >= 0 {
		twin := cursor{b: bytes.Clone(raw)}
		return twin.quoted()
	}
	return mended(raw[1 : len(raw)-1])
}

// filled steps over a value and says whether there is something in it.
func (c *cursor) filled() bool {
	first := c.peek()
	at := c.i
	c.skip()
	return c.i > at+2 && first != 'n'
}

// later takes a message that was glanced at: a system prompt is read at once, a
// user's turn when no newer one follows, others not at all.
func (d *decoder) later(role string, g *glanced) {
	if g.result {
		d.x.Turns = append(d.x.Turns, exchange.Turn{Role: "tool"})
	}
	if !g.text {
		return
	}
	switch role {
	case "system", "developer":
		d.turn(role, d.read(&g.at))
		return
	case "", "user":
		role = "user"
		d.late, d.lateAt = g.at, len(d.x.Turns)
	case "function":
		role = "tool"
	}
	d.x.Turns = append(d.x.Turns, exchange.Turn{Role: role})
}

// read reads the content of a message that was glanced at, but for its seals,
// which the glance took.
func (d *decoder) read(c *cursor) string {
	seals := len(d.x.Signatures)
	var p parts
	d.content(c, &p)
	d.x.Signatures = d.x.Signatures[:seals]
	return p.text
}

// readLate reads the newest of the user's turns that were left unread.
func (d *decoder) readLate() {
	if d.late.b == nil {
		return
	}
	late := d.late
	d.late = cursor{}
	i := d.lateAt
	if i >= len(d.x.Turns) || newest(d.x.Turns) != i {
		return
	}
	text := d.read(&late)
	if text == "" { // the glance took something else for a text
		d.x.Turns = slices.Delete(d.x.Turns, i, i+1)
		return
	}
	d.noteCut(text)
	d.x.Turns[i].Text = text
}

// newest is the index of the user's last turn, -1 when there is none.
func newest(turns []exchange.Turn) int {
	for i := len(turns) - 1; i >= 0; i-- {
		if turns[i].Role == "user" {
			return i
		}
	}
	return -1
}
