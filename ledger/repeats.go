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
// files, of which memory keeps nothing but the times they cover. There an id is
// remembered together with the time of its exchange, which a repeat says again;
// so what is of today is never looked up in the files of last year, and memory
// has a bound however long the run. The files are scratch: what a run needs of
// them it builds anew from the journal, and Close removes them.
type Repeats struct {
	// Dir is the folder for older ids; "" forgets them. It must exist.
	Dir string

	now, before ids
	since, last time.Time
	older       []*spill // oldest and largest first
	err         error
}

// window is how long ids are kept in memory for sure.
const window = 72 * time.Hour

// Again says whether the exchange of this id and time came before, and remembers
// it. Within 72 hours of event time, the newest time so far, the id alone tells;
// beyond them it takes Dir, and a time that files cover. Zero ids are never repeats.
func (r *Repeats) Again(id uint64, at time.Time) bool {
	if id == 0 {
		return false
	}
	if at.After(r.last) {
		r.last = at
	}
	if r.since.IsZero() {
		r.since = at
	}
	if r.last.Sub(r.since) >= window {
		r.turn()
		r.since = r.last
	}
	if r.before.has(id) {
		return true
	}
	second := at.Unix()
	if !r.now.add(id, second) {
		return true
	}
	for _, s := range slices.Backward(r.older) {
		if !s.times.hold(second) {
			continue
		}
		old, err := s.has(id)
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
		s, err := newSpill(r.Dir, r.before.times, slices.Values(r.before.sorted()))
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
	times span // of the exchanges they are of
}

// span is from the first to the last of some times, in Unix seconds.
type span struct{ first, last int64 }

func (s span) hold(at int64) bool { return s.first <= at && at <= s.last }

func (s span) join(o span) span { return span{min(s.first, o.first), max(s.last, o.last)} }

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

// add says whether id is new; at is the time of its exchange.
func (s *ids) add(id uint64, at int64) bool {
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
	if s.slots[i] = id; s.used == 0 {
		s.times = span{at, at}
	}
	s.used++
	s.times = s.times.join(span{at, at})
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
