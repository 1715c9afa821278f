package hunt

// decide is the one place that turns evidence into an accusation. It is given
// members that were each linked for themselves by two independent causes, in a
// set whose coincidence was tested on families it was not formed on.
func (h *Hunter) decide(v *View, members []Member, s set) {
	if len(members) == 0 {
		return
	}
	accounts := make([]uint32, len(members))
	for i, m := range members {
		accounts[i] = m.Account
	}
	if f := h.sameAs(accounts); f != nil {
		h.absorb(v, f, members)
		return
	}
	p := purposeOf(v, accounts)
	if p.Exchanges < h.opt.Volume || p.Score < h.opt.Extraction {
		return
	}
	f := &Finding{ID: len(h.findings), Detected: v.Now, Purpose: p}
	for _, m := range members {
		if h.home[m.Account] < 0 {
			f.add(m)
		}
	}
	if h.owners(v, f.accounts()) < h.opt.Owners {
		return
	}
	for _, m := range f.Members {
		h.home[m.Account] = int32(f.ID)
	}
	h.findings = append(h.findings, f)
	h.print(f, s)
	f.Score = f.strength()
	f.fresh = v.Now
}

// sameAs returns the finding that already holds at least half of the accounts.
func (h *Hunter) sameAs(accounts []uint32) *Finding {
	count := map[int32]int{}
	for _, a := range accounts {
		if g := h.home[a]; g >= 0 {
			count[g]++
		}
	}
	for g, n := range count {
		if 2*n >= len(accounts) {
			return h.findings[g]
		}
	}
	return nil
}

// absorb adds to a finding the members of a set that is mostly it.
func (h *Hunter) absorb(v *View, f *Finding, members []Member) {
	before := len(f.Members)
	for _, m := range members {
		if h.home[m.Account] < 0 {
			f.add(m)
			h.home[m.Account] = int32(f.ID)
		}
	}
	if len(f.Members) > before {
		h.refit(v, f)
	}
}
