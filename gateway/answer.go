package gateway

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"iolaus/guard"
)

// parseAsk reads a question; false when it is none. line points into body.
func parseAsk(body []byte, q *guard.Request, route *string, line *[]byte) bool {
	if plain(body, q) {
		return true
	}
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil || v.Type() != fastjson.TypeObject {
		return false
	}
	q.Account, q.Org, *route = str(v, "account"), str(v, "org"), str(v, "route")
	if x := v.Get("exchange"); x != nil && x.Type() == fastjson.TypeObject {
		*line = x.MarshalTo(nil)
	}
	return true
}

func str(v *fastjson.Value, name string) string { return string(v.GetStringBytes(name)) }

// plain reads the commonest question, {"account":"NAME"}, without a parser.
func plain(b []byte, q *guard.Request) bool {
	const head = `{"account":"`
	if len(b) < len(head)+2 || string(b[:len(head)]) != head {
		return false
	}
	rest := b[len(head):]
	for i, c := range rest {
		switch {
		case c == '"':
			if string(rest[i:]) != `"}` {
				return false
			}
			q.Account = string(rest[:i])
			return true
		case c == '\\' || c < ' ' || c >= utf8.RuneSelf:
			return false
		}
	}
	return false
}

// appendAnswer writes an answer as a JSON line.
func appendAnswer(b []byte, a *guard.Answer) []byte {
	b = append(b, `{"measure":"`...)
	b = append(append(b, a.Measure.String()...), `","act":`...)
	b = append(strconv.AppendBool(b, a.Acts()), `,"shadow":`...)
	b = append(strconv.AppendBool(b, a.Shadow), `,"recognised":`...)
	b = strconv.AppendBool(b, a.Recognised)
	if a.Delay > 0 {
		b = strconv.AppendInt(append(b, `,"delay_ms":`...), a.Delay.Milliseconds(), 10)
	}
	if a.Recognised {
		b = strconv.AppendFloat(append(b, `,"log_odds":`...), float64(a.Nats), 'f', 1, 32)
	}
	for _, f := range [...][2]string{{"id", a.ID}, {"campaign", a.Campaign}, {"reason", a.Reason}, {"policy", a.Policy}, {"lift", a.Lift}} {
		if f[1] != "" {
			b = append(append(append(b, `,"`...), f[0]...), `":`...)
			b = appendString(b, f[1])
		}
	}
	b = append(b, `,"until":"`...)
	b = time.Unix(a.Until, 0).UTC().AppendFormat(b, time.RFC3339)
	return append(b, '"', '}', '\n')
}

func appendString(b []byte, s string) []byte {
	text, _ := json.Marshal(s)
	return append(b, text...)
}
