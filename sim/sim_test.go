package sim

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"iolaus/exchange"
)

func builtin(t testing.TB) *Texts {
	t.Helper()
	texts, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func named(t testing.TB, texts *Texts, name string, seed uint64) *World {
	t.Helper()
	spec, err := Named(name)
	if err != nil {
		t.Fatal(err)
	}
	spec.Seed = seed
	w, err := New(spec, texts)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// digest is everything that a world writes, as one sum.
func digest(t *testing.T, w *World) string {
	t.Helper()
	h := sha256.New()
	for _, write := range []func(io.Writer) error{
		w.writeAccounts, w.writeTruth,
		func(out io.Writer) error { return w.writeExchanges(out, nil) },
	} {
		if err := write(h); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	first := digest(t, named(t, builtin(t), "demo", 5))
	w := named(t, builtin(t), "demo", 5)
	if again := digest(t, w); again != first {
		t.Errorf("two worlds of one seed differ: %s, %s", first, again)
	}
	if again := digest(t, w); again != first {
		t.Errorf("a world played twice differs: %s, %s", first, again)
	}
	if other := digest(t, named(t, builtin(t), "demo", 6)); other == first {
		t.Error("another seed gives the same world")
	}
}

// An operator that is added changes nothing about the innocent.
func TestInnocentsAreIndependentOfOperators(t *testing.T) {
	texts := builtin(t)
	spec, err := Named("quick-twins")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(s Spec) map[string]int {
		w, err := New(s, texts)
		if err != nil {
			t.Fatal(err)
		}
		benign := map[string]bool{}
		for _, x := range w.Truth {
			benign[x.Account] = x.Label == "benign"
		}
		sums := map[string]int{}
		var b []byte
		err = w.Each(func(x *exchange.Exchange) error {
			if benign[x.Account] {
				b = appendLiteLLM(b[:0], x)
				sums[fmt.Sprintf("%x", sha256.Sum256(b))]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return sums
	}
	with := lines(spec)
	spec.Operators = nil
	without := lines(spec)
	if len(with) != len(without) {
		t.Fatalf("%d innocent lines with operators, %d without", len(with), len(without))
	}
	for k, n := range with {
		if without[k] != n {
			t.Fatal("an innocent exchange differs when operators are there")
		}
	}
}

func TestTruthAndOrder(t *testing.T) {
	texts := builtin(t)
	for _, name := range Names() {
		if name == "demo" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w := named(t, texts, "quick-"+name, 3)
			checkWorld(t, w)
			campaigns := map[string]int{}
			for _, x := range w.Truth {
				if x.Label == "campaign" {
					campaigns[x.Operator]++
				}
			}
			if len(campaigns) != len(w.Spec.Operators) {
				t.Errorf("heads of %v, want %d operators", campaigns, len(w.Spec.Operators))
			}
		})
	}
}

// checkWorld plays a world and compares it with its registry and truth.
func checkWorld(t *testing.T, w *World) {
	t.Helper()
	byID := map[string]int{}
	for i, a := range w.Accounts {
		byID[a.ID] = i
		if w.Truth[i].Account != a.ID {
			t.Fatalf("truth %d is of %s, account is %s", i, w.Truth[i].Account, a.ID)
		}
	}
	if len(byID) != len(w.Accounts) {
		t.Fatal("two accounts have one id")
	}
	ids := make(map[string]bool, w.Len())
	ok := make([]int, len(w.Accounts))
	var last int64
	err := w.Each(func(x *exchange.Exchange) error {
		i, known := byID[x.Account]
		a := w.Accounts[i]
		ms := x.Time.UnixMilli()
		switch {
		case !known:
			return fmt.Errorf("unknown account %s", x.Account)
		case ms < last:
			return fmt.Errorf("%s goes back in time", x.ID)
		case ids[x.ID]:
			return fmt.Errorf("id %s twice", x.ID)
		case x.Time.Before(a.Created):
			return fmt.Errorf("%s acts at %s before sign-up at %s", a.ID, x.Time, a.Created)
		case !a.Banned.IsZero() && x.Time.After(a.Banned):
			return fmt.Errorf("%s acts after its ban", a.ID)
		case x.Time.Before(w.Spec.Start) || x.Time.After(w.Spec.Start.AddDate(0, 0, w.Spec.Days)):
			return fmt.Errorf("%s is outside the world's days", x.ID)
		case !x.Address.IsValid() || x.UserAgent == "" || x.TLS == "" || x.Model == "" || x.Key == "":
			return fmt.Errorf("%s lacks an address, client, model or key: %+v", x.ID, x)
		case len(x.Turns) == 0 || x.Newest() == "":
			return fmt.Errorf("%s of %s has no prompt", x.ID, w.Truth[i].Archetype)
		case !x.Failed && x.Output == "":
			return fmt.Errorf("%s of %s has no answer", x.ID, w.Truth[i].Archetype)
		}
		ids[x.ID], last = true, ms
		if !x.Failed {
			ok[i]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != w.Len() {
		t.Errorf("%d exchanges, Len says %d", len(ids), w.Len())
	}
	checkTruth(t, w, byID, ok)
}

// checkTruth compares the truth with how many exchanges succeeded.
func checkTruth(t *testing.T, w *World, byID map[string]int, ok []int) {
	t.Helper()
	for i, x := range w.Truth {
		if ok[i] != x.Exchanges || x.Extraction > x.Exchanges {
			t.Fatalf("%s: %d exchanges succeeded, truth says %d of which %d extract", x.Account, ok[i], x.Exchanges, x.Extraction)
		}
		if x.Label == "benign" && x.Extraction != 0 {
			t.Fatalf("%s is innocent and extracts", x.Account)
		}
		if x.Replaces != "" {
			before, known := byID[x.Replaces]
			if !known || w.Accounts[before].Banned.IsZero() || w.Truth[before].Operator != x.Operator {
				t.Fatalf("%s replaces %s, which was not banned or is somebody else's", x.Account, x.Replaces)
			}
		}
	}
}

func TestNamedWorldsAreLargeEnough(t *testing.T) {
	texts := builtin(t)
	for _, name := range []string{"naive", "innocent"} {
		w := named(t, texts, name, 1)
		benign := 0
		for _, x := range w.Truth {
			if x.Label == "benign" {
				benign++
			}
		}
		if benign < 10000 || w.Spec.Days != 21 {
			t.Errorf("%s: %d benign accounts over %d days", name, benign, w.Spec.Days)
		}
	}
}

func TestSpecs(t *testing.T) {
	good := "name: mine\ndays: 3\nscale: 0.01\noperators:\n- {name: a, heads: 3, per_day: 9, frame: own, start: 1}\n"
	if _, err := ReadSpec(strings.NewReader(good)); err != nil {
		t.Error(err)
	}
	if _, err := ReadSpec(strings.NewReader(`{"name":"json","days":2,"crowds":{"hobby":4}}`)); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ spec, complaint string }{
		{"days: 3\nheads: 4", "heads"},
		{"crowds: {hobbits: 3}", "hobbits"},
		{"operators: [{frame: loud}]", "frame"},
		{"operators: [{cover: 0.7, relay: 0.4}]", "cover and relay"},
		{"operators: [{targets: [poetry]}]", "poetry"},
		{"models: [{name: m, tier: huge}]", "tier"},
		{"days: 2\noperators: [{start: 5}]", "start"},
		{"days: -1", "days"},
	} {
		if _, err := ReadSpec(strings.NewReader(c.spec)); err == nil || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("%q: error %v, want one about %q", c.spec, err, c.complaint)
		}
	}
	if _, err := Named("atlantis"); err == nil {
		t.Error("a world that does not exist has a spec")
	}
}

// Heads come from the same countries and speak the same languages as anybody.
func TestCountriesAreNoEvidence(t *testing.T) {
	texts := builtin(t)
	heads, people := map[string]float64{}, map[string]float64{}
	var nh, np float64
	for seed := range uint64(6) {
		w := named(t, texts, "quick-slow", seed+1)
		for i, x := range w.Truth {
			if x.Label == "campaign" {
				heads[w.Accounts[i].BillCountry]++
				nh++
			} else {
				people[w.Accounts[i].BillCountry]++
				np++
			}
		}
	}
	chi, cells := 0.0, 0.0
	for c, n := range people {
		if want := n / np * nh; want >= 5 {
			d := heads[c] - want
			chi += d * d / want
			cells++
		}
	}
	if cells < 8 || chi > cells+4*3*cells/2 {
		t.Errorf("heads' countries differ from the people's: chi-square %.1f over %.0f countries", chi, cells)
	}
}

// Addresses of people are not in the hosting ranges, those of machines are.
func TestNetworksKeepApart(t *testing.T) {
	g := builtin(t).places
	for _, c := range g.countries {
		for _, p := range append(slices.Clone(c.homes), c.mobiles...) {
			for _, h := range append(slices.Clone(g.hosting), g.vpn...) {
				if p.Overlaps(h) {
					t.Errorf("%s: %s of people overlaps with %s of machines", c.code, p, h)
				}
			}
		}
	}
	d := newDice(1, 2)
	for range 1000 {
		p := netip.MustParsePrefix("5.9.0.0/16")
		if a := inside(d, p); !p.Contains(a) {
			t.Fatalf("%s is outside %s", a, p)
		}
	}
}

func TestJSONStrings(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", `"plain"`}, {"a\"b\\c\n\t\r", `"a\"b\\c\n\t\r"`}, {"\x01", `"\u0001"`}, {"日本 é", `"日本 é"`}, {"bad\xffend", `"bad` + "\uFFFD" + `end"`},
	} {
		if got := string(appendString(nil, c.in)); got != c.want {
			t.Errorf("appendString(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

// The sample's sources and licences are those of the notice; nothing else is embedded.
func TestEmbeddedTextsArePermissive(t *testing.T) {
	notice, err := embedded.ReadFile("texts/NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := embedded.ReadFile("texts/sample.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 400_000 {
		t.Errorf("the sample has %d bytes", len(raw))
	}
	sources := map[string]string{
		"arena-hard": "arena-hard", "awesome-chatgpt-prompts": "awesome-chatgpt-prompts", "gsm8k": "GSM8K", "humaneval": "HumanEval", "mmlu": "MMLU",
		"gorilla": "Gorilla", "gpteacher": "GPTeacher", "fireact": "FireAct", "kvcache-ai+Mooncake": "Mooncake", "EleutherAI+lm-evaluation-harness": "lm-evaluation-harness",
		"ShishirPatil+gorilla": "Gorilla", "SWE-agent+SWE-agent": "SWE-agent", "noahshinn+reflexion": "Reflexion", "OpenBMB+ToolBench": "ToolBench",
	}
	for _, s := range sampleSources(t, raw) {
		if name := sources[s]; name == "" || !bytes.Contains(notice, []byte(name)) {
			t.Errorf("source %q is not in the notice", s)
		}
	}
}
