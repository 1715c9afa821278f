package eval

import (
	"math"
	"slices"

	"iolaus/exchange"
)

// A Study says, for a world, what could be found at all: by a detector that was
// trained on the labels of other seeds, and by anybody.
type Study struct {
	World string `json:"world"`

	// Reference is the share of the operators' accounts that a detector trained on
	// the labels of the tuning seeds finds on the reported seeds, and the innocents
	// it flags, with the threshold that flagged none of the tuning seeds' innocents
	// held out. It looks once, at the end, at everything.
	Reference        float64 `json:"reference_recall"`
	ReferenceFlagged int     `json:"reference_benign_flagged"`
	// Hindsight is its recall with the best threshold that flags no innocent of
	// the reported seeds.
	Hindsight float64 `json:"reference_hindsight_recall"`

	// Bound is the share of accounts that leave any trace which could link them to
	// another head at even odds; Alone, one that no innocent leaves; Chance, the
	// former for as many innocents drawn at random.
	Bound  float64            `json:"bound"`
	Alone  float64            `json:"bound_alone"`
	Chance float64            `json:"bound_by_chance"`
	Family map[string]float64 `json:"bound_by_family"`
	Kind   map[string]float64 `json:"bound_by_kind"`
}

// study trains the reference on the tuning seeds and adds up the bounds.
func study(world string, tune, seeds []*sheet) Study {
	out := Study{World: world, Family: map[string]float64{}, Kind: map[string]float64{}}
	out.addBounds(seeds)
	if len(tune) == 0 {
		return out
	}
	r := train(tune)
	var guilty, innocent []float64
	for _, s := range seeds {
		g, b := r.scores(s)
		guilty, innocent = append(guilty, g...), append(innocent, b...)
	}
	out.Reference, out.ReferenceFlagged = above(guilty, r.threshold), int(above(innocent, r.threshold)*float64(len(innocent))+.5)
	if len(innocent) > 0 {
		out.Hindsight = above(guilty, slices.Max(innocent))
	}
	return out
}

func above(v []float64, threshold float64) float64 {
	n := 0
	for _, x := range v {
		if x > threshold {
			n++
		}
	}
	return ratio(n, len(v))
}

func (s *Study) addBounds(seeds []*sheet) {
	var all, chance operators
	for _, x := range seeds {
		half := len(x.Bound) / 2
		for i, o := range x.Bound {
			to := &all
			if i >= half {
				to = &chance
			}
			to.Accounts, to.Even, to.Alone = to.Accounts+o.Accounts, to.Even+o.Even, to.Alone+o.Alone
			for f, n := range o.Family {
				to.Family[f] += n
			}
			for k, n := range o.Kind {
				to.Kind[k] += n
			}
		}
	}
	s.Bound, s.Alone, s.Chance = ratio(all.Even, all.Accounts), ratio(all.Alone, all.Accounts), ratio(chance.Even, chance.Accounts)
	for f, n := range all.Family {
		s.Family[exchange.Family(f).String()] = ratio(n, all.Accounts)
	}
	for k, n := range all.Kind {
		if n > 0 {
			s.Kind[kindName(uint8(k))] = ratio(n, all.Accounts)
		}
	}
}

// reference is a detector that has seen labels. One classifier reads each
// account's own row; a second also reads what the first says of the accounts that
// share something rare with it. Each half of the tuning seeds trains a pair, and
// the other half gives the pair its inputs and its threshold.
type reference struct {
	first, second [2]*boosted
	threshold     float64
}

// fold is the accounts of one sheet that belong to a half: all, or those of one
// parity of their hash.
type fold struct {
	*sheet
	parity int // -1 for all
}

func (f fold) judged(a int) bool {
	return f.Judged[a] && (f.parity < 0 || int(mix(uint64(a)+1)&1) == f.parity)
}

// halves divides the tuning seeds in two, or a single one's accounts.
func halves(tune []*sheet) (out [2][]fold) {
	for i, s := range tune {
		if len(tune) == 1 {
			out[0], out[1] = append(out[0], fold{s, 0}), append(out[1], fold{s, 1})
		} else {
			out[2*i/len(tune)] = append(out[2*i/len(tune)], fold{s, -1})
		}
	}
	return out
}

func train(tune []*sheet) *reference {
	r := &reference{}
	half := halves(tune)
	for h := range half {
		r.first[h] = learn(gathered(half[h], func(s *sheet) [][]float32 { return s.Rows }))
	}
	for h := range half {
		r.second[h] = learn(gathered(half[h], func(s *sheet) [][]float32 { return s.withNeighbours(r.first[1-h]) }))
	}
	r.threshold = math.Inf(-1)
	for h := range half {
		for _, s := range half[1-h] {
			scores := s.scored(r.second[h], s.withNeighbours(r.first[h]))
			for a, x := range scores {
				if s.judged(a) && !s.Guilty[a] {
					r.threshold = max(r.threshold, x)
				}
			}
		}
	}
	return r
}

// gathered is the judged accounts of several folds.
func gathered(folds []fold, rows func(*sheet) [][]float32) sample {
	var out sample
	for _, s := range folds {
		x := rows(s.sheet)
		for a := range x {
			if s.judged(a) {
				out.rows, out.label = append(out.rows, x[a]), append(out.label, s.Guilty[a])
			}
		}
	}
	return out
}

// scores are the mean log-odds of the two pairs, of heads and of innocents.
func (r *reference) scores(s *sheet) (guilty, innocent []float64) {
	x := s.scored(r.second[0], s.withNeighbours(r.first[0]))
	y := s.scored(r.second[1], s.withNeighbours(r.first[1]))
	for a := range x {
		switch {
		case !s.Judged[a]:
		case s.Guilty[a]:
			guilty = append(guilty, (x[a]+y[a])/2)
		default:
			innocent = append(innocent, (x[a]+y[a])/2)
		}
	}
	return guilty, innocent
}

func (s *sheet) scored(b *boosted, rows [][]float32) []float64 {
	out := make([]float64, len(rows))
	var scratch []uint8
	for a, r := range rows {
		if scratch == nil {
			scratch = make([]uint8, len(r))
		}
		out[a] = b.score(r, scratch)
	}
	return out
}

// withNeighbours adds to each row what a classifier says of the account and of
// those near it: their mean, the best, the fifth best, and how many are above even.
func (s *sheet) withNeighbours(b *boosted) [][]float32 {
	own := s.scored(b, s.Rows)
	out := make([][]float32, len(s.Rows))
	for a, r := range s.Rows {
		v := make([]float64, 0, len(s.Near[a]))
		for _, n := range s.Near[a] {
			v = append(v, own[n])
		}
		slices.Sort(v)
		slices.Reverse(v)
		mean, over := 0.0, 0.0
		for _, x := range v {
			mean += x / float64(len(v))
			over += indicator(x > -2)
		}
		at := func(i int) float32 {
			if i < len(v) {
				return float32(v[i])
			}
			return -10
		}
		out[a] = append(slices.Clone(r), float32(own[a]), float32(mean), at(0), at(4), float32(over), float32(len(v)))
	}
	return out
}
