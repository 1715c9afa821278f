package source

import (
	"bufio"
	"context"
	"io"
	"sync/atomic"
)

// Tell names the format of an input from its first lines, and the field that is
// its account; both are "" when no format fits. It opens the input, which must
// bear to be opened Again if it is to be read afterwards. The error is for an
// input that cannot be read.
func Tell(in Input) (format, account string, err error) {
	s, err := lone(in)
	if err != nil {
		return "", "", err
	}
	defer s.shut()
	s.peekHead(headSize)
	if f := detect(s.carry); f != nil {
		return f.name, f.account, nil
	}
	if s.err != nil && s.err != io.EOF {
		return "", "", s.err
	}
	return "", "", nil
}

// lone opens an input that is no part of a run.
func lone(in Input) (*stream, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream{in: in, read: new(atomic.Int64), ctx: ctx, close: []func(){cancel}}
	if err := s.open(); err != nil {
		s.shut()
		return nil, err
	}
	return s, nil
}

// Head is the first lines of an input, decompressed, as an input of its own.
func Head(in Input, lines int) Input {
	return Input{Name: in.Name, Again: in.Again, Open: func() (io.ReadCloser, error) {
		s, err := lone(in)
		if err != nil {
			return nil, err
		}
		return &head{s: s, r: bufio.NewReaderSize(s.r, 1<<16), left: lines}, nil
	}}
}

// head reads a stream to the end of one of its lines.
type head struct {
	s    *stream
	r    *bufio.Reader
	left int
}

// Read gives what belongs to the lines that are left.
func (h *head) Read(p []byte) (int, error) {
	if h.left <= 0 {
		return 0, io.EOF
	}
	n, err := h.r.Read(p)
	for i, c := range p[:n] {
		if c != '\n' {
			continue
		}
		if h.left--; h.left == 0 {
			return i + 1, nil
		}
	}
	return n, err
}

// Close releases the input.
func (h *head) Close() error {
	h.s.shut()
	return nil
}
