// Package report draws the campaigns of a run as one page for people: who, what
// for, since when, how much, why it is believed, what speaks against it and what
// the log could not tell.
//
// It promises a file that needs nothing else, asks nothing of any network, and can
// be read in light, in dark, on paper, by keyboard and without colour. The same
// input gives the same bytes. What it shows of a log, names above all, is written by
// strangers and escaped everywhere. It judges nothing that a campaign does not say,
// and shows wording only when it is handed in.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"iolaus/campaign"
	"iolaus/hunt"
)

// A Report is everything the page shows. Only Campaigns is needed; what else is
// missing is said to be missing.
type Report struct {
	Tool      string    // version of the program
	From, To  time.Time // first and last exchange of the log
	Accounts  int       // in the log
	Exchanges uint64    // in the log
	Traffic   []Hour    // of all accounts together; Account is 0

	Campaigns []Campaign
	Dismissed []Dismissal
	Events    []Event
	Reading   Reading
	Wording   bool // the logs were read again for the wording of prompts
}

// A Campaign is a campaign with what was remembered of its accounts.
type Campaign struct {
	*campaign.Campaign
	Hours  []Hour      // activity; hours without exchanges are absent
	Tempo  hunt.Tempo  // how its accounts keep time together
	Beats  []hunt.Beat // hour by hour what the Tempo was taken from
	Frames []Frame     // only when Report.Wording
}

// An Hour is what one account did in one hour of event time.
type Hour struct {
	Account   uint32 // index in the campaign's Accounts
	Start     uint32 // Unix seconds
	Exchanges uint32
	Active    uint32 // accounts; in Report.Traffic alone
}

// A Dismissal is a campaign that people have decided is none.
type Dismissal struct {
	Campaign string
	Accounts int
	Reason   string
	At       time.Time
}

// A Reading says what the log gave the signals to work with.
type Reading struct {
	Exchanges int            `json:"exchanges"`          // that the last run read, repeats and all
	Repeated  int            `json:"repeated,omitempty"` // of them, logged more than once
	Rejected  map[string]int `json:"rejected,omitempty"` // lines that were not used, by reason
	Registry  bool           `json:"registry"`           // a sign-up registry was given
	Signals   []Signal       `json:"signals"`
}

// A Signal is one way of seeing, and how often the log let it see.
type Signal struct {
	Name   string  `json:"name"`
	Family string  `json:"family"`
	Needs  string  `json:"needs"`
	Advice string  `json:"advice"`
	Share  float64 `json:"share"` // of the exchanges read
}

// A Frame is wording that several accounts of a campaign share around something
// that varies.
type Frame struct {
	System    bool // of the system prompt, not of the newest turn
	Accounts  int  // that sent it
	Exchanges int
	Pieces    []Piece
}

// A Piece is a stretch of shared wording, or a slot.
type Piece struct {
	Text string // masked wording; "" for a slot
	Slot string // what stands there: number, quote, code, link, address, identifier, or text that varies
	New  bool   // begins a line
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

//go:embed tempo.js
var tempoJS string

// HTML writes the report as one page.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"comma": counted, "day": day, "minute": minute, "percent": percent, "odds": odds, "plural": func(n any, one, many string) string {
			if s := counted(n); s != "1" {
				return s + " " + many
			}
			return "1 " + one
		},
	}).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("cannot draw report: %w", err)
	}
	p, err := pageOf(r)
	if err != nil {
		return fmt.Errorf("cannot draw report: %w", err)
	}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("cannot draw report: %w", err)
	}
	return nil
}
