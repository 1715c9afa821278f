package hunt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"iolaus/exchange"
)

// TestMeet: no more meetings than chance brings surprise nobody, each further one more.
func TestMeet(t *testing.T) {
	for _, c := range []struct{ met, any, all float64 }{
		{0, 0, 0}, {3, 0, 100}, {3, 10, 0}, // nothing to compare
		{0, 20, 100}, {1, 20, 100}, {0.5, 20, 100}, // the mean is 1
		{100, 200, 100}, // the set is everybody
	} {
		if got := meet(c.met, c.any, c.all); got != 0 {
			t.Errorf("meet(%v, %v, %v) is %v, want 0", c.met, c.any, c.all, got)
		}
	}
	last := 0.0
	for met := 2.0; met < 100; met++ {
		if got := meet(met, 20, 100); got <= last {
			t.Fatalf("%v meetings surprise by %v, one less by %v", met, got, last)
		} else {
			last = got
		}
	}
	if busy, quiet := meet(10, 60, 1000), meet(10, 20, 1000); busy >= quiet {
		t.Errorf("ten meetings of accounts that meet everybody surprise by %v, of others by %v", busy, quiet)
	}
}

// TestMeetings: all pairs meet in a small trail, nobody in a popular one.
func TestMeetings(t *testing.T) {
	for n, want := range map[int]float64{0: 0, 1: 0, 2: 1, 3: 3, 4: 6, scarce: scarce * (scarce - 1) / 2, scarce + 1: 0, 1000: 0} {
		if got := meetings(n); got != want {
			t.Errorf("%d owners have %v meetings, want %v", n, got, want)
		}
	}
}

// crowdOf is a population of which each address is left by two to four at random, the
// busy more often, and beside it so many addresses by two of the first accounts each.
func crowdOf(rng *rand.Rand, people, trails, planted, heads int) *View {
	v := &View{Owners: people}
	for a := range people {
		v.Accounts = append(v.Accounts, Account{Name: fmt.Sprint(a), Owner: uint32(a), Exchanges: 100})
	}
	leave := func(who []uint32) {
		t := uint32(len(v.Trails))
		tr := Trail{Observable: exchange.NewObservable(exchange.Address, uint64(t)+1), Owners: uint32(len(who))}
		for _, a := range who {
			e := uint32(len(v.Edges))
			v.Edges = append(v.Edges, Edge{Account: a, Trail: t, Count: 1})
			tr.Carriers = append(tr.Carriers, e)
			v.Accounts[a].Carried = append(v.Accounts[a].Carried, e)
			v.Accounts[a].Left = append(v.Accounts[a].Left, t)
		}
		v.Trails, v.Grown = append(v.Trails, tr), append(v.Grown, t)
	}
	some := func(n, among int, pick func() int) (who []uint32) {
		for len(who) < min(n, among) {
			if a := uint32(pick()); !slices.Contains(who, a) {
				who = append(who, a)
			}
		}
		return who
	}
	for range trails {
		leave(some(2+rng.IntN(3), people, func() int { return min(rng.IntN(people), rng.IntN(people)) }))
	}
	for range planted {
		leave(some(2, heads, func() int { return rng.IntN(heads) }))
	}
	return v
}

// TestMeetingsOfCrowds: sets drawn at random hardly ever meet more than a few nats
// oftener than chance would have it; a pool of exits of which each serves two of an
// operator's heads is seen.
func TestMeetingsOfCrowds(t *testing.T) {
	const few, heads = 6, 24
	rng := rand.New(rand.NewPCG(3, 5))
	v := crowdOf(rng, 2000, 4000, 60, heads)
	h := New(Options{})
	h.fitTo(v)
	h.weighStakes(v)
	of := func(accounts []uint32) float64 {
		s := h.work.weighSet(v, accounts, h.opt.Sample)
		const c = exchange.Infrastructure
		return meet(s.met[c], s.meets[c], h.met[c])
	}
	surprised := 0
	const sets = 400
	for range sets {
		var some []uint32
		for _, a := range rng.Perm(len(v.Accounts) - heads)[:10+rng.IntN(50)] {
			some = append(some, uint32(heads+a))
		}
		if of(some) > few {
			surprised++
		}
	}
	if 100*surprised > sets {
		t.Errorf("%d of %d sets of anybody surprise by more than %d nats", surprised, sets, few)
	}
	var own []uint32
	for a := range uint32(heads) {
		own = append(own, a)
	}
	if got := of(own); got < 40 {
		t.Errorf("heads that met in 60 exits surprise by %.1f nats only", got)
	} else {
		t.Logf("%d of %d sets of anybody above %d nats; the heads %.0f", surprised, sets, few, got)
	}
}
