package source

import "time"

// heliconeFormat is a row of Helicone's request export.
func heliconeFormat() format {
	return format{
		name:    "helicone",
		account: "request_user_id",
		fits: func(p *probe) bool {
			return p.has("request_created_at") && (p.has("request_id") || p.has("request_body"))
		},
		decode: (*decoder).helicone,
	}
}

func (d *decoder) helicone() {
	c, x := &d.c, &d.x
	var user, helicone, model string
	var delay, token time.Duration
	best := len(owners)
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "request_id":
			x.ID = c.scalar()
		case "request_created_at":
			d.start = c.instant()
		case "response_created_at":
			x.End = moment(c.instant())
		case "delay_ms":
			delay = time.Duration(c.int()) * time.Millisecond
		case "time_to_first_token":
			token = time.Duration(c.int()) * time.Millisecond
		case "request_user_id":
			user = c.scalar()
		case "helicone_user":
			helicone = c.scalar()
		case "request_properties", "properties":
			best = d.heliconeProperties(c.embedded(), best)
		case "request_model":
			model = first(c.scalar(), model)
		case "model":
			model = first(model, c.scalar())
		case "request_body":
			d.body(c)
		case "response_body":
			d.reply(c)
		case "llmSchema":
			d.heliconeSchema(c.embedded())
		default:
			d.heliconeField(c, k)
		}
	}
	x.Account = first(x.Account, user, helicone)
	x.SubAccount = first(user, x.SubAccount)
	x.Model = first(model, x.Model)
	if x.Served == x.Model {
		x.Served = ""
	}
	if d.start > 0 && token > 0 {
		x.FirstToken = moment(d.start + int64(token))
	}
	if d.start > 0 && delay > 0 && x.End.IsZero() {
		x.End = moment(d.start + int64(delay))
	}
}

func (d *decoder) heliconeField(c *cursor, k string) {
	x := &d.x
	switch k {
	case "response_status":
		d.status(c.int())
	case "response_id":
		x.ResponseID = first(x.ResponseID, c.scalar())
	case "response_model":
		x.Served = first(c.scalar(), x.Served)
	case "provider":
		x.Provider = c.scalar()
	case "request_path":
		path := c.scalar()
		x.Operation = first(operation(path), x.Operation)
		x.Endpoint = first(x.Endpoint, path)
	case "target_url":
		x.Endpoint = first(c.scalar(), x.Endpoint)
	case "prompt_tokens":
		x.Usage.Input = max(c.int(), x.Usage.Input)
	case "completion_tokens":
		x.Usage.Output = max(c.int(), x.Usage.Output)
	case "prompt_cache_read_tokens":
		x.Usage.CacheRead = max(c.int(), x.Usage.CacheRead)
	case "prompt_cache_write_tokens":
		x.Usage.CacheWrite = max(c.int(), x.Usage.CacheWrite)
	case "cost", "costUSD":
		if f, ok := c.num(); ok && f != 0 {
			x.Usage.Cost = f
		}
	default:
		c.skip()
	}
}

// heliconeProperties reads the custom properties: whose the request is, its session.
func (d *decoder) heliconeProperties(c *cursor, best int) int {
	if !c.object() {
		return best
	}
	var k string
	for c.key(&k) {
		v := c.scalar()
		if k == "Helicone-Session-Id" || k == "session_id" {
			d.x.Session = first(d.x.Session, v)
		}
		best = d.claim(owners[:], best, k, v)
	}
	return best
}

// heliconeSchema reads the mapped request and response where the raw bodies are not exported.
func (d *decoder) heliconeSchema(c *cursor) {
	if len(d.x.Turns) > 0 || d.x.Output != "" {
		c.skip()
		return
	}
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "request":
			d.body(c)
		case "response":
			d.answer(c)
		default:
			c.skip()
		}
	}
}
