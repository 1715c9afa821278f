package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger/journal"
)

// An ongoing run is a Run that never ends: it takes traces from the stream, commits
// them step by step, and can be continued after its process was killed at any
// moment. What was not committed is still in the stream.
type ongoing struct {
	*Run
	ctx     context.Context
	stepped bool // the hunt at next has been made already
	fresh   bool // something was taken since the last hunt
	steps   int
	counted int                  // distinct exchanges, those of the journal included
	early   map[uint64]time.Time // hunts made before a step was over, by step
}

// earlyFile remembers the hunts that were made before their step was over, so
// that a replay of the journal makes them at the same places.
const earlyFile = "early.jsonl"

type earlyStep struct {
	Step uint64    `json:"step"`
	At   time.Time `json:"at"`
}

// restore rebuilds a run from its store's journal.
func restore(ctx context.Context, r *Run) (*ongoing, error) {
	l := &ongoing{Run: r, ctx: ctx, early: map[uint64]time.Time{}}
	s := r.d.Store
	if err := l.readEarly(); err != nil {
		return nil, err
	}
	step := uint64(0)
	_, err := journal.Replay(s.traces(), s.id, func(n uint64, t *exchange.Trace) error {
		if n > s.had.Step {
			return nil
		}
		if step != 0 && n != step {
			if err := l.again(step); err != nil {
				return err
			}
		}
		if step = n; ctx.Err() != nil {
			return ctx.Err()
		}
		return l.admit(t, true)
	})
	if err == nil && step != 0 {
		err = l.again(step)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot continue from the journal: %w", err)
	}
	return l, nil
}

func (l *ongoing) readEarly() error {
	f, err := os.Open(filepath.Join(l.d.Store.dir, earlyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read the early hunts: %w", err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var e earlyStep
		switch {
		case json.Unmarshal(sc.Bytes(), &e) != nil: // a torn last line was never acted on
		case e.At.IsZero():
			delete(l.early, e.Step)
		default:
			l.early[e.Step] = e.At
		}
	}
	return nil
}

// again makes the hunt that followed a committed step.
func (l *ongoing) again(step uint64) error {
	if at, ok := l.early[step]; ok {
		return l.hunt(at)
	}
	if err := l.hunt(l.next); err != nil {
		return err
	}
	l.stepped = true
	return nil
}

// admit takes one trace; traces come in the order of time as far as it can be
// known, and late ones count where they come.
func (l *ongoing) admit(t *exchange.Trace, known bool) error {
	if l.next.IsZero() {
		l.next = t.Time.Truncate(l.d.Step).Add(l.d.Step)
	}
	if !t.Time.Before(l.next) {
		if !l.stepped {
			if err := l.regular(); err != nil {
				return err
			}
		}
		l.stepped = false
		l.next = t.Time.Truncate(l.d.Step).Add(l.d.Step)
	}
	if t.Time.After(l.last) {
		l.last = t.Time
	}
	if l.seen.Again(t.ID, t.Time) {
		l.repeated++
		return nil
	}
	l.recognise(t.Time)
	l.fresh = true
	l.counted++
	l.ledger.Take(t)
	if !known {
		return l.d.Store.keep(t)
	}
	return nil
}

// regular hunts at the end of a step. A note of an early hunt that a crash kept
// from being made is taken back.
func (l *ongoing) regular() error {
	if s := l.d.Store; s != nil && s.dirty {
		if n := s.journal.State().Step + 1; !l.early[n].IsZero() {
			if err := l.noteEarly(n, time.Time{}); err != nil {
				return err
			}
		}
	}
	return l.hunt(l.next)
}

func (l *ongoing) hunt(at time.Time) error {
	l.fresh = false
	l.steps++
	return l.step(at)
}

// flush hunts in what the unfinished step holds and makes it durable.
func (l *ongoing) flush() error {
	if !l.fresh {
		return nil
	}
	s := l.d.Store
	if s.dirty {
		if err := l.noteEarly(s.journal.State().Step+1, l.last); err != nil {
			return err
		}
	}
	return l.hunt(l.last)
}

// noteEarly writes down that the step to be committed is an early one; at no
// time at all, that it is not.
func (l *ongoing) noteEarly(step uint64, at time.Time) error {
	f, err := os.OpenFile(filepath.Join(l.d.Store.dir, earlyFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("cannot note an early hunt: %w", err)
	}
	err = json.NewEncoder(f).Encode(earlyStep{step, at})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("cannot note an early hunt: %w", err)
	}
	l.early[step] = at
	return nil
}

// view lends the ledger as the hunt last saw it.
func (l *ongoing) view() hunt.View { return l.ledger.View(l.last) }

// found makes campaigns of the hunter's findings, each beside its finding.
func (l *ongoing) found(v *hunt.View, labels campaign.Labels) ([]*campaign.Campaign, []*hunt.Finding) {
	var cs []*campaign.Campaign
	var fs []*hunt.Finding
	for _, f := range l.hunter.Findings() {
		if len(f.Members) > 0 {
			cs, fs = append(cs, campaign.Of(f, v, maps.Clone(labels))), append(fs, f)
		}
	}
	return cs, fs
}

// finish completes what is on disk; the run is over.
func (l *ongoing) finish(labels campaign.Labels) ([]*campaign.Campaign, error) {
	err := l.flush()
	v := l.view()
	cs, _ := l.found(&v, labels)
	err = errors.Join(err, l.d.Store.finish(l.last, l.ledger, rows(cs, &v)))
	return cs, errors.Join(err, l.seen.Err(), l.seen.Close())
}
