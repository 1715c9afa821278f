// Package eval keeps the score: it runs detectors over worlds whose truth is
// known and says, in the same figures for ours and for every baseline, what they
// find, how soon, and whom they harm.
//
// It promises that one world is recorded once and shown to every detector in the
// same order of event time; that no detector sees the truth; that thresholds are
// chosen on even seeds and every reported figure comes from odd ones; and that
// the same seeds give the same figures, byte for byte, times apart.
//
// It refuses to know how ours works: whatever detects is a Method.
package eval

import "time"

// A Report is a set of accounts that a detector accuses together.
type Report struct {
	ID       string
	Detected time.Time // event time; no account counts as flagged before it
	Score    float64
	Accounts []Flag
}

// A Flag is one accused account.
type Flag struct {
	Account string
	Added   time.Time // event time
}

// A Method looks at a recorded world and reports whom it accuses. One that can
// be tuned calls report once for each setting, strictest first and always in the
// same order; one that cannot calls it once. It sees no truth.
type Method interface {
	Detect(t *Tape, report func(setting string, found []Report)) error
}

// MethodFunc is a function as a Method.
type MethodFunc func(t *Tape, report func(setting string, found []Report)) error

// Detect calls the function.
func (f MethodFunc) Detect(t *Tape, report func(setting string, found []Report)) error {
	return f(t, report)
}

// A Contender is a Method with what a reader of the scoreboard should know.
type Contender struct {
	Name     string
	About    string // paper or practice, in a line
	Ablation bool   // ours with something missing
	Tuned    bool   // has settings to choose from
	Groups   bool   // says which accounts belong together; others accuse one by one
	Method   Method
}
