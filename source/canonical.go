package source

import (
	_ "embed"

	"iolaus/exchange"
)

// Schema is the JSON Schema of the canonical line.
//
//go:embed schema/exchange.schema.json
var Schema []byte

// canonicalFormat is our own line: an exchange.Exchange as AppendCanonical writes it.
func canonicalFormat() format {
	return format{
		name:    "canonical",
		account: "account",
		fits: func(p *probe) bool {
			return p.has("time") && p.has("account") && !p.has("request") && !p.has("response") && !p.has("object")
		},
		decode: (*decoder).canonical,
	}
}

// canonical reads a canonical line.
func (d *decoder) canonical() {
	c := &d.c
	c.object()
	var k string
	for c.key(&k) {
		if to := d.canonicalText(k); to != nil {
			*to = c.scalar()
			continue
		}
		d.canonicalField(c, k)
	}
}

// canonicalText is where the string named k goes; nil when k is no plain string.
func (d *decoder) canonicalText(k string) *string {
	x := &d.x
	switch k {
	case "id":
		return &x.ID
	case "account":
		return &x.Account
	case "key":
		return &x.Key
	case "org":
		return &x.Org
	case "team":
		return &x.Team
	case "sub_account":
		return &x.SubAccount
	case "session":
		return &x.Session
	case "user_agent":
		return &x.UserAgent
	case "tls":
		return &x.TLS
	case "provider":
		return &x.Provider
	case "operation":
		return &x.Operation
	case "model":
		return &x.Model
	case "served":
		return &x.Served
	case "endpoint":
		return &x.Endpoint
	case "region":
		return &x.Region
	case "system":
		return &x.System
	case "output":
		return &x.Output
	case "finish":
		return &x.Finish
	case "error":
		return &x.Error
	case "response_id":
		return &x.ResponseID
	case "previous_response":
		return &x.PreviousResponse
	case "served_region":
		return &x.ServedRegion
	case "key_name":
		return &x.KeyName
	case "team_name":
		return &x.TeamName
	}
	return nil
}

// canonicalField reads every field that is no plain string.
func (d *decoder) canonicalField(c *cursor, k string) {
	x := &d.x
	switch k {
	case "time":
		d.start = c.instant()
	case "first_token":
		x.FirstToken = moment(c.instant())
	case "end":
		x.End = moment(c.instant())
	case "address":
		x.Address = address(c.scalar())
	case "params":
		d.canonicalParams(c)
	case "turns":
		d.pairs(c, "role", "text", func(a, b string) { x.Turns = append(x.Turns, exchange.Turn{Role: a, Text: b}) })
	case "tools":
		d.pairs(c, "name", "schema", func(a, b string) { x.Tools = append(x.Tools, exchange.Tool{Name: a, Schema: b}) })
	case "calls":
		d.pairs(c, "name", "arguments", func(a, b string) { x.Calls = append(x.Calls, exchange.Call{Name: a, Arguments: b}) })
	case "signatures":
		d.pairs(c, "value", "issued", func(a, b string) {
			x.Signatures = append(x.Signatures, exchange.Signature{Value: a, Issued: b == "true"})
		})
	case "usage":
		d.canonicalUsage(c)
	case "failed":
		x.Failed = c.bool()
	case "error_code":
		x.ErrorCode = c.int()
	case "truncated":
		x.Truncated = c.bool()
	case "fallbacks":
		x.Fallbacks = max(0, c.int())
	default:
		c.skip()
	}
}

// pairs reads a list of objects with the two fields a and b.
func (d *decoder) pairs(c *cursor, a, b string, add func(a, b string)) {
	if !c.array() {
		return
	}
	for c.more() {
		if !c.object() {
			continue
		}
		var k, va, vb string
		for c.key(&k) {
			switch k {
			case a:
				va = c.scalar()
			case b:
				vb = c.scalar()
			default:
				c.skip()
			}
		}
		add(va, vb)
	}
}

func (d *decoder) canonicalParams(c *cursor) {
	if !c.object() {
		return
	}
	p := &d.x.Params
	var k string
	for c.key(&k) {
		switch k {
		case "reasoning":
			p.Reasoning = c.scalar()
		case "logprobs":
			p.Logprobs = c.bool()
		case "max_tokens":
			p.MaxTokens = c.int()
		default:
			if !d.setting(c, k) {
				c.skip()
			}
		}
	}
}

func (d *decoder) canonicalUsage(c *cursor) {
	if !c.object() {
		return
	}
	u := &d.x.Usage
	var k string
	for c.key(&k) {
		switch k {
		case "input":
			u.Input = c.int()
		case "output":
			u.Output = c.int()
		case "cache_read":
			u.CacheRead = c.int()
		case "cache_write":
			u.CacheWrite = c.int()
		case "reasoning":
			u.Reasoning = c.int()
		case "cost":
			u.Cost, _ = c.num()
		default:
			c.skip()
		}
	}
}
