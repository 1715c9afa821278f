package journal

import (
	"encoding/binary"
	"fmt"
	"math"

	"iolaus/exchange"
)

// A frame is a step, or a part of a long one, being written: dictionaries of
// what occurs in it, and columns that refer to them. The dictionaries start
// anew with each frame, so that a frame can be read for itself.
type frame struct {
	step   uint64
	commit bool
	at     int64 // event time of the commit, Unix nanoseconds
	marks  []Mark

	count     int
	names     []string
	nameBytes int
	keys      []uint64 // observables, in the order of first occurrence
	customers []uint64

	ids    []byte  // 8 bytes each
	times  []int64 // Unix nanoseconds
	heads  []byte  // names, capability, flags and what they announce
	tokens []byte
	seen   []byte // per trace: number, then 0 for the next new key, else 1 + its index
}

// Bounds of a frame, for the reader's memory.
const (
	maxTraces  = 1 << 15
	maxName    = 1 << 20
	maxPacked  = 64 << 20
	maxRaw     = 64 << 20
	fullAt     = 8 << 20 // bytes from which a frame is handed on
	minYear    = 1678
	maxYear    = 2261
	formatName = "iolaus journal 1"
)

// Flags of a trace.
const (
	flagFailed = 1 << iota
	flagError
	flagCustomer
	flagOrg
	flagModel
	allFlags = 1<<iota - 1
)

// index finds what the frame in hand already has.
type index struct {
	names     map[string]uint32
	keys      places
	customers places
}

func (x *index) reset() {
	clear(x.names)
	x.keys.reset()
	x.customers.reset()
}

// add appends t. It changes nothing when it returns an error.
func (f *frame) add(x *index, t *exchange.Trace) error {
	if y := t.Time.Year(); y < minYear || y > maxYear {
		return fmt.Errorf("cannot journal a trace of %v: out of range", t.Time)
	}
	if n := max(len(t.Account), len(t.Org), len(t.Model)); n > maxName {
		return fmt.Errorf("cannot journal a trace with a name of %d bytes: at most %d", n, maxName)
	}
	f.count++
	f.ids = binary.LittleEndian.AppendUint64(f.ids, t.ID)
	f.times = append(f.times, t.Time.UnixNano())
	flags := byte(0)
	if t.Failed {
		flags |= flagFailed
	}
	if t.ErrorCode != 0 {
		flags |= flagError
	}
	if t.SubAccount != 0 {
		flags |= flagCustomer
	}
	if t.Org != "" {
		flags |= flagOrg
	}
	if t.Model != "" {
		flags |= flagModel
	}
	h := append(f.heads, flags, byte(t.Capability))
	h = binary.AppendUvarint(h, f.name(x, t.Account))
	if t.Org != "" {
		h = binary.AppendUvarint(h, f.name(x, t.Org))
	}
	if t.Model != "" {
		h = binary.AppendUvarint(h, f.name(x, t.Model))
	}
	if t.ErrorCode != 0 {
		h = binary.AppendVarint(h, int64(t.ErrorCode))
	}
	if t.SubAccount != 0 {
		h = refer(h, &x.customers, &f.customers, t.SubAccount)
	}
	f.heads = h
	f.tokens = binary.AppendVarint(binary.AppendVarint(f.tokens, int64(t.Input)), int64(t.Output))
	s := append(f.seen, t.Left)
	for _, o := range t.Seen() {
		s = refer(s, &x.keys, &f.keys, uint64(o))
	}
	f.seen = s
	return nil
}

// refer appends a reference to key, entering it if it is new.
func refer(b []byte, p *places, list *[]uint64, key uint64) []byte {
	at, old := p.put(*list, key)
	if !old {
		*list = append(*list, key)
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(at)+1)
}

func (f *frame) name(x *index, s string) uint64 {
	if i, ok := x.names[s]; ok {
		return uint64(i)
	}
	if x.names == nil {
		x.names = map[string]uint32{}
	}
	i := uint32(len(f.names))
	x.names[s] = i
	f.names = append(f.names, s)
	f.nameBytes += len(s)
	return uint64(i)
}

// full says whether the frame is large enough to be handed on.
func (f *frame) full() bool {
	return f.count >= maxTraces ||
		16*f.count+f.nameBytes+8*len(f.keys)+8*len(f.customers)+len(f.heads)+len(f.tokens)+len(f.seen) >= fullAt
}

// reset empties the frame and keeps its memory.
func (f *frame) reset() {
	clear(f.names) // the strings may go
	*f = frame{
		marks: f.marks[:0], names: f.names[:0], keys: f.keys[:0], customers: f.customers[:0],
		ids: f.ids[:0], times: f.times[:0], heads: f.heads[:0], tokens: f.tokens[:0], seen: f.seen[:0],
	}
}

// encode appends the frame's body.
func (f *frame) encode(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(f.count))
	b = binary.AppendUvarint(b, uint64(len(f.names)))
	for _, s := range f.names {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.AppendUvarint(b, uint64(len(f.customers)))
	for _, c := range f.customers {
		b = binary.LittleEndian.AppendUint64(b, c)
	}
	b = binary.AppendUvarint(b, uint64(len(f.keys)))
	for _, k := range f.keys {
		b = append(b, byte(k>>56))
	}
	for _, k := range f.keys {
		b = append(b, byte(k), byte(k>>8), byte(k>>16), byte(k>>24), byte(k>>32), byte(k>>40), byte(k>>48))
	}
	b = append(b, f.ids...)
	b = f.encodeTimes(b)
	for _, column := range [...][]byte{f.heads, f.tokens, f.seen} {
		b = binary.AppendUvarint(b, uint64(len(column)))
		b = append(b, column...)
	}
	return b
}

// encodeTimes appends the times' differences in the coarsest unit that loses nothing.
func (f *frame) encodeTimes(b []byte) []byte {
	unit := int64(1e9)
	for _, t := range f.times {
		for t%unit != 0 {
			unit /= 1000
		}
	}
	b = binary.AppendUvarint(b, uint64(unit))
	last := int64(0)
	for _, t := range f.times {
		b = binary.AppendVarint(b, (t-last)/unit)
		last = t
	}
	return b
}

// places finds keys in a list that grows by those it does not hold. A slot is a
// key's index, counted on from frame to frame, so that one look tells a slot of an
// earlier frame: reset touches no memory.
type places struct {
	slots []uint32 // base + 1 + the index in the list; up to base they are empty
	base  uint32
	used  uint32 // length of the list
}

func (p *places) reset() {
	if p.base += p.used; p.base > math.MaxUint32/2 {
		clear(p.slots)
		p.base = 0
	}
	p.used = 0
}

// put returns the index of key in the list and whether it was there; a new key is
// to be appended.
func (p *places) put(list []uint64, key uint64) (uint32, bool) {
	if 4*len(list) >= 3*len(p.slots) {
		p.grow(list)
	}
	mask := uint64(len(p.slots) - 1)
	for i := spread(key) & mask; ; i = (i + 1) & mask {
		s := p.slots[i]
		if s <= p.base {
			p.used++
			p.slots[i] = p.base + p.used
			return p.used - 1, false
		}
		if at := s - p.base - 1; list[at] == key {
			return at, true
		}
	}
}

func (p *places) grow(list []uint64) {
	*p = places{slots: make([]uint32, max(1<<10, 2*len(p.slots)))}
	for i, key := range list {
		p.put(list[:i], key)
	}
}

// spread makes table positions of hashes whose low bits may be few.
func spread(x uint64) uint64 {
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>32
}
