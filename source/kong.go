package source

import "time"

// kongFormat is a log entry of Kong's logging plugins for a route with an AI plugin.
func kongFormat() format {
	return format{
		name:    "kong",
		account: "consumer or authenticated_entity",
		fits: func(p *probe) bool {
			return p.has("started_at") && p.has("ai") && (p.has("client_ip") || p.has("latencies") || p.has("service"))
		},
		decode: (*decoder).kong,
		many:   true,
	}
}

func (d *decoder) kong() {
	c, x := &d.c, &d.x
	var custom, id, name, entity string
	var took time.Duration
	var h wireHeaders
	var k string
	ai := false
	c.object()
	for c.key(&k) {
		switch k {
		case "started_at":
			d.start = c.instant()
		case "client_ip":
			x.Address = address(c.scalar())
		case "consumer":
			d.three(c, "custom_id", &custom, "id", &id, "username", &name)
		case "authenticated_entity":
			d.three(c, "id", &entity, "consumer_id", &id, "", nil)
		case "workspace":
			x.Team = c.scalar()
		case "workspace_name":
			x.TeamName = c.scalar()
		case "request":
			d.kongRequest(c, &h)
		case "response":
			d.status(c.intAt("status"))
		case "latencies":
			took = time.Duration(c.intAt("request")) * time.Millisecond
		case "ai":
			ai = c.peek() == '{'
			d.kongAI(c)
		default:
			c.skip()
		}
	}
	if !c.done() {
		return
	}
	if !ai {
		d.other() // a route without models
		return
	}
	d.wireSettle(&h)
	x.ID = first(x.ID, h.request)
	x.Key = entity
	x.KeyName = name
	x.Account = first(custom, id, name, entity)
	if d.start > 0 && took > 0 {
		x.End = moment(d.start + int64(took))
	}
	if x.Served == x.Model {
		x.Served = ""
	}
	d.yield()
}

// three reads up to three scalars of an object.
func (d *decoder) three(c *cursor, a string, va *string, b string, vb *string, e string, ve *string) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch {
		case k == a:
			*va = c.scalar()
		case k == b:
			*vb = first(c.scalar(), *vb)
		case k == e && ve != nil:
			*ve = c.scalar()
		default:
			c.skip()
		}
	}
}

// intAt steps over the next value and returns the whole number at a key in it.
func (c *cursor) intAt(key string) int {
	s := c.lookupOnce(key)
	n, _ := digits(s)
	return n
}

func (d *decoder) kongRequest(c *cursor, h *wireHeaders) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "id":
			d.x.ID = c.scalar()
		case "uri":
			d.x.Operation = operation(c.scalar())
		case "url":
			d.x.Endpoint = c.scalar()
		case "headers":
			d.wire(c, h)
		default:
			c.skip()
		}
	}
}

// kongAI reads what the AI plugins logged: {"proxy":{"meta","usage","payload"}},
// under any plugin's name, or the payload directly as older releases had it.
func (d *decoder) kongAI(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "meta":
			d.kongMeta(c)
		case "usage":
			d.kongUsage(c)
		case "payload":
			d.kongPayload(c)
		default:
			if c.peek() == '{' {
				d.kongAI(c)
			} else {
				c.skip()
			}
		}
	}
}

func (d *decoder) kongMeta(c *cursor) {
	if !c.object() {
		return
	}
	x := &d.x
	var k string
	for c.key(&k) {
		switch k {
		case "request_model":
			x.Model = c.str()
		case "response_model":
			x.Served = c.str()
		case "provider_name":
			x.Provider = c.str()
		default:
			c.skip()
		}
	}
}

func (d *decoder) kongUsage(c *cursor) {
	if !c.object() {
		return
	}
	u := &d.x.Usage
	var k string
	for c.key(&k) {
		switch k {
		case "prompt_tokens", "prompt_token":
			u.Input = c.int()
		case "completion_tokens", "completion_token":
			u.Output = c.int()
		case "prompt_tokens_details", "completion_tokens_details":
			d.usageDetails(c, &u.CacheRead, &u.Reasoning)
		case "cost":
			u.Cost, _ = c.num()
		default:
			c.skip()
		}
	}
}

func (d *decoder) kongPayload(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "request":
			d.body(c)
		case "response":
			usage := d.x.Usage
			d.reply(c)
			if usage.Input != 0 {
				d.x.Usage = usage
			}
		default:
			c.skip()
		}
	}
}
