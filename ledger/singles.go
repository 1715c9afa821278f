package ledger

import "iolaus/exchange"

// singles remembers who left an observable while all who did are of one owner,
// and leads to the trail of one that others left since: most observables are
// left once, so what is known of those takes no more room than it must.
type singles struct {
	young[note]
	many, manyBefore []lone // of the two generations
}

// note is what is known of an observable: the account that left it and when, if it
// was left once; else, marked, the index of a lone or of a trail.
type note struct{ ref, at uint32 }

// Marks of a note, and of a habit's edge that is a lone.
const (
	several = 1 << 30
	shared  = 1 << 31
	index   = several - 1
)

// lone is what is known of an observable that a single owner left more than once:
// his first account that did, how often and since when. No count: it is shared.
type lone struct {
	ref   uint32
	count uint32
	first uint32
	last  uint32
}

// lone returns what is known of an observable that is not shared.
func (l *singles) lone(n note) lone {
	if n.ref&several != 0 {
		return l.many[n.ref&index]
	}
	return lone{n.ref, 1, n.at, n.at}
}

// again notes that the owner of an observable left it again. It returns how often
// that was, and where it is remembered.
func (l *singles) again(n *note, now uint32) (count, at uint32) {
	if n.ref&several == 0 {
		l.many = append(l.many, lone{n.ref, 1, n.at, n.at})
		n.ref = several | uint32(len(l.many)-1)
	}
	s := &l.many[n.ref&index]
	s.count++
	s.last = now
	return s.count, n.ref
}

// share notes that an observable is shared from now on.
func (l *singles) share(n *note, trail uint32) {
	if n.ref&several != 0 {
		l.many[n.ref&index].count = 0
	}
	n.ref = shared | trail
}

// gone returns the trail of an observable of which the newer generation knows
// nothing, or nil: as long as there is no older one, there is none.
func (l *singles) gone(trails *table[uint32], o exchange.Observable) *slot[uint32] {
	if l.before.used == 0 {
		return nil
	}
	return trails.find(uint64(o))
}

// carry brings an observable over from the older generation, or returns false.
func (l *singles) carry(s *slot[note], o exchange.Observable) bool {
	old := l.before.find(uint64(o))
	if old == nil {
		return false
	}
	s.val = old.val
	if n := &s.val; n.ref&several != 0 {
		l.many = append(l.many, l.manyBefore[n.ref&index])
		n.ref = several | uint32(len(l.many)-1)
	}
	l.now.fill(s, uint64(o))
	return true
}

func (l *singles) turn() {
	l.young.turn()
	l.many, l.manyBefore = l.manyBefore[:0], l.many
}
