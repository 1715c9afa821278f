package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// prada tests whether the distances between an account's queries look natural.
//
// Juuti, Szyller, Marchal, Asokan: PRADA: protecting against DNN model stealing
// attacks, EuroS&P 2019. For each query the least distance to the account's earlier
// ones of the same class is kept; natural ones are close to normal, and those of
// synthetic queries are not; accused below a threshold of Shapiro and Wilk's W once
// a hundred are in. Here queries are hashed words and the class is what the request
// wants. Fooled by spreading queries over accounts and by any natural list of
// prompts. Hits whoever sends templates: pipelines, SaaS, harnesses.
type prada struct{}

const (
	pradaFirst = 100  // distances from which it decides
	pradaEvery = 25   // distances between decisions
	pradaSet   = 80   // queries kept per class
	pradaMost  = 1000 // queries of an account that are looked at
)

// Detect tries thresholds of W from the strictest up.
func (prada) Detect(t *Tape, report func(string, []Report)) error {
	lows := t.unnatural()
	for w := .2; w < .985; w += .03 {
		report(fmt.Sprintf("W below %.2f", w), t.below(lows, w))
	}
	return nil
}

// low is the moment at which an account's statistic reached a new minimum.
type low struct {
	account uint32
	value   float64
	at      int64
}

// below reports every account whose statistic fell below the threshold.
func (t *Tape) below(lows []low, threshold float64) []Report {
	flagged := map[uint32]bool{}
	var out []Report
	for _, l := range lows {
		if l.value < threshold && !flagged[l.account] {
			flagged[l.account] = true
			out = append(out, t.alone(l.account, l.at))
		}
	}
	return out
}

// growing is an account's set of earlier queries and the distances to it.
type growing struct {
	class     [8][]int32 // per capability: events
	sum, sum2 [8]float64 // of the distances within the class's set
	n         [8]float64
	distances []float64
	queries   int
	best      float64
}

func (t *Tape) unnatural() []low {
	state := make([]*growing, len(t.Accounts))
	var out []low
	for i := range t.Events {
		e := &t.Events[i]
		if !e.View.Texts {
			continue
		}
		g := state[e.Account]
		if g == nil {
			g = &growing{best: math.Inf(1)}
			state[e.Account] = g
		}
		if g.queries++; g.queries > pradaMost || !g.take(t, i) {
			continue
		}
		if n := len(g.distances); n >= pradaFirst && n%pradaEvery == 0 {
			if w := shapiroWilk(trimmed(g.distances)); w < g.best {
				g.best = w
				out = append(out, low{e.Account, w, e.At})
			}
		}
	}
	return out
}

// take adds a query's least distance, and the query to its class's set when it is
// farther off than most there, as the paper's growing set does.
func (g *growing) take(t *Tape, i int) bool {
	c := int(t.Events[i].capability) % len(g.class)
	set := g.class[c]
	if len(set) == 0 {
		g.class[c] = append(set, int32(i))
		return false
	}
	least := math.Inf(1)
	for _, j := range set {
		least = min(least, distance(&t.Events[i].View, &t.Events[j].View))
	}
	g.distances = append(g.distances, least)
	mean := g.sum[c] / max(1, g.n[c])
	dev := math.Sqrt(max(0, g.sum2[c]/max(1, g.n[c])-mean*mean))
	if least > mean-dev && len(set) < pradaSet {
		g.class[c] = append(set, int32(i))
		g.sum[c], g.sum2[c], g.n[c] = g.sum[c]+least, g.sum2[c]+least*least, g.n[c]+1
	}
	return true
}

// distance is Euclid's between two prompts, 0 to 2.
func distance(x, y *View) float64 {
	sum := int32(0)
	for d := range x.Features {
		k := int32(x.Features[d]) - int32(y.Features[d])
		sum += k * k
	}
	return math.Sqrt(float64(sum)) / 127
}

// trimmed drops what is more than three deviations off, as the paper does, and
// sorts the rest.
func trimmed(v []float64) []float64 {
	mean, dev := moments(v)
	out := make([]float64, 0, len(v))
	for _, x := range v {
		if math.Abs(x-mean) <= 3*dev {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}

func moments(v []float64) (mean, dev float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		dev += (x - mean) * (x - mean) / float64(len(v))
	}
	return mean, math.Sqrt(dev)
}
