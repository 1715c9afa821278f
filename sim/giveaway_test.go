package sim

import (
	"bytes"
	"testing"

	"github.com/valyala/fastjson"
)

func sampleSources(t *testing.T, raw []byte) []string {
	t.Helper()
	seen := map[string]bool{}
	var out []string
	err := eachLine(bytes.NewReader(raw), func(v *fastjson.Value) {
		if s := str(v, "s"); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// No single feature of an account tells heads from innocents of equal volume. Volume
// itself is what an operator lives on and is compared unmatched: it is reported, not
// held. The naive world is exempt: it is easy on purpose.
func TestNothingGivesOperatorsAway(t *testing.T) {
	if testing.Short() {
		t.Skip("plays every hard world")
	}
	texts := builtin(t)
	for _, name := range []string{"proxied", "wording", "regrowth", "twins", "relay", "bare", "slow", "framing"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			spec.Scale = .4
			w, err := New(spec, texts)
			if err != nil {
				t.Fatal(err)
			}
			leaks, err := w.GiveAway()
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range leaks {
				if l.Feature == "exchanges" {
					t.Logf("volume: %.3f", l.AUC)
				} else if l.AUC < .1 || l.AUC > .9 {
					t.Errorf("%s gives the operator away: AUC %.3f over %d heads", l.Feature, l.AUC, l.Heads)
				}
			}
		})
	}
}

func TestStratified(t *testing.T) {
	rows := []scored{{1, 0, false}, {2, 0, false}, {3, 0, true}, {5, 1, true}, {9, 1, false}, {7, 2, true}}
	if auc, heads := stratified(rows); auc != .5 || heads != 2 {
		t.Errorf("AUC %.2f over %d heads, want 0.50 over 2: one above, one below, one without peers", auc, heads)
	}
}
