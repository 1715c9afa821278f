package hunt

import (
	"math/rand/v2"
	"slices"
	"testing"

	"iolaus/exchange"
)

// ranked is accounts each with one address of the loaded fingerprint, of which so many
// thousandths of all innocents carry twice as much as he: his chance, with 0 for who
// carries nothing.
func ranked(thousandths ...int) (*Hunter, *View, *crew, []uint32) {
	h, v, n := New(Options{}), &View{}, &null{outside: 1999}
	for w := 1; w < 1000; w++ {
		n.scores[causeIndex[exchange.Infrastructure]] = append(n.scores[causeIndex[exchange.Infrastructure]], float64(w))
	}
	var picked []uint32
	var ws []Weight
	for i, p := range thousandths {
		a := uint32(i)
		picked = append(picked, a)
		v.Accounts = append(v.Accounts, Account{Owner: a, Exchanges: 100})
		if p > 0 {
			t := uint32(len(v.Trails))
			v.Trails = append(v.Trails, Trail{Observable: exchange.NewObservable(exchange.Address, uint64(i)+1), Owners: scarce + 1})
			v.Accounts[a].Left = []uint32{t}
			ws = append(ws, Weight{Trail: t, Inside: 3, Nats: float64(1001 - p)})
		}
	}
	h.fitTo(v)
	h.work.load(v, ws, 100, 2000)
	return h, v, h.crewOf(v, map[uint32]bool{}, ws, n), picked
}

// TestFitting: of those who hand over with a crew, as many are taken as Benjamini and
// Hochberg would: the first k, of the last k whose chance is below k hundredths of all.
func TestFitting(t *testing.T) {
	for _, c := range []struct {
		name   string
		chance []int // in thousandths; 0 for nothing in common
		taken  []uint32
	}{
		{"nobody", nil, nil},
		{"one who fits", []int{9}, []uint32{0}},
		{"one who does not", []int{11}, nil},
		{"one with nothing in common", []int{0}, nil},
		{"many with nothing in common", []int{0, 0, 0, 0, 0, 0, 0, 0}, nil},
		{"one who fits, and one with nothing in common", []int{4, 0}, []uint32{0}},
		{"one who would fit alone, and one with nothing in common", []int{9, 0}, nil},
		{"the same with two that do", []int{9, 0, 4}, nil},
		{"two who fit", []int{8, 9}, []uint32{0, 1}},
		{"the last that fits takes along who fits better", []int{500, 7, 4, 3}, []uint32{1, 2, 3}},
		{"not beyond a gap", []int{1, 20, 2, 9}, []uint32{0, 2}},
		{"anybody and who fits as anybody does", []int{900, 300, 1000, 100}, nil},
	} {
		h, v, crew, picked := ranked(c.chance...)
		if got := h.fitting(v, crew, picked); !slices.Equal(got, c.taken) {
			t.Errorf("%s: took %v, want %v", c.name, got, c.taken)
		}
	}
}

// TestFittingIsStricterAmongMany: each innocent who was picked as well asks more of him
// who fits, and nobody is taken that would not be among fewer.
func TestFittingIsStricterAmongMany(t *testing.T) {
	last := 10
	for innocents := range 10 {
		most := 0 // thousandths with which one is taken beside so many innocents
		for p := 1; p <= 10; p++ {
			h, v, crew, picked := ranked(append([]int{p}, make([]int, innocents)...)...)
			if len(h.fitting(v, crew, picked)) > 0 {
				most = p
			}
		}
		if most > last || 100*most*(innocents+1) > 1000+100 {
			t.Errorf("beside %d innocents one is taken with %d thousandths", innocents, most)
		}
		last = most
	}
	if last > 1 {
		t.Errorf("beside nine innocents %d thousandths are enough", last)
	}
}

// leave adds a trail that accounts of different owners left.
func (v *View) leave(kind exchange.Kind, accounts ...uint32) *Trail {
	t := uint32(len(v.Trails))
	tr := Trail{Observable: exchange.NewObservable(kind, uint64(t)+1), Owners: uint32(len(accounts))}
	for _, a := range accounts {
		e := uint32(len(v.Edges))
		v.Edges = append(v.Edges, Edge{Account: a, Trail: t, Count: 4})
		tr.Carriers = append(tr.Carriers, e)
		v.Accounts[a].Carried, v.Accounts[a].Left = append(v.Accounts[a].Carried, e), append(v.Accounts[a].Left, t)
	}
	v.Trails, v.Grown = append(v.Trails, tr), append(v.Grown, t)
	return &v.Trails[t]
}

// crewed is a population that meets at random in addresses and in items, and an
// operator's heads among it, the first accounts, who meet each other in planted ones and
// have exits and wording in common with many others.
func crewed(rng *rand.Rand, people, planted, heads int) (*Hunter, *View) {
	v := crowdOf(rng, people, 2*people, planted, heads)
	for t := range v.Trails {
		if t%2 == 0 {
			v.Trails[t].Observable = exchange.NewObservable(exchange.Item, uint64(t)+1)
		}
	}
	for i := range 16 {
		kind := [...]exchange.Kind{exchange.Address, exchange.Phrase}[i%2]
		some := first(uint32(heads))
		rng.Shuffle(heads, func(i, j int) { some[i], some[j] = some[j], some[i] })
		some = some[:heads/2]
		for _, a := range rng.Perm(people - heads)[:50] {
			some = append(some, uint32(heads+a))
		}
		v.leave(kind, some...)
	}
	for e := range v.Edges {
		v.Edges[e].First = 10 * earlier
	}
	h := New(Options{})
	h.fitTo(v)
	h.weighStakes(v)
	return h, v
}

func first(n uint32) (out []uint32) {
	for a := range n {
		out = append(out, a)
	}
	return out
}

// TestInnocentsAmongTheFitting: innocents that chance picks, with what chance lets them
// share with the crew, are at most a hundredth of those taken, as Stranger says.
func TestInnocentsAmongTheFitting(t *testing.T) {
	const heads, crewSize, draws = 24, 18, 100
	share, innocent, taken, guilty, worlds := 0.0, 0, 0, 0, 0
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 11))
		h, v := crewed(rng, 2000, 40, heads)
		in := setOf(first(crewSize))
		s := h.work.weighSet(v, first(crewSize), h.opt.Sample)
		h.work.load(v, s.seen, s.owners, v.Owners)
		c := h.crewOf(v, in, s.seen, h.work.nullOf(v, s.seen, in))
		for range draws {
			worlds++
			picked := []uint32{}
			for a := range uint32(rng.IntN(heads - crewSize + 1)) { // heads that are not of the crew yet
				picked = append(picked, crewSize+a)
			}
			guilty += len(picked)
			for _, a := range rng.Perm(len(v.Accounts) - heads)[:rng.IntN(20)] {
				picked = append(picked, uint32(heads+a))
			}
			wrong := 0
			got := h.fitting(v, c, picked)
			for _, a := range got {
				wrong += one(a >= heads)
			}
			innocent, taken = innocent+wrong, taken+len(got)
			share += float64(wrong) / float64(max(1, len(got)))
		}
	}
	t.Logf("of %d taken in %d draws %d were innocent, %.4f of those taken on average; %d of %d heads",
		taken, worlds, innocent, share/float64(worlds), taken-innocent, guilty)
	if share/float64(worlds) > New(Options{}).opt.Stranger {
		t.Errorf("%.4f of those taken are innocent", share/float64(worlds))
	}
	if 2*(taken-innocent) < guilty {
		t.Errorf("only %d of %d heads were taken", taken-innocent, guilty)
	}
}

// TestChanceIsAChance: of all innocents no greater share has a small chance than the
// chance says.
func TestChanceIsAChance(t *testing.T) {
	const heads, crewSize = 24, 18
	var all, below [3]int
	for seed := range uint64(6) {
		h, v := crewed(rand.New(rand.NewPCG(seed, 12)), 2000, 40, heads)
		in := setOf(first(crewSize))
		s := h.work.weighSet(v, first(crewSize), h.opt.Sample)
		h.work.load(v, s.seen, s.owners, v.Owners)
		c := h.crewOf(v, in, s.seen, h.work.nullOf(v, s.seen, in))
		for a := heads; a < len(v.Accounts); a++ {
			p := h.chance(v, c, uint32(a))
			for i, level := range [...]float64{0.1, 0.01, 0.001} {
				all[i]++
				below[i] += one(p <= level)
			}
		}
	}
	for i, most := range [...]int{all[0] / 10, all[1] / 100, all[2] / 1000} {
		if below[i] > most {
			t.Errorf("of %d innocents %d have a chance up to %v", all[i], below[i], [...]float64{0.1, 0.01, 0.001}[i])
		}
	}
	t.Logf("of %d innocents %d have a chance up to 0.1, %d up to 0.01, %d up to 0.001", all[0], below[0], below[1], below[2])
}

// TestFewAreNoQueue: five who hand over with each other, and meet elsewhere, are members;
// four are not by that, nor are many who hand over and have nothing else in common, nor
// many who meet and hand nothing over.
func TestFewAreNoQueue(t *testing.T) {
	for _, c := range []struct {
		name             string
		accounts, places int
		queue            bool
		want             int
	}{
		{"a handful", 5, 40, true, 5},
		{"eight", 8, 60, true, 8},
		{"four", 4, 60, true, 0},
		{"eight with nothing else in common", 8, 0, true, 0},
		{"eight who hand nothing over", 8, 60, false, 0},
	} {
		v := crowdOf(rand.New(rand.NewPCG(5, 13)), 2000, 2000, c.places, c.accounts)
		for i := range uint32(c.accounts) {
			v.Accounts[i].Left, v.Accounts[i].Carried = v.Accounts[i].Left[:0:0], nil
		}
		for tr := 2000; tr < len(v.Trails); tr++ { // what the crowd left busily is not theirs
			for _, e := range v.Trails[tr].Carriers {
				x := &v.Accounts[v.Edges[e].Account]
				x.Left, x.Carried = append(x.Left, uint32(tr)), append(x.Carried, e)
			}
		}
		kind := exchange.Echo
		if c.queue {
			kind = exchange.Failover
		}
		for i := range uint32(c.accounts) {
			v.leave(kind, i, (i+1)%uint32(c.accounts))
		}
		h := New(Options{})
		h.fitTo(v)
		h.weighStakes(v)
		s := h.work.weighSet(v, first(uint32(c.accounts)), h.opt.Sample)
		if got := h.queued(v, &s); len(got) != c.want {
			t.Errorf("%s: %d are members, want %d", c.name, len(got), c.want)
		}
	}
}

// TestCommon: a hand-over of an item that turned out to be popular makes no evidence, no
// tie and no link; any other does.
func TestCommon(t *testing.T) {
	for _, common := range []bool{false, true} {
		v := &View{Owners: 1000}
		for a := range uint32(3) {
			v.Accounts = append(v.Accounts, Account{Owner: a, Exchanges: 10})
		}
		v.leave(exchange.Failover, 0, 1).Common = common
		v.leave(exchange.Failover, 1, 2).Common = common
		h := New(Options{})
		h.fitTo(v)
		h.link(v)
		s := h.work.weighSet(v, first(3), h.opt.Sample)
		says := 0
		if !common {
			says = 2
		}
		if len(s.seen) != says || s.met[exchange.Behaviour] != float64(says) {
			t.Errorf("common %v: %d trails speak, %v meetings", common, len(s.seen), s.met[exchange.Behaviour])
		}
		if got := len(h.ties(v, first(3))); got != says {
			t.Errorf("common %v: %d ties", common, got)
		}
		if got := len(h.handed.links[1]); got != says {
			t.Errorf("common %v: %d links", common, got)
		}
		if got := h.handsOver(v, 0, setOf([]uint32{1, 2})); got == common {
			t.Errorf("common %v: hands over %v", common, got)
		}
		if got := len(h.handed.sets()); common && got != 0 || !common && got != 1 {
			t.Errorf("common %v: %d sets hang together", common, got)
		}
	}
}

// TestChanceOfManyExits: what is read of a fingerprint for those it is compared with is
// read of him who is compared, too, however many exits an operator has of his own.
func TestChanceOfManyExits(t *testing.T) {
	for _, own := range []int{10, 100} {
		const heads, people = 24, 3000
		v := &View{Owners: people}
		for a := range uint32(people) {
			v.Accounts = append(v.Accounts, Account{Owner: a, Exchanges: 100})
		}
		for i := range uint32(own) { // exits of the operator's own
			v.leave(exchange.Address, i%heads, (i+1)%heads, (i+2)%heads, (i+3)%heads)
		}
		for i := range uint32(4) { // exits that many customers use
			some := first(6)
			for a := range uint32(60) {
				some = append(some, heads+60*i+a)
			}
			v.leave(exchange.Address, some...)
		}
		h := New(Options{})
		h.fitTo(v)
		h.weighStakes(v)
		in := setOf(first(heads))
		s := h.work.weighSet(v, first(heads), h.opt.Sample)
		h.work.load(v, s.seen, s.owners, v.Owners)
		c := h.crewOf(v, in, s.seen, h.work.nullOf(v, s.seen, in))
		p := h.chance(v, c, heads+50)
		t.Logf("%d own exits: one of 240 customers, of %d, behind a common exit has the chance %.5f", own, people, p)
		if p < 0.1 {
			t.Errorf("%d own exits: %.5f", own, p)
		}
	}
}
