package source

import "time"

// envoyFormat is Envoy AI Gateway's access log as JSON. Its fields are chosen by
// whoever runs it; these are the names of its documentation and the usual
// spellings. It has no texts.
func envoyFormat() format {
	return format{
		name:    "envoy",
		account: "tenant.id",
		fits: func(p *probe) bool {
			return p.has("start_time") && (p.has("gen_ai.request.model") || p.has("gen_ai.provider.name") || p.has("gen_ai.usage.input_tokens"))
		},
		decode: (*decoder).envoy,
		many:   true,
	}
}

func (d *decoder) envoy() {
	c, x := &d.c, &d.x
	var forwarded, peer, override string
	var took time.Duration
	best := len(tenants)
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "start_time":
			d.start = c.instant()
		case "duration":
			took = time.Duration(c.int()) * time.Millisecond
		case "x-forwarded-for", "x_forwarded_for":
			forwarded = envoyText(c)
		case "downstream_remote_address":
			peer = envoyText(c)
		case "gen_ai.request.model_override":
			override = envoyText(c)
		default:
			best = d.envoyField(c, k, best)
		}
	}
	if x.Address = address(forwarded); !x.Address.IsValid() {
		x.Address = address(peer)
	}
	if d.start > 0 && took > 0 {
		x.End = moment(d.start + int64(took))
	}
	x.Served = first(x.Served, override)
	if x.Served == x.Model {
		x.Served = ""
	}
	switch {
	case !c.done():
	case x.Model == "" && x.Served == "" && x.Usage.Input == 0:
		d.other() // a route without models
	default:
		d.yield()
	}
}

// envoyText reads a field; Envoy writes "-" for one that is empty.
func envoyText(c *cursor) string {
	if s := c.scalar(); s != "-" {
		return s
	}
	return ""
}

func (d *decoder) envoyField(c *cursor, k string, best int) int {
	x := &d.x
	v := envoyText(c)
	n, _ := digits(v)
	switch k {
	case "user-agent", "user_agent":
		x.UserAgent = v
	case "x-ja4", "ja4", "tls_ja4", "tls.client.ja4":
		x.TLS = v
	case "x-request-id", "x_request_id", "request_id":
		x.ID = v
	case "session.id", "agent-session-id", "mcp.session.id":
		x.Session = first(x.Session, v)
	case "response_code":
		d.status(n)
	case "path", "x-envoy-origin-path":
		x.Operation = first(x.Operation, operation(v))
	case "gen_ai.operation.name":
		x.Operation = v
	case "gen_ai.provider.name":
		x.Provider = v
	case "gen_ai.request.model":
		x.Model = v
	case "gen_ai.response.model":
		x.Served = v
	case "upstream_host":
		x.Endpoint = v
	case "gen_ai.usage.input_tokens":
		x.Usage.Input = n
	case "gen_ai.usage.output_tokens":
		x.Usage.Output = n
	case "gen_ai.usage.reasoning_tokens":
		x.Usage.Reasoning = n
	case "gen_ai.usage.cached_input_tokens", "gen_ai.usage.cache_read.input_tokens":
		x.Usage.CacheRead = n
	}
	return d.claim(tenants[:], best, k, v)
}
