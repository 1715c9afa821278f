// Package casebook remembers what people decided about campaigns.
//
// It promises that a decision is on disk before it counts, that it names its
// reason, and that nothing is ever rewritten: a later line overrules an earlier
// one. It decides nothing itself.
package casebook

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"iolaus/exchange"
)

// A Decision is one line of the casebook.
type Decision struct {
	At          time.Time             `json:"at"` // when it was made, by the clock of whoever made it
	Campaign    string                `json:"campaign_id"`
	Verdict     string                `json:"verdict"` // Dismissed
	Reason      string                `json:"reason"`
	Observables []exchange.Observable `json:"observables"` // the evidence it was made on
	Accounts    []string              `json:"accounts"`
}

// Dismissed is the verdict that a campaign is none, on the evidence at hand.
const Dismissed = "dismissed"

// Append adds a decision to the casebook at path and syncs it to disk.
func Append(path string, d Decision) error {
	if d.Reason == "" {
		return errors.New("cannot record a decision without a reason: say why with --reason")
	}
	line, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("cannot encode decision: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("cannot open casebook: %w", err)
	}
	torn, err := endsTorn(f)
	if err == nil {
		if torn {
			line = append([]byte{'\n'}, line...)
		}
		_, err = f.Write(append(line, '\n'))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("cannot write casebook %s: %w", path, err)
	}
	return nil
}

// endsTorn says whether the last line was cut short by a crash: a new line must
// not be glued to it.
func endsTorn(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], info.Size()-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// Read returns the decisions at path in the order they were made; none when
// there is no casebook yet. A damaged line, such as one that a crash cut short,
// is an error that says which: a decision is not to be lost in silence.
func Read(path string) ([]Decision, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open casebook: %w", err)
	}
	defer f.Close()
	var out []Decision
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for n := 1; sc.Scan(); n++ {
		if len(sc.Bytes()) == 0 {
			continue
		}
		var d Decision
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			return nil, fmt.Errorf("cannot read casebook %s line %d: %w; remove or mend the line", path, n, err)
		}
		out = append(out, d)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("cannot read casebook %s after %d decisions: %w", path, len(out), err)
	}
	return out, nil
}

// share is how much of a campaign's evidence and accounts a dismissal must have
// covered to cover the campaign again.
const share = 0.8

// Covers returns the latest decision that dismissed these observables and
// accounts, or nil: new evidence or new accounts raise a campaign again.
func Covers(ds []Decision, observables []exchange.Observable, accounts []string) *Decision {
	for i := len(ds) - 1; i >= 0; i-- {
		d := &ds[i]
		if d.Verdict == Dismissed && covered(d.Observables, observables) && covered(d.Accounts, accounts) {
			return d
		}
	}
	return nil
}

func covered[T comparable](known, now []T) bool {
	if len(now) == 0 {
		return false
	}
	have := make(map[T]bool, len(known))
	for _, x := range known {
		have[x] = true
	}
	n := 0
	for _, x := range now {
		if have[x] {
			n++
		}
	}
	return float64(n) >= share*float64(len(now))
}
