package ledger

import (
	"slices"

	"iolaus/exchange"
	"iolaus/hunt"
)

// Changes is what a Ledger learned since the last Drain, merged: rows that an
// engine appends. It owns all it holds, so that it can be written while the run
// goes on. Times are Unix seconds of event time.
type Changes struct {
	Accounts  []Profile
	Sightings []Delta
	Hours     []Hour
}

// A Profile is an account as it stands now; Carried and Left are not part of it.
type Profile struct {
	ID uint32 // its index in hunt.View.Accounts, the same in every replay of the same log
	hunt.Account
}

// A Delta is what one account added to what it left of one observable. Deltas
// of the same pair merge by the least First, the greatest Last and the sum of Count.
type Delta struct {
	Account            uint32
	Observable         exchange.Observable
	First, Last, Count uint32
}

// An Hour is what one account added to its activity in one hour.
type Hour struct {
	Account             uint32
	Hour                uint32 // Unix seconds of its beginning
	Exchanges, Failures uint32
}

// changes is the bookkeeping behind Drain.
type changes struct {
	kept     bool
	edges    []uint32  // with something pending
	pending  []pending // per edge
	accounts []uint32
	marked   []bool // per account
	open     []Hour // per account: the hour in hand
	hours    []Hour
}

// pending is what an edge gained since the last Drain; zero count is nothing.
type pending struct{ first, count uint32 }

// Pending returns how many rows a Drain would bring, roughly: a measure of when
// one is due.
func (l *Ledger) Pending() int {
	return len(l.changes.edges) + len(l.changes.hours) + len(l.changes.accounts)
}

// Drain appends to c what changed since the last Drain, in a Ledger with
// Options.Drained. Observables of a single
// owner are not among it: nobody can coincide on them.
func (l *Ledger) Drain(c *Changes) {
	d := &l.changes
	c.Sightings = slices.Grow(c.Sightings, len(d.edges))
	c.Hours = slices.Grow(c.Hours, len(d.hours)+len(d.accounts))
	c.Accounts = slices.Grow(c.Accounts, len(d.accounts))
	for _, id := range d.edges {
		e := &l.edges[id]
		s := &d.pending[id]
		c.Sightings = append(c.Sightings, Delta{e.Account, l.trails[e.Trail].Observable, s.first, e.Last, s.count})
		s.count = 0
	}
	c.Hours = append(c.Hours, d.hours...)
	for _, a := range d.accounts {
		if h := &d.open[a]; h.Exchanges > 0 {
			c.Hours = append(c.Hours, *h)
			h.Exchanges, h.Failures = 0, 0
		}
		p := Profile{a, l.accounts[a]}
		p.Carried, p.Left = nil, nil
		c.Accounts = append(c.Accounts, p)
		d.marked[a] = false
	}
	d.edges, d.accounts, d.hours = d.edges[:0], d.accounts[:0], d.hours[:0]
}

// pend notes count sightings of an edge.
func (d *changes) pend(id, first, count uint32) {
	if !d.kept {
		return
	}
	for int(id) >= len(d.pending) {
		d.pending = append(d.pending, pending{})
	}
	p := &d.pending[id]
	if p.count == 0 {
		d.edges = append(d.edges, id)
		p.first = first
	}
	p.first = min(p.first, first)
	p.count += count
}

// act notes one exchange of account a.
func (d *changes) act(a, now uint32, failed bool) {
	if !d.kept {
		return
	}
	for int(a) >= len(d.open) {
		d.open = append(d.open, Hour{Account: uint32(len(d.open))})
		d.marked = append(d.marked, false)
	}
	if !d.marked[a] {
		d.marked[a] = true
		d.accounts = append(d.accounts, a)
	}
	h := &d.open[a]
	if hour := now - now%3600; hour != h.Hour {
		if h.Exchanges > 0 {
			d.hours = append(d.hours, *h)
		}
		*h = Hour{Account: a, Hour: hour}
	}
	h.Exchanges++
	if failed {
		h.Failures++
	}
}
