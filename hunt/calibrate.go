package hunt

import (
	"fmt"
	"math"
	"slices"
)

// A calibration says how often sets of accounts that are known to be innocent get
// as far as an accusation. Under the hypothesis that a set is innocent, it is one
// more of the same kind, and as likely as any of them to be among those that get
// there. Let k of n innocent groups get there, and R be 1 if this one does: then
// (n+1) R / (k+R) has the expectation 1 at most, whatever the law behind it, for
// over all n+1 the terms add up to n+1 (conformal e-values, Bashari 2023). Nothing
// is assumed of what innocent owners have in common, which is what the permutation
// null must assume; the price is that no e-value exceeds n+1.
//
// A group is one set of accounts through all the looks taken at it in a slice of
// time, and it gets there when any look does: so the e-value holds at whatever
// look the hunt stops, and a group is one test, not one per look.

// A Segment is a kind of set, by how much its accounts are used: sets are compared
// with their like. It is fixed at the first look.
type Segment uint8

// The segments, by the requests a day of a set's median account.
const (
	Light  Segment = iota // below 5
	Steady                // up to 50
	Heavy
	Segments // their number
)

// String names the segment.
func (s Segment) String() string {
	switch s {
	case Light:
		return "light"
	case Steady:
		return "steady"
	case Heavy:
		return "heavy"
	}
	return fmt.Sprintf("Segment(%d)", uint8(s))
}

// SegmentOf is where an account's own use would put it.
func SegmentOf(a *Account) Segment { return segmentAt(a.rate()) }

// rate is an account's requests a day.
func (a *Account) rate() float64 {
	return float64(a.Exchanges) / max(1, float64(a.Last-a.First)/86400)
}

func segmentOf(v *View, accounts []uint32) Segment {
	rates := make([]float64, len(accounts))
	for i, a := range accounts {
		rates[i] = v.Accounts[a].rate()
	}
	slices.Sort(rates)
	return segmentAt(rates[len(rates)/2])
}

func segmentAt(rate float64) Segment {
	switch {
	case rate < 5:
		return Light
	case rate <= 50:
		return Steady
	}
	return Heavy
}

// A Tally counts the innocent groups of one segment.
type Tally struct {
	Groups  int // distinct sets of accounts that were tested
	Reached int // of them those that got as far as an accusation
}

// A Calibration is what the hunt knows of innocent sets. The zero value knows
// none and certifies nothing.
type Calibration struct {
	Span     uint32  // seconds of event time in a slice; later findings are not comparable
	Hostile  float64 // share of the groups that may be hostile ones in disguise, counted off
	Segments [Segments]Tally
}

// Largest is the largest e-value that the calibration yields in a segment: that of
// a set that gets as far as an accusation. Hostile groups that got there make it
// smaller; those that stayed quiet would make it larger, and their share is
// counted off.
func (c *Calibration) Largest(s Segment) float64 {
	t := c.Segments[s]
	return (float64(t.Groups)*(1-c.Hostile) + 1) / float64(t.Reached+1)
}

// Bears is how many groups may be tested up to the first that is certified at an
// alpha: beyond them the level falls below what the calibration can yield. 0 means
// that it cannot certify any.
func (c *Calibration) Bears(s Segment, alpha float64) int {
	e := c.Largest(s)
	if alpha*share(1)*e < 1 {
		return 0
	}
	t := int(math.Pow(alpha*share(1)*e, 1/slow))
	for alpha*share(t+1)*e >= 1 {
		t++
	}
	for t > 0 && alpha*share(t)*e < 1 {
		t--
	}
	return t
}

// Finest is the smallest alpha at which the calibration can certify the first
// group that is tested.
func (c *Calibration) Finest(s Segment) float64 { return 1 / (c.Largest(s) * share(1)) }

// Needs is how many groups it takes to certify the first group that is tested at an
// alpha, if none but those known got as far as an accusation.
func (c *Calibration) Needs(s Segment, alpha float64) int {
	e := 1 / (alpha * share(1))
	return max(0, int(math.Ceil((e*float64(c.Segments[s].Reached+1)-1)/(1-c.Hostile))))
}

// A Look is one test of a proposed set.
type Look struct {
	Accounts []uint32 // lent until the call returns
	Segment  Segment
	Reached  bool    // it was accused, or joined what is accused
	Short    float64 // nats of coincidence that were missing; 0 or less when enough
}

// Groups tells which looks are at the same set of accounts. Whoever uses it
// numbers accounts as he likes.
type Groups struct {
	sets   []group
	member map[uint32][]uint32 // account -> its groups
	shared map[uint32]int
}

type group struct {
	accounts []uint32
	segment  Segment
	reached  bool
	used     bool // its e-value has certified a finding
}

// of returns the group of a set: the one that shares the most with it, if that is
// at least half of all accounts in either (Jaccard 1901). A set that is nobody's
// is a new group.
func (g *Groups) of(accounts []uint32, s Segment) int {
	if g.member == nil {
		g.member, g.shared = map[uint32][]uint32{}, map[uint32]int{}
	}
	clear(g.shared)
	for _, a := range accounts {
		for _, i := range g.member[a] {
			g.shared[i]++
		}
	}
	best, most := -1, 0.5
	for i, n := range g.shared {
		j := float64(n) / float64(len(accounts)+len(g.sets[i].accounts)-n)
		if j > most || j == most && (best < 0 || int(i) < best) {
			best, most = int(i), j
		}
	}
	if best < 0 {
		best = len(g.sets)
		g.sets = append(g.sets, group{segment: s})
	}
	g.grow(best, accounts)
	return best
}

// grow makes a larger set the group's.
func (g *Groups) grow(i int, accounts []uint32) {
	old := g.sets[i].accounts
	if len(accounts) <= len(old) {
		return
	}
	for _, a := range old {
		g.member[a] = slices.DeleteFunc(g.member[a], func(x uint32) bool { return int(x) == i })
	}
	g.sets[i].accounts = slices.Clone(accounts)
	for _, a := range accounts {
		g.member[a] = append(g.member[a], uint32(i))
	}
}

// Add counts a look at a set whose accounts have these numbers.
func (g *Groups) Add(accounts []uint32, s Segment, reached bool) {
	i := g.of(accounts, s)
	g.sets[i].reached = g.sets[i].reached || reached
}

// Tallies counts the groups.
func (g *Groups) Tallies() [Segments]Tally {
	var out [Segments]Tally
	for i := range g.sets {
		t := &out[g.sets[i].segment]
		t.Groups++
		t.Reached += one(g.sets[i].reached)
	}
	return out
}

// calibrate puts the calibration's certificate in the place of the permutation
// null's, when there is one. The number of the test is the group's; its level only
// grows until the group is accused, which e-LOND allows: what it needs is that an
// accused set's level is at most its share of alpha times all accused in the end.
func (h *Hunter) calibrate(v *View, accounts []uint32, null Certificate) (c Certificate, group int) {
	if h.opt.Calibration == nil {
		return null, -1
	}
	group = h.groups.of(accounts, segmentOf(v, accounts))
	g := &h.groups.sets[group]
	c = Certificate{LogE: math.Inf(-1), Alpha: h.opt.Alpha, Test: group + 1, Calibrated: true}
	c.Level = h.opt.Alpha * share(c.Test) * float64(h.error.accused+1)
	if !g.used && v.Now-h.began <= h.opt.Calibration.Span {
		c.LogE = math.Log(h.opt.Calibration.Largest(g.segment))
	}
	return c, group
}

// certify lets a set be decided on. However many findings it turns out to be, it
// was one test: it counts once among the accused, and a group's e-value certifies
// once.
func (h *Hunter) certify(group int, decide func() bool) bool {
	before := h.error.accused
	done := decide()
	h.error.accused = min(h.error.accused, before+1)
	if group >= 0 && h.error.accused > before {
		h.groups.sets[group].used = true
	}
	return done
}
