package hunt_test

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

// TestStories plays each case study of testdata/stories.txt: groups of people
// and operators, a line each, and below ---- what the hunt makes of them.
//
// A group is a name, a number of accounts and settings: how many requests a day,
// from which day, and what its accounts share. A setting such as address=1 gives
// the group so many addresses, of which each request takes one; address=own
// gives each account its own; what is not named is everybody's. Two groups of one
// name are the same accounts, which change their ways; couples=yes hands over
// within pairs only; minutes=10 puts what comes in ten minutes at one moment.
func TestStories(t *testing.T) {
	path := filepath.Join("testdata", "stories.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, c := range strings.SplitAfter(string(text), "\n====\n") {
		c = strings.TrimSuffix(c, "\n====\n")
		story, want, _ := strings.Cut(strings.TrimSpace(c), "\n----\n")
		if story == "" {
			continue
		}
		title, _, _ := strings.Cut(story, "\n")
		got := play(t, story)
		if !*update && got != strings.TrimSpace(want) {
			t.Errorf("%s:\n%s\nwant\n%s", title, got, want)
		}
		if out.Len() > 0 {
			out.WriteString("\n====\n")
		}
		out.WriteString(story + "\n----\n" + got + "\n")
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// group is one line of a story.
type group struct {
	name     string
	accounts int
	set      map[string]string
}

func (g group) num(key string, def float64) float64 {
	if s, ok := g.set[key]; ok {
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			return x
		}
	}
	return def
}

func parse(t *testing.T, story string) []group {
	var out []group
	sc := bufio.NewScanner(strings.NewReader(story))
	for sc.Scan() {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Fields(line)
		n, err := strconv.Atoi(f[1])
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		g := group{f[0], n, map[string]string{}}
		for _, s := range f[2:] {
			k, v, _ := strings.Cut(s, "=")
			g.set[k] = v
		}
		out = append(out, g)
	}
	return out
}

type request struct {
	at time.Time
	t  exchange.Trace
}

const storyDays = 10

// play makes the traces of a story, hunts in them and tells what was found.
func play(t *testing.T, story string) string {
	groups := parse(t, story)
	c := castOf(groups)
	h, v := c.hunt()
	return tell(h, &v, groups, c.of)
}

// cast is a story's accounts and what they do, in the order of time.
type cast struct {
	requests []request
	ups      []ledger.SignUp
	of       map[string]string // account -> group
}

func castOf(groups []group) *cast {
	rng := rand.New(rand.NewPCG(7, 7))
	c := &cast{of: map[string]string{}}
	for i, g := range groups {
		for a := range g.accounts {
			name := fmt.Sprintf("%s-%03d", g.name, a)
			c.of[name] = g.name
			up := ledger.SignUp{Account: name}
			if o, ok := g.set["owner"]; ok {
				up.Owner = o
			}
			if n := g.num("card", 0); n > 0 {
				up.Payment = exchange.NewObservable(exchange.Payment, uint64(i)<<32|uint64(a)%uint64(n)+1)
			}
			c.ups = append(c.ups, up)
		}
		c.requests = append(c.requests, g.work(i, rng)...)
	}
	slices.SortStableFunc(c.requests, func(a, b request) int { return a.at.Compare(b.at) })
	return c
}

// hunt plays the requests: a step each hour, and a look at newcomers twelve times
// in between.
func (c *cast) hunt() (*hunt.Hunter, hunt.View) {
	const glance = time.Hour / 12
	l := ledger.New(ledger.Options{})
	l.Register(c.ups)
	h := hunt.New(hunt.Options{})
	next := c.requests[0].at.Truncate(glance).Add(glance)
	for i := range c.requests {
		for ; !c.requests[i].at.Before(next); next = next.Add(glance) {
			v := l.View(next)
			if !next.Equal(next.Truncate(time.Hour)) {
				h.Recognise(&v)
				continue
			}
			h.Step(&v)
			l.Clear()
		}
		l.Take(&c.requests[i].t)
	}
	v := l.View(next.Truncate(time.Hour).Add(time.Hour))
	h.Step(&v)
	return h, v
}

// work makes the requests of a group.
func (g group) work(index int, rng *rand.Rand) []request {
	day0 := time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)
	key := func(k exchange.Kind, own string, scope, n uint64) exchange.Observable {
		h := uint64(14695981039346656037)
		for _, c := range []byte(own) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		return exchange.NewObservable(k, (h^scope*0x9e3779b97f4a7c15^n*0xbf58476d1ce4e5b9)*0x94d049bb133111eb)
	}
	var out []request
	item := uint64(0)
	total := int(float64(g.accounts) * g.num("perday", 4) * (storyDays - g.num("from", 0)))
	for n := range total {
		at := day0.Add(time.Duration((g.num("from", 0) + rng.Float64()*(storyDays-g.num("from", 0))) * 24 * float64(time.Hour)))
		if m := g.num("minutes", 0); m > 0 {
			at = at.Truncate(time.Duration(m) * time.Minute)
		}
		a := n % g.accounts
		x := exchange.Trace{Time: at, Account: fmt.Sprintf("%s-%03d", g.name, a), Capability: exchange.Other}
		for _, s := range [...]struct {
			name string
			kind exchange.Kind
		}{{"address", exchange.Address}, {"client", exchange.Agent}, {"prompt", exchange.System}, {"phrase", exchange.Phrase}} {
			switch v := g.set[s.name]; v {
			case "own":
				x.Leave(key(s.kind, "own", uint64(index), uint64(a)))
			case "":
				if s.kind == exchange.Agent {
					x.Leave(key(s.kind, "anybody", 0, uint64(rng.IntN(4))))
				}
				if s.kind == exchange.Address {
					x.Leave(key(s.kind, "home", uint64(index), uint64(a)))
				}
			default:
				m, err := strconv.Atoi(v)
				if err != nil { // a name, or name:count, is shared by the groups that use it
					name, count, _ := strings.Cut(v, ":")
					m, _ := strconv.Atoi(cmp.Or(count, "1"))
					x.Leave(key(s.kind, name, 0, uint64(rng.IntN(m))))
				} else {
					x.Leave(key(s.kind, "group", uint64(index), uint64(rng.IntN(m))))
				}
			}
		}
		if g.set["wants"] == "reasoning" {
			x.Capability = exchange.Reasoning
		}
		item++
		it := key(exchange.Item, "item", uint64(index), item)
		if m := uint64(g.num("items", 0)); m > 0 {
			it = key(exchange.Item, g.set["list"], 0, uint64(rng.Uint64N(m)))
		}
		x.Leave(it)
		if rng.Float64() < g.num("handover", 0) {
			x.Failed = true
			y := x
			y.Failed = false
			y.Time = at.Add(4 * time.Second)
			other := (a + 1 + rng.IntN(max(1, g.accounts-1))) % g.accounts
			if g.set["couples"] == "yes" {
				other = a ^ 1
			}
			y.Account = fmt.Sprintf("%s-%03d", g.name, other)
			out = append(out, request{y.Time, y})
		}
		out = append(out, request{at, x})
	}
	return out
}

// tell says what was found, group by group.
func tell(h *hunt.Hunter, v *hunt.View, groups []group, of map[string]string) string {
	var lines []string
	flagged := map[string]int{}
	for _, f := range h.Findings() {
		if len(f.Members) == 0 {
			continue
		}
		count := map[string]int{}
		for _, m := range f.Members {
			count[of[v.Accounts[m.Account].Name]]++
			flagged[of[v.Accounts[m.Account].Name]]++
		}
		var parts []string
		for n, k := range count {
			parts = append(parts, fmt.Sprintf("%d of %s", k, n))
		}
		slices.Sort(parts)
		day := (int(f.Detected)-int(time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC).Unix()))/86400 + 1
		lines = append(lines, fmt.Sprintf("found on day %d: %s", day, strings.Join(parts, ", ")))
	}
	var clean []string
	for _, g := range groups {
		if flagged[g.name] == 0 {
			clean = append(clean, g.name)
		}
	}
	slices.SortFunc(lines, cmp.Compare)
	if len(lines) == 0 {
		lines = []string{"nothing found"}
	}
	return strings.Join(append(lines, "clean: "+strings.Join(clean, " ")), "\n")
}
