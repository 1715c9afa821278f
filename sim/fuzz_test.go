package sim

import (
	"encoding/json"
	"strings"
	"testing"
)

// A spec is accepted or refused, and an accepted one makes a world.
func FuzzReadSpec(f *testing.F) {
	for _, s := range []string{
		"name: a\ndays: 2\ncrowds: {hobby: 3}\n", `{"days":1,"crowds":{"saas":1},"operators":[{"heads":2,"start":0.5,"frame":"bare"}]}`,
		"operators:\n- {bans: 3, regrow: 2, cover: 0.2, relay: 0.3, kit: k}\ndays: 3\ncrowds: {class: 4}\n", "days: [", "scale: -1", "models: []",
	} {
		f.Add(s)
	}
	texts := builtin(f)
	f.Fuzz(func(t *testing.T, s string) {
		spec, err := ReadSpec(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, n := range spec.Crowds { // a large world is not a fault, only slow
			if float64(n)*max(1, spec.Scale) > 50 {
				return
			}
		}
		if spec.Crowds == nil || spec.Days > 5 || len(spec.Operators) > 2 {
			return
		}
		for _, o := range spec.Operators {
			if o.Heads > 20 || o.PerDay > 100 || o.Bans > 20 || spec.Scale > 2 || o.Samples > 5 || o.Variants > 50 || o.Companies > 50 {
				return
			}
		}
		w, err := New(spec, texts)
		if err != nil {
			t.Fatalf("accepted and not made: %v", err)
		}
		checkWorld(t, w)
	})
}

// A phrase bank is read or refused; what is drawn from it ends.
func FuzzParseTongue(f *testing.F) {
	f.Add("[a]\n{x|y <b>}{|z}\n[b]\n<n> and <name>\n")
	f.Add("[a]\n{{{")
	f.Add("[a]\n<a><a><a>\n")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 120 { // longer ones can ask for a great deal of text
			return
		}
		tongue, err := parseSections("xx", s)
		if err != nil {
			return
		}
		d := newDice(1, 1)
		for name := range tongue.sections {
			if out := tongue.draw(d, name, subject{}); len(out) > 1<<20 {
				t.Fatalf("a draw of %d bytes", len(out))
			}
		}
	})
}

// Every string becomes valid JSON that reads back as the same valid text.
func FuzzAppendString(f *testing.F) {
	f.Add("plain")
	f.Add("\xff\x00\"\\\u2028日本")
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal(appendString(nil, s), &back); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); strings.ReplaceAll(back, "\uFFFD", "") != strings.ReplaceAll(want, "\uFFFD", "") {
			t.Fatalf("%q reads back as %q", s, back)
		}
	})
}
