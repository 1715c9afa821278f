package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/sim"
	"iolaus/source"
)

// What simulate writes is what a reader of logs gets back: every exchange with the
// fields that the format carries, every account, nothing rejected.
func TestSimulateWritesWhatDetectReads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "world")
	cmd := simulateVerb()
	var said bytes.Buffer
	cmd.SetOut(&said)
	cmd.SetArgs([]string{"demo", "--seed", "4", "--days", "4", "--out", dir})
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	spec, err := sim.Named("demo")
	if err != nil {
		t.Fatal(err)
	}
	spec.Seed, spec.Days = 4, 4
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	w, err := sim.New(spec, texts)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "12 of them heads of 1 operators, seed 4") {
		t.Errorf("simulate says %q", said.String())
	}
	want := map[string]string{}
	err = w.Each(func(x *exchange.Exchange) error { want[x.ID] = carried(x); return nil })
	if err != nil {
		t.Fatal(err)
	}
	got := readBack(t, filepath.Join(dir, sim.ExchangesFile))
	if len(got) != len(want) {
		t.Errorf("%d exchanges read, %d simulated", len(got), len(want))
	}
	bad := 0
	for id, x := range want {
		if got[id] != x && bad < 3 {
			bad++
			t.Errorf("%s reads back as\n%s\nwant\n%s", id, got[id], x)
		}
	}
	accounts, err := source.Registry(filepath.Join(dir, sim.AccountsFile), func(r source.Reject) { t.Errorf("rejected: %+v", r) })
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range accounts {
		b := w.Accounts[i]
		if !a.Created.Equal(b.Created) || !a.Banned.Equal(b.Banned) {
			t.Fatalf("account %s: created %s and banned %s, want %s and %s", a.ID, a.Created, a.Banned, b.Created, b.Banned)
		}
		a.Created, a.Banned, b.Created, b.Banned = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		if a != b {
			t.Fatalf("account reads back as %+v, want %+v", a, b)
		}
	}
	if len(accounts) != len(w.Accounts) {
		t.Errorf("%d accounts read, %d simulated", len(accounts), len(w.Accounts))
	}
}

func readBack(t *testing.T, path string) map[string]string {
	t.Helper()
	in, err := source.Expand([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	type line struct{ id, text string }
	got := map[string]string{}
	o := source.Options{Reject: func(r source.Reject) { t.Errorf("rejected: %+v", r) }}
	_, err = source.Scan(context.Background(), in, o, func() func(*exchange.Exchange, *line) {
		return func(x *exchange.Exchange, out *line) { *out = line{strings.Clone(x.ID), carried(x)} }
	}, func(_ time.Time, l *line) error { got[l.id] = l.text; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// carried is the canonical line of what LiteLLM's format carries.
func carried(x *exchange.Exchange) string {
	y := *x
	y.Served, y.Region, y.Endpoint, y.Operation, y.Provider, y.ResponseID = "", "", "", "", "", ""
	y.Time, y.End = y.Time.UTC().Truncate(time.Millisecond), time.Time{}
	y.FirstToken = time.Time{}
	if y.Failed {
		y.Finish = ""
	}
	y.Usage.Cost = 0
	return string(source.AppendCanonical(nil, &y))
}

func TestSimulateComplains(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("name: x\nhobbits: 3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, complaint string }{
		{"", "--list"}, {"atlantis", "built in are demo, naive"}, {bad, "hobbits"}, {"./no-such.yaml", "cannot read world"},
	} {
		cmd := simulateVerb()
		cmd.SilenceUsage, cmd.SilenceErrors = true, true
		cmd.SetArgs(strings.Fields(c.args))
		if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("simulate %s: %v, want a complaint about %q", c.args, err, c.complaint)
		}
	}
	cmd := simulateVerb()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs([]string{"--list"})
	if err := cmd.Execute(); err != nil || strings.Count(out.String(), "\n") != len(sim.Names()) {
		t.Errorf("--list: %v, %q", err, out.String())
	}
}
