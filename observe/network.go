package observe

import (
	"net/netip"

	"iolaus/exchange"
)

// network sees the address and the network a request came from. IPv6 counts by
// its /64 and /48, IPv4 by the address and its /24.
//
// Sees: requester addresses. Strong when a small exit serves many accounts and
// little else. Fooled by residential proxies that give each request another
// home. Innocent look-alike: offices, classes, mobile carriers, VPN users; exits
// are rented to many, so addresses never convict alone.
type network struct{}

func (network) about() Signal {
	return Signal{"network", exchange.Infrastructure, "the requester's address", "log the client's address as the gateway sees it"}
}

func (network) observe(s *sight) bool {
	a := s.x.Address.Unmap()
	if !a.IsValid() || a.IsLoopback() || a.IsUnspecified() {
		return false
	}
	host, wide := 32, 24
	if a.Is6() {
		host, wide = 64, 48
	}
	o := s.prefix(exchange.Address, a, host)
	w := s.prefix(exchange.Network, a, wide)
	s.trace.Leave(o)
	s.trace.Leave(w)
	if kind := s.Networks.Kind(a); kind != "" {
		s.placed.name(o, kind)
		s.placed.name(w, kind)
	}
	return true
}

// prefix is the observable of the network of so many bits that a is in.
func (s *sight) prefix(k exchange.Kind, a netip.Addr, bits int) exchange.Observable {
	p, err := a.Prefix(bits)
	if err != nil {
		return 0
	}
	b := p.Addr().As16()
	s.buf = append(s.buf[:0], b[:]...)
	return exchange.NewObservable(k, s.Key.Hash(byte(k), view(s.buf)))
}

// places names the networks that lists know.
type places map[exchange.Observable]string

const maxPlaces = 1 << 16

func (p *places) name(o exchange.Observable, kind string) {
	if _, ok := (*p)[o]; ok {
		return
	}
	if *p == nil || len(*p) >= maxPlaces {
		*p = places{}
	}
	(*p)[o] = kind
}
