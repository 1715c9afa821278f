package sample

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// LiteLLM writes one StandardLoggingPayload, with texts switched off.
func LiteLLM(w io.Writer, r *Request) error {
	status, failure := "success", "null"
	if r.Failed {
		status, failure = "failure", fmt.Sprintf(`{"error_code":"%d","error_class":"ServiceUnavailableError"}`, r.Code)
	}
	headers := "{}"
	if r.Provider == "azure" {
		headers = fmt.Sprintf(`{"llm_provider-x-ms-region":%q}`, r.Region)
	}
	_, err := fmt.Fprintf(w, `{"id":%q,"trace_id":%q,"call_type":"acompletion","status":%q,"startTime":%s,"endTime":%s,"model":%q,"model_group":%q,`+
		`"custom_llm_provider":%q,"api_base":%q,"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"response_cost":%.6f,"cache_hit":false,`+
		`"metadata":{"user_api_key_hash":%q,"user_api_key_alias":%q,"user_api_key_user_id":%q,"user_api_key_team_id":%q,"user_api_key_team_alias":%q},`+
		`"hidden_params":{"additional_headers":%s},"messages":"redacted-by-litellm","response":"redacted-by-litellm","model_parameters":{},"error_information":%s}`+"\n",
		r.ID, r.Trace, status, seconds(r.Start), seconds(r.End), r.Served, r.Asked, r.Provider, r.Endpoint, r.Input, r.Output, r.Input+r.Output, r.Cost,
		r.Key, r.TeamName, "svc_"+r.TeamName, r.Team, r.TeamName, headers, failure)
	return err
}

func seconds(t time.Time) string {
	return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64)
}

// OTLP writes one span as an OTLP/JSON export request, with the attributes of the
// OpenTelemetry conventions for generative AI.
func OTLP(w io.Writer, r *Request) error {
	host, port, _ := strings.Cut(r.Host, ":")
	host, _, _ = strings.Cut(host, "/")
	a := &attributes{}
	a.text("gen_ai.operation.name", "chat")
	a.text("gen_ai.provider.name", r.GenAI)
	a.text("gen_ai.request.model", r.Asked)
	if !r.Failed {
		a.text("gen_ai.response.model", r.Served)
		a.text("gen_ai.response.id", r.ID)
	} else {
		a.text("error.type", strconv.Itoa(r.Code))
	}
	a.text("server.address", host)
	if port != "" {
		a.number("server.port", port)
	}
	if r.Region != "" {
		a.text("cloud.region", r.Region)
	}
	a.number("gen_ai.usage.input_tokens", strconv.Itoa(r.Input))
	a.number("gen_ai.usage.output_tokens", strconv.Itoa(r.Output))
	a.text("user.id", "svc_"+r.TeamName)
	status := "{}"
	if r.Failed {
		status = `{"code":2}`
	}
	_, err := fmt.Fprintf(w, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}}]},"scopeSpans":[{"scope":{"name":"gateway"},"spans":[{`+
		`"traceId":%q,"spanId":%q,"name":%q,"kind":3,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[%s],"status":%s}]}]}]}`+"\n",
		r.TeamName, r.Trace, r.ID[len(r.ID)-16:], "chat "+r.Asked, r.Start.UnixNano(), r.End.UnixNano(), a.b.String(), status)
	return err
}

type attributes struct{ b strings.Builder }

func (a *attributes) add(key, kind, value string) {
	if a.b.Len() > 0 {
		a.b.WriteByte(',')
	}
	fmt.Fprintf(&a.b, `{"key":%q,"value":{%q:%s}}`, key, kind, value)
}

func (a *attributes) text(key, value string)   { a.add(key, "stringValue", strconv.Quote(value)) }
func (a *attributes) number(key, value string) { a.add(key, "intValue", strconv.Quote(value)) }

// Bedrock writes one model invocation log, and nothing for requests that went
// elsewhere: Amazon logs its own service only.
func Bedrock(w io.Writer, r *Request) error {
	if r.Provider != "bedrock" {
		return nil
	}
	ran, failure := "", ""
	if r.Ran != "" {
		ran = fmt.Sprintf(`"inferenceRegion":%q,`, r.Ran)
	}
	if r.Failed {
		failure = `,"errorCode":"ServiceUnavailableException"`
	}
	_, err := fmt.Fprintf(w, `{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":%q,"accountId":"123456789012","region":%q,"requestId":%q,`+
		`"operation":"Converse","modelId":%q,%s"identity":{"arn":"arn:aws:sts::123456789012:assumed-role/%s/session"},`+
		`"input":{"inputContentType":"application/json","inputTokenCount":%d},"output":{"outputContentType":"application/json","outputTokenCount":%d}%s}`+"\n",
		r.Start.UTC().Format(time.RFC3339Nano), r.Region, r.ID, r.Served, ran, r.TeamName, r.Input, r.Output, failure)
	return err
}
