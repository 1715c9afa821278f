package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// record is one line of the journal of decisions: what was answered, also in
// shadow. Answers of "none" are counted and not written.
type record struct {
	At             time.Time  `json:"at"`
	Account        string     `json:"account,omitempty"`
	Org            string     `json:"org,omitempty"`
	Measure        string     `json:"measure"`
	Shadow         bool       `json:"shadow"`
	Campaign       string     `json:"campaign,omitempty"`
	Order          string     `json:"order,omitempty"`
	Recognised     bool       `json:"recognised,omitempty"`
	Nats           float64    `json:"log_odds,omitempty"`
	First          bool       `json:"first,omitempty"` // the account was recognised just now
	Same           []string   `json:"same,omitempty"`  // kinds of observables that stayed the same
	Replaces       string     `json:"replaces,omitempty"`
	ReplacedBanned *time.Time `json:"replaced_banned,omitempty"`
	After          float64    `json:"after_hours,omitempty"` // from that ban to this exchange
}

// recorder writes decisions beside the answers; when it cannot follow, it counts
// what it leaves out.
type recorder struct {
	f      *os.File
	meters *meters
	in     chan *record
}

func (r *recorder) open(path string, m *meters) (err error) {
	r.meters, r.in = m, make(chan *record, 8192)
	if r.f, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return fmt.Errorf("cannot open the journal of decisions: %w", err)
	}
	return nil
}

// note never waits.
func (r *recorder) note(x *record) {
	select {
	case r.in <- x:
	default:
		r.meters.unrecorded.Add(1)
	}
}

func (r *recorder) run(ctx context.Context) {
	w := bufio.NewWriterSize(r.f, 1<<16)
	enc := json.NewEncoder(w)
	t := time.NewTicker(500 * time.Millisecond)
	defer t.Stop()
	put := func(x *record) {
		if enc.Encode(x) != nil {
			r.meters.unrecorded.Add(1)
			w.Reset(r.f) // a full disk now is none for ever
			enc = json.NewEncoder(w)
			return
		}
		r.meters.records.Add(1)
	}
	for {
		select {
		case x := <-r.in:
			put(x)
		case <-t.C:
			if w.Flush() != nil {
				w.Reset(r.f)
			}
		case <-ctx.Done():
			for len(r.in) > 0 {
				put(<-r.in)
			}
			w.Flush()
			r.f.Close()
			return
		}
	}
}

// lock makes sure that one process at a time uses a data folder.
func lock(path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot lock the data folder: another iolaus serve uses it (%s)", path), f.Close())
	}
	return func() { f.Close() }, nil
}
