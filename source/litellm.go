package source

import "strings"

// litellmFormat is LiteLLM's StandardLoggingPayload, one JSON object per line.
func litellmFormat() format {
	return format{
		name:    "litellm",
		account: "metadata.user_api_key_user_id",
		fits: func(p *probe) bool {
			return p.has("startTime") && p.has("metadata") && (p.has("call_type") || p.has("model_group")) &&
				!p.has("api_key") // that is SpendLogs
		},
		decode: (*decoder).litellm,
	}
}

// noUser is the user that LiteLLM writes for requests with its master key: nobody.
const noUser = "default_user_id"

// litellm reads a StandardLoggingPayload.
func (d *decoder) litellm() {
	c, x := &d.c, &d.x
	var who litellmMeta
	var group, status string
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "id":
			x.ID = c.scalar()
		case "trace_id":
			x.Session = first(x.Session, c.scalar())
		case "session_id":
			x.Session = first(c.scalar(), x.Session)
		case "call_type":
			x.Operation = litellmOperation(c.str())
		case "status":
			status = c.str()
		case "startTime":
			d.start = c.instant()
		case "endTime":
			x.End = moment(c.instant())
		case "completionStartTime":
			x.FirstToken = moment(c.instant())
		case "model":
			x.Served = first(c.str(), x.Served)
		case "model_group":
			group = c.str()
		case "metadata":
			d.litellmMetadata(c, &who)
		case "model_parameters":
			d.settings(c)
		case "error_information":
			d.failure(c)
		case "messages":
			d.messages(c)
		case "response":
			d.litellmResponse(c)
		default:
			d.litellmRest(c, k)
		}
	}
	x.Model = first(group, x.Served)
	if x.Served == x.Model {
		x.Served = ""
	}
	who.settle(d)
	d.litellmStatus(status)
}

// litellmStatus lets the log's own word decide whether the request failed.
func (d *decoder) litellmStatus(status string) {
	switch status {
	case "failure":
		d.x.Failed = true
	case "success":
		d.x.Failed, d.x.ErrorCode, d.x.Error = false, 0, ""
	}
}

// litellmRest reads the fields that SpendLogs names alike or that matter less.
func (d *decoder) litellmRest(c *cursor, k string) {
	x := &d.x
	switch k {
	case "prompt_tokens":
		x.Usage.Input = c.int()
	case "completion_tokens":
		x.Usage.Output = c.int()
	case "response_cost", "spend":
		x.Usage.Cost, _ = c.num()
	case "request_tags":
		d.litellmTags(c)
	case "end_user":
		x.SubAccount = first(c.scalar(), x.SubAccount)
	case "requester_ip_address":
		if a := address(c.scalar()); a.IsValid() {
			x.Address = a
		}
	case "custom_llm_provider":
		x.Provider = c.str()
	case "api_base":
		x.Endpoint = first(c.str(), x.Endpoint)
	case "hidden_params":
		d.litellmHidden(c)
	default:
		c.skip()
	}
}

// litellmHidden reads what the gateway notes of the deployment and of the
// provider's own response headers.
func (d *decoder) litellmHidden(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "api_base":
			d.x.Endpoint = first(d.x.Endpoint, c.str())
		case "additional_headers":
			d.litellmUpstream(c)
		default:
			c.skip()
		}
	}
}

// litellmUpstream reads the response headers that tell where an answer came from.
func (d *decoder) litellmUpstream(c *cursor) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(k), "_", "-"), "llm-provider-") {
		case "x-ms-region":
			d.x.Region = first(c.scalar(), d.x.Region)
		case "x-litellm-attempted-fallbacks":
			d.x.Fallbacks = max(0, c.int())
		default:
			c.skip()
		}
	}
}

// litellmOperation drops the mark of the asynchronous variant.
func litellmOperation(s string) string {
	switch s {
	case "acompletion", "completion":
		return "chat"
	case "aresponses", "responses":
		return "responses"
	case "aembedding", "embedding":
		return "embeddings"
	case "atext_completion", "text_completion":
		return "completion"
	case "anthropic_messages":
		return "messages"
	}
	return s
}

// litellmMeta is what the metadata says of who sent the request.
type litellmMeta struct{ user, email, hash string }

// settle chooses the account: the key's user, else its owner (a person's address,
// or the team that holds a service key), else the key itself.
func (m *litellmMeta) settle(d *decoder) {
	if m.user == noUser {
		m.user = ""
	}
	d.x.Key = first(m.hash, d.x.Key)
	d.x.Account = first(m.user, m.email, d.x.Team, d.x.Key)
}

func (d *decoder) litellmMetadata(c *cursor, m *litellmMeta) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		d.litellmMetaField(c, k, m)
	}
}

func (d *decoder) litellmMetaField(c *cursor, k string, m *litellmMeta) {
	x := &d.x
	switch k {
	case "user_api_key_hash", "user_api_key":
		m.hash = first(m.hash, c.scalar())
	case "user_api_key_user_id":
		m.user = c.scalar()
	case "user_api_key_user_email":
		m.email = c.scalar()
	case "user_api_key_org_id":
		x.Org = c.scalar()
	case "user_api_key_team_id":
		x.Team = c.scalar()
	case "user_api_key_alias":
		x.KeyName = c.scalar()
	case "user_api_key_team_alias":
		x.TeamName = c.scalar()
	case "user_api_key_end_user_id":
		x.SubAccount = first(x.SubAccount, c.scalar())
	case "requester_ip_address":
		if s := c.scalar(); !x.Address.IsValid() {
			x.Address = address(s)
		}
	case "requester_custom_headers", "headers":
		d.headers(c)
	case "user_agent":
		x.UserAgent = first(c.scalar(), x.UserAgent)
	case "usage_object":
		d.usage(c, true)
	default:
		c.skip()
	}
}

// headers reads request headers: the client's name, its TLS fingerprint, where it came from.
func (d *decoder) headers(c *cursor) {
	if !c.object() {
		return
	}
	x := &d.x
	var k string
	for c.key(&k) {
		switch {
		case strings.EqualFold(k, "user-agent"):
			x.UserAgent = first(c.scalar(), x.UserAgent)
		case strings.EqualFold(k, "x-ja4"), strings.EqualFold(k, "x-ja4-fingerprint"):
			x.TLS = c.scalar()
		case strings.EqualFold(k, "x-ja3"), strings.EqualFold(k, "x-ja3-fingerprint"):
			x.TLS = first(x.TLS, c.scalar())
		default:
			c.skip()
		}
	}
}

// litellmTags reads request_tags, a list or a JSON list in a string, for the user agent.
func (d *decoder) litellmTags(c *cursor) {
	if c.peek() == '"' {
		if inner, ok := nested(c.quoted()); ok {
			d.litellmTags(&inner)
		}
		return
	}
	if !c.array() {
		return
	}
	for c.more() {
		if name, ok := strings.CutPrefix(c.scalar(), "User-Agent: "); ok && len(name) > len(d.x.UserAgent) {
			d.x.UserAgent = name
		}
	}
}

// litellmResponse reads the answer and keeps the payload's own counts and model.
func (d *decoder) litellmResponse(c *cursor) {
	served, usage := d.x.Served, d.x.Usage
	d.answer(c)
	if usage.Input != 0 || usage.Output != 0 {
		d.x.Usage.Input, d.x.Usage.Output = usage.Input, usage.Output
	}
	d.x.Usage.Cost = usage.Cost
	d.x.Served = first(served, d.x.Served)
}
