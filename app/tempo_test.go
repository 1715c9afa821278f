package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
	"iolaus/ledger/duckdb"
)

// TestMetre: what is measured from the ledger is what the hunt measured: of accounts
// that keep one time, and of some that came late, over more days than are looked at.
func TestMetre(t *testing.T) {
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 9))
		l := ledger.New(ledger.Options{Drained: true})
		day0 := time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)
		var last time.Time
		for hour := range 20 * 24 {
			for a := range 120 {
				queue := a < 40
				if queue && (hour < 3*a || hour%19 >= 14) || rng.IntN(5) > 1 {
					continue
				}
				last = day0.Add(time.Duration(hour)*time.Hour + time.Duration(a)*time.Second)
				l.Take(&exchange.Trace{Time: last, Account: fmt.Sprint("a", a)})
			}
		}
		var c ledger.Changes
		l.Drain(&c)
		v := l.View(last)
		var members []ledger.Profile
		var ids []uint32
		for _, p := range c.Accounts {
			if len(p.Name) < 3 || p.Name < "a40" && len(p.Name) == 3 {
				members, ids = append(members, p), append(ids, p.ID)
			}
		}
		counts, own := map[uint32]uint32{}, []ledger.Hour{}
		for _, h := range c.Hours {
			counts[h.Hour]++
			if slices.Contains(ids, h.Account) {
				own = append(own, h)
			}
		}
		m := metre{now: last}
		var busy []duckdb.Busy
		for hour, n := range counts {
			busy = append(busy, duckdb.Busy{Hour: hour, Accounts: n})
		}
		slices.SortFunc(busy, func(a, b duckdb.Busy) int { return int(a.Hour) - int(b.Hour) })
		m.crowd(busy)
		slices.SortFunc(own, func(a, b ledger.Hour) int { return int(a.Hour) - int(b.Hour) })
		got, beats := m.beats(members, own)
		if want := v.Tempo(ids); got != want || !got.Dispatched() || len(beats) == 0 {
			t.Errorf("seed %d: %+v of %d accounts, the hunt has %+v", seed, got, len(ids), want)
		}
	}
}
