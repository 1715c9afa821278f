package catalogue

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"iolaus/route/document"
)

// check finds the mistakes that only the whole shows, and builds the indexes.
func (l *loader) check() {
	for _, id := range sorted(l.c.Sources) {
		l.source(l.c.Sources[id])
	}
	for _, id := range sorted(l.c.Companies) {
		l.company(l.c.Companies[id])
	}
	for _, id := range sorted(l.c.Clouds) {
		l.cloud(l.c.Clouds[id])
	}
	l.c.byName, l.c.byARN = map[string]*Service{}, map[string]*Service{}
	for _, id := range sorted(l.c.Services) {
		l.service(l.c.Services[id])
	}
	hostsInOrder(l.c.hosts)
	for _, m := range l.c.Makers {
		o := l.origins["makers "+m.Family]
		if m.Name == "" {
			o.wrong("name", "write who trained the models", "is missing")
		}
		l.cited(o, "source", m.Source, document.Date{})
	}
	for _, law := range l.c.Laws {
		o := l.origins["laws "+law.Of+" "+law.Name]
		if !IsPlace(law.Of) {
			o.wrong("of", "write an ISO 3166 code in capitals, or EU", "%q is not a country", law.Of)
		}
		l.cited(o, "source", law.Source, law.Date)
	}
}

func (l *loader) source(s *Source) {
	o := l.origins["sources "+s.ID]
	if s.Title == "" {
		o.wrong("title", "say what the source is called", "is missing")
	}
	if s.Date.IsZero() {
		o.wrong("date", "write the day on which it was read", "is missing")
	}
	l.notFuture(o, "date", s.Date)
}

func (l *loader) notFuture(o origin, field string, d document.Date) {
	if d.After(l.now) {
		o.wrong(field, "write the day on which the fact was read", "%s is in the future", d)
	}
}

// cited holds a fact to its source.
func (l *loader) cited(o origin, field, source string, d document.Date) {
	if source == "" {
		o.wrong(field, "name an entry of sources, or leave the fact out: unknown is allowed, unsourced is not", "is missing")
	} else if l.c.Sources[source] == nil {
		remedy := "add it to sources"
		if near := document.Near(source, sorted(l.c.Sources)); near != "" {
			remedy += fmt.Sprintf(", or write %q if that was meant", near)
		}
		o.wrong(field, remedy, "%q is not a known source", source)
	}
	l.notFuture(o, strings.TrimSuffix(field, "source")+"date", d)
}

func (l *loader) company(e *Company) {
	o := l.origins["companies "+e.ID]
	if e.Name == "" {
		o.wrong("name", "write its registered name", "is missing")
	}
	if e.Home != nil {
		l.country(o, "home.is", e.Home.Is)
		l.cited(o, "home.source", e.Home.Source, e.Home.Date)
	}
	if e.Seat != nil {
		l.country(o, "seat.is", e.Seat.Is)
		l.cited(o, "seat.source", e.Seat.Source, e.Seat.Date)
	}
	if e.Parent == nil {
		return
	}
	l.cited(o, "parent.source", e.Parent.Source, e.Parent.Date)
	if l.c.Companies[e.Parent.Is] == nil {
		o.wrong("parent.is", "add it to companies", "%q is not a known company", e.Parent.Is)
		return
	}
	trail := []string{e.ID}
	for up := e; up != nil && up.Parent != nil; up = l.c.Companies[up.Parent.Is] {
		trail = append(trail, up.Parent.Is)
		if up.Parent.Is == e.ID {
			if e.ID != slices.Min(trail) {
				return // the circle is told once
			}
			o.wrong("parent.is", "remove the parent that is wrong", "goes in a circle: %s", strings.Join(trail, " -> "))
			return
		}
		if len(trail) > len(l.c.Companies) {
			return // a circle further up is reported for its own members
		}
	}
}

func (l *loader) country(o origin, field, code string) {
	if Country(code) {
		return
	}
	remedy := "write an ISO 3166-1 code of two capital letters"
	if code == "UK" {
		remedy = "write GB, the ISO 3166-1 code of the United Kingdom"
	} else if up := strings.ToUpper(code); Country(up) {
		remedy = fmt.Sprintf("write %q", up)
	}
	o.wrong(field, remedy, "%q is not a country code", code)
}

func (l *loader) cloud(e *Cloud) {
	o := l.origins["clouds "+e.ID]
	l.cited(o, "source", e.Source, document.Date{})
	for _, name := range sorted(e.Regions) {
		r := e.Regions[name]
		l.country(o, "regions."+name+".country", r.Country)
		if len(r.At) != 0 && (len(r.At) != 2 || r.At[0] < -90 || r.At[0] > 90 || r.At[1] < -180 || r.At[1] > 180) {
			o.wrong("regions."+name+".at", "write [latitude, longitude] in degrees", "is not a place on earth")
		}
	}
}

func (l *loader) service(s *Service) {
	o := l.origins["services "+s.ID]
	l.cited(o, "source", s.Source, document.Date{})
	oneOf(o, "kind", s.Kind, "api", "cloud", "router", "self-hosted")
	if s.Provider == "" {
		o.wrong("provider", "write the provider's name as people say it", "is missing")
	}
	if s.Cloud != "" && l.c.Clouds[s.Cloud] == nil {
		o.wrong("cloud", "add it to clouds", "%q is not a known cloud", s.Cloud)
	}
	for _, name := range s.Names {
		if other := l.c.byName[name]; other != nil && other.ID != s.ID {
			o.wrong("names", "keep it at one service", "%q is a name of %s too", name, other.ID)
		}
		l.c.byName[name] = s
	}
	if s.ARN != "" {
		l.c.byARN[s.ARN] = s
	}
	for i := range s.Hosts {
		l.host(o, fmt.Sprintf("hosts[%d]", i), s, &s.Hosts[i])
	}
	for i, m := range s.Models {
		field := fmt.Sprintf("models[%d]", i)
		l.reach(o, field+".runs", m.Runs)
		l.cited(o, field+".source", m.Source, document.Date{})
	}
	l.facts(o, s)
}

func (l *loader) host(o origin, field string, s *Service, h *Host) {
	r, err := compile(s, h)
	if err != nil {
		o.wrong(field+".match", "write a host such as api.example.com or {region}.example.com", "%v", err)
		return
	}
	l.c.hosts = append(l.c.hosts, r)
	if h.Stored != nil {
		l.country(o, field+".stored.is", h.Stored.Is)
		l.cited(o, field+".stored.source", h.Stored.Source, h.Stored.Date)
	}
	if h.Runs != nil {
		l.reach(o, field+".runs.is", h.Runs.Is)
		l.cited(o, field+".runs.source", h.Runs.Source, h.Runs.Date)
	}
}

func (l *loader) reach(o origin, field string, words []string) {
	for _, w := range words {
		if w != Anywhere && !IsPlace(strings.TrimPrefix(w, "-")) {
			o.wrong(field, "write ISO 3166 codes, EU, EEA, anywhere, or -CODE after anywhere", "%q is not a place", w)
		}
	}
}

func (l *loader) facts(o origin, s *Service) {
	if f := s.Company; f != nil {
		l.cited(o, "company.source", f.Source, f.Date)
		if l.c.Companies[f.Is] == nil {
			o.wrong("company.is", "add it to companies", "%q is not a known company", f.Is)
		}
	}
	if f := s.Stored; f != nil {
		l.country(o, "stored.is", f.Is)
		l.cited(o, "stored.source", f.Source, f.Date)
	}
	if f := s.Runs; f != nil {
		l.reach(o, "runs.is", f.Is)
		l.cited(o, "runs.source", f.Source, f.Date)
	}
	if f := s.Retention; f != nil {
		l.cited(o, "retention.source", f.Source, f.Date)
		if f.Is < 0 {
			o.wrong("retention.is", "write days, or leave the fact out when unknown", "%d is not a number of days", f.Is)
		}
	}
	if f := s.Training; f != nil {
		l.cited(o, "training.source", f.Source, f.Date)
		oneOf(o, "training.is", f.Is, "never", "opt-in", "default", "varies")
	}
	if f := s.Subprocessors; f != nil {
		l.cited(o, "subprocessors.source", f.Source, f.Date)
	}
	if f := s.Resells; f != nil {
		l.cited(o, "resells.source", f.Source, f.Date)
	}
}

func oneOf(o origin, field, is string, words ...string) {
	if !contains(words, is) {
		o.wrong(field, "write one of "+strings.Join(words, ", "), "is %q", is)
	}
}

// Stale lists the sources read more than age before now on which facts rest,
// the oldest first.
func (c *Catalogue) Stale(now time.Time, age time.Duration) []Stale {
	rests := map[string]int{}
	c.eachFact(func(source string, _ document.Date) { rests[source]++ })
	for _, l := range c.Laws { // a statute's date is its own, not a reading
		rests[l.Source]--
	}
	var out []Stale
	for _, id := range sorted(c.Sources) {
		s := c.Sources[id]
		if old := now.Sub(s.Date.Time); old > age && rests[id] > 0 {
			out = append(out, Stale{id, s.URL, s.Date, int(old.Hours() / 24), rests[id]})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Days > out[j].Days })
	return out
}

// Facts counts the facts and those that are left unknown.
func (c *Catalogue) Facts() (known, unknown int) {
	c.eachFact(func(string, document.Date) { known++ })
	for _, s := range c.Services {
		if s.Kind == "self-hosted" {
			continue
		}
		for _, missing := range []bool{s.Company == nil, s.Retention == nil, s.Training == nil,
			s.Subprocessors == nil, s.Resells == nil} {
			if missing {
				unknown++
			}
		}
	}
	return known, unknown
}

func (c *Catalogue) eachFact(yield func(source string, own document.Date)) {
	for _, e := range c.Companies {
		visit(yield, e.Home)
		visit(yield, e.Seat)
		visit(yield, e.Parent)
	}
	for _, s := range c.Services {
		yield(s.Source, document.Date{})
		visit(yield, s.Company)
		visit(yield, s.Stored)
		visit(yield, s.Runs)
		visit(yield, s.Retention)
		visit(yield, s.Training)
		visit(yield, s.Subprocessors)
		visit(yield, s.Resells)
		for i := range s.Hosts {
			visit(yield, s.Hosts[i].Stored)
			visit(yield, s.Hosts[i].Runs)
		}
		for _, m := range s.Models {
			yield(m.Source, document.Date{})
		}
	}
	for _, cl := range c.Clouds {
		for range cl.Regions {
			yield(cl.Source, document.Date{})
		}
	}
	for _, l := range c.Laws {
		yield(l.Source, l.Date)
	}
	for _, m := range c.Makers {
		yield(m.Source, document.Date{})
	}
}

func visit[T any](yield func(string, document.Date), f *Fact[T]) {
	if f != nil {
		yield(f.Source, f.Date)
	}
}

func sorted[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
