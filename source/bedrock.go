package source

import "strings"

// bedrockFormat is Amazon Bedrock's model invocation log.
func bedrockFormat() format {
	return format{
		name:    "bedrock",
		account: "requestMetadata or identity.arn",
		fits: func(p *probe) bool {
			return p.holds("schemaType", "ModelInvocationLog") || p.has("modelId") && p.has("requestId") && p.has("input")
		},
		decode: (*decoder).bedrock,
	}
}

func (d *decoder) bedrock() {
	c, x := &d.c, &d.x
	var arn, account string
	owner := len(owners)
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "timestamp":
			d.start = c.instant()
		case "accountId":
			account = c.scalar()
		case "identity":
			arn = c.lookupOnce("arn")
		case "requestMetadata":
			owner = d.bedrockMetadata(c, owner)
		case "requestId":
			x.ID = c.scalar()
		case "operation":
			d.bedrockOperation(c.str())
		case "modelId":
			x.Model = c.str()
		case "region":
			x.Region = c.str()
		case "inferenceRegion":
			x.ServedRegion = c.str()
		case "input":
			d.bedrockBody(c, false)
		case "output":
			d.bedrockBody(c, true)
		case "errorCode":
			if x.Error = c.scalar(); x.Error != "" {
				x.Failed, x.ErrorCode = true, bedrockStatus(x.Error)
			}
		default:
			c.skip()
		}
	}
	x.Org = account
	x.Key = arn
	x.Provider = "aws.bedrock"
	x.Account = first(x.Account, caller(arn), account)
	if x.ServedRegion == x.Region {
		x.ServedRegion = ""
	}
}

// bedrockMetadata takes the best owner among the request's own tags.
func (d *decoder) bedrockMetadata(c *cursor, best int) int {
	if !c.object() {
		return best
	}
	var k string
	for c.key(&k) {
		v := c.scalar()
		switch k {
		case "session_id", "sessionId", "session":
			d.x.Session = v
		case "end_user", "endUser":
			d.x.SubAccount = v
		}
		best = d.claim(owners[:], best, k, v)
	}
	return best
}

// caller is the lasting part of an ARN: a role's session counts only when a
// person or a service chose its name, not when a tool made it up.
func caller(arn string) string {
	i := strings.LastIndexByte(arn, '/')
	if i < 0 || !strings.Contains(arn, ":assumed-role/") {
		return arn
	}
	session := arn[i+1:]
	figures := 0
	for _, ch := range []byte(session) {
		if ch-'0' <= 9 {
			figures++
		}
	}
	if strings.HasPrefix(session, "i-") || figures >= 6 {
		return arn[:i]
	}
	return arn
}

func (d *decoder) bedrockOperation(op string) {
	switch {
	case strings.HasPrefix(op, "Converse"):
		d.x.Operation = "chat"
	case strings.HasPrefix(op, "InvokeModel"):
		d.x.Operation = "invoke"
	default:
		d.x.Operation = op
	}
	d.x.Params.Stream = d.x.Params.Stream || strings.HasSuffix(op, "Stream")
}

// bedrockBody reads input or output: the body, where it was put if it was large,
// and the token counts, which win over those in the body.
func (d *decoder) bedrockBody(c *cursor, output bool) {
	if !c.object() {
		return
	}
	x := &d.x
	in, out, read, write := -1, -1, 0, 0
	var k string
	for c.key(&k) {
		switch k {
		case "inputBodyJson":
			d.body(c)
		case "outputBodyJson":
			d.reply(c)
		case "inputBodyS3Path", "outputBodyS3Path":
			x.Truncated = c.scalar() != "" || x.Truncated
		case "inputTokenCount":
			in = c.int()
		case "outputTokenCount":
			out = c.int()
		case "cacheReadInputTokenCount":
			read = c.int()
		case "cacheWriteInputTokenCount":
			write = c.int()
		default:
			c.skip()
		}
	}
	if in >= 0 {
		x.Usage.Input, x.Usage.CacheRead, x.Usage.CacheWrite = in+read+write, read, write
	} else if output && x.Usage.Input == 0 {
		x.Usage.CacheRead, x.Usage.CacheWrite = read, write
	}
	if out >= 0 {
		x.Usage.Output = out
	}
}

func bedrockStatus(code string) int {
	switch code {
	case "ThrottlingException", "ServiceQuotaExceededException":
		return 429
	case "AccessDeniedException":
		return 403
	case "ValidationException":
		return 400
	case "ResourceNotFoundException":
		return 404
	case "ModelTimeoutException":
		return 408
	case "ServiceUnavailableException", "ModelNotReadyException":
		return 503
	case "InternalServerException", "ModelErrorException":
		return 500
	}
	return 0
}

// lookupOnce steps over the next value and returns the scalar at a path in it.
func (c *cursor) lookupOnce(path string) string {
	sub := cursor{b: c.raw()}
	return sub.lookup(path)
}
