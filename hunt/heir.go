package hunt

import (
	"slices"

	"iolaus/exchange"
)

// A campaign that was found is known by its program: wording that nobody else
// uses, and beside it a client, an exit, a mail domain that hardly anybody else
// has. Who comes after and runs that program is its heir, however new: a second
// cause in full would take as many requests again as the last head was lost by.
const (
	inherits = 5.5 // log-odds of own wording, pooled: nearly the caps of two pieces
	pieces   = 2   // of own wording that an heir shows, at least
	parents  = 5   // members of a finding from which it can have heirs
)

// inherited says whether an account runs a finding's program: it shows several
// pieces of wording that are this finding's own, and what else is the finding's
// adds up to evidence, too. Who was there before the operator is none of his.
// Wording that an innocent company uses, because it was copied from there, is not
// the finding's own, nor is that of a kit which two bought.
func (h *Hunter) inherited(v *View, f *Finding, a uint32) bool {
	if len(f.Members) < parents || v.Accounts[a].First < f.began {
		return false
	}
	var own []float64
	var rest [exchange.Families][]float64
	for _, e := range v.Accounts[a].Carried {
		t := v.Edges[e].Trail
		if !h.marked[t] {
			continue
		}
		for _, m := range h.marks[t] {
			if m.finding != int32(f.ID) || !m.own || !h.Exclusive(v, f, t) {
				continue
			}
			o := v.Trails[t].Observable
			switch x := o.Family(); {
			case x != exchange.Content:
				rest[x] = append(rest[x], float64(m.nats))
			case o.Kind() != exchange.Item:
				own = append(own, float64(m.nats))
			}
		}
	}
	if len(own) < pieces || pool(exchange.Content, own) < inherits {
		return false
	}
	other := 0.0
	for x, nats := range rest {
		other += pool(exchange.Family(x), nats)
	}
	return other >= present
}

// heirs adds those whom a finding's program gives away.
func (h *Hunter) heirs(v *View, f *Finding, near []uint32) {
	near = slices.DeleteFunc(near, func(a uint32) bool { return h.home[a] >= 0 || !h.inherited(v, f, a) })
	if len(near) == 0 {
		return
	}
	h.work.load(v, f.Weights, f.owners, v.Owners)
	for _, a := range near {
		h.enter(f, Member{Account: a, Added: v.Now, Score: h.work.score(v, a)})
	}
}

// Recognise admits heirs among the accounts that are still new, between two
// steps: it hunts for nothing, and costs a look at the accounts touched since the
// last step. Who gets by it is looked at again by the step.
func (h *Hunter) Recognise(v *View) {
	if len(h.findings) == 0 {
		return
	}
	h.fitTo(v)
	var young []uint32
	for _, a := range v.Touched {
		if x := &v.Accounts[a]; h.home[a] < 0 && x.Exchanges < seasoned && !x.Allowed && !x.intermediary() {
			young = append(young, a)
		}
	}
	if len(young) == 0 {
		return
	}
	for _, f := range h.findings {
		h.heirs(v, f, slices.Clone(young))
	}
}
