package gateway

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write goldens anew")

// TestRead: what each configuration in testdata allows, with file and line, or
// what is wrong with it, is the golden beside it.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		c := &Config{}
		if err := c.Read(filepath.Base(name), raw); err != nil {
			fmt.Fprintf(&b, "error: %v\n", err)
		}
		describe(&b, c)
		golden := strings.TrimSuffix(name, ".yaml") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || b.String() != string(want) {
			t.Errorf("%s (%v)\n got: %s\nwant: %s", golden, err, b.String(), want)
		}
	}
}

func describe(b *strings.Builder, c *Config) {
	groups := map[string]bool{}
	for _, d := range c.Deployments {
		groups[d.Group] = true
		fmt.Fprintf(b, "line %d: %s -> provider %q, model %q, endpoint %q, region %q, priority %d\n", d.At.Line, d.Group, d.Provider, d.Model, d.Endpoint, d.Region, d.Priority)
	}
	for _, f := range c.Fallbacks {
		fmt.Fprintf(b, "line %d: %s fall-back %s -> %s\n", f.At.Line, f.Kind, f.From, strings.Join(f.To, ", "))
	}
	for _, w := range c.Wildcards {
		fmt.Fprintf(b, "line %d: open: %s: %s\n", w.At.Line, w.Pattern, w.What)
	}
	for _, s := range c.Stores {
		fmt.Fprintf(b, "line %d: store %s: %s\n", s.At.Line, s.Name, s.What)
	}
	var names []string
	for g := range groups {
		names = append(names, g)
	}
	sort.Strings(names)
	for _, g := range names {
		var ends []string
		for _, t := range c.Targets(g) {
			ends = append(ends, strings.TrimSpace(first(t.Endpoint, t.Provider)+" "+t.Region)+" ("+first(t.Via, "direct")+")")
		}
		fmt.Fprintf(b, "a request for %s may end at %s\n", g, strings.Join(ends, "; "))
	}
}

// FuzzRead: no configuration breaks the reader, and circles of fall-backs end.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := &Config{}
		if err := c.Read("fuzz.yaml", raw); err != nil {
			return
		}
		for _, d := range c.Deployments {
			c.Targets(d.Group)
		}
	})
}
