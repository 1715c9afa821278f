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

// Strangers are the accounts that were seen long enough and belong to no
// finding. They tell which wording is a finding's own.
type Strangers struct {
	v     *View
	known []bool   // per account
	mates []uint32 // per owner: accounts
	since uint32   // the first exchange of all
}

// Strangers looks over all accounts.
func (h *Hunter) Strangers(v *View) *Strangers {
	s := &Strangers{v: v, known: make([]bool, len(v.Accounts)), since: ^uint32(0)}
	for a := range v.Accounts {
		x := &v.Accounts[a]
		s.since = min(s.since, x.First)
		s.known[a] = x.Exchanges >= seasoned && (a >= len(h.home) || h.home[a] < 0)
		for int(x.Owner) >= len(s.mates) {
			s.mates = append(s.mates, 0)
		}
		s.mates[x.Owner]++
	}
	return s
}

// Has says whether an account was seen long enough and belongs to no finding.
func (s *Strangers) Has(a uint32) bool { return s.known[a] }

// Own returns a function that says whether a trail is a finding's own wording:
// nobody used it before the operator did, and hardly any stranger uses it now.
//
// Not none, for the hunt has not found every head, and a head that it missed
// would make everybody's what is the operator's alone. So a stranger who began
// after the operator used this wording, who has its client as well and who
// belongs to no firm or family, is doubted: doubtful ones may be as many as half
// of all who use the wording. The others may be one in six. An innocent company
// whose wording was copied was there before; where history is too short to tell,
// nobody is doubted.
func (s *Strangers) Own(f *Finding) func(trail uint32) bool {
	w := witness{Strangers: s, client: map[uint32]bool{}, heard: map[uint32]bool{}}
	w.began = s.began(f)
	for _, x := range f.Weights {
		if s.v.Trails[x.Trail].Observable.Family() == exchange.Client && x.Nats >= present {
			w.client[x.Trail] = true
		}
	}
	return w.own
}

// began is when the members first used the wording that links them.
func (s *Strangers) began(f *Finding) uint32 {
	in, first := f.set(), ^uint32(0)
	for _, x := range f.Weights {
		t := &s.v.Trails[x.Trail]
		if t.Observable.Family() != exchange.Content || x.Nats < present {
			continue
		}
		for _, e := range t.Carriers {
			if edge := &s.v.Edges[e]; edge.First < first && in[edge.Account] {
				first = edge.First
			}
		}
	}
	return first
}

// witness hears strangers about one finding.
type witness struct {
	*Strangers
	client map[uint32]bool // trails
	began  uint32
	heard  map[uint32]bool // strangers, and whether they are doubted
}

func (w *witness) own(trail uint32) bool {
	t := &w.v.Trails[trail]
	if t.Observable.Family() != exchange.Content || t.Observable.Kind() == exchange.Item {
		return false
	}
	sure, all := 0, 0
	for _, e := range t.Carriers {
		edge := &w.v.Edges[e]
		if !w.known[edge.Account] {
			continue
		}
		if edge.First+earlier < w.began {
			return false
		}
		if all++; !w.doubted(edge.Account) {
			sure++
		}
	}
	return 6*sure <= len(t.Carriers) && 2*all <= len(t.Carriers)
}

// earlier is by how much somebody must have been before the operator to have been
// the first: a head that was missed may have been there a little before the others.
const earlier = 86400

// doubted says whether a stranger may be a head that the hunt has missed.
func (w *witness) doubted(a uint32) bool {
	d, ok := w.heard[a]
	if ok {
		return d
	}
	x := &w.v.Accounts[a]
	if x.First >= w.began && w.began >= w.since+earlier && w.mates[x.Owner] == 1 {
		for _, e := range x.Carried {
			d = d || w.client[w.v.Edges[e].Trail]
		}
	}
	w.heard[a] = d
	return d
}
