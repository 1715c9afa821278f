package hunt

import (
	"slices"

	"iolaus/exchange"
)

// Two operators that rent one proxy pool and bought one template look like one
// in everything that they rent and buy. What they do not share is the queue
// behind the accounts: a failed item comes back on a head of the same operator,
// a card pays for heads of the same operator. divide tells them apart by that.

// tie is a link between two places of a member list. Only a handed-over item is
// expected between all heads of one operator, so only its absence tells hands
// apart; a card or a signature joins, and its absence says nothing.
type tie struct {
	a, b   int
	handed bool
}

// ties lists the links that only a common hand can make: items that failed on
// one member and came back on another, cards, signatures.
func (h *Hunter) ties(v *View, accounts []uint32) []tie {
	b := &h.work
	b.now++
	for i, a := range accounts {
		b.pooled[a] = b.now
		b.place[a] = i
	}
	var out []tie
	for i, a := range accounts {
		for _, e := range v.Accounts[a].Carried {
			t := &v.Trails[v.Edges[e].Trail]
			k := t.Observable.Kind()
			paid := k == exchange.Payment && !h.blind[exchange.Identity] && len(t.Carriers) <= mostTied
			if !paid && !h.handOver(t) {
				continue
			}
			for _, c := range t.Carriers {
				x := v.Edges[c].Account
				if b.pooled[x] == b.now && b.place[x] > i {
					out = append(out, tie{i, b.place[x], k == exchange.Failover})
				}
			}
		}
	}
	return out
}

// mostTied bounds the carriers of a trail that is expanded into pairs.
const mostTied = 40

// blocks groups n places by their ties: labels spread along the ties until they
// settle (Raghavan 2007), then groups between which there are about as many ties
// as chance would put there are one.
func blocks(n int, ties []tie) []int {
	label := make([]int, n)
	next := make([][]int, n)
	for i := range label {
		label[i] = i
	}
	for _, t := range ties {
		next[t.a] = append(next[t.a], t.b)
		next[t.b] = append(next[t.b], t.a)
	}
	count := make([]int, n)
	for changed, round := true, 0; changed && round < 20; round++ {
		changed = false
		for i := range label {
			if l := majority(label, next[i], count, label[i]); l != label[i] {
				label[i], changed = l, true
			}
		}
	}
	for unite(label, ties) {
	}
	return label
}

// majority is the most frequent label among the neighbours, the smallest of the
// most frequent; the own label when there are none.
func majority(label, neighbours, count []int, own int) int {
	best := own
	for _, j := range neighbours {
		count[label[j]]++
	}
	top := 0
	for _, j := range neighbours {
		if l := label[j]; count[l] > top || count[l] == top && l < best {
			top, best = count[l], l
		}
	}
	for _, j := range neighbours {
		count[label[j]] = 0
	}
	return best
}

const (
	together = 0.25 // share of the ties expected between two groups from which they are one
	apart    = 0.08 // ... and up to which they are two
	fewest   = 3    // ties between two findings that make them one
	enough   = 6    // ties that must be expected before their absence means anything
)

// unite joins the two groups with the most ties between them, measured by what
// chance would put there; false when none have enough.
func unite(label []int, ties []tie) bool {
	degree, cross := map[int]int{}, map[[2]int]int{}
	for _, t := range ties {
		a, b := label[t.a], label[t.b]
		degree[a]++
		degree[b]++
		if a != b {
			cross[[2]int{min(a, b), max(a, b)}]++
		}
	}
	best, pair := together, [2]int{-1, -1}
	keys := make([][2]int, 0, len(cross))
	for k := range cross {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, k := range keys {
		expected := float64(degree[k[0]]) * float64(degree[k[1]]) / float64(2*len(ties))
		if r := float64(cross[k]) / max(expected, 0.5); r > best {
			best, pair = r, k
		}
	}
	if pair[0] < 0 {
		return false
	}
	for i, l := range label {
		if l == pair[1] {
			label[i] = pair[0]
		}
	}
	return true
}

// between counts the handed-over items between two groups of places, and how
// many chance would put there if one hand moved all of them.
func between(inA, inB func(int) bool, ties []tie) (cross int, expected float64) {
	a, b, all := 0, 0, 0
	for _, t := range ties {
		if !t.handed {
			continue
		}
		aa, ab := inA(t.a), inA(t.b)
		ba, bb := inB(t.a), inB(t.b)
		if !(aa || ba) || !(ab || bb) {
			continue
		}
		all++
		a += one(aa) + one(ab)
		b += one(ba) + one(bb)
		if aa && bb || ba && ab {
			cross++
		}
	}
	if all == 0 {
		return 0, 0
	}
	return cross, float64(a) * float64(b) / float64(2*all)
}

// severed says whether two groups of places have so few hand-overs between them
// that two hands must be behind them.
func severed(inA, inB func(int) bool, ties []tie) bool {
	cross, expected := between(inA, inB, ties)
	return expected >= enough && float64(cross) < apart*expected
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// divide splits a set of accounts by the hands behind it. It returns the set
// whole when nothing speaks for more than one.
func (h *Hunter) divide(v *View, accounts []uint32) [][]uint32 {
	whole := [][]uint32{accounts}
	ties := h.ties(v, accounts)
	if len(ties) < 2*enough {
		return whole
	}
	label := blocks(len(accounts), ties)
	groups := map[int][]int{}
	for i, l := range label {
		groups[l] = append(groups[l], i)
	}
	var cores []int
	for l, g := range groups {
		if h.owners(v, pick(accounts, g)) >= h.opt.Owners {
			cores = append(cores, l)
		}
	}
	slices.Sort(cores)
	if len(cores) < 2 {
		return whole
	}
	for i, x := range cores {
		for _, y := range cores[i+1:] {
			if !severed(func(p int) bool { return label[p] == x }, func(p int) bool { return label[p] == y }, ties) ||
				!h.differ(v, pick(accounts, groups[x]), pick(accounts, groups[y])) {
				return whole
			}
		}
	}
	out := make([][]uint32, len(cores))
	for i, l := range cores {
		out[i] = pick(accounts, groups[l])
	}
	for l, g := range groups {
		if !slices.Contains(cores, l) {
			for _, p := range g {
				out = append(out, []uint32{accounts[p]})
			}
		}
	}
	slices.SortFunc(out, func(a, b []uint32) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return slices.Compare(a, b)
	})
	return h.gather(v, out, len(cores))
}

func pick(accounts []uint32, places []int) []uint32 {
	out := make([]uint32, len(places))
	for i, p := range places {
		out[i] = accounts[p]
	}
	return out
}

// differ says whether two groups have ways of their own in wording, client or
// identity: hands that work apart are told by what they do, too. Heads of one
// operator may hand over among neighbours only.
func (h *Hunter) differ(v *View, x, y []uint32) bool {
	return h.own(v, x, y)+h.own(v, y, x) >= ownWays
}

const (
	ownWays   = 4
	mostOwn   = 0.5  // share of a group that leaves a trail of its own
	leastElse = 0.05 // share of the other group that may leave it, too
)

// own counts the trails that are x's and not y's.
func (h *Hunter) own(v *View, x, y []uint32) int {
	n := 0
	for _, w := range h.work.weighSet(v, x, h.opt.Sample).seen {
		t := &v.Trails[w.Trail]
		switch t.Observable.Family() {
		case exchange.Content, exchange.Client, exchange.Identity:
		default:
			continue
		}
		in, out := 0, 0
		for _, e := range t.Carriers {
			a := v.Edges[e].Account
			if slices.Contains(y, a) {
				out++
			} else if slices.Contains(x, a) {
				in++
			}
		}
		if float64(in) >= mostOwn*float64(len(x)) && float64(out) <= leastElse*float64(len(y)) {
			n++
		}
	}
	return n
}

// gather gives those without ties to the group whose fingerprint they fit best.
func (h *Hunter) gather(v *View, groups [][]uint32, cores int) [][]uint32 {
	type fit struct {
		group int
		nats  float64
	}
	var loose []uint32
	for _, g := range groups[cores:] {
		loose = append(loose, g...)
	}
	slices.Sort(loose)
	best := make([]fit, len(loose))
	for i, g := range groups[:cores] {
		s := h.work.weighSet(v, g, h.opt.Sample)
		h.work.load(v, s.seen, s.owners, v.Owners-s.all+s.owners)
		for j, a := range loose {
			if n := h.work.score(v, a).Total(); i == 0 || n > best[j].nats {
				best[j] = fit{i, n}
			}
		}
	}
	for j, a := range loose {
		groups[best[j].group] = append(groups[best[j].group], a)
	}
	return groups[:cores]
}
