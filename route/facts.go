package route

import (
	"fmt"
	"sort"
	"strings"

	"iolaus/route/catalogue"
)

// reached notes the countries and sources that a flow touches.
func (b *builder) reached(j *judgement) {
	countries := append([]string{j.t.country, j.p.Served}, j.t.homes...)
	if !j.t.runs.Anywhere && len(j.t.runs.In) <= 3 {
		countries = append(countries, j.t.runs.In...)
	}
	for _, c := range countries {
		if c == "" {
			continue
		}
		b.laws[c] = true
		if at, ok := b.a.o.Catalogue.At(c); ok {
			b.spots[c] = Spot{catalogue.CountryName(c), at.Lat, at.Lon}
		}
	}
	if j.p.Service == nil || j.p.Region == "" {
		return
	}
	if cloud := b.a.o.Catalogue.Clouds[j.p.Service.Cloud]; cloud != nil {
		if r, ok := cloud.Regions[strings.ReplaceAll(j.p.Region, " ", "")]; ok && len(r.At) == 2 {
			b.spots[j.p.Region] = Spot{r.Place, r.At[0], r.At[1]}
		}
	}
}

// lawList names the statutes of the countries that were reached.
func (b *builder) lawList() []LawReached {
	out := []LawReached{}
	for _, c := range sortedKeys(b.laws) {
		for _, l := range b.a.o.Catalogue.LawsOf(c) {
			s := b.a.o.Catalogue.Sources[l.Source]
			out = append(out, LawReached{Country: c, Name: l.Name, Kind: l.Kind, Says: l.Says, Source: s.URL})
		}
	}
	return out
}

// services lists the services that traffic reached, by id.
func (b *builder) services() []*catalogue.Service {
	seen := map[string]*catalogue.Service{}
	for _, w := range b.a.named {
		for _, f := range w.order {
			if s := f.place.Service; s != nil {
				seen[s.ID] = s
			}
		}
	}
	var out []*catalogue.Service
	for _, id := range sortedKeys(seen) {
		out = append(out, seen[id])
	}
	return out
}

// factSources lists the ids of the sources that facts about a service rest on.
func factSources(c *catalogue.Catalogue, s *catalogue.Service) []string {
	ids := map[string]bool{s.Source: true}
	add := func(id string) { ids[id] = true }
	if f := s.Company; f != nil {
		add(f.Source)
		entity, parent := c.Home(s)
		for _, e := range []*catalogue.Company{entity, parent} {
			if e != nil && e.Home != nil {
				add(e.Home.Source)
			}
		}
	}
	if f := s.Retention; f != nil {
		add(f.Source)
	}
	if f := s.Training; f != nil {
		add(f.Source)
	}
	if f := s.Runs; f != nil {
		add(f.Source)
	}
	if f := s.Stored; f != nil {
		add(f.Source)
	}
	if f := s.Resells; f != nil {
		add(f.Source)
	}
	if f := s.Subprocessors; f != nil {
		add(f.Source)
	}
	return sortedKeys(ids)
}

func (b *builder) sources() []SourceUsed {
	ids := map[string]bool{}
	for _, s := range b.services() {
		for _, id := range factSources(b.a.o.Catalogue, s) {
			ids[id] = true
		}
	}
	out := []SourceUsed{}
	for _, id := range sortedKeys(ids) {
		if s := b.a.o.Catalogue.Sources[id]; s != nil {
			out = append(out, SourceUsed{s.ID, s.Title, s.URL, s.Date.String()})
		}
	}
	return out
}

// stale reports services whose terms were read too long ago. Company filings
// change slowly and have three times as long.
func (b *builder) stale() {
	for _, s := range b.services() {
		for _, f := range []struct {
			what, source string
		}{{"retention", sourceOf(s.Retention)}, {"training", sourceOf(s.Training)}, {"place of processing", sourceOf(s.Runs)}} {
			src := b.a.o.Catalogue.Sources[f.source]
			if src == nil {
				continue
			}
			if old := b.a.o.AsOf.Sub(src.Date.Time); old > b.a.o.Fresh {
				b.finding("stale-fact", everyone, "", breach{subject: s.ID + " " + f.what,
					message: fmt.Sprintf("%s of %s was read %d days before this audit", f.what, s.Name, int(old.Hours()/24)),
					lines:   []Line{{In: "catalogue", At: src.Title + " " + src.URL, Field: "date", Value: src.Date.String()}}})
			}
		}
	}
}

func sourceOf[T any](f *catalogue.Fact[T]) string {
	if f == nil {
		return ""
	}
	return f.Source
}

// questions answers, for each service, what a government asks its agencies.
func (b *builder) questions() []Answer {
	var out []Answer
	for _, q := range b.a.basis().Questions {
		for _, s := range b.services() {
			if s.Kind == "self-hosted" {
				continue
			}
			out = append(out, Answer{q.Number, q.Asks, s.Name, b.answer(q.About, s)})
		}
	}
	return out
}

const notKnown = "not known from the log and the catalogue; ask the provider"

func (b *builder) answer(about string, s *catalogue.Service) string {
	entity, parent := b.a.o.Catalogue.Home(s)
	switch about {
	case "home":
		if entity == nil {
			return notKnown
		}
		text := fmt.Sprintf("%s (%s)", entity.Name, list(entity.Homes()))
		if parent != entity {
			text += fmt.Sprintf(", controlled by %s (%s)", parent.Name, list(parent.Homes()))
		}
		return text
	case "regions", "jurisdictions":
		return b.seenIn(about, s, parent)
	case "choice":
		if s.Cloud != "" {
			return "yes, by region and by kind of endpoint or profile; see the findings on cross-region endpoints"
		}
		return notKnown
	case "dependencies":
		if s.Subprocessors != nil {
			return "named: " + list(s.Subprocessors.Is)
		}
		return notKnown
	case "laws", "applies":
		if parent == nil {
			return notKnown
		}
		var names []string
		for _, home := range parent.Homes() {
			for _, l := range b.a.o.Catalogue.LawsOf(home) {
				names = append(names, l.Name)
			}
		}
		if len(names) == 0 {
			return "no statute of " + list(parent.Homes()) + " is written up in the catalogue"
		}
		return "to be reviewed by you; among them " + strings.Join(names, ", ")
	}
	return "for you to assess; this audit does not decide it"
}

// seenIn lists where a service's traffic was observed.
func (b *builder) seenIn(about string, s *catalogue.Service, parent *catalogue.Company) string {
	seen := map[string]bool{}
	for _, w := range b.a.named {
		for _, f := range w.order {
			if f.place.Service != s {
				continue
			}
			where := firstOf(f.place.Region, "region not visible")
			if f.place.Country != "" {
				where = catalogue.CountryName(f.place.Country)
			}
			if f.place.Runs.Anywhere {
				where += ", possibly served in " + f.place.Runs.String()
			}
			seen[where] = true
		}
	}
	text := "observed: " + strings.Join(sortedKeys(seen), "; ")
	if about == "jurisdictions" && parent != nil {
		text += "; and the law of the parent's home, " + list(parent.Homes())
	}
	return text
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
