package source

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// window is the largest zstd window that is allocated for a file: what zstd
// itself takes without being told to, doubled twice.
const window = 512 << 20

// decompress looks at the first bytes and returns the plain content.
func decompress(buf *bufio.Reader, o ...zstd.DOption) (io.Reader, func(), error) {
	magic, _ := buf.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(buf)
		return z, func() {}, err
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}),
		len(magic) == 4 && magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:], []byte{0x2a, 0x4d, 0x18}): // skippable frame
		z, err := zstd.NewReader(buf, append(o, zstd.WithDecoderMaxWindow(window))...)
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return buf, func() {}, nil
}

// A counter counts the stored bytes that pass.
type counter struct {
	r io.Reader
	s *stream
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.s.got += int64(n)
	c.s.read.Add(int64(n))
	return n, err
}

// A pump reads a pipe on a goroutine of its own, because such a read cannot be
// called off: the goroutine may outlive the run until the pipe delivers or ends.
type pump struct {
	ctx    context.Context
	chunks chan chunk
	rest   []byte
	err    error
}

type chunk struct {
	b   []byte
	err error
}

func newPump(ctx context.Context, r io.Reader) *pump {
	p := &pump{ctx: ctx, chunks: make(chan chunk, 1)}
	go func() {
		for {
			b := make([]byte, 1<<18)
			n, err := r.Read(b)
			select {
			case p.chunks <- chunk{b[:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return p
}

// idle says that the next Read would wait.
func (p *pump) idle() bool { return p.err == nil && len(p.rest) == 0 && len(p.chunks) == 0 }

// Read gives the pipe's bytes, or the context's error once that has ended.
func (p *pump) Read(b []byte) (int, error) {
	if len(p.rest) == 0 && p.err == nil {
		select {
		case c := <-p.chunks:
			p.rest, p.err = c.b, c.err
		case <-p.ctx.Done():
			p.err = p.ctx.Err()
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	if len(p.rest) > 0 {
		return n, nil
	}
	return n, p.err
}
