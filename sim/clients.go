package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// class is what a client is used for.
type class uint8

const (
	chatClient class = iota
	sdkClient
	agentClient
	rawClient
)

var classNames = [...]string{"chat", "sdk", "agent", "raw"}

// software is a row of texts/clients.txt.
type software struct {
	name     string
	class    class
	weight   float64
	pattern  string
	versions []string
	stack    string
}

// client is one installed version of a software: what the gateway sees of it.
type client struct {
	agent string
	tls   string
}

// market is the population of client software.
type market struct {
	all     []software
	byClass [len(classNames)][]int
	weights [len(classNames)][]float64
}

func loadMarket() (*market, error) {
	raw, err := embedded.ReadFile("texts/clients.txt")
	if err != nil {
		return nil, err
	}
	m := &market{}
	for n, row := range strings.Split(string(raw), "\n") {
		f := strings.Fields(row)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) != 6 {
			return nil, fmt.Errorf("cannot read clients.txt, line %d: %d fields, want 6", n+1, len(f))
		}
		s := software{name: f[0], pattern: strings.ReplaceAll(f[3], "~", " "), versions: strings.Split(f[4], ","), stack: f[5]}
		for i, c := range classNames {
			if c == f[1] {
				s.class = class(i)
			}
		}
		if s.weight, err = strconv.ParseFloat(f[2], 64); err != nil {
			return nil, fmt.Errorf("cannot read clients.txt, line %d: %w", n+1, err)
		}
		m.byClass[s.class] = append(m.byClass[s.class], len(m.all))
		m.weights[s.class] = append(m.weights[s.class], s.weight)
		m.all = append(m.all, s)
	}
	return m, nil
}

// pick draws a software of a class in proportion to its users.
func (m *market) pick(d *dice, c class) *software {
	return &m.all[m.byClass[c][d.weighted(m.weights[c])]]
}

// install draws a version and the platform beneath it. Newer versions are more common,
// and a TLS fingerprint belongs to stack, platform and age, never to one account.
func (s *software) install(d *dice) client {
	n := len(s.versions)
	v := n - 1 - min(n-1, int(d.ExpFloat64()*float64(n)/3.2))
	platform := d.weighted([]float64{50, 22, 18, 7, 3})
	age := 0
	if v < n/2 {
		age = 1
	}
	return client{
		agent: strings.Replace(strings.Replace(s.pattern, "/v", "/"+s.versions[v], 1), " v", " "+s.versions[v], 1),
		tls:   ja4(s.stack, platform, age),
	}
}

// ja4 composes a fingerprint in JA4's form for a TLS stack's build. The counts in the
// clear part follow the stack; the hashes stand for its cipher and extension lists.
func ja4(stack string, platform, age int) string {
	h := hashName(stack)
	ciphers := 8 + h%12
	extensions := 9 + (h>>8)%8
	alpn := "h2"
	if stack == "urllib3" || stack == "java" || stack == "aiohttp" || stack == "curl" && platform == 4 {
		alpn = "h1"
	}
	build := h + uint64(platform*31+age*7)
	return fmt.Sprintf("t13d%02d%02d%s_%s_%s", ciphers, extensions+uint64(age), alpn, hexString(mix(build>>1), 12), hexString(mix(build+17), 12))
}
