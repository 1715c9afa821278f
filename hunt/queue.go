package hunt

import (
	"cmp"
	"math"
	"slices"

	"iolaus/exchange"
)

// What fails on one account and comes back on another owner's within moments came out
// of a common queue, or by a rare chance. Who hands over with a set was picked from all
// accounts by that one cause. So he is tested on the others alone, and against the few
// that were picked with him: a hand-over and a little more is enough where a ranking
// among all accounts would want days of evidence. Causes are independent among innocents;
// of those taken a hundredth may be innocent, as Benjamini and Hochberg (1995) reckon it.

// A crew is the accounts with whom somebody is compared.
type crew struct {
	read   map[uint32]bool // what of the fingerprint the null was read of
	in     map[uint32]bool
	began  uint32                     // when any of them first used the wording that links them
	null   *null                      // how those outside come to carry its fingerprint
	shares [exchange.Families]float64 // of all meetings those with one of the crew, by cause
}

// crewOf makes a crew of the accounts that a fingerprint was fitted to.
func (h *Hunter) crewOf(v *View, in map[uint32]bool, ws []Weight, n *null) *crew {
	c := &crew{in: in, began: beganAt(v, ws, in), null: n, read: map[uint32]bool{}}
	for w := range readable(v, ws) {
		c.read[w.Trail] = true
	}
	for a := range in {
		for _, t := range v.Accounts[a].Left {
			if tr := &v.Trails[t]; tr.Owners <= scarce {
				c.shares[causeOf(tr.Observable.Family())] += float64(tr.Owners - 1)
			}
		}
	}
	for f := range c.shares {
		c.shares[f] = min(1, c.shares[f]/max(1, 2*h.met[f]))
	}
	return c
}

// chance is how likely an innocent account that hands over with a crew would fit it as
// well in the other causes: in each by the better of what it carries of the loaded
// fingerprint and how often it meets the crew where few meet.
func (h *Hunter) chance(v *View, c *crew, a uint32) float64 {
	r, met, expected, handed := raw{step: 1}, [causes]float64{}, [causes]float64{}, 0.0
	b, x := &h.work, &v.Accounts[a]
	for _, t := range x.Left {
		tr := &v.Trails[t]
		f := tr.Observable.Family()
		if h.blind[f] {
			continue
		}
		meets := 0.0
		if tr.Owners <= scarce {
			meets = float64(one(c.meets(v, tr, a)))
		}
		if f == exchange.Behaviour {
			handed += meets
			continue
		}
		i := causeIndex[f]
		if tr.Owners <= scarce {
			met[i] += meets
			expected[i] += 1 - math.Pow(1-c.shares[causeOf(f)], float64(tr.Owners-1))
		}
		if c.read[t] && !b.couple[t] && !(f == exchange.Content && c.copied(v, tr)) {
			r.add(i, b.weight[t])
		}
	}
	met[causeIndex[exchange.Content]] -= handed // an item handed over is an item met
	nats, spoken := 0.0, 0
	for i := range causes {
		if e := exceeds(met[i], expected[i]); r.nats[i] > 0 || e > 0 {
			nats -= math.Log(min(1, 2*min(c.null.share(i, r.nats[i]), math.Exp(-e))))
			spoken++
		}
	}
	if spoken == 0 {
		return 1
	}
	return gammaTail(spoken, nats)
}

// meets says whether another owner's account of the crew left a trail, too.
func (c *crew) meets(v *View, t *Trail, a uint32) bool {
	return slices.ContainsFunc(t.Carriers, func(e uint32) bool {
		x := v.Edges[e].Account
		return c.in[x] && v.Accounts[x].Owner != v.Accounts[a].Owner
	})
}

// copied says whether somebody outside used a wording before the crew did.
func (c *crew) copied(v *View, t *Trail) bool {
	return slices.ContainsFunc(t.Carriers, func(e uint32) bool {
		x := &v.Edges[e]
		return x.First < c.began-earlier && !c.in[x.Account] && v.Accounts[x.Account].Banned == 0
	})
}

// fitting keeps of the accounts that hand over with a crew those that fit it.
func (h *Hunter) fitting(v *View, c *crew, picked []uint32) []uint32 {
	type trial struct {
		account uint32
		chance  float64
	}
	trials := make([]trial, len(picked))
	for i, a := range picked {
		trials[i] = trial{a, h.chance(v, c, a)}
	}
	slices.SortFunc(trials, func(x, y trial) int {
		return cmp.Or(cmp.Compare(x.chance, y.chance), cmp.Compare(x.account, y.account))
	})
	k := len(trials)
	for k > 0 && trials[k-1].chance > h.opt.Stranger*float64(k)/float64(len(trials)) {
		k--
	}
	out := make([]uint32, k)
	for i, x := range trials[:k] {
		out[i] = x.account
	}
	slices.Sort(out)
	return out
}

// handsOver says whether an account hands items over with one of a crew.
func (h *Hunter) handsOver(v *View, a uint32, in map[uint32]bool) bool {
	c := crew{in: in}
	return slices.ContainsFunc(v.Accounts[a].Left, func(t uint32) bool {
		tr := &v.Trails[t]
		return h.handOver(tr) && c.meets(v, tr, a)
	})
}

// handOver says whether a trail shows a common queue.
func (h *Hunter) handOver(t *Trail) bool {
	k := t.Observable.Kind()
	return (k == exchange.Failover || k == exchange.Signed) && !t.Common && len(t.Carriers) <= mostTied && !h.blind[k.Family()]
}

// enqueue adds to a finding the accounts that hand over with it and fit it.
func (h *Hunter) enqueue(v *View, f *Finding) {
	if len(f.Members) < h.opt.Owners {
		return
	}
	picked := h.handers(v, f)
	if len(picked) == 0 {
		return
	}
	h.work.load(v, f.Weights, f.owners, v.Owners)
	for _, a := range h.fitting(v, h.crewOf(v, f.set(), f.Weights, f.null), picked) {
		h.enter(f, Member{Account: a, Added: v.Now, Score: h.work.score(v, a)})
	}
}

// queued lets members and weights find each other as settle does, in a set that one
// queue holds together and that is beyond doubt as a set: who else belongs to it is
// asked later. It returns nil when less than a handful is left.
func (h *Hunter) queued(v *View, s *set) []Member {
	picked := slices.DeleteFunc(slices.Clone(s.accounts), func(a uint32) bool { return v.Accounts[a].spared() })
	for range rounds {
		in := setOf(picked)
		h.work.loadSet(v, s)
		s.null = h.work.nullOf(v, s.seen, in)
		kept := h.fitting(v, h.crewOf(v, in, s.seen, s.null), picked)
		in = setOf(kept)
		kept = slices.DeleteFunc(kept, func(a uint32) bool { return !h.handsOver(v, a, in) })
		if h.owners(v, kept) < handful {
			return nil
		}
		*s = h.work.weighSet(v, kept, h.opt.Sample)
		if len(kept) == len(picked) {
			break
		}
		picked = kept
	}
	h.work.loadSet(v, s)
	out := make([]Member, len(s.accounts))
	for i, a := range s.accounts {
		out[i] = Member{Account: a, Added: v.Now, Score: h.work.score(v, a)}
	}
	return core(out)
}
