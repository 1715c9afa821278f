package eval

import (
	"fmt"
	"time"
)

// roll gives groups that a baseline finds anew at every step a lasting identity:
// once accused, an account stays where it was.
type roll struct {
	tape    *Tape
	reports []Report
	home    map[uint32]int // account -> report
}

func newRoll(t *Tape) *roll { return &roll{tape: t, home: map[uint32]int{}} }

// take accuses a group: it joins the report that already holds most of those of
// its accounts that were accused before, or founds a new one.
func (r *roll) take(at int64, group []uint32) {
	count := map[int]int{}
	fresh := 0
	for _, a := range group {
		if h, ok := r.home[a]; ok {
			count[h]++
		} else {
			fresh++
		}
	}
	if fresh == 0 {
		return
	}
	to := -1
	for h, n := range count {
		if to < 0 || n > count[to] || n == count[to] && h < to {
			to = h
		}
	}
	when := time.Unix(0, at).UTC()
	if to < 0 {
		to = len(r.reports)
		r.reports = append(r.reports, Report{ID: fmt.Sprintf("g%04d", to), Detected: when, Score: 1})
	}
	p := &r.reports[to]
	for _, a := range group {
		if _, ok := r.home[a]; !ok {
			r.home[a] = to
			p.Accounts = append(p.Accounts, Flag{r.tape.Accounts[a].ID, when})
		}
	}
}

// owners counts the distinct owners of a group.
func (t *Tape) owners(group []uint32) int {
	seen := make(map[uint32]struct{}, len(group))
	for _, a := range group {
		seen[t.Owners[a]] = struct{}{}
	}
	return len(seen)
}

// forest joins accounts into components.
type forest struct{ up []uint32 }

func newForest(n int) *forest {
	f := &forest{up: make([]uint32, n)}
	f.clear()
	return f
}

func (f *forest) clear() {
	for i := range f.up {
		f.up[i] = uint32(i)
	}
}

func (f *forest) root(a uint32) uint32 {
	for f.up[a] != a {
		f.up[a] = f.up[f.up[a]]
		a = f.up[a]
	}
	return a
}

func (f *forest) join(a, b uint32) {
	if x, y := f.root(a), f.root(b); x < y {
		f.up[y] = x
	} else if y < x {
		f.up[x] = y
	}
}

// components lists those of at least two accounts, by their first account.
func (f *forest) components() [][]uint32 {
	place := map[uint32]int{}
	var out [][]uint32
	for a := range f.up {
		r := f.root(uint32(a))
		if r == uint32(a) {
			continue
		}
		i, ok := place[r]
		if !ok {
			i = len(out)
			place[r] = i
			out = append(out, []uint32{r})
		}
		out[i] = append(out[i], uint32(a))
	}
	return out
}
