package observe

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode"
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
	for _, o := range s.clients.left(s) {
		s.trace.Leave(o)
	}
	return true
}

// clients remembers the programs seen and how they were set up, so that each is
// hashed and named once.
type clients struct {
	setups map[string]setup
	known  map[string]program
	labels map[exchange.Observable]string
}

// setup is what a program that is set up in one way leaves.
type setup [3]exchange.Observable

type program struct {
	agent, software exchange.Observable
	name            string // without version, with the TLS fingerprint
}

const (
	maxClients = 1 << 14
	maxSetups  = 1 << 14
)

// left returns what the program that sent an exchange leaves.
func (c *clients) left(s *sight) setup {
	s.buf = append(binary.AppendUvarint(s.buf[:0], uint64(len(s.x.UserAgent))), s.x.UserAgent...)
	s.buf = append(binary.AppendUvarint(s.buf, uint64(len(s.x.TLS))), s.x.TLS...)
	s.buf = values(s.buf, &s.x.Params)
	if l, ok := c.setups[string(s.buf)]; ok {
		return l
	}
	if c.setups == nil || len(c.setups) >= maxSetups {
		c.setups = map[string]setup{}
	}
	id := string(s.buf)
	p := c.of(s)
	s.buf = append(append(s.buf[:0], p.name...), 0)
	s.buf = settings(s.buf, &s.x.Params)
	l := setup{p.agent, p.software, exchange.NewObservable(exchange.Settings, s.Key.Hash(byte(exchange.Settings), view(s.buf)))}
	c.setups[id] = l
	return l
}

func (c *clients) of(s *sight) program {
	s.buf = append(append(append(s.buf[:0], s.x.UserAgent...), 0), s.x.TLS...)
	if p, ok := c.known[string(s.buf)]; ok {
		return p
	}
	if c.known == nil || len(c.known) >= maxClients {
		c.known, c.labels = map[string]program{}, map[exchange.Observable]string{}
	}
	id := string(s.buf)
	bare := unversioned(nil, s.x.UserAgent)
	p := program{name: string(append(append(bare, 0), s.x.TLS...))}
	p.agent = exchange.NewObservable(exchange.Agent, s.Key.Hash(byte(exchange.Agent), id))
	p.software = exchange.NewObservable(exchange.Software, s.Key.Hash(byte(exchange.Software), p.name))
	c.known[id] = p
	c.labels[p.agent] = printable(s.x.UserAgent)
	c.labels[p.software] = printable(string(bare))
	return p
}

// printable cuts a label to a sane length and drops what a terminal might obey.
func printable(s string) string {
	const longest = 80
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.Clone(s[:min(len(s), longest)]))
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

// values appends the parameters as they are, for a look-up; settings appends them
// as they count, which takes longer.
func values(b []byte, p *exchange.Params) []byte {
	for _, f := range [...]*float64{p.Temperature, p.TopP} {
		if f == nil {
			b = append(b, 0)
			continue
		}
		b = binary.LittleEndian.AppendUint64(append(b, 1), math.Float64bits(*f))
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(p.MaxTokens))
	b = binary.LittleEndian.AppendUint64(b, uint64(p.N))
	for _, is := range [...]bool{p.Stream, p.Logprobs, p.Seed != nil} {
		b = strconv.AppendBool(b, is)
	}
	return append(b, p.Reasoning...)
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
