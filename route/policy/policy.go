// Package policy reads what an organisation allows: which data may go where,
// under whose law, for how long, through whom, and which documents say so.
//
// It promises strict reading: an unknown key, a country that does not exist, a
// date that cannot be, a reference to nothing are errors with file, line and
// remedy. It holds the statutes' own words apart from the findings, so that a
// reader can check them. It gives no legal advice and decides nothing.
package policy

import (
	"iolaus/route/document"
)

// A Policy is one organisation's rules. Regions and homes are ISO 3166 codes,
// EU, EEA or anywhere.
type Policy struct {
	Version   int               `yaml:"version"`
	Name      string            `yaml:"name"`
	Basis     string            `yaml:"basis"` // nz, eu, au or internal
	Home      string            `yaml:"home"`  // country of the organisation
	Owner     string            `yaml:"owner"`
	Identify  []string          `yaml:"identify"` // names of an undeclared workload, the first that a line carries
	Default   string            `yaml:"default"`  // class of a workload that is not declared
	Classes   []Class           `yaml:"classes"`
	Workloads []Workload        `yaml:"workloads"`
	Evidence  []Evidence        `yaml:"evidence"`
	Stores    []Store           `yaml:"stores"`
	Severity  map[string]string `yaml:"severity"` // by rule: high, medium, low or off

	file *document.File
}

// A Class is a kind of data and what may happen to it. An empty list or word
// means that the policy does not restrict it.
type Class struct {
	Name          string   `yaml:"name"`
	Says          string   `yaml:"says"`
	Regions       []string `yaml:"regions"`       // where it may be processed and kept
	Homes         []string `yaml:"homes"`         // whose companies may hold it
	Retention     *int     `yaml:"retention"`     // days at most
	Training      string   `yaml:"training"`      // forbidden or allowed
	Resellers     string   `yaml:"resellers"`     // forbidden, declared or allowed
	CrossRegion   string   `yaml:"cross_region"`  // forbidden, within or allowed
	Fallbacks     string   `yaml:"fallbacks"`     // forbidden, within or allowed
	Subprocessors string   `yaml:"subprocessors"` // known or any
	Evidence      []string `yaml:"evidence"`      // kinds of documents that each use needs
	Ground        string   `yaml:"ground"`        // required when leaving home, or not
}

// A Workload is an application, team or key that sends requests.
type Workload struct {
	Name    string  `yaml:"name"`
	Owner   string  `yaml:"owner"`
	Purpose string  `yaml:"purpose"`
	Match   Match   `yaml:"match"`
	Also    []Match `yaml:"also"` // other ways to know it, for logs that name it otherwise
	Class   string  `yaml:"class"`
	Uses    []Use   `yaml:"uses"`
}

// A Match picks log lines by what they carry; every given field must fit, and *
// stands for any letters. At least one field is given.
type Match struct {
	Team    string `yaml:"team"`
	Key     string `yaml:"key"`
	Account string `yaml:"account"`
	Org     string `yaml:"org"`
}

// A Use declares that a workload may reach a service, and on what footing.
type Use struct {
	Service  string   `yaml:"service"`
	Hosts    []string `yaml:"hosts"`   // patterns with *; empty is any of the service
	Regions  []string `yaml:"regions"` // the provider's names; empty is any the class allows
	Models   []string `yaml:"models"`  // patterns with *; empty is any
	Ground   string   `yaml:"ground"`
	Evidence []string `yaml:"evidence"`
}

// Evidence is a document that the organisation holds. Says replaces what the
// catalogue knows of the service by default, while the document is in force.
type Evidence struct {
	ID      string        `yaml:"id"`
	Kind    string        `yaml:"kind"`
	Title   string        `yaml:"title"`
	File    string        `yaml:"file"` // relative to the policy
	SHA256  string        `yaml:"sha256"`
	Date    document.Date `yaml:"date"`
	Expires document.Date `yaml:"expires"`
	Says    Says          `yaml:"says"`
}

// Says is what a document settles; a nil or empty field settles nothing.
type Says struct {
	Retention     *int     `yaml:"retention"`
	Training      string   `yaml:"training"` // never, opt-in, default or varies
	Runs          []string `yaml:"runs"`
	Stored        string   `yaml:"stored"`
	Subprocessors []string `yaml:"subprocessors"`
	Resells       *bool    `yaml:"resells"`
	Entity        string   `yaml:"entity"` // the contracting company, as the document names it
	Home          string   `yaml:"home"`   // its jurisdiction
}

// A Store is where the organisation's own gateway keeps requests.
type Store struct {
	Name      string `yaml:"name"`
	Country   string `yaml:"country"`
	Home      string `yaml:"home"` // of the company that runs it
	Retention *int   `yaml:"retention"`
}

// Class returns the class of that name, nil when there is none.
func (p *Policy) Class(name string) *Class {
	for i := range p.Classes {
		if p.Classes[i].Name == name {
			return &p.Classes[i]
		}
	}
	return nil
}

// Document returns the evidence of that id, nil when there is none.
func (p *Policy) Document(id string) *Evidence {
	for i := range p.Evidence {
		if p.Evidence[i].ID == id {
			return &p.Evidence[i]
		}
	}
	return nil
}

// Line returns the line of the policy file at a path such as workloads[2].uses[0].
func (p *Policy) Line(path string) int {
	if p.file == nil {
		return 0
	}
	return p.file.Line(path)
}

// File returns the name under which the policy was read.
func (p *Policy) File() string {
	if p.file == nil {
		return ""
	}
	return p.file.Name
}

// Like says whether s fits a pattern in which * stands for any letters. Case
// does not matter.
func Like(pattern, s string) bool { return like(lower(pattern), lower(s)) }

func like(pattern, s string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == '*':
			star, mark = j, i
			j++
		case j < len(pattern) && pattern[j] == s[i]:
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(pattern) && pattern[j] == '*' {
		j++
	}
	return j == len(pattern)
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
