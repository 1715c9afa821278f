package hunt

import "slices"

// decide is the one place that turns evidence into an accusation. It is given
// members that were each linked for themselves by two independent causes, in a
// set whose coincidence was tested on families it was not formed on.
//
// It returns false when the set may yet become a finding, with more volume or
// time.
func (h *Hunter) decide(v *View, s *set, members []Member, cert Certificate) bool {
	if len(members) == 0 {
		return false
	}
	done := false
	for _, part := range h.hang(v, s.seen, accountsOf(members)) {
		if h.owners(v, part) >= h.opt.Owners {
			done = h.judge(v, only(members, part), cert) || done
		}
	}
	return done
}

// judge accuses members that hang together, or finds that they belong to what
// is accused already.
func (h *Hunter) judge(v *View, members []Member, cert Certificate) bool {
	accounts := accountsOf(members)
	if f := h.sameAs(accounts); f != nil {
		if cert.Suffices() && !f.Certificate.Suffices() {
			f.Certificate = cert
			h.error.accused++
		}
		free := h.free(members)
		if h.elsewhere(v, f, free) {
			return h.accuse(v, free, cert)
		}
		if p := h.purposeOf(v, free); p.Exchanges >= h.opt.Volume && p.Score < h.opt.Extraction {
			return false // a class in which somebody shares an exit with heads
		}
		h.absorb(v, f, members)
		return true
	}
	if p := h.purposeOf(v, members); !h.extracts(&p) {
		return false
	}
	done := false
	for _, group := range h.divide(v, accounts) {
		done = h.accuse(v, only(members, group), cert) || done
	}
	return done
}

func (h *Hunter) extracts(p *Purpose) bool {
	return p.Exchanges >= h.opt.Volume && p.Score >= h.opt.Extraction
}

// only keeps those members that are in a group.
func only(members []Member, group []uint32) []Member {
	in := setOf(group)
	return slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return !in[m.Account] })
}

// free lists the members that belong to no finding yet.
func (h *Hunter) free(members []Member) []Member {
	return slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return h.home[m.Account] >= 0 })
}

// elsewhere says whether another hand than a finding's moves the members.
func (h *Hunter) elsewhere(v *View, f *Finding, members []Member) bool {
	n := len(f.Members)
	ties := h.ties(v, append(f.accounts(), accountsOf(members)...))
	return severed(func(p int) bool { return p < n }, func(p int) bool { return p >= n }, ties)
}

// accuse makes a finding of those members that are in none yet.
func (h *Hunter) accuse(v *View, members []Member, cert Certificate) bool {
	if h.opt.Certified && !cert.Suffices() {
		return false
	}
	members = h.free(members)
	accounts := accountsOf(members)
	hands := h.hands(v, accounts)
	if hands < h.opt.Owners {
		return false
	}
	p := h.purposeOf(v, members)
	if !h.extracts(&p) || !h.certain(&p, hands, cert) {
		return false
	}
	f := &Finding{ID: len(h.findings), Detected: v.Now, Purpose: p, Certificate: cert}
	h.error.accused += one(cert.Suffices())
	h.findings = append(h.findings, f)
	for _, m := range members {
		m.Added = v.Now
		h.enter(f, m)
	}
	h.print(v, f, h.work.weighSet(v, accounts, h.opt.Sample))
	f.Score = f.strength()
	f.fresh = v.Now
	return true
}

// certain says whether a set's purpose is clear enough for its size. A few hands
// that are not certified may be a person with two accounts and a stranger behind
// one exit with him: what they do must say more.
func (h *Hunter) certain(p *Purpose, hands int, cert Certificate) bool {
	return hands >= handful || cert.Suffices() || p.Score >= h.opt.Extraction+doubt
}

const (
	handful = 5   // hands from which a set needs no more purpose than others do
	doubt   = 1.0 // log-odds of purpose that fewer need beyond Extraction
)

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

func setOf(accounts []uint32) map[uint32]bool {
	in := make(map[uint32]bool, len(accounts))
	for _, a := range accounts {
		in[a] = true
	}
	return in
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
			if len(f.Members) == 0 || len(g.Members) == 0 || !f.changed && !g.changed {
				continue
			}
			if h.oneHand(v, g, f) {
				h.pour(v, f, g)
				break
			}
		}
	}
	for _, f := range h.findings {
		f.changed = false
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
	if h.clocks(v, g.accounts(), f.accounts()) == oneClock {
		return true
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
	from.changed = true
	h.refit(v, into)
}
