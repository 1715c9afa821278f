package route

import (
	"fmt"
	"sort"

	"iolaus/route/catalogue"
	"iolaus/route/policy"
)

// undeclaredMost is how many undeclared workloads get a finding of their own;
// beyond it one finding speaks of all, so that a log of a whole public service
// does not drown the rest.
const undeclaredMost = 25

// nobody is the workload of findings about senders that nobody declared, when
// there are too many of them for one finding each.
const nobody = "(undeclared senders)"

// everyone is the workload of findings that concern the log as a whole.
const everyone = "(all)"

// Report judges what was seen. It may be called again after more digests.
func (a *Auditor) Report() *Report {
	b := &builder{a: a, findings: map[string]*Finding{}, laws: map[string]bool{}, spots: map[string]Spot{}, endpoints: map[string]bool{},
		merged: map[*Finding]map[*workload]bool{}}
	r := &Report{Notice: Notice, AsOf: a.o.AsOf, Rules: policy.Rules(), Policy: a.policyNamed()}
	b.r = r
	if at, ok := a.o.Catalogue.At(a.o.Policy.Home); ok {
		b.spots[a.o.Policy.Home] = Spot{catalogue.CountryName(a.o.Policy.Home), at.Lat, at.Lon}
	}
	b.crowd = a.undeclaredCount() > undeclaredMost
	for _, w := range a.inOrder() {
		r.Workloads = append(r.Workloads, b.workload(w))
	}
	b.undeclared()
	b.absences()
	b.possible()
	b.stores()
	b.stale()
	r.Totals = b.totals()
	r.Findings = b.sorted()
	r.Exposure = a.exposure(b)
	r.Questions = b.questions()
	r.Laws, r.Sources, r.Places = b.lawList(), b.sources(), b.spots
	return r
}

// basis is the law that the policy rests on, read once.
func (a *Auditor) basis() *policy.Basis {
	if a.law != nil {
		return a.law
	}
	b, err := policy.Law(a.o.Policy.Basis)
	if err != nil {
		panic(fmt.Sprintf("BUG: a policy was accepted without its law: %v", err))
	}
	a.law = b
	return b
}

func (a *Auditor) policyNamed() PolicyNamed {
	p := a.o.Policy
	return PolicyNamed{Name: p.Name, File: p.File(), Basis: p.Basis, Law: a.basis().Name, Home: p.Home}
}

func (a *Auditor) undeclaredCount() int {
	n := 0
	for _, w := range a.named {
		if w.declared == nil {
			n++
		}
	}
	return n
}

// inOrder lists the workloads, the busiest first.
func (a *Auditor) inOrder() []*workload {
	out := make([]*workload, 0, len(a.named))
	for _, w := range a.named {
		out = append(out, w)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].count != out[j].count {
			return out[i].count > out[j].count
		}
		return out[i].kind+" "+out[i].name < out[j].kind+" "+out[j].name
	})
	return out
}

// A builder turns judgements into a report.
type builder struct {
	a         *Auditor
	r         *Report
	findings  map[string]*Finding
	order     []*Finding
	laws      map[string]bool // countries reached
	spots     map[string]Spot
	endpoints map[string]bool
	outside   int
	mayLeave  int
	undecl    []*workload
	crowd     bool // too many undeclared senders for findings of their own
	merged    map[*Finding]map[*workload]bool
	textLines int
	textSeen  Line
}

func (b *builder) workload(w *workload) WorkloadSeen {
	out := WorkloadSeen{Name: w.name, Kind: firstOf(w.kind, "declared"), Class: w.class.Name, Count: w.count, Failed: w.failed,
		Cost: w.cost, Tokens: w.input + w.output, First: w.first, Last: w.last, Hours: w.hours}
	if w.declared != nil {
		out.Owner, out.Purpose = w.declared.Owner, w.declared.Purpose
	} else {
		b.undecl = append(b.undecl, w)
	}
	used := map[string]bool{}
	outside, may := 0, 0
	for _, f := range w.byCount() {
		j := b.a.judge(w, f)
		for _, br := range j.out {
			b.add(w, f, br)
		}
		switch j.verdict {
		case Outside:
			outside += f.count
		case MayLeave, Unknown:
			may += f.count
		}
		if f.texts > 0 && b.textLines == 0 {
			b.textSeen = f.seen
		}
		b.textLines += f.texts
		if s := f.place.Service; s != nil {
			used[s.ID] = true
		}
		if name := firstOf(f.place.Host, f.key.endpoint, f.key.provider); name != "" {
			b.endpoints[name+" "+f.place.Region] = true
		}
		b.reached(j)
		out.Flows = append(out.Flows, b.flow(j))
	}
	b.outside, b.mayLeave = b.outside+outside, b.mayLeave+may
	out.Outside, out.MayLeave = share(outside, w.count), share(may, w.count)
	if w.declared != nil {
		for _, u := range w.declared.Uses {
			if !used[u.Service] {
				out.Unseen = append(out.Unseen, u.Service)
			}
		}
	}
	return out
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func (w *workload) byCount() []*flow {
	out := append([]*flow(nil), w.order...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].count > out[j].count })
	return out
}

// flow describes a way for the report.
func (b *builder) flow(j *judgement) FlowSeen {
	f, p, t := j.f, j.p, j.t
	out := FlowSeen{Provider: firstOf(p.Provider(), "unknown"), Host: firstOf(p.Host, hostless(f.key.endpoint)), Asked: f.key.model, Served: f.key.served,
		Region: p.Region, Country: t.country, Runs: t.runs.String(), Scope: p.Scope, Entity: t.entity, Homes: t.homes,
		Retention: days(t.retention), Training: firstOf(t.training, "unknown"), Subs: subs(t), Resells: yesNo(t.resells),
		Declared: j.declared(), Verdict: j.verdict, Count: f.count, Failed: f.failed, Moved: f.moved, Cost: f.cost,
		Tokens: f.input + f.output, First: f.first, Last: f.last, Clues: p.Clues, Line: f.seen}
	if p.Service != nil {
		out.Service, out.Kind = p.Service.Name, p.Service.Kind
		if p.Service.Kind == "self-hosted" {
			out.Runs, out.Entity, out.Subs = "own network", "yourselves", "none"
		}
	}
	if p.Parent != nil && p.Parent != p.Entity {
		out.Parent = p.Parent.Name
	}
	if t.use != nil {
		out.Ground = t.use.Ground
	}
	return out
}

func hostless(endpoint string) string {
	if arn(endpoint) {
		return endpoint
	}
	return ""
}

func days(n *int) string {
	switch {
	case n == nil:
		return "unknown"
	case *n == 0:
		return "none"
	case *n == 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", *n)
}

func subs(t *terms) string {
	switch {
	case !t.subsKnown:
		return "unknown"
	case len(t.subs) == 0:
		return "none"
	}
	return list(t.subs)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return "unknown"
	case *b:
		return "yes"
	}
	return "no"
}

// declared says what the policy has for this flow.
func (j *judgement) declared() string {
	switch {
	case j.w.declared == nil:
		return "workload not declared"
	case j.t.use == nil:
		return "not declared"
	case !j.t.regional:
		return "declared for other regions"
	}
	return fmt.Sprintf("line %d", j.a.o.Policy.Line(j.t.useAt))
}

func (b *builder) totals() Totals {
	t := b.a.total
	return Totals{Exchanges: t.count, Failed: t.failed, Workloads: len(b.a.named), Endpoints: len(b.endpoints), Cost: t.cost,
		First: t.first, Last: t.last, Outside: b.outside, MayLeave: b.mayLeave}
}
