package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/zeebo/xxh3"

	"iolaus/api"
)

// pollEvery is how often a followed file is looked at.
const pollEvery = 300 * time.Millisecond

// tail follows log files: each is read from where it was left, over rotations
// and restarts. What is read twice is counted once.
func (s *Server) tail(ctx context.Context) {
	c := s.config.Load()
	if len(c.Tail) == 0 {
		return
	}
	m := &marks{path: c.path("tail.json"), all: map[string]tailMark{}}
	if err := m.load(); err != nil {
		s.log.Error("cannot read where the followed files were left; they are read from the beginning", "error", err)
	}
	var work sync.WaitGroup
	for _, t := range c.Tail {
		feed, err := s.api.NewFeed(t.Format, t.Account)
		if err != nil {
			s.log.Error("cannot follow a file", "path", t.Path, "error", err)
			continue
		}
		work.Go(func() { (&tailer{s: s, feed: feed, path: t.Path, marks: m}).run(ctx) })
	}
	work.Wait()
}

// tailMark says how far a file was read, and how it began.
type tailMark struct {
	Offset int64  `json:"offset"`
	Head   uint64 `json:"head"` // of its first bytes
	Size   int    `json:"size"` // how many of them
}

// marks are the marks of all files, on disk.
type marks struct {
	mu   sync.Mutex
	path string
	all  map[string]tailMark
}

func (m *marks) load() error {
	b, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(b, &m.all)
	}
	return err
}

func (m *marks) get(path string) tailMark {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all[path]
}

func (m *marks) set(path string, k tailMark) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[path] = k
	b, err := json.Marshal(m.all)
	if err == nil {
		err = os.WriteFile(m.path+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(m.path+".new", m.path)
	}
	return err
}

// tailer follows one file.
type tailer struct {
	s     *Server
	feed  *api.Feed
	path  string
	marks *marks
	f     *os.File
	at    int64
	head  tailMark
	told  string
}

func (t *tailer) run(ctx context.Context) {
	defer func() {
		if t.f != nil {
			t.f.Close()
		}
	}()
	for {
		moved, err := t.look(ctx)
		if why := fmt.Sprint(err); err != nil && why != t.told && ctx.Err() == nil {
			t.told = why
			t.s.log.Warn("a followed file cannot be read now", "path", t.path, "error", err)
		}
		if !moved && !sleep(ctx, pollEvery) || ctx.Err() != nil {
			return
		}
	}
}

// look reads what is new; moved says whether there may be more at once.
func (t *tailer) look(ctx context.Context) (moved bool, err error) {
	if t.f == nil {
		if err := t.open(); err != nil {
			return false, err
		}
	}
	n, err := t.more(ctx, false)
	if n > 0 || err != nil {
		return n > 0, err
	}
	now, err := os.Stat(t.path)
	if err != nil {
		return false, err
	}
	was, err := t.f.Stat()
	if err != nil {
		return false, err
	}
	if os.SameFile(now, was) && now.Size() >= t.at {
		return false, nil
	}
	if _, err := t.more(ctx, true); err != nil { // the rotated file's last, unended line
		return false, err
	}
	t.f.Close()
	t.f = nil
	return true, nil
}

// open opens the file where it was left, or at its beginning when it is another.
func (t *tailer) open() error {
	f, err := os.Open(t.path)
	if err != nil {
		return err
	}
	t.f, t.at, t.head = f, 0, tailMark{}
	k := t.marks.get(t.path)
	if k.Size > 0 {
		b := make([]byte, k.Size)
		if _, err := f.ReadAt(b, 0); err == nil && xxh3.Hash(b) == k.Head {
			t.at, t.head = k.Offset, k
		}
	}
	return nil
}

const (
	tailPiece = 4 << 20
	tailHead  = 4096
)

// more stores the whole lines that are there now; the last counts as whole when
// nothing can follow it.
func (t *tailer) more(ctx context.Context, last bool) (int, error) {
	want := max(tailPiece, t.s.api.Limits.Line+1)
	b, err := io.ReadAll(io.NewSectionReader(t.f, t.at, int64(want)))
	if err != nil || len(b) == 0 {
		return 0, err
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	if whole == 0 && (last || len(b) == want) {
		whole = len(b)
	}
	if whole == 0 {
		return 0, nil
	}
	if _, refused, err := t.feed.Take(ctx, bytes.NewReader(b[:whole])); err != nil {
		sleep(ctx, time.Second)
		return 0, err
	} else if refused > 0 {
		t.s.log.Warn("lines of a followed file were not used", "path", t.path, "lines", refused)
	}
	t.at += int64(whole)
	t.told = ""
	if t.head.Size < tailHead {
		h := make([]byte, min(t.at, tailHead))
		if _, err := t.f.ReadAt(h, 0); err == nil {
			t.head.Head, t.head.Size = xxh3.Hash(h), len(h)
		}
	}
	t.head.Offset = t.at
	return whole, t.marks.set(t.path, t.head)
}

// subscribe takes batches of lines from a NATS subject: a request whose payload
// is lines is answered when they are stored, {"stored":N,"refused":M}.
func (s *Server) subscribe(ctx context.Context) {
	c := s.config.Load()
	if c.Subject == "" {
		return
	}
	in := make(chan *nats.Msg, 256)
	sub, err := s.stream.Conn().ChanQueueSubscribe(c.Subject, "iolaus", in)
	if err != nil {
		s.log.Error("cannot take batches from a subject", "subject", c.Subject, "error", err)
		return
	}
	defer sub.Unsubscribe()
	feed, err := s.api.NewFeed("", "")
	if err != nil {
		s.log.Error("cannot take batches from a subject", "subject", c.Subject, "error", err)
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-in:
			stored, refused, err := feed.Take(ctx, bufio.NewReader(bytes.NewReader(m.Data)))
			reply := map[string]any{"stored": stored, "refused": refused}
			if err != nil {
				reply["error"] = err.Error()
			}
			b, _ := json.Marshal(reply)
			m.Respond(b)
		}
	}
}
