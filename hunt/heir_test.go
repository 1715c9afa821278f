package hunt_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// operator is found on the third day; who comes later is the story.
const operator = `
people 300 phrase=own
operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning
`

// entry is an account's way into a finding.
type entry struct {
	in    bool
	asked int // requests until it was taken; all of them when it never was
}

// entries plays a story and says how each account fared, by group.
func (c *cast) entries() map[string]map[string]entry {
	h, v := c.hunt()
	added := map[string]time.Time{}
	for _, f := range h.Findings() {
		for _, m := range f.Members {
			added[v.Accounts[m.Account].Name] = time.Unix(int64(m.Added), 0)
		}
	}
	out := map[string]map[string]entry{}
	for i := range c.requests {
		r := &c.requests[i]
		name := r.t.Account
		group := out[c.of[name]]
		if group == nil {
			group = map[string]entry{}
			out[c.of[name]] = group
		}
		e := group[name]
		at, in := added[name]
		if e.in = in; !in || r.at.Before(at) {
			e.asked++
		}
		group[name] = e
	}
	return out
}

// TestHeirs: who runs the program of a campaign that was found is taken within
// its first requests, and who only looks like it stays out.
func TestHeirs(t *testing.T) {
	for _, c := range []struct {
		name  string
		story string
		who   string
		most  int // requests until each of them is taken; 0 for never
	}{
		{"a new head, from an exit of its own", operator + `
			heir 4 perday=480 from=8 client=op prompt=op phrase=op:3 wants=reasoning`, "heir", 6},
		{"a new head with the usual client, from a known exit", operator + `
			heir 4 perday=480 from=8 address=exit:8 prompt=op phrase=op:3 wants=reasoning`, "heir", 6},
		{"a crowd of new heads that start within the hour, each from an exit of its own", operator + `
			heir 16 perday=48 from=8 client=op prompt=op phrase=op:3 wants=reasoning`, "heir", 6},
		{"a crowd with the program, and three old customers who took it up as early", operator + `
			old 3 perday=10 phrase=own
			old 3 perday=10 from=3 client=op prompt=op phrase=op:3
			crowd 16 perday=48 from=8 client=op prompt=op phrase=op:3 wants=reasoning`, "crowd", 0},
		{"evaluation harnesses with his client, which ask what he asks among a thousand other things", operator + `
			harness 2 perday=480 from=6 client=op phrase=own
			harness 2 perday=6 from=6.5 client=op prompt=op phrase=op:3`, "harness", 0},
		{"a company that was there before the log began, and its new employees", `
			people 300 phrase=own
			company 6 perday=10 client=op prompt=op phrase=op:3
			operator 24 perday=20 from=0.5 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning
			employee 12 perday=48 from=6 client=op prompt=op phrase=op:3`, "employee", 0},
		{"a new employee of a company whose prompt, wording and client were copied", `
			people 300 phrase=own
			company 20 perday=10 address=office:2 client=op prompt=op phrase=op:3
			operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning
			employee 4 perday=48 from=6 address=office:2 client=op prompt=op phrase=op:3`, "employee", 0},
		{"the same at home, of a company of three", `
			people 300 phrase=own
			company 3 perday=10 client=op prompt=op phrase=op:3
			operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning
			employee 4 perday=48 from=6 client=op prompt=op phrase=op:3`, "employee", 0},
		{"a new employee where only the client and the prompts were copied, not what is asked", `
			people 300 phrase=own
			company 20 perday=10 address=office:2 client=op prompt=op:2 phrase=company:5
			operator 24 perday=20 from=2 address=exit:8 client=op prompt=op:2 phrase=op:3 handover=0.03 wants=reasoning
			employee 4 perday=48 from=6 address=office:2 client=op prompt=op:2 phrase=company:5`, "employee", 0},
		{"a user of a kit that two operators bought", `
			people 300 phrase=own
			first 24 perday=25 from=1 address=exit:8 client=kit prompt=kit phrase=kit:3 handover=0.04 wants=reasoning
			second 24 perday=25 from=1 address=proxy:8 client=kit prompt=kit phrase=kit:3 handover=0.04 wants=reasoning
			user 4 perday=48 from=6 client=kit prompt=kit phrase=kit:3 wants=reasoning`, "user", 0},
		{"the client and a recipe that a few others read when the operator did", operator + `
			reader 4 perday=20 from=2 prompt=op phrase=op:3
			user 4 perday=48 from=6 client=op prompt=op phrase=op:3 wants=reasoning`, "user", 0},
		{"the same, of a recipe that went round since", operator + `
			reader 12 perday=400 from=7 prompt=op phrase=op:3
			user 4 perday=96 from=7.1 client=op prompt=op phrase=op:3 wants=reasoning`, "user", 0},
		{"the wording, and a client that others have", operator + `
			tool 8 perday=10 client=op phrase=own
			reader 4 perday=48 from=6 client=op prompt=op phrase=op:3 wants=reasoning`, "reader", 0},
		{"one phrase, the client, and items of the same list", `
			people 300 phrase=own
			operator 24 perday=20 from=2 address=exit:8 client=op prompt=op phrase=op:3 handover=0.03 wants=reasoning items=200 list=seeds
			viral 4 perday=48 from=6 client=op phrase=op:1 items=200 list=seeds`, "viral", 0},
		{"one viral phrase, over and over, from a known exit", operator + `
			viral 4 perday=48 from=6 address=exit:8 phrase=op:1`, "viral", 0},
		{"the client alone", operator + `
			client 4 perday=48 from=6 client=op phrase=own`, "client", 0},
		{"the wording alone", operator + `
			reader 4 perday=48 from=6 prompt=op phrase=op:3 wants=reasoning`, "reader", 0},
		{"a known exit and the client, with wording of its own", operator + `
			neighbour 4 perday=48 from=6 address=exit:8 client=op phrase=own`, "neighbour", 0},
		{"an old customer who takes up the program", operator + `
			old 2 perday=10 phrase=own
			old 2 perday=48 from=6 client=op prompt=op phrase=op:3`, "old", 0},
		{"an old customer with the program, who had it first, and who comes after him", operator + `
			first 1 perday=30 client=op prompt=op phrase=op:3
			after 4 perday=48 from=6 client=op prompt=op phrase=op:3`, "after", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			groups := parse(t, c.story)
			all := castOf(groups).entries()
			for _, g := range groups {
				if g.set["handover"] != "" && !all[g.name][g.name+"-000"].in {
					t.Errorf("%s was not found: there is nobody to be heir of", g.name)
				}
			}
			judge(t, all[c.who], c.most)
		})
	}
}

// judge expects each of a group to be taken within so many requests; never, with 0.
func judge(t *testing.T, group map[string]entry, most int) {
	t.Helper()
	for name, e := range group {
		switch {
		case most == 0 && e.in:
			t.Errorf("%s was taken after %d requests", name, e.asked)
		case most > 0 && (!e.in || e.asked > most):
			t.Errorf("%s: taken %v after %d requests, want at most %d", name, e.in, e.asked, most)
		}
	}
}

// TestHeirsBegetNone: a program that gets into other hands, by a leak or because the
// operator gives it away, makes heirs of a few of its first users at most, however
// many take it up and however slowly: heirs are no evidence for further ones.
func TestHeirsBegetNone(t *testing.T) {
	for _, perday := range []string{"48", "2"} {
		groups := parse(t, operator+`
			crowd 300 perday=`+perday+` from=8 client=op prompt=op phrase=op:3 wants=reasoning`)
		all := castOf(groups).entries()
		heads, taken := len(all["operator"]), 0
		for _, e := range all["crowd"] {
			if e.in {
				taken++
			}
		}
		t.Logf("%s requests a day: %d of %d taken, %d heads", perday, taken, len(all["crowd"]), heads)
		if 5*taken > 11*heads { // the last ones come together
			t.Errorf("%s requests a day: %d users were taken for heads of an operator with %d", perday, taken, heads)
		}
	}
}

// TestHeirsAnyOrder: who is an heir, and from when on, does not depend on the
// order in which the requests of one moment arrive.
func TestHeirsAnyOrder(t *testing.T) {
	groups := parse(t, operator+`
		heir 4 perday=96 from=6 minutes=30 client=op prompt=op phrase=op:3 wants=reasoning
		viral 8 perday=48 from=6 minutes=30 address=exit:8 phrase=op:1
		busy 40 perday=24 from=6 minutes=30 phrase=own`)
	anyOrder(t, func() *cast { return castOf(groups) }, "heir", "viral")
}

// anyOrder plays a story in several orders of the requests of each moment. The first
// of one group is taken, of another not, and whoever is taken of them and of the
// operator is after the same requests.
func anyOrder(t *testing.T, play func() *cast, in, out string) {
	t.Helper()
	want := ""
	for seed := range uint64(4) {
		c := play()
		if seed > 0 {
			c.shuffle(rand.New(rand.NewPCG(seed, 0)))
		}
		all := c.entries()
		got := fmt.Sprint(all["operator"], all[in], all[out])
		if seed == 0 {
			want = got
		}
		if !all[in][in+"-000"].in || all[out][out+"-000"].in {
			t.Fatalf("shuffle %d: %s %v, %s %v", seed, in, all[in], out, all[out])
		}
		if got != want {
			t.Fatalf("shuffle %d:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

// shuffle changes the order of the requests of each moment.
func (c *cast) shuffle(rng *rand.Rand) {
	for rest := c.requests; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].at.Equal(rest[0].at) {
			n++
		}
		rng.Shuffle(n, func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		rest = rest[n:]
	}
}
