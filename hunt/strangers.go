package hunt

import "iolaus/exchange"

// Caps bound what one family can contribute for one account, in nats: they hold
// wherever a finding's fingerprint is used.
func Caps() (caps [exchange.Families]float64) { return familyCaps }

// Least is the log-odds from which an account can belong to a finding.
func (h *Hunter) Least(f *Finding) float64 {
	return max(h.opt.Membership, coreShare*median(f.Members))
}

// seasoned is the number of exchanges from which an account outside the findings
// says whose wording it is: also of him who uses it.
const seasoned = 24

// Stranger says whether an account was seen long enough and belongs to no finding.
func (h *Hunter) Stranger(v *View, a uint32) bool {
	return v.Accounts[a].Exchanges >= seasoned && (int(a) >= len(h.home) || h.home[a] < 0)
}

// beganAt is when a finding's members first used the wording that links them.
func beganAt(v *View, f *Finding) uint32 {
	in, first := f.set(), ^uint32(0)
	for _, x := range f.Weights {
		t := &v.Trails[x.Trail]
		if t.Observable.Family() != exchange.Content || x.Nats < present {
			continue
		}
		for _, e := range t.Carriers {
			if edge := &v.Edges[e]; edge.First < first && in[edge.Account] {
				first = edge.First
			}
		}
	}
	return first
}

// earlier is by how much somebody must have been before the operator to have been
// the first: a head that was missed may have been there a little before the others.
const earlier = 86400

// fewOthers is how many long-known accounts outside may leave what is a finding's own.
const fewOthers = 2

// Exclusive says whether a trail of a finding's fingerprint is hardly anybody
// else's. Not nobody's, for the hunt has not found every head: of all who leave it
// one in six may be outside, and of long-known accounts two, if it is wording; who
// was banned is heard as a head that was missed. Wording that anybody outside used
// before the operator did is not his: it was copied.
func (h *Hunter) Exclusive(v *View, f *Finding, trail uint32) bool {
	t := &v.Trails[trail]
	wording, outside := t.Observable.Family() == exchange.Content, 0
	for _, e := range t.Carriers {
		a := v.Edges[e].Account
		x := &v.Accounts[a]
		if int(a) < len(h.home) && h.home[a] == int32(f.ID) || x.Banned != 0 {
			continue
		}
		if wording && v.Edges[e].First+earlier < f.began {
			return false
		}
		if !wording || x.Exchanges >= seasoned {
			outside++
		}
	}
	return 6*outside <= len(t.Carriers) && (outside <= fewOthers || !wording)
}
