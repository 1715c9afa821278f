package policy

import (
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"iolaus/route/catalogue"
	"iolaus/route/document"
)

// Parse reads a policy. Now is the day of the reading, and the catalogue tells
// which services exist. The error joins every mistake, each a *document.Problem.
func Parse(name string, data []byte, now time.Time, c *catalogue.Catalogue) (*Policy, error) {
	p := &Policy{}
	f, err := document.Read(name, data, p)
	if err != nil {
		return nil, err
	}
	p.file = f
	basis, err := Law(p.Basis)
	if err != nil {
		f.Wrong("basis", "write one of "+strings.Join(Bases(), ", "), "%q is not a known basis", p.Basis)
		basis = &Basis{}
	}
	k := &checker{p: p, f: f, basis: basis, now: now, c: c}
	k.head()
	for i := range p.Classes {
		k.class(fmt.Sprintf("classes[%d]", i), &p.Classes[i])
	}
	for i := range p.Evidence {
		k.evidence(fmt.Sprintf("evidence[%d]", i), &p.Evidence[i])
	}
	for i := range p.Workloads {
		k.workload(fmt.Sprintf("workloads[%d]", i), &p.Workloads[i])
	}
	for i, s := range p.Stores {
		k.country(fmt.Sprintf("stores[%d].country", i), s.Country)
		if s.Home != "" {
			k.country(fmt.Sprintf("stores[%d].home", i), s.Home)
		}
	}
	k.unique()
	if err := f.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

type checker struct {
	p     *Policy
	f     *document.File
	basis *Basis
	now   time.Time
	c     *catalogue.Catalogue
}

// Kinds of documents that count as evidence.
func evidenceKinds() []string {
	return []string{"contract", "dpa", "assessment", "consent", "certificate", "configuration", "letter"}
}

func (k *checker) head() {
	if k.p.Version != 1 {
		k.f.Wrong("version", "write \"version: 1\"", "is %d, and this reader knows 1", k.p.Version)
	}
	if k.p.Name == "" {
		k.f.Wrong("name", "give the policy a name for the report", "is missing")
	}
	k.country("home", k.p.Home)
	if len(k.p.Classes) == 0 {
		k.f.Wrong("classes", "write at least one class of data", "is missing")
	}
	if k.p.Class(k.p.Default) == nil {
		k.f.Wrong("default", "name one of classes, for workloads that nobody declared", "%q is not a class", k.p.Default)
	}
	for i, w := range k.p.Identify {
		k.oneOf(fmt.Sprintf("identify[%d]", i), w, "team", "key", "account", "org")
	}
	for _, rule := range slices.Sorted(maps.Keys(k.p.Severity)) {
		level := k.p.Severity[rule]
		if RuleNamed(rule) == nil {
			k.f.Wrong("severity."+rule, near("see doc/route.md for the rules", rule, RuleNames()), "is not a rule")
		}
		k.oneOf("severity."+rule, level, "high", "medium", "low", "off")
	}
}

func (k *checker) country(path, code string) {
	if catalogue.Country(code) {
		return
	}
	remedy := "write an ISO 3166-1 code of two capital letters"
	if code == "UK" {
		remedy = "write GB, the ISO 3166-1 code of the United Kingdom"
	} else if up := strings.ToUpper(code); catalogue.Country(up) {
		remedy = fmt.Sprintf("write %q", up)
	}
	k.f.Wrong(path, remedy, "%q is not a country code", code)
}

func (k *checker) places(path string, list []string) {
	for i, w := range list {
		if w != catalogue.Anywhere && !catalogue.IsPlace(w) {
			k.country(fmt.Sprintf("%s[%d]", path, i), w)
		}
	}
}

func (k *checker) oneOf(path, is string, words ...string) {
	for _, w := range words {
		if is == w {
			return
		}
	}
	k.f.Wrong(path, near("write one of "+strings.Join(words, ", "), is, words), "is %q", is)
}

func (k *checker) optional(path, is string, words ...string) {
	if is != "" {
		k.oneOf(path, is, words...)
	}
}

func near(remedy, word string, known []string) string {
	if n := document.Near(word, known); n != "" {
		return remedy + fmt.Sprintf("; %q is nearest", n)
	}
	return remedy
}

func (k *checker) class(at string, c *Class) {
	if c.Name == "" {
		k.f.Wrong(at+".name", "give the class a name", "is missing")
	}
	k.places(at+".regions", c.Regions)
	k.places(at+".homes", c.Homes)
	k.optional(at+".training", c.Training, "forbidden", "allowed")
	k.optional(at+".resellers", c.Resellers, "forbidden", "declared", "allowed")
	k.optional(at+".cross_region", c.CrossRegion, "forbidden", "within", "allowed")
	k.optional(at+".fallbacks", c.Fallbacks, "forbidden", "within", "allowed")
	k.optional(at+".subprocessors", c.Subprocessors, "known", "any")
	k.optional(at+".ground", c.Ground, "required", "not-required")
	for i, e := range c.Evidence {
		k.oneOf(fmt.Sprintf("%s.evidence[%d]", at, i), e, evidenceKinds()...)
	}
	if c.Retention != nil && *c.Retention < 0 {
		k.f.Wrong(at+".retention", "write days, 0 or more", "is %d", *c.Retention)
	}
}

func (k *checker) evidence(at string, e *Evidence) {
	if e.ID == "" {
		k.f.Wrong(at+".id", "give the document an id", "is missing")
	}
	k.oneOf(at+".kind", e.Kind, evidenceKinds()...)
	if e.Date.IsZero() {
		k.f.Wrong(at+".date", "write the day of the document", "is missing")
	}
	if e.Date.After(k.now) {
		k.f.Wrong(at+".date", "write the day on which it was signed or issued", "%s is in the future", e.Date)
	}
	if !e.Expires.IsZero() && !e.Expires.After(e.Date.Time) {
		k.f.Wrong(at+".expires", "write a day after the document's date", "%s is not after %s", e.Expires, e.Date)
	}
	if b, err := hex.DecodeString(e.SHA256); e.SHA256 != "" && (err != nil || len(b) != 32) {
		k.f.Wrong(at+".sha256", "write the output of sha256sum", "is not 64 hexadecimal digits")
	}
	if (e.File == "") != (e.SHA256 == "") {
		k.f.Wrong(at, "give both file and sha256, or neither when the document is kept elsewhere", "has only one of file and sha256")
	}
	if e.File != "" && (path.IsAbs(e.File) || strings.HasPrefix(path.Clean(e.File), "..")) {
		k.f.Wrong(at+".file", "keep it beside or below the policy", "%q is outside the policy's folder", e.File)
	}
	k.optional(at+".says.training", e.Says.Training, "never", "opt-in", "default", "varies")
	k.places(at+".says.runs", e.Says.Runs)
	if e.Says.Stored != "" {
		k.country(at+".says.stored", e.Says.Stored)
	}
	if e.Says.Home != "" {
		k.country(at+".says.home", e.Says.Home)
	}
}

func (k *checker) workload(at string, w *Workload) {
	if w.Name == "" {
		k.f.Wrong(at+".name", "give the workload a name", "is missing")
	}
	if w.Match == (Match{}) {
		k.f.Wrong(at+".match", "give at least one of team, key, account, org", "is missing")
	}
	for i, m := range w.Also {
		if m == (Match{}) {
			k.f.Wrong(fmt.Sprintf("%s.also[%d]", at, i), "give at least one of team, key, account, org", "is empty")
		}
	}
	if k.p.Class(w.Class) == nil {
		var names []string
		for _, c := range k.p.Classes {
			names = append(names, c.Name)
		}
		k.f.Wrong(at+".class", near("name one of classes", w.Class, names), "%q is not a class", w.Class)
	}
	for i := range w.Uses {
		k.use(fmt.Sprintf("%s.uses[%d]", at, i), &w.Uses[i])
	}
}

func (k *checker) use(at string, u *Use) {
	if k.c != nil && k.c.Services[u.Service] == nil {
		names := slices.Sorted(maps.Keys(k.c.Services))
		k.f.Wrong(at+".service", near("name a service of the catalogue, or add one in a file of your own", u.Service, names),
			"%q is not in the catalogue", u.Service)
	}
	if u.Ground != "" && k.basis.Ground(u.Ground) == nil && len(k.basis.Grounds) > 0 {
		k.f.Wrong(at+".ground", near("write one of "+strings.Join(k.basis.groundNames(), ", "), u.Ground, k.basis.groundNames()),
			"%q is not a ground of %s", u.Ground, k.basis.Name)
	}
	for i, id := range u.Evidence {
		if k.p.Document(id) == nil {
			k.f.Wrong(fmt.Sprintf("%s.evidence[%d]", at, i), "add it to evidence", "%q is not a document of this policy", id)
		}
	}
}

// unique finds names that are given twice.
func (k *checker) unique() {
	seen := map[string]bool{}
	twice := func(kind, name, at string) {
		if name != "" && seen[kind+" "+name] {
			k.f.Wrong(at, "rename one of the two", "%q is there twice", name)
		}
		seen[kind+" "+name] = true
	}
	for i, c := range k.p.Classes {
		twice("class", c.Name, fmt.Sprintf("classes[%d].name", i))
	}
	for i, w := range k.p.Workloads {
		twice("workload", w.Name, fmt.Sprintf("workloads[%d].name", i))
	}
	for i, e := range k.p.Evidence {
		twice("evidence", e.ID, fmt.Sprintf("evidence[%d].id", i))
	}
}
