// Package source turns logs into exchanges: it finds the files, tells their
// formats apart, decodes them on all cores and hands the exchanges on in the
// order of their own time.
//
// It promises that a bad line, a broken file or a wrong clock never stops a run
// and never vanishes: each becomes a Reject with file, line, field, reason and
// remedy. What it emits depends on the lines alone, not on how they were cut
// into files and blocks, nor on how many workers decoded them.
//
// It refuses to judge what it reads, to keep texts (they live in reused buffers
// during one call), and to quote a log's content in an error.
package source

import (
	"errors"
	"runtime"
	"time"
)

// Options say how to read. The zero value works.
type Options struct {
	Format   string         // name of the format of every input; "" lets each file tell
	Account  string         // dotted path of the field that is the account; "" is the format's own rule
	Object   string         // field of a sighting that is its object; "" is the first of the usual names
	Brief    bool           // leave the answer's text and the texts of all turns but the user's newest unread: agents resend their history
	Join     *Known         // what another log knows of the requests, from Join; may be nil
	Disorder time.Duration  // how late a line may be behind the newest before it; 0 is 6 h
	Workers  int            // goroutines that decode; 0 is GOMAXPROCS
	Block    int            // bytes of whole lines that one worker takes at a time; 0 is 1 MiB
	MaxLine  int            // bytes of the longest line that is read; 0 is 64 MiB
	Reject   func(Reject)   // told of each line that was not used, on the caller's goroutine; may be nil
	Progress func(Progress) // told how far the run is, at most ten times a second, on the caller's goroutine; may be nil
}

// The defaults of Options, and what a day of clock trouble may look like.
const (
	DefaultDisorder = 6 * time.Hour
	defaultBlock    = 1 << 20
	defaultMaxLine  = 64 << 20
)

func (o Options) withDefaults() Options {
	if o.Disorder <= 0 {
		o.Disorder = DefaultDisorder
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Block <= 0 {
		o.Block = defaultBlock
	}
	if o.MaxLine <= 0 {
		o.MaxLine = defaultMaxLine
	}
	if o.Reject == nil {
		o.Reject = func(Reject) {}
	}
	return o
}

// A Reject is a line, or a whole file, that was not used. It names the field
// that was at fault, never its content.
type Reject struct {
	File   string `json:"file"`
	Line   int    `json:"line"`            // from 1; 0 for the whole file
	Field  string `json:"field,omitempty"` // as the format names it
	Reason string `json:"reason"`          // one of the Reason constants
	Remedy string `json:"remedy"`
}

// Reasons why a line is rejected. They are short, stable and counted.
const (
	NotJSON       = "not-json"       // the line is no JSON object
	NoTime        = "no-time"        // it has no time of the request
	BadTime       = "bad-time"       // its time is none, or before 2015 or after 2100
	NoAccount     = "no-account"     // nothing in it says whose request it was
	Late          = "late"           // it is later than Options.Disorder behind the lines before it
	Ahead         = "ahead"          // most of the lines after it say that its clock ran ahead
	TooLong       = "too-long"       // it is longer than Options.MaxLine
	UnknownFormat = "unknown-format" // no format fits the file
	Unreadable    = "unreadable"     // the file cannot be opened, read or decompressed to its end
	BadRecord     = "bad-record"     // a registry's row is not usable
	UnknownField  = "unknown-field"  // a registry's column has no meaning here
)

// ErrLate is returned by an emit for an exchange that comes too late for it: the
// line goes to Reject as late and the run goes on.
var ErrLate = errors.New("exchange comes too late")

// Stats is what a run did.
type Stats struct {
	Lines     int            // lines read, without blank ones
	Exchanges int            // handed to emit
	Rejected  map[string]int // lines and files not used, by reason
	Others    int            // records that are sound and no exchange, such as the spans of other work
	Files     int            // inputs read to their end or to where they broke
	Bytes     int64          // bytes of input read, as stored
	Text      int64          // bytes of lines after decompression
}

// Progress is how far a run is.
type Progress struct {
	Read, Total int64     // bytes of input read, and in all; Total is 0 when a pipe is among them
	Exchanges   int       // handed to emit so far
	Rejected    int       // lines and files not used so far
	Frontier    time.Time // everything before it has been emitted
}
