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
	s.leavePrefix(exchange.Address, a, host)
	s.leavePrefix(exchange.Network, a, wide)
	return true
}

func (s *sight) leavePrefix(k exchange.Kind, a netip.Addr, bits int) {
	p, err := a.Prefix(bits)
	if err != nil {
		return
	}
	b := p.Addr().As16()
	s.buf = append(s.buf[:0], b[:]...)
	s.leave(k, view(s.buf))
}
