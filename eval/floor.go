package eval

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"iolaus/exchange"
	"iolaus/hunt"
)

// A Floor is the least share of exchanges lost that accusing account by account
// could come to, over operators and seeds: of somebody who knows every label,
// needs no evidence about a set and controls no error. He knows a head from its
// first telling trace on (One), or from the first at which its telling traces
// speak for two independent causes, as detection counts them (Two). A head that
// never leaves such traces is lost in full.
//
// A trace tells when at least two heads leave it and at least twice as many heads
// as innocent owners ever do; it tells of a head from when that head and another
// have left it. Traces are those that a Ledger holds: what one owner alone leaves,
// as a household its card, is none. Nor are rhythm and other joint statistics. What
// uses those may come to less.
type Floor struct {
	One Spread `json:"one_trace"`
	Two Spread `json:"two_causes"`
}

// A Ledger says who left which trace that two owners left, and when first: one
// sighting for each account and trace, the same whenever it is asked.
type Ledger func(*Tape) iter.Seq[exchange.Sighting]

// floor is what each operator of one world loses at least.
type floor struct{ One, Two []float64 }

// floorsOf adds up what was seen of one world; nil when any seed has no floor.
func floorsOf(seen []*outcome) *Floor {
	var all floor
	for _, o := range seen {
		if o.Floor == nil {
			return nil
		}
		all.One, all.Two = append(all.One, o.Floor.One...), append(all.Two, o.Floor.Two...)
	}
	return &Floor{One: spreadOf(all.One), Two: spreadOf(all.Two)}
}

// telling is a trace that heads leave and hardly anybody else.
type telling struct {
	heads   int
	second  float64 // seconds; when the second of them left it
	least   float64 // when the first did
	owners  map[uint32]struct{}
	crowded bool // innocent owners are too many
}

// hint is a telling trace of one head.
type hint struct {
	at     float64
	family exchange.Family
}

// floorOf walks the sightings three times and keeps little of them: of each trace
// that heads leave how many and when, of those that two leave the innocent owners
// up to half as many, and of each head its telling traces.
func floorOf(w *witness, seen iter.Seq[exchange.Sighting]) *floor {
	told := tellingOf(w, seen)
	hints := map[uint32][]hint{}
	for s := range seen {
		a, ok := w.tape.index[s.Account]
		if !ok || !w.truth.guilty(a) {
			continue
		}
		if x := told[s.Observable]; x != nil {
			hints[a] = append(hints[a], hint{max(seconds(s.First), x.second), s.Observable.Family()})
		}
	}
	out := &floor{}
	order, members := w.truth.crews()
	for _, op := range order {
		all, one, two := 0, 0, 0
		for _, a := range members[op] {
			first, second := known(hints[a])
			all += len(w.truth.times[a])
			one, two = one+w.truth.lost(a, first), two+w.truth.lost(a, second)
		}
		out.One, out.Two = append(out.One, ratio(one, all)), append(out.Two, ratio(two, all))
	}
	return out
}

// tellingOf finds the traces that tell.
func tellingOf(w *witness, seen iter.Seq[exchange.Sighting]) map[exchange.Observable]*telling {
	told := map[exchange.Observable]*telling{}
	for s := range seen {
		if a, ok := w.tape.index[s.Account]; ok && w.truth.guilty(a) {
			x := told[s.Observable]
			if x == nil {
				x = &telling{least: math.Inf(1), second: math.Inf(1)}
				told[s.Observable] = x
			}
			x.add(seconds(s.First))
		}
	}
	for o, x := range told {
		if x.heads < 2 {
			delete(told, o)
		}
	}
	for s := range seen {
		x := told[s.Observable]
		if x == nil || x.crowded {
			continue
		}
		if a, ok := w.tape.index[s.Account]; ok && !w.truth.guilty(a) {
			x.outsider(w.tape.Owners[a])
		}
	}
	for o, x := range told {
		if x.crowded {
			delete(told, o)
		}
	}
	return told
}

// add counts a head.
func (x *telling) add(at float64) {
	x.heads++
	x.second = min(x.second, max(x.least, at))
	x.least = min(x.least, at)
}

// outsider counts an innocent owner.
func (x *telling) outsider(owner uint32) {
	if x.owners == nil {
		x.owners = map[uint32]struct{}{}
	}
	if x.owners[owner] = struct{}{}; 2*len(x.owners) > x.heads {
		x.crowded, x.owners = true, nil
	}
}

// known is when hints speak for one cause, and for two; infinity is never. It
// leaves the counting of causes to detection.
func known(hints []hint) (one, two float64) {
	slices.SortFunc(hints, func(x, y hint) int { return cmp.Compare(x.at, y.at) })
	one, two = math.Inf(1), math.Inf(1)
	var speaks hunt.Score
	for _, h := range hints {
		speaks[h.family] = math.Inf(1)
		switch n := speaks.Independent(); {
		case n >= 2:
			return one, h.at
		case n == 1:
			one = min(one, h.at)
		}
	}
	return one, two
}

// lost counts the exchanges of an account before it was known; infinity is never.
func (u *truth) lost(a uint32, at float64) int {
	n, _ := slices.BinarySearch(u.times[a], at)
	return n
}
