package exchange

import "time"

// A Capability is what a request wants of the model.
type Capability uint8

// The capabilities that campaigns were reported to go for, and the rest.
const (
	Other      Capability = iota
	Agentic               // tool use over several steps
	Coding                // writing, explaining or mending programs
	Reasoning             // asks for the hidden or full chain of thought
	Grading               // judges answers, rubrics, rewards
	Generation            // makes tasks, instructions or training data
	Rewriting             // rephrases, translates or converts a text
	Capabilities
)

var capabilityNames = [Capabilities]string{"other", "agentic tool use", "coding", "reasoning elicitation", "grading", "data generation", "rewriting"}

// String returns the capability's name as it stands in reports.
func (c Capability) String() string {
	if c < Capabilities {
		return capabilityNames[c]
	}
	return "unknown"
}

// MaxObservables is how many observables one exchange can leave; those that come
// after them are dropped. The signals bound what each leaves, but for the signatures
// of a long history: they come last, newest first, and the oldest may be missing.
const MaxObservables = 40

// A Trace is all that is remembered of one exchange: no text, no address, keyed
// hashes only. It is a plain value of fixed size, so that traces can be held
// back and sorted by the million.
type Trace struct {
	ID         uint64 // keyed hash of the exchange id; 0 when it has none
	Time       time.Time
	Account    string
	Org        string // organisation of the key, as the gateway knows it
	SubAccount uint64 // keyed hash of the account's own customer; 0 for none
	Model      string

	Capability Capability
	Failed     bool
	ErrorCode  int16
	Input      int32 // tokens
	Output     int32

	Left        uint8 // length of Observables
	Observables [MaxObservables]Observable
}

// Reset empties the trace for its next use.
func (t *Trace) Reset() { t.Left = 0 }

// Leave adds an observable to the trace; the zero Observable and those beyond
// MaxObservables are dropped.
func (t *Trace) Leave(o Observable) {
	if o != 0 && int(t.Left) < MaxObservables {
		t.Observables[t.Left] = o
		t.Left++
	}
}

// Seen returns what the exchange left.
func (t *Trace) Seen() []Observable { return t.Observables[:t.Left] }
