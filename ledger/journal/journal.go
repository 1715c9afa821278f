// Package journal is the durable truth of a run: every exchange.Trace that was
// taken in, in the order it was taken, step by step. What else is remembered
// can be made anew from it.
//
// It promises that a step is there whole or not at all; that a torn end, as a
// killed process leaves it, is cut at the last whole step and told; that
// memory has a bound whatever the files hold; and that traces made with another
// key or by other signals are refused, with a remedy. Its files are valid zstd.
//
// It refuses to hold texts, addresses or keys: a trace has none. One process
// writes at a time; the ledger's own lock sees to that.
package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"iolaus/exchange"
)

// An Identity is what the hashes in a journal depend on.
type Identity struct {
	Key     string // id of the key, never the key
	Signals uint32 // version of the signals; traces of different versions do not compare
	Tool    string // version of the program; recorded, not compared
}

// State is what a journal holds.
type State struct {
	Step   uint64    // number of the last committed step; 0 when there is none
	Until  time.Time // event time of the last committed step
	Traces uint64
	Bytes  int64  // on disk
	Marks  []Mark // the last of each input, in the order of first appearance
	Cut    []Cut  // ends that were not whole
}

// A Cut is the end of a file that was not used.
type Cut struct {
	File   string
	At     int64 // offset of the last whole step's end
	Bytes  int64
	Reason string
}

// String says what was cut, in a sentence.
func (c Cut) String() string {
	return fmt.Sprintf("%s: the last %d bytes are not used: %s", c.File, c.Bytes, c.Reason)
}

// A Journal appends. It is not safe for concurrent use; compression and writing
// happen on a goroutine of its own.
type Journal struct {
	dir   string
	id    Identity
	state State
	now   *frame // being filled
	index index
	open  uint64 // traces of the step in hand
	w     *writer
	done  sync.WaitGroup
}

// Open opens the journal in dir for appending and creates what is missing. It
// mends a torn end; State tells. An error wraps ErrForeign when the journal was
// written with another key, by other signals or in another format.
func Open(dir string, id Identity) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot create the journal: %w", err)
	}
	segs, state, err := survey(dir, id)
	if err != nil {
		return nil, err
	}
	if err := mend(state.Cut); err != nil {
		return nil, err
	}
	number := 1
	if len(segs) > 0 {
		number = segs[len(segs)-1].number + 1
	}
	j := &Journal{dir: dir, id: id, state: state}
	j.w = newWriter(dir, id, number)
	j.now = j.w.frame()
	j.done.Go(j.w.run)
	return j, nil
}

// mend cuts torn ends. A file that is nothing but a torn end goes.
func mend(cuts []Cut) error {
	for _, c := range cuts {
		var err error
		if c.At == 0 {
			err = os.Remove(c.File)
		} else {
			err = os.Truncate(c.File, c.At)
		}
		if err != nil {
			return fmt.Errorf("cannot mend the journal: %w", err)
		}
	}
	return nil
}

// State returns what has been committed, and what Open had to cut.
func (j *Journal) State() State { return j.state }

// Append adds a trace to the step in hand. Traces whose names have more than a
// mebibyte, or whose time lies outside 1678..2262, are refused.
func (j *Journal) Append(t *exchange.Trace) error {
	if err := j.w.failed(); err != nil {
		return err
	}
	if err := j.now.add(&j.index, t); err != nil {
		return err
	}
	if j.open++; j.now.full() {
		j.hand()
	}
	return nil
}

// Commit ends the step in hand at an event time, with the inputs whose marks
// have moved. The step is written at once and synced within a tenth of a second,
// together with its neighbours; Sync waits for it.
func (j *Journal) Commit(at time.Time, marks []Mark) error {
	if err := j.w.failed(); err != nil {
		return err
	}
	if at.Year() < minYear || at.Year() > maxYear {
		return fmt.Errorf("cannot commit a step at %v: out of range", at)
	}
	j.state.Step++
	j.state.Until = at.UTC()
	j.state.mark(marks)
	j.state.Traces, j.open = j.state.Traces+j.open, 0
	j.now.commit, j.now.at = true, at.UnixNano()
	j.now.marks = append(j.now.marks[:0], marks...)
	j.hand()
	return nil
}

// hand gives the frame in hand to the writer.
func (j *Journal) hand() {
	f := j.now
	f.step = j.state.Step
	if !f.commit {
		f.step++ // the step it will belong to
	}
	j.w.queue <- request{frame: f}
	j.now = j.w.frame()
	j.index.reset()
}

// Sync returns when every committed step is on the disk.
func (j *Journal) Sync() error {
	back := make(chan error)
	j.w.queue <- request{synced: back}
	return <-back
}

// Close syncs and ends. Traces after the last Commit are dropped, as they would
// be by a crash.
func (j *Journal) Close() error {
	close(j.w.queue)
	j.done.Wait()
	return j.w.failed()
}

// ErrForeign is wrapped by errors about a journal that this run cannot continue.
var ErrForeign = errors.New("the journal was written by another run's rules")

// foreign says in which respect a file's identity differs.
func foreign(file string, theirs, ours Identity) error {
	const remedy = "read the logs again with --rebuild, or choose another --out"
	switch {
	case theirs.Key != ours.Key:
		return fmt.Errorf("cannot continue from %s: its hashes were made with key %s, not %s; give the old key, or %s: %w",
			filepath.Clean(file), theirs.Key, ours.Key, remedy, ErrForeign)
	case theirs.Signals != ours.Signals:
		return fmt.Errorf("cannot continue from %s: its traces were left by version %d of the signals (%s), not %d; %s: %w",
			filepath.Clean(file), theirs.Signals, theirs.Tool, ours.Signals, remedy, ErrForeign)
	}
	return nil
}
