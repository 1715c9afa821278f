package source

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// pairFormat is a request and its response as they went over the wire, in an
// envelope that says when and whose: OpenAI chat, completions and responses,
// Anthropic Messages, or anything that speaks like them.
//
// The envelope: time, account, request, and optionally id, key, org, team,
// sub_account, session, address, user_agent, tls, provider, endpoint, region,
// first_token, end, status, request_headers, response_headers, response.
func pairFormat() format {
	return format{
		name:    "pair",
		account: "account",
		fits: func(p *probe) bool {
			return p.has("request") && (p.has("time") || p.has("response")) && !p.has("client_ip") && !p.has("latencies") &&
				!p.has("startTime") && !p.has("started_at")
		},
		decode: (*decoder).pair,
	}
}

func (d *decoder) pair() {
	c, x := &d.c, &d.x
	var created string
	var h wireHeaders
	var k string
	c.object()
	for c.key(&k) {
		if to := d.canonicalText(k); to != nil && k != "error" {
			*to = c.scalar()
			continue
		}
		switch k {
		case "time", "first_token", "end", "address":
			d.canonicalField(c, k)
		case "status", "status_code":
			d.status(c.int())
		case "request":
			d.body(c)
		case "response":
			created = d.reply(c)
		case "request_headers", "headers", "response_headers":
			d.wire(c, &h)
		case "error":
			d.failure(c)
		default:
			c.skip()
		}
	}
	d.wireSettle(&h)
	if d.start == 0 && created != "" {
		d.start = instant(created)
	}
	x.Key = first(x.Key, h.key)
	x.Account = first(x.Account, x.Key)
	if x.Served == x.Model {
		x.Served = ""
	}
	x.Operation = first(x.Operation, operation(x.Endpoint))
	x.ID = first(x.ID, h.request, x.ResponseID)
}

// status notes an HTTP status.
func (d *decoder) status(code int) {
	if code >= 400 && code < 1000 {
		d.x.Failed, d.x.ErrorCode = true, code
	}
}

// reply reads a response, whole or as the list of its streamed pieces, and
// returns when the provider says it was made.
func (d *decoder) reply(c *cursor) (created string) {
	if c.peek() == '"' {
		s := c.quoted()
		in, ok := nested(s)
		if !ok {
			d.said(s)
			return ""
		}
		c = &in
	}
	if c.peek() == '[' {
		d.stream(c)
		return ""
	}
	if c.peek() != '{' {
		d.answer(c)
		return ""
	}
	if !c.object() {
		return ""
	}
	var k string
	for c.key(&k) {
		switch k {
		case "created", "created_at":
			created = c.scalar()
		default:
			d.answerField(c, k)
		}
	}
	return created
}

// wireHeaders is what headers say beyond the exchange's own fields.
type wireHeaders struct{ key, request, forwarded, real string }

// wire reads HTTP headers: an object of strings, or of lists of strings. A key
// is hashed at once: it is a secret.
func (d *decoder) wire(c *cursor, h *wireHeaders) {
	if !c.object() {
		return
	}
	x := &d.x
	var k string
	for c.key(&k) {
		v := c.firstScalar()
		switch http.CanonicalHeaderKey(k) {
		case "User-Agent":
			x.UserAgent = first(x.UserAgent, v)
		case "X-Ja4", "X-Ja4-Fingerprint":
			x.TLS = first(x.TLS, v)
		case "X-Forwarded-For":
			h.forwarded = v
		case "X-Real-Ip", "Cf-Connecting-Ip", "True-Client-Ip":
			h.real = v
		case "Authorization", "X-Api-Key", "Api-Key":
			h.key = first(h.key, hashKey(v))
		case "Openai-Organization", "Anthropic-Organization-Id":
			x.Org = first(x.Org, v)
		case "Openai-Project":
			x.Team = first(x.Team, v)
		case "Openai-Safety-Identifier":
			x.SubAccount = first(x.SubAccount, v)
		case "Request-Id", "X-Request-Id":
			h.request = first(h.request, v)
		}
	}
}

// wireSettle takes the address from the headers when the log has none of its own.
func (d *decoder) wireSettle(h *wireHeaders) {
	if !d.x.Address.IsValid() {
		d.x.Address = address(first(h.real, h.forwarded))
	}
}

// firstScalar reads a scalar, or the first of a list of them.
func (c *cursor) firstScalar() string {
	if c.peek() != '[' {
		return c.scalar()
	}
	v := ""
	for ok := c.array(); ok && c.more(); {
		v = first(v, c.scalar())
	}
	return v
}

// hashKey names a secret without telling it.
func hashKey(v string) string {
	v = strings.TrimSpace(v)
	if len(v) > 7 && strings.EqualFold(v[:7], "bearer ") {
		v = strings.TrimSpace(v[7:])
	}
	if v == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(v))
	return "sha256-" + hex.EncodeToString(sum[:16])
}
