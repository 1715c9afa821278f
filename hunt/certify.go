package hunt

import "math"

// The hypothesis about a proposed set is that it is innocent: that it was formed
// on one cause, and in every other cause its owners are as any others. Then the
// number of its s owners that left a trail which n of all N owners left follows
// the hypergeometric law, whatever the trail. A bet on any share of the set
// instead, with all shares equally likely, has the expectation 1 under that law:
// it is an e-value (Wang & Ramdas 2022). The average over all trails of a cause,
// and over the causes, is one again under any dependence between them.
//
// Sets come one after another. e-LOND (Xu & Ramdas 2024) spends the error rate
// over the stream: a set may be accused when its e-value exceeds 1/level, and
// then the expected share of innocent sets among the accused stays below alpha
// under any dependence, also when further conditions keep sets from accusation.

// A Certificate says how sure an accusation is, in advance.
type Certificate struct {
	LogE       float64 // natural log of the e-value
	Level      float64 // of the error rate spent on this set; certified when LogE >= -ln Level
	Test       int     // how many sets had been tested, this one included
	Alpha      float64 // the expected share of innocent sets among the certified, at most
	Calibrated bool    // the e-value is a calibration's, not the permutation null's
}

// Suffices says whether the set is certified at its level.
func (c Certificate) Suffices() bool { return c.LogE >= -math.Log(c.Level) }

// ledgerOfError spends the error rate over the stream of sets.
type ledgerOfError struct {
	alpha   float64
	tests   int
	accused int
}

// next is the level of the next set.
func (o *ledgerOfError) next() (level float64, test int) {
	o.tests++
	return o.alpha * share(o.tests) * float64(o.accused+1), o.tests
}

// share is how much of the error rate the t-th test gets: a series that adds up
// to less than 1 and falls about as slowly as one can.
func share(t int) float64 {
	const sum = 10.5845 // zeta(1.1)
	return math.Pow(float64(t), -slow) / sum
}

const slow = 1.1

// bet is the log of the e-value of one trail: k of the set's s owners and n of
// all N owners left it.
func (b *bench) bet(k, s, n, all int) float64 {
	return -math.Log(float64(s+1)) - b.logHypergeometric(k, s, n, all)
}

func (b *bench) logHypergeometric(k, s, n, all int) float64 {
	return b.logChoose(n, k) + b.logChoose(all-n, s-k) - b.logChoose(all, s)
}

func (b *bench) logChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	if len(b.logFactorial) == 0 {
		b.logFactorial = append(b.logFactorial, 0)
	}
	for m := len(b.logFactorial); m <= n; m++ {
		b.logFactorial = append(b.logFactorial, b.logFactorial[m-1]+math.Log(float64(m)))
	}
	return b.logFactorial[n] - b.logFactorial[k] - b.logFactorial[n-k]
}

// stake is how much of a cause's bet goes to a trail that n owners left: one of
// two owners can say little, whatever the set.
func stake(n int) uint8 { return uint8(min(max(n-1, 0), 64)) }

// logAdd is ln(e^a + e^b).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// eValue is the log of the set's e-value: the average over the causes it was not
// formed on, of each the average over all its trails by their stakes, which were
// set without regard to the set. Trails that say nothing are counted and bring
// nothing, which errs on the safe side.
func (h *Hunter) eValue(formed int, s *set) float64 {
	sum, others := math.Inf(-1), 0
	for c := range causes {
		if c == formed {
			continue
		}
		others++
		if s.bets[c] > math.Inf(-1) && h.mass[c] > 0 {
			sum = logAdd(sum, s.bets[c]-math.Log(h.mass[c]))
		}
	}
	return sum - math.Log(float64(others))
}
