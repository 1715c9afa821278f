// Package route answers where an organisation's AI traffic really goes: for each
// workload the provider, region, company and law that its data reached, declared
// against observed, and what the policy says to it.
//
// It promises that every finding carries the line or fact it rests on; that an
// unknown stays unknown and is said; that memory is bounded by workloads times
// endpoints, not by the length of the log; and that the same exchanges in the
// same order give the same report. It reads no clock and no file, and gives no
// legal advice.
package route

import (
	"strings"
	"time"

	"iolaus/route/catalogue"
	"iolaus/route/gateway"
	"iolaus/route/policy"
)

// Options say what to audit against. Catalogue, Policy and AsOf are required.
type Options struct {
	Catalogue *catalogue.Catalogue
	Policy    *policy.Policy
	AsOf      time.Time         // the day of the audit: evidence expires by it
	Gateway   *gateway.Config   // what could happen; may be nil
	Documents map[string]string // evidence id: SHA-256 of its file, "" when missing; nil when nobody looked
	Failover  time.Duration     // how long after a failure another attempt belongs to it; 0 is 2 min
	Fresh     time.Duration     // how old a source may be; 0 is 400 days
}

// An Auditor gathers digests and reports. It is for one goroutine.
type Auditor struct {
	o         Options
	workloads map[identity]*workload
	named     map[string]*workload
	declared  []declared
	places    map[catalogue.Trace]*catalogue.Place
	failures  failures
	total     tally
	noted     map[string]*absence // facts that lines do not carry
	law       *policy.Basis
}

// identity is what a line says of its sender.
type identity struct{ team, key, account, org string }

// A workload is a sender with all the ways its requests went.
type workload struct {
	name     string
	kind     string // team, key, account or org, when nobody declared it
	declared *policy.Workload
	index    int // in the policy
	class    *policy.Class
	flows    map[flowKey]*flow
	order    []*flow
	tally
}

type declared struct {
	w     *policy.Workload
	index int
}

// flowKey tells flows apart.
type flowKey struct{ endpoint, provider, region, servedRegion, model, served string }

// A flow is one way that requests of a workload went.
type flow struct {
	key   flowKey
	place *catalogue.Place
	tally
	seen      Line   // the first line
	moved     int    // exchanges that came here after a failure elsewhere
	movedFrom failed // the attempt that failed first; its flow is nil when not visible
	movedSeen Line
}

// A tally counts exchanges.
type tally struct {
	count, failed, texts int
	input, output        int64
	cost                 float64
	first, last          time.Time
	hours                [24]int // by hour of the day, UTC
}

func (t *tally) add(d *Digest) {
	t.count++
	if d.Failed {
		t.failed++
	}
	if d.Texts {
		t.texts++
	}
	t.input += int64(d.Input)
	t.output += int64(d.Output)
	t.cost += d.Cost
	if t.first.IsZero() || d.Time.Before(t.first) {
		t.first = d.Time
	}
	if d.Time.After(t.last) {
		t.last = d.Time
	}
	t.hours[d.Time.UTC().Hour()]++
}

// New returns an auditor that has seen nothing.
func New(o Options) *Auditor {
	if o.Failover == 0 {
		o.Failover = 2 * time.Minute
	}
	if o.Fresh == 0 {
		o.Fresh = 400 * 24 * time.Hour
	}
	a := &Auditor{
		o: o, workloads: map[identity]*workload{}, named: map[string]*workload{},
		places: map[catalogue.Trace]*catalogue.Place{}, noted: map[string]*absence{},
	}
	for i := range o.Policy.Workloads {
		a.declared = append(a.declared, declared{&o.Policy.Workloads[i], i})
	}
	return a
}

// Add takes one exchange. Digests come in the order of their time.
func (a *Auditor) Add(d *Digest) {
	w := a.workloadOf(d)
	f := w.flowOf(a, d)
	a.total.add(d)
	w.add(d)
	f.add(d)
	a.note(d, w)
	from, moved := a.failures.see(d, w, f, a.o.Failover)
	if moved {
		if f.moved == 0 {
			f.movedFrom, f.movedSeen = from, lineOf(d, f.place)
		}
		f.moved++
	}
}

func (a *Auditor) workloadOf(d *Digest) *workload {
	id := identity{d.Team, d.Key, d.Account, d.Org}
	if w := a.workloads[id]; w != nil {
		return w
	}
	name, kind, decl := a.nameOf(d)
	w := a.named[kind+" "+name]
	if w == nil {
		w = &workload{name: name, kind: kind, index: decl.index, flows: map[flowKey]*flow{}}
		class := a.o.Policy.Default
		if decl.w != nil {
			w.declared, class = decl.w, decl.w.Class
		}
		w.class = a.o.Policy.Class(class)
		a.named[kind+" "+name] = w
	}
	a.workloads[id] = w
	return w
}

// nameOf names the sender: the declared workload that fits best, the one with
// the most fields, or what the policy's identify says.
func (a *Auditor) nameOf(d *Digest) (name, kind string, best declared) {
	most := 0
	for _, decl := range a.declared {
		n := fits(&decl.w.Match, d)
		for i := range decl.w.Also {
			n = max(n, fits(&decl.w.Also[i], d))
		}
		if n > most {
			best, most = decl, n
		}
	}
	if best.w != nil {
		return best.w.Name, "", best
	}
	order := a.o.Policy.Identify
	if len(order) == 0 {
		order = []string{"team", "key", "account", "org"}
	}
	for _, by := range order {
		if n := readable(by, d); n != "" {
			return n, by, declared{}
		}
	}
	return "(nobody named)", "", declared{}
}

func readable(by string, d *Digest) string {
	switch by {
	case "team":
		return firstOf(d.TeamName, d.Team)
	case "key":
		return firstOf(d.Key, d.KeyName)
	case "account":
		return d.Account
	case "org":
		return d.Org
	}
	return ""
}

// fits counts the fields of m that d fulfils; 0 when one does not.
func fits(m *policy.Match, d *Digest) int {
	n := 0
	for _, f := range []struct{ want, id, name string }{
		{m.Team, d.Team, d.TeamName}, {m.Key, d.Key, d.KeyName}, {m.Account, d.Account, ""}, {m.Org, d.Org, ""},
	} {
		if f.want == "" {
			continue
		}
		if !(f.id != "" && policy.Like(f.want, f.id)) && !(f.name != "" && policy.Like(f.want, f.name)) {
			return 0
		}
		n++
	}
	return n
}

// flowsMost bounds the ways of one workload; beyond it, ways differ by endpoint
// only, so that a log with a new model name in each line stays small.
const flowsMost = 2000

func (w *workload) flowOf(a *Auditor, d *Digest) *flow {
	k := flowKey{d.Endpoint, d.Provider, d.Region, d.ServedRegion, d.Model, d.Served}
	if f := w.flows[k]; f != nil {
		return f
	}
	if len(w.flows) >= flowsMost {
		k = flowKey{endpoint: d.Endpoint, provider: d.Provider, model: "(other)"}
		if len(w.flows) >= 2*flowsMost {
			k = flowKey{endpoint: "(other)"}
		}
		if f := w.flows[k]; f != nil {
			return f
		}
	}
	trace := catalogue.Trace{Endpoint: k.endpoint, Provider: k.provider, Region: k.region,
		ServedRegion: k.servedRegion, Model: firstOf(k.served, k.model)}
	if strings.Contains(k.model, "arn:") {
		trace.Model = k.model
	}
	f := &flow{key: k, place: a.place(trace)}
	f.seen = lineOf(d, f.place)
	w.flows[k] = f
	w.order = append(w.order, f)
	return f
}

func (a *Auditor) place(t catalogue.Trace) *catalogue.Place {
	p := a.places[t]
	if p == nil {
		p = a.o.Catalogue.Resolve(t)
		if len(a.places) < interned {
			a.places[t] = p
		}
	}
	return p
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
