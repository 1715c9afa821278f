package source

import "iolaus/exchange"

// answer reads a model's response in any known shape: OpenAI's choices,
// a Responses output, Anthropic's content, Converse's message, or a bare text.
// Tokens and model names go where the log itself left them empty.
func (d *decoder) answer(c *cursor) {
	switch c.peek() {
	case '"':
		s := c.quoted()
		if inner, ok := nested(s); ok {
			d.answer(&inner)
		} else if s != "{}" && s != "[]" {
			d.said(s)
		}
		return
	case '[':
		d.items(c)
		return
	}
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		d.answerField(c, k)
	}
}

func (d *decoder) answerField(c *cursor, k string) {
	x := &d.x
	switch k {
	case "id", "response_id", "responseId":
		x.ResponseID = first(c.scalar(), x.ResponseID)
	case "model":
		x.Served = first(c.str(), x.Served)
	case "choices":
		d.choices(c)
	case "output", "content":
		d.items(c)
	case "message": // Converse: output.message
		d.spoken(c)
	case "stop_reason", "stopReason", "finish_reason":
		x.Finish = first(c.str(), x.Finish)
	case "completion", "output_text", "generation", "outputText":
		d.say(c)
	case "usage":
		d.usage(c, false)
	case "error":
		d.failure(c)
	case "status": // of a Responses answer
		switch s := c.scalar(); s {
		case "completed", "incomplete", "failed", "cancelled":
			x.Finish = first(x.Finish, s)
			x.Failed = x.Failed || s == "failed"
		}
	case "tool_calls":
		if c.array() {
			for c.more() {
				d.call(c)
			}
		}
	case "messages", "responses":
		if c.array() {
			for c.more() {
				d.spoken(c)
			}
		}
	case "previous_response_id":
		x.PreviousResponse = first(c.str(), x.PreviousResponse)
	default:
		c.skip()
	}
}

// say reads a part of the answer's text.
func (d *decoder) say(c *cursor) {
	if d.brief {
		c.skip()
		return
	}
	d.said(c.str())
}

// aside reads a text that is not wanted when brief.
func (d *decoder) aside(c *cursor) string {
	if d.brief {
		c.skip()
		return ""
	}
	return c.str()
}

// said adds to the text of the answer.
func (d *decoder) said(s string) {
	if d.brief {
		return
	}
	d.noteCut(s)
	d.x.Output = d.join(d.x.Output, s)
}

// choices reads OpenAI's list of answers; the first stands for all.
func (d *decoder) choices(c *cursor) {
	if !c.array() {
		return
	}
	for n := 0; c.more(); n++ {
		if n > 0 || !c.object() {
			c.skip()
			continue
		}
		var k string
		for c.key(&k) {
			switch k {
			case "message":
				d.spoken(c)
			case "text":
				d.say(c)
			case "finish_reason":
				d.x.Finish = first(c.str(), d.x.Finish)
			default:
				c.skip()
			}
		}
	}
}

// spoken reads one message of the assistant.
func (d *decoder) spoken(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "content", "parts", "text":
			d.items(c)
		case "tool_calls":
			if c.array() {
				for c.more() {
					d.call(c)
				}
			}
		case "function_call":
			d.call(c)
		case "thinking_blocks", "reasoning_details":
			d.items(c)
		case "finish_reason":
			d.x.Finish = first(c.str(), d.x.Finish)
		default:
			c.skip()
		}
	}
}

// call reads a tool call: {function:{name,arguments}}, or name with input or arguments.
func (d *decoder) call(c *cursor) {
	var call exchange.Call
	d.callFields(c, &call)
	if call.Name != "" || call.Arguments != "" {
		d.x.Calls = append(d.x.Calls, call)
	}
}

func (d *decoder) callFields(c *cursor, call *exchange.Call) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "name":
			call.Name = c.scalar()
		case "arguments", "input":
			call.Arguments = raw(c)
		case "function", "toolUse":
			d.callFields(c, call)
		default:
			c.skip()
		}
	}
}

// raw reads a value as JSON text: a string's content, anything else as it stands.
func raw(c *cursor) string {
	if c.peek() == '"' {
		return c.quoted()
	}
	s := text(c.raw())
	if s == "null" {
		return ""
	}
	return s
}

// items reads an answer's content: a text, or a list of output items or parts.
func (d *decoder) items(c *cursor) {
	switch c.peek() {
	case '"':
		d.say(c)
	case '[':
		for ok := c.array(); ok && c.more(); {
			if c.peek() == '"' {
				d.say(c)
				continue
			}
			d.item(c)
		}
	case '{': // Converse: output:{message:{...}}
		d.answer(c)
	default:
		c.skip()
	}
}

// item reads one part of an answer; its type may stand anywhere in it.
func (d *decoder) item(c *cursor) {
	if !c.object() {
		return
	}
	var k, kind, own, name, args, seal string
	for c.key(&k) {
		switch k {
		case "type":
			kind = c.str()
		case "text":
			own = d.aside(c)
		case "content", "parts", "message":
			d.itemContent(c, &own)
		case "name":
			name = c.scalar()
		case "arguments", "input":
			args = raw(c)
		case "signature", "encrypted_content":
			seal = c.str()
		case "data":
			seal = first(seal, c.str())
		case "toolUse":
			d.call(c)
		case "reasoningContent", "reasoningText":
			d.hidden(c)
		case "finish_reason":
			d.x.Finish = first(c.str(), d.x.Finish)
		default:
			c.skip()
		}
	}
	switch kind {
	case "tool_use", "tool_call", "function_call", "server_tool_use":
		d.x.Calls = append(d.x.Calls, exchange.Call{Name: name, Arguments: args})
	case "thinking", "reasoning", "redacted_thinking", "reasoning.encrypted":
		d.signature(seal, true)
	default:
		d.said(own)
	}
}

// itemContent reads the content inside an output item: OpenTelemetry's text, or nested parts.
func (d *decoder) itemContent(c *cursor, own *string) {
	if c.peek() == '"' {
		*own = d.join(*own, d.aside(c))
		return
	}
	d.items(c)
}

// hidden reads a block of reasoning for its seal alone.
func (d *decoder) hidden(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "signature", "redactedContent":
			d.signature(c.str(), true)
		case "reasoningText":
			d.hidden(c)
		default:
			c.skip()
		}
	}
}
