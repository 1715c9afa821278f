package hunt

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestGroups holds that looks at much the same set are one group, that others are
// not, and that the order within a set says nothing.
func TestGroups(t *testing.T) {
	var g Groups
	for _, look := range []struct {
		accounts []uint32
		reached  bool
	}{
		{[]uint32{1, 2, 3, 4}, false},
		{[]uint32{4, 3, 2, 1}, false},
		{[]uint32{1, 2, 3, 4, 5, 6}, true}, // grown
		{[]uint32{3, 4, 5, 6, 7, 8, 9}, false},
		{[]uint32{20, 21, 22}, false},
		{[]uint32{1, 2, 3, 4, 5, 6, 7, 8}, false}, // mostly the first again
	} {
		g.Add(look.accounts, Steady, look.reached)
	}
	g.Add([]uint32{30, 31, 32}, Light, false)
	got := g.Tallies()
	if want := [Segments]Tally{Light: {1, 0}, Steady: {3, 1}}; got != want {
		t.Errorf("tallies %v, want %v", got, want)
	}
}

// TestLargest holds that the e-value is what conformal e-values yield, that more
// known innocents that got there and more suspected hostile ones make it smaller,
// and that Bears is exact.
func TestLargest(t *testing.T) {
	c := Calibration{Segments: [Segments]Tally{Light: {999, 0}, Steady: {999, 4}, Heavy: {0, 0}}}
	for s, want := range [Segments]float64{1000, 200, 1} {
		if got := c.Largest(Segment(s)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: largest e-value %v, want %v", Segment(s), got, want)
		}
	}
	wary := c
	wary.Hostile = 0.05
	if wary.Largest(Light) >= c.Largest(Light) {
		t.Error("suspecting hostile groups does not cost anything")
	}
	for s := range Segments {
		for _, alpha := range []float64{0.5, 0.1, 0.05, 0.01} {
			n := c.Bears(s, alpha)
			if n > 0 && alpha*share(n)*c.Largest(s) < 1 || alpha*share(n+1)*c.Largest(s) >= 1 {
				t.Errorf("%v at %v: bears %d", s, alpha, n)
			}
			if (n > 0) != (alpha >= c.Finest(s)) {
				t.Errorf("%v at %v: bears %d, finest alpha %v", s, alpha, n, c.Finest(s))
			}
		}
	}
}

const gets = 12 // e-value, in nats, from which a small world's set gets there

// tallied counts innocent groups at the level of observables, a third of them
// hard, and hostile ones, as operators plant them.
func tallied(rng *rand.Rand, b *bench, worlds, hostile int) (innocent, loud Tally) {
	count := func(t *Tally, n int, make func(w *small, i int, set []int)) {
		for t.Groups < n {
			w := newSmall(rng, 300, 40)
			for i := range 12 {
				set := draw(rng, w.owners, 6+rng.IntN(12))
				make(&w, i, set)
				t.Groups++
				t.Reached += one(w.logE(b, set) >= gets)
			}
		}
	}
	count(&innocent, 12*worlds, func(w *small, i int, set []int) {
		if i%3 == 0 {
			w.coupleHard(rng, set)
		}
	})
	count(&loud, hostile, func(w *small, _ int, set []int) { w.plant(rng, set) })
	return innocent, loud
}

// coupleHard gives an innocent set the thing in common that the permutation null
// says it does not have: now and then most of it shares a trail or two.
func (w *small) coupleHard(rng *rand.Rand, set []int) {
	for range 1 + rng.IntN(2) {
		left := w.trails[rng.IntN(len(w.trails))]
		for _, o := range set[:min(len(set), 2+int(rng.ExpFloat64()*0.6))] {
			left[o] = true
		}
	}
}

// played is how a stream of small worlds comes out.
type played struct {
	worlds, accused, wrong, guilty, found int
	fdp, square                           float64 // sums over worlds of the share of innocent sets among the accused
}

func (p *played) add(o played) {
	*p = played{p.worlds + o.worlds, p.accused + o.accused, p.wrong + o.wrong, p.guilty + o.guilty, p.found + o.found, p.fdp + o.fdp, p.square + o.square}
}

func (p *played) power() float64 { return float64(p.found) / float64(max(1, p.guilty)) }

// fdr is the mean over worlds, with its upper 95 % bound.
func (p *played) fdr() (mean, upper float64) {
	n := float64(p.worlds)
	mean = p.fdp / n
	return mean, mean + 1.6449*math.Sqrt((p.square/n-mean*mean)/n) + 1/n
}

// play runs worlds of twelve sets each under a certificate.
func play(rng *rand.Rand, worlds int, alpha float64, logE func(w *small, set []int) float64) played {
	p := played{worlds: worlds}
	for range worlds {
		wrong := 0
		w := newSmall(rng, 300, 40)
		errors := ledgerOfError{alpha: alpha}
		for i := range 12 {
			set := draw(rng, w.owners, 6+rng.IntN(12))
			real := i%3 == 1
			if real {
				p.guilty++
				w.plant(rng, set)
			} else if i%3 == 0 {
				w.coupleHard(rng, set)
			}
			level, test := errors.next()
			if (Certificate{LogE: logE(&w, set), Level: level, Test: test}).Suffices() {
				errors.accused++
				p.accused++
				p.found += one(real)
				wrong += one(!real)
			}
		}
		fdp := float64(wrong) / float64(max(1, errors.accused))
		p.wrong, p.fdp, p.square = p.wrong+wrong, p.fdp+fdp, p.square+fdp*fdp
	}
	return p
}

// TestPoisonedCalibration holds that hostile groups in the calibration cost power
// and never control: a twentieth of the accounts, as operators of many heads, as
// many of few, or as quiet groups made to dilute it.
func TestPoisonedCalibration(t *testing.T) {
	const repeats, heads = 5, 12 // accounts of a group, in the mean
	worlds, past := 200, 6000
	if testing.Short() {
		worlds, past = 20, 400
	}
	hostile := past * 12 * heads / 20 // accounts
	cases := []struct {
		name  string
		heads int // of an operator; each is one group
		quiet int
	}{
		{"clean", 0, 0}, {"operators of 4,000 heads", 4000, 0}, {"operators of 400 heads", 400, 0},
		{"operators of 60 heads", 60, 0}, {"quiet groups", 0, hostile / heads},
	}
	for _, alpha := range []float64{0.05, 0.01} {
		rng := rand.New(rand.NewPCG(uint64(1/alpha), 21))
		var b bench
		sums, least := make([]played, len(cases)), make([]float64, len(cases))
		for n := range repeats {
			innocent, loud := tallied(rng, &b, past, 1200)
			for i, x := range cases {
				c := Calibration{Span: math.MaxUint32, Hostile: 0.05}
				c.Segments[Steady] = innocent
				if x.heads > 0 {
					c.Segments[Steady].Groups += hostile / x.heads
					c.Segments[Steady].Reached += hostile / x.heads * loud.Reached / loud.Groups
				}
				c.Segments[Steady].Groups += x.quiet
				e := c.Largest(Steady)
				if least[i] == 0 || e < least[i] {
					least[i] = e
				}
				same := rand.New(rand.NewPCG(uint64(n), 22)) // every calibration sees the same worlds
				sums[i].add(play(same, worlds, alpha, func(w *small, set []int) float64 {
					if w.logE(&b, set) < gets {
						return math.Inf(-1)
					}
					return math.Log(e)
				}))
			}
		}
		for i, p := range sums {
			mean, upper := p.fdr()
			t.Logf("alpha %.2f, %s: e-value at most %.0f; %d accused in %d worlds, %d of them innocent; false discovery rate %.4f, at most %.4f; power %.3f",
				alpha, cases[i].name, least[i], p.accused, p.worlds, p.wrong, mean, upper, p.power())
			if !testing.Short() && upper > 1.5*alpha {
				t.Errorf("alpha %.2f, %s: control is lost: %.4f", alpha, cases[i].name, mean)
			}
			if cases[i].heads > 0 && p.power() > sums[0].power() {
				t.Errorf("alpha %.2f, %s: power %.3f is above the clean calibration's %.3f", alpha, cases[i].name, p.power(), sums[0].power())
			}
		}
	}
}
