package eval

import (
	"cmp"
	"slices"

	"iolaus/exchange"
)

// operators counts, for one operator or one set of innocents as large, the
// accounts that leave a trace which could link them to another of the set.
//
// A trace links when another account of the set, of another owner, left it too and
// those of the set who left it are at least as many as the others (even odds), or
// when nobody else did (alone). Traces are everything our signals leave, the
// registry's and, beyond them, the whole prompt, the address, the client and the
// prompt's beginning. Rhythm and other joint statistics are not among them: a
// method that uses those could reach further.
type operators struct {
	Accounts    int
	Even, Alone int
	Family      [exchange.Families]int // even odds, through this family
	Kind        [traceKinds]int        // ... and through this kind
}

// bound counts for every operator, and for as many innocents drawn by hash.
func (x *traces) bound(w *witness) []operators {
	sets := map[string][]uint32{}
	var innocent []uint32
	for _, a := range w.truth.listed {
		r := &w.truth.rows[a]
		switch {
		case r.Exchanges == 0:
		case w.truth.guilty(a):
			sets[r.Operator] = append(sets[r.Operator], a)
		case x.Owners[a] == a:
			innocent = append(innocent, a)
		}
	}
	slices.SortFunc(innocent, func(a, b uint32) int { return cmp.Compare(mix(uint64(a)), mix(uint64(b))) })
	names := make([]string, 0, len(sets))
	for n := range sets {
		names = append(names, n)
	}
	slices.Sort(names)
	var out []operators
	for _, n := range names {
		out = append(out, x.linked(sets[n]))
	}
	for _, n := range names {
		out = append(out, x.linked(innocent[:min(len(innocent), len(sets[n]))]))
	}
	return out
}

func (x *traces) linked(set []uint32) operators {
	in := make(map[uint32]bool, len(set))
	for _, a := range set {
		in[a] = true
	}
	o := operators{Accounts: len(set)}
	for _, a := range set {
		even, alone := false, false
		var family [exchange.Families]bool
		var kind [traceKinds]bool
		for _, p := range x.carried[a] {
			s := &x.list[p]
			inside, mates := 0, 0
			for _, b := range s.accounts {
				if in[b] {
					inside++
					if x.Owners[b] != x.Owners[a] {
						mates++
					}
				}
			}
			if mates == 0 || 2*inside < len(s.accounts) {
				continue
			}
			even = true
			alone = alone || inside == len(s.accounts)
			family[familyOf(s.kind)], kind[s.kind] = true, true
		}
		if even {
			o.Even++
		}
		if alone {
			o.Alone++
		}
		for f, hit := range family {
			if hit {
				o.Family[f]++
			}
		}
		for k, hit := range kind {
			if hit {
				o.Kind[k]++
			}
		}
	}
	return o
}

// familyOf is the family of a trace kind.
func familyOf(kind uint8) exchange.Family {
	switch kind {
	case wholePrompt, beginning:
		return exchange.Content
	case wholeAddress:
		return exchange.Infrastructure
	case wholeClient:
		return exchange.Client
	}
	return exchange.Kind(kind).Family()
}

// kindName names a trace kind for people.
func kindName(kind uint8) string {
	switch kind {
	case wholePrompt:
		return "whole prompt"
	case wholeAddress:
		return "whole address"
	case wholeClient:
		return "whole client"
	case beginning:
		return "beginning of the prompt"
	}
	return exchange.Kind(kind).String()
}
