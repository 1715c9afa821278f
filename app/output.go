package app

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"iolaus/campaign"
	"iolaus/casebook"
	"iolaus/exchange"
)

// The files of an output directory.
const (
	ResultFile    = "result.jsonl"    // a campaign a line
	MembersFile   = "campaigns.csv"   // a member a line
	EvidenceFile  = "evidence.jsonl"  // an observable a line
	DismissedFile = "dismissed.jsonl" // campaigns that people dismissed on this evidence
	RejectedFile  = "rejected.jsonl"  // lines of the log that were not used
	CasebookFile  = "casebook.jsonl"  // what people decided
)

// A Report is what a run writes: the campaigns raised, and those that people
// have dismissed on the same evidence before.
type Report struct {
	Raised    []*campaign.Campaign
	Dismissed []*campaign.Campaign
}

// Sort divides campaigns by the decisions that were made.
func Sort(cs []*campaign.Campaign, ds []casebook.Decision) Report {
	var r Report
	for _, c := range cs {
		if casebook.Covers(ds, Keys(c), Names(c)) != nil {
			r.Dismissed = append(r.Dismissed, c)
		} else {
			r.Raised = append(r.Raised, c)
		}
	}
	return r
}

// Keys lists the observables that a campaign's evidence is made of.
func Keys(c *campaign.Campaign) []exchange.Observable {
	out := make([]exchange.Observable, len(c.Evidence))
	for i := range c.Evidence {
		out[i] = c.Evidence[i].Key
	}
	return out
}

// Names lists a campaign's accounts.
func Names(c *campaign.Campaign) []string {
	out := make([]string, len(c.Accounts))
	for i := range c.Accounts {
		out[i] = c.Accounts[i].Account
	}
	return out
}

// Write writes the report's files to dir, each whole or not at all.
func (r *Report) Write(dir string) error {
	return errors.Join(
		replace(dir, ResultFile, func(w io.Writer) error { return lines(w, r.Raised) }),
		replace(dir, DismissedFile, func(w io.Writer) error { return lines(w, r.Dismissed) }),
		replace(dir, MembersFile, r.members),
		replace(dir, EvidenceFile, r.evidence),
	)
}

func lines[T any](w io.Writer, xs []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range xs {
		if err := enc.Encode(xs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) members(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"campaign_id", "account_id", "added_at", "banned_at", "log_odds", "heir"})
	for _, x := range r.Raised {
		for _, m := range x.Accounts {
			banned, total := "", 0.0
			if m.Banned != nil {
				banned = m.Banned.Format(time.RFC3339)
			}
			for _, n := range m.Links {
				total += n
			}
			c.Write([]string{x.ID, m.Account, m.Added.Format(time.RFC3339), banned, fmt.Sprintf("%.1f", total), strconv.FormatBool(m.Heir)})
		}
	}
	c.Flush()
	return c.Error()
}

func (r *Report) evidence(w io.Writer) error {
	for _, x := range r.Raised {
		if err := lines(w, x.Evidence); err != nil {
			return err
		}
		if err := lines(w, x.Against()); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file under another name, syncs it and moves it in place.
func replace(dir, name string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, name), err)
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	err = errors.Join(fill(w), w.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, name), err)
	}
	return nil
}

// ReadCampaigns reads back what Write wrote, evidence included.
func ReadCampaigns(dir string) ([]*campaign.Campaign, error) {
	var out []*campaign.Campaign
	byID := map[string]*campaign.Campaign{}
	err := each(filepath.Join(dir, ResultFile), func(c *campaign.Campaign) {
		out = append(out, c)
		byID[c.ID] = c
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("cannot find a result in %s: run `iolaus detect --out %s LOG...` first", dir, dir)
	}
	if err != nil {
		return nil, err
	}
	err = each(filepath.Join(dir, EvidenceFile), func(e *campaign.Evidence) {
		if c := byID[e.Campaign]; c != nil && e.Nats > 0 {
			c.Evidence = append(c.Evidence, *e)
		}
	})
	return out, err
}

func each[T any](path string, fn func(*T)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", path, err)
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReader(f))
	for {
		x := new(T)
		switch err := d.Decode(x); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("cannot read %s: %w", path, err)
		}
		fn(x)
	}
}
