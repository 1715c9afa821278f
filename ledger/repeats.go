package ledger

import (
	"fmt"
	"slices"
	"time"
)

// Repeats tells exchanges that were logged twice: retried exports, overlapping
// files. The zero value works, and remembers 72 hours of event time.
//
// With a folder it remembers for good: ids older than 72 hours go to sorted
// files, of which memory keeps about 12 bits an id. The files are scratch: what
// a run needs of them it builds anew from the journal, and Close removes them.
type Repeats struct {
	// Dir is the folder for older ids; "" forgets them. It must exist.
	Dir string

	now, before ids
	since       time.Time
	older       []*spill // oldest and largest first
	err         error
}

// window is how long ids are kept in memory for sure.
const window = 72 * time.Hour

// Again says whether id came before, and remembers it. Without Dir "before" is
// within 72 hours of event time, at least; times come in order. Zero ids are
// never repeats.
func (r *Repeats) Again(id uint64, at time.Time) bool {
	if id == 0 {
		return false
	}
	if r.since.IsZero() {
		r.since = at
	}
	if at.Sub(r.since) >= window {
		r.turn()
		r.since = at
	}
	if r.before.has(id) {
		return true
	}
	if !r.now.add(id) {
		return true
	}
	for i := len(r.older) - 1; i >= 0; i-- {
		old, err := r.older[i].has(id)
		r.fail(err)
		if old {
			return true
		}
	}
	return false
}

// Err returns the first error of the folder. After one, older ids may be
// missed: an exchange is then counted twice rather than lost.
func (r *Repeats) Err() error { return r.err }

// Close removes the files. The zero value needs no Close.
func (r *Repeats) Close() error {
	for _, s := range r.older {
		r.fail(s.close())
	}
	err := r.err
	*r = Repeats{Dir: r.Dir}
	return err
}

func (r *Repeats) fail(err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("cannot keep the ids of older exchanges: %w", err)
	}
}

// turn makes the newer generation the older one and spills or forgets the other.
func (r *Repeats) turn() {
	if r.Dir != "" && r.before.used > 0 {
		s, err := newSpill(r.Dir, r.before.used, slices.Values(r.before.sorted()))
		r.fail(err)
		if err == nil {
			r.older = append(r.older, s)
			r.merge()
		}
	}
	r.now, r.before = ids{slots: r.before.slots}, r.now
	clear(r.now.slots)
}

// merge joins the newest files while they are of one size, so that their number
// grows with the logarithm of the ids.
func (r *Repeats) merge() {
	for n := len(r.older); n >= 2 && 2*r.older[n-1].count > r.older[n-2].count; n-- {
		a, b := r.older[n-2], r.older[n-1]
		s, err := join(r.Dir, a, b)
		if err != nil {
			r.fail(err)
			return
		}
		r.fail(a.close())
		r.fail(b.close())
		r.older = append(r.older[:n-2], s)
	}
}

// ids is an open-addressing set of non-zero 64-bit ids.
type ids struct {
	slots []uint64
	used  int
}

func (s *ids) has(id uint64) bool {
	if s.used == 0 {
		return false
	}
	mask := uint64(len(s.slots) - 1)
	for i := mix(id) & mask; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i] == id {
			return true
		}
	}
	return false
}

// add says whether id is new.
func (s *ids) add(id uint64) bool {
	if 4*s.used >= 3*len(s.slots) {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	i := mix(id) & mask
	for ; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i] == id {
			return false
		}
	}
	s.slots[i] = id
	s.used++
	return true
}

func (s *ids) grow() {
	old := s.slots
	s.slots = make([]uint64, max(minTable, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, id := range old {
		if id == 0 {
			continue
		}
		i := mix(id) & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = id
	}
}

// sorted returns the ids in order.
func (s *ids) sorted() []uint64 {
	out := make([]uint64, 0, s.used)
	for _, id := range s.slots {
		if id != 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
