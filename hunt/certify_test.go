package hunt

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A small world at the level of observables: owners, trails, and a stream of
// sets of which some are one operator's.
type small struct {
	owners int
	trails [][]bool // per trail: which owners left it
}

func newSmall(rng *rand.Rand, owners, trails int) small {
	w := small{owners: owners}
	for range trails {
		left := make([]bool, owners)
		n := 2 + int(rng.ExpFloat64()*8)
		for range n {
			left[rng.IntN(owners)] = true
		}
		w.trails = append(w.trails, left)
	}
	return w
}

// logE is the e-value of a set, as the hunt makes it for one cause.
func (w *small) logE(b *bench, set []int) float64 {
	sum, mass := math.Inf(-1), 0.0
	for _, left := range w.trails {
		n, k := 0, 0
		for _, l := range left {
			n += one(l)
		}
		for _, o := range set {
			k += one(left[o])
		}
		mass += float64(stake(n))
		sum = logAdd(sum, b.bet(k, len(set), n, w.owners)+math.Log(float64(max(1, stake(n)))))
	}
	return sum - math.Log(mass)
}

func draw(rng *rand.Rand, n, s int) []int { return rng.Perm(n)[:s] }

// TestBetIsFair holds that the e-value of a set drawn without regard to the
// trails has an expectation of at most 1.
func TestBetIsFair(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var b bench
	sum, worlds := 0.0, 4000
	for range worlds {
		w := newSmall(rng, 200, 20)
		sum += math.Exp(w.logE(&b, draw(rng, 200, 5+rng.IntN(20))))
	}
	if mean := sum / float64(worlds); mean > 1.2 {
		t.Errorf("mean e-value of innocent sets %.2f, want at most 1", mean)
	}
}

// TestErrorRate measures the share of innocent sets among the accused, over a
// thousand small worlds. A third of the innocent sets are hard: their owners were
// picked for sharing a trail that is then among those tested, which the
// hypothesis says they are not.
func TestErrorRate(t *testing.T) {
	worlds := 1000
	if testing.Short() {
		worlds = 150
	}
	for _, alpha := range []float64{0.05, 0.01} {
		accused, wrong, guilty, found := 0, 0, 0, 0
		rng := rand.New(rand.NewPCG(uint64(1/alpha), 9))
		var b bench
		for range worlds {
			w := newSmall(rng, 300, 40)
			errors := ledgerOfError{alpha: alpha}
			for i := range 12 {
				set := draw(rng, w.owners, 6+rng.IntN(12))
				real := i%4 == 0
				if real {
					guilty++
					w.plant(rng, set)
				} else if i%4 == 1 {
					w.couple(rng, set)
				}
				level, test := errors.next()
				if (Certificate{LogE: w.logE(&b, set), Level: level, Test: test}).Suffices() {
					errors.accused++
					accused++
					found += one(real)
					wrong += one(!real)
				}
			}
		}
		upper := upper95(wrong, accused)
		t.Logf("alpha %.2f: %d accused sets in %d worlds, %d of them innocent: share %.4f, at most %.4f; %d of %d operators found",
			alpha, accused, worlds, wrong, float64(wrong)/float64(accused), upper, found, guilty)
		if !testing.Short() && upper > 1.5*alpha {
			t.Errorf("alpha %.2f: upper bound of the realised rate %.4f", alpha, upper)
		}
	}
}

// plant lets a set leave a few trails together, each by some of it.
func (w *small) plant(rng *rand.Rand, set []int) {
	for range 3 {
		left := w.trails[rng.IntN(len(w.trails))]
		for _, o := range set {
			left[o] = left[o] || rng.Float64() < 0.6
		}
	}
}

// couple makes an innocent set hard: two or three of it share a trail.
func (w *small) couple(rng *rand.Rand, set []int) {
	left := w.trails[rng.IntN(len(w.trails))]
	for _, o := range set[:2+rng.IntN(2)] {
		left[o] = true
	}
}

// upper95 bounds a share from above with 95 % confidence (Wilson 1927).
func upper95(k, n int) float64 {
	const z = 1.6449
	p, m := float64(k)/float64(n), float64(n)
	return (p + z*z/(2*m) + z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))) / (1 + z*z/m)
}
