package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
	"iolaus/ledger/duckdb"
	"iolaus/ledger/journal"
	"iolaus/observe"
	"iolaus/sketch"
)

// The durable parts of an output directory.
const (
	TracesDir  = "traces"        // the journal: the truth from which a run is continued
	LedgerFile = "ledger.duckdb" // the analyst's tables, made anew by every run
)

// A Store keeps a run on disk: each trace in the journal, synced at every step,
// and the ledger's tables beside it. What is in the journal when a run begins is
// replayed first, so that a run over further logs gives what one run over all
// logs would have given.
type Store struct {
	dir     string
	id      journal.Identity
	rebuild bool

	journal *journal.Journal
	db      *duckdb.DB
	had     journal.State // what was there at the beginning
	dirty   bool          // traces since the last commit
}

// OpenStore opens or makes the durable parts in dir. With rebuild, traces later
// than the disorder window are taken in as well and the journal is written anew,
// in order.
func OpenStore(dir string, key sketch.Key, rebuild bool) (*Store, error) {
	sum := sha256.Sum256(key[:])
	s := &Store{dir: dir, rebuild: rebuild, id: journal.Identity{Key: hex.EncodeToString(sum[:8]), Signals: observe.Version, Tool: Version}}
	// The tables are locked first: the journal relies on that lock. They go to
	// a file of their own until the run is whole, so that a reader never finds
	// half of them.
	var err error
	s.db, err = duckdb.Open(filepath.Join(dir, LedgerFile+".new"), duckdb.Options{Key: s.id.Key, Signals: s.id.Signals, Tool: Version, Fresh: true})
	if err != nil {
		return nil, fmt.Errorf("cannot open ledger in %s: %w", dir, err)
	}
	if s.journal, err = journal.Open(s.target(), s.id); err == nil && !rebuild {
		s.had = s.journal.State()
	} else if err == nil {
		s.had, err = journal.Replay(s.traces(), s.id, func(uint64, *exchange.Trace) error { return nil })
	}
	if err != nil {
		err = fmt.Errorf("cannot open journal in %s: %w", dir, err)
		if s.journal != nil {
			err = errors.Join(err, s.journal.Close())
		}
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

func (s *Store) traces() string { return filepath.Join(s.dir, TracesDir) }

// target is where new traces go.
func (s *Store) target() string {
	if s.rebuild {
		return s.traces() + ".new"
	}
	return s.traces()
}

// Cut says what a killed run left torn at the journal's end; "" for nothing.
func (s *Store) Cut() string {
	if len(s.had.Cut) == 0 {
		return ""
	}
	return s.had.Cut[0].String()
}

// replay sends what the journal held, in batches, in the order of time and id,
// until the context ends.
func (s *Store) replay(ctx context.Context, disorder time.Duration) (<-chan []exchange.Trace, <-chan error) {
	out, failed := make(chan []exchange.Trace, 4), make(chan error, 1)
	go func() {
		defer close(out)
		order := reorder{window: disorder}
		batch := make([]exchange.Trace, 0, replayBatch)
		send := func(t exchange.Trace) error {
			if batch = append(batch, t); len(batch) < replayBatch {
				return nil
			}
			full := batch
			batch = make([]exchange.Trace, 0, replayBatch)
			select {
			case out <- full:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		_, err := journal.Replay(s.traces(), s.id, func(step uint64, t *exchange.Trace) error {
			if step > s.had.Step {
				return nil // this run's own
			}
			return order.put(*t, send)
		})
		if err == nil {
			err = order.flush(send)
		}
		if err == nil {
			out <- batch
		}
		failed <- err
	}()
	return out, failed
}

const replayBatch = 512

// keep puts a new trace into the journal.
func (s *Store) keep(t *exchange.Trace) error {
	s.dirty = true
	return s.journal.Append(t)
}

// commit ends a step: its traces are durable, and the tables get what is due.
func (s *Store) commit(at time.Time, l *ledger.Ledger) error {
	if err := s.close(at); err != nil {
		return err
	}
	return s.due(s.journal.State().Step, at, l)
}

// close ends a step of the journal.
func (s *Store) close(at time.Time) error {
	if !s.dirty {
		return nil
	}
	s.dirty = false
	if err := s.journal.Commit(at, nil); err != nil {
		return fmt.Errorf("cannot commit step: %w", err)
	}
	return nil
}

// due writes what the ledger learned up to a step into the tables, when it is
// enough. It may be called beside keep and close.
func (s *Store) due(step uint64, at time.Time, l *ledger.Ledger) error {
	if l.Pending() < duckdb.BatchRows {
		return nil
	}
	return s.append(step, at, l, nil)
}

func (s *Store) append(step uint64, at time.Time, l *ledger.Ledger, cs []duckdb.Campaign) error {
	b := &duckdb.Batch{Step: step, Until: at, Campaigns: cs}
	l.Drain(&b.Changes)
	return errors.Join(s.journal.Sync(), s.db.Append(b))
}

// finish writes what is left and moves the tables in place.
func (s *Store) finish(at time.Time, l *ledger.Ledger, cs []duckdb.Campaign) error {
	var err error
	if s.dirty {
		err = s.journal.Commit(at, nil)
	}
	if err == nil {
		err = s.append(s.journal.State().Step, at, l, cs)
	}
	if err = errors.Join(err, s.journal.Close(), s.db.Close()); err != nil {
		return fmt.Errorf("cannot finish ledger in %s: %w", s.dir, err)
	}
	if s.rebuild {
		err = errors.Join(os.RemoveAll(s.traces()), os.Rename(s.target(), s.traces()))
	}
	path := filepath.Join(s.dir, LedgerFile)
	return errors.Join(err, os.Rename(path+".new", path))
}

// rows turns campaigns into the ledger's rows.
func rows(cs []*campaign.Campaign, v *hunt.View) []duckdb.Campaign {
	index := make(map[string]uint32, len(v.Accounts))
	for i := range v.Accounts {
		index[v.Accounts[i].Name] = uint32(i)
	}
	out := make([]duckdb.Campaign, 0, len(cs))
	for _, c := range cs {
		r := duckdb.Campaign{
			ID: c.ID, Detected: c.DetectedAt, First: c.First, Last: c.Last, Score: c.Score,
			Exchanges: uint64(c.Exchanges), Output: c.OutputTokens,
		}
		for _, m := range c.Accounts {
			total := 0.0
			for f := exchange.Family(0); f < exchange.Families; f++ {
				total += m.Links[f.String()]
			}
			r.Members = append(r.Members, duckdb.Member{Account: index[m.Account], Added: m.Added, Score: total})
		}
		for _, e := range c.Evidence {
			r.Evidence = append(r.Evidence, duckdb.Evidence{Observable: e.Key, Inside: uint32(e.Inside), Owners: uint32(e.Inside + e.Outside), Nats: e.Nats})
		}
		out = append(out, r)
	}
	return out
}
