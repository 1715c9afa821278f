package source

import (
	"time"

	"iolaus/exchange"
)

// AppendBedrock appends x as one line of Bedrock's model invocation log: a call of
// an Anthropic model, with the account in requestMetadata. The log has no place for
// addresses, clients, first tokens, costs and signatures; they are left out.
func AppendBedrock(dst []byte, x *exchange.Exchange) []byte {
	e := encoder{b: append(dst, `{"schemaType":"ModelInvocationLog","schemaVersion":"1.0"`...)}
	e.time("timestamp", x.Time.Truncate(time.Millisecond))
	e.str("accountId", x.Org)
	e.open("identity", '{')
	e.str("arn", x.Key)
	e.b = append(e.b, '}')
	e.str("region", x.Region)
	e.str("inferenceRegion", x.ServedRegion)
	e.str("requestId", x.ID)
	op := "InvokeModel"
	if x.Params.Stream {
		op = "InvokeModelWithResponseStream"
	}
	e.str("operation", op)
	e.str("modelId", x.Model)
	if x.Failed {
		e.str("errorCode", bedrockError(x.ErrorCode))
	}
	e.open("requestMetadata", '{')
	e.str("account_id", x.Account)
	e.str("session_id", x.Session)
	e.str("end_user", x.SubAccount)
	e.b = append(e.b, '}')
	e.open("input", '{')
	e.str("inputContentType", "application/json")
	e.open("inputBodyJson", '{')
	e.anthropic(x)
	e.b = append(e.b, '}')
	e.int("inputTokenCount", x.Usage.Input-x.Usage.CacheRead-x.Usage.CacheWrite)
	e.int("cacheReadInputTokenCount", x.Usage.CacheRead)
	e.int("cacheWriteInputTokenCount", x.Usage.CacheWrite)
	e.b = append(e.b, '}')
	if !x.Failed {
		e.open("output", '{')
		e.str("outputContentType", "application/json")
		e.open("outputBodyJson", '{')
		e.str("id", x.ResponseID)
		e.str("model", x.Served)
		e.answer(x)
		e.str("stop_reason", x.Finish)
		e.b = append(e.b, '}')
		e.int("outputTokenCount", x.Usage.Output)
		e.b = append(e.b, '}')
	}
	return append(e.b, '}', '\n')
}

// anthropic writes a request body.
func (e *encoder) anthropic(x *exchange.Exchange) {
	e.str("anthropic_version", "bedrock-2023-05-31")
	e.int("max_tokens", x.Params.MaxTokens)
	e.float("temperature", x.Params.Temperature)
	e.float("top_p", x.Params.TopP)
	e.str("system", x.System)
	list(e, "messages", x.Turns, func(t *exchange.Turn) {
		role, kind, field := t.Role, "text", "text"
		if role == "tool" {
			role, kind, field = "user", "tool_result", "content"
		}
		e.str("role", role)
		e.open("content", '[')
		e.b = append(e.b, '{')
		e.str("type", kind)
		e.str(field, t.Text)
		e.b = append(e.b, '}', ']')
	})
	list(e, "tools", x.Tools, func(t *exchange.Tool) {
		e.str("name", t.Name)
		e.name("input_schema")
		e.b = appendJSON(e.b, t.Schema)
	})
}

// answer writes a response's content.
func (e *encoder) answer(x *exchange.Exchange) {
	e.open("content", '[')
	if x.Output != "" {
		e.b = append(e.b, '{')
		e.str("type", "text")
		e.str("text", x.Output)
		e.b = append(e.b, '}')
	}
	for i, c := range x.Calls {
		if i > 0 || x.Output != "" {
			e.b = append(e.b, ',')
		}
		e.b = append(e.b, '{')
		e.str("type", "tool_use")
		e.str("name", c.Name)
		e.name("input")
		e.b = append(appendJSON(e.b, c.Arguments), '}')
	}
	e.b = append(e.b, ']')
}

// bedrockError is the inverse of bedrockStatus, as far as there is one.
func bedrockError(status int) string {
	switch status {
	case 400:
		return "ValidationException"
	case 401, 403:
		return "AccessDeniedException"
	case 404:
		return "ResourceNotFoundException"
	case 408:
		return "ModelTimeoutException"
	case 429:
		return "ThrottlingException"
	case 503:
		return "ServiceUnavailableException"
	}
	return "InternalServerException"
}
