package duckdb

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
	"iolaus/ledger/journal"
)

// TestContinue holds that a run which is ended anywhere and continued from its
// journal leaves the ledger that one run would have left. It is also how to
// continue: replay the journal into a new ledger, drop what the file has, append
// the rest.
func TestContinue(t *testing.T) {
	for seed := range uint64(6) {
		dir := t.TempDir()
		rng := rand.New(rand.NewPCG(seed, 7))
		want := ledger.New(ledger.Options{})
		next, at := 0, day0
		for range 4 {
			r := begin(t, dir)
			if n := len(r.l.View(at).Accounts); n != len(want.View(at).Accounts) {
				t.Fatalf("%d accounts after the replay", n)
			}
			for range 2 + rng.IntN(20) {
				for range rng.IntN(100) {
					at = at.Add(time.Duration(rng.IntN(100)) * time.Second)
					x := exchange.Trace{ID: uint64(next), Time: at, Account: fmt.Sprint("a", rng.IntN(30))}
					for range rng.IntN(6) {
						x.Leave(exchange.NewObservable(exchange.Item, 1+rng.Uint64N(50)))
					}
					next++
					want.Take(&x)
					r.l.Take(&x)
					if err := r.j.Append(&x); err != nil {
						t.Fatal(err)
					}
				}
				r.commit(t, at, rng.IntN(4) == 0)
			}
			// Ended without a last batch: the file is behind the journal.
			if err := errors.Join(r.j.Close(), r.d.Close()); err != nil {
				t.Fatal(err)
			}
		}
		r := begin(t, dir)
		r.commit(t, at, true)
		if err := errors.Join(r.j.Close(), r.d.Close()); err != nil {
			t.Fatal(err)
		}
		d := open(t, filepath.Join(dir, "ledger.duckdb"), Options{ReadOnly: true})
		holds(t, d, want, at)
		closeDB(t, d)
	}
}

// running is a run's memory and its two durable parts.
type running struct {
	l *ledger.Ledger
	j *journal.Journal
	d *DB
}

// begin begins a run, or continues one.
func begin(t *testing.T, dir string) running {
	t.Helper()
	id := journal.Identity{Key: ours.Key, Signals: ours.Signals}
	traces := filepath.Join(dir, "traces")
	r := running{l: ledger.New(ledger.Options{Drained: true}), d: open(t, filepath.Join(dir, "ledger.duckdb"), ours)}
	has, _ := r.d.Step()
	dropped := false
	state, err := journal.Replay(traces, id, func(step uint64, x *exchange.Trace) error {
		if step > has && !dropped {
			r.l.Drain(&ledger.Changes{})
			dropped = true
		}
		r.l.Take(x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !dropped {
		r.l.Drain(&ledger.Changes{})
	}
	if state.Step < has {
		t.Fatalf("the file has step %d, the journal only %d", has, state.Step)
	}
	if r.j, err = journal.Open(traces, id); err != nil {
		t.Fatal(err)
	}
	return r
}

// commit ends a step and, now and then, appends a batch; the journal first.
func (r *running) commit(t *testing.T, at time.Time, batch bool) {
	t.Helper()
	if err := r.j.Commit(at, nil); err != nil {
		t.Fatal(err)
	}
	if !batch {
		return
	}
	b := &Batch{Step: r.j.State().Step, Until: at}
	r.l.Drain(&b.Changes)
	if err := errors.Join(r.j.Sync(), r.d.Append(b)); err != nil {
		t.Fatal(err)
	}
}
