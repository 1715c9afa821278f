package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"iolaus/casebook"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/observe"
	"iolaus/source"
)

// A Calibrator plays a history of innocent accounts as detection would have seen
// it, slice by slice, and counts how far sets of them get.
type Calibrator struct {
	Accounts []exchange.Account // the sign-up registry; may be empty
	Good     map[string]string  // the accounts and organisations to use, with reasons; nil for all
	Bad      map[string]bool    // accounts that are left out
	Networks *observe.Networks
	Step     time.Duration // of event time between hunts; default 1 h
	Slice    time.Duration // each begins anew; 0 for one slice
	Hostile  float64       // share of the sets that may be hostile ones in disguise

	run     *Run
	begun   time.Time
	last    time.Time
	looks   [hunt.Segments]int
	units   [hunt.Segments]int
	groups  hunt.Groups // over all slices, by names
	slice   hunt.Groups // of the slice in hand
	names   map[string]uint32
	shown   map[string]bool
	known   map[string]bool // account -> belongs to the history
	out     CalibrationFile
	reached []Reached
}

// Reached is an innocent set that got as far as an accusation.
type Reached struct {
	Accounts []string  `json:"accounts"`
	At       time.Time `json:"at"`
}

// Known lists the accounts of the campaigns in a detect directory, but for those
// that people dismissed: what is known to be innocent belongs to the history,
// however guilty it looked.
func Known(dir string) (map[string]bool, error) {
	cs, err := ReadCampaigns(dir)
	if err != nil {
		return nil, err
	}
	ds, err := casebook.Read(filepath.Join(dir, CasebookFile))
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, c := range Sort(cs, ds).Raised {
		for _, a := range Names(c) {
			out[a] = true
		}
	}
	return out, nil
}

// Read plays the history in the logs. What it returns is whole, or an error.
func (c *Calibrator) Read(ctx context.Context, in []source.Input, o source.Options) (*CalibrationFile, []Reached, error) {
	if c.Step <= 0 {
		c.Step = time.Hour
	}
	if c.Slice != 0 && c.Slice < 24*time.Hour || c.Slice%c.Step != 0 {
		return nil, nil, fmt.Errorf("cannot calibrate on slices of %v: they are whole steps of %v, and a day at least", c.Slice, c.Step)
	}
	if !(c.Hostile >= 0 && c.Hostile <= mostHostile) {
		return nil, nil, fmt.Errorf("cannot calibrate with a hostile share of %g: it is 0 to %g", c.Hostile, mostHostile)
	}
	c.names, c.shown, c.known = map[string]uint32{}, map[string]bool{}, map[string]bool{}
	_, err := source.Scan(ctx, in, o, func() func(*exchange.Exchange, *exchange.Trace) {
		return (&observe.Observer{Networks: c.Networks}).Observe
	}, func(at time.Time, t *exchange.Trace) error { return c.take(at, t) })
	if err == nil {
		err = c.close()
	}
	if err == nil && c.out.Slices == 0 {
		err = errors.New("cannot calibrate: no exchange of an innocent account was read")
	}
	if err != nil {
		return nil, nil, err
	}
	return c.file(), c.reached, nil
}

// take plays one exchange.
func (c *Calibrator) take(at time.Time, t *exchange.Trace) error {
	if !c.belongs(t.Account, t.Org) {
		return nil
	}
	if c.run != nil && c.Slice > 0 && !at.Before(c.begun.Add(c.Slice)) {
		if err := c.close(); err != nil {
			return err
		}
	}
	if c.run == nil {
		c.open(at)
	}
	c.last = at
	c.out.Exchanges++
	return c.run.Take(t)
}

// belongs says whether an account's traffic is history.
func (c *Calibrator) belongs(account, org string) bool {
	if in, ok := c.known[account]; ok {
		return in
	}
	in := c.innocent(account, org)
	c.known[account] = in
	if in {
		c.out.Accounts++
	} else {
		c.out.LeftOut++
	}
	return in
}

// innocent says whether an account is taken for innocent.
func (c *Calibrator) innocent(account, org string) bool {
	if c.Bad[account] {
		return false
	}
	if c.Good == nil {
		return true
	}
	_, byName := c.Good[account]
	_, byOrg := c.Good[org]
	return byName || byOrg && org != ""
}

// open begins a slice with nothing known.
func (c *Calibrator) open(at time.Time) {
	var accounts []exchange.Account
	for i := range c.Accounts {
		a := &c.Accounts[i]
		if c.innocent(a.ID, a.Org) || c.known[a.ID] {
			accounts = append(accounts, *a)
		}
	}
	if c.out.From.IsZero() {
		c.out.From = at
	}
	c.begun, c.slice = at.Truncate(c.Step), hunt.Groups{}
	c.run = NewRun(Detection{Accounts: accounts, Networks: c.Networks, Step: c.Step, Census: true, Hunt: hunt.Options{Looked: c.looked}})
}

// looked counts a set that was put to the test.
func (c *Calibrator) looked(v *hunt.View, l hunt.Look) {
	c.looks[l.Segment]++
	c.slice.Add(l.Accounts, l.Segment, l.Reached)
	numbers := make([]uint32, len(l.Accounts))
	for i, a := range l.Accounts {
		name := v.Accounts[a].Name
		n, ok := c.names[name]
		if !ok {
			n = uint32(len(c.names))
			c.names[name] = n
		}
		numbers[i] = n
	}
	c.groups.Add(numbers, l.Segment, l.Reached)
	if !l.Reached {
		return
	}
	r := Reached{At: time.Unix(int64(v.Now), 0).UTC()}
	for _, a := range l.Accounts {
		r.Accounts = append(r.Accounts, v.Accounts[a].Name)
	}
	if !c.shown[r.Accounts[0]] {
		c.shown[r.Accounts[0]] = true
		c.reached = append(c.reached, r)
	}
}

// close ends a slice.
func (c *Calibrator) close() error {
	if c.run == nil {
		return nil
	}
	if _, err := c.run.Finish(); err != nil {
		return err
	}
	c.out.Slices++
	c.out.Until = c.last
	c.out.Span = max(c.out.Span, int64(c.last.Sub(c.begun)/time.Second)+1)
	for s, t := range c.slice.Tallies() {
		c.units[s] += t.Groups
	}
	c.out.Traffic = c.run.Traffic()
	c.run = nil
	return nil
}

// file draws up what was counted.
func (c *Calibrator) file() *CalibrationFile {
	f := &c.out
	f.Format, f.Version, f.Tool, f.Signals = calibrationFormat, calibrationVersion, Version, observe.Version
	f.Step, f.Registry, f.Hostile = int64(c.Step/time.Second), len(c.Accounts) > 0, c.Hostile
	f.From, f.Until = f.From.UTC().Truncate(time.Second), f.Until.UTC().Truncate(time.Second)
	f.Basis = "all"
	switch {
	case c.Good != nil && c.Bad != nil:
		f.Basis = "declared good, without known campaigns"
	case c.Good != nil:
		f.Basis = "declared good"
	case c.Bad != nil:
		f.Basis = "all without known campaigns"
	}
	f.Segments = nil
	for s, t := range c.groups.Tallies() {
		f.Segments = append(f.Segments, CalibrationSegment{
			Name: hunt.Segment(s).String(), Looks: c.looks[s], Units: c.units[s], Groups: t.Groups, Reached: t.Reached,
		})
	}
	return f
}
