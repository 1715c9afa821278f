package eval

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// exact is the two-sided 95 % interval of Clopper and Pearson (1934) for a share
// of which k of n were seen: it covers the true share at least as often as it
// says, however rare the event is.
func exact(k, n int) (low, high float64) { return exactAt(k, n, .025) }

// exactAt leaves out a tail on either side.
func exactAt(k, n int, tail float64) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	high = 1
	if k > 0 {
		low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), tail)
	}
	if k < n {
		high = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-tail)
	}
	return low, high
}

// A Spread is the middle and the bad end of what was seen.
type Spread struct {
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
	N      int     `json:"n"`
}

// spreadOf takes the nearest rank, so that each figure is one that occurred.
// Infinity, what never happened, is written as -1.
func spreadOf(v []float64) Spread {
	if len(v) == 0 {
		return Spread{}
	}
	v = slices.Clone(v)
	slices.Sort(v)
	at := func(q float64) float64 {
		x := v[max(0, int(math.Ceil(q*float64(len(v))))-1)]
		if math.IsInf(x, 1) {
			return -1
		}
		return x
	}
	return Spread{Median: at(.5), P90: at(.9), N: len(v)}
}
