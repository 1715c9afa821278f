package source

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"iolaus/exchange"
)

// AppendCanonical appends x as one canonical line, with its newline. Absent
// facts are left out. Bytes that are not UTF-8 become U+FFFD, and times and
// numbers that JSON or the schema cannot hold are left out.
func AppendCanonical(dst []byte, x *exchange.Exchange) []byte {
	e := encoder{b: append(dst, '{')}
	e.str("id", x.ID)
	e.time("time", x.Time)
	e.time("first_token", x.FirstToken)
	e.time("end", x.End)
	e.str("account", x.Account)
	e.str("key", x.Key)
	e.str("org", x.Org)
	e.str("team", x.Team)
	e.str("sub_account", x.SubAccount)
	e.str("session", x.Session)
	if x.Address.IsValid() {
		e.str("address", x.Address.WithZone("").Unmap().String())
	}
	e.str("user_agent", x.UserAgent)
	e.str("tls", x.TLS)
	e.str("provider", x.Provider)
	e.str("operation", x.Operation)
	e.str("model", x.Model)
	e.str("served", x.Served)
	e.str("endpoint", x.Endpoint)
	e.str("region", x.Region)
	e.params(&x.Params)
	e.str("system", x.System)
	list(&e, "turns", x.Turns, func(t *exchange.Turn) { e.str("role", t.Role); e.str("text", t.Text) })
	list(&e, "tools", x.Tools, func(t *exchange.Tool) { e.str("name", t.Name); e.str("schema", t.Schema) })
	e.str("output", x.Output)
	list(&e, "calls", x.Calls, func(c *exchange.Call) { e.str("name", c.Name); e.str("arguments", c.Arguments) })
	e.str("finish", x.Finish)
	e.usage(&x.Usage)
	e.flag("failed", x.Failed)
	e.int("error_code", x.ErrorCode)
	e.str("error", x.Error)
	e.str("response_id", x.ResponseID)
	e.str("previous_response", x.PreviousResponse)
	list(&e, "signatures", x.Signatures, func(s *exchange.Signature) { e.str("value", s.Value); e.flag("issued", s.Issued) })
	e.flag("truncated", x.Truncated)
	e.str("served_region", x.ServedRegion)
	e.int("fallbacks", x.Fallbacks)
	e.str("key_name", x.KeyName)
	e.str("team_name", x.TeamName)
	return append(e.b, '}', '\n')
}

func (e *encoder) params(p *exchange.Params) {
	if *p == (exchange.Params{}) {
		return
	}
	e.open("params", '{')
	e.float("temperature", p.Temperature)
	e.float("top_p", p.TopP)
	e.int("max_tokens", p.MaxTokens)
	e.int("n", p.N)
	if p.Seed != nil {
		e.name("seed")
		e.b = strconv.AppendInt(e.b, *p.Seed, 10)
	}
	e.flag("stream", p.Stream)
	e.flag("logprobs", p.Logprobs)
	e.str("reasoning", p.Reasoning)
	e.b = append(e.b, '}')
}

func (e *encoder) usage(u *exchange.Usage) {
	if *u == (exchange.Usage{}) {
		return
	}
	e.open("usage", '{')
	e.int("input", u.Input)
	e.int("output", u.Output)
	e.int("cache_read", u.CacheRead)
	e.int("cache_write", u.CacheWrite)
	e.int("reasoning", u.Reasoning)
	if u.Cost != 0 {
		e.float("cost", &u.Cost)
	}
	e.b = append(e.b, '}')
}

// An encoder appends the fields of JSON objects; zero values are left out.
type encoder struct{ b []byte }

// name begins a field.
func (e *encoder) name(k string) {
	if last := e.b[len(e.b)-1]; last != '{' && last != '[' {
		e.b = append(e.b, ',')
	}
	e.b = append(append(append(e.b, '"'), k...), '"', ':')
}

func (e *encoder) open(k string, bracket byte) {
	e.name(k)
	e.b = append(e.b, bracket)
}

func (e *encoder) str(k, v string) {
	if v != "" {
		e.name(k)
		e.b = appendString(e.b, v)
	}
}

func (e *encoder) int(k string, v int) {
	if v != 0 {
		e.name(k)
		e.b = strconv.AppendInt(e.b, int64(v), 10)
	}
}

func (e *encoder) flag(k string, v bool) {
	if v {
		e.name(k)
		e.b = append(e.b, "true"...)
	}
}

func (e *encoder) float(k string, v *float64) {
	if v != nil && !math.IsNaN(*v) && !math.IsInf(*v, 0) {
		e.name(k)
		e.b = strconv.AppendFloat(e.b, *v, 'g', -1, 64)
	}
}

func (e *encoder) time(k string, t time.Time) {
	if !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999 {
		e.name(k)
		e.b = append(t.UTC().AppendFormat(append(e.b, '"'), time.RFC3339Nano), '"')
	}
}

// list writes a list of objects.
func list[T any](e *encoder, k string, all []T, fields func(*T)) {
	if len(all) == 0 {
		return
	}
	e.open(k, '[')
	for i := range all {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(e.b, '{')
		fields(&all[i])
		e.b = append(e.b, '}')
	}
	e.b = append(e.b, ']')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		ch := s[i]
		if ch >= ' ' && ch != '"' && ch != '\\' && ch < utf8.RuneSelf {
			i++
			continue
		}
		if ch >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += n
			continue
		}
		dst = append(dst, s[from:i]...)
		switch ch {
		case '"', '\\':
			dst = append(dst, '\\', ch)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[ch>>4], hexDigits[ch&15])
		}
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}
