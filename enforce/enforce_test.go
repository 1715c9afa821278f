package enforce_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/enforce"
	"iolaus/guard"
)

var now = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *enforce.Book {
	t.Helper()
	b, err := enforce.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func live(t *testing.T) *enforce.Policy {
	t.Helper()
	p := &enforce.Policy{Mode: "live", Rungs: []enforce.Rung{{Measure: "block", Least: 20, For: time.Hour}, {Measure: "label", For: time.Hour}}}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

func claim(account string, nats float64, last time.Time) enforce.Claim {
	return enforce.Claim{Account: account, Campaign: "c-1", Nats: nats, Last: last}
}

// TestLadder: strength picks the rung, allow-lists win, every measure ends, and
// a rested account is not measured again.
func TestLadder(t *testing.T) {
	b, p := open(t, filepath.Join(t.TempDir(), "m")), live(t)
	claims := []enforce.Claim{claim("weak", 10, now), claim("strong", 25, now), claim("friend", 25, now)}
	if err := b.Issue(now, p, map[string]string{"friend": "ours"}, claims); err != nil {
		t.Fatal(err)
	}
	got, _ := b.Orders(now)
	if len(got) != 2 || got["weak"].Measure != guard.Label || got["strong"].Measure != guard.Block || got["strong"].Shadow {
		t.Errorf("%v", got)
	}
	o := got["strong"]
	if o.Reason == "" || o.Policy != p.Version() || o.Lift == "" || o.Until != now.Add(time.Hour).Unix() {
		t.Errorf("a measure says too little: %+v", o)
	}
	later := now.Add(2 * time.Hour)
	if got, _ := b.Orders(later); len(got) != 0 {
		t.Errorf("measures hold beyond their end: %v", got)
	}
	claims[1].Last = later.Add(-time.Minute)
	b.Issue(later, p, nil, claims[:2])
	if got, _ := b.Orders(later); len(got) != 1 || got["strong"] == nil {
		t.Errorf("made again: %v, want strong alone", got)
	}
}

// TestShadow is the default.
func TestShadow(t *testing.T) {
	b, p := open(t, filepath.Join(t.TempDir(), "m")), &enforce.Policy{}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	b.Issue(now, p, nil, []enforce.Claim{claim("a", 50, now)})
	if got, _ := b.Orders(now); !got["a"].Shadow || got["a"].Measure > guard.Label {
		t.Errorf("%+v", got["a"])
	}
}

// TestPeople: orders by people need a person, a reason and an end; what they
// lift stays lifted; an organisation is theirs alone.
func TestPeople(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m")
	b, p := open(t, path), live(t)
	end := now.Add(time.Hour)
	for _, bad := range []enforce.Event{
		{Account: "a", Measure: "block", Reason: "r", Until: end},
		{Account: "a", Measure: "block", By: "ana", Until: end},
		{Account: "a", Measure: "block", By: "ana", Reason: "r"},
		{Account: "a", Measure: "block", By: "ana", Reason: "r", Until: now.AddDate(1, 0, 0)},
		{Account: "a", Org: "o", Measure: "block", By: "ana", Reason: "r", Until: end},
		{Account: "a", Measure: "none", By: "ana", Reason: "r", Until: end},
		{Account: "a", Measure: "slow", By: "ana", Reason: "r", Until: end},
		{Org: "o", Measure: "block", By: "policy", Reason: "r", Until: end},
	} {
		if _, err := b.Command(now, bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	if _, err := b.Command(now, enforce.Event{Org: "o", Measure: "hold", By: "ana", Reason: "r", Until: end}); err != nil {
		t.Error(err)
	}
	b.Issue(now, p, nil, []enforce.Claim{claim("a", 30, now)})
	got, orgs := b.Orders(now)
	if orgs["o"] == nil || got["a"] == nil {
		t.Fatalf("%v %v", got, orgs)
	}
	if err := b.Lift(now, got["a"].ID, "", "r"); err == nil {
		t.Error("lifted by nobody")
	}
	if err := b.Lift(now, got["a"].ID, "ben", "knows them"); err != nil {
		t.Error(err)
	}
	// A torn last line, as a killed process leaves it, and a new start.
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString(`{"at":"2026-09-01T12:00:00Z","what":"ma`)
	f.Close()
	again := open(t, path)
	again.Issue(now, p, nil, []enforce.Claim{claim("a", 30, now), claim("b", 30, now)})
	third := open(t, path)
	got, orgs = third.Orders(now)
	if got["a"] != nil || got["b"] == nil || orgs["o"] == nil || orgs["o"].Lift != "ana" {
		t.Errorf("after a restart: %v %v", got, orgs)
	}
	text, _ := os.ReadFile(path)
	if !strings.Contains(string(text), `"by":"ben"`) {
		t.Error("who lifted it is not in the journal")
	}
}

// TestSince: a follower is told what was made and what ended since it asked.
func TestSince(t *testing.T) {
	b, p := open(t, filepath.Join(t.TempDir(), "m")), live(t)
	b.Issue(now, p, nil, []enforce.Claim{claim("a", 30, now)})
	made, ended, next := b.Since(now, 0)
	if made["a"] == nil || len(ended) != 0 {
		t.Fatalf("%v %v", made, ended)
	}
	b.Issue(now, p, nil, []enforce.Claim{claim("b", 30, now)})
	b.Lift(now, made["a"].ID, "ana", "r")
	made, ended, next = b.Since(now, next)
	if len(made) != 1 || made["b"] == nil || len(ended) != 1 || ended[0].Account != "a" {
		t.Errorf("%v %v", made, ended)
	}
	if made, ended, _ = b.Since(now, next); len(made)+len(ended) != 0 {
		t.Errorf("told twice: %v %v", made, ended)
	}
}

// TestSinceOver: followers are told of an end when it comes, once, and one that
// begins anew is told what it may have missed; organisations are not accounts.
func TestSinceOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m")
	b := open(t, path)
	for _, e := range []enforce.Event{{Account: "a", Until: now.Add(time.Hour)}, {Account: "b", Until: now.Add(24 * time.Hour)}, {Org: "o", Until: now.Add(time.Hour)}} {
		e.By, e.Reason, e.Measure = "ana", "r", "block"
		if _, err := b.Command(now, e); err != nil {
			t.Fatal(err)
		}
	}
	made, _, next := b.Since(now, 0)
	if len(made) != 2 {
		t.Fatalf("in force: %v", made)
	}
	later := now.Add(2 * time.Hour)
	_, ended, next := b.Since(later, next)
	if len(ended) != 1 || ended[0].Account != "a" {
		t.Errorf("over: %v, want that of a", ended)
	}
	for _, at := range []time.Duration{3 * time.Hour, 23 * time.Hour} {
		if _, ended, _ = b.Since(now.Add(at), next); len(ended) != 0 {
			t.Errorf("told twice: %v", ended)
		}
	}
	if err := b.Lift(later, made["b"].ID, "ana", "r"); err != nil {
		t.Fatal(err)
	}
	b.Close()
	made, ended, _ = open(t, path).Since(later, 0)
	if len(made) != 0 || len(ended) != 2 {
		t.Errorf("after a restart: %v %v, want nothing in force and two ends", made, ended)
	}
}

func TestPolicyFaults(t *testing.T) {
	for _, p := range []enforce.Policy{
		{Mode: "on"},
		{Rungs: []enforce.Rung{{Measure: "ban", For: time.Hour}}},
		{Rungs: []enforce.Rung{{Measure: "block"}}},
		{Rungs: []enforce.Rung{{Measure: "block", For: 1000 * time.Hour}}},
		{Rungs: []enforce.Rung{{Measure: "slow", For: time.Hour}}},
		{Rungs: []enforce.Rung{{Measure: "block", For: time.Hour, Delay: time.Second}}},
	} {
		if err := p.Check(); err == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}
