package ledger

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"math/bits"
	"os"
	"sort"
)

// spill is a file of sorted ids; memory keeps only how many they are and of when.
type spill struct {
	f     *os.File
	gone  bool // has no name any more
	count int
	times span
	buf   [8 * page]byte
}

// page is how many ids one read brings.
const page = 512

// newSpill writes sorted ids of exchanges of some time to a new file in dir.
func newSpill(dir string, times span, sorted iter.Seq[uint64]) (*spill, error) {
	f, err := os.CreateTemp(dir, "ids-*.tmp")
	if err != nil {
		return nil, err
	}
	// Where an open file can be removed, a killed process leaves nothing behind.
	s := &spill{f: f, gone: os.Remove(f.Name()) == nil, times: times}
	w := bufio.NewWriterSize(f, 1<<16)
	var b [8]byte
	for id := range sorted {
		s.count++
		binary.LittleEndian.PutUint64(b[:], id)
		if _, err = w.Write(b[:]); err != nil {
			break
		}
	}
	if err = errors.Join(err, w.Flush()); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// has says whether id is in the file. Ids are hashes: where one stands follows
// from its size, give or take a page or two, and one or two reads find it.
func (s *spill) has(id uint64) (bool, error) {
	pages := (s.count + page - 1) / page
	low, high, step := 0, pages, 1
	near, _ := bits.Mul64(id, uint64(pages))
	for p := int(near); low < high; {
		n, err := s.f.ReadAt(s.buf[:], int64(p)*int64(len(s.buf)))
		if err != nil && err != io.EOF {
			return false, err
		}
		at := func(i int) uint64 { return binary.LittleEndian.Uint64(s.buf[8*i:]) }
		switch n /= 8; {
		case id < at(0):
			high = p
			p = max(p-step, low)
		case id > at(n-1):
			low = p + 1
			p = min(p+step, high-1)
		default:
			i := sort.Search(n, func(i int) bool { return at(i) >= id })
			return at(i) == id, nil
		}
		if step *= 2; low > 0 && high < pages {
			p = (low + high) / 2 // between two pages that were read
		}
	}
	return false, nil
}

// close removes the file.
func (s *spill) close() error {
	if s.gone {
		return s.f.Close()
	}
	return errors.Join(s.f.Close(), os.Remove(s.f.Name()))
}

// join merges two files into a new one.
func join(dir string, a, b *spill) (*spill, error) {
	ra, rb := a.reader(), b.reader()
	s, err := newSpill(dir, a.times.join(b.times), func(yield func(uint64) bool) {
		for ra.more || rb.more {
			r := ra
			if !ra.more || rb.more && rb.id < ra.id {
				r = rb
			}
			if !yield(r.id) {
				return
			}
			r.next()
		}
	})
	if bad := errors.Join(ra.err, rb.err); err == nil && bad != nil {
		return nil, errors.Join(bad, s.close())
	}
	return s, err
}

// idReader reads a file's ids in order.
type idReader struct {
	r    *bufio.Reader
	id   uint64
	more bool
	err  error
}

func (s *spill) reader() *idReader {
	r := &idReader{r: bufio.NewReaderSize(io.NewSectionReader(s.f, 0, 8*int64(s.count)), 1<<16)}
	r.next()
	return r
}

func (r *idReader) next() {
	b, err := r.r.Peek(8)
	if r.more = err == nil; r.more {
		r.id = binary.LittleEndian.Uint64(b)
		r.r.Discard(8)
	} else if err != io.EOF {
		r.err = err
	}
}
