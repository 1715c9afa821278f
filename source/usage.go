package source

// usage reads a token count in any known naming. Anthropic and Bedrock count
// cached tokens apart from the input; they are added, as the vocabulary includes
// them. kept says that the log's own top-level counts win.
func (d *decoder) usage(c *cursor, kept bool) {
	if !c.object() {
		return
	}
	u := d.x.Usage
	apart, fresh := false, false
	var k string
	for c.key(&k) {
		switch k {
		case "prompt_tokens", "input_tokens", "inputTokens", "inputTokenCount":
			u.Input, fresh = c.int(), true
		case "completion_tokens", "output_tokens", "outputTokens", "outputTokenCount":
			u.Output = c.int()
		case "cache_read_input_tokens", "cacheReadInputTokens", "cacheReadInputTokenCount":
			u.CacheRead, apart = c.int(), true
		case "cache_creation_input_tokens", "cacheWriteInputTokens", "cacheWriteInputTokenCount":
			u.CacheWrite, apart = c.int(), true
		case "prompt_tokens_details", "input_tokens_details", "completion_tokens_details", "output_tokens_details":
			d.usageDetails(c, &u.CacheRead, &u.Reasoning)
		case "cost":
			u.Cost, _ = c.num()
		case "inference_geo":
			d.x.ServedRegion = c.str()
		default:
			c.skip()
		}
	}
	if apart && fresh && !kept {
		u.Input += u.CacheRead + u.CacheWrite
	}
	if kept {
		u.Input, u.Output, u.Cost = d.x.Usage.Input, d.x.Usage.Output, d.x.Usage.Cost
	}
	d.x.Usage = u
}

func (d *decoder) usageDetails(c *cursor, cached, reasoning *int) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "cached_tokens":
			*cached = c.int()
		case "reasoning_tokens":
			*reasoning = c.int()
		default:
			c.skip()
		}
	}
}

// failure reads an error of any known shape; null and {} are none.
func (d *decoder) failure(c *cursor) {
	x := &d.x
	if c.peek() != '{' {
		if s := c.scalar(); s != "" && s != "false" {
			x.Failed = true
		}
		return
	}
	c.object()
	var k, kind, code string
	some := false
	for c.key(&k) {
		switch k {
		case "error_code", "code", "status", "status_code":
			code = c.scalar()
		case "error_class", "type":
			kind = c.scalar()
		default:
			c.skip()
		}
		some = some || code != "" || kind != ""
	}
	if !some {
		return
	}
	x.Failed = true
	if n, ok := digits(code); ok && n >= 100 && n < 1000 {
		x.ErrorCode = n
	} else if kind == "" && plainWord(code) {
		kind = code
	}
	if plainWord(kind) {
		x.Error = kind
	}
}

// plainWord says that s is the name of a class and not a message.
func plainWord(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if ch := s[i]; class[ch]&isScalar == 0 && ch != '_' {
			return false
		}
	}
	return true
}
