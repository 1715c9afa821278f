package catalogue

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"time"

	"iolaus/route/document"
)

//go:embed data/*.yaml
var data embed.FS

// An Input is a catalogue file of the user's own, which adds to the one that
// ships and overrides it fact by fact.
type Input struct {
	Name string
	Data []byte
}

// Load reads the catalogue that ships and then the given files in their order.
// Now is the day of the reading: a source dated later is a mistake. The error
// joins every mistake, each a *document.Problem.
func Load(now time.Time, own ...Input) (*Catalogue, error) {
	names, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot list the catalogue: %w", err)
	}
	sort.Strings(names)
	var inputs []Input
	for _, name := range names {
		b, err := data.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("cannot read the catalogue: %w", err)
		}
		inputs = append(inputs, Input{"catalogue/" + name, b})
	}
	return Parse(now, append(inputs, own...)...)
}

// Parse reads a catalogue from the given files alone.
func Parse(now time.Time, inputs ...Input) (*Catalogue, error) {
	l := &loader{
		now: now, origins: map[string]origin{},
		c: &Catalogue{
			Sources: map[string]*Source{}, Companies: map[string]*Company{}, Services: map[string]*Service{},
			Clouds: map[string]*Cloud{}, places: map[string]Point{},
		},
	}
	var failed []error
	for _, in := range inputs {
		if err := l.add(in); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) > 0 {
		return nil, errors.Join(failed...)
	}
	l.check()
	for _, f := range l.files {
		failed = append(failed, f.Err())
	}
	return l.c, errors.Join(failed...)
}

// An origin is where an entry was written last.
type origin struct {
	file *document.File
	path string
}

func (o origin) wrong(field, remedy, format string, args ...any) {
	path := o.path
	if field != "" {
		path += "." + field
	}
	o.file.Wrong(path, remedy, format, args...)
}

type loader struct {
	c       *Catalogue
	now     time.Time
	files   []*document.File
	origins map[string]origin // kind and id
}

// add reads one file and lays it over what is there.
func (l *loader) add(in Input) error {
	var doc file
	f, err := document.Read(in.Name, in.Data, &doc)
	if err != nil {
		return err
	}
	l.files = append(l.files, f)
	if doc.Version != 1 {
		f.Wrong("version", "write \"version: 1\"", "is %d, and this reader knows 1", doc.Version)
	}
	each(l, "sources", doc.Sources, func(e *Source) string { return e.ID }, func(e *Source) { l.c.Sources[e.ID] = e })
	each(l, "companies", doc.Companies, func(e *Company) string { return e.ID }, func(e *Company) { l.c.Companies[e.ID] = overCompany(l.c.Companies[e.ID], e) })
	each(l, "clouds", doc.Clouds, func(e *Cloud) string { return e.ID }, func(e *Cloud) { l.c.Clouds[e.ID] = overCloud(l.c.Clouds[e.ID], e) })
	each(l, "services", doc.Services, func(e *Service) string { return e.ID }, func(e *Service) { l.c.Services[e.ID] = overService(l.c.Services[e.ID], e) })
	each(l, "laws", doc.Laws, func(e *Law) string { return e.Of + " " + e.Name }, func(e *Law) { l.c.Laws = append(l.c.Laws, e) })
	each(l, "makers", doc.Makers, func(e *Maker) string { return e.Family }, func(e *Maker) {
		l.c.Makers = append([]*Maker{e}, l.c.Makers...) // a later file's word goes first
	})
	for _, code := range sorted(doc.Places) {
		p := doc.Places[code]
		if !Country(code) || len(p) != 2 {
			f.Wrong("places."+code, "write an ISO 3166 code in capitals with latitude and longitude", "is not a place")
			continue
		}
		l.c.places[code] = Point{p[0], p[1]}
	}
	return nil
}

// each names the entries of one kind in the newest file, says which are twice in their file, and lays
// them over what is there. An empty entry is one without an id, and is told so.
func each[E any](l *loader, kind string, entries []*E, id func(*E) string, lay func(*E)) {
	f := l.files[len(l.files)-1]
	for i, e := range entries {
		if e == nil {
			e = new(E)
			entries[i] = e
		}
		key, o := id(e), origin{f, fmt.Sprintf("%s[%d]", kind, i)}
		if key == "" {
			o.wrong("", "give it an id", "has no id")
		}
		if was, twice := l.origins[kind+" "+key]; twice && was.file == f {
			o.wrong("id", "merge the two entries", "%q is there twice in this file", key)
		}
		l.origins[kind+" "+key] = o
		lay(e)
	}
}

func overCompany(was, is *Company) *Company {
	if was == nil {
		return is
	}
	out := *was
	set(&out.Name, is.Name)
	setFact(&out.Home, is.Home)
	setFact(&out.Seat, is.Seat)
	setFact(&out.Parent, is.Parent)
	return &out
}

func overCloud(was, is *Cloud) *Cloud {
	if was == nil {
		return is
	}
	out := &Cloud{ID: was.ID, Source: is.Source, Regions: map[string]Region{}}
	if out.Source == "" {
		out.Source = was.Source
	}
	for k, r := range was.Regions {
		out.Regions[k] = r
	}
	for k, r := range is.Regions {
		out.Regions[k] = r
	}
	return out
}

func overService(was, is *Service) *Service {
	if was == nil {
		return is
	}
	out := *was
	set(&out.Name, is.Name)
	set(&out.Provider, is.Provider)
	set(&out.Kind, is.Kind)
	set(&out.Source, is.Source)
	set(&out.ARN, is.ARN)
	set(&out.Cloud, is.Cloud)
	out.Names = append(append([]string(nil), was.Names...), is.Names...)
	out.Hosts = append(append([]Host(nil), is.Hosts...), was.Hosts...)
	out.Models = append(append([]Scope(nil), was.Models...), is.Models...)
	setFact(&out.Company, is.Company)
	setFact(&out.Stored, is.Stored)
	setFact(&out.Runs, is.Runs)
	setFact(&out.Retention, is.Retention)
	setFact(&out.Training, is.Training)
	setFact(&out.Subprocessors, is.Subprocessors)
	setFact(&out.Resells, is.Resells)
	return &out
}

func set(to *string, s string) {
	if s != "" {
		*to = s
	}
}

func setFact[T any](to **Fact[T], f *Fact[T]) {
	if f != nil {
		*to = f
	}
}
