package lockstep

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Two accounts meet by chance as often as they have company and as their objects
// are crowded. That is reckoned in a network of accounts and objects in which
// both keep their degrees (Tumminello et al. 2011), and apart for objects with
// company of 2, up to 4, up to 8, ... accounts: to meet where two are is rarer
// than to meet where a hundred are.
//
// Two accounts of one taste touch the same objects, each in its own time. So
// they must meet, too, on more of the objects that both touch than others do.

// levels are sizes of company that double; the last holds all larger ones.
const levels = 8

func levelOf(accounts int) int {
	return min(levels-1, max(0, bits.Len(uint(accounts-1))-1))
}

// A link is a pair of accounts that met, and how improbable that is by chance.
type link struct {
	pair   uint64
	nats   float64
	taste  float64 // nats by which their taste does not explain it
	window time.Duration
}

// scored weighs every pair of accounts that met at enough objects, the most
// surprising first.
func (t *table) scored(w int64, o *Options) []link {
	ms, at, each := t.meetings(w, o.Objects)
	per := rates(at)
	often := t.often(at)
	var links []link
	for i := 0; i < len(ms); {
		j := i
		var met [levels]int
		for ; j < len(ms) && ms[j].pair == ms[i].pair; j++ {
			met[levelOf(at[ms[j].object].accounts)]++
		}
		a, b := uint32(ms[i].pair>>32), uint32(ms[i].pair)
		if j-i >= o.Objects && o.Owner(a) != o.Owner(b) {
			best, k, expected := 0.0, 0, 0.0
			for l := range met {
				k += met[l]
				expected += float64(each[a][l]) * float64(each[b][l]) * per[l]
				best = max(best, surprise(k, expected))
			}
			l := link{pair: ms[i].pair, nats: max(0, best-math.Log(levels))}
			if t.touched != nil {
				l.taste = surprise(j-i, often*float64(common(t.touched[a], t.touched[b])))
			}
			links = append(links, l)
		}
		i = j
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Or(cmp.Compare(b.nats, a.nats), cmp.Compare(a.pair, b.pair)) })
	return links
}

// rates is how often two accounts meet that have company at one object each, by
// level: as their degrees say, or as the share of the company that meets says.
func rates(at []company) (per [levels]float64) {
	var objects, places, pairs, possible [levels]float64
	for _, c := range at {
		if c.accounts > 0 {
			l := levelOf(c.accounts)
			objects[l]++
			places[l] += float64(c.accounts)
			pairs[l] += float64(c.pairs)
			possible[l] += float64(c.accounts) * float64(c.accounts-1) / 2
		}
	}
	for l := range per {
		if objects[l] > 0 {
			per[l] = max(2*pairs[l]/(places[l]*places[l]), pairs[l]/(objects[l]*possible[l]))
		}
	}
	return per
}

// often is the share of those who touch an object that meet another there, pair
// by pair, over all objects.
func (t *table) often(at []company) float64 {
	met, all := 0.0, 0.0
	for o, c := range at {
		n := float64(t.starts[o+1] - t.starts[o])
		met += float64(c.pairs)
		all += n * (n - 1) / 2
	}
	return met / max(1, all)
}

// common counts what two ascending lists have in common.
func common(a, b []uint32) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// surprise is how unlikely, in nats, k or more of many rare events are that are
// expected so often (Poisson; an upper bound for independent events of any
// chances when k is above the expectation, Hoeffding 1956).
func surprise(k int, expected float64) float64 {
	x := float64(k)
	if k < 2 || x <= expected+1 {
		return 0
	}
	log, _ := math.Lgamma(x + 1)
	term, sum := 1.0, 1.0
	for i := x + 1; term > 1e-9*sum; i++ {
		term *= expected / i
		sum += term
	}
	return max(0, expected-x*math.Log(expected)+log-math.Log(sum))
}

const (
	mostShuffles = 20
	shuffledRows = 8 << 20 // touches that are shuffled in all, about
)

// distasted keeps the links that taste does not explain (Benjamini and Hochberg
// 1995, over the pairs that met).
func distasted(links []link, alpha float64) []link {
	by := make([]float64, len(links))
	for i, l := range links {
		by[i] = l.taste
	}
	slices.SortFunc(by, func(a, b float64) int { return cmp.Compare(b, a) })
	least := math.Inf(1)
	for i, x := range by {
		if x >= math.Log(float64(len(links))/(alpha*float64(i+1))) {
			least = x
		}
	}
	return slices.DeleteFunc(links, func(l link) bool { return l.taste < least })
}

// validated keeps the links that chance does not explain: so many that shuffled
// logs give at most the allowed share of as many as strong.
func validated(t *table, w int64, o *Options) (found []link, tested int) {
	links := t.scored(w, o)
	alpha := o.Error / float64(len(o.Windows))
	tested = len(links)
	if links = distasted(links, alpha); len(links) == 0 {
		return nil, tested
	}
	rounds := min(mostShuffles, max(2, shuffledRows/max(1, len(t.rows))))
	var by []float64
	for s := range rounds {
		for _, l := range t.shuffled(uint64(s)+1).scored(w, o) {
			by = append(by, l.nats)
		}
	}
	slices.Sort(by)
	for n := len(links); n > 0; n-- {
		if n < len(links) && links[n].nats == links[n-1].nats {
			continue // as strong as one that goes
		}
		at, _ := slices.BinarySearch(by, links[n-1].nats)
		if float64(len(by)-at+1)/float64(rounds) <= alpha*float64(n) {
			return links[:n], tested
		}
	}
	return nil, tested
}
