package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

// A stream is one input on its way through a run: its bytes are cut into blocks
// of whole lines by the reading goroutine, and its frontier is kept by the
// emitting one.
type stream struct {
	in     Input
	index  int
	format *format

	// frontier is how far the emitting goroutine has come in event time.
	frontier atomic.Int64

	r     io.Reader // decompressed
	close []func()
	carry []byte // read and not yet handed on
	err   error  // why no more can be read: io.EOF or a fault
	read  *atomic.Int64
	pump  *pump // behind r, when the input is a pipe
	many  bool  // of so many that each must do with little
	got   int64 // stored bytes read since open
	ctx   context.Context
}

// open starts the input from its first byte.
func (s *stream) open() error {
	f, err := s.in.Open()
	if err != nil {
		return err
	}
	s.err, s.carry = nil, s.carry[:0]
	s.close = append(s.close, func() { f.Close() })
	var r io.Reader = f
	if s.pump = nil; !s.in.Again {
		s.pump = newPump(s.ctx, f)
		r = s.pump
	}
	buf := bufio.NewReaderSize(counter{r, s}, s.ahead())
	var frugal []zstd.DOption
	if s.many || runtime.GOMAXPROCS(0) <= 2 { // on two cores a pipeline inside the decoder costs more than it gains
		frugal = append(frugal, zstd.WithDecoderConcurrency(1))
	}
	z, done, err := decompress(buf, append(frugal, zstd.WithDecoderLowmem(s.many))...)
	if err != nil {
		return err
	}
	s.r = z
	head := bufio.NewReaderSize(z, 1<<12)
	head.Peek(1) // fills it with what there is; a pipe may not have more yet
	first, _ := head.Peek(head.Buffered())
	if s.r = head; isList(bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))) {
		s.r = &lister{r: head}
	}
	s.close = append(s.close, done)
	return nil
}

// idle says that the input is a pipe with nothing to read at the moment: what
// has come is handed on instead of waiting for more.
func (s *stream) idle() bool { return s.pump != nil && s.pump.idle() }

// ahead is how much to read of the input at once: a folder may hold a hundred
// thousand files of one line.
func (s *stream) ahead() int {
	if s.in.Size > 0 && s.in.Size < headSize {
		return max(int(s.in.Size)+1, 512)
	}
	return headSize
}

// shut releases what open took.
func (s *stream) shut() {
	for i := len(s.close) - 1; i >= 0; i-- {
		s.close[i]()
	}
	s.close, s.r = nil, nil
}

// rewind closes an input that will be opened again and read from its beginning.
func (s *stream) rewind() {
	s.shut()
	s.read.Add(-s.got)
	s.got, s.carry = 0, nil
}

// headSize is how much of an input is looked at before it is read in earnest.
const headSize = 256 << 10

// more reads on into buf, at least a byte and at most up to want, unless s.err
// is set: io.EOF at the input's end, the cause where it breaks.
func (s *stream) more(buf []byte, want int) []byte {
	if cap(buf)-len(buf) < want {
		buf = append(make([]byte, 0, len(buf)+want), buf...)
	}
	for range 100 { // as bufio does, a reader that never delivers is broken
		n, err := s.r.Read(buf[len(buf) : len(buf)+want])
		s.err = err
		if buf = buf[:len(buf)+n]; n > 0 || err != nil {
			return buf
		}
	}
	s.err = io.ErrNoProgress
	return buf
}

// peekHead reads the input's first lines into carry.
func (s *stream) peekHead(maxLine int) {
	whole := false
	for s.err == nil && (len(s.carry) < headSize && !(whole && s.idle()) || !whole && len(s.carry) <= maxLine) {
		at := len(s.carry)
		s.carry = s.more(s.carry, s.ahead())
		whole = whole || bytes.IndexByte(s.carry[at:], '\n') >= 0
	}
	s.carry = bytes.TrimPrefix(s.carry, []byte("\xef\xbb\xbf"))
}

// errTooLong says that a line was dropped.
var errTooLong = errors.New("line too long")

// next fills buf with whole lines, about size bytes of them, and returns it. At
// the end of the input, or where it breaks, it returns what is left together
// with io.EOF or the cause; with errTooLong it returns nothing: the next line
// was longer than maxLine and is gone.
func (s *stream) next(buf []byte, size, maxLine int) ([]byte, error) {
	buf = append(slices.Grow(buf[:0], size+size/4), s.carry...)
	s.carry = s.carry[:0]
	last := bytes.LastIndexByte(buf, '\n')
	for {
		if last >= 0 && (len(buf) >= size || s.idle()) {
			s.carry = append(s.carry, buf[last+1:]...)
			return buf[:last+1], nil
		}
		if len(buf) > maxLine && last < 0 {
			s.drop(buf[:0])
			return buf[:0], errTooLong
		}
		if s.err != nil {
			return buf, s.err
		}
		at := len(buf)
		want := max(size-at, size/4)
		if cap(buf)-at < want { // a line of more than a block
			want = max(want, min(at, maxLine))
		}
		buf = s.more(buf, want)
		if i := bytes.LastIndexByte(buf[at:], '\n'); i >= 0 {
			last = at + i
		}
	}
}

// drop reads on to the end of a line that is too long to keep.
func (s *stream) drop(buf []byte) {
	for s.err == nil {
		buf = s.more(buf[:0], 1<<18)
		if i := bytes.IndexByte(buf, '\n'); i >= 0 {
			s.carry = append(s.carry, buf[i+1:]...)
			return
		}
	}
}
