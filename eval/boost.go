package eval

import (
	"math"
	"slices"
)

// boosted is a gradient-boosted classifier: shallow trees on binned
// columns, logistic loss (Friedman 2001; bins as in later practice).
type boosted struct {
	cuts  [][]float32 // per column, ascending: a value's bin is how many it exceeds
	trees []tree
	base  float64
}

const (
	boostBins   = 32
	boostTrees  = 120
	boostDepth  = 3
	boostRate   = .12
	boostLeaf   = 12  // least weight of the Hessian, in rows of even odds, times a quarter
	boostShrink = 2.0 // ridge on the leaves
)

// tree is a full binary tree: node i has the children 2i+1 and 2i+2.
type tree struct {
	column [1<<boostDepth - 1]int32 // -1: passes to the left
	cut    [1<<boostDepth - 1]uint8 // bins above go right
	leaf   [1 << boostDepth]float64
}

// sample is the rows that a classifier learns from.
type sample struct {
	rows  [][]float32
	label []bool
}

// learn fits a classifier.
func learn(s sample) *boosted {
	b := &boosted{cuts: cutsOf(s.rows)}
	n := len(s.rows)
	bins := make([][]uint8, n)
	positive := 0
	for i, r := range s.rows {
		bins[i] = b.bin(r, make([]uint8, len(r)))
		if s.label[i] {
			positive++
		}
	}
	p := (float64(positive) + .5) / (float64(n) + 1)
	b.base = math.Log(p / (1 - p))
	f := make([]float64, n)
	grad, hess := make([]float64, n), make([]float64, n)
	for i := range f {
		f[i] = b.base
	}
	for range boostTrees {
		for i := range f {
			q := 1 / (1 + math.Exp(-f[i]))
			grad[i], hess[i] = -q, q*(1-q)
			if s.label[i] {
				grad[i]++
			}
		}
		t := grow(bins, grad, hess)
		for i := range f {
			f[i] += t.value(bins[i])
		}
		b.trees = append(b.trees, t)
	}
	return b
}

// score is a row's log-odds.
func (b *boosted) score(row []float32, scratch []uint8) float64 {
	bins := b.bin(row, scratch)
	s := b.base
	for i := range b.trees {
		s += b.trees[i].value(bins)
	}
	return s
}

func (b *boosted) bin(row []float32, out []uint8) []uint8 {
	for c, x := range row {
		k, _ := slices.BinarySearch(b.cuts[c], x)
		out[c] = uint8(k)
	}
	return out
}

// cutsOf puts about as many distinct values into each bin.
func cutsOf(rows [][]float32) [][]float32 {
	if len(rows) == 0 {
		return nil
	}
	out := make([][]float32, len(rows[0]))
	col := make([]float32, len(rows))
	for c := range out {
		for i, r := range rows {
			col[i] = r[c]
		}
		slices.Sort(col)
		distinct := slices.Compact(slices.Clone(col))
		for k := 1; k < boostBins; k++ {
			x := distinct[k*len(distinct)/boostBins]
			if n := len(out[c]); n == 0 || out[c][n-1] < x {
				out[c] = append(out[c], x)
			}
		}
	}
	return out
}

func (t *tree) value(bins []uint8) float64 {
	i := 0
	for range boostDepth {
		if c := t.column[i]; c >= 0 && bins[c] > t.cut[i] {
			i = 2*i + 2
		} else {
			i = 2*i + 1
		}
	}
	return t.leaf[i-(1<<boostDepth-1)]
}

// grow builds one tree, level by level.
func grow(bins [][]uint8, grad, hess []float64) tree {
	var t tree
	groups := [][]int32{make([]int32, len(bins))}
	for i := range bins {
		groups[0][i] = int32(i)
	}
	node := 0
	for range boostDepth {
		var below [][]int32
		for _, g := range groups {
			c, cut := split(bins, grad, hess, g)
			t.column[node], t.cut[node] = c, cut
			node++
			var left, right []int32
			for _, i := range g {
				if c >= 0 && bins[i][c] > cut {
					right = append(right, i)
				} else {
					left = append(left, i)
				}
			}
			below = append(below, left, right)
		}
		groups = below
	}
	for l, g := range groups {
		sg, sh := 0.0, 0.0
		for _, i := range g {
			sg, sh = sg+grad[i], sh+hess[i]
		}
		t.leaf[l] = boostRate * sg / (sh + boostShrink)
	}
	return t
}

// split finds the column and cut that gain most, or -1.
func split(bins [][]uint8, grad, hess []float64, group []int32) (column int32, cut uint8) {
	column = -1
	if len(group) < 8 {
		return
	}
	sg, sh := 0.0, 0.0
	for _, i := range group {
		sg, sh = sg+grad[i], sh+hess[i]
	}
	least := sg*sg/(sh+boostShrink) + 1e-6
	best := least
	for c := range bins[0] {
		var g, h [boostBins]float64
		for _, i := range group {
			k := bins[i][c]
			g[k] += grad[i]
			h[k] += hess[i]
		}
		lg, lh := 0.0, 0.0
		for k := range boostBins - 1 {
			lg, lh = lg+g[k], lh+h[k]
			if rh := sh - lh; lh < boostLeaf/8. || rh < boostLeaf/8. {
				continue
			} else if gain := lg*lg/(lh+boostShrink) + (sg-lg)*(sg-lg)/(rh+boostShrink); gain > best {
				best, column, cut = gain, int32(c), uint8(k)
			}
		}
	}
	return column, cut
}
