package guard

import (
	"github.com/zeebo/xxh3"

	"iolaus/exchange"
)

// A Snapshot is what the guard answers from. Once published it is never changed;
// its parts may be shared between snapshots.
type Snapshot struct {
	Version  uint64
	Orders   map[string]*Order // by account
	Orgs     map[string]*Order // by organisation; people make these
	Allow    map[string]string // accounts and organisations, with the reason
	Standing *Accounts         // accounts that the hunt knows and found nothing in; may be nil
	Prints   *Prints           // may be nil
}

// Allowed says whether an account or an organisation is never touched.
func (s *Snapshot) Allowed(name string) bool {
	if name == "" || len(s.Allow) == 0 {
		return false
	}
	_, ok := s.Allow[name]
	return ok
}

// Order is what is in force against an account or its organisation at a time;
// the graver of the two, nil for nothing.
func (s *Snapshot) Order(account, org string, at int64) *Order {
	o := s.Orders[account]
	if o != nil && o.Until <= at {
		o = nil
	}
	if org == "" || len(s.Orgs) == 0 {
		return o
	}
	if p := s.Orgs[org]; p != nil && p.Until > at && (o == nil || p.Measure > o.Measure) {
		return p
	}
	return o
}

// Known says whether the hunt has long seen the account and found nothing.
func (s *Snapshot) Known(account string) bool { return s.Standing != nil && s.Standing.Has(account) }

// Accounts is a set of account names, eleven bytes each whatever their length.
// Two names collide once in 10^19 pairs; one that does goes unrecognised.
type Accounts struct {
	slots []uint64
	used  int
}

// NewAccounts returns a set with room for n names.
func NewAccounts(n int) *Accounts {
	size := 64
	for 3*size < 4*n {
		size *= 2
	}
	return &Accounts{slots: make([]uint64, size)}
}

func hashName(name string) uint64 { return xxh3.HashString(name) | 1 }

// Add enters a name, before the set is published.
func (a *Accounts) Add(name string) {
	if 4*(a.used+1) > 3*len(a.slots) {
		bigger := &Accounts{slots: make([]uint64, 2*len(a.slots))}
		for _, h := range a.slots {
			if h != 0 {
				bigger.put(h)
			}
		}
		*a = *bigger
	}
	a.put(hashName(name))
}

func (a *Accounts) put(h uint64) {
	mask := uint64(len(a.slots) - 1)
	for i := h >> 1 & mask; ; i = (i + 1) & mask {
		switch a.slots[i] {
		case h:
			return
		case 0:
			a.slots[i] = h
			a.used++
			return
		}
	}
}

// Has says whether a name is in the set.
func (a *Accounts) Has(name string) bool {
	h := hashName(name)
	mask := uint64(len(a.slots) - 1)
	for i := h >> 1 & mask; ; i = (i + 1) & mask {
		switch a.slots[i] {
		case h:
			return true
		case 0:
			return false
		}
	}
}

// Len is the number of names.
func (a *Accounts) Len() int { return a.used }

// A Trait is one observable of a campaign's fingerprint and what it says for
// membership, in nats.
type Trait struct {
	Observable exchange.Observable
	Nats       float32
	Own        bool // hardly anybody outside the campaign leaves it
}

// A Print is what a campaign's heads have in common, and what is in force
// against an account that carries enough of it.
type Print struct {
	Campaign string
	Traits   []Trait
	Least    float32 // nats an account needs
	Order    Order   // Since and Until are relative: seconds from recognition
}

// Prints finds fingerprints by observable.
type Prints struct {
	prints []Print
	caps   [exchange.Families]float32
	slots  []place
	marks  []mark
}

// place is where an observable's marks are.
type place struct {
	observable exchange.Observable
	from, to   uint32
}

// mark is what an observable says for one print.
type mark struct {
	print uint32
	nats  float32
	own   bool
}

// sharers is how many campaigns one observable can speak for; the strongest stay.
const sharers = 8

// NewPrints indexes fingerprints. caps bound what one family can contribute.
func NewPrints(ps []Print, caps [exchange.Families]float32) *Prints {
	by := map[exchange.Observable][]mark{}
	for i := range ps {
		for _, t := range ps[i].Traits {
			if t.Nats > 0 {
				by[t.Observable] = strongest(append(by[t.Observable], mark{uint32(i), t.Nats, t.Own}))
			}
		}
	}
	size := 64
	for size < 2*len(by) {
		size *= 2
	}
	out := &Prints{prints: ps, caps: caps, slots: make([]place, size)}
	for o, ms := range by {
		from := uint32(len(out.marks))
		out.marks = append(out.marks, ms...)
		i := uint64(o) * spread >> 20 & uint64(size-1)
		for out.slots[i].observable != 0 {
			i = (i + 1) & uint64(size-1)
		}
		out.slots[i] = place{o, from, uint32(len(out.marks))}
	}
	return out
}

// spread mixes observables, whose top byte is their kind.
const spread = 0x9e3779b97f4a7c15

// strongest drops the weakest mark beyond the limit.
func strongest(ms []mark) []mark {
	if len(ms) <= sharers {
		return ms
	}
	weak := 0
	for i, m := range ms {
		if m.nats < ms[weak].nats {
			weak = i
		}
	}
	ms[weak] = ms[len(ms)-1]
	return ms[:len(ms)-1]
}

// of returns the marks of an observable.
func (p *Prints) of(o exchange.Observable) []mark {
	mask := uint64(len(p.slots) - 1)
	for i := uint64(o) * spread >> 20 & mask; ; i = (i + 1) & mask {
		s := &p.slots[i]
		if s.observable == o {
			return p.marks[s.from:s.to]
		}
		if s.observable == 0 {
			return nil
		}
	}
}

// Len is the number of fingerprints.
func (p *Prints) Len() int {
	if p == nil {
		return 0
	}
	return len(p.prints)
}
