package hunt

import (
	"math"
	"testing"

	"iolaus/exchange"
)

// TestCertain: a few hands that nothing certifies are accused on a clear purpose
// alone. The first line is what innocents of the even populations came to: a
// developer's two keys and a stranger who uses the same tool behind the same exit.
func TestCertain(t *testing.T) {
	for _, c := range []struct {
		name    string
		hands   int
		purpose float64
		logE    float64
		want    bool
	}{
		{"two keys of a developer and a stranger", 3, 2.49, 8.8, false},
		{"four friends with one script", 4, 2.9, 8.8, false},
		{"three heads of one queue", 3, 3.8, 11.1, true},
		{"four heads that copy a company, and are certified", 4, 2.1, 20, true},
		{"a dozen accounts", 12, 2.1, 5, true},
	} {
		h := New(Options{})
		cert := Certificate{LogE: c.logE, Level: math.Exp(-17.4)}
		if got := h.certain(&Purpose{Score: c.purpose}, c.hands, cert); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestDealt: a class asks as evenly as a dispatcher deals, for an hour.
func TestDealt(t *testing.T) {
	even := func(each uint32) float64 {
		v := &View{}
		var ms []Member
		for a := range uint32(12) {
			v.Accounts = append(v.Accounts, Account{Exchanges: each + a%2, First: 1e9, Last: 1e9 + 3600})
			ms = append(ms, Member{Account: a})
		}
		return evenness(v, ms)
	}
	if class, heads := even(6), even(40); class != 0 || heads < 0.9 {
		t.Errorf("a class's hour %.2f, want 0; forty requests each %.2f, want nearly 1", class, heads)
	}
}

// TestAbsorb: who shares a set with a finding that makes up half of it is absorbed when
// he does as it does, or too little to tell; a class in which somebody shares an exit
// with heads is not, and nobody of it.
func TestAbsorb(t *testing.T) {
	const heads, others = 25, 25
	asks := func(n uint32, c exchange.Capability) (by [exchange.Capabilities]uint32) {
		by[c] = n
		return by
	}
	head := Account{Exchanges: 40, Substance: 40, Templated: 40, Fresh: 40, Capabilities: asks(40, exchange.Reasoning)}
	for _, c := range []struct {
		name  string
		other Account
		want  int // members afterwards
	}{
		{"heads", head, heads + others},
		{"heads of an hour", Account{Exchanges: 2, Substance: 2, Fresh: 2, Capabilities: asks(2, exchange.Reasoning)}, heads + others},
		{"a class with one assignment", Account{Exchanges: 30, Substance: 30, Capabilities: asks(30, exchange.Other)}, heads},
		{"a class that asks for reasoning", Account{Exchanges: 30, Substance: 30, Templated: 10, Capabilities: asks(30, exchange.Reasoning)}, heads},
		{"people behind one exit", Account{Exchanges: 30, Substance: 30, Fresh: 28, Capabilities: asks(30, exchange.Other)}, heads},
	} {
		h, v, members := halfFound(heads, others, head, c.other)
		f := h.findings[0]
		done := h.judge(v, members, Certificate{})
		if len(f.Members) != c.want || len(h.findings) != 1 || done != (c.want > heads) {
			t.Errorf("%s: %d members of %d findings, want %d of one; %v", c.name, len(f.Members), len(h.findings), c.want, done)
		}
	}
}

// halfFound is a finding of heads, and a set of them and of as many others.
func halfFound(heads, others uint32, head, other Account) (*Hunter, *View, []Member) {
	v, h := &View{Now: 1e9 + 86400}, New(Options{})
	var members []Member
	for a := range heads + others + 300 {
		x := Account{Exchanges: 10}
		switch {
		case a < heads:
			x = head
		case a < heads+others:
			x = other
		}
		x.Owner, x.First, x.Last = a, 1e9, 1e9+86400
		v.Accounts = append(v.Accounts, x)
		if a < heads+others {
			members = append(members, Member{Account: a})
		}
	}
	v.Owners = len(v.Accounts)
	h.fitTo(v)
	f := &Finding{null: &null{}}
	h.findings = append(h.findings, f)
	for _, m := range members[:heads] {
		h.enter(f, m)
	}
	return h, v, members
}
