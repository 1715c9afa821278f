package lockstep

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// A table is the log by object and time. Objects that one account alone touched
// are left out: nobody can meet there.
type table struct {
	rows     []Touch
	starts   []int // of each object's rows, and the end
	accounts int   // of the whole log, and so
	objects  int
	highest  uint32     // account
	days     [][]int    // rows by day, for shuffling
	who      []uint32   // accounts by row, shuffled or not
	touched  [][]uint32 // by account, its objects; nil when shuffled
}

const day = 24 * 3600

func newTable(touches []Touch) *table {
	rows := slices.Clone(touches)
	slices.SortFunc(rows, func(a, b Touch) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Time, b.Time), cmp.Compare(a.Account, b.Account))
	})
	rows = slices.Compact(rows)
	t := &table{rows: rows[:0]}
	seen := map[uint32]struct{}{}
	for len(rows) > 0 {
		n, alone := 1, true
		for n < len(rows) && rows[n].Object == rows[0].Object {
			alone = alone && rows[n].Account == rows[0].Account
			n++
		}
		for _, r := range rows[:n] {
			seen[r.Account] = struct{}{}
			t.highest = max(t.highest, r.Account)
		}
		t.objects++
		if !alone {
			t.starts = append(t.starts, len(t.rows))
			t.rows = append(t.rows, rows[:n]...)
		}
		rows = rows[n:]
	}
	t.starts = append(t.starts, len(t.rows))
	t.accounts = len(seen)
	t.touched = make([][]uint32, t.highest+1)
	for o := range len(t.starts) - 1 {
		for _, r := range t.rows[t.starts[o]:t.starts[o+1]] {
			if of := t.touched[r.Account]; len(of) == 0 || of[len(of)-1] != uint32(o) {
				t.touched[r.Account] = append(of, uint32(o))
			}
		}
	}
	t.who = make([]uint32, len(t.rows))
	byDay := map[int64][]int{}
	for i, r := range t.rows {
		t.who[i] = r.Account
		byDay[r.Time/day] = append(byDay[r.Time/day], i)
	}
	dates := make([]int64, 0, len(byDay))
	for d := range byDay {
		dates = append(dates, d)
	}
	slices.Sort(dates)
	for _, d := range dates {
		t.days = append(t.days, byDay[d])
	}
	return t
}

// shuffled is the table with the accounts of each day dealt out anew over the
// day's touches: every account keeps how much it does on which day, and every
// object when it is touched.
func (t *table) shuffled(seed uint64) *table {
	rng := rand.New(rand.NewPCG(seed, 0x10c57e9))
	s := *t
	s.who, s.touched = slices.Clone(t.who), nil
	for _, rows := range t.days {
		rng.Shuffle(len(rows), func(i, j int) {
			i, j = rows[i], rows[j]
			s.who[i], s.who[j] = s.who[j], s.who[i]
		})
	}
	return &s
}

// A meeting is two accounts at one object within a window.
type meeting struct {
	pair   uint64 // the lower account in the high half
	object uint32
}

// company is who had company at an object within a window.
type company struct {
	accounts int // that had any
	pairs    int // that met, at most those of accounts
}

// crowded is how many touches of one object may fall into one window. Of more
// the nearest count: where everybody is, nobody meets anybody.
const crowded = 256

// meetings finds who met where within w seconds, of accounts that had company at
// no fewer than least objects. It returns, too, each object's company and at how many objects
// of each level each account had any.
func (t *table) meetings(w int64, least int) (ms []meeting, at []company, each [][levels]uint32) {
	at = make([]company, len(t.starts)-1)
	each = make([][levels]uint32, t.highest+1)
	last := make([]uint32, t.highest+1) // the object, from 1, at which an account was counted
	var who []uint32
	for o := range at {
		who = who[:0]
		t.pass(o, w, func(a, b uint32) {
			at[o].pairs++
			for _, x := range [...]uint32{a, b} {
				if last[x] != uint32(o)+1 {
					last[x] = uint32(o) + 1
					who = append(who, x)
				}
			}
		})
		n := len(who)
		at[o].accounts = n
		at[o].pairs = min(at[o].pairs, n*(n-1)/2)
		for _, a := range who {
			each[a][levelOf(n)]++
		}
	}
	enough := func(a uint32) bool {
		n := 0
		for _, k := range each[a] {
			n += int(k)
		}
		return n >= least
	}
	for o := range at {
		t.pass(o, w, func(a, b uint32) {
			if enough(a) && enough(b) {
				ms = append(ms, meeting{pairOf(a, b), uint32(o)})
			}
		})
	}
	slices.SortFunc(ms, func(a, b meeting) int {
		return cmp.Or(cmp.Compare(a.pair, b.pair), cmp.Compare(a.object, b.object))
	})
	return slices.Compact(ms), at, each
}

// pass calls met for each two touches of an object by two accounts within w.
func (t *table) pass(o int, w int64, met func(a, b uint32)) {
	from, to := t.starts[o], t.starts[o+1]
	first := from
	for j := from; j < to; j++ {
		for t.rows[j].Time-t.rows[first].Time > w {
			first++
		}
		for i := max(first, j-crowded); i < j; i++ {
			if t.who[i] != t.who[j] {
				met(t.who[i], t.who[j])
			}
		}
	}
}

func pairOf(a, b uint32) uint64 { return uint64(min(a, b))<<32 | uint64(max(a, b)) }
