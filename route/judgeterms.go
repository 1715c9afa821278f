package route

import (
	"fmt"
	"strings"

	"iolaus/route/catalogue"
	"iolaus/route/document"
)

// company judges who stands behind the service and on what ground data leaves.
func (j *judgement) company() {
	if j.p.Private {
		return
	}
	if len(j.c.Homes) > 0 {
		if len(j.t.homes) == 0 {
			j.say("home-unknown", j.p.Service.ID, fmt.Sprintf("no sourced fact names the company behind %s; allowed are %s", j.p.Service.Name, list(j.c.Homes)),
				j.policyClass("homes", list(j.c.Homes)))
		}
		for _, home := range j.t.homes {
			if !catalogue.Allowed(home, j.c.Homes) {
				j.say("home-outside", j.p.Service.ID, fmt.Sprintf("%s answers to %s; allowed are %s", j.top(), catalogue.CountryName(home), list(j.c.Homes)),
					j.t.homesLine, j.policyClass("homes", list(j.c.Homes)))
				break
			}
		}
	}
	if j.c.Ground == "required" && j.abroad() && j.t.use != nil && j.t.use.Ground == "" {
		j.say("no-ground", j.subject(), fmt.Sprintf("data leaves %s and the use names no ground", catalogue.CountryName(j.a.o.Policy.Home)),
			j.a.policyLine(j.t.useAt, "ground", "(not given)"))
	}
	j.unfit()
}

// unfit: the ground rests on a decision about countries, and this is another.
func (j *judgement) unfit() {
	if j.t.use == nil || j.t.use.Ground == "" {
		return
	}
	law := j.a.basis()
	g := law.Ground(j.t.use.Ground)
	if g == nil || !g.Decided {
		return
	}
	for _, c := range []string{j.t.country, j.p.Served} {
		if c != "" && !catalogue.Allowed(c, law.Decided) {
			j.say("ground-unfit", j.subject(), fmt.Sprintf("the ground %s (%s) supposes a decision about %s, and the list of %s has none", g.ID, g.Article, catalogue.CountryName(c), law.Date),
				j.a.policyLine(j.t.useAt+".ground", "ground", g.ID))
			return
		}
	}
}

func (j *judgement) top() string {
	if j.p.Parent == nil {
		return j.t.entity
	}
	if j.p.Parent != j.p.Entity {
		return fmt.Sprintf("%s, parent of %s,", j.p.Parent.Name, j.p.Entity.Name)
	}
	return j.p.Parent.Name
}

// abroad says whether data leaves the organisation's country, or its Union.
func (j *judgement) abroad() bool {
	home := []string{j.a.o.Policy.Home}
	if catalogue.Allowed(home[0], []string{"EEA"}) {
		home = []string{"EEA"}
	}
	if j.t.country != "" && !catalogue.Allowed(j.t.country, home) {
		return true
	}
	return j.t.runs.Known() && !j.t.runs.Within(home)
}

// terms judges what the provider does with the data.
func (j *judgement) terms() {
	if j.c.Training == "forbidden" {
		switch j.t.training {
		case "":
			j.say("training-unknown", j.p.Service.ID, fmt.Sprintf("nothing settles whether %s trains on what it is sent", j.p.Service.Name),
				j.policyClass("training", "forbidden"))
		case "default", "varies":
			j.say("training-on", j.p.Service.ID, fmt.Sprintf("%s: training is %q%s", j.p.Service.Name, j.t.training, dash(j.t.trainingNote)),
				j.t.trainingLine, j.policyClass("training", "forbidden"))
			j.ownPurposes()
		}
	}
	if most := j.c.Retention; most != nil {
		switch {
		case j.t.retention == nil:
			j.say("retention-unknown", j.p.Service.ID, fmt.Sprintf("nothing settles how long %s keeps what it is sent; the class allows %d days", j.p.Service.Name, *most),
				j.policyClass("retention", fmt.Sprint(*most)))
		case *j.t.retention > *most:
			j.say("retention-long", j.p.Service.ID, fmt.Sprintf("%s keeps requests up to %d days; the class allows %d", j.p.Service.Name, *j.t.retention, *most),
				j.t.retentionLine, j.policyClass("retention", fmt.Sprint(*most)))
		}
	}
	if j.c.Subprocessors == "known" && !j.t.subsKnown && !j.p.Private {
		j.say("subprocessors-unknown", j.p.Service.ID, fmt.Sprintf("nothing lists the sub-processors of %s", j.p.Service.Name),
			j.policyClass("subprocessors", "known"))
	}
}

// ownPurposes: the declared ground supposes a mere processor.
func (j *judgement) ownPurposes() {
	if j.t.use == nil || j.t.use.Ground == "" {
		return
	}
	if g := j.a.basis().Ground(j.t.use.Ground); g != nil && g.Agent {
		j.say("own-purposes", j.p.Service.ID, fmt.Sprintf("the ground %s (%s) holds only while %s uses the data for you alone", g.ID, g.Article, j.p.Service.Name),
			j.t.trainingLine, j.a.policyLine(j.t.useAt+".ground", "ground", g.ID))
	}
}

func dash(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

// model judges whether the model that answered is the one that was meant.
func (j *judgement) model() {
	k := j.f.key
	if j.t.use != nil && len(j.t.use.Models) > 0 {
		got := firstOf(k.served, k.model)
		if got != "" && !anyModel(j.t.use.Models, got) && got != "(other)" {
			j.say("swapped-model", j.p.Service.ID+" "+got, fmt.Sprintf("%s answered%s; declared are %s", got, asked(k), list(j.t.use.Models)),
				Line{In: "log", At: j.f.seen.At, Field: "served model", Value: got},
				j.a.policyLine(j.t.useAt+".models", "models", list(j.t.use.Models)))
		}
		return
	}
	if differs(k.model, k.served) {
		j.say("swapped-model", j.p.Service.ID+" "+k.served, fmt.Sprintf("%s answered%s", k.served, asked(k)),
			Line{In: "log", At: j.f.seen.At, Field: "served model", Value: k.served})
	}
}

func asked(k flowKey) string {
	if k.served == "" || k.model == k.served {
		return ""
	}
	return " where " + k.model + " was asked for"
}

// anyModel fits a pattern to the whole name or to its last part: gateways put
// the provider before it.
func anyModel(patterns []string, name string) bool {
	return anyLike(patterns, name) || anyLike(patterns, name[strings.LastIndexByte(name, '/')+1:])
}

// documents judges the evidence that the use rests on.
func (j *judgement) documents() {
	if j.t.use == nil {
		return
	}
	for _, e := range j.t.lapsed {
		j.say("evidence-expired", e.ID, fmt.Sprintf("%s %q expired on %s; the use of %s rests on it", e.Kind, firstOf(e.Title, e.ID), e.Expires, j.p.Service.Name),
			j.a.evidenceLine(e), j.a.policyLine(j.t.useAt, "evidence", list(j.t.use.Evidence)))
	}
	for _, e := range j.t.altered {
		found := firstOf(j.a.o.Documents[e.ID], "no such file")
		j.say("evidence-changed", e.ID, fmt.Sprintf("%s is not the file that was declared", firstOf(e.File, e.ID)),
			Line{In: "policy", At: e.File, Field: "sha256", Value: found}, j.a.evidenceLine(e))
	}
	for _, kind := range j.c.Evidence {
		if !j.has(kind) && !j.p.Private {
			j.say("evidence-missing", j.p.Service.ID+" "+kind, fmt.Sprintf("the use of %s names no %s in force", j.p.Service.Name, kind),
				j.a.policyLine(j.t.useAt, "evidence", list(j.t.use.Evidence)), j.policyClass("evidence", list(j.c.Evidence)))
		}
	}
}

// has says whether a kind of document is there; one that has lapsed or changed
// is a finding of its own and is not missed twice.
func (j *judgement) has(kind string) bool {
	for _, id := range j.t.use.Evidence {
		if j.a.o.Policy.Document(id).Kind == kind {
			return true
		}
	}
	return false
}

// reachFact finds the catalogue's fact about where an endpoint's requests run.
func (a *Auditor) reachFact(p *catalogue.Place) (Line, bool) {
	if p.Service == nil {
		return Line{}, false
	}
	for _, m := range p.Service.Models {
		if m.Name == p.Scope {
			return a.factLine(p.Service.ID+" models "+m.Prefix, p.Runs.String(), m.Source, document.Date{}), true
		}
	}
	for _, h := range p.Service.Hosts {
		if h.Runs != nil && p.Scope == "endpoint" && catalogue.NewReach(h.Runs.Is).String() == p.Runs.String() {
			return a.factLine(p.Service.ID+" "+h.Match, p.Runs.String()+dash(h.Runs.Note), h.Runs.Source, h.Runs.Date), true
		}
	}
	if f := p.Service.Runs; f != nil {
		return a.factLine(p.Service.ID+" runs", p.Runs.String()+dash(f.Note), f.Source, f.Date), true
	}
	return Line{}, false
}
