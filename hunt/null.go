package hunt

import (
	"iter"
	"math"
	"slices"
	"sort"

	"iolaus/exchange"
)

// causes are the families grouped by what can explain them at once: a program
// brings its client and its wording along.
const causes = 5

var causeIndex = [exchange.Families]int{
	exchange.Content: 0, exchange.Client: 0, exchange.Identity: 1, exchange.Infrastructure: 2, exchange.Behaviour: 3, exchange.Protocol: 4,
}

// A null is how far innocent accounts, those outside a set, come to carry its
// fingerprint by chance: for each cause the scores of all that carry any of it.
// An innocent account is as likely to rank anywhere among them, so its rank is a
// p-value without any model (Vovk 2005; Bates 2023).
type null struct {
	scores  [causes][]float64 // ascending; accounts with nothing are not listed
	outside int               // accounts that the scores were taken over
}

const (
	perFamily = 48  // trails of a fingerprint that are read, of each family
	falling   = 0.8 // worth of each further wording of one program
)

// raw is an account's uncapped score by cause.
type raw struct {
	nats [causes]float32
	step float32 // worth of the next wording
}

// add counts what a trail of a cause is worth.
func (r *raw) add(cause int, nats float32) {
	if cause == 0 {
		r.nats[0] += nats * r.step
		r.step *= falling
		return
	}
	r.nats[cause] += nats
}

// readable are the trails of a fingerprint that are read.
func readable(v *View, ws []Weight) iter.Seq[Weight] {
	return func(yield func(Weight) bool) {
		var used [exchange.Families]int
		for _, w := range ws {
			if w.Nats <= 0 {
				continue
			}
			f := v.Trails[w.Trail].Observable.Family()
			if used[f]++; used[f] <= perFamily && !yield(w) {
				return
			}
		}
	}
}

// read sums up what every carrier of a fingerprint carries of it.
func (b *bench) read(v *View, ws []Weight) []uint32 {
	b.reading++
	var out []uint32
	for w := range readable(v, ws) {
		t := &v.Trails[w.Trail]
		cause := causeIndex[t.Observable.Family()]
		for _, e := range t.Carriers {
			a := v.Edges[e].Account
			if b.readAt[a] != b.reading {
				b.readAt[a] = b.reading
				b.raws[a] = raw{step: 1}
				out = append(out, a)
			}
			r := &b.raws[a]
			r.add(cause, float32(w.Nats))
		}
	}
	return out
}

// rawOf returns what read found for an account.
func (b *bench) rawOf(a uint32) raw {
	if b.readAt[a] != b.reading {
		return raw{}
	}
	return b.raws[a]
}

// alone is what an account carries without what only two of the set left.
func (b *bench) alone(v *View, a uint32) raw {
	r := raw{step: 1}
	for _, t := range v.Accounts[a].Left {
		if b.epoch[t] != b.now || b.couple[t] {
			continue
		}
		r.add(causeIndex[v.Trails[t].Observable.Family()], b.weight[t])
	}
	return r
}

// nullOf ranks the accounts outside a set. inside tells those that belong to it
// or may, and are left out.
func (b *bench) nullOf(v *View, ws []Weight, inside map[uint32]bool) *null {
	n := &null{outside: len(v.Accounts) - len(inside)}
	for _, a := range b.read(v, ws) {
		if inside[a] {
			continue
		}
		for c, x := range b.raws[a].nats {
			if x > 0 {
				n.scores[c] = append(n.scores[c], float64(x))
			}
		}
	}
	for c := range n.scores {
		slices.Sort(n.scores[c])
	}
	return n
}

// chance bounds how likely an innocent account carries as much in every cause:
// the p-values of the causes, multiplied as Fisher did (1925), for causes are
// independent among innocents whose owners were resolved. It also counts the
// causes that speak by themselves.
func (n *null) chance(r raw) (p float64, spoken int) {
	nats, m := 0.0, 0
	for c, x := range r.nats {
		if x <= 0 {
			continue
		}
		m++
		q := n.share(c, x)
		nats -= math.Log(q)
		if q <= speaks {
			spoken++
		}
	}
	return gammaTail(m, nats), spoken
}

// share is the p-value of one cause: how many carry as much, of those outside and him. Who
// carries nothing is as good as anybody.
func (n *null) share(cause int, x float32) float64 {
	if x <= 0 {
		return 1
	}
	at := sort.SearchFloat64s(n.scores[cause], float64(x)*(1-1e-6))
	return float64(len(n.scores[cause])-at+1) / float64(n.outside+1)
}

// speaks is the p-value up to which a cause speaks by itself.
const speaks = 0.05

// gammaTail is the chance that a sum of m standard exponentials exceeds t.
func gammaTail(m int, t float64) float64 {
	term, sum := 1.0, 0.0
	for i := range m {
		if i > 0 {
			term *= t / float64(i)
		}
		sum += term
	}
	return sum * math.Exp(-t)
}
