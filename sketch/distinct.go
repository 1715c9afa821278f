package sketch

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// A Distinct counts different things in bounded memory (HyperLogLog): nearly exact
// up to some 500, with a standard error of 1.6 % beyond, at most 4 KiB. The zero
// Distinct is empty and ready.
type Distinct struct {
	sparse []uint32 // ascending: position of 25 bits, rank of 6
	dense  []uint8  // ranks by position of 12 bits, once sparse is full
}

const (
	densePlace  = 12 // bits
	sparsePlace = 25
	maxSparse   = 512
	maxRank     = 64 - densePlace + 1
)

// Add counts a hash, or an id that need not be one; again changes nothing.
func (d *Distinct) Add(id uint64) {
	h := mix(id ^ 0x5bd1e9955bd1e995)
	if d.dense != nil {
		d.raise(h>>(64-densePlace), uint8(bits.LeadingZeros64(h<<densePlace|1<<(densePlace-1))+1))
		return
	}
	rank := bits.LeadingZeros64(h<<sparsePlace|1<<(sparsePlace-1)) + 1
	d.note(uint32(h>>(64-sparsePlace))<<6 | uint32(rank))
}

func (d *Distinct) raise(place uint64, rank uint8) {
	d.dense[place] = max(d.dense[place], rank)
}

// note keeps a sparse entry, and turns dense when there are too many.
func (d *Distinct) note(entry uint32) {
	i, found := slices.BinarySearch(d.sparse, entry)
	if found {
		return
	}
	if d.sparse = slices.Insert(d.sparse, i, entry); len(d.sparse) > maxSparse {
		d.thicken()
	}
}

func (d *Distinct) thicken() {
	entries := d.sparse
	d.sparse, d.dense = nil, make([]uint8, 1<<densePlace)
	for _, e := range entries {
		d.settle(e)
	}
}

// settle puts a sparse entry into its dense place.
func (d *Distinct) settle(entry uint32) {
	const extra = sparsePlace - densePlace
	place, rank := entry>>6, uint8(entry&63)
	low := place & (1<<extra - 1)
	if low != 0 {
		rank = uint8(bits.LeadingZeros32(low<<(32-extra)) + 1)
	} else {
		rank += extra
	}
	d.raise(uint64(place>>extra), rank)
}

// Merge makes d count what either counted. Order and repetition do not matter.
func (d *Distinct) Merge(o *Distinct) {
	if o.dense != nil && d.dense == nil {
		d.thicken()
	}
	for place, rank := range o.dense {
		d.raise(uint64(place), rank)
	}
	for _, e := range o.sparse {
		if d.dense != nil {
			d.settle(e)
		} else {
			d.note(e)
		}
	}
}

// Count estimates how many different things were added.
func (d *Distinct) Count() float64 {
	if d.dense == nil {
		const places = 1 << sparsePlace
		return places * math.Log(places/(places-float64(len(d.sparse))))
	}
	return ertl(d.dense)
}

// ertl is the improved raw estimator of O. Ertl, "New cardinality estimation
// algorithms for HyperLogLog sketches" (2017): no bias tables, no switch-over.
func ertl(ranks []uint8) float64 {
	var have [maxRank + 1]int
	for _, r := range ranks {
		have[r]++
	}
	m := float64(len(ranks))
	z := m * tau(1-float64(have[maxRank])/m)
	for k := maxRank - 1; k >= 1; k-- {
		z = (z + float64(have[k])) / 2
	}
	z += m * sigma(float64(have[0])/m)
	return m * m / (2 * math.Ln2 * z)
}

func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for {
		x *= x
		last := z
		z += x * y
		if y += y; z == last {
			return z
		}
	}
}

func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for {
		x = math.Sqrt(x)
		last := z
		y /= 2
		if z -= (1 - x) * (1 - x) * y; z == last {
			return z / 3
		}
	}
}

// AppendBinary appends the counter in a form that UnmarshalBinary reads; it never
// fails. First a byte: 1 and then the number of entries and their differences as
// varints, or 2 and then 4096 ranks.
func (d *Distinct) AppendBinary(dst []byte) ([]byte, error) {
	if d.dense != nil {
		return append(append(dst, 2), d.dense...), nil
	}
	dst = binary.AppendUvarint(append(dst, 1), uint64(len(d.sparse)))
	last := uint32(0)
	for _, e := range d.sparse {
		dst = binary.AppendUvarint(dst, uint64(e-last))
		last = e
	}
	return dst, nil
}

// UnmarshalBinary replaces d by what AppendBinary wrote.
func (d *Distinct) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	var got Distinct
	switch r.byte() {
	case 1:
		got.readSparse(&r)
	case 2:
		got.readDense(&r)
	default:
		r.bad = true
	}
	if r.bad || len(r.data) > 0 {
		return fmt.Errorf("cannot read distinct counter: %w", errDamaged)
	}
	*d = got
	return nil
}

func (d *Distinct) readSparse(r *reader) {
	n := r.uvarint()
	if n > maxSparse {
		r.bad = true
		return
	}
	last := uint64(0)
	for i := range n {
		step := r.uvarint()
		last += step
		rank := last & 63
		if step > 1<<31 || step == 0 && i > 0 || last >= 1<<(sparsePlace+6) || rank == 0 || rank > 64-sparsePlace+1 {
			r.bad = true
			return
		}
		d.sparse = append(d.sparse, uint32(last))
	}
}

func (d *Distinct) readDense(r *reader) {
	if len(r.data) != 1<<densePlace || slices.Max(r.data) > maxRank {
		r.bad = true
		return
	}
	d.dense, r.data = slices.Clone(r.data), nil
}
