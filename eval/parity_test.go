package eval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/observe"
	"iolaus/sim"
	"iolaus/source"
)

// TestParity holds our scores to those of the independent scorer beside the
// labelled worlds, on reports that are right, wrong, early, merged and split.
func TestParity(t *testing.T) {
	worlds := filepath.Join("..", "..", "shared", "worlds")
	if _, err := os.Stat(filepath.Join(worlds, "score", "main.go")); err != nil {
		t.Skip("the labelled worlds and their scorer are not beside the repository")
	}
	scorer := filepath.Join(t.TempDir(), "score")
	build := exec.Command("go", "build", "-o", scorer, ".")
	build.Dir = filepath.Join(worlds, "score")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("cannot build the scorer: %v\n%s", err, out)
	}
	for _, name := range []string{"naive", "proxied", "innocent"} {
		dir := filepath.Join(worlds, name)
		tape, rows := record(t, dir)
		for i, reports := range madeUp(tape, rows, 7) {
			want := theirs(t, scorer, dir, reports)
			if got := ours(t, eval.Grade(tape, rows, reports)); !bytes.Equal(got, want) {
				t.Errorf("%s, reports %d:\n ours   %s\n theirs %s", name, i, got, want)
			}
		}
	}
}

// record reads a labelled world's log onto a tape.
func record(t *testing.T, dir string) (*eval.Tape, []sim.Truth) {
	t.Helper()
	rows, err := eval.ReadTruth(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := source.Registry(filepath.Join(dir, "accounts.jsonl"), func(r source.Reject) { t.Error(r) })
	if err != nil {
		t.Fatal(err)
	}
	in, err := source.Expand([]string{filepath.Join(dir, "exchanges.jsonl.gz")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tape := eval.NewTape(dir, 0, accounts, nil)
	_, err = source.Scan(context.Background(), in, source.Options{}, func() func(*exchange.Exchange, *eval.Taken) {
		return (&eval.Reader{Observer: &observe.Observer{}}).Read
	}, func(_ time.Time, k *eval.Taken) error {
		tape.Add(k)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tape, rows
}

// madeUp draws sets of reports: each a mix of heads and innocents at times from
// before the sign-up to after the end, with accounts named twice and unknown ones.
func madeUp(tape *eval.Tape, rows []sim.Truth, n int) [][]eval.Report {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	first, last := tape.Span()
	var guilty, benign []string
	for _, x := range rows {
		if x.Label == eval.Guilty {
			guilty = append(guilty, x.Account)
		} else {
			benign = append(benign, x.Account)
		}
	}
	at := func() time.Time {
		return first.Add(time.Duration((1.3*r.Float64() - .2) * float64(last.Sub(first)))).Truncate(time.Second)
	}
	out := [][]eval.Report{nil}
	for range n {
		var reports []eval.Report
		for c := range 1 + r.IntN(6) {
			x := eval.Report{ID: fmt.Sprintf("c%02d", c), Detected: at(), Score: 5}
			for _, g := range guilty {
				if r.Float64() < .4 {
					x.Accounts = append(x.Accounts, eval.Flag{Account: g, Added: at()})
				}
			}
			for range r.IntN(8) {
				x.Accounts = append(x.Accounts, eval.Flag{Account: benign[r.IntN(len(benign))], Added: at()})
			}
			if r.IntN(3) == 0 {
				x.Accounts = append(x.Accounts, eval.Flag{Account: "nobody", Added: at()})
			}
			if len(x.Accounts) > 1 {
				x.Accounts = append(x.Accounts, x.Accounts[0])
			}
			reports = append(reports, x)
		}
		out = append(out, reports)
	}
	return out
}

// theirs is the scorer's result, with its fields in the order of their names.
func theirs(t *testing.T, scorer, dir string, reports []eval.Report) []byte {
	t.Helper()
	type member struct {
		Account string `json:"account_id"`
		Added   string `json:"added_at"`
	}
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, c := range reports {
		ms := []member{}
		for _, m := range c.Accounts {
			ms = append(ms, member{m.Account, m.Added.Format(time.RFC3339)})
		}
		if err := enc.Encode(map[string]any{"campaign_id": c.ID, "detected_at": c.Detected.Format(time.RFC3339), "score": c.Score, "accounts": ms}); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "result.jsonl")
	if err := os.WriteFile(file, lines.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(scorer, "-json", "-truth", filepath.Join(dir, "truth.jsonl"), "-accounts", filepath.Join(dir, "accounts.jsonl"),
		"-exchanges", filepath.Join(dir, "exchanges.jsonl.gz"), "-result", file)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("cannot run the scorer: %v", err)
	}
	return sorted(t, out)
}

func ours(t *testing.T, s eval.Score) []byte {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return sorted(t, b)
}

func sorted(t *testing.T, b []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
