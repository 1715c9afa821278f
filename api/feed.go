package api

import (
	"context"
	"errors"
	"io"

	"iolaus/source"
)

// A Feed takes lines from a way in that is no request: a file that is followed,
// a subject. It belongs to one goroutine.
type Feed struct {
	s *Server
	w *worker
	f source.Options
	// head is the line that told the format.
	head []byte
}

// NewFeed makes a feed of lines of a format, "" for one that the lines tell.
func (s *Server) NewFeed(format, account string) (*Feed, error) {
	o := source.Options{Format: format, Account: account, MaxLine: s.Limits.Line, Brief: true}
	l, err := source.NewLines(o)
	if err != nil {
		return nil, err
	}
	return &Feed{s: s, w: &worker{lines: l, observe: s.Observer()}, f: o}, nil
}

// Take stores the whole lines of r. It returns how many exchanges were stored
// and how many lines were not used; an error means that the lines should be
// sent again, which is harmless.
func (f *Feed) Take(ctx context.Context, r io.Reader) (stored, refused int, err error) {
	if f.s.Full() != "" {
		return 0, 0, ErrBusy
	}
	in := intake{s: f.s, ctx: ctx, r: newLineReader(r, f.s.Limits.Line), head: f.head}
	if f.f.Format != "" {
		in.head = []byte("{}") // the format is known; no line need tell it
	}
	for end := false; !end && err == nil; {
		end, err = in.fill(f.w)
		if serr := in.store(f.w); serr != nil {
			err = serr
		}
		in.answer = in.answer[:0]
	}
	f.head = in.head
	var store errBusy
	if errors.As(err, &store) {
		err = store.error
	}
	return in.stored, in.refused, err
}
