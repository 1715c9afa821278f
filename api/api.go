// Package api is the HTTP side of a running Iolaus: the ways in for exchanges,
// accounts and sign-ups, the ways out for campaigns and measures, and the state.
//
// It promises that an exchange is acknowledged only when it is stored, that each
// line gets its own answer, that what cannot be stored now is refused with a
// time to try again, and that no request, however made, takes more than a
// bounded amount of memory. Texts are read into reused buffers and forgotten.
//
// It refuses to decide anything and to log what it was sent.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"iolaus/exchange"
	"iolaus/source"
)

// Limits bound what one request may bring; zero values are the defaults.
type Limits struct {
	Packed int64         `yaml:"packed"` // bytes of a body as sent; default 64 MiB
	Plain  int64         `yaml:"plain"`  // bytes of a body when unpacked; default 512 MiB
	Line   int           `yaml:"line"`   // bytes of one line; default 8 MiB
	Ahead  time.Duration `yaml:"ahead"`  // how far a time may lie beyond this machine's; default 24 h
	Before time.Duration `yaml:"before"` // how far it may lie back; default any
	Memory int64         `yaml:"memory"` // bytes of the process from which ways in refuse; default 4 GiB
}

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	if l.Packed <= 0 {
		l.Packed = 64 << 20
	}
	if l.Plain <= 0 {
		l.Plain = 512 << 20
	}
	if l.Line <= 0 {
		l.Line = 8 << 20
	}
	if l.Ahead <= 0 {
		l.Ahead = 24 * time.Hour
	}
	if l.Memory <= 0 {
		l.Memory = 4 << 30
	}
	return l
}

// ErrBusy is wrapped by Server.Store when the caller should try again later.
var ErrBusy = errors.New("busy")

// A Server holds the handlers and what they need.
type Server struct {
	Limits Limits
	// Store keeps traces for good, or wraps ErrBusy.
	Store func(ctx context.Context, ts []exchange.Trace) error
	// Observer makes a function for one goroutine that turns exchanges into traces.
	Observer func() func(*exchange.Exchange, *exchange.Trace)
	// Seen is told of what was stored, for recognition; it must not wait.
	Seen func(ts []exchange.Trace)
	// Full says that nothing more should come in, and why; "" when it may.
	Full func() string
	// Register enters sign-ups for good.
	Register func(as []exchange.Account) error
	// Judge says what a sign-up carries, as JSON.
	Judge func(a *exchange.Account) any
	// Refused counts lines that were not used, by reason.
	Refused func(reason string, n int)

	workers chan *worker
}

// Start makes the decoders, n of them; it comes before any request.
func (s *Server) Start(n int) error {
	s.Limits = s.Limits.WithDefaults()
	s.workers = make(chan *worker, n)
	for range n {
		w, err := s.newWorker()
		if err != nil {
			return err
		}
		s.workers <- w
	}
	return nil
}

// worker decodes and observes; it belongs to one goroutine at a time.
type worker struct {
	lines   *source.Lines
	observe func(*exchange.Exchange, *exchange.Trace)
	traces  []exchange.Trace
}

func (s *Server) newWorker() (*worker, error) {
	l, err := source.NewLines(source.Options{MaxLine: s.Limits.Line, Brief: true})
	if err != nil {
		return nil, err
	}
	return &worker{lines: l, observe: s.Observer()}, nil
}

// Read turns a canonical line into a trace while there is room and time; it is
// how the gateway reads. The line is written over.
func (s *Server) Read(line []byte, by time.Time, use func(*exchange.Trace)) bool {
	w := s.borrow(by)
	if w == nil {
		return false
	}
	defer s.giveBack(w)
	if !w.lines.Begin(line) {
		return false
	}
	var t exchange.Trace
	if w.lines.Decode(line, func(x *exchange.Exchange) { w.observe(x, &t) }, func(source.Reject) {}) == 0 || time.Now().After(by) {
		return false
	}
	use(&t)
	return true
}

// Observe turns an exchange into a trace while there is room and time.
func (s *Server) Observe(x *exchange.Exchange, by time.Time, use func(*exchange.Trace)) bool {
	w := s.borrow(by)
	if w == nil {
		return false
	}
	defer s.giveBack(w)
	var t exchange.Trace
	w.observe(x, &t)
	if time.Now().After(by) {
		return false
	}
	use(&t)
	return true
}

// borrow takes a decoder, waiting until by at the latest.
func (s *Server) borrow(by time.Time) *worker {
	select {
	case w := <-s.workers:
		return w
	default:
	}
	t := time.NewTimer(time.Until(by) / 2)
	defer t.Stop()
	select {
	case w := <-s.workers:
		return w
	case <-t.C:
		return nil
	}
}

func (s *Server) giveBack(w *worker) { s.workers <- w }

// retryAfter is how long a refused sender should wait, in seconds.
const retryAfter = "2"

// busy refuses with a time to try again.
func busy(w http.ResponseWriter, code int, why string) {
	w.Header().Set("Retry-After", retryAfter)
	Fault(w, code, why)
}

// Fault answers with an error as JSON.
func Fault(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(map[string]string{"error": text})
}

// JSON answers with a value.
func JSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(v)
}

// judgeTime refuses a time that cannot be right, before it can do harm.
func (s *Server) judgeTime(t, now time.Time) (reason, remedy string) {
	switch {
	case t.After(now.Add(s.Limits.Ahead)):
		return source.Ahead, "set the clock that writes the log; the time is more than " + s.Limits.Ahead.String() + " beyond now"
	case s.Limits.Before > 0 && t.Before(now.Add(-s.Limits.Before)):
		return source.Late, "send exchanges within " + s.Limits.Before.String() + ", or read old logs with iolaus detect"
	}
	return "", ""
}

func (s *Server) refuse(reason string) {
	if s.Refused != nil {
		s.Refused(reason, 1)
	}
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
