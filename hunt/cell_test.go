package hunt_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// cell are newcomers with wording, a client and homes of their own, behind the
// operator's queue.
const cell = `
	cell 12 perday=40 from=8 prompt=cell phrase=cell:3 wants=reasoning queue=operator over=0.05`

// queue puts groups behind the queue of another: queue=NAME hands over with NAME's
// accounts, as over=0.05 says at one request in twenty, in either direction. Only the
// first accounts do with hands=1, so many times in all with times=1, and with each=1 so
// many times each.
func (c *cast) queue(groups []group) {
	rng := rand.New(rand.NewPCG(8, 8))
	of := map[string][]int{}
	for i := range c.requests {
		g := c.of[c.requests[i].t.Account]
		of[g] = append(of[g], i)
	}
	for _, g := range groups {
		others := of[g.set["queue"]]
		if len(others) == 0 {
			continue
		}
		hands, times, each := int(g.num("hands", float64(g.accounts))), int(g.num("times", 1e9)), map[string]int{}
		for _, i := range of[g.name] {
			x := &c.requests[i]
			since := g.num("from", 0) * 24 * float64(time.Hour)
			if times == 0 || x.at.Sub(c.requests[0].at) < time.Duration(since) || rng.Float64() >= g.num("over", 0) || x.t.Account >= fmt.Sprintf("%s-%03d", g.name, hands) || each[x.t.Account] >= int(g.num("each", 1e9)) {
				continue
			}
			times--
			each[x.t.Account]++
			y := c.requests[others[rng.IntN(len(others))]]
			y.t.Observables[y.t.Left-1] = x.t.Observables[x.t.Left-1] // the item is left last
			if y.t.Failed = rng.IntN(2) == 0; y.t.Failed {
				y.at = x.at.Add(-4 * time.Second)
			} else {
				x.t.Failed, y.at = true, x.at.Add(4*time.Second)
			}
			y.t.Time = y.at
			c.requests = append(c.requests, y)
		}
	}
	slices.SortStableFunc(c.requests, func(a, b request) int { return a.at.Compare(b.at) })
}

// TestCells: a part of an operator that has wording of its own is taken when several of it
// hand over with those who were found, and who only looks like one stays out.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		name  string
		story string
		who   string
		most  int // requests until each of them is taken; 0 for never
	}{
		{"a cell", operator + cell, "cell", 40},
		{"a cell of three", operator + `
			cell 3 perday=160 from=8 prompt=cell phrase=cell:3 wants=reasoning queue=operator over=0.05`, "cell", 40},
		{"the same without hand-overs", operator + `
			firm 12 perday=40 from=8 prompt=cell phrase=cell:3 wants=reasoning`, "firm", 0},
		{"one who took over one item by chance", operator + `
			firm 12 perday=40 from=8 prompt=cell phrase=cell:3 wants=reasoning queue=operator over=0.5 times=1`, "firm", 0},
		{"one who did so again and again", operator + `
			firm 12 perday=40 from=8 prompt=cell phrase=cell:3 wants=reasoning queue=operator over=0.5 hands=1 times=2`, "firm", 0},
		{"newcomers each with wording of his own, behind the queue by chance", operator + `
			new 12 perday=40 from=8 phrase=own queue=operator over=0.5 times=6`, "new", 0},
		{"new employees of a company that had the wording before the operator began", operator + `
			company 2 perday=10 prompt=cell phrase=cell:3
			employee 12 perday=40 from=8 prompt=cell phrase=cell:3 queue=operator over=0.5 times=4`, "employee", 0},
		{"users of a kit that another operator bought", operator + `
			second 24 perday=25 from=2 address=proxy:8 client=second prompt=kit phrase=kit:3 handover=0.04 wants=reasoning
			user 8 perday=40 from=8 prompt=kit phrase=kit:3 wants=reasoning queue=operator over=0.5 times=4`, "user", 0},
		{"users of the operator's program, which leaked", operator + `
			user 300 perday=8 from=8 prompt=op phrase=op:3 wants=reasoning`, "user", 0},
		{"users of a cell's wording, which leaked", operator + cell + `
			user 300 perday=8 from=9 prompt=cell phrase=cell:3 wants=reasoning`, "user", 0},
		{"readers of a recipe that went round, two of whom asked what failed at his", operator + `
			reader 300 perday=40 from=8 prompt=cell phrase=cell:3 queue=operator over=0.5 times=2`, "reader", 0},
		{"a harness with wording of its own that asks items of the operator's public list", `
			people 300 phrase=own
			operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning items=1000 list=seeds
			harness 8 perday=480 from=6 prompt=harness phrase=harness:3 items=1000 list=seeds`, "harness", 0},
		{"bulk runs that have the wording in common among a hundred other things", operator + `
			bulk 6 perday=480 from=8 phrase=own
			bulk 6 perday=4 from=8 prompt=cell phrase=cell:3 queue=operator over=0.5 times=6`, "bulk", 0},
		{"old customers who take up a wording, two of whom asked what failed at his", operator + `
			old 12 perday=4 phrase=own
			old 12 perday=40 from=8 prompt=cell phrase=cell:3 wants=reasoning queue=operator over=0.5 times=4`, "old", 0},
		{"hobbyists with a prompt that two heads use for cover, one request in ten", operator + `
			late 2 perday=36 from=6 phrase=op:3 wants=reasoning queue=operator over=0.5 each=2
			late 2 perday=4 from=6 prompt=act phrase=act:3
			hobby 6 perday=20 from=6 prompt=act phrase=act:3`, "hobby", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			groups := parse(t, c.story)
			k := castOf(groups)
			k.queue(groups)
			all := k.entries()
			if !all["operator"]["operator-000"].in {
				t.Error("the operator was not found: there is nobody whose cell it could be")
			}
			judge(t, all[c.who], c.most)
		})
	}
}

// TestCellsAnyOrder: who is of a cell, and from when on, does not depend on the order in
// which the requests of one moment arrive.
func TestCellsAnyOrder(t *testing.T) {
	groups := parse(t, operator+cell+` minutes=30
		firm 8 perday=48 from=8 minutes=30 prompt=firm phrase=firm:3
		busy 40 perday=24 from=6 minutes=30 phrase=own`)
	anyOrder(t, func() *cast {
		c := castOf(groups)
		c.queue(groups)
		return c
	}, "cell", "firm")
}

// TestEnqueue: who hands one item over with an operator that was found, and has a little
// else in common with it, is taken at once; who has only one of the two is not.
func TestEnqueue(t *testing.T) {
	const listed = `
		people 300 phrase=own items=5000 list=common
		operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning items=2000 list=seeds`
	for _, c := range []casting{
		{"heads with the operator's wording, a client and homes of their own", operator + `
			late 6 perday=40 from=6 phrase=op:3 wants=reasoning queue=operator over=0.5 each=1`, "late", 12},
		{"one such head", operator + `
			late 1 perday=40 from=6 phrase=op:3 wants=reasoning queue=operator over=0.5 each=1`, "late", 12},
		{"heads at the operator's exits, with wording of their own", operator + `
			late 6 perday=40 from=6 address=exit:8 phrase=own wants=reasoning queue=operator over=0.5 each=1`, "late", 12},
		{"heads with the operator's client, with wording of their own", operator + `
			late 6 perday=40 from=6 client=op phrase=own wants=reasoning queue=operator over=0.5 each=1`, "late", 12},
		{"heads that ask items of the operator's list", listed + `
			late 6 perday=40 from=6 phrase=own wants=reasoning items=2000 list=seeds queue=operator over=0.5 each=3`, "late", 48},
		{"the wording without a hand-over", operator + `
			reader 6 perday=40 from=6 phrase=op:3 wants=reasoning`, "reader", 0},
		{"a hand-over and nothing else", operator + `
			new 12 perday=40 from=6 phrase=own queue=operator over=0.5 each=1`, "new", 0},
		{"several hand-overs and nothing else", operator + `
			new 12 perday=40 from=6 phrase=own queue=operator over=0.5 each=5`, "new", 0},
		{"many hand-overs of one newcomer and nothing else", operator + `
			new 1 perday=40 from=6 phrase=own queue=operator over=0.3`, "new", 0},
		{"a hand-over of old customers and nothing else", operator + `
			old 12 perday=20 phrase=own queue=operator over=0.5 each=1`, "old", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if all := c.play(t); !all["operator"]["operator-000"].in {
				t.Error("the operator was not found: there is nobody to hand over with")
			}
		})
	}
}

// TestEnqueueCustomers: whose wording was copied, who uses what many use, who has two keys
// or an exit in common with an operator is not taken for one hand-over with it.
func TestEnqueueCustomers(t *testing.T) {
	const copied = `
		people 300 phrase=own
		company 12 perday=10 client=company prompt=op phrase=op:3
		operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning`
	for _, c := range []casting{
		{"employees of a company whose wording was copied", copied + `
			employee 12 perday=20 client=company prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "employee", 0},
		{"new employees of such a company", copied + `
			employee 8 perday=40 from=6 client=company prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "employee", 0},
		{"a new employee of a company of one, among many", operator + `
			people 600 perday=1 phrase=own
			company 1 perday=10 client=company prompt=op phrase=op:3
			employee 1 perday=40 from=6 client=company prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "employee", 0},
		{"users of a recipe that hundreds use", operator + `
			reader 300 perday=4 from=1 prompt=op phrase=op:3
			user 8 perday=40 from=6 prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "user", 0},
		{"users of a recipe that hundreds take up after the operator", operator + `
			reader 300 perday=4 from=3 prompt=op phrase=op:3
			user 8 perday=40 from=6 prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "user", 0},
		{"users of a kit, its client and its recipe", operator + `
			reader 150 perday=5 from=1 client=op prompt=op phrase=op:3
			user 8 perday=40 from=6 client=op prompt=op phrase=op:3 queue=operator over=0.5 each=1`, "user", 0},
		{"a developer's two keys behind a router of his, one of which takes over from a head", operator + `
			dev 2 perday=40 from=6 phrase=dev:2 client=dev address=dev handover=0.05 couples=yes queue=operator over=0.5 times=1`, "dev", 0},
		{"the same behind exits of many customers and the operator", operator + `
			vpn 60 perday=4 from=1 address=exit:8 phrase=own
			dev 2 perday=40 from=6 phrase=dev:2 client=dev address=exit:8 handover=0.05 couples=yes queue=operator over=0.5 times=1`, "dev", 0},
		{"a developer's second key", operator + `
			dev 2 perday=20 from=3 address=dev client=dev phrase=dev:2`, "dev", 0},
		{"customers behind the operator's exits", operator + `
			vpn 40 perday=10 from=3 address=exit:8 phrase=own`, "vpn", 0},
		{"customers behind exits of many customers and the operator, each with a hand-over", operator + `
			vpn 60 perday=4 from=1 address=exit:8 phrase=own
			user 6 perday=40 from=6 address=exit:8 phrase=own queue=operator over=0.5 each=1`, "user", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if all := c.play(t); !all["operator"]["operator-000"].in {
				t.Error("the operator was not found: there is nobody to hand over with")
			}
		})
	}
}

// casting is a story about one group of it.
type casting struct {
	name  string
	story string
	who   string
	most  int // requests until each of them is taken; 0 for never
}

// play plays the story and judges its group.
func (c casting) play(t *testing.T) map[string]map[string]entry {
	t.Helper()
	groups := parse(t, c.story)
	k := castOf(groups)
	k.queue(groups)
	all := k.entries()
	judge(t, all[c.who], c.most)
	return all
}

// TestQueued: a small operator is found by its queue and little else; who has a queue for
// other work, or hangs together by chance, is not.
func TestQueued(t *testing.T) {
	for _, c := range []casting{
		{"six heads that ask what everybody asks", `
			people 300 phrase=own items=4000 list=common
			operator 6 perday=20 from=3 phrase=own items=4000 list=common handover=0.1 wants=reasoning`, "operator", 32},
		{"five heads with wording of their own", `
			people 300 phrase=own
			operator 5 perday=10 from=3 phrase=own handover=0.2 wants=reasoning`, "operator", 32},
		{"eight heads with a client that others have", `
			people 300 phrase=own
			user 60 perday=4 client=tool phrase=own
			operator 8 perday=10 from=3 phrase=own client=tool handover=0.2 wants=reasoning`, "operator", 32},
		{"a firm's tool that fails over between its people's keys", `
			people 300 phrase=own
			firm 6 perday=5 from=3 client=firm address=2 handover=0.2
			firm 2 perday=60 from=3 client=firm address=2 handover=0.2`, "firm", 0},
		{"a firm's tests, over and over, behind its router", `
			people 300 phrase=own
			firm 8 perday=10 from=3 client=firm address=2 handover=0.2 items=60 list=tests`, "firm", 0},
		{"two couples and a stranger whom chance links", `
			people 300 phrase=own
			firm 2 perday=20 from=3 phrase=2 address=1 handover=0.2 couples=yes wants=reasoning
			couple 2 perday=20 from=3 phrase=2 address=1 handover=0.2 couples=yes wants=reasoning queue=firm over=0.5 times=1
			stranger 1 perday=20 from=3 phrase=own queue=couple over=0.5 times=1`, "couple", 0},
		{"the same, all with one tool", `
			people 300 phrase=own
			firm 2 perday=20 from=3 phrase=tool:2 client=tool handover=0.2 couples=yes wants=reasoning
			couple 2 perday=20 from=3 phrase=tool:2 client=tool handover=0.2 couples=yes wants=reasoning queue=firm over=0.5 times=1
			stranger 1 perday=20 from=3 phrase=tool:2 client=tool wants=reasoning queue=couple over=0.5 times=1`, "couple", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if all := c.play(t); c.most == 0 {
				judge(t, all["firm"], 0)
				judge(t, all["stranger"], 0)
			}
		})
	}
}
