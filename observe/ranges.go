package observe

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"

	"github.com/gaissmai/bart"
)

// Networks tells what kind of network an address belongs to: hosting, vpn,
// proxy or whatever a list calls it. It names evidence and never weighs it: an
// exit is rented to many.
type Networks struct {
	table bart.Table[string]
}

//go:embed net/ranges.csv
var knownRanges string

// KnownNetworks is the list that ships with the program: the larger hosting and
// VPN ranges, dated in its first line.
var KnownNetworks = sync.OnceValue(func() *Networks {
	n, err := ReadNetworks("built-in ranges", strings.NewReader(knownRanges))
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return n
})

// ReadNetworks reads ranges, a line each: a prefix or address, a comma and a
// kind. Empty lines and lines that begin with # say nothing.
func ReadNetworks(name string, r io.Reader) (*Networks, error) {
	n := &Networks{}
	kinds := map[string]string{}
	sc := bufio.NewScanner(r)
	for line := 1; sc.Scan(); line++ {
		text := strings.TrimSpace(sc.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		prefix, kind, ok := strings.Cut(text, ",")
		p, err := parsePrefix(strings.TrimSpace(prefix))
		if kind = strings.TrimSpace(kind); err != nil || !ok || kind == "" {
			return nil, fmt.Errorf("cannot read %s line %d: want a range such as 192.0.2.0/24, a comma and a kind such as hosting", name, line)
		}
		if _, ok := kinds[kind]; !ok {
			kinds[kind] = kind
		}
		n.table.Insert(p, kinds[kind])
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	return n, nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// Kind returns the kind of an address's network, "" when it is not listed.
func (n *Networks) Kind(a netip.Addr) string {
	if n == nil {
		return ""
	}
	kind, _ := n.table.Lookup(a)
	return kind
}
