package source

import (
	"errors"
	"io"
	"math"
	"os"
	"time"
)

// A merger takes runs in any order and emits their items in the order of time.
// It belongs to the caller's goroutine.
type merger[T any] struct {
	p       *plumbing[T]
	o       Options
	emit    func(t time.Time, out *T) error
	streams []*stream
	clocks  []*clock[T] // by stream; nil before its first lines and after its last
	ended   []bool      // by stream
	marks   heap[mark]  // of the streams that have not ended
	lines   []int       // by stream
	waiting map[int]*run[T]
	next    int // sequence number of the run whose turn it is
	heap    heap[*run[T]]
	floor   int64 // everything before it has been emitted
	stats   Stats
	refused int
	total   int64 // stored bytes of all inputs; 0 when unknown
	told    time.Time
}

func newMerger[T any](p *plumbing[T], emit func(t time.Time, out *T) error) *merger[T] {
	return &merger[T]{p: p, o: p.o, emit: emit, floor: math.MinInt64,
		waiting: map[int]*run[T]{}, stats: Stats{Rejected: map[string]int{}}}
}

func (m *merger[T]) add(s *stream) {
	if s.in.Size == 0 {
		m.total = math.MinInt64 // stays negative: unknown
	}
	m.total += s.in.Size
	m.streams = append(m.streams, s)
	m.clocks = append(m.clocks, nil)
	m.ended = append(m.ended, false)
	m.marks.push(mark{s: s})
	m.lines = append(m.lines, 0)
}

// arrive takes one run from the workers and emits what it makes certain.
func (m *merger[T]) arrive(r *run[T]) error {
	m.waiting[r.seq] = r
	for {
		r, ok := m.waiting[m.next]
		if !ok {
			return nil
		}
		delete(m.waiting, m.next)
		m.next++
		m.accept(r)
		if err := m.flush(m.watermark()); err != nil {
			return err
		}
		m.progress(false)
	}
}

// accept books a run whose turn it is.
func (m *merger[T]) accept(r *run[T]) {
	s := r.s
	r.base = m.lines[s.index]
	m.lines[s.index] += r.lines
	m.stats.Lines += r.filled
	m.stats.Text += int64(r.bytes)
	m.stats.Others += r.others
	for _, rej := range r.rejects {
		rej.Line += r.base
		m.reject(rej)
	}
	c := m.clocks[s.index]
	if c == nil { // begins at what the look at the first lines gave
		c = &clock[T]{disorder: int64(m.o.Disorder), frontier: s.frontier.Load()}
		m.clocks[s.index] = c
	}
	c.floor = m.floor
	for i := range r.items {
		if !c.tick(r, i, m.ahead) {
			r.items[i].gone = true
			m.reject(Reject{File: s.in.Name, Line: r.base + int(r.items[i].line), Field: "time", Reason: Late, Remedy: remedyLate})
		}
	}
	s.frontier.Store(c.frontier)
	if len(r.items) > 0 {
		m.heap.push(r)
	}
	m.end(r)
	if len(r.items) == 0 {
		m.p.give(r)
	}
}

const (
	remedyRebuild = "take it in with --rebuild"
	remedyLate    = "allow more with --disorder, or sort the log"
	remedyAhead   = "set the clock of the machine that logged it"
)

func (m *merger[T]) ahead(s seen[T]) {
	it := &s.run.items[s.at]
	it.gone = true
	m.reject(Reject{File: s.run.s.in.Name, Line: s.run.base + int(it.line), Field: "time", Reason: Ahead, Remedy: remedyAhead})
}

// end closes an input whose last run this is.
func (m *merger[T]) end(r *run[T]) {
	at, name := r.s.index, r.s.in.Name
	switch {
	case r.err == nil:
		return
	case r.err == errTooLong:
		m.lines[at]++
		m.stats.Lines++
		m.reject(Reject{File: name, Line: m.lines[at], Reason: TooLong, Remedy: remedyTooLong})
		return
	case r.err == errUnknown:
		m.reject(Reject{File: name, Reason: UnknownFormat, Remedy: "name its format with --format, or leave the file out"})
	case r.err != io.EOF:
		line := m.lines[at] + 1
		if line == 1 {
			line = 0 // nothing of it could be read
		}
		m.reject(Reject{File: name, Line: line, Reason: Unreadable, Remedy: remedyFor(r.err)})
	}
	m.clocks[at].stop(m.ahead)
	m.clocks[at], m.ended[at] = nil, true
	m.stats.Files++
}

// remedyFor says what to do about an input that cannot be read on.
func remedyFor(err error) string {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "the file is gone: give its present name"
	case errors.Is(err, os.ErrPermission):
		return "allow the file to be read"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the compressed file is cut off: copy it again, or wait until it is written"
	}
	return "check the file: " + err.Error()
}

func (m *merger[T]) reject(r Reject) {
	m.refused++
	m.stats.Rejected[r.Reason]++
	m.o.Reject(r)
}

// watermark is the time before which no line can come any more.
func (m *merger[T]) watermark() int64 {
	s, ok := behind(&m.marks, func(s *stream) bool { return m.ended[s.index] })
	if !ok {
		return math.MaxInt64
	}
	return s.frontier.Load() - int64(m.o.Disorder)
}

// flush emits everything before a time.
func (m *merger[T]) flush(before int64) error {
	m.floor = max(m.floor, before)
	for len(m.heap) > 0 {
		r := m.heap[0]
		it := &r.items[r.head()]
		if it.t >= m.floor {
			return nil
		}
		if !it.gone {
			switch err := m.emit(moment(it.t), &it.out); {
			case err == nil:
				m.stats.Exchanges++
			case errors.Is(err, ErrLate):
				m.reject(Reject{File: r.s.in.Name, Line: r.base + int(it.line), Field: "time", Reason: Late, Remedy: remedyRebuild})
			default:
				return err
			}
		}
		if r.next++; r.next < len(r.items) {
			m.heap.fix()
			continue
		}
		m.heap.pop()
		m.p.give(r)
	}
	return nil
}

// progress tells how far the run is, not too often.
func (m *merger[T]) progress(last bool) {
	if m.o.Progress == nil {
		return
	}
	now := time.Now()
	if !last && now.Sub(m.told) < time.Second/10 {
		return
	}
	m.told = now
	p := Progress{Read: m.p.read.Load(), Total: max(0, m.total), Exchanges: m.stats.Exchanges, Rejected: m.refused}
	if m.floor < math.MaxInt64 {
		p.Frontier = moment(m.floor)
	}
	m.o.Progress(p)
}

func (m *merger[T]) result() Stats {
	m.stats.Bytes = m.p.read.Load()
	return m.stats
}
