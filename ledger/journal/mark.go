package journal

import (
	"fmt"
	"io"
	"time"

	"github.com/zeebo/xxh3"
)

// A Mark says how far an input had been read when a step was committed.
type Mark struct {
	Name   string    // of the input, as the user gave it
	Size   int64     // bytes as stored; 0 when unknown
	Head   uint64    // of Head: tells a grown file from another one
	Offset int64     // bytes read
	Line   int64     // lines read
	Newest time.Time // newest event time read; zero for none
}

// headBytes is how much of an input Head reads.
const headBytes = 64 << 10

// Head hashes the first bytes of an input of that size as stored, of which it
// reads no more than 64 KiB.
func Head(r io.Reader, size int64) (uint64, error) {
	h := xxh3.New()
	want := min(size, headBytes)
	switch n, err := io.Copy(h, io.LimitReader(r, want)); {
	case err != nil:
		return 0, fmt.Errorf("cannot read an input's first bytes: %w", err)
	case n < want:
		return 0, fmt.Errorf("cannot read an input's first bytes: %w", io.ErrUnexpectedEOF)
	}
	return h.Sum64(), nil
}

// Begins says whether an input of that size begins as the marked one did: it is
// the same, or it has grown.
func (m Mark) Begins(r io.Reader, size int64) (bool, error) {
	if size < m.Size {
		return false, nil
	}
	h, err := Head(r, m.Size)
	return err == nil && h == m.Head, err
}

// mark merges marks into the state's.
func (s *State) mark(marks []Mark) {
next:
	for _, m := range marks {
		for i := range s.Marks {
			if s.Marks[i].Name == m.Name {
				s.Marks[i] = m
				continue next
			}
		}
		s.Marks = append(s.Marks, m)
	}
}
