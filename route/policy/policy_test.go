package policy

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/goccy/go-yaml"

	"iolaus/route/catalogue"
)

var update = flag.Bool("update", false, "write goldens anew")

var today = time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC)

func shipped(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load(today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestExamples: each example is read without a mistake and fits the schema.
func TestExamples(t *testing.T) {
	c, schema := shipped(t), compile(t)
	for _, name := range Bases() {
		raw, err := Example(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(name+".yaml", raw, today, c); err != nil {
			t.Errorf("example %s:\n%v", name, err)
		}
		if err := schema.Validate(asJSON(t, raw)); err != nil {
			t.Errorf("example %s does not fit the schema: %v", name, err)
		}
	}
	if _, err := Example("atlantis"); err == nil {
		t.Error("an example that does not exist was found")
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	k := jsonschema.NewCompiler()
	if err := k.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := k.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, raw []byte) any {
	t.Helper()
	j, err := yaml.YAMLToJSON(raw)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSchemaKnowsEveryKey: the schema and the reader know the same keys.
func TestSchemaKnowsEveryKey(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if props, ok := v["properties"].(map[string]any); ok {
				for k := range props {
					said[k] = true
				}
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(doc)
	known := map[string]bool{}
	var types func(reflect.Type)
	types = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			if name := t.Field(i).Tag.Get("yaml"); name != "" {
				known[name] = true
				types(t.Field(i).Type)
			}
		}
	}
	types(reflect.TypeOf(Policy{}))
	if !reflect.DeepEqual(said, known) {
		t.Errorf("schema and reader differ: %v", difference(said, known))
	}
}

func difference(a, b map[string]bool) []string {
	var out []string
	for k := range a {
		if !b[k] {
			out = append(out, "only in the schema: "+k)
		}
	}
	for k := range b {
		if !a[k] {
			out = append(out, "not in the schema: "+k)
		}
	}
	sort.Strings(out)
	return out
}

// TestLawsSpeakOfKnownRules: an article for a rule that does not exist is lost.
func TestLawsSpeakOfKnownRules(t *testing.T) {
	for _, id := range Bases() {
		b, err := Law(id)
		if err != nil {
			t.Fatal(err)
		}
		for rule := range b.Articles {
			if RuleNamed(rule) == nil {
				t.Errorf("%s speaks of the unknown rule %s", id, rule)
			}
		}
		if id == "internal" {
			continue
		}
		for _, r := range Rules() {
			if b.Articles[r.ID] == "" && r.ID != "stale-fact" {
				t.Errorf("%s says nothing to %s", id, r.ID)
			}
		}
	}
}

// TestMistakes: each file in testdata has one kind of mistake; what is said of
// it is the golden beside it.
func TestMistakes(t *testing.T) {
	c := shipped(t)
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(filepath.Base(name), raw, today, c)
		if err == nil {
			t.Errorf("%s was read without a word", name)
			continue
		}
		golden(t, strings.TrimSuffix(name, ".yaml")+".golden", err.Error()+"\n")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\n got: %s\nwant: %s", name, got, want)
	}
}

func TestLike(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"*", "", true}, {"*", "anything", true}, {"a*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "acb", false},
		{"*claude*", "us.anthropic.claude-x", true}, {"GPT-4.1", "gpt-4.1", true}, {"gpt-4.1", "gpt-4.1-mini", false}, {"a*b*c", "axxbyyc", true},
	} {
		if got := Like(c.pattern, c.s); got != c.want {
			t.Errorf("Like(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

// FuzzParse: no input breaks the reader, and what it accepts has a class for
// every workload.
func FuzzParse(f *testing.F) {
	for _, name := range Bases() {
		raw, _ := Example(name)
		f.Add(raw)
	}
	f.Add([]byte("version: 1\nname: x\nbasis: nz\nhome: UK\n"))
	c := shipped(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Parse("fuzz.yaml", raw, today, c)
		if err != nil {
			return
		}
		for _, w := range p.Workloads {
			if p.Class(w.Class) == nil {
				t.Errorf("workload %q has no class", w.Name)
			}
		}
	})
}
