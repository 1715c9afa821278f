package casebook

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
)

func decision(campaign, reason string) Decision {
	return Decision{
		At: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Campaign: campaign, Verdict: Dismissed, Reason: reason,
		Observables: []exchange.Observable{1 << 56, 2<<56 | 7}, Accounts: []string{"a", "b"},
	}
}

func TestAppendThenRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "casebook.jsonl")
	if got, err := Read(path); err != nil || got != nil {
		t.Fatalf("no casebook yet: got %v, %v", got, err)
	}
	want := []Decision{decision("c-1", "a class of 30"), decision("c-2", "two lines\nof reason \u2028 and \"quotes\""), decision("c-1", "looked again")}
	for _, d := range want {
		if err := Append(path, d); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the casebook names accounts and is open to others: %v", info.Mode())
	}
}

func TestAppendWantsAReason(t *testing.T) {
	path := filepath.Join(t.TempDir(), "casebook.jsonl")
	if err := Append(path, Decision{Campaign: "c-1", Verdict: Dismissed}); err == nil || !strings.Contains(err.Error(), "--reason") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused decision left a file")
	}
}

func TestAppendToADirectory(t *testing.T) {
	if err := Append(t.TempDir(), decision("c-1", "no")); err == nil || !strings.Contains(err.Error(), "casebook") {
		t.Errorf("got %v", err)
	}
}

// A crash may cut the last line anywhere. Whatever was cut, the decisions before
// stand, the next one is not glued to the stump, and Read names the stump's line.
func TestTornAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	for _, c := range []string{"c-1", "c-2"} {
		if err := Append(whole, decision(c, "because")); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.IndexByte(string(text), '\n') + 1
	for cut := first; cut <= len(text); cut++ {
		path := filepath.Join(dir, fmt.Sprint(cut))
		if err := os.WriteFile(path, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Append(path, decision("c-3", "later")); err != nil {
			t.Fatal(err)
		}
		ds, err := Read(path)
		stump := cut > first && cut < len(text)-1 // the last byte is only the line's end
		if stump {
			if err == nil || !strings.Contains(err.Error(), "line 2:") || !strings.Contains(err.Error(), path) {
				t.Fatalf("cut at %d: want an error that names line 2, got %v", cut, err)
			}
			mend(t, path, 2)
			if ds, err = Read(path); err != nil || len(ds) != 2 {
				t.Fatalf("cut at %d, mended: %d decisions, %v", cut, len(ds), err)
			}
		}
		if err != nil || ds[len(ds)-1].Campaign != "c-3" {
			t.Fatalf("cut at %d: %v, %v", cut, ds, err)
		}
	}
}

// mend removes a line, as the error tells people to.
func mend(t *testing.T, path string, line int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	lines = append(lines[:line-1], lines[line:]...)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadNamesTheDamagedLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{}\n\nnonsense\n", "line 3:"},
		{"{}\n{\"at\":\"yesterday\"}\n{}\n", "line 2:"},
		{"{\"observables\":[-1]}\n", "line 1:"},
		{"{\"campaign_id\":", "line 1:"},
	} {
		path := filepath.Join(t.TempDir(), "casebook.jsonl")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "mend") {
			t.Errorf("%q: got %v, want %q and a remedy", c.text, err, c.want)
		}
	}
}

func TestCovers(t *testing.T) {
	seq := func(n int) (o []exchange.Observable, a []string) {
		for i := range n {
			o, a = append(o, exchange.Observable(i+1)), append(a, fmt.Sprint("acc", i))
		}
		return o, a
	}
	o10, a10 := seq(10)
	dismissed := func(no, na int) Decision {
		return Decision{Campaign: fmt.Sprintf("c-%d-%d", no, na), Verdict: Dismissed, Reason: "r", Observables: o10[:no], Accounts: a10[:na]}
	}
	for _, c := range []struct {
		name string
		ds   []Decision
		want string
	}{
		{"nothing was decided", nil, ""},
		{"the same evidence and accounts", []Decision{dismissed(10, 10)}, "c-10-10"},
		{"a fifth is new", []Decision{dismissed(8, 8)}, "c-8-8"},
		{"more evidence is new", []Decision{dismissed(7, 10)}, ""},
		{"more accounts are new", []Decision{dismissed(10, 7)}, ""},
		{"the latest that covers", []Decision{dismissed(10, 10), dismissed(9, 9), dismissed(1, 1)}, "c-9-9"},
		{"another verdict dismisses nothing", []Decision{{Verdict: "confirmed", Observables: o10, Accounts: a10}}, ""},
	} {
		got := ""
		if d := Covers(c.ds, o10, a10); d != nil {
			got = d.Campaign
		}
		if got != c.want {
			t.Errorf("%s: covered by %q, want %q", c.name, got, c.want)
		}
	}
	if Covers([]Decision{dismissed(10, 10)}, nil, nil) != nil {
		t.Error("a campaign without evidence is covered by nothing")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("{\"campaign_id\":\"c\",\"verdict\":\"dismissed\",\"observables\":[1]}\n"))
	f.Add([]byte("{\"at\":"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "casebook.jsonl")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		before, err := Read(path)
		if err != nil {
			if !strings.Contains(err.Error(), path) {
				t.Fatalf("error without the file: %v", err)
			}
			return
		}
		if err := Append(path, decision("c-9", "after")); err != nil {
			t.Fatal(err)
		}
		after, err := Read(path)
		if err != nil || len(after) != len(before)+1 {
			t.Fatalf("%d decisions, after one more %d, %v", len(before), len(after), err)
		}
	})
}
