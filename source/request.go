package source

// body reads a request's body of any known API: OpenAI chat, completions and
// responses, Anthropic Messages, Bedrock Converse; also as JSON in a string, or
// a bare conversation.
func (d *decoder) body(c *cursor) {
	switch c.peek() {
	case '"':
		s := c.quoted()
		if in, ok := nested(s); ok {
			d.body(&in)
		} else if s != "{}" && s != "[]" {
			d.turn("user", s)
		}
		return
	case '[':
		d.messages(c)
		return
	}
	if !c.object() {
		return
	}
	var k, role string
	var p parts
	for c.key(&k) {
		switch k {
		case "role": // a single message stands for the conversation
			role = c.str()
		case "content":
			d.content(c, &p)
		default:
			d.bodyField(c, k)
		}
	}
	d.turn("tool", p.tool)
	d.turn(role, p.text)
}

func (d *decoder) bodyField(c *cursor, k string) {
	x := &d.x
	switch k {
	case "model", "modelId":
		x.Model = first(x.Model, c.str())
	case "messages", "input", "prompt", "inputText", "contents":
		d.messages(c)
	case "system", "instructions":
		var p parts
		d.content(c, &p)
		d.turn("system", p.text)
	case "previous_response_id":
		x.PreviousResponse = first(x.PreviousResponse, c.str())
	case "conversation":
		d.conversation(c)
	case "safety_identifier":
		x.SubAccount = first(c.scalar(), x.SubAccount)
	case "user", "end_user":
		x.SubAccount = first(x.SubAccount, c.scalar())
	case "metadata":
		d.bodyMetadata(c)
	default:
		if !d.setting(c, k) {
			c.skip()
		}
	}
}

// conversation reads the id of a conversation that the provider keeps.
func (d *decoder) conversation(c *cursor) {
	if c.peek() != '{' {
		d.x.Session = first(d.x.Session, c.scalar())
		return
	}
	d.x.Session = first(d.x.Session, c.lookup("id"))
}

// bodyMetadata reads what a client says of its own customer.
func (d *decoder) bodyMetadata(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "user_id":
			d.x.SubAccount = first(d.x.SubAccount, c.scalar())
		case "session_id":
			d.x.Session = first(d.x.Session, c.scalar())
		default:
			c.skip()
		}
	}
}

// embedded returns a cursor on the next value, or on the JSON inside it when it is a string.
func (c *cursor) embedded() *cursor {
	if c.peek() != '"' {
		return c
	}
	in, ok := nested(c.quoted())
	if !ok {
		in = cursor{b: []byte("null")}
	}
	return &in
}

// operation names the API behind a request's path; "" when it is none of them.
func operation(path string) string {
	for _, p := range [...][2]string{
		{"/chat/completions", "chat"}, {"/responses", "responses"}, {"/messages", "messages"},
		{"/embeddings", "embeddings"}, {"/completions", "completion"}, {"/converse", "chat"},
	} {
		if containsFold(path, p[0]) {
			return p[1]
		}
	}
	return ""
}
