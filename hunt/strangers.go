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
	v       *View
	outside []bool   // per account: in no finding
	known   []bool   // per account: and seen long enough
	mates   []uint32 // per owner: accounts
	since   uint32   // the first exchange of all
}

// Strangers looks over all accounts.
func (h *Hunter) Strangers(v *View) *Strangers {
	s := &Strangers{v: v, outside: make([]bool, len(v.Accounts)), known: make([]bool, len(v.Accounts)), since: ^uint32(0)}
	for a := range v.Accounts {
		x := &v.Accounts[a]
		s.since = min(s.since, x.First)
		s.outside[a] = a >= len(h.home) || h.home[a] < 0
		s.known[a] = s.outside[a] && x.Exchanges >= seasoned
		for int(x.Owner) >= len(s.mates) {
			s.mates = append(s.mates, 0)
		}
		s.mates[x.Owner]++
	}
	return s
}

// Has says whether an account was seen long enough and belongs to no finding.
func (s *Strangers) Has(a uint32) bool { return s.known[a] }

// A Wording is whose a piece of wording is, that a finding's members leave.
type Wording uint8

// Whose wording is.
const (
	Shared Wording = iota // also of others, or no wording at all
	Own                   // the operator's
	Copied                // of somebody who was there before the operator
)

// Whose returns a function that says whose wording a trail is. The operator's own
// is what nobody used before he did, and what hardly any stranger uses now.
//
// Not none, for the hunt has not found every head, and a head that it missed
// would make everybody's what is the operator's alone. So a stranger who began
// after the operator used this wording, who has its client as well and who
// belongs to no firm or family, is doubted: doubtful ones may be as many as half
// of all who use the wording. The others may be one in six. An innocent company
// whose wording was copied was there before; where history is too short to tell,
// nobody is doubted.
func (s *Strangers) Whose(f *Finding) func(trail uint32) Wording {
	w := witness{Strangers: s, client: map[uint32]bool{}, heard: map[uint32]bool{}}
	w.began = s.began(f)
	for _, x := range f.Weights {
		if s.v.Trails[x.Trail].Observable.Family() == exchange.Client && x.Nats >= present {
			w.client[x.Trail] = true
		}
	}
	return w.whose
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

func (w *witness) whose(trail uint32) Wording {
	t := &w.v.Trails[trail]
	if t.Observable.Family() != exchange.Content || t.Observable.Kind() == exchange.Item {
		return Shared
	}
	sure, all := 0, 0
	for _, e := range t.Carriers {
		edge := &w.v.Edges[e]
		if !w.outside[edge.Account] {
			continue
		}
		if edge.First+earlier < w.began {
			return Copied
		}
		if !w.known[edge.Account] {
			continue
		}
		if all++; !w.doubted(edge.Account) {
			sure++
		}
	}
	if 6*sure <= len(t.Carriers) && 2*all <= len(t.Carriers) {
		return Own
	}
	return Shared
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
