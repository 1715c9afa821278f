package hunt

import (
	"cmp"
	"slices"
)

const (
	rounds   = 5  // of fitting members and weights to each other
	reach    = 24 // trails of a fingerprint whose other carriers are looked at
	coverage = 4  // such a trail has at most so many times the set's owners
)

// settle lets members and weights find each other: members are the accounts
// that the weights link, weights are fitted to the members. It returns nil when
// too few owners are left.
func (h *Hunter) settle(v *View, s *set) []Member {
	var members []Member
	for range rounds {
		next := h.linked(v, s)
		accounts := accountsOf(next)
		same := len(next) == len(members) && slices.EqualFunc(next, members, func(a, b Member) bool { return a.Account == b.Account })
		members = next
		if h.owners(v, accounts) < h.opt.Owners {
			return nil
		}
		*s = h.work.weighSet(v, accounts, h.opt.Sample)
		if same {
			break
		}
	}
	return members
}

// linked scores every account that might belong and returns those that do, by
// account: those that the weights link, that innocent accounts would not match
// by chance, and that fit about as well as the others do.
func (h *Hunter) linked(v *View, s *set) []Member {
	candidates := h.candidates(v, s)
	h.work.loadSet(v, s)
	var out []Member
	inside := map[uint32]bool{}
	for _, a := range candidates {
		if v.Accounts[a].spared() {
			continue
		}
		if sc := h.work.score(v, a); sc.Linked(h.opt.Membership) {
			out = append(out, Member{Account: a, Added: v.Now, Score: sc})
			inside[a] = true
		}
	}
	s.null = h.work.nullOf(v, s.seen, inside)
	least := h.opt.Stranger * float64(len(out)) / float64(len(v.Accounts))
	out = slices.DeleteFunc(out, func(m Member) bool { return !h.belongs(v, s.null, m.Account, inside, least) })
	out = core(out)
	slices.SortFunc(out, func(a, b Member) int { return cmp.Compare(a.Account, b.Account) })
	return out
}

// belongs tests an account for itself: innocents would not match it by chance,
// and its links lead to more than one other owner. Two who share things only
// with each other, such as a customer's two accounts, are judged without those.
func (h *Hunter) belongs(v *View, n *null, a uint32, inside map[uint32]bool, least float64) bool {
	r := h.work.rawOf(a)
	if h.work.partners(v, a, inside) == 1 {
		if !h.work.scoreOf(v, a, true).Linked(h.opt.Membership) {
			return false
		}
		r = h.work.alone(v, a)
	}
	p, spoken := n.chance(r)
	return p <= least && spoken >= 2
}

// core drops those who fit far less than the others do: an innocent account
// inside a guilty set is not taken along.
func core(ms []Member) []Member {
	if len(ms) == 0 {
		return nil
	}
	least := coreShare * median(ms)
	return slices.DeleteFunc(ms, func(m Member) bool { return m.Score.Total() < least })
}

const coreShare = 0.55

func median(ms []Member) float64 {
	totals := make([]float64, len(ms))
	for i, m := range ms {
		totals[i] = m.Score.Total()
	}
	slices.Sort(totals)
	return totals[len(totals)/2]
}

// candidates are the set's accounts and the other carriers of its strongest
// trails.
func (h *Hunter) candidates(v *View, s *set) []uint32 {
	b := &h.work
	b.now++
	out := b.pool[:0]
	add := func(a uint32) {
		if b.pooled[a] != b.now {
			b.pooled[a] = b.now
			out = append(out, a)
		}
	}
	for _, a := range s.accounts {
		add(a)
	}
	limit := uint32(coverage * max(s.all, 16))
	looked := 0
	for _, w := range s.seen {
		if looked == reach || w.Nats <= 0 {
			break
		}
		if v.Trails[w.Trail].Owners > limit {
			continue
		}
		looked++
		for _, e := range v.Trails[w.Trail].Carriers {
			add(v.Edges[e].Account)
		}
	}
	b.pool = out
	return out
}

func (h *Hunter) owners(v *View, accounts []uint32) int {
	seen := map[uint32]bool{}
	for _, a := range accounts {
		seen[v.Accounts[a].Owner] = true
	}
	return len(seen)
}

// join tests the accounts that moved since the last step against the
// fingerprints of what was found already; each goes where it fits best.
func (h *Hunter) join(v *View) {
	if len(h.findings) == 0 {
		return
	}
	near := make([][]uint32, len(h.findings))
	kin := make([][]uint32, len(h.findings))
	sums := make([]float32, len(h.findings))
	for _, a := range v.Touched {
		if h.home[a] >= 0 || v.Accounts[a].spared() {
			continue
		}
		clear(sums)
		for _, t := range v.Accounts[a].Left {
			if !h.marked[t] {
				continue
			}
			for _, m := range h.marks[t] {
				sums[m.finding] += m.nats
			}
		}
		for f, s := range sums {
			if float64(s) >= h.opt.Membership {
				near[f] = append(near[f], a)
			}
			if float64(s) >= inherits+present {
				kin[f] = append(kin[f], a)
			}
		}
	}
	h.admit(v, near)
	for i, f := range h.findings {
		h.expect(v, f)
		h.heirs(v, f, kin[i])
		h.cells(v, f)
		h.enqueue(v, f)
	}
	for _, f := range h.findings {
		if len(f.Members) > 0 && (4*len(f.Members) >= 5*f.fit || v.Now-f.fresh >= 86400) {
			h.refit(v, f)
		}
	}
}

// admit adds accounts to the finding whose fingerprint links them best.
func (h *Hunter) admit(v *View, near [][]uint32) {
	type fit struct {
		finding *Finding
		score   Score
	}
	best := map[uint32]fit{}
	var order []uint32
	for i, f := range h.findings {
		if len(near[i]) == 0 {
			continue
		}
		h.work.load(v, f.Weights, f.owners, v.Owners)
		h.work.read(v, f.Weights)
		inside := f.set()
		least := coreShare * median(f.Members)
		chance := h.opt.Stranger * float64(len(f.Members)) / float64(len(v.Accounts))
		for _, a := range near[i] {
			sc := h.work.score(v, a)
			if !sc.Linked(h.opt.Membership) || sc.Total() < least {
				continue
			}
			if !h.belongs(v, f.null, a, inside, chance) {
				continue
			}
			old, ok := best[a]
			if !ok {
				order = append(order, a)
			}
			if !ok || sc.Total() > old.score.Total() {
				best[a] = fit{f, sc}
			}
		}
	}
	for _, a := range order {
		h.enter(best[a].finding, Member{Account: a, Added: v.Now, Score: best[a].score})
	}
}

func (f *Finding) add(m Member) {
	if f.index == nil {
		f.index = map[uint32]int{}
	}
	if _, ok := f.index[m.Account]; ok {
		return
	}
	f.index[m.Account] = len(f.Members)
	f.Members = append(f.Members, m)
	f.changed = true
}

func (f *Finding) set() map[uint32]bool { return setOf(f.accounts()) }

func (f *Finding) accounts() []uint32 {
	return accountsOf(f.Members)
}

// refit fits a finding's fingerprint to its present members, looks whom it links
// now, and whether two hands are behind it.
func (h *Hunter) refit(v *View, f *Finding) {
	s := h.work.weighSet(v, f.accounts(), h.opt.Sample)
	var fresh []Member
	for _, m := range h.linked(v, &s) {
		if i, ok := f.index[m.Account]; ok {
			f.Members[i].Score, f.Members[i].Heir = m.Score, false
		} else if h.home[m.Account] < 0 {
			fresh = append(fresh, m)
		}
	}
	for _, part := range h.hang(v, s.seen, append(f.accounts(), accountsOf(fresh)...)) {
		if slices.ContainsFunc(part, func(a uint32) bool { _, old := f.index[a]; return old }) {
			for _, m := range only(fresh, part) {
				h.enter(f, m)
			}
		}
	}
	if groups := h.divide(v, f.accounts()); len(groups) > 1 {
		h.split(v, f, groups)
		s = h.work.weighSet(v, f.accounts(), h.opt.Sample)
	}
	h.print(v, f, s)
	f.Purpose = h.purposeOf(v, f.Members)
	f.Score = f.strength()
	f.fresh = v.Now
}

// split leaves a finding the largest group and makes findings of the others.
func (h *Hunter) split(v *View, f *Finding, groups [][]uint32) {
	defer func(n int) { h.error.accused = n }(h.error.accused) // parts of one set are one test
	old := f.Members
	f.Members, f.index = nil, nil
	stays := setOf(groups[0])
	for _, m := range old {
		if stays[m.Account] {
			f.add(m)
		} else {
			h.home[m.Account] = -1
		}
	}
	for _, g := range groups[1:] {
		if h.accuse(v, only(old, g), f.Certificate) {
			continue
		}
		for _, m := range old {
			if h.home[m.Account] < 0 && !stays[m.Account] {
				h.enter(f, m) // too small to stand alone
			}
		}
	}
}

// print makes the set's weights the finding's fingerprint.
func (h *Hunter) print(v *View, f *Finding, s set) {
	for _, w := range f.Weights {
		h.marks[w.Trail] = slices.DeleteFunc(h.marks[w.Trail], func(m mark) bool { return m.finding == int32(f.ID) })
	}
	f.Weights = f.Weights[:0]
	for _, w := range s.seen {
		if w.Nats > 0 {
			f.Weights = append(f.Weights, w)
			h.marks[w.Trail] = append(h.marks[w.Trail], mark{finding: int32(f.ID), nats: float32(w.Nats)})
			h.marked[w.Trail] = true
		}
	}
	f.began = beganAt(v, f.Weights, f.set())
	for _, w := range f.Weights {
		ms := h.marks[w.Trail]
		ms[len(ms)-1].own = h.Exclusive(v, f, w.Trail)
	}
	h.expect(v, f)
	f.fit, f.owners, f.null = len(f.Members), s.owners, s.null
	if f.null == nil {
		f.null = h.work.nullOf(v, f.Weights, f.set())
	}
}

// strength is the median member's log-odds with the purpose's.
func (f *Finding) strength() float64 {
	if len(f.Members) == 0 {
		return 0
	}
	return median(f.Members) + f.Purpose.Score
}
