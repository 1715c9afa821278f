package hunt

import (
	"cmp"
	"slices"

	"iolaus/exchange"
)

// A campaign that was found is known by its program: wording that nobody else
// uses, and beside it a client, an exit, a mail domain that hardly anybody else
// has. Who comes after and runs that program is its heir, however new: a second
// cause in full would take as many requests again as the last head was lost by.
const (
	inherits = 5.5       // log-odds of own wording, pooled: nearly the caps of two pieces
	pieces   = 2         // of own wording that an heir shows, at least
	parents  = 5         // members of a finding from which it can have heirs
	seldom   = 50        // of so many exchanges of an heir at least one shows a piece of wording
	watched  = 2 * 86400 // from when on who is new to the log is taken to be new
)

// kin is an account outside the findings that may run a finding's program.
type kin struct {
	account uint32
	marks   []shown
	out     bool // what it shows turned out not to be the finding's own
}

// shown is a trail of a finding's fingerprint that an account left.
type shown struct {
	trail  uint32
	family exchange.Family
	nats   float64
	own    bool // it was the finding's own when the fingerprint was fitted
}

// heirs adds those whom a finding's program gives away, and says how many: the
// accounts near, and whoever shows it beside them. Heads that started together do not hide each
// other: what only they and the finding show is the finding's own.
func (h *Hunter) heirs(v *View, f *Finding, near []uint32) int {
	if len(f.Members) < parents || len(near) == 0 {
		return 0
	}
	heirs := h.program(v, f, h.kinOf(v, f, near))
	if len(heirs) == 0 {
		return 0
	}
	h.inherit(v, f, heirs)
	return len(heirs)
}

// inherit makes accounts heirs of a finding.
func (h *Hunter) inherit(v *View, f *Finding, heirs []uint32) {
	h.work.load(v, f.Weights, f.owners, v.Owners)
	for _, a := range heirs {
		h.enter(f, Member{Account: a, Added: v.Now, Heir: true, Score: h.work.score(v, a)})
	}
}

// expect notes which trails of a finding's fingerprint may be its own before the
// next step, so that the many who show what is everybody's are not looked at.
func (h *Hunter) expect(v *View, f *Finding) {
	for _, w := range f.Weights {
		for i := range h.marks[w.Trail] {
			if m := &h.marks[w.Trail][i]; m.finding == int32(f.ID) {
				m.may = m.own || h.mayBeOurs(v, f, w.Trail)
			}
		}
	}
}

// kinOf lists the accounts near that may be heirs, and those that share with one
// of them what may be the finding's own, as far as they may be heirs themselves.
func (h *Hunter) kinOf(v *View, f *Finding, near []uint32) []kin {
	b := &h.work
	b.now++
	var all []kin
	look := func(a uint32) {
		if b.pooled[a] == b.now {
			return
		}
		b.pooled[a] = b.now
		if k := h.kinTo(v, f, a); k.shows(func(shown) bool { return true }) {
			all = append(all, k)
		}
	}
	for _, a := range near {
		look(a)
	}
	limit := uint32(coverage * max(len(f.Members), 16))
	for i := 0; i < len(all); i++ {
		for _, m := range all[i].marks {
			t := &v.Trails[m.trail]
			if b.epoch[m.trail] == b.now || t.Owners > limit {
				continue
			}
			b.epoch[m.trail] = b.now
			for _, e := range t.Carriers {
				look(v.Edges[e].Account)
			}
		}
	}
	slices.SortFunc(all, func(x, y kin) int { return cmp.Compare(x.account, y.account) })
	return all
}

// kinTo lists what an account shows of a finding's program; nothing when it cannot
// be an heir: who was there before the operator is none of his.
func (h *Hunter) kinTo(v *View, f *Finding, a uint32) kin {
	k, x := kin{account: a}, &v.Accounts[a]
	if !h.mayInherit(v, f, a) {
		return k
	}
	for i, t := range x.Left {
		if !h.marked[t] || v.Trails[t].Observable.Kind() == exchange.Item {
			continue
		}
		wording := v.Trails[t].Observable.Family() == exchange.Content
		if wording && !v.asksSo(x.Carried[i]) {
			continue
		}
		for _, m := range h.marks[t] {
			if m.finding == int32(f.ID) && m.may {
				k.marks = append(k.marks, shown{t, v.Trails[t].Observable.Family(), float64(m.nats), m.own})
			}
		}
	}
	return k
}

// shows says whether an account runs a finding's program: several pieces of
// wording that are the finding's own, and what else is the finding's own adds up
// to evidence, too.
func (k *kin) shows(own func(shown) bool) bool {
	var wording []float64
	var rest [exchange.Families][]float64
	for _, m := range k.marks {
		switch {
		case !own(m):
		case m.family == exchange.Content:
			wording = append(wording, m.nats)
		default:
			rest[m.family] = append(rest[m.family], m.nats)
		}
	}
	if len(wording) < pieces || pool(exchange.Content, wording) < inherits {
		return false
	}
	other := 0.0
	for x, nats := range rest {
		other += pool(exchange.Family(x), nats)
	}
	return other >= present
}

// program returns those of the kin that run a finding's program: the largest part
// of them of which each shows enough that nobody but the finding and this part
// leaves.
func (h *Hunter) program(v *View, f *Finding, all []kin) []uint32 {
	in := make(map[uint32]bool, len(all))
	for _, k := range all {
		if v.Accounts[k.account].First >= h.began+watched {
			in[k.account] = true
		}
	}
	for again := true; again; {
		again = false
		asked := map[uint32]bool{}
		own := func(m shown) bool {
			is, ok := asked[m.trail]
			if !ok {
				is = m.own && h.Exclusive(v, f, m.trail) || len(in) > 0 && h.ours(v, f, m.trail, in)
				asked[m.trail] = is
			}
			return is
		}
		for i := range all {
			if k := &all[i]; !k.out && !k.shows(own) {
				k.out, again = true, true
			}
		}
		for _, k := range all {
			if k.out {
				delete(in, k.account)
			}
		}
	}
	var heirs []uint32
	for _, k := range all {
		if !k.out {
			heirs = append(heirs, k.account)
		}
	}
	return heirs
}

// Recognise admits heirs among the accounts that are still new, between two
// steps, and says how many. It hunts for nothing, and costs a look at the accounts
// touched since the last step. Who gets by it is looked at again by the step.
func (h *Hunter) Recognise(v *View) (heirs int) {
	if len(h.findings) == 0 {
		return 0
	}
	h.fitTo(v)
	var young []uint32
	for _, a := range v.Touched {
		if x := &v.Accounts[a]; h.home[a] < 0 && x.Exchanges < seasoned && !x.spared() {
			young = append(young, a)
		}
	}
	if len(young) == 0 {
		return 0
	}
	for _, f := range h.findings {
		heirs += h.heirs(v, f, young)
	}
	return heirs
}
