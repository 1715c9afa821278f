package eval

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// synchroTrap clusters accounts that do the same things at about the same time.
//
// Cao, Yang, Yu, Palow: Uncovering large groups of active malicious accounts in
// online social networks, CCS 2014. An action is an account, a time and an object;
// two match when the object is the same and the times are within a window; the
// similarity of two accounts is the Jaccard index of their actions; accounts above
// a threshold are linked, day by day, and large clusters are accused. As there,
// pairs are only formed inside sliding windows, and windows too full to compare
// are skipped. Objects here are addresses and prompts. Fooled by a list of work
// that is sharded (no two heads send the same) and by an exit for each head. Hits
// classes and enterprises behind one address, and bots on one schedule.
type synchroTrap struct{}

const (
	crowded  = 40 // accounts in a window from which it is not expanded
	fewest   = 3  // matches that a pair must have to be compared
	synchDay = int64(24 * time.Hour)
)

// Detect tries windows of a minute and an hour over addresses, prompts and both.
func (synchroTrap) Detect(t *Tape, report func(string, []Report)) error {
	similar := []float64{.8, .5, .35, .2, .1, .05}
	sizes := []int{60, 20, 10, 5, 3}
	for _, objects := range []string{"addresses", "prompts", "both"} {
		for _, window := range []time.Duration{time.Minute, time.Hour} {
			s := newSynchrony(t, objects, window)
			out := s.run(similar, sizes)
			for i, x := range similar {
				for j, n := range sizes {
					report(fmt.Sprintf("%s within %s; similarity %.2f; at least %d together", objects, span(window), x, n), out[i][j].reports)
				}
			}
		}
	}
	return nil
}

// synchrony counts matching actions of pairs of accounts.
type synchrony struct {
	*Tape
	addresses, prompts bool
	window             int64
	recent             map[uint64][]action // object -> actions of the last window
	actions            []int               // per account
	pairs              map[uint64]int
}

type action struct {
	at      int64
	account uint32
}

func newSynchrony(t *Tape, objects string, window time.Duration) *synchrony {
	return &synchrony{Tape: t, addresses: objects != "prompts", prompts: objects != "addresses", window: int64(window),
		recent: map[uint64][]action{}, actions: make([]int, len(t.Accounts)), pairs: map[uint64]int{}}
}

// run plays the tape and clusters at the end of every day.
func (s *synchrony) run(similar []float64, sizes []int) [][]*roll {
	out := make([][]*roll, len(similar))
	for i := range out {
		for range sizes {
			out[i] = append(out[i], newRoll(s.Tape))
		}
	}
	next := int64(0)
	for i := range s.Events {
		e := &s.Events[i]
		if next == 0 {
			next = e.At + synchDay
		}
		if e.At >= next {
			s.cluster(next, similar, sizes, out)
			next += synchDay * (1 + (e.At-next)/synchDay)
			clear(s.recent)
		}
		if s.addresses && e.View.Address != 0 {
			s.act(e.View.Address, e)
		}
		if s.prompts && e.View.Prompt != 0 {
			s.act(e.View.Prompt^0x9e37, e)
		}
	}
	s.cluster(next, similar, sizes, out)
	return out
}

// act counts one action, and one match with each account of another owner that
// acted on the object within the window.
func (s *synchrony) act(object uint64, e *Event) {
	s.actions[e.Account]++
	list := s.recent[object]
	from := 0
	for from < len(list) && list[from].at < e.At-s.window {
		from++
	}
	list = list[from:]
	others := list[:0]
	for _, o := range list {
		if o.account != e.Account {
			others = append(others, o)
		}
	}
	if len(others) <= crowded {
		for _, o := range others {
			if s.Owners[o.account] != s.Owners[e.Account] {
				s.pairs[uint64(min(o.account, e.Account))<<32|uint64(max(o.account, e.Account))]++
			}
		}
	}
	s.recent[object] = append(others, action{e.At, e.Account})
}

// cluster links pairs from the most similar down, and accuses what is large
// enough at each threshold.
func (s *synchrony) cluster(at int64, similar []float64, sizes []int, out [][]*roll) {
	type pair struct {
		a, b uint32
		sim  float64
	}
	var list []pair
	for k, n := range s.pairs {
		if n < fewest {
			continue
		}
		a, b := uint32(k>>32), uint32(k)
		if sim := float64(n) / float64(max(n, s.actions[a]+s.actions[b]-n)); sim >= similar[len(similar)-1] {
			list = append(list, pair{a, b, sim})
		}
	}
	slices.SortFunc(list, func(x, y pair) int {
		return cmp.Or(cmp.Compare(y.sim, x.sim), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	f := newForest(len(s.Accounts))
	for i, least := range similar {
		for len(list) > 0 && list[0].sim >= least {
			f.join(list[0].a, list[0].b)
			list = list[1:]
		}
		for _, c := range f.components() {
			n := s.owners(c)
			for j, size := range sizes {
				if n >= size {
					out[i][j].take(at, c)
				}
			}
		}
	}
}
