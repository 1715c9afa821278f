package ledger

import (
	"fmt"
	"testing"
	"time"

	"iolaus/exchange"
)

// TestHeirs plays a ban: who begins afterwards with the banned account's own
// words is its heir; who was there before, uses everybody's words, or comes after
// three days is none.
func TestHeirs(t *testing.T) {
	day := time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)
	say := func(word uint64) exchange.Observable { return exchange.NewObservable(exchange.Phrase, word) }
	for name, c := range map[string]struct {
		first time.Duration // of the other account
		words []uint64
		heir  bool
	}{
		"goes on with its words":   {30 * time.Hour, []uint64{1, 2, 6}, true},
		"has two words of it":      {30 * time.Hour, []uint64{1, 2}, false},
		"was there before":         {2 * time.Hour, []uint64{1, 2, 6}, false},
		"comes much later":         {110 * time.Hour, []uint64{1, 2, 6}, false},
		"uses what everybody uses": {30 * time.Hour, []uint64{3, 4, 8}, false},
		"has words of his own":     {30 * time.Hour, []uint64{5, 7, 9}, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := New(Options{})
			l.Register([]SignUp{{Account: "banned", Banned: day.Add(24 * time.Hour)}})
			id := uint64(0)
			take := func(who string, at time.Duration, words ...uint64) {
				x := exchange.Trace{Time: day.Add(at), Account: who}
				for _, w := range words {
					x.Leave(say(w))
				}
				id++
				l.Take(&x)
			}
			for i := range 20 { // everybody's words
				take(fmt.Sprint("somebody ", i), time.Hour, 3, 4, 8)
			}
			if c.first < 24*time.Hour {
				take("other", c.first)
			}
			for i := range 6 {
				take("banned", time.Duration(3+i)*time.Hour, 1, 2, 6, 3, 4, 8)
			}
			l.View(day.Add(25 * time.Hour))
			take("other", max(c.first, 30*time.Hour), c.words...)
			found := false
			for _, tr := range l.trails {
				found = found || tr.Observable.Kind() == exchange.Succession
			}
			if found != c.heir {
				t.Errorf("heir: %v, want %v", found, c.heir)
			}
		})
	}
}
