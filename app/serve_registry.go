package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
	"iolaus/observe"
	"iolaus/sketch"
)

// registry keeps what the sign-up registry said, as keyed hashes, on disk and
// for the run. Its methods may be called from many goroutines.
type registry struct {
	mu      sync.Mutex
	f       *os.File
	key     sketch.Key
	pending []ledger.SignUp // not yet told to the run
}

// signUpRow is one line of the registry's file.
type signUpRow struct {
	Account string                `json:"account"`
	Org     string                `json:"org,omitempty"`
	Created time.Time             `json:"created,omitzero"`
	Banned  time.Time             `json:"banned,omitzero"`
	Owner   string                `json:"owner,omitempty"`
	Payment exchange.Observable   `json:"payment,omitempty"`
	Left    []exchange.Observable `json:"left,omitempty"`
}

func (r *signUpRow) signUp() ledger.SignUp {
	return ledger.SignUp{Account: r.Account, Created: r.Created, Banned: r.Banned, Owner: r.Owner, Payment: r.Payment, Left: r.Left}
}

// openRegistry reads the registry's file and appends to it from then on.
func openRegistry(path string, key sketch.Key) (*registry, error) {
	r := &registry{key: key}
	f, err := os.Open(path)
	if err == nil {
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var row signUpRow
			if json.Unmarshal(sc.Bytes(), &row) == nil { // a torn line was never acknowledged
				r.pending = append(r.pending, row.signUp())
			}
		}
		err = errors.Join(sc.Err(), f.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the registry %s: %w", path, err)
	}
	if r.f, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, fmt.Errorf("cannot open the registry: %w", err)
	}
	if info, err := r.f.Stat(); err == nil && info.Size() > 0 {
		_, err = r.f.WriteString("\n") // ends a torn line; blank ones are skipped
		return r, err
	}
	return r, nil
}

// add makes accounts durable.
func (r *registry) add(as []exchange.Account) error {
	var text []byte
	rows := make([]signUpRow, len(as))
	for i := range as {
		a := &as[i]
		s := observe.ReadSignUp(r.key, a)
		rows[i] = signUpRow{a.ID, a.Org, a.Created, a.Banned, s.Owner, s.Payment, s.Left}
		line, err := json.Marshal(&rows[i])
		if err != nil {
			return fmt.Errorf("cannot write the registry: %w", err)
		}
		text = append(append(text, line...), '\n')
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.f.Write(text); err != nil {
		return fmt.Errorf("cannot write the registry: %w", err)
	}
	if err := r.f.Sync(); err != nil {
		return fmt.Errorf("cannot write the registry: %w", err)
	}
	for i := range rows {
		r.pending = append(r.pending, rows[i].signUp())
	}
	return nil
}

// take hands over what the run has not been told.
func (r *registry) take() []ledger.SignUp {
	r.mu.Lock()
	defer r.mu.Unlock()
	ups := r.pending
	r.pending = nil
	return ups
}

// again makes take begin anew, for a run that begins anew.
func (r *registry) again(path string) error {
	fresh, err := openRegistry(path, r.key)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.f.Close()
	r.f, r.pending = fresh.f, fresh.pending
	return nil
}
