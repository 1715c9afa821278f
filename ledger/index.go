package ledger

import "iolaus/exchange"

// index is an open-addressing hash table from a non-zero 64-bit key to a number.
type index struct {
	slots []entry
	used  int
}

type entry struct {
	key uint64
	ref uint32
}

// find returns the entry of key, or nil.
func (t *index) find(key uint64) *entry {
	if len(t.slots) == 0 {
		return nil
	}
	mask := uint64(len(t.slots) - 1)
	for i := mix(key) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.key == key {
			return s
		}
		if s.key == 0 {
			return nil
		}
	}
}

// put returns the entry of key and whether it was there; a new one holds only
// the key. The pointer is valid until the next put.
func (t *index) put(key uint64) (*entry, bool) {
	if 4*t.used >= 3*len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := mix(key) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.key == key {
			return s, true
		}
		if s.key == 0 {
			s.key = key
			t.used++
			return s, false
		}
	}
}

func (t *index) grow() {
	old := t.slots
	t.slots = make([]entry, max(minTable, 2*len(old)))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s.key == 0 {
			continue
		}
		i := mix(s.key) & mask
		for t.slots[i].key != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// habits remembers edges by account and observable: accounts leave the same
// address, client and wording again and again, and need not be looked up in the
// large tables each time. It is a direct-mapped cache of fixed size: an entry
// that is overwritten costs a look-up, and an edge never changes.
type habits struct{ slots []habit }

type habit struct {
	o       exchange.Observable // zero for none
	account uint32
	edge    uint32
}

const habitSlots = 1 << 17

// of returns the place for an account's observable.
func (h *habits) of(a uint32, o exchange.Observable) *habit {
	if h.slots == nil {
		h.slots = make([]habit, habitSlots)
	}
	return &h.slots[mix(uint64(o)^uint64(a)*0x9e3779b97f4a7c15)&(habitSlots-1)]
}
