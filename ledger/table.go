package ledger

// table is an open-addressing hash table from a non-zero 64-bit key to a value.
// It never deletes; age turns it over by generations (see young).
type table[V any] struct {
	slots []slot[V]
	used  int
}

type slot[V any] struct {
	val V // first, where an empty one takes no room
	key uint64
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
	s := t.seek(key)
	if s.key == key {
		return s, true
	}
	t.fill(s, key)
	return s, false
}

// seek returns the slot of key or, where it is not, the empty one that fill may
// give it. The pointer is valid until the next seek.
func (t *table[V]) seek(key uint64) *slot[V] {
	if 4*t.used >= 3*len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := mix(key) & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.key == key || s.key == 0 {
			return s
		}
	}
}

func (t *table[V]) fill(s *slot[V], key uint64) {
	s.key = key
	t.used++
}

func (t *table[V]) grow() {
	old := t.slots
	t.slots = make([]slot[V], max(minTable, 2*len(old)))
	clear(t.slots) // memory that is read first and written then is mapped twice
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

// young remembers keys in two generations: when the newer one is full the older
// one is forgotten, so memory has a bound and a key that comes back within a
// generation is always recognised.
type young[V any] struct {
	now, before table[V]
	limit       int
}

// put returns the slot of key, carried over from the older generation if it was
// there.
func (y *young[V]) put(key uint64) (*slot[V], bool) {
	s := y.now.seek(key)
	if s.key == key {
		return s, true
	}
	if y.full() {
		y.turn()
		s = y.now.seek(key)
	}
	old := y.before.find(key)
	if old != nil {
		s.val = old.val
	}
	y.now.fill(s, key)
	return s, old != nil
}

func (y *young[V]) full() bool { return y.now.used >= y.limit }

// turn makes the newer generation the older one.
func (y *young[V]) turn() {
	clear(y.before.slots)
	y.now, y.before = table[V]{slots: y.before.slots}, y.now
}
