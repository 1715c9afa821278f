package ledger

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"iolaus/exchange"
)

// asker asks items as accounts of its own owners, and tells what their hand-overs say.
type asker struct {
	*Ledger
	at time.Time
}

func (a *asker) ask(account string, after time.Duration, failed bool, item uint64) {
	a.at = a.at.Add(after)
	x := exchange.Trace{Time: a.at, Account: account, Failed: failed}
	x.Leave(exchange.NewObservable(exchange.Item, item))
	a.Take(&x)
}

// handOvers lists the hand-overs of items, and whether they are common.
func (a *asker) handOvers() map[exchange.Observable]bool {
	out := map[exchange.Observable]bool{}
	for _, t := range a.trails {
		if k := t.Observable.Kind(); k == exchange.Failover || k == exchange.Echo {
			out[t.Observable] = t.Common
		}
	}
	return out
}

// TestCommonItem: an item's hand-overs say nothing any more when a ninth owner asks it,
// and until then do; who asks again is no further owner.
func TestCommonItem(t *testing.T) {
	for _, c := range []struct {
		name     string
		accounts int // that ask it afterwards, one by one
		owner    string
		common   bool
	}{
		{"nobody else", 0, "", false},
		{"eight in all", 5, "", false},
		{"nine in all", 6, "", true},
		{"a hundred", 97, "", true},
		{"a firm of a hundred", 97, "firm.example", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := asker{New(Options{}), day0}
			var ups []SignUp
			for i := range c.accounts {
				ups = append(ups, SignUp{Account: fmt.Sprint("later ", i), Owner: c.owner})
			}
			a.Register(ups)
			for _, item := range []uint64{1, 2} {
				a.ask("first", time.Hour, true, item)
				a.ask("second", 4*time.Second, false, item)
				a.ask("third", 4*time.Second, false, item)
			}
			for range 3 {
				a.ask("second", time.Hour, false, 1)
				for i := range c.accounts {
					a.ask(fmt.Sprint("later ", i), time.Hour, false, 1)
				}
			}
			got := a.handOvers()
			if len(got) != 4 {
				t.Fatalf("%d hand-overs, want a fail-over and an echo of both items", len(got))
			}
			for _, kind := range []exchange.Kind{exchange.Failover, exchange.Echo} {
				for item, want := range map[uint64]bool{1: c.common, 2: false} {
					if got[handedOver(kind, exchange.NewObservable(exchange.Item, item))] != want {
						t.Errorf("item %d, %v: common %v", item, kind, !want)
					}
				}
			}
		})
	}
}

// TestCommonAnyOrder: whoever asks what when, failing or not, the hand-overs of exactly
// those items are common that more than eight owners ask; and the same traces, taken
// again, say the same.
func TestCommonAnyOrder(t *testing.T) {
	both := map[bool]int{}
	for seed := range uint64(20) {
		type trace struct {
			account string
			after   time.Duration
			failed  bool
			item    uint64
		}
		rng := rand.New(rand.NewPCG(seed, 21))
		var traces []trace
		owners := map[exchange.Observable]map[int]bool{}
		for range 3000 {
			who, item := rng.IntN(40), 1+uint64(rng.IntN(1+rng.IntN(500)))
			traces = append(traces, trace{fmt.Sprint("a", who), time.Duration(rng.IntN(90)) * time.Second, rng.IntN(3) == 0, item})
			for _, kind := range []exchange.Kind{exchange.Failover, exchange.Echo} {
				o := handedOver(kind, exchange.NewObservable(exchange.Item, item))
				if owners[o] == nil {
					owners[o] = map[int]bool{}
				}
				owners[o][who/2] = true
			}
		}
		var before map[exchange.Observable]bool
		for range 2 {
			a := asker{New(Options{}), day0}
			var ups []SignUp
			for who := range 40 { // two accounts each
				ups = append(ups, SignUp{Account: fmt.Sprint("a", who), Owner: fmt.Sprint("owner ", who/2)})
			}
			a.Register(ups)
			for _, x := range traces {
				a.ask(x.account, x.after, x.failed, x.item)
			}
			got := a.handOvers()
			for o, common := range got {
				both[common]++
				if common != (len(owners[o]) > commonItem) {
					t.Fatalf("seed %d: a %v of an item of %d owners is common: %v", seed, o.Kind(), len(owners[o]), common)
				}
			}
			if before != nil && fmt.Sprint(before) != fmt.Sprint(got) {
				t.Fatalf("seed %d: taken again, the same traces say something else", seed)
			}
			before = got
		}
	}
	if both[false] < 20 || both[true] < 20 {
		t.Errorf("hand-overs that are common and that are not: %v", both)
	}
}
