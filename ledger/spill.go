package ledger

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"os"
	"sort"
)

// spill is a file of sorted ids, with what memory keeps of it: a filter that
// nearly always knows that an id is not there, and the first id of each page.
type spill struct {
	f      *os.File
	gone   bool // has no name any more
	count  int
	filter filter
	firsts []uint64
	buf    [8 * page]byte
}

// page is how many ids one read brings.
const page = 512

// newSpill writes about n sorted ids to a new file in dir.
func newSpill(dir string, n int, sorted iter.Seq[uint64]) (*spill, error) {
	f, err := os.CreateTemp(dir, "ids-*.tmp")
	if err != nil {
		return nil, err
	}
	// Where an open file can be removed, a killed process leaves nothing behind.
	s := &spill{f: f, gone: os.Remove(f.Name()) == nil, filter: newFilter(n)}
	w := bufio.NewWriterSize(f, 1<<16)
	var b [8]byte
	for id := range sorted {
		if s.count%page == 0 {
			s.firsts = append(s.firsts, id)
		}
		s.count++
		s.filter.add(id)
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

// has says whether id is in the file.
func (s *spill) has(id uint64) (bool, error) {
	if !s.filter.has(id) {
		return false, nil
	}
	p := sort.Search(len(s.firsts), func(i int) bool { return s.firsts[i] > id }) - 1
	if p < 0 {
		return false, nil
	}
	buf := s.buf[:]
	n, err := s.f.ReadAt(buf, int64(p)*int64(len(buf)))
	if err != nil && err != io.EOF {
		return false, err
	}
	n /= 8
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(buf[8*i:]) }
	i := sort.Search(n, func(i int) bool { return at(i) >= id })
	return i < n && at(i) == id, nil
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
	s, err := newSpill(dir, a.count+b.count, func(yield func(uint64) bool) {
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

// filter is a blocked Bloom filter (Putze, Sanders and Singler 2007): one
// 256-bit block an id, one bit in each of its eight words, so that a look-up
// touches one cache line. At 12 bits an id about one absent id in 150 passes.
type filter struct{ blocks [][8]uint32 }

const bitsPerID = 12

func newFilter(n int) filter {
	return filter{make([][8]uint32, n*bitsPerID/256+1)}
}

// salts are odd multipliers; any will do that share no pattern.
var salts = [8]uint32{0x2545f491, 0x6c078965, 0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xd3a2646d}

func (f *filter) block(id uint64) (*[8]uint32, uint32) {
	h := mix(id)
	return &f.blocks[(h>>32)*uint64(len(f.blocks))>>32], uint32(h)
}

func (f *filter) add(id uint64) {
	b, h := f.block(id)
	for i := range b {
		b[i] |= 1 << (h * salts[i] >> 27)
	}
}

func (f *filter) has(id uint64) bool {
	b, h := f.block(id)
	for i := range b {
		if b[i]&(1<<(h*salts[i]>>27)) == 0 {
			return false
		}
	}
	return true
}
