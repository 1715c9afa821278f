package ledger

// table is an open-addressing hash table from a non-zero 64-bit key to a value.
// It never deletes; age turns it over by generations (see young).
type table[V any] struct {
	slots []slot[V]
	used  int
}

type slot[V any] struct {
	key uint64
	val V
}

// lone is what is known of a key while it belongs to a single owner: his first
// account that left it, how often and since when.
type lone struct {
	ref   uint32
	count uint32
	first uint32
	last  uint32
}

const minTable = 1 << 10

// find returns the slot of key, or nil.
func (t *table[V]) find(key uint64) *slot[V] {
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

// put returns the slot of key and whether it was there; a new slot holds only
// the key. The pointer is valid until the next put.
func (t *table[V]) put(key uint64) (*slot[V], bool) {
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

func (t *table[V]) grow() {
	old := t.slots
	t.slots = make([]slot[V], max(minTable, 2*len(old)))
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

// mix spreads keys whose low bits may repeat (packed pairs, small numbers).
func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	x ^= x >> 32
	return x
}

// young remembers keys of a single owner in two generations: when the newer one
// is full the older one is forgotten, so memory has a bound and a key that
// comes back within a generation is always recognised.
type young struct {
	now, before table[lone]
	limit       int
}

// put returns the slot of key, carried over from the older generation if it was
// there.
func (y *young) put(key uint64) (*slot[lone], bool) {
	if y.now.used >= y.limit {
		if s := y.now.find(key); s != nil {
			return s, true
		}
		y.now, y.before = table[lone]{slots: clearSlots(y.before.slots)}, y.now
	}
	s, old := y.now.put(key)
	if old || y.before.used == 0 {
		return s, old
	}
	if old := y.before.find(key); old != nil {
		*s = *old
		return s, true
	}
	return s, false
}

func clearSlots(s []slot[lone]) []slot[lone] {
	clear(s)
	return s
}
