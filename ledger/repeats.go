package ledger

import "time"

// Repeats tells exchanges that were logged twice: retried exports, overlapping
// files. The zero value works.
type Repeats struct {
	now, before table
	since       time.Time
}

// window is how long ids are kept for sure.
const window = 72 * time.Hour

// Again says whether id came before within 72 hours of event time, and
// remembers it. Zero ids are never repeats.
func (r *Repeats) Again(id uint64, at time.Time) bool {
	if id == 0 {
		return false
	}
	if r.since.IsZero() {
		r.since = at
	}
	if at.Sub(r.since) >= window {
		r.now, r.before = table{slots: clearSlots(r.before.slots)}, r.now
		r.since = at
	}
	if r.before.find(id) != nil {
		return true
	}
	_, old := r.now.put(id)
	return old
}
