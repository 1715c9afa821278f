// Package app wires the parts together: it is the one place that knows everybody.
package app

import (
	"context"
	"sync"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
	"iolaus/observe"
	"iolaus/sketch"
	"iolaus/source"
)

// Detection says how to hunt. The zero value works.
type Detection struct {
	Accounts []exchange.Account // the sign-up registry; may be empty
	Allowed  map[string]string  // accounts and organisations never accused, with the reason
	Key      sketch.Key         // keys every hash
	Step     time.Duration      // of event time between hunts; default 1 h
	Hunt     hunt.Options
}

// A Run takes exchanges in event time and hunts at every step. Observers may
// work on many goroutines; Take belongs to one.
type Run struct {
	d        Detection
	ledger   *ledger.Ledger
	hunter   *hunt.Hunter
	seen     ledger.Repeats
	repeated int
	next     time.Time // end of the step in hand
	last     time.Time

	mu        sync.Mutex // guards observers while workers start
	observers []*observe.Observer
}

// NewRun starts a run.
func NewRun(d Detection) *Run {
	if d.Step <= 0 {
		d.Step = time.Hour
	}
	r := &Run{d: d, ledger: ledger.New(ledger.Options{}), hunter: hunt.New(d.Hunt)}
	r.ledger.Register(d.signUps())
	return r
}

func (d *Detection) signUps() []ledger.SignUp {
	out := make([]ledger.SignUp, 0, len(d.Accounts))
	for i := range d.Accounts {
		a := &d.Accounts[i]
		s := observe.ReadSignUp(d.Key, a)
		_, byName := d.Allowed[a.ID]
		_, byOrg := d.Allowed[a.Org]
		out = append(out, ledger.SignUp{
			Account: a.ID, Created: a.Created, Banned: a.Banned, Owner: s.Owner,
			Payment: s.Payment, Left: s.Left, Allowed: byName || byOrg && a.Org != "",
		})
	}
	return out
}

// Observer makes a function that turns exchanges into traces; each goroutine
// has its own.
func (r *Run) Observer() func(*exchange.Exchange, *exchange.Trace) {
	o := &observe.Observer{Key: r.d.Key}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observers = append(r.observers, o)
	return o.Observe
}

// Take remembers a trace and hunts whenever a step is over. Traces come in the
// order of their time.
func (r *Run) Take(t *exchange.Trace) {
	at := t.Time
	if r.next.IsZero() {
		r.next = at.Truncate(r.d.Step).Add(r.d.Step)
	}
	if !at.Before(r.next) {
		r.step(r.next)
		r.next = at.Truncate(r.d.Step).Add(r.d.Step)
	}
	r.last = at
	if r.seen.Again(t.ID, at) {
		r.repeated++
		return
	}
	r.ledger.Take(t)
}

func (r *Run) step(now time.Time) {
	v := r.ledger.View(now)
	r.hunter.Step(&v)
	r.ledger.Clear()
}

// Finish hunts in what the last, unfinished step holds and returns all findings
// with the view they refer to.
func (r *Run) Finish() ([]*hunt.Finding, hunt.View) {
	if !r.last.IsZero() {
		r.step(r.last)
	}
	return r.hunter.Findings(), r.ledger.View(r.last)
}

// Campaigns returns what was found, in order of detection.
func (r *Run) Campaigns(fs []*hunt.Finding, v *hunt.View) []*campaign.Campaign {
	labels := campaign.Labels{}
	for _, o := range r.observers {
		for k, s := range o.Labels() {
			labels[k] = s
		}
	}
	out := make([]*campaign.Campaign, 0, len(fs))
	for _, f := range fs {
		if len(f.Members) == 0 {
			continue // became part of another
		}
		out = append(out, campaign.Of(f, v, labels))
	}
	return out
}

// Coverage says how often each signal had what it needs.
func (r *Run) Coverage() observe.Coverage {
	var c observe.Coverage
	for _, o := range r.observers {
		c.Add(o.Coverage())
	}
	return c
}

// Repeated is how many exchanges were logged more than once.
func (r *Run) Repeated() int { return r.repeated }

// Read feeds a run from logs.
func (r *Run) Read(ctx context.Context, in []source.Input, o source.Options) (source.Stats, error) {
	return source.Scan(ctx, in, o, r.Observer, func(_ time.Time, t *exchange.Trace) error {
		r.Take(t)
		return nil
	})
}
