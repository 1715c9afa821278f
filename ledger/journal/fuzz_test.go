package journal

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"iolaus/exchange"
)

// FuzzDecode holds that a body from anywhere neither panics nor gives a trace
// that could harm whoever takes it.
func FuzzDecode(f *testing.F) {
	rng := rand.New(rand.NewPCG(1, 1))
	var fr frame
	var x index
	f.Add(fr.encode(nil))
	for range 3 {
		t := randomTrace(rng, day0)
		if err := fr.add(&x, &t); err != nil {
			f.Fatal(err)
		}
		f.Add(fr.encode(nil))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var d decoder
		var again frame
		var x index
		err := d.decode(body, func(tr *exchange.Trace) error {
			if tr.Capability >= exchange.Capabilities || tr.Left > exchange.MaxObservables {
				t.Fatalf("%+v", tr)
			}
			if y := tr.Time.Year(); y < minYear || y > maxYear {
				return nil
			}
			return again.add(&x, tr)
		})
		if err != nil {
			return
		}
		n := 0
		if err := d.decode(again.encode(nil), func(*exchange.Trace) error { n++; return nil }); err != nil || n != again.count {
			t.Fatalf("what was decoded does not come back: %v", err)
		}
	})
}

// FuzzFile holds that a file from anywhere neither panics nor is mended twice.
func FuzzFile(f *testing.F) {
	var fr frame
	var x index
	t := randomTrace(rand.New(rand.NewPCG(2, 1)), day0)
	if err := fr.add(&x, &t); err != nil {
		f.Fatal(err)
	}
	file := appendFileHead(nil, ours)
	f.Add(file)
	f.Add(appendHead(file, &head{step: 1, commit: true, at: day0.UnixNano(), marks: []Mark{{Name: "log", Newest: day0}, {}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "20260501-000001.zst"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		taken := 0
		state, err := Replay(dir, ours, func(uint64, *exchange.Trace) error { taken++; return nil })
		if err == nil && uint64(taken) != state.Traces {
			t.Fatalf("%d traces taken, %d told", taken, state.Traces)
		}
		j, err := Open(dir, ours)
		if err != nil {
			return
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if _, state, err := survey(dir, ours); err != nil || len(state.Cut) > 0 {
			t.Fatalf("not mended: %v %v", state.Cut, err)
		}
	})
}
