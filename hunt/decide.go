package hunt

// decide is the one place that turns evidence into an accusation. It is given
// members that were each linked for themselves by two independent causes, in a
// set whose coincidence was tested on families it was not formed on.
//
// It returns false when the set may yet become a finding, with more volume or
// time.
func (h *Hunter) decide(v *View, members []Member, s set) bool {
	if len(members) == 0 {
		return false
	}
	accounts := accountsOf(members)
	if f := h.sameAs(accounts); f != nil {
		h.absorb(v, f, members)
		return true
	}
	if p := purposeOf(v, accounts); p.Exchanges < h.opt.Volume || p.Score < h.opt.Extraction {
		return false
	}
	done := false
	for _, group := range h.divide(v, accounts) {
		done = h.accuse(v, group, members) || done
	}
	return done
}

// accuse makes a finding of those accounts of a group that have none yet.
func (h *Hunter) accuse(v *View, group []uint32, members []Member) bool {
	score := map[uint32]Score{}
	for _, m := range members {
		score[m.Account] = m.Score
	}
	free := group[:0:0]
	for _, a := range group {
		if h.home[a] < 0 {
			free = append(free, a)
		}
	}
	if h.owners(v, free) < h.opt.Owners {
		return false
	}
	p := purposeOf(v, free)
	if p.Exchanges < h.opt.Volume || p.Score < h.opt.Extraction {
		return false
	}
	f := &Finding{ID: len(h.findings), Detected: v.Now, Purpose: p}
	h.findings = append(h.findings, f)
	for _, a := range free {
		h.enter(f, Member{Account: a, Added: v.Now, Score: score[a]})
	}
	h.print(v, f, h.work.weighSet(v, free, h.opt.Sample))
	f.Score = f.strength()
	f.fresh = v.Now
	return true
}

// enter makes an account a member of a finding.
func (h *Hunter) enter(f *Finding, m Member) {
	f.add(m)
	h.home[m.Account] = int32(f.ID)
}

func accountsOf(ms []Member) []uint32 {
	out := make([]uint32, len(ms))
	for i, m := range ms {
		out[i] = m.Account
	}
	return out
}

// sameAs returns the finding that holds the most of the accounts, if that is at
// least half of them.
func (h *Hunter) sameAs(accounts []uint32) *Finding {
	count := make([]int, len(h.findings))
	for _, a := range accounts {
		if g := h.home[a]; g >= 0 {
			count[g]++
		}
	}
	best := -1
	for g, n := range count {
		if 2*n >= len(accounts) && (best < 0 || n > count[best]) {
			best = g
		}
	}
	if best < 0 {
		return nil
	}
	return h.findings[best]
}

// absorb adds to a finding the members of a set that is mostly it.
func (h *Hunter) absorb(v *View, f *Finding, members []Member) {
	before := len(f.Members)
	for _, m := range members {
		if h.home[m.Account] < 0 {
			h.enter(f, m)
		}
	}
	if len(f.Members) > before {
		h.refit(v, f)
	}
}

// fuse joins findings that turn out to be one operator's.
func (h *Hunter) fuse(v *View) {
	for i, f := range h.findings {
		for _, g := range h.findings[:i] {
			if len(f.Members) == 0 || len(g.Members) == 0 || !f.Changed && !g.Changed {
				continue
			}
			if h.oneHand(v, g, f) {
				h.pour(v, f, g)
				break
			}
		}
	}
}

// oneHand says whether two findings are one operator's: items are handed over
// between them about as often as within, or most of the one's members fit the
// other's fingerprint and nothing says that two hands are behind them.
func (h *Hunter) oneHand(v *View, g, f *Finding) bool {
	both := append(g.accounts(), f.accounts()...)
	n := len(g.Members)
	ties := h.ties(v, both)
	cross, expected := between(func(p int) bool { return p < n }, func(p int) bool { return p >= n }, ties)
	if cross >= fewest && float64(cross) >= together*expected {
		return true
	}
	if expected >= enough && float64(cross) < apart*expected {
		return false
	}
	h.work.load(v, g.Weights, g.owners, v.Owners)
	fit := 0
	for _, m := range f.Members {
		if h.work.score(v, m.Account).Linked(h.opt.Membership) {
			fit++
		}
	}
	return 2*fit >= len(f.Members)
}

// pour moves all members of one finding into another, which keeps its name.
func (h *Hunter) pour(v *View, from, into *Finding) {
	for _, m := range from.Members {
		h.enter(into, m)
	}
	from.Members, from.index = nil, nil
	h.print(v, from, set{null: &null{}})
	from.Changed = true
	h.refit(v, into)
}
