package observe

import (
	"strconv"
	"unsafe"

	"iolaus/exchange"
)

// client sees what program sends the requests and how it is set up.
//
// Sees: user agent, TLS fingerprint, request parameters, and whether they fit
// together. Strong when a user agent comes with a TLS fingerprint that nobody
// else has with it: the name is forged. Fooled by an unchanged popular library.
// Innocent look-alike: everybody who uses the same tool; a client explains
// shared vendor prompts too, so both count as one cause.
type client struct{}

func (client) about() Signal {
	return Signal{"client", exchange.Client, "user agent or TLS fingerprint", "log the user agent and a JA4 fingerprint"}
}

func (client) observe(s *sight) bool {
	x := s.x
	if x.UserAgent == "" && x.TLS == "" {
		return false
	}
	s.buf = append(append(append(s.buf[:0], x.UserAgent...), 0), x.TLS...)
	s.leave(exchange.Agent, view(s.buf))
	s.buf = append(append(unversioned(s.buf[:0], x.UserAgent), 0), x.TLS...)
	s.leave(exchange.Software, view(s.buf))
	s.buf = append(s.buf, 0)
	s.buf = settings(s.buf, &x.Params)
	s.leave(exchange.Settings, view(s.buf))
	return true
}

// unversioned appends a user agent without digits and what joins them, so that
// an upgrade does not make another client.
func unversioned(dst []byte, agent string) []byte {
	for i := 0; i < len(agent); i++ {
		c := agent[i]
		if c >= '0' && c <= '9' || c == '.' && i+1 < len(agent) && agent[i+1] >= '0' && agent[i+1] <= '9' {
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

func settings(b []byte, p *exchange.Params) []byte {
	b = appendFloat(b, p.Temperature)
	b = appendFloat(b, p.TopP)
	b = append(strconv.AppendInt(b, int64(p.MaxTokens), 10), ' ')
	b = append(strconv.AppendInt(b, int64(p.N), 10), ' ')
	b = strconv.AppendBool(b, p.Stream)
	b = strconv.AppendBool(b, p.Logprobs)
	b = strconv.AppendBool(b, p.Seed != nil)
	return append(b, p.Reasoning...)
}

func appendFloat(b []byte, f *float64) []byte {
	if f != nil {
		b = strconv.AppendFloat(b, *f, 'g', 4, 64)
	}
	return append(b, ' ')
}

// view lends b as a string for the length of a hash.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
