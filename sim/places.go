package sim

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// country is a row of texts/countries.txt.
type country struct {
	code      string
	weight    float64
	offset    int // hours from UTC
	languages []string
	shares    []float64
	homes     []netip.Prefix
	mobiles   []netip.Prefix
	mails     []string
	tld       string
}

// geography is where people and machines are.
type geography struct {
	countries    []country
	weights      []float64
	hosting, vpn []netip.Prefix
}

func loadGeography() (*geography, error) {
	g := &geography{}
	raw, err := embedded.ReadFile("texts/countries.txt")
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(string(raw), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		c, err := parseCountry(f)
		if err != nil {
			return nil, fmt.Errorf("cannot read countries.txt, line %d: %w", n+1, err)
		}
		g.countries = append(g.countries, c)
		g.weights = append(g.weights, c.weight)
	}
	raw, err = embedded.ReadFile("texts/networks.txt")
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) > 1 && f[0] == "hosting":
			g.hosting, err = prefixes(f[1:])
		case len(f) > 1 && f[0] == "vpn":
			g.vpn, err = prefixes(f[1:])
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read networks.txt: %w", err)
		}
	}
	return g, nil
}

func parseCountry(f []string) (country, error) {
	if len(f) != 8 {
		return country{}, fmt.Errorf("%d fields, want 8", len(f))
	}
	c := country{code: f[0], tld: f[7]}
	var err error
	if c.weight, err = strconv.ParseFloat(f[1], 64); err != nil {
		return c, err
	}
	if c.offset, err = strconv.Atoi(f[2]); err != nil {
		return c, err
	}
	for _, s := range strings.Split(f[3], ",") {
		lang, share, _ := strings.Cut(s, ":")
		x, err := strconv.ParseFloat(share, 64)
		if err != nil {
			return c, err
		}
		c.languages, c.shares = append(c.languages, lang), append(c.shares, x)
	}
	if c.homes, err = prefixes(strings.Split(f[4], ",")); err != nil {
		return c, err
	}
	if c.mobiles, err = prefixes(strings.Split(f[5], ",")); err != nil {
		return c, err
	}
	if f[6] != "-" {
		c.mails = strings.Split(f[6], ",")
	}
	return c, nil
}

func prefixes(list []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// inside draws an address of a prefix, never its .0 or .255.
func inside(d *dice, p netip.Prefix) netip.Addr {
	base := binary.BigEndian.Uint32(p.Addr().AsSlice())
	n := base + d.Uint32()>>p.Bits()
	if last := n & 255; last == 0 || last == 255 {
		n ^= 1 + d.Uint32()%254
		if n&255 == 0 || n&255 == 255 {
			n = n&^255 | 77
		}
	}
	return v4(n)
}

func v4(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// home draws a consumer line's address: IPv4, or for a share of homes an IPv6 /64.
func (g *geography) home(d *dice, c *country) netip.Addr {
	p := choose(d, c.homes)
	if !d.chance(.22) {
		return inside(d, p)
	}
	var b [16]byte
	b[0], b[1] = 0x2a, byte(c.code[0])
	v := p.Addr().As4()
	b[2], b[3] = v[0], v[1]
	binary.BigEndian.PutUint32(b[4:], d.Uint32())
	return netip.AddrFrom16(b)
}

// mobile draws from a carrier's shared exits: a city has a few dozen for everyone.
func (g *geography) mobile(d *dice, c *country) []netip.Addr {
	p := choose(d, c.mobiles)
	base := binary.BigEndian.Uint32(p.Addr().AsSlice())
	cities := uint32(12)
	city := base + 256*(1+d.Uint32()%cities)
	if p.Bits() > 19 {
		city = base + 256*(d.Uint32()%4)
	}
	exits := make([]netip.Addr, 8+d.IntN(16))
	for i := range exits {
		exits[i] = v4(city + 2 + d.Uint32()%48)
	}
	return exits
}

// exits draws a VPN provider's exits in one place, shared by all its customers there.
func (g *geography) exits(d *dice) []netip.Addr {
	p := choose(d, g.vpn)
	base := binary.BigEndian.Uint32(p.Addr().AsSlice())
	out := make([]netip.Addr, 4)
	for i := range out {
		out[i] = v4(base + 2 + d.Uint32()%28)
	}
	return out
}

// region draws n addresses of a cloud's region, of which many customers draw.
func (g *geography) region(d *dice, n int) []addr {
	base := binary.BigEndian.Uint32(choose(d, g.hosting).Addr().AsSlice()) + 1024*(1+d.Uint32()%3)
	pool := make([]addr, n)
	for i := range pool {
		pool[i] = v4(base + 2 + d.Uint32()%900)
	}
	return pool
}

// host draws a rented machine's address.
func (g *geography) host(d *dice) netip.Addr { return inside(d, choose(d, g.hosting)) }

// addr saves space in signatures.
type addr = netip.Addr

// A line is one way onto the network: addresses that change with a period.
type line struct {
	addrs  []netip.Addr
	period int64 // milliseconds an address is kept; 0 is for ever
}

// lines are all the ways an account comes in.
type lines struct {
	list   []line
	shares []float64
	seed   uint64
}

func (l *lines) add(share float64, period int64, addrs ...netip.Addr) {
	l.list = append(l.list, line{addrs, period})
	l.shares = append(l.shares, share)
}

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// at returns the address in use at a time: the way onto the network holds for
// some hours, the address for the way's period. IPv6 homes change their host part daily.
func (l *lines) at(t int64) netip.Addr {
	if len(l.list) == 0 {
		return netip.Addr{}
	}
	way := &l.list[0]
	if len(l.list) > 1 {
		u := float64(mix(l.seed^uint64((t+int64(l.seed>>40))/(3*hour)))>>11) / (1 << 53)
		for i := range l.list {
			if u -= l.shares[i]; u < 0 {
				way = &l.list[i]
				break
			}
		}
	}
	slot := uint64(0)
	if way.period > 0 {
		slot = uint64(t+int64(l.seed>>44)) / uint64(way.period)
	}
	a := way.addrs[mix(l.seed+slot*0x9e37)%uint64(len(way.addrs))]
	if a.Is6() {
		b := a.As16()
		binary.BigEndian.PutUint64(b[8:], mix(l.seed^uint64(t/day)))
		return netip.AddrFrom16(b)
	}
	return a
}
