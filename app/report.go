package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"iolaus/campaign"
	"iolaus/casebook"
	"iolaus/ledger/duckdb"
	"iolaus/observe"
	"iolaus/report"
	"iolaus/source"
)

// Further files of an output directory.
const (
	ReportFile  = "report.html"           // the page for people
	WordingFile = "report-with-text.html" // the same with wording of prompts, only when asked for
	ReadingFile = "reading.json"          // what the log gave the signals to work with
	EventsFile  = "events.csv"            // outside events, when people put them there
)

// A Page says how the report of an output directory is drawn. The zero Page draws
// what the directory holds.
type Page struct {
	Events string // CSV of outside events; "" for EventsFile, if it is there

	// Reread, when there are any, are the logs to read again for the wording of
	// prompts; it goes to WordingFile and nowhere else.
	Reread  []source.Input
	Options source.Options
}

// Illustrate writes what a run read and draws its report.
func Illustrate(dir string, r *Run, s source.Stats, p Page) error {
	if err := r.record(dir, s); err != nil {
		return err
	}
	_, err := p.Draw(dir)
	return err
}

// record writes what the run read; a run that read nothing new leaves what was
// known.
func (r *Run) record(dir string, s source.Stats) error {
	c := r.Coverage()
	if c.Exchanges == 0 {
		if _, err := os.Stat(filepath.Join(dir, ReadingFile)); err == nil {
			return nil
		}
	}
	x := report.Reading{Exchanges: c.Exchanges, Repeated: r.Repeated(), Rejected: s.Rejected, Registry: len(r.d.Accounts) > 0}
	for i, g := range observe.Signals() {
		x.Signals = append(x.Signals, report.Signal{
			Name: g.Name, Family: g.Family.String(), Needs: g.Needs, Advice: g.Advice, Share: float64(c.Ran[i]) / float64(max(1, c.Exchanges)),
		})
	}
	return replace(dir, ReadingFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(x)
	})
}

// Draw draws the report of dir and returns the path of the page.
func (p Page) Draw(dir string) (string, error) {
	r, err := gather(dir)
	if err != nil {
		return "", err
	}
	if r.Events, err = p.Happened(dir); err != nil {
		return "", err
	}
	name := ReportFile
	if len(p.Reread) > 0 {
		name, r.Wording = WordingFile, true
		if err := p.reword(dir, r); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, name), replace(dir, name, func(w io.Writer) error { return report.HTML(w, r) })
}

// Happened reads the outside events; none when nobody put any there.
func (p Page) Happened(dir string) ([]report.Event, error) {
	path := cmp.Or(p.Events, filepath.Join(dir, EventsFile))
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && p.Events == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open events: %w", err)
	}
	defer f.Close()
	return report.Events(path, f)
}

// gather reads what an output directory holds.
func gather(dir string) (*report.Report, error) {
	cs, err := ReadCampaigns(dir)
	if err != nil {
		return nil, err
	}
	r := &report.Report{Tool: Version}
	for _, c := range cs {
		r.Campaigns = append(r.Campaigns, report.Campaign{Campaign: c})
	}
	if r.Dismissed, err = dismissals(dir); err != nil {
		return nil, err
	}
	if r.Reading, err = reading(dir); err != nil {
		return nil, err
	}
	return r, recall(dir, r)
}

func reading(dir string) (report.Reading, error) {
	var x report.Reading
	text, err := os.ReadFile(filepath.Join(dir, ReadingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return x, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &x)
	}
	if err != nil {
		return x, fmt.Errorf("cannot read %s: %w; remove it and run detect again", filepath.Join(dir, ReadingFile), err)
	}
	return x, nil
}

// dismissals pairs the dismissed campaigns with the latest decision on them.
func dismissals(dir string) ([]report.Dismissal, error) {
	ds, err := casebook.Read(filepath.Join(dir, CasebookFile))
	if err != nil {
		return nil, err
	}
	var out []report.Dismissal
	err = each(filepath.Join(dir, DismissedFile), func(c *campaign.Campaign) {
		x := report.Dismissal{Campaign: c.ID, Accounts: len(c.Accounts)}
		// The evidence of dismissed campaigns is not kept, so it is by name that
		// the decision is found; another on the same evidence has its own.
		for i := range ds {
			if ds[i].Campaign == c.ID {
				x.Reason, x.At = ds[i].Reason, ds[i].At
			}
		}
		out = append(out, x)
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return out, err
}

// recall adds what the ledger remembers of the accounts' hours. A directory
// without a ledger has a report without a picture.
func recall(dir string, r *report.Report) error {
	path := filepath.Join(dir, LedgerFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := duckdb.Open(path, duckdb.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	err = errors.Join(remember(db, r), db.Close())
	if err != nil {
		return fmt.Errorf("cannot draw report of %s: %w", dir, err)
	}
	return nil
}

func remember(db *duckdb.DB, r *report.Report) error {
	extent, err := db.Extent()
	if err != nil {
		return err
	}
	r.From, r.To, r.Accounts, r.Exchanges = extent.First, extent.Last, extent.Accounts, extent.Exchanges
	hours, err := db.Hours()
	if err != nil {
		return err
	}
	busy, err := db.Busy()
	if err != nil {
		return err
	}
	active := make(map[uint32]uint32, len(busy))
	for _, b := range busy {
		active[b.Hour] = b.Accounts
	}
	for _, h := range hours {
		r.Traffic = append(r.Traffic, report.Hour{Start: h.Hour, Exchanges: h.Exchanges, Active: active[h.Hour]})
	}
	m := metre{now: extent.Last}
	m.crowd(busy)
	for i := range r.Campaigns {
		if err := live(db, &r.Campaigns[i], &m); err != nil {
			return err
		}
	}
	return nil
}

// live reads the hours of a campaign's accounts, and how they keep time together.
func live(db *duckdb.DB, c *report.Campaign, m *metre) error {
	members, err := db.Members(c.ID)
	if err != nil {
		return err
	}
	place := make(map[string]uint32, len(c.Accounts))
	for i := range c.Accounts {
		place[c.Accounts[i].Account] = uint32(i)
	}
	index := make(map[uint32]uint32, len(members))
	for i := range members {
		if at, ok := place[members[i].Name]; ok {
			index[members[i].ID] = at
		}
	}
	hours, err := db.MemberHours(c.ID)
	if err != nil {
		return err
	}
	c.Hours = make([]report.Hour, 0, len(hours))
	for _, h := range hours {
		if at, ok := index[h.Account]; ok {
			c.Hours = append(c.Hours, report.Hour{Account: at, Start: h.Hour, Exchanges: h.Exchanges})
		}
	}
	c.Tempo, c.Beats = m.beats(members, hours)
	return nil
}
