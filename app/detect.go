// Package app wires the parts together: it is the one place that knows everybody.
package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
	"iolaus/observe"
	"iolaus/report"
	"iolaus/sketch"
	"iolaus/source"
)

// Detection says how to hunt. The zero value works.
type Detection struct {
	Accounts []exchange.Account // the sign-up registry; may be empty
	Allowed  map[string]string  // accounts and organisations never accused, with the reason
	Key      sketch.Key         // keys every hash
	Networks *observe.Networks  // names networks in evidence; nil names none
	Step     time.Duration      // of event time between hunts; default 1 h
	Hunt     hunt.Options
	Store    *Store         // keeps the run on disk; nil keeps nothing
	Events   []report.Event // outside events: of a model's release, who moved to it is told
	Census   bool           // also remember which models accounts ask for, see Run.Traffic
}

// Version of the program, as its files record it.
const Version = "0.1.0"

// A Run takes exchanges in event time and hunts at every step. Observers may
// work on many goroutines; Take belongs to one. While Read reads, the ledger and
// the hunt work beside it on a goroutine of their own, see digest.
type Run struct {
	d        Detection
	ledger   *ledger.Ledger
	hunter   *hunt.Hunter
	seen     ledger.Repeats
	census   census // nil unless asked for
	pivots   pivots // of Detection.Events
	repeated int
	next     time.Time // end of the step in hand
	glance   time.Time // when newcomers are next compared with what was found
	heirs    int       // known between two steps
	last     time.Time
	batch    []arrival // on their way to the ledger
	moment   int       // where in batch begins what came at the newest time, to be put in order
	digest   *digest   // nil when the ledger and the hunt follow at once

	mu        sync.Mutex // guards observers while workers start
	observers []*observe.Observer
}

// arrival is a trace that waits for others of its very moment.
type arrival struct {
	exchange.Trace
	known bool // from the journal
	again bool // logged before, and not counted
}

// NewRun starts a run.
func NewRun(d Detection) *Run {
	if d.Step <= 0 {
		d.Step = time.Hour
	}
	r := &Run{d: d, ledger: ledger.New(ledger.Options{Drained: d.Store != nil}), hunter: hunt.New(d.Hunt), pivots: pivotsOf(d.Events)}
	if d.Census {
		r.census = census{}
	}
	if d.Store != nil {
		r.seen.Dir = d.Store.dir
	}
	r.ledger.Register(SignUps(d.Key, d.Accounts))
	r.ledger.Allow(d.Allowed)
	return r
}

// SignUps reads a registry as the ledger takes it.
func SignUps(key sketch.Key, accounts []exchange.Account) []ledger.SignUp {
	out := make([]ledger.SignUp, 0, len(accounts))
	for i := range accounts {
		a := &accounts[i]
		s := observe.ReadSignUp(key, a)
		out = append(out, ledger.SignUp{
			Account: a.ID, Created: a.Created, Banned: a.Banned, Owner: s.Owner,
			Payment: s.Payment, Left: s.Left,
		})
	}
	return out
}

// Observer makes a function that turns exchanges into traces; each goroutine
// has its own.
func (r *Run) Observer() func(*exchange.Exchange, *exchange.Trace) {
	o := &observe.Observer{Key: r.d.Key, Networks: r.d.Networks}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observers = append(r.observers, o)
	return o.Observe
}

// Take remembers a trace and hunts whenever a step is over. Traces come in the
// order of their time; those of one moment are put in order here.
func (r *Run) Take(t *exchange.Trace) error { return r.take(t, false) }

func (r *Run) take(t *exchange.Trace, known bool) error {
	if r.moment < len(r.batch) && !t.Time.Equal(r.batch[r.moment].Time) {
		if err := r.settle(); err != nil {
			return err
		}
	}
	r.batch = append(r.batch, arrival{Trace: *t, known: known})
	return nil
}

// settle takes in what came at one moment.
func (r *Run) settle() error {
	if r.moment == len(r.batch) {
		return nil
	}
	if err := r.turn(r.batch[r.moment].Time); err != nil {
		return err
	}
	now := r.batch[r.moment:]
	if len(now) > 1 {
		slices.SortStableFunc(now, func(a, b arrival) int {
			return cmp.Or(cmp.Compare(a.ID, b.ID), knownFirst(a, b))
		})
	}
	for i := range now {
		if err := r.accept(&now[i]); err != nil {
			return err
		}
	}
	if r.moment = len(r.batch); r.moment < fullBatch {
		return nil
	}
	return r.hand(cue{})
}

// knownFirst puts what the journal holds before what is logged again.
func knownFirst(a, b arrival) int {
	switch {
	case a.known == b.known:
		return 0
	case a.known:
		return -1
	}
	return 1
}

// turn ends the step in hand when a time is beyond it.
func (r *Run) turn(at time.Time) error {
	if r.next.IsZero() {
		r.next = at.Truncate(r.d.Step).Add(r.d.Step)
	}
	if at.Before(r.next) {
		return nil
	}
	c := cue{hunt: r.next}
	if s := r.d.Store; s != nil {
		if err := s.close(r.next); err != nil {
			return err
		}
		c.step = s.journal.State().Step
	}
	r.next = at.Truncate(r.d.Step).Add(r.d.Step)
	return r.hand(c)
}

// accept counts an exchange once and puts it into the journal.
func (r *Run) accept(a *arrival) error {
	r.last = a.Time
	if r.seen.Again(a.ID, a.Time) {
		r.repeated++
		a.again = true
		return nil
	}
	if r.census != nil {
		r.census.take(&a.Trace)
	}
	r.pivots.take(&a.Trace)
	if s := r.d.Store; s != nil && (!a.known || s.rebuild) {
		return s.keep(&a.Trace)
	}
	return nil
}

// glances is how often in a step newcomers are compared with what was found.
const glances = 60

// recognise compares newcomers with what was found, when it is time for it
// before an exchange of the given time is taken into the ledger.
func (r *Run) recognise(at time.Time) {
	if at.Before(r.glance) {
		return
	}
	if !r.glance.IsZero() {
		v := r.ledger.View(r.glance)
		r.heirs += r.hunter.Recognise(&v)
	}
	every := max(r.d.Step/glances, time.Second)
	r.glance = at.Truncate(every).Add(every)
}

// step hunts, and makes what was taken in since the last step durable.
func (r *Run) step(now time.Time) error {
	r.hunt(now)
	if r.d.Store == nil {
		return nil
	}
	return r.d.Store.commit(now, r.ledger)
}

func (r *Run) hunt(now time.Time) {
	r.glance = time.Time{}
	v := r.ledger.View(now)
	r.hunter.Step(&v)
	r.ledger.Clear()
}

// Finish hunts in what the last, unfinished step holds, completes what is on
// disk, and returns the campaigns in order of detection.
func (r *Run) Finish() ([]*campaign.Campaign, error) {
	err := r.settle()
	if err == nil {
		err = r.hand(cue{})
	}
	if err == nil && !r.last.IsZero() {
		r.hunt(r.last)
	}
	v := r.ledger.View(r.last)
	r.hunter.Close(&v)
	cs := r.campaigns(&v)
	if s := r.d.Store; s != nil {
		err = errors.Join(err, s.finish(r.last, r.ledger, rows(cs, &v)))
	}
	return cs, errors.Join(err, r.seen.Err(), r.seen.Close())
}

func (r *Run) campaigns(v *hunt.View) []*campaign.Campaign {
	labels := campaign.Labels{}
	for _, o := range r.observers {
		for k, s := range o.Labels() {
			labels[k] = s
		}
	}
	var out []*campaign.Campaign
	for _, f := range r.hunter.Findings() {
		if len(f.Members) > 0 { // else it became part of another
			c := campaign.Of(f, v, labels)
			r.pivots.tell(c, v)
			out = append(out, c)
		}
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

// Read feeds a run from logs, after and among what its store holds.
func (r *Run) Read(ctx context.Context, in []source.Input, o source.Options) (stats source.Stats, err error) {
	r.digest = newDigest(r)
	defer func() {
		err = errors.Join(err, r.digest.end())
		r.digest = nil
	}()
	s := r.d.Store
	if s == nil {
		return source.Scan(ctx, in, o, r.Observer, func(_ time.Time, t *exchange.Trace) error { return r.Take(t) })
	}
	disorder := cmp.Or(o.Disorder, source.DefaultDisorder)
	// The journal is replayed to its end even when reading is stopped: what was
	// known stays known.
	stop, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	batches, failed := s.replay(stop, disorder)
	old := &past{batches: batches}
	horizon := s.had.Until.Add(-disorder)
	stats, err = source.Scan(ctx, in, o, r.Observer, func(at time.Time, t *exchange.Trace) error {
		late := !s.rebuild && at.Before(horizon)
		if err := r.recall(old, at, late); err != nil {
			return err
		}
		if !late {
			return r.take(t, false)
		}
		if err := r.settle(); err != nil {
			return err
		}
		if r.seen.Again(t.ID, at) {
			r.repeated++
			return nil
		}
		return source.ErrLate
	})
	return stats, errors.Join(err, r.recall(old, time.Unix(1<<40, 0), true), <-failed)
}

// past walks through what the journal holds.
type past struct {
	batches <-chan []exchange.Trace
	batch   []exchange.Trace
}

func (p *past) head() *exchange.Trace {
	for len(p.batch) == 0 {
		b, ok := <-p.batches
		if !ok {
			return nil
		}
		p.batch = b
	}
	return &p.batch[0]
}

// recall takes what the journal holds from before a time, or up to it.
func (r *Run) recall(p *past, until time.Time, also bool) error {
	for t := p.head(); t != nil && (t.Time.Before(until) || also && t.Time.Equal(until)); t = p.head() {
		if err := r.take(t, true); err != nil {
			return err
		}
		p.batch = p.batch[1:]
	}
	return nil
}
