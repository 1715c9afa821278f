package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/klauspost/compress/zstd"
)

// errPlain ends a body that unpacks to too much: a bomb, or a batch that should
// be sent in pieces.
var errPlain = errors.New("the body is too large when unpacked")

// errCoding is for a Content-Encoding nobody knows.
var errCoding = errors.New("Content-Encoding must be gzip, zstd or none")

// plain opens a request's body, unpacked and bounded.
func (s *Server) plain(w http.ResponseWriter, req *http.Request) (io.Reader, func(), error) {
	body := io.Reader(http.MaxBytesReader(w, req.Body, s.Limits.Packed))
	done := func() {}
	switch req.Header.Get("Content-Encoding") {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, nil, fmt.Errorf("cannot unpack the body: %w", err)
		}
		body, done = z, func() { z.Close() }
	case "zstd":
		z, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(64<<20), zstd.WithDecoderMaxWindow(32<<20))
		if err != nil {
			return nil, nil, fmt.Errorf("cannot unpack the body: %w", err)
		}
		body, done = z, z.Close
	default:
		return nil, nil, errCoding
	}
	return &bounded{body, s.Limits.Plain}, done, nil
}

// bounded reads at most left bytes and then fails.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errPlain
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

// lineReader cuts a body into lines; one that is too long is skipped and told.
type lineReader struct {
	r    *bufio.Reader
	most int
	buf  []byte
}

func newLineReader(r io.Reader, most int) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16), most: most}
}

// next returns the next line, without its end; it is valid until the next call.
// long is true when the line was skipped.
func (l *lineReader) next() (line []byte, long bool, err error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buf)+len(part) > l.most {
			long = true
		}
		if !long {
			l.buf = append(l.buf, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF && (len(l.buf) > 0 || long) {
			err = nil
		}
		if cap(l.buf) > 1<<20 && len(l.buf) < 1<<16 {
			defer func() { l.buf = nil }() // a giant line's memory
		}
		return bytes.TrimRight(l.buf, "\r\n"), long, err
	}
}

// bodyFault says which status a body's error deserves.
func bodyFault(w http.ResponseWriter, err error) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), errors.Is(err, errPlain), errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		Fault(w, http.StatusRequestEntityTooLarge, err.Error()+"; send smaller batches")
	case errors.Is(err, errCoding):
		Fault(w, http.StatusUnsupportedMediaType, err.Error())
	default:
		Fault(w, http.StatusBadRequest, "cannot read the body: "+err.Error())
	}
}
