package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// mmdWindow tests whether an account's recent prompts come from where everybody's
// do.
//
// The maximum mean discrepancy (Gretton et al., JMLR 2012) between a window of one
// client's queries and a benign reference, with random Fourier features (Rahimi and
// Recht, NIPS 2007), as proposed against extraction in arXiv 2606.05725. Here the
// prompts are hashed words, the reference is the first two days of everybody's
// traffic, and the windows of 50 are of one account. Fooled by spreading the work
// until no account fills windows, and by cover traffic. Hits whoever works on one
// thing: pipelines, harnesses, bulk agents.
type mmdWindow struct{}

const (
	mmdSize  = 50 // prompts in a window
	mmdStep  = 10 // between tests
	waves    = 64 // random Fourier features
	mmdShare = 20 // prompts of one account in the reference
)

// inRow is for how many windows in a row a discrepancy must last.
var inRow = [...]int{3, 1}

// Detect tries thresholds from the strictest down, over one window and over three
// in a row.
func (mmdWindow) Detect(t *Tape, report func(string, []Report)) error {
	w := newWaves()
	mean := w.reference(t)
	lows := w.windows(t, mean)
	for i, n := range inRow {
		for x := 1.6; x > .02; x *= .9 {
			report(fmt.Sprintf("discrepancy over %.3f in %d windows", x, n), t.below(lows[i], -x))
		}
	}
	return nil
}

// waveform holds the random directions and phases, the same in every run. Angles
// are in steps of the table of cosines.
type waveform struct {
	direction [waves][Dimensions]float32
	phase     [waves]float32
	cosine    [4096]float32 // of a turn, times the scale of the features
}

func newWaves() *waveform {
	r := rand.New(rand.NewPCG(20120301, 1))
	w := &waveform{}
	const width = .7 // of the kernel; prompts are 0 to 2 apart, unrelated ones 1.4
	for i := range waves {
		for d := range Dimensions {
			w.direction[i][d] = float32(r.NormFloat64() / width / 127 * float64(len(w.cosine)) / (2 * math.Pi))
		}
		w.phase[i] = float32(float64(len(w.cosine)) * (16 + r.Float64()))
	}
	for i := range w.cosine {
		w.cosine[i] = float32(math.Sqrt(2.0/waves) * math.Cos(2*math.Pi*float64(i)/float64(len(w.cosine))))
	}
	return w
}

// of maps a prompt to its features, whose inner products are the kernel.
func (w *waveform) of(x *[Dimensions]int8, out *[waves]float32) {
	for i := range waves {
		dot := w.phase[i]
		dir := &w.direction[i]
		for d, f := range x {
			dot += dir[d] * float32(f)
		}
		out[i] = w.cosine[int(dot)&(len(w.cosine)-1)]
	}
}

// reference is the mean of everybody's prompts of the first two days, a few of
// each account.
func (w *waveform) reference(t *Tape) *[waves]float64 {
	mean := &[waves]float64{}
	used := make([]int, len(t.Accounts))
	n := 0.0
	var f [waves]float32
	for i := range t.Events {
		e := &t.Events[i]
		if e.At > t.Events[0].At+int64(48*time.Hour) {
			break
		}
		if used[e.Account]++; used[e.Account] > mmdShare || !e.View.Texts {
			continue
		}
		w.of(&e.View.Features, &f)
		for d := range f {
			mean[d] += float64(f[d])
		}
		n++
	}
	for d := range mean {
		mean[d] /= max(1, n)
	}
	return mean
}

// sliding is one account's window.
type sliding struct {
	ring    [mmdSize][waves]float32
	sum     [waves]float64
	n       int
	history []float64
	best    [len(inRow)]float64
}

// windows lists, for each choice of inRow, the moments at which an account's discrepancy, the least of so
// many windows in a row, reached a new height. Values are negative, so that low
// is suspicious.
func (w *waveform) windows(t *Tape, mean *[waves]float64) [len(inRow)][]low {
	volume := make([]int, len(t.Accounts))
	for i := range t.Events {
		if t.Events[i].View.Texts {
			volume[t.Events[i].Account]++
		}
	}
	state := make([]*sliding, len(t.Accounts))
	var out [len(inRow)][]low
	for i := range t.Events {
		e := &t.Events[i]
		if !e.View.Texts || volume[e.Account] < mmdSize {
			continue
		}
		s := state[e.Account]
		if s == nil {
			s = &sliding{}
			state[e.Account] = s
		}
		s.add(w, &e.View.Features)
		if s.n < mmdSize || s.n%mmdStep != 0 {
			continue
		}
		s.history = append(s.history, s.discrepancy(mean))
		for k, n := range inRow {
			if len(s.history) < n {
				continue
			}
			if v := -slices.Min(s.history[len(s.history)-n:]); v < s.best[k] {
				s.best[k] = v
				out[k] = append(out[k], low{e.Account, v, e.At})
			}
		}
	}
	return out
}

func (s *sliding) add(w *waveform, x *[Dimensions]int8) {
	slot := &s.ring[s.n%mmdSize]
	for d := range slot {
		s.sum[d] -= float64(slot[d])
	}
	w.of(x, slot)
	for d := range slot {
		s.sum[d] += float64(slot[d])
	}
	s.n++
}

func (s *sliding) discrepancy(mean *[waves]float64) float64 {
	v := 0.0
	for d := range s.sum {
		k := s.sum[d]/mmdSize - mean[d]
		v += k * k
	}
	return v
}
