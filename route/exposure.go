package route

import (
	"fmt"
	"sort"
	"strings"

	"iolaus/route/catalogue"
)

// Exposure says what stops when something is cut off.
type Exposure struct {
	Cuts          []Cut           `json:"cuts"`
	Concentration []Concentration `json:"concentration"`
}

// A Cut is one thing that may be gone tomorrow, and what that means. Shares are
// of the log's exchanges, 0 to 1.
type Cut struct {
	Kind     string   `json:"kind"` // provider, company, country, jurisdiction, region, endpoint or model maker
	Name     string   `json:"name"`
	Count    int      `json:"exchanges"`
	Share    float64  `json:"share"`
	Cost     float64  `json:"cost_usd"` // spend at risk
	Stops    []string `json:"stops"`    // workloads with no other way
	Degrades []Loss   `json:"degrades"` // workloads that lose a part
	Rescues  []Rescue `json:"fallbacks,omitempty"`
}

// A Loss is the share of a workload's exchanges that a cut takes.
type Loss struct {
	Workload string  `json:"workload"`
	Share    float64 `json:"share"`
}

// A Rescue is a configured or observed way that remains, and whether the policy
// lets it be used.
type Rescue struct {
	Workload string `json:"workload"`
	To       string `json:"to"`
	Breach   string `json:"breach,omitempty"` // why it would breach; empty when it would not
}

// A Concentration is how much of the traffic hangs on few. Index is the sum of
// the squared shares: 1 when all is one, near 0 when spread.
type Concentration struct {
	By    string  `json:"by"`
	Top   string  `json:"top"`
	Share float64 `json:"share"`
	Index float64 `json:"index"`
	Count int     `json:"count"`
}

// maker returns who trained the model that answered, "" when no file says so.
func (a *Auditor) maker(k flowKey) string {
	for _, name := range []string{k.served, k.model} {
		f := family(bare(name))
		if f == "" {
			continue
		}
		for _, m := range a.o.Catalogue.Makers {
			if m.Family == f {
				return m.Name
			}
		}
	}
	return ""
}

// hangs lists what a flow hangs on, as kind and name.
func hangs(j *judgement) [][2]string {
	p := j.p
	out := [][2]string{{"provider", firstOf(p.Provider(), "unknown")}}
	if p.Host != "" {
		out = append(out, [2]string{"endpoint", p.Host})
	}
	if p.Entity != nil {
		out = append(out, [2]string{"company", p.Entity.Name})
		if p.Parent != p.Entity {
			out = append(out, [2]string{"company", p.Parent.Name})
		}
	}
	if p.Region != "" && p.Service != nil {
		out = append(out, [2]string{"region", p.Service.Provider + " " + p.Region})
	}
	if j.t.country != "" {
		out = append(out, [2]string{"country", j.t.country})
	}
	for _, h := range j.t.homes {
		out = append(out, [2]string{"jurisdiction", h})
	}
	if m := j.a.maker(j.f.key); m != "" {
		out = append(out, [2]string{"model maker", m})
	}
	return out
}

// exposure cuts off each thing in turn.
func (a *Auditor) exposure(b *builder) Exposure {
	e := &exposer{a: a, cuts: map[[2]string]*Cut{}, lost: map[[2]string]map[*workload]int{}, flows: map[*workload][]*judgement{}}
	ws := a.inOrder()
	for _, w := range ws {
		for _, f := range w.byCount() {
			e.take(w, a.judge(w, f))
		}
	}
	for key, cut := range e.cuts {
		cut.Share = share(cut.Count, a.total.count)
		for _, w := range ws {
			if n := e.lost[key][w]; n > 0 {
				e.without(cut, key, w, n)
			}
		}
	}
	out := Exposure{Cuts: []Cut{}, Concentration: e.concentration(a.total.count)}
	for _, c := range e.cuts {
		out.Cuts = append(out.Cuts, *c)
	}
	sort.Slice(out.Cuts, func(i, j int) bool {
		x, y := out.Cuts[i], out.Cuts[j]
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Kind+x.Name < y.Kind+y.Name
	})
	return out
}

// rescuesMost bounds the ways that one cut lists: a log of a whole public service
// has thousands of senders.
const rescuesMost = 1000

type exposer struct {
	a     *Auditor
	cuts  map[[2]string]*Cut
	lost  map[[2]string]map[*workload]int
	flows map[*workload][]*judgement
}

func (e *exposer) take(w *workload, j *judgement) {
	e.flows[w] = append(e.flows[w], j)
	for _, key := range hangs(j) {
		c := e.cuts[key]
		if c == nil {
			c = &Cut{Kind: key[0], Name: key[1], Stops: []string{}, Degrades: []Loss{}}
			e.cuts[key] = c
			e.lost[key] = map[*workload]int{}
		}
		c.Count += j.f.count
		c.Cost += j.f.cost
		e.lost[key][w] += j.f.count
	}
}

// without says what a workload has left. Ways that were only reached after a
// failure count as fall-backs, not as ways of its own.
func (e *exposer) without(cut *Cut, key [2]string, w *workload, n int) {
	rescues := e.rescues(key, w)
	free := false
	for _, r := range rescues {
		free = free || r.Breach == ""
	}
	if len(cut.Rescues) < rescuesMost {
		cut.Rescues = append(cut.Rescues, rescues...)
	}
	if n == w.count && !free {
		cut.Stops = append(cut.Stops, w.name)
		return
	}
	cut.Degrades = append(cut.Degrades, Loss{w.name, share(n, w.count)})
}

// rescues lists the ways of a workload that do not hang on key.
func (e *exposer) rescues(key [2]string, w *workload) []Rescue {
	var out []Rescue
	seen := map[string]bool{}
	add := func(j *judgement, via string) {
		if on(j, key) {
			return
		}
		to := firstOf(j.p.Host, j.f.key.provider, "unknown")
		if j.p.Service != nil {
			to = j.p.Service.Name + " " + firstOf(j.p.Region, j.p.Host)
		}
		if seen[to] {
			return
		}
		seen[to] = true
		out = append(out, Rescue{w.name, strings.TrimSpace(to) + " (" + via + ")", breachText(j)})
	}
	for _, j := range e.flows[w] {
		via := "in use"
		if j.onlyMoved() {
			via = "fall-back, seen"
		}
		add(j, via)
	}
	for _, group := range w.groups() {
		for _, t := range e.a.o.Gateway.Targets(group) {
			if t.Hidden() != "" {
				continue
			}
			p := e.a.place(catalogue.Trace{Endpoint: catalogue.Reduce(t.Endpoint), Provider: t.Provider, Region: t.Region, Model: t.Model})
			f := &flow{key: flowKey{endpoint: t.Endpoint, provider: t.Provider, region: t.Region, model: t.Model}, place: p}
			add(e.a.judge(w, f), "configured, "+where(t.At))
		}
	}
	return out
}

func on(j *judgement, key [2]string) bool {
	for _, k := range hangs(j) {
		if k == key {
			return true
		}
	}
	return false
}

func breachText(j *judgement) string {
	var out []string
	for _, b := range j.out {
		if breachOfPlace(b.rule) || b.rule == "fail-over-abroad" {
			out = append(out, b.rule)
		}
	}
	return strings.Join(out, ", ")
}

// concentration says how much hangs on the largest provider, company and law.
func (e *exposer) concentration(total int) []Concentration {
	out := []Concentration{}
	for _, kind := range []string{"provider", "model maker", "endpoint", "region", "country", "jurisdiction"} {
		c := Concentration{By: kind}
		for _, key := range sortedCuts(e.cuts) {
			cut := e.cuts[key]
			if key[0] != kind {
				continue
			}
			s := share(cut.Count, total)
			c.Index += s * s
			c.Count++
			if s > c.Share {
				c.Share, c.Top = s, cut.Name
			}
		}
		if c.Count > 0 {
			out = append(out, c)
		}
	}
	return out
}

func sortedCuts(m map[[2]string]*Cut) [][2]string {
	out := make([][2]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return fmt.Sprint(out[i]) < fmt.Sprint(out[j]) })
	return out
}

// Without finds the cuts that a name means: a provider, company, region,
// country (code or English name), jurisdiction or endpoint, case aside. An empty
// answer means that nothing in the log hangs on it.
func (e *Exposure) Without(name string) []Cut {
	var out []Cut
	for _, c := range e.Cuts {
		if strings.EqualFold(c.Name, name) || strings.EqualFold(catalogue.CountryName(c.Name), name) ||
			(c.Kind == "region" && strings.HasSuffix(strings.ToLower(c.Name), " "+strings.ToLower(name))) ||
			(c.Kind == "company" && strings.HasPrefix(strings.ToLower(c.Name), strings.ToLower(name))) {
			out = append(out, c)
		}
	}
	return out
}
