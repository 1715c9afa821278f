package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/source"
)

// logOf is an input of canonical lines.
func logOf(name string, lines ...string) source.Input {
	return source.Input{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(lines, "\n") + "\n")), nil
	}}
}

// full is a line with everything in it.
func full(i int, at time.Time) string {
	return fmt.Sprintf(`{"id":"r%d","time":%q,"account":"a%d","key":"k%d","model":"m","address":"192.0.2.%d","user_agent":"curl/8",`+
		`"sub_account":"c","failed":%t,"turns":[{"role":"user","text":"which of these %d towns is the oldest"}]}`, i, at.Format(time.RFC3339), i%80, i%80, i%200, i%50 == 0, i)
}

var monday = time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)

func examine(t *testing.T, e Exam, in ...source.Input) *Checkup {
	t.Helper()
	c, err := e.Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExamUsable(t *testing.T) {
	var lines []string
	var accounts []exchange.Account
	for i := range 400 {
		lines = append(lines, full(i, monday.Add(time.Duration(i)*time.Hour)))
	}
	for i := range 60 {
		accounts = append(accounts, exchange.Account{ID: fmt.Sprintf("a%d", i), Created: monday, Payment: "p", EmailDomain: "gmail.com"})
	}
	c := examine(t, Exam{Accounts: accounts}, logOf("x", lines...))
	if c.Verdict != Usable || len(c.Weak) > 0 || !c.Whole {
		t.Errorf("verdict %q, weaknesses %v, whole %v", c.Verdict, c.Weak, c.Whole)
	}
	if c.Exchanges != 400 || c.Accounts != 80 || c.Keys != 80 || c.Models != 1 || c.Customers != 400 || c.Failed != 8 || c.Late.Lines != 0 {
		t.Errorf("counted wrongly: %+v", c)
	}
	if r := c.Registry; r.Known != 60 || r.Payment != 60 || r.Owned != 0 {
		t.Errorf("registry: %+v", r)
	}
	sampled := examine(t, Exam{Lines: 10}, logOf("x", lines...))
	if sampled.Whole || sampled.Exchanges != 10 {
		t.Errorf("a sample of 10 lines: whole %v, %d exchanges", sampled.Whole, sampled.Exchanges)
	}
}

// One wrong clock says nothing about the order of a log.
func TestExamOrder(t *testing.T) {
	var lines []string
	for i := range 100 {
		at := monday.Add(time.Duration(i) * time.Minute)
		switch {
		case i == 20:
			at = at.Add(5 * time.Hour) // a clock that ran ahead
		case i%10 == 9:
			at = at.Add(-4*time.Minute - 30*time.Second)
		}
		lines = append(lines, full(i, at))
	}
	c := examine(t, Exam{}, logOf("x", lines...))
	if c.Late.Lines != 10 || c.Late.Most != 3*time.Minute+30*time.Second {
		t.Errorf("late: %+v", c.Late)
	}
}

func TestExamVerdicts(t *testing.T) {
	thin := func(account int) string {
		return fmt.Sprintf(`{"id":"r%d","time":"2026-08-03T00:00:01Z","account":"a%d","user_agent":"curl/8"}`, account, account)
	}
	for _, x := range []struct {
		name, verdict, what string
		lines               []string
	}{
		{"no log", Unusable, "not one line could be used", []string{"free text", "more of it"}},
		{"one account", Unusable, "all exchanges belong to 1 account", []string{full(0, monday), full(0, monday)}},
		{"one kind of evidence", Unusable, "one kind of evidence", []string{thin(1), thin(2), thin(3)}},
		{"mostly broken", Unusable, "of the lines cannot be used", []string{full(1, monday), full(2, monday), full(3, monday), "x", "x", "x", "x"}},
		{"short", WeaklyUsable, "habits show over days", []string{full(1, monday), full(2, monday), full(3, monday)}},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := examine(t, Exam{}, logOf("x", x.lines...))
			found := false
			for _, w := range c.Weak {
				found = found || strings.Contains(w.What, x.what) && w.Remedy != ""
			}
			if c.Verdict != x.verdict || !found {
				t.Errorf("verdict %q for %v; want %q for %q", c.Verdict, c.Weak, x.verdict, x.what)
			}
		})
	}
}
