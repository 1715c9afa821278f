package ledger

import (
	"math/rand/v2"
	"testing"

	"iolaus/exchange"
	"iolaus/hunt"
)

// plainMemory is what sight promises, in maps: observables of one owner in two
// generations, those of several for good.
type plainMemory struct {
	limit       int
	owner       []uint32
	now, before map[exchange.Observable]lone
	shared      map[exchange.Observable]map[uint32]uint32 // by account: how often
}

func (m *plainMemory) sight(a uint32, o exchange.Observable, at uint32) (uint32, bool) {
	if by, ok := m.shared[o]; ok {
		by[a]++
		return by[a], true
	}
	s, ok := m.now[o]
	if !ok && len(m.now) >= m.limit {
		m.now, m.before = map[exchange.Observable]lone{}, m.now
	}
	if !ok {
		if s, ok = m.before[o]; !ok {
			s = lone{ref: a, first: at}
		}
	}
	if ok && m.owner[s.ref] != m.owner[a] {
		m.now[o] = s
		m.shared[o] = map[uint32]uint32{s.ref: s.count, a: 1}
		return 1, true
	}
	s.count++
	s.last = at
	m.now[o] = s
	return s.count, false
}

// Whatever is left how often by whom, and however small the generations: sight
// says what plain maps would.
func TestSightIsAMap(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		l := New(Options{Singles: 10 + int(seed)*20})
		want := plainMemory{limit: l.opt.Singles, now: map[exchange.Observable]lone{}, before: map[exchange.Observable]lone{},
			shared: map[exchange.Observable]map[uint32]uint32{}}
		for a := range uint32(12) {
			want.owner = append(want.owner, a/3)
			l.accounts = append(l.accounts, hunt.Account{Owner: a / 3})
			l.marked = append(l.marked, false)
			if a%3 == 0 {
				l.people.fresh()
			}
			l.people.add(a/3, a)
		}
		for at := range uint32(20_000) {
			a := uint32(r.IntN(12))
			o := exchange.NewObservable(exchange.Phrase, uint64(r.IntN(1+r.IntN(2000))))
			n, with := l.sight(a, o, at)
			if wantN, wantWith := want.sight(a, o, at); n != wantN || with != wantWith {
				t.Fatalf("seed %d, sighting %d: got %d, %v, want %d, %v", seed, at, n, with, wantN, wantWith)
			}
		}
		for _, e := range l.edges {
			if n := want.shared[l.trails[e.Trail].Observable][e.Account]; n != e.Count || e.First > e.Last {
				t.Fatalf("seed %d: an edge counts %d, want %d", seed, e.Count, n)
			}
		}
	}
}

func BenchmarkSight(b *testing.B) {
	for _, c := range []struct {
		name   string
		choice int // of observables
	}{{"habits", 1 << 10}, {"few known", 1 << 30}} {
		b.Run(c.name, func(b *testing.B) {
			l := New(Options{})
			l.accounts = make([]hunt.Account, 1)
			l.people.add(l.people.fresh(), 0)
			r := rand.New(rand.NewPCG(1, 1))
			b.ReportAllocs()
			for b.Loop() {
				l.sight(0, exchange.NewObservable(exchange.Phrase, uint64(r.IntN(c.choice))), 1)
			}
		})
	}
}
