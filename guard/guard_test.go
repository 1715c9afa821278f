package guard_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/guard"
)

var start = time.Unix(1_790_000_000, 0)

func caps() (c [exchange.Families]float32) {
	for i := range c {
		c[i] = 8
	}
	return c
}

func trait(k exchange.Kind, h uint64, nats float32) guard.Trait {
	return guard.Trait{Observable: exchange.NewObservable(k, h), Nats: nats}
}

// world has n known accounts and c campaigns with 64 traits each.
func world(n, c int) *guard.Guard {
	known := guard.NewAccounts(n)
	orders := map[string]*guard.Order{}
	for i := range n {
		known.Add(fmt.Sprintf("account-%07d", i))
	}
	var prints []guard.Print
	for i := range c {
		p := guard.Print{Campaign: fmt.Sprintf("c-%d", i), Least: 9,
			Order: guard.Order{ID: fmt.Sprintf("c-%d", i), Measure: guard.Verify, Until: 3600, Reason: "carries its habits"}}
		for k := range uint64(60) {
			kind := [...]exchange.Kind{exchange.Phrase, exchange.Agent, exchange.Address, exchange.System, exchange.Settings}[k%5]
			p.Traits = append(p.Traits, trait(kind, uint64(i)<<20|k, 3))
		}
		prints = append(prints, p)
		orders[fmt.Sprintf("head-%d", i)] = &guard.Order{ID: "o", Measure: guard.Block, Until: start.Unix() + 3600, Campaign: p.Campaign}
	}
	g := &guard.Guard{}
	g.Publish(&guard.Snapshot{Version: 1, Orders: orders, Standing: known, Prints: guard.NewPrints(prints, caps()),
		Allow: map[string]string{"friend": "tests us"}})
	return g
}

// carries are observables of campaign i in families content, client and network.
func carries(i int) []exchange.Observable {
	h := uint64(i) << 20
	return []exchange.Observable{
		exchange.NewObservable(exchange.Phrase, h), exchange.NewObservable(exchange.Phrase, h|5),
		exchange.NewObservable(exchange.Agent, h|1), exchange.NewObservable(exchange.Address, h|2),
		exchange.NewObservable(exchange.System, h|3),
	}
}

func TestDecide(t *testing.T) {
	g := world(1000, 10)
	for _, c := range []struct {
		name string
		r    guard.Request
		want guard.Measure
		hit  bool
	}{
		{"a known account", guard.Request{Account: "account-0000007", Seen: carries(3)}, guard.None, false},
		{"an order", guard.Request{Account: "head-4"}, guard.Block, false},
		{"an unknown account without habits", guard.Request{Account: "new-1"}, guard.None, false},
		{"an unknown account with a campaign's habits", guard.Request{Account: "new-2", Seen: carries(3)}, guard.Verify, true},
		{"the same account later, by name alone", guard.Request{Account: "new-2"}, guard.Verify, true},
		{"one family alone", guard.Request{Account: "new-3", Seen: carries(3)[:2]}, guard.None, false},
		{"an allowed account", guard.Request{Account: "friend", Seen: carries(3)}, guard.None, false},
		{"an allowed organisation", guard.Request{Account: "new-5", Org: "friend", Seen: carries(3)}, guard.None, false},
		{"no account", guard.Request{Seen: carries(3)}, guard.None, false},
	} {
		a := g.Decide(&c.r, start)
		if a.Measure != c.want || a.Recognised != c.hit {
			t.Errorf("%s: %v recognised %v, want %v %v", c.name, a.Measure, a.Recognised, c.want, c.hit)
		}
	}
}

// TestEvidenceAddsUp: what one request lacks, the next brings.
func TestEvidenceAddsUp(t *testing.T) {
	g := world(10, 10)
	seen := carries(3)
	if a := g.Decide(&guard.Request{Account: "new", Seen: seen[:3]}, start); a.Recognised {
		t.Fatalf("recognised by a program and its words alone: %+v", a)
	}
	a := g.Decide(&guard.Request{Account: "new", Seen: seen[3:]}, start)
	if !a.Recognised || a.Campaign != "" && a.Nats < 9 {
		t.Errorf("not recognised after two requests: %+v", a)
	}
	want := []exchange.Kind{exchange.Address, exchange.Agent, exchange.System, exchange.Phrase}
	if again := g.Decide(&guard.Request{Account: "new"}, start); !slices.Equal(a.Same(), want) || !slices.Equal(again.Same(), want) {
		t.Errorf("what stayed the same: %v, then %v, want %v", a.Same(), again.Same(), want)
	}
}

// TestProgram: the campaign's own wording and its own client, or mail domain, make
// a head, without another cause. Its client with everybody's wording does not, nor
// its wording alone, nor its wording with a client that others have, too: a company
// whose system prompt and client were copied has new people, who carry both.
func TestProgram(t *testing.T) {
	own := func(k exchange.Kind, h uint64, nats float32) guard.Trait {
		x := trait(k, h, nats)
		x.Own = true
		return x
	}
	one, two, agent, mail := own(exchange.Phrase, 1, 4), own(exchange.System, 2, 4), own(exchange.Agent, 8, 3), own(exchange.EmailShape, 13, 2)
	shared, other, client := trait(exchange.Phrase, 9, 4), trait(exchange.Phrase, 10, 4), trait(exchange.Agent, 11, 3)
	p := guard.Print{Campaign: "c", Least: 9, Traits: []guard.Trait{one, two, agent, mail, shared, other, client},
		Order: guard.Order{Measure: guard.Label, Until: 3600}}
	for name, c := range map[string]struct {
		seen []guard.Trait
		want bool
	}{
		"client and own wording":           {[]guard.Trait{one, two, agent}, true},
		"client and shared wording":        {[]guard.Trait{shared, other, agent}, false},
		"own wording alone":                {[]guard.Trait{one, two}, false},
		"own wording and a common client":  {[]guard.Trait{one, two, client}, false},
		"one piece of own wording":         {[]guard.Trait{one, shared, agent}, false},
		"a mail domain adds up too little": {[]guard.Trait{one, two, mail}, false},
		"a mail domain adds to a client":   {[]guard.Trait{one, two, mail, agent}, true},
	} {
		g := &guard.Guard{}
		g.Publish(&guard.Snapshot{Version: 1, Prints: guard.NewPrints([]guard.Print{p}, caps())})
		q := guard.Request{Account: "new"}
		for _, x := range c.seen {
			q.Seen = append(q.Seen, x.Observable)
		}
		if a := g.Decide(&q, start); a.Recognised != c.want {
			t.Errorf("%s: recognised %v", name, a.Recognised)
		}
	}
}

// TestExpires: every answer ends by itself.
func TestExpires(t *testing.T) {
	g := world(10, 10)
	late := start.Add(2 * time.Hour)
	if a := g.Decide(&guard.Request{Account: "head-1"}, late); a.Measure != guard.None {
		t.Errorf("an order holds after its end: %+v", a)
	}
	g.Decide(&guard.Request{Account: "new", Seen: carries(1)}, start)
	if a := g.Decide(&guard.Request{Account: "new"}, late); a.Measure != guard.None {
		t.Errorf("a recognition holds after its end: %+v", a)
	}
}

// TestNoAllocation holds the look-up to its promise.
func TestNoAllocation(t *testing.T) {
	g := world(100_000, 1000)
	seen := carries(17)
	for name, r := range map[string]guard.Request{"known": {Account: "account-0000099"}, "order": {Account: "head-9"}, "new": {Account: "new", Seen: seen}} {
		if n := testing.AllocsPerRun(1000, func() { g.Decide(&r, start) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	g := world(1_000_000, 1000)
	names := make([]string, 1<<12)
	for i := range names {
		names[i] = fmt.Sprintf("account-%07d", i*241)
	}
	run := func(name string, r func(i int) guard.Request) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				q := r(i)
				g.Decide(&q, start)
				i++
			}
		})
	}
	run("known", func(i int) guard.Request { return guard.Request{Account: names[i&(1<<12-1)]} })
	run("order", func(i int) guard.Request { return guard.Request{Account: "head-77"} })
	seen := carries(17)
	for k := range uint64(35) {
		seen = append(seen, exchange.NewObservable(exchange.Item, k*7919))
	}
	run("unknown, 40 observables", func(i int) guard.Request { return guard.Request{Account: "stranger", Seen: seen} })
}
