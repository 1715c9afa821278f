package route

import (
	"fmt"
	"strings"

	"iolaus/route/catalogue"
	"iolaus/route/document"
	"iolaus/route/policy"
)

// terms are what holds for a flow after documents in force are laid over the
// catalogue's defaults. Each fact carries the evidence it rests on.
type terms struct {
	use      *policy.Use
	useAt    string // path in the policy
	regional bool   // the use names this region, or none
	inForce  []*policy.Evidence
	lapsed   []*policy.Evidence // expired
	altered  []*policy.Evidence // the file is another one, or gone

	retention     *int
	retentionLine Line
	training      string
	trainingLine  Line
	trainingNote  string
	subs          []string
	subsKnown     bool
	resells       *bool
	resellsLine   Line
	runs          catalogue.Reach
	runsLine      Line
	country       string
	entity        string
	homes         []string
	homesLine     Line
}

// termsOf settles what holds for a flow of a workload.
func (a *Auditor) termsOf(w *workload, p *catalogue.Place) *terms {
	t := &terms{}
	a.findUse(t, w, p)
	if t.use != nil {
		for _, id := range t.use.Evidence {
			a.file(t, a.o.Policy.Document(id))
		}
	}
	a.defaults(t, p)
	for _, e := range t.inForce {
		a.overlay(t, e)
	}
	return t
}

// findUse picks the declared use of the service; one that names the region wins.
func (a *Auditor) findUse(t *terms, w *workload, p *catalogue.Place) {
	if w.declared == nil || p.Service == nil {
		return
	}
	for i := range w.declared.Uses {
		u := &w.declared.Uses[i]
		if u.Service != p.Service.ID || !anyLike(u.Hosts, p.Host) {
			continue
		}
		regional := len(u.Regions) == 0 || anyLike(u.Regions, p.Region)
		if t.use == nil || (regional && !t.regional) {
			t.use, t.regional = u, regional
			t.useAt = fmt.Sprintf("workloads[%d].uses[%d]", w.index, i)
		}
	}
}

func anyLike(patterns []string, s string) bool {
	for _, p := range patterns {
		if policy.Like(p, s) {
			return true
		}
	}
	return len(patterns) == 0
}

// file sorts a document by whether it is in force.
func (a *Auditor) file(t *terms, e *policy.Evidence) {
	switch found, looked := a.o.Documents[e.ID]; {
	case looked && e.SHA256 != "" && !strings.EqualFold(found, e.SHA256):
		t.altered = append(t.altered, e)
	case !e.Expires.IsZero() && !e.Expires.After(a.o.AsOf):
		t.lapsed = append(t.lapsed, e)
	default:
		t.inForce = append(t.inForce, e)
	}
}

// defaults takes the catalogue's facts.
func (a *Auditor) defaults(t *terms, p *catalogue.Place) {
	t.runs, t.country = p.Runs, p.Country
	if p.Parent != nil {
		t.entity, t.homes = p.Entity.Name, p.Homes()
		if f := p.Parent.Home; f != nil {
			t.homesLine = a.factLine(p.Parent.ID+" home", strings.Join(t.homes, ", "), f.Source, f.Date)
		}
	}
	s := p.Service
	if s == nil {
		return
	}
	if f := s.Retention; f != nil {
		days := f.Is
		t.retention, t.retentionLine = &days, a.factLine(s.ID+" retention", fmt.Sprintf("%d days", days), f.Source, f.Date)
	}
	if f := s.Training; f != nil {
		t.training, t.trainingNote = f.Is, f.Note
		t.trainingLine = a.factLine(s.ID+" training", f.Is, f.Source, f.Date)
	}
	if f := s.Subprocessors; f != nil {
		t.subs, t.subsKnown = f.Is, true
	}
	if f := s.Resells; f != nil {
		yes := f.Is
		t.resells, t.resellsLine = &yes, a.factLine(s.ID+" resells", fmt.Sprint(yes), f.Source, f.Date)
	} else if s.Kind == "router" {
		yes := true
		t.resells, t.resellsLine = &yes, a.factLine(s.ID+" kind", s.Kind, s.Source, document.Date{})
	}
}

// overlay lays what a document says over the defaults.
func (a *Auditor) overlay(t *terms, e *policy.Evidence) {
	says := &e.Says
	line := a.evidenceLine(e)
	if says.Retention != nil {
		t.retention, t.retentionLine = says.Retention, line
	}
	if says.Training != "" {
		t.training, t.trainingLine, t.trainingNote = says.Training, line, ""
	}
	if says.Subprocessors != nil {
		t.subs, t.subsKnown = says.Subprocessors, true
	}
	if says.Resells != nil {
		t.resells, t.resellsLine = says.Resells, line
	}
	if says.Runs != nil {
		t.runs, t.runsLine = catalogue.NewReach(says.Runs), line
	}
	if says.Stored != "" {
		t.country = says.Stored
	}
	if says.Entity != "" {
		t.entity = says.Entity
	}
	if says.Home != "" {
		t.homes, t.homesLine = []string{says.Home}, line
	}
}

// factLine points at a fact of the catalogue.
func (a *Auditor) factLine(field, value, source string, own document.Date) Line {
	at := source
	if s := a.o.Catalogue.Sources[source]; s != nil {
		at = s.Title + " (" + a.o.Catalogue.Dated(source, own).Format("2006-01-02") + ")"
		if s.URL != "" {
			at += " " + s.URL
		}
	}
	return Line{In: "catalogue", At: at, Field: field, Value: value}
}

// evidenceLine points at a document of the policy.
func (a *Auditor) evidenceLine(e *policy.Evidence) Line {
	value := e.Kind + ", dated " + e.Date.String()
	if !e.Expires.IsZero() {
		value += ", expires " + e.Expires.String()
	}
	for i := range a.o.Policy.Evidence {
		if a.o.Policy.Evidence[i].ID == e.ID {
			return a.policyLine(fmt.Sprintf("evidence[%d]", i), "evidence "+e.ID, value)
		}
	}
	return Line{In: "policy", Field: "evidence " + e.ID, Value: value}
}

// policyLine points at a line of the policy file.
func (a *Auditor) policyLine(path, field, value string) Line {
	return Line{In: "policy", At: fmt.Sprintf("%s:%d", a.o.Policy.File(), a.o.Policy.Line(path)), Field: field, Value: value}
}
