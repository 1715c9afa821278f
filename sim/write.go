package sim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"iolaus/exchange"
)

// Files that Write makes.
const (
	ExchangesFile     = "exchanges.jsonl.zst"
	ExchangesGzipFile = "exchanges.jsonl.gz"
	AccountsFile      = "accounts.jsonl"
	TruthFile         = "truth.jsonl"
)

// Output says how a world is written; the zero value is zstd without progress.
type Output struct {
	Gzip     bool
	Progress func(done, total int) // called now and then
}

// Write plays the world into a folder: exchanges as LiteLLM StandardLoggingPayload
// lines in the order of time, the sign-up registry, and the truth, which is for
// scoring alone.
func (w *World) Write(dir string, o Output) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot write world: %w", err)
	}
	if err := writeFile(filepath.Join(dir, AccountsFile), w.writeAccounts); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, TruthFile), w.writeTruth); err != nil {
		return err
	}
	if o.Gzip {
		return writeFile(filepath.Join(dir, ExchangesGzipFile), func(out io.Writer) error {
			z := gzip.NewWriter(out)
			return errors.Join(w.writeExchanges(z, o.Progress), z.Close())
		})
	}
	return writeFile(filepath.Join(dir, ExchangesFile), func(out io.Writer) error {
		z, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
		if err != nil {
			return err
		}
		return errors.Join(w.writeExchanges(z, o.Progress), z.Close())
	})
}

func writeFile(name string, fill func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("cannot write world: %w", err)
	}
	out := bufio.NewWriterSize(f, 1<<18)
	if err := errors.Join(fill(out), out.Flush(), f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

func (w *World) writeExchanges(out io.Writer, progress func(done, total int)) error {
	var line []byte
	n := 0
	return w.Each(func(x *exchange.Exchange) error {
		line = appendLiteLLM(line[:0], x)
		if n++; progress != nil && n%4096 == 0 {
			progress(n, w.total)
		}
		_, err := out.Write(line)
		return err
	})
}

// appendLiteLLM appends one exchange as a StandardLoggingPayload line.
func appendLiteLLM(b []byte, x *exchange.Exchange) []byte {
	b = field(append(b, '{'), "id", x.ID)
	b = field(append(b, ','), "trace_id", x.Session)
	b = append(b, `,"call_type":"acompletion","status":`...)
	status := "success"
	if x.Failed {
		status = "failure"
	}
	b = appendString(b, status)
	b = seconds(b, "startTime", x.Time)
	b = seconds(b, "endTime", x.End)
	if !x.FirstToken.IsZero() && x.Params.Stream {
		b = seconds(b, "completionStartTime", x.FirstToken)
	}
	b = field(append(b, ','), "model", x.Model)
	b = field(append(b, ','), "model_group", x.Model)
	b = field(append(b, ','), "custom_llm_provider", x.Provider)
	b = number64(b, "prompt_tokens", x.Usage.Input)
	b = number64(b, "completion_tokens", x.Usage.Output)
	b = number64(b, "total_tokens", x.Usage.Input+x.Usage.Output)
	b = strconv.AppendFloat(append(b, `,"response_cost":`...), x.Usage.Cost, 'f', 6, 64)
	b = append(b, `,"cache_hit":false,"request_tags":[`...)
	b = append(appendString(b, "User-Agent: "+x.UserAgent), ']')
	b = field(append(b, ','), "end_user", x.SubAccount)
	b = appendAddress(append(b, ','), x)
	b = append(b, `,"metadata":{`...)
	b = field(b, "user_api_key_hash", x.Key)
	b = field(append(b, ','), "user_api_key_alias", x.KeyName)
	b = field(append(b, ','), "user_api_key_user_id", x.Account)
	b = optional(append(b, `,"user_api_key_team_id":null,`...), "user_api_key_org_id", x.Org)
	b = appendAddress(append(b, ','), x)
	b = field(append(b, `,"requester_custom_headers":{`...), "x-ja4", x.TLS)
	b = append(b, `}},"messages":[`...)
	b = appendMessages(b, x)
	b = appendResponse(append(b, ']'), x)
	b = appendParameters(b, x)
	return append(b, "}\n"...)
}

func appendAddress(b []byte, x *exchange.Exchange) []byte {
	b = append(b, `"requester_ip_address":"`...)
	return append(x.Address.AppendTo(b), '"')
}

func appendMessages(b []byte, x *exchange.Exchange) []byte {
	last := -1 // the assistant's turn that its seal comes back with
	for i := range x.Turns {
		if x.Turns[i].Role == "assistant" {
			last = i
		}
	}
	message := func(i int, role, text string) {
		b = field(append(b, '{'), "role", role)
		b = field(append(b, ','), "content", text)
		for _, s := range x.Signatures {
			if i == last && i >= 0 && !s.Issued {
				b = append(b, `,"thinking_blocks":[{"type":"thinking","thinking":"",`...)
				b = append(field(b, "signature", s.Value), `}]`...)
			}
		}
		b = append(b, "},"...)
	}
	if x.System != "" {
		message(-1, "system", x.System)
	}
	for i := range x.Turns {
		message(i, x.Turns[i].Role, x.Turns[i].Text)
	}
	return bytes.TrimSuffix(b, []byte(","))
}

func appendResponse(b []byte, x *exchange.Exchange) []byte {
	if x.Failed {
		return append(b, `,"response":{}`...)
	}
	b = field(append(b, `,"response":{`...), "id", x.ID)
	b = field(append(b, `,"object":"chat.completion","choices":[{"index":0,`...), "finish_reason", x.Finish)
	b = field(append(b, `,"message":{"role":"assistant",`...), "content", x.Output)
	if len(x.Calls) > 0 {
		b = append(b, `,"tool_calls":[`...)
		for i, c := range x.Calls {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"id":"call_`...)
			b = strconv.AppendInt(append(b, x.ID[len(x.ID)-6:]...), int64(i), 10)
			b = field(append(b, `","type":"function","function":{`...), "name", c.Name)
			b = append(field(append(b, ','), "arguments", c.Arguments), `}}`...)
		}
		b = append(b, ']')
	}
	for _, s := range x.Signatures {
		if s.Issued {
			b = append(b, `,"thinking_blocks":[{"type":"thinking","thinking":"",`...)
			b = append(field(b, "signature", s.Value), `}]`...)
		}
	}
	b = strconv.AppendInt(append(b, `}}],"usage":{"prompt_tokens":`...), int64(x.Usage.Input), 10)
	b = strconv.AppendInt(append(b, `,"completion_tokens":`...), int64(x.Usage.Output), 10)
	return append(b, `}}`...)
}

func appendParameters(b []byte, x *exchange.Exchange) []byte {
	p := &x.Params
	b = strconv.AppendBool(append(b, `,"model_parameters":{"stream":`...), p.Stream)
	if p.Temperature != nil {
		b = strconv.AppendFloat(append(b, `,"temperature":`...), *p.Temperature, 'g', -1, 64)
	}
	if p.TopP != nil {
		b = strconv.AppendFloat(append(b, `,"top_p":`...), *p.TopP, 'g', -1, 64)
	}
	if p.MaxTokens > 0 {
		b = number64(b, "max_tokens", p.MaxTokens)
	}
	if p.N > 1 {
		b = number64(b, "n", p.N)
	}
	if p.Seed != nil {
		b = number64(b, "seed", int(*p.Seed))
	}
	if p.Reasoning != "" {
		b = field(append(b, ','), "reasoning_effort", p.Reasoning)
	}
	b = appendTools(b, x.Tools)
	b = append(b, `},"error_information":`...)
	if !x.Failed {
		return append(b, "null"...)
	}
	b = field(append(b, '{'), "error_code", strconv.Itoa(x.ErrorCode))
	b = field(append(b, ','), "error_class", x.Error)
	return append(field(append(b, ','), "llm_provider", x.Provider), '}')
}

func appendTools(b []byte, tools []exchange.Tool) []byte {
	for i, t := range tools {
		if i == 0 {
			b = append(b, `,"tools":[`...)
		} else {
			b = append(b, ',')
		}
		b = field(append(b, `{"type":"function","function":{`...), "name", t.Name)
		b = append(b, `,"parameters":`...)
		if json.Valid([]byte(t.Schema)) {
			b = append(b, t.Schema...)
		} else {
			b = append(b, "{}"...)
		}
		b = append(b, `}}`...)
	}
	if len(tools) > 0 {
		b = append(b, ']')
	}
	return b
}

func field(b []byte, name, value string) []byte {
	b = append(append(append(b, '"'), name...), `":`...)
	return appendString(b, value)
}

func optional(b []byte, name, value string) []byte {
	if value != "" {
		return field(b, name, value)
	}
	return append(append(append(b, '"'), name...), `":null`...)
}

func number64(b []byte, name string, n int) []byte {
	b = append(append(append(b, `,"`...), name...), `":`...)
	return strconv.AppendInt(b, int64(n), 10)
}

func seconds(b []byte, name string, t time.Time) []byte {
	b = append(append(append(b, `,"`...), name...), `":`...)
	return strconv.AppendFloat(b, float64(t.UnixMilli())/1000, 'f', 3, 64)
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		ch := s[i]
		if ch >= 0x20 && ch != '"' && ch != '\\' && ch < utf8.RuneSelf {
			i++
			continue
		}
		if ch >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
		}
		b = append(b, s[from:i]...)
		switch ch {
		case '"', '\\':
			b = append(b, '\\', ch)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			if ch >= utf8.RuneSelf {
				b = append(b, `�`...)
			} else {
				b = append(b, '\\', 'u', '0', '0', hexDigits[ch>>4], hexDigits[ch&15])
			}
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
