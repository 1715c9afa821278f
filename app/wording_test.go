package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/report"
	"iolaus/sketch"
)

// TestWordingKeepsSecrets: what is shown is what the evidence names and several
// accounts sent; the filling, one account's own words and strangers' prompts never.
func TestWordingKeepsSecrets(t *testing.T) {
	const frame = "here is the task you must solve with care"
	var text sketch.Text
	text.Read(frame)
	named := exchange.NewObservable(exchange.Phrase, sketch.Key{}.Mix(byte(exchange.Phrase), text.Units[0].Hash))
	text.Read("support it with complete and transparent reasoning")
	system := exchange.NewObservable(exchange.System, sketch.Key{}.Mix(byte(exchange.System), text.Units[0].Hash))
	text.Read("only the third account says this line of text")
	alone := exchange.NewObservable(exchange.Phrase, sketch.Key{}.Mix(byte(exchange.Phrase), text.Units[0].Hash))
	c := &campaign.Campaign{ID: "c", Evidence: []campaign.Evidence{{Key: named}, {Key: system}, {Key: alone}}}
	for _, a := range []string{"one", "two", "three"} {
		c.Accounts = append(c.Accounts, campaign.Member{Account: a})
	}
	n := newNotes(&report.Report{Campaigns: []report.Campaign{{Campaign: c}}})
	readers := []*reader{{notes: n, found: make([]map[string]*template, 1)}, {notes: n, found: make([]map[string]*template, 1)}}
	send := func(i int, account, prompt, system string) {
		x := exchange.Exchange{Account: account, Time: time.Unix(1, 0), System: system, Turns: []exchange.Turn{{Role: "user", Text: prompt}}}
		var tr exchange.Trace
		readers[i%2].observe(&x, &tr)
	}
	for i := range 20 {
		send(i, []string{"one", "two"}[i%2], fmt.Sprintf("Here is the task you must solve with care:\n\nthe secret filling of a customer, variant %c", 'a'+i), "Support it with complete and transparent reasoning.\nWrite at most 300 words about my private matter.")
		send(i, "three", "only the third account says this line of text\nmy own business", "")
		send(i, "stranger", "Here is the task you must solve with care:\n\nanother secret", "")
	}
	got := frames(readers, 0)
	if len(got) != 2 {
		t.Fatalf("%d frames, want the prompt's and the system prompt's: %+v", len(got), got)
	}
	shown := fmt.Sprintf("%+v", got)
	for _, s := range []string{"secret", "private", "own business", "third account", "variant"} {
		if strings.Contains(shown, s) {
			t.Errorf("%q is shown: %s", s, shown)
		}
	}
	for _, s := range []string{frame, "support it with complete and transparent reasoning", varies} {
		if !strings.Contains(shown, s) {
			t.Errorf("%q is not shown: %s", s, shown)
		}
	}
	for _, f := range got {
		if f.Accounts != 2 || f.Exchanges != 20 {
			t.Errorf("%d accounts, %d exchanges, want 2 and 20", f.Accounts, f.Exchanges)
		}
	}
}

// TestPieces: what Mask put in place of what varies becomes a slot.
func TestPieces(t *testing.T) {
	got := pieces([]byte("answer within \x01 words, see \x04"), true)
	want := []report.Piece{{Text: "answer within ", New: true}, {Slot: "number"}, {Text: " words, see "}, {Slot: "link"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}
