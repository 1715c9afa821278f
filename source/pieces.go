package source

import "iolaus/exchange"

// stream reads an answer that was logged as the list of its streamed pieces,
// OpenAI's chunks or Anthropic's and Converse's events, or as a list of output items.
func (d *decoder) stream(c *cursor) {
	if !c.array() {
		return
	}
	d.pieces = d.pieces[:0]
	for c.more() {
		if c.peek() == '"' {
			d.pieces = append(d.pieces, c.quoted()...)
			continue
		}
		d.piece(c)
	}
	if len(d.pieces) > 0 {
		d.said(text(d.pieces))
	}
}

// piece reads one piece. What it adds to the text goes to d.pieces.
func (d *decoder) piece(c *cursor) {
	if !c.object() {
		return
	}
	x := &d.x
	var k, kind, own string
	for c.key(&k) {
		switch k {
		case "type":
			kind = c.str()
		case "choices": // OpenAI
			if c.array() {
				for c.more() {
					d.piece(c)
				}
			}
		case "delta", "contentBlockDelta", "messageStop", "messageDelta", "metadata":
			d.piece(c)
		case "message", "response": // Anthropic's start, a Responses completion
			d.answer(c)
		case "content_block", "contentBlockStart", "start", "toolUse":
			d.pieceBlock(c)
		case "text", "content", "outputText", "completion":
			if c.peek() == '[' || c.peek() == '{' {
				d.items(c)
			} else {
				own = c.str()
			}
		case "partial_json":
			if n := len(x.Calls); n > 0 {
				x.Calls[n-1].Arguments = d.grow(x.Calls[n-1].Arguments, c.str())
			} else {
				c.skip()
			}
		case "tool_calls":
			d.pieceCalls(c)
		case "signature":
			d.signature(c.str(), true)
		case "usage":
			d.pieceUsage(c)
		default:
			d.pieceRest(c, k)
		}
	}
	if kind != "thinking_delta" && kind != "reasoning" {
		d.pieces = append(d.pieces, own...)
	}
}

func (d *decoder) pieceRest(c *cursor, k string) {
	x := &d.x
	switch k {
	case "stop_reason", "stopReason", "finish_reason":
		x.Finish = first(c.str(), x.Finish)
	case "model":
		x.Served = first(x.Served, c.str())
	case "id":
		x.ResponseID = first(x.ResponseID, c.scalar())
	case "error":
		d.failure(c)
	default:
		c.skip()
	}
}

// pieceBlock reads the start of a block: a tool's name, or the first text.
func (d *decoder) pieceBlock(c *cursor) {
	if !c.object() {
		return
	}
	var k, kind, name string
	for c.key(&k) {
		switch k {
		case "type":
			kind = c.str()
		case "name":
			name = c.scalar()
		case "text":
			d.pieces = append(d.pieces, c.str()...)
		case "start", "toolUse":
			d.pieceBlock(c)
		default:
			c.skip()
		}
	}
	if name != "" || kind == "tool_use" {
		d.x.Calls = append(d.x.Calls, exchange.Call{Name: name})
	}
}

// pieceCalls reads OpenAI's growing tool calls: the name comes once, the
// arguments in pieces.
func (d *decoder) pieceCalls(c *cursor) {
	if !c.array() {
		return
	}
	for c.more() {
		var call exchange.Call
		d.callFields(c, &call)
		if n := len(d.x.Calls); call.Name == "" && n > 0 {
			d.x.Calls[n-1].Arguments = d.grow(d.x.Calls[n-1].Arguments, call.Arguments)
		} else if call.Name != "" {
			d.x.Calls = append(d.x.Calls, call)
		}
	}
}

// pieceUsage reads counts; later pieces of a stream repeat or complete the earlier ones.
func (d *decoder) pieceUsage(c *cursor) {
	before := d.x.Usage
	d.usage(c, false)
	u := &d.x.Usage
	u.Input, u.Output = max(u.Input, before.Input), max(u.Output, before.Output)
}

// grow puts b behind a.
func (d *decoder) grow(a, b string) string {
	if a == "" {
		return b
	}
	return d.extend(a, "", b)
}
