package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"iolaus/exchange"
	"iolaus/source"
)

// batch is how many traces are stored at once: a request's memory has this bound.
const batch = 512

// Exchanges takes POST /v1/exchanges: lines of any log format that detect
// reads, canonical ones foremost, plain, gzip or zstd. The answer has a line for
// each line: stored, empty or refused, with field, reason and remedy. A status
// of 429 or 503 says what was not stored; sending all again is harmless.
func (s *Server) Exchanges(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost {
		Fault(w, http.StatusMethodNotAllowed, "use POST")
		return
	}
	if why := s.Full(); why != "" {
		busy(w, http.StatusTooManyRequests, why)
		return
	}
	body, done, err := s.plain(w, req)
	if err != nil {
		bodyFault(w, err)
		return
	}
	defer done()
	in := intake{s: s, ctx: req.Context(), r: newLineReader(body, s.Limits.Line)}
	err = in.run()
	in.finish(w, err)
}

// intake is one request's way into the store.
type intake struct {
	s       *Server
	ctx     context.Context
	r       *lineReader
	line    int
	head    []byte // the line that told the format
	stored  int
	refused int
	answer  []byte
	open    []int // lines of the batch in hand, with their exchanges
}

// errBusy ends an intake whose store refused.
type errBusy struct{ error }

func (e errBusy) Unwrap() error { return e.error }

// run reads to the end of the body.
func (in *intake) run() error {
	for {
		w := in.s.borrowFor(in.ctx)
		if w == nil {
			return in.ctx.Err()
		}
		end, err := in.fill(w)
		if err == nil || end {
			if serr := in.store(w); serr != nil {
				err = serr
			}
		}
		in.s.giveBack(w)
		if end || err != nil {
			return err
		}
	}
}

// borrowFor takes a decoder, waiting as long as the request lives.
func (s *Server) borrowFor(ctx context.Context) *worker {
	select {
	case w := <-s.workers:
		return w
	case <-ctx.Done():
		return nil
	}
}

// fill decodes lines until the batch is full; end is true at the body's end,
// which an error may have brought about.
func (in *intake) fill(w *worker) (end bool, err error) {
	w.traces, in.open = w.traces[:0], in.open[:0]
	if in.head != nil {
		w.lines.Begin(in.head)
	}
	for len(w.traces) < batch {
		line, long, err := in.r.next()
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return true, err
		}
		in.line++
		switch {
		case long:
			in.fault(source.Reject{Reason: source.TooLong, Remedy: "send shorter texts, or raise limits.line"})
		case len(line) == 0:
			in.say("empty")
		default:
			in.decode(w, line)
		}
	}
	return false, nil
}

// decode reads one line. The first that tells its format tells that of all.
func (in *intake) decode(w *worker, line []byte) {
	if in.head == nil && w.lines.Begin(line) {
		in.head = bytes.Clone(line)
	}
	now, bad := time.Now(), false
	first := len(w.traces)
	n := w.lines.Decode(line, func(x *exchange.Exchange) {
		if reason, remedy := in.s.judgeTime(x.Time, now); reason != "" {
			bad = true
			in.fault(source.Reject{Field: "time", Reason: reason, Remedy: remedy})
			return
		}
		w.traces = append(w.traces, exchange.Trace{})
		w.observe(x, &w.traces[len(w.traces)-1])
	}, func(r source.Reject) { bad = true; in.fault(r) })
	switch {
	case len(w.traces) > first:
		in.open = append(in.open, in.line)
	case n == 0 && !bad:
		in.say("empty")
	}
}

// store makes the batch in hand durable and answers its lines.
func (in *intake) store(w *worker) error {
	if len(w.traces) == 0 {
		return nil
	}
	if err := in.s.Store(in.ctx, w.traces); err != nil {
		return errBusy{err}
	}
	in.s.Seen(w.traces)
	in.stored += len(w.traces)
	line := in.line
	for _, n := range in.open {
		in.line = n
		in.say("stored")
	}
	in.line = line
	return nil
}

func (in *intake) say(status string) {
	in.answer = append(appendInt(append(in.answer, `{"line":`...), in.line), `,"status":"`...)
	in.answer = append(append(in.answer, status...), '"', '}', '\n')
}

func (in *intake) fault(r source.Reject) {
	in.refused++
	in.s.refuse(r.Reason)
	b := append(appendInt(append(in.answer, `{"line":`...), in.line), `,"status":"refused"`...)
	for _, f := range [...][2]string{{"field", r.Field}, {"reason", r.Reason}, {"remedy", r.Remedy}} {
		if f[1] != "" {
			b = strconv.AppendQuote(append(append(append(b, `,"`...), f[0]...), `":`...), f[1])
		}
	}
	in.answer = append(b, '}', '\n')
}

func (in *intake) finish(w http.ResponseWriter, err error) {
	h := w.Header()
	h.Set("X-Iolaus-Stored", strconv.Itoa(in.stored))
	h.Set("X-Iolaus-Refused", strconv.Itoa(in.refused))
	var store errBusy
	switch {
	case err == nil:
		h.Set("Content-Type", "application/x-ndjson")
		w.Write(in.answer)
	case errors.As(err, &store):
		code := http.StatusServiceUnavailable
		if errors.Is(err, ErrBusy) {
			code = http.StatusTooManyRequests
		}
		busy(w, code, err.Error()+"; "+strconv.Itoa(in.stored)+" exchanges of this request are stored, send all again")
	default:
		bodyFault(w, err)
	}
}
