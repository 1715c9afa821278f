package sketch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// setSize is how many hashes a Set keeps. The error of Overlap is at most
// sqrt(s(1-s)/256): 0.031 at s = 0.5.
const setSize = 256

// A Set is a sketch of a set of ids: exact up to 256 members, a sample of 256
// beyond (the least hashes). The zero Set is empty and ready.
type Set struct {
	least []uint64 // ascending, distinct, at most setSize
	more  bool     // members were left out
}

// Add puts an id into the set; again changes nothing. Ids need not be hashes.
func (s *Set) Add(id uint64) {
	h := mix(id + 0x9e3779b97f4a7c15)
	if n := len(s.least); n == setSize && h > s.least[n-1] {
		s.more = true
		return
	}
	i, found := slices.BinarySearch(s.least, h)
	if found {
		return
	}
	if len(s.least) == setSize {
		s.more = true
		copy(s.least[i+1:], s.least[i:setSize-1])
		s.least[i] = h
		return
	}
	s.least = slices.Insert(s.least, i, h)
}

// Merge makes s the union of itself and o. Order and repetition do not matter.
func (s *Set) Merge(o *Set) {
	s.more = s.more || o.more
	s.least = append(s.least, o.least...)
	slices.Sort(s.least)
	if s.least = slices.Compact(s.least); len(s.least) > setSize {
		s.least, s.more = s.least[:setSize], true
	}
}

// Len estimates the number of members: exact up to 256, then within 6 % (standard
// error).
func (s *Set) Len() float64 {
	if !s.more {
		return float64(len(s.least))
	}
	return sampled(len(s.least), s.least[len(s.least)-1])
}

// sampled estimates how many hashes there are when the n-th least of them is last.
func sampled(n int, last uint64) float64 {
	return float64(n-1) / (float64(last) / (1 << 64))
}

// An Overlap says how two sets lie to each other. The estimates are exact while
// both sets have at most 256 members.
type Overlap struct {
	Jaccard float64 // common members over all; 0 for two empty sets
	Common  float64 // number of common members
	A, B    float64 // share of the first, of the second set that is common; 0 for an empty set
}

// Compare estimates the overlap of two sets.
func Compare(a, b *Set) Overlap {
	limit := ^uint64(0)
	if a.more {
		limit = a.least[len(a.least)-1]
	}
	if b.more {
		limit = min(limit, b.least[len(b.least)-1])
	}
	union, common, i, j := 0, 0, 0, 0
	var last uint64
	for i < len(a.least) || j < len(b.least) {
		fromA := j == len(b.least) || i < len(a.least) && a.least[i] <= b.least[j]
		fromB := i == len(a.least) || j < len(b.least) && b.least[j] <= a.least[i]
		h := ^uint64(0)
		if fromA {
			h = a.least[i]
			i++
		}
		if fromB {
			h = b.least[j]
			j++
		}
		if h > limit {
			break
		}
		last = h
		if union++; fromA && fromB {
			common++
		}
	}
	if union == 0 {
		return Overlap{}
	}
	all := float64(union)
	if a.more || b.more {
		all = sampled(union, last)
	}
	o := Overlap{Jaccard: float64(common) / float64(union)}
	o.Common = o.Jaccard * all
	o.A, o.B = share(o.Common, a.Len()), share(o.Common, b.Len())
	return o
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return min(part/whole, 1)
}

// AppendBinary appends the set in a form that UnmarshalBinary reads; it never fails.
// First a byte: 1, or 3 when members were left out; then the number of hashes and
// their differences, ascending, as varints.
func (s *Set) AppendBinary(dst []byte) ([]byte, error) {
	if s.more {
		dst = append(dst, 3)
	} else {
		dst = append(dst, 1)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.least)))
	last := uint64(0)
	for _, h := range s.least {
		dst = binary.AppendUvarint(dst, h-last)
		last = h
	}
	return dst, nil
}

var errDamaged = errors.New("damaged or written by another version")

// UnmarshalBinary replaces s by what AppendBinary wrote.
func (s *Set) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	head, n := r.byte(), r.uvarint()
	if head != 1 && head != 3 || n > setSize || head == 3 && n != setSize {
		return fmt.Errorf("cannot read set sketch: %w", errDamaged)
	}
	least, last := make([]uint64, 0, n), uint64(0)
	for i := range n {
		step := r.uvarint()
		if last+step < last || step == 0 && i > 0 {
			r.bad = true
		}
		last += step
		least = append(least, last)
	}
	if r.bad || len(r.data) > 0 {
		return fmt.Errorf("cannot read set sketch: %w", errDamaged)
	}
	s.least, s.more = least, head == 3
	return nil
}

// A reader takes numbers off data and remembers whether one was missing.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.bad = true
		return 0
	}
	c := r.data[0]
	r.data = r.data[1:]
	return c
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}
