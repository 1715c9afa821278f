package eval

import (
	"cmp"
	"math"
	"slices"

	"iolaus/exchange"
)

// Trace kinds beyond those of our own signals: what is there in the log whether
// or not a signal looks at it.
const (
	wholePrompt = uint8(exchange.Kinds) + iota
	wholeAddress
	wholeClient
	beginning
	traceKinds = int(exchange.Kinds) + iota
)

// traces are all traces that two owners left.
type traces struct {
	*Tape
	list    []shared
	carried [][]int32 // per account: places in list
}

// shared is one trace and who left it.
type shared struct {
	kind     uint8
	owners   int
	accounts []uint32
}

// traceKey names a trace of any kind.
type traceKey struct {
	kind uint8
	hash uint64
}

// eachTrace calls fn for every trace of event i.
func (t *Tape) eachTrace(i int, fn func(traceKey)) {
	for _, o := range t.Seen(i) {
		fn(traceKey{uint8(o.Kind()), uint64(o)})
	}
	v := &t.Events[i].View
	for _, k := range [...]traceKey{{wholePrompt, v.Prompt}, {wholeAddress, v.Address}, {wholeClient, v.Client}, {beginning, v.Prefix[1]}} {
		if k.hash != 0 {
			fn(k)
		}
	}
}

// tracesOf collects the traces in two passes: most are of one account only, and
// those are never stored.
func tracesOf(t *Tape) *traces {
	first := map[traceKey]uint32{}
	place := map[traceKey]int32{}
	each := func(fn func(a uint32, k traceKey)) {
		for i := range t.Events {
			a := t.Events[i].Account
			t.eachTrace(i, func(k traceKey) { fn(a, k) })
		}
		for a, left := range t.SignUps {
			for _, o := range left {
				fn(uint32(a), traceKey{uint8(o.Kind()), uint64(o)})
			}
		}
	}
	each(func(a uint32, k traceKey) {
		if b, ok := first[k]; !ok {
			first[k] = a
		} else if t.Owners[a] != t.Owners[b] {
			place[k] = -1
		}
	})
	x := &traces{Tape: t, carried: make([][]int32, len(t.Accounts))}
	had := map[uint64]struct{}{}
	each(func(a uint32, k traceKey) {
		p, ok := place[k]
		if !ok {
			return
		}
		if p < 0 {
			p = int32(len(x.list))
			place[k] = p
			x.list = append(x.list, shared{kind: k.kind})
		}
		if _, ok := had[uint64(p)<<32|uint64(a)]; !ok {
			had[uint64(p)<<32|uint64(a)] = struct{}{}
			x.list[p].accounts = append(x.list[p].accounts, a)
			x.carried[a] = append(x.carried[a], p)
		}
	})
	for i := range x.list {
		x.list[i].owners = t.owners(x.list[i].accounts)
	}
	return x
}

// columns says of each kind how much an account shares, how rare its rarest is,
// and how much of it is rare.
func (x *traces) columns(row []float32, a uint32) []float32 {
	var count, rareOnes, best [traceKinds]float64
	var most [traceKinds]float64
	for _, p := range x.carried[a] {
		s := &x.list[p]
		count[s.kind]++
		if s.owners <= rare {
			rareOnes[s.kind]++
		}
		best[s.kind] = max(best[s.kind], 1/float64(s.owners))
		most[s.kind] = max(most[s.kind], math.Log(float64(s.owners)))
	}
	for k := range traceKinds {
		row = append(row, float32(math.Log1p(count[k])), float32(math.Log1p(rareOnes[k])), float32(best[k]), float32(most[k]))
	}
	return row
}

// neighbours lists for each account those with whom it shares the most that is
// rare.
func (x *traces) neighbours(near [][]uint32) {
	weight := map[uint32]float64{}
	for a := range near {
		clear(weight)
		for _, p := range x.carried[a] {
			s := &x.list[p]
			if s.owners > rare {
				continue
			}
			for _, b := range s.accounts {
				if x.Owners[b] != x.Owners[a] {
					weight[b] += 1 / float64(s.owners)
				}
			}
		}
		list := make([]uint32, 0, len(weight))
		for b := range weight {
			list = append(list, b)
		}
		slices.SortFunc(list, func(b, c uint32) int {
			return cmp.Or(cmp.Compare(weight[c], weight[b]), cmp.Compare(b, c))
		})
		near[a] = slices.Clone(list[:min(len(list), nearMost)])
	}
}
