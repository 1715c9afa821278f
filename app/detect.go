// Package app wires the parts together: it is the one place that knows everybody.
package app

import (
	"context"
	"io"
	"sync"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
	"iolaus/observe"
	"iolaus/sketch"
	"iolaus/source"
)

// Detection says what to read and how to hunt in it.
type Detection struct {
	Inputs   []source.Input
	Source   source.Options
	Accounts []exchange.Account // the sign-up registry
	Allowed  map[string]string  // accounts and organisations never accused, with the reason
	Key      sketch.Key
	Step     time.Duration // of event time between hunts; default 1 h
	Hunt     hunt.Options
	Progress io.Writer
}

// Detected is what a run found.
type Detected struct {
	Findings []*hunt.Finding
	View     hunt.View
	Stats    source.Stats
	Coverage observe.Coverage
	Repeats  int
}

// Detect reads the inputs once, in event time, and hunts every step.
func Detect(ctx context.Context, d Detection) (*Detected, error) {
	if d.Step <= 0 {
		d.Step = time.Hour
	}
	p := &pipeline{d: d, ledger: ledger.New(ledger.Options{}), hunter: hunt.New(d.Hunt)}
	p.ledger.Register(d.signUps())
	stats, err := source.Scan(ctx, d.Inputs, d.Source, p.worker, p.take)
	p.close()
	out := &Detected{Findings: p.hunter.Findings(), View: p.ledger.View(p.last), Stats: stats, Repeats: p.repeated}
	for _, o := range p.observers {
		out.Coverage.Add(o.Coverage())
	}
	return out, err
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

// pipeline takes traces in event time and hunts at every step.
type pipeline struct {
	d         Detection
	ledger    *ledger.Ledger
	hunter    *hunt.Hunter
	mu        sync.Mutex // guards observers while workers start
	observers []*observe.Observer
	seen      ledger.Repeats
	repeated  int
	next      time.Time // end of the step in hand
	last      time.Time
}

// worker makes the function that runs right after decoding, on each goroutine.
func (p *pipeline) worker() func(*exchange.Exchange, *exchange.Trace) {
	o := &observe.Observer{Key: p.d.Key}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.observers = append(p.observers, o)
	return o.Observe
}

func (p *pipeline) take(at time.Time, t *exchange.Trace) error {
	if p.next.IsZero() {
		p.next = at.Truncate(p.d.Step).Add(p.d.Step)
	}
	if !at.Before(p.next) {
		p.step(p.next)
		p.next = at.Truncate(p.d.Step).Add(p.d.Step)
	}
	p.last = at
	if p.seen.Again(t.ID, at) {
		p.repeated++
		return nil
	}
	p.ledger.Take(t)
	return nil
}

func (p *pipeline) step(now time.Time) {
	v := p.ledger.View(now)
	p.hunter.Step(&v)
	p.ledger.Clear()
}

func (p *pipeline) close() {
	if !p.last.IsZero() {
		p.step(p.last)
	}
}
