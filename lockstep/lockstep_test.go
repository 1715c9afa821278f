package lockstep_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"iolaus/lockstep"
)

// A town is a log in the making: people, and objects that they touch.
type town struct {
	rng     *rand.Rand
	touches []lockstep.Touch
	people  map[string][]uint32
	next    uint32
	object  uint64
}

const (
	begin = 1_785_700_000
	days  = 14
)

func newTown(seed uint64) *town {
	return &town{rng: rand.New(rand.NewPCG(seed, 1)), people: map[string][]uint32{}}
}

func (w *town) group(name string, n int) []uint32 {
	for range n {
		w.people[name] = append(w.people[name], w.next)
		w.next++
	}
	return w.people[name]
}

func (w *town) fresh() uint64 { w.object++; return w.object }

func (w *town) touch(a uint32, o uint64, at float64) {
	w.touches = append(w.touches, lockstep.Touch{Account: a, Object: o, Time: begin + int64(at)})
}

func (w *town) anytime() float64 { return w.rng.Float64() * days * 86400 }

// crowd is what everybody does: objects come out, and those who like them touch
// them over the next hours, some objects far more than others.
func (w *town) crowd() {
	all := w.group("crowd", 600)
	for range 900 {
		o, at := w.fresh(), w.anytime()
		for range 2 + int(w.rng.ExpFloat64()*w.rng.ExpFloat64()*8) {
			w.touch(all[w.rng.IntN(len(all))], o, at+w.rng.ExpFloat64()*4*3600)
		}
	}
}

// lookAlikes are innocent.
func (w *town) lookAlikes() {
	fans := w.group("viral", 1500) // many touch it at once, and others the next time
	for range 8 {
		o, at := w.fresh(), w.anytime()
		for _, a := range fans {
			if w.rng.IntN(10) == 0 {
				w.touch(a, o, at+w.rng.Float64()*120)
			}
		}
	}
	followers := w.group("followers", 40) // one taste, each in his own time
	for range 60 {
		o, at := w.fresh(), w.anytime()
		for _, a := range followers {
			if w.rng.IntN(3) > 0 {
				w.touch(a, o, at+w.rng.Float64()*10*3600)
			}
		}
	}
	office := w.group("office", 30) // one timetable, own objects and the crowd's
	for day := range days {
		for _, a := range office {
			for range 4 {
				w.touch(a, 1+w.rng.Uint64N(w.object), float64(day*86400)+9*3600+w.rng.Float64()*3600)
			}
		}
	}
	bot := w.group("newsbot", 1)[0] // passes everything on, seconds after it came out
	first := map[uint64]int64{}
	for _, t := range w.touches {
		if at, ok := first[t.Object]; !ok || t.Time < at {
			first[t.Object] = t.Time
		}
	}
	for o, at := range first {
		w.touch(bot, o, float64(at-begin)+3)
	}
}

// ring is a group that touches things together, among what its members do besides.
func (w *town) ring(name string, n, objects int, within float64) {
	ring := w.group(name, n)
	for range objects {
		o, at := w.fresh(), w.anytime()
		for _, a := range ring {
			if w.rng.IntN(4) > 0 {
				w.touch(a, o, at+w.rng.Float64()*within)
			}
		}
	}
	for _, a := range ring {
		for range 10 {
			w.touch(a, 1+w.rng.Uint64N(900), w.anytime())
		}
	}
}

// tell names the groups in what was found.
func (w *town) tell(r lockstep.Result) string {
	of := map[uint32]string{}
	for name, as := range w.people {
		for _, a := range as {
			of[a] = name
		}
	}
	var lines []string
	for _, n := range r.Networks {
		count := map[string]int{}
		for _, a := range n.Accounts {
			count[of[a]]++
		}
		lines = append(lines, fmt.Sprint(count))
	}
	slices.Sort(lines)
	return fmt.Sprint(lines)
}

func TestRingsAreFoundAndLookAlikesAreNot(t *testing.T) {
	for seed := range uint64(4) {
		w := newTown(seed)
		w.crowd()
		w.lookAlikes()
		if got := w.tell(lockstep.Find(w.touches, lockstep.Options{})); got != "[]" {
			t.Errorf("seed %d: among innocents: %s", seed, got)
		}
		w.ring("dozen", 12, 15, 40)
		w.ring("trio", 3, 20, 5)
		r := lockstep.Find(w.touches, lockstep.Options{})
		if len(r.Networks) != 2 {
			t.Fatalf("seed %d: %s, want two networks", seed, w.tell(r))
		}
		for i, name := range []string{"dozen", "trio"} {
			n, ring := r.Networks[i], w.people[name]
			if 10*len(n.Accounts) < 9*len(ring) {
				t.Errorf("seed %d: %d of the %s", seed, len(n.Accounts), name)
			}
			for _, a := range n.Accounts {
				if !slices.Contains(ring, a) {
					t.Errorf("seed %d: a stranger in the %s: %s", seed, name, w.tell(r))
				}
			}
		}
	}
}

func TestOrderAndRepeatsDoNotMatter(t *testing.T) {
	w := newTown(9)
	w.crowd()
	w.ring("ring", 8, 12, 30)
	want := lockstep.Find(w.touches, lockstep.Options{})
	again := append(slices.Clone(w.touches), w.touches[:500]...)
	w.rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	if got := lockstep.Find(again, lockstep.Options{}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOneOwnerIsNoNetwork(t *testing.T) {
	w := newTown(5)
	w.crowd()
	w.ring("firm", 8, 12, 30)
	firm := w.people["firm"][0]
	r := lockstep.Find(w.touches, lockstep.Options{Owner: func(a uint32) uint32 { return min(a, firm) }})
	if len(r.Networks) > 0 {
		t.Errorf("accounts of one owner: %s", w.tell(r))
	}
}

func TestNothing(t *testing.T) {
	if r := lockstep.Find(nil, lockstep.Options{}); len(r.Networks) > 0 {
		t.Error(r)
	}
	same := slices.Repeat([]lockstep.Touch{{Account: 1, Object: 7, Time: begin}}, 5)
	if r := lockstep.Find(same, lockstep.Options{}); r.Accounts != 1 || len(r.Networks) > 0 {
		t.Error(r)
	}
}

func BenchmarkFind(b *testing.B) {
	w := newTown(1)
	w.crowd()
	w.lookAlikes()
	b.ReportAllocs()
	for b.Loop() {
		lockstep.Find(w.touches, lockstep.Options{})
	}
	b.ReportMetric(float64(len(w.touches))*float64(b.N)/b.Elapsed().Seconds(), "touches/s")
}
