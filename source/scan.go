package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"iolaus/exchange"
)

// Scan reads all inputs, merged by event time. Blocks of whole lines are decoded
// in parallel, and each exchange is handed at once, on one of many goroutines,
// to a function that work made for that goroutine; the exchange and all its
// strings live in reused buffers and are valid only during that call. What that
// function put into out is then emitted on the caller's goroutine in the order
// of (Time, ID, input, line). out is zero when the function gets it, unless *T
// has a Reset method: then it may be one used before, and was Reset. emit may
// keep what out points to only if *T has no Reset method.
//
// The order is exact when no line is more than Options.Disorder behind the
// newest line before it in its input; lines that are go to Reject as late. See
// clock for how a wrong clock is told from a late line.
//
// A context that ends, or an error from emit, stops the run: the former emits
// what is buffered and returns ctx.Err(), the latter returns emit's error. The
// Stats are right in every case.
func Scan[T any](ctx context.Context, in []Input, o Options,
	work func() func(x *exchange.Exchange, out *T), emit func(t time.Time, out *T) error) (Stats, error) {
	o = o.withDefaults()
	var forced *format
	if o.Format != "" {
		f, err := formatNamed(o.Format)
		if err != nil {
			return Stats{}, err
		}
		forced = f
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	p := newPlumbing[T](o)
	rd := &reader{ctx: inner, o: o, blocks: p.blocks, free: p.free, read: &p.read}
	m := newMerger(p, emit)
	for i := range in {
		s := &stream{in: in[i], index: i, format: forced, read: &p.read, ctx: inner}
		rd.streams = append(rd.streams, s)
		m.add(s)
	}
	go rd.run()
	p.start(work)
	for r := range p.runs {
		if err := m.arrive(r); err != nil {
			cancel()
			for range p.runs {
			}
			return m.result(), err
		}
	}
	if err := m.flush(math.MaxInt64); err != nil {
		return m.result(), err
	}
	m.progress(true)
	return m.result(), ctx.Err()
}

// plumbing is what connects the goroutines of one run.
type plumbing[T any] struct {
	o      Options
	blocks chan block
	free   chan []byte  // blocks' memory
	runs   chan *run[T] // in any order
	spare  chan *run[T] // runs' memory
	read   atomic.Int64
}

func newPlumbing[T any](o Options) *plumbing[T] {
	n := o.Workers + 2
	p := &plumbing[T]{o: o, blocks: make(chan block), free: make(chan []byte, n),
		runs: make(chan *run[T], 1), spare: make(chan *run[T], 4*n)}
	for range n {
		p.free <- nil
	}
	return p
}

// start begins the workers; runs is closed when the last has ended.
func (p *plumbing[T]) start(work func() func(x *exchange.Exchange, out *T)) {
	var wg sync.WaitGroup
	for range p.o.Workers {
		w := newWorker(work(), p.o)
		wg.Go(func() {
			for b := range p.blocks {
				r := p.take()
				w.decode(b, r)
				p.release(b.data)
				p.runs <- r
			}
		})
	}
	go func() {
		wg.Wait()
		close(p.runs)
	}()
}

// release returns a block's memory, unless one giant line made it large.
func (p *plumbing[T]) release(data []byte) {
	if cap(data) > 8*p.o.Block {
		data = nil
	}
	select {
	case p.free <- data:
	default: // the block came without memory, to tell of a fault
	}
}

func (p *plumbing[T]) take() *run[T] {
	select {
	case r := <-p.spare:
		return r
	default:
		return &run[T]{}
	}
}

func (p *plumbing[T]) give(r *run[T]) {
	select {
	case p.spare <- r:
	default:
	}
}

// A reader is the goroutine that reads the inputs and cuts them into blocks.
type reader struct {
	ctx     context.Context
	o       Options
	streams []*stream
	blocks  chan<- block
	free    chan []byte
	read    *atomic.Int64
	seq     int
}

// keepOpen is how many inputs may stay open between the look at their first
// lines and the reading.
const keepOpen = 16

// errUnknown ends an input whose format nobody knows.
var errUnknown = errors.New("unknown format")

func (rd *reader) run() {
	defer close(rd.blocks)
	var live heap[mark]
	for _, s := range rd.streams {
		if err := rd.prepare(s, len(rd.streams) > keepOpen); err != nil {
			s.shut()
			if !rd.send(s, nil, err) {
				return
			}
			continue
		}
		live.push(mark{t: s.frontier.Load(), s: s})
	}
	defer func() {
		for _, m := range live {
			m.s.shut()
		}
	}()
	done := map[*stream]bool{}
	for {
		s, ok := behind(&live, func(s *stream) bool { return done[s] })
		if !ok {
			return
		}
		more, ok := rd.step(s)
		if !ok {
			return
		}
		if !more {
			s.shut()
			done[s] = true
		}
	}
}

// prepare looks at an input's first lines: its format and its first time.
func (rd *reader) prepare(s *stream, many bool) error {
	if rd.ctx.Err() != nil {
		return rd.ctx.Err()
	}
	s.many = many
	if err := s.open(); err != nil {
		return err
	}
	s.peekHead(rd.o.MaxLine)
	if s.format == nil {
		s.format = detect(s.carry)
	}
	if s.format == nil {
		if s.err != nil && s.err != io.EOF {
			return s.err
		}
		if len(bytes.TrimSpace(s.carry)) == 0 {
			return io.EOF
		}
		return errUnknown
	}
	s.frontier.Store(earliestIn(s.carry, s.format, rd.o.Account))
	if many && s.in.Again {
		s.rewind()
	}
	return nil
}

// step reads one block of s; more is false at its end, ok when the run is over.
func (rd *reader) step(s *stream) (more, ok bool) {
	if s.r == nil {
		if err := s.open(); err != nil {
			return false, rd.send(s, nil, err)
		}
		s.peekHead(rd.o.MaxLine)
	}
	var buf []byte
	select {
	case buf = <-rd.free:
	case <-rd.ctx.Done():
		return false, false
	}
	data, err := s.next(buf, rd.o.Block, rd.o.MaxLine)
	more = err == nil || err == errTooLong
	if !more && err != io.EOF { // the last line is cut; one reject tells it all
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	return more, rd.send(s, data, err)
}

// send hands a block to the workers; false when the run is over.
func (rd *reader) send(s *stream, data []byte, err error) bool {
	if rd.ctx.Err() != nil {
		return false
	}
	select {
	case rd.blocks <- block{s: s, seq: rd.seq, data: data, err: err}:
		rd.seq++
		return true
	case <-rd.ctx.Done():
		return false
	}
}
