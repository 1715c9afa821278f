package ledger

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"iolaus/exchange"
)

// TestDrain holds that what is drained, in however many portions, adds up to the
// ledger: every edge, every profile, every exchange in its hour.
func TestDrain(t *testing.T) {
	type edge struct {
		account uint32
		o       exchange.Observable
	}
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 5))
		l := New(Options{Drained: true})
		merged, profiles := map[edge]Delta{}, map[uint32]Profile{}
		hours, want := map[Hour]Hour{}, map[Hour]Hour{}
		drain := func() {
			var c Changes
			l.Drain(&c)
			if l.Pending() != 0 {
				t.Fatal("something is pending after a drain")
			}
			for _, d := range c.Sightings {
				m, old := merged[edge{d.Account, d.Observable}]
				if !old {
					m.First = d.First
				}
				m.First, m.Last, m.Count = min(m.First, d.First), max(m.Last, d.Last), m.Count+d.Count
				merged[edge{d.Account, d.Observable}] = m
			}
			for _, p := range c.Accounts {
				profiles[p.ID] = p
			}
			for _, h := range c.Hours {
				addHour(hours, h)
			}
		}
		at := day0
		for range 5000 {
			at = at.Add(time.Duration(rng.IntN(300)) * time.Second)
			x := exchange.Trace{Time: at, Account: fmt.Sprint("a", rng.IntN(50)), Failed: rng.IntN(9) == 0}
			for range rng.IntN(8) {
				x.Leave(exchange.NewObservable(exchange.Phrase, rng.Uint64N(300)))
			}
			l.Take(&x)
			h := Hour{Account: l.names[x.Account], Hour: uint32(at.Truncate(time.Hour).Unix()), Exchanges: 1}
			if x.Failed {
				h.Failures = 1
			}
			addHour(want, h)
			if rng.IntN(700) == 0 {
				drain()
			}
		}
		drain()
		if len(merged) != len(l.edges) || len(profiles) != len(l.accounts) || len(hours) != len(want) {
			t.Fatalf("%d edges, %d accounts, %d hours drained of %d, %d, %d",
				len(merged), len(profiles), len(hours), len(l.edges), len(l.accounts), len(want))
		}
		for _, e := range l.edges {
			m := merged[edge{e.Account, l.trails[e.Trail].Observable}]
			if m.First != e.First || m.Last != e.Last || m.Count != e.Count {
				t.Fatalf("drained %+v of edge %+v", m, e)
			}
		}
		for id, p := range profiles {
			if a := l.accounts[id]; p.Exchanges != a.Exchanges || p.Name != a.Name || p.Last != a.Last || p.Capabilities != a.Capabilities {
				t.Fatalf("drained %+v of account %+v", p, a)
			}
		}
		for k, h := range want {
			if hours[k] != h {
				t.Fatalf("drained %+v of %+v", hours[k], h)
			}
		}
	}
}

func addHour(m map[Hour]Hour, h Hour) {
	k := Hour{Account: h.Account, Hour: h.Hour}
	old := m[k]
	h.Exchanges, h.Failures = h.Exchanges+old.Exchanges, h.Failures+old.Failures
	m[k] = h
}
