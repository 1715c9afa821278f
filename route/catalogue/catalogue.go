// Package catalogue knows endpoints: which provider and service answers there,
// in which region, which company stands behind it under whose law, and what it
// does with the data by default.
//
// It is a set of data files, each fact with a source and a date. It promises
// that what it does not know it does not say: an endpoint that is in no file is
// unknown, a fact without a source is an error, and a fact that is absent is
// nil. It refuses to rank countries or companies; what is allowed is policy.
package catalogue

import (
	"time"

	"iolaus/route/document"
)

// A Catalogue is what the files say together. Its zero value knows nothing.
type Catalogue struct {
	Sources   map[string]*Source
	Companies map[string]*Company
	Services  map[string]*Service
	Clouds    map[string]*Cloud
	Laws      []*Law
	Makers    []*Maker

	hosts  []hostRule
	byName map[string]*Service
	byARN  map[string]*Service
	places map[string]Point
}

// A Source is where facts were read, and when.
type Source struct {
	ID    string        `yaml:"id"`
	Title string        `yaml:"title"`
	URL   string        `yaml:"url"`
	Date  document.Date `yaml:"date"` // of the reading, or of the text where Read is given
}

// A Fact is one thing said with its source. Where a fact is unknown its pointer
// is nil.
type Fact[T any] struct {
	Is     T             `yaml:"is" json:"is"`
	Source string        `yaml:"source" json:"source"`
	Date   document.Date `yaml:"date" json:"date,omitzero"` // when other than its source's
	Note   string        `yaml:"note" json:"note,omitempty"`
}

// A Company is a legal entity. Home is the jurisdiction it is organised under
// and Seat the one it is led from, as ISO 3166 codes; Parent is the id of the
// company that controls it.
type Company struct {
	ID     string        `yaml:"id"`
	Name   string        `yaml:"name"`
	Home   *Fact[string] `yaml:"home"`
	Seat   *Fact[string] `yaml:"seat"`
	Parent *Fact[string] `yaml:"parent"`
}

// A Cloud is a set of regions that several services share.
type Cloud struct {
	ID      string            `yaml:"id"`
	Source  string            `yaml:"source"`
	Regions map[string]Region `yaml:"regions"`
}

// A Region is a place in one country. At is latitude and longitude in degrees,
// good enough to draw.
type Region struct {
	Country string    `yaml:"country"`
	Place   string    `yaml:"place"`
	At      []float64 `yaml:"at"`
}

// A Service is what answers at endpoints.
type Service struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Provider string   `yaml:"provider"`
	Kind     string   `yaml:"kind"`   // api, cloud, router or self-hosted
	Source   string   `yaml:"source"` // of its endpoints
	Names    []string `yaml:"names"`  // as gateways and telemetry call it
	ARN      string   `yaml:"arn"`    // the service part of an ARN
	Cloud    string   `yaml:"cloud"`  // whose regions it runs in
	Hosts    []Host   `yaml:"hosts"`
	Models   []Scope  `yaml:"models"` // what the form of a model's name says

	Company       *Fact[string]   `yaml:"company"`
	Stored        *Fact[string]   `yaml:"stored"`    // country where it keeps data, when not the region's
	Runs          *Fact[[]string] `yaml:"runs"`      // where inference may happen, when not the region
	Retention     *Fact[int]      `yaml:"retention"` // days, by default
	Training      *Fact[string]   `yaml:"training"`  // never, opt-in, default or varies
	Subprocessors *Fact[[]string] `yaml:"subprocessors"`
	Resells       *Fact[bool]     `yaml:"resells"` // passes requests on to other companies
}

// A Host is a pattern of host names, and of paths when it has a slash: {region}
// and {any} stand for a part of a name, ** for any rest of a path.
type Host struct {
	Match  string          `yaml:"match"`
	Region string          `yaml:"region"` // when the pattern does not carry it
	Stored *Fact[string]   `yaml:"stored"`
	Runs   *Fact[[]string] `yaml:"runs"`
}

// A Scope says where requests to models with this prefix may run.
type Scope struct {
	Prefix string   `yaml:"prefix"`
	Name   string   `yaml:"name"` // what the provider calls it
	Runs   []string `yaml:"runs"`
	Source string   `yaml:"source"`
}

// A Law is a statute of one country or group that reaches data held there or by
// companies at home there.
type Law struct {
	Of     string        `yaml:"of"`   // country code, or EU
	Name   string        `yaml:"name"` // the statute
	Kind   string        `yaml:"kind"` // privacy or access
	Says   string        `yaml:"says"`
	Source string        `yaml:"source"`
	Date   document.Date `yaml:"date"`
}

// A Maker is who trained the models of a family, wherever they are served: a
// model of theirs in another's cloud still hangs on them.
type Maker struct {
	Family string `yaml:"family"` // the beginning of the models' names
	Name   string `yaml:"name"`
	Source string `yaml:"source"`
}

// A Point is a latitude and a longitude in degrees.
type Point struct{ Lat, Lon float64 }

// file is the form of one data file.
type file struct {
	Version   int                  `yaml:"version"`
	Sources   []*Source            `yaml:"sources"`
	Companies []*Company           `yaml:"companies"`
	Services  []*Service           `yaml:"services"`
	Clouds    []*Cloud             `yaml:"clouds"`
	Laws      []*Law               `yaml:"laws"`
	Makers    []*Maker             `yaml:"makers"`
	Places    map[string][]float64 `yaml:"places"` // country code: latitude, longitude
}

// Stale is a fact whose source is older than it should be.
type Stale struct {
	Source string
	URL    string
	Date   document.Date
	Days   int
	Facts  int // how many facts rest on it
}

// Home returns the company behind a service and, following parents, the one on
// top; nil where unknown.
func (c *Catalogue) Home(s *Service) (entity, parent *Company) {
	if s == nil || s.Company == nil {
		return nil, nil
	}
	entity = c.Companies[s.Company.Is]
	parent = entity
	for range len(c.Companies) {
		if parent == nil || parent.Parent == nil {
			break
		}
		parent = c.Companies[parent.Parent.Is]
	}
	return entity, parent
}

// Homes lists the jurisdictions a company answers to: where it is organised and
// where it is led from. Empty when unknown.
func (e *Company) Homes() []string {
	var out []string
	for _, f := range []*Fact[string]{e.home(), e.seat()} {
		if f != nil && !contains(out, f.Is) {
			out = append(out, f.Is)
		}
	}
	return out
}

func (e *Company) home() *Fact[string] {
	if e == nil {
		return nil
	}
	return e.Home
}

func (e *Company) seat() *Fact[string] {
	if e == nil {
		return nil
	}
	return e.Seat
}

// At returns where a country lies on a map; false when no file says so.
func (c *Catalogue) At(country string) (Point, bool) {
	p, ok := c.places[country]
	return p, ok
}

// LawsOf lists the statutes of a country, those of its groups included.
func (c *Catalogue) LawsOf(country string) []*Law {
	var out []*Law
	for _, l := range c.Laws {
		if l.Of == country || contains(Members(l.Of), country) {
			out = append(out, l)
		}
	}
	return out
}

// Dated returns the day on which a fact of this source was last checked.
func (c *Catalogue) Dated(source string, own document.Date) time.Time {
	if !own.IsZero() {
		return own.Time
	}
	if s := c.Sources[source]; s != nil {
		return s.Date.Time
	}
	return time.Time{}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
