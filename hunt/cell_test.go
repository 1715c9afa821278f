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
// first accounts do with hands=1, and so many times in all with times=1.
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
		hands, times := int(g.num("hands", float64(g.accounts))), int(g.num("times", 1e9))
		for _, i := range of[g.name] {
			x := &c.requests[i]
			since := g.num("from", 0) * 24 * float64(time.Hour)
			if times == 0 || x.at.Sub(c.requests[0].at) < time.Duration(since) || rng.Float64() >= g.num("over", 0) || x.t.Account >= fmt.Sprintf("%s-%03d", g.name, hands) {
				continue
			}
			times--
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
