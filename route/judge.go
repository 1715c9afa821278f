package route

import (
	"fmt"
	"slices"
	"strings"

	"iolaus/route/catalogue"
	"iolaus/route/policy"
)

// A judgement holds one flow against the policy.
type judgement struct {
	a       *Auditor
	w       *workload
	f       *flow
	p       *catalogue.Place
	t       *terms
	c       *policy.Class
	verdict string
	out     []breach
}

// A breach is a rule that a flow touches, before it becomes a finding.
type breach struct {
	rule    string
	subject string
	message string
	lines   []Line
	count   int // exchanges concerned; 0 is all of the flow
}

// judge holds a flow against every rule that concerns flows.
func (a *Auditor) judge(w *workload, f *flow) *judgement {
	j := &judgement{a: a, w: w, f: f, p: f.place, t: a.termsOf(w, f.place), c: w.class, verdict: Allowed}
	if j.p.Service == nil {
		j.verdict = Unknown
		if j.p.Host != "" {
			j.say("unknown-endpoint", j.p.Host, fmt.Sprintf("requests went to %s%s", j.p.Host, j.claimed()))
		}
		return j
	}
	j.where()
	if !j.onlyMoved() {
		j.declaration()
	}
	j.company()
	j.terms()
	j.model()
	j.documents()
	j.subsume()
	return j
}

// subsume drops what follows from the service not being declared at all: nobody
// has looked into it, so that its terms are unknown is no second finding.
func (j *judgement) subsume() {
	if j.w.declared == nil || j.t.use != nil {
		return
	}
	j.out = slices.DeleteFunc(j.out, func(b breach) bool { return strings.HasSuffix(b.rule, "-unknown") })
}

func (j *judgement) claimed() string {
	if j.f.key.provider == "" {
		return ", which no catalogue file knows"
	}
	return fmt.Sprintf(", which no catalogue file knows; the log calls it %q, which is only a name", j.f.key.provider)
}

// say records a breach of the flow with the log's own line first.
func (j *judgement) say(rule, subject, message string, lines ...Line) {
	seen := j.f.seen
	if rule == "fail-over-abroad" {
		seen = j.f.movedSeen
	}
	b := breach{rule: rule, subject: subject, message: message, lines: append([]Line{seen}, lines...)}
	if rule == "fail-over-abroad" {
		b.count = j.f.moved
	}
	j.out = append(j.out, b)
}

// subject names the flow's place for a finding: it must be the same next time.
func (j *judgement) subject() string {
	s := j.p.Service.ID
	if j.p.Region != "" {
		s += " " + j.p.Region
	} else if j.p.Host != "" {
		s += " " + j.p.Host
	}
	return s
}

// onlyMoved says whether requests came here by fail-over alone: then the move is
// the finding, not that nobody declared its end.
func (j *judgement) onlyMoved() bool {
	return j.f.moved > 0 && j.f.moved >= j.f.count-j.f.failed
}

// where judges the place: what the log says, then what it may hide.
func (j *judgement) where() {
	allowed := j.c.Regions
	if j.p.Private || len(allowed) == 0 {
		j.movedWithin()
		return
	}
	country := j.t.country
	surely := country != "" && !catalogue.Allowed(country, allowed)
	if j.p.Served != "" && !catalogue.Allowed(j.p.Served, allowed) {
		country, surely = j.p.Served, true
	}
	switch {
	case surely:
		j.outside(country)
	case !j.t.runs.Known():
		j.verdict = Unknown
		if country == "" {
			j.say("region-unknown", j.subject(), fmt.Sprintf("neither the endpoint nor the log tells where %s processed it; allowed are %s",
				j.p.Service.Name, list(allowed)), j.policyClass("regions", list(allowed)))
			return
		}
		j.mayLeave()
	case !j.t.runs.Within(allowed):
		j.mayLeave()
	default:
		j.movedWithin()
	}
	if j.verdict == Allowed && j.c.CrossRegion == "forbidden" && !j.oneRegion() {
		j.verdict = MayLeave
		j.say("cross-region", j.subject(), fmt.Sprintf("%s lets the provider choose among %s, and the class forbids any such choice",
			scopeName(j.p), j.t.runs), j.policyClass("cross_region", "forbidden"))
	}
}

func (j *judgement) oneRegion() bool {
	return j.p.Scope == "region" || j.p.Scope == "log" || j.p.Service.Kind == "self-hosted" || j.t.runsLine.In == "policy" || j.p.Scope == ""
}

// outside: the data was in a country that is not allowed.
func (j *judgement) outside(country string) {
	j.verdict = Outside
	where := fmt.Sprintf("%s in %s", j.p.Service.Name, catalogue.CountryName(country))
	line := j.policyClass("regions", list(j.c.Regions))
	if j.f.moved > 0 {
		j.moved(where, line)
		if j.onlyMoved() {
			return
		}
	}
	if j.p.Served == country && j.p.Served != j.p.Country && j.p.Country != "" && catalogue.Allowed(j.p.Country, j.c.Regions) {
		j.say("cross-region", j.subject(), fmt.Sprintf("asked of %s, served in %s: the log's own field says so",
			catalogue.CountryName(j.p.Country), catalogue.CountryName(country)),
			Line{In: "log", At: j.f.seen.At, Field: "served region", Value: j.f.key.servedRegion}, line)
		return
	}
	j.say("region-outside", j.subject(), fmt.Sprintf("processed or kept by %s; allowed are %s", where, list(j.c.Regions)),
		append(j.clues("region"), line)...)
}

// mayLeave: the endpoint promises no place, or a wider one.
func (j *judgement) mayLeave() {
	if j.c.CrossRegion == "allowed" {
		return
	}
	j.verdict = MayLeave
	line := j.policyClass("regions", list(j.c.Regions))
	if j.f.moved > 0 {
		j.moved(fmt.Sprintf("%s, which may be served in %s", j.p.Service.Name, j.t.runs), line)
		if j.onlyMoved() {
			return
		}
	}
	j.say("cross-region", j.subject(), fmt.Sprintf("%s may be served in %s; allowed are %s", scopeName(j.p), j.t.runs, list(j.c.Regions)),
		append(j.reachLines(), line)...)
}

// movedWithin: a fail-over that stayed within the allowed regions.
func (j *judgement) movedWithin() {
	if j.f.moved > 0 && j.c.Fallbacks == "forbidden" {
		j.moved(j.p.Service.Name+" within the allowed regions, and the class forbids any fall-back",
			j.policyClass("fallbacks", "forbidden"))
	}
}

func (j *judgement) moved(where string, line Line) {
	from := "another deployment"
	lines := []Line{line}
	if first := j.f.movedFrom; first.flow != nil {
		p := first.flow.place
		from = firstOf(p.Host, first.flow.key.provider, "another deployment")
		if p.Service != nil {
			from = p.Service.Name + " " + firstOf(p.Region, p.Host)
		}
		lines = append([]Line{{In: "log", At: first.line.At, Field: "failed first at", Value: from}}, lines...)
	}
	j.say("fail-over-abroad", j.subject(), fmt.Sprintf("after a failure at %s, %d requests went to %s",
		from, j.f.moved, where), lines...)
}

// declaration holds what was observed against what was declared.
func (j *judgement) declaration() {
	if j.w.declared == nil {
		if j.t.resells != nil && *j.t.resells && j.c.Resellers == "forbidden" {
			j.reseller("the class forbids resellers")
		}
		return
	}
	resells := j.t.resells != nil && *j.t.resells
	switch {
	case resells && (j.t.use == nil && j.c.Resellers != "allowed" || j.c.Resellers == "forbidden"):
		why := "the policy declares no such use"
		if j.t.use != nil {
			why = "the class forbids resellers"
		}
		j.reseller(why)
	case j.t.use == nil:
		j.say("undeclared-service", j.subject(), fmt.Sprintf("%s is not among the declared services (%s)", j.p.Service.Name, j.declaredServices()),
			j.a.policyLine(fmt.Sprintf("workloads[%d]", j.w.index), "uses", j.declaredServices()))
	case !j.t.regional && j.verdict == Allowed:
		j.say("undeclared-service", j.subject(), fmt.Sprintf("region %s is allowed but not declared; declared are %s",
			firstOf(j.p.Region, "unknown"), list(j.t.use.Regions)), j.a.policyLine(j.t.useAt, "regions", list(j.t.use.Regions)))
	}
}

func (j *judgement) reseller(why string) {
	j.say("undeclared-reseller", j.p.Service.ID, fmt.Sprintf("%s passes requests on to other companies, and %s", j.p.Service.Name, why),
		j.t.resellsLine, j.policyClass("resellers", firstOf(j.c.Resellers, "not restricted")))
}

func (j *judgement) declaredServices() string {
	var out []string
	for _, u := range j.w.declared.Uses {
		out = append(out, u.Service)
	}
	return firstOf(strings.Join(out, ", "), "none")
}

// policyClass points at the class in the policy.
func (j *judgement) policyClass(field, value string) Line {
	for i := range j.a.o.Policy.Classes {
		if &j.a.o.Policy.Classes[i] == j.c {
			return j.a.policyLine(fmt.Sprintf("classes[%d].%s", i, field), j.c.Name+" "+field, firstOf(value, "not restricted"))
		}
	}
	return Line{In: "policy", Field: field, Value: value}
}

// clues lists the log's fields that told a thing.
func (j *judgement) clues(about string) []Line {
	var out []Line
	for _, c := range j.p.Clues {
		if strings.HasPrefix(c.Tells, about) {
			out = append(out, Line{In: j.f.seen.In, At: j.f.seen.At, Field: c.Field, Value: c.Value + " (" + c.Tells + ")"})
		}
	}
	return out
}

// reachLines says why the place is wider than it looks.
func (j *judgement) reachLines() []Line {
	if j.t.runsLine.In != "" {
		return []Line{j.t.runsLine}
	}
	var out []Line
	for _, c := range j.p.Clues {
		if c.Field == "model" {
			out = append(out, Line{In: j.f.seen.In, At: j.f.seen.At, Field: c.Field, Value: c.Value + " (" + c.Tells + ")"})
		}
	}
	if l, ok := j.a.reachFact(j.p); ok {
		out = append(out, l)
	}
	return out
}

func scopeName(p *catalogue.Place) string {
	switch p.Scope {
	case "endpoint":
		return firstOf(p.Host, p.Service.Name)
	case "", "service", "region":
		return p.Service.Name
	}
	return "the " + p.Scope
}

func list(words []string) string {
	if len(words) == 0 {
		return "not restricted"
	}
	return strings.Join(words, ", ")
}
