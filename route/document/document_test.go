package document

import (
	"errors"
	"strings"
	"testing"
)

type form struct {
	Version int    `yaml:"version"`
	Since   Date   `yaml:"since"`
	Items   []item `yaml:"items"`
}

type item struct {
	Name string            `yaml:"name"`
	Days *int              `yaml:"days"`
	Tags map[string]string `yaml:"tags"`
}

func TestRead(t *testing.T) {
	for _, f := range []struct{ in, want string }{
		{"version: 1\nsince: 2026-11-24\nitems:\n  - name: a\n", ""},
		{"", "f.yaml: is empty; write at least \"version: 1\""},
		{"version: 1\n---\nversion: 2\n", "f.yaml:3: has more than one YAML document; keep one"},
		{"version: 1\nitmes: []\n", "f.yaml:2: itmes: is not a key that this file knows; remove it, or write \"items\" if that was meant"},
		{"version: 1\nzzzzzz: []\n", "f.yaml:2: zzzzzz: is not a key that this file knows; remove it"},
		{"version: 1\nsince: 24.11.2026\n", "f.yaml:2: since: \"24.11.2026\" is not a date; write a day such as 2026-11-24"},
		{"version: 1\nitems:\n  - name: a\n    days: many\n", "f.yaml:4: is a text where a whole number belongs; write a whole number"},
	} {
		var v form
		_, err := Read("f.yaml", []byte(f.in), &v)
		got := ""
		if err != nil {
			got = err.Error()
			var p *Problem
			if !errors.As(err, &p) {
				t.Errorf("%q: the error is no Problem: %v", f.in, err)
			}
		}
		if got != f.want {
			t.Errorf("%q\n got %q\nwant %q", f.in, got, f.want)
		}
	}
}

// TestLine: a path that exists has its line, one that does not its parent's.
func TestLine(t *testing.T) {
	var v form
	f, err := Read("f.yaml", []byte("version: 1\n\nitems:\n  - name: a\n  - name: b\n    tags:\n      k: v\n"), &v)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"version": 1, "items[0]": 4, "items[1].name": 5, "items[1].days": 5, "items[1].tags.k": 7, "items[7].name": 4, "gone": 1} {
		if got := f.Line(path); got != want {
			t.Errorf("%s is on line %d, want %d", path, got, want)
		}
	}
	f.Wrong("items[1].name", "write another", "is %q", "b")
	f.Wrong("version", "", "is old")
	if got := f.Err().Error(); got != "f.yaml:5: items[1].name: is \"b\"; write another\nf.yaml:1: version: is old" {
		t.Errorf("got %q", got)
	}
}

func TestNear(t *testing.T) {
	known := strings.Fields("retention regions homes training")
	for word, want := range map[string]string{"retenton": "retention", "region": "regions", "home": "homes", "traning": "training", "colour": "", "": ""} {
		if got := Near(word, known); got != want {
			t.Errorf("Near(%q) = %q, want %q", word, got, want)
		}
	}
}
