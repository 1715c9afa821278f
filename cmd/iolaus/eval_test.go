package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/sim"
	"iolaus/sketch"
)

// TestEvalIsDetect holds that the evaluation in process finds what the command
// finds in the same world's log: the same campaigns, accounts and moments.
func TestEvalIsDetect(t *testing.T) {
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range []string{"demo", "quick-naive"} {
		spec, err := sim.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := sim.New(spec, texts)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := w.Write(dir, sim.Output{}); err != nil {
			t.Fatal(err)
		}
		want := detected(t, dir)
		got := evaluated(t, w)
		found += len(got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: in process %d campaigns, by command %d, or not the same:\n%v\n%v", name, len(got), len(want), got, want)
		}
	}
	if found == 0 {
		t.Error("neither found a campaign: there was nothing to compare")
	}
}

// detected runs the command and reads its result.
func detected(t *testing.T, dir string) []eval.Report {
	t.Helper()
	key := filepath.Join(dir, "zero.key")
	if err := os.WriteFile(key, []byte(strings.Repeat("00", len(sketch.Key{}))+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	stdout := os.Stdout
	os.Stdout, _ = os.Open(os.DevNull)
	code := run(t.Context(), []string{"detect", "--key", key, "--out", out, "--accounts", filepath.Join(dir, sim.AccountsFile), filepath.Join(dir, sim.ExchangesFile)})
	os.Stdout = stdout
	if code != 0 {
		t.Fatalf("detect ended with %d", code)
	}
	f, err := os.Open(filepath.Join(out, "result.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var reports []eval.Report
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var row struct {
			ID       string    `json:"campaign_id"`
			Detected time.Time `json:"detected_at"`
			Score    float64   `json:"score"`
			Accounts []struct {
				ID    string    `json:"account_id"`
				Added time.Time `json:"added_at"`
			} `json:"accounts"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		r := eval.Report{ID: row.ID, Detected: row.Detected.UTC(), Score: row.Score}
		for _, m := range row.Accounts {
			r.Accounts = append(r.Accounts, eval.Flag{Account: m.ID, Added: m.Added.UTC()})
		}
		reports = append(reports, r)
	}
	return reports
}

// evaluated shows the world to the same detection without a log.
func evaluated(t *testing.T, w *sim.World) []eval.Report {
	t.Helper()
	tape := eval.NewTape(w.Spec.Name, w.Spec.Seed, w.Accounts, evalSignUp)
	r := eval.Reader{Observer: evalObserver()}
	var k eval.Taken
	err := w.Each(func(x *exchange.Exchange) error {
		r.Read(x, &k)
		tape.Add(&k)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []eval.Report
	err = ours("ours", "", nil).Method.Detect(tape, func(_ string, found []eval.Report) { out = found })
	if err != nil {
		t.Fatal(err)
	}
	for i := range out {
		out[i].Detected = out[i].Detected.UTC()
		for k := range out[i].Accounts {
			out[i].Accounts[k].Added = out[i].Accounts[k].Added.UTC()
		}
	}
	return out
}
