package journal

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"iolaus/exchange"
)

// Replay calls take for each trace of each committed step, in the order they
// were appended; step is the number of its step. The trace is reused and its
// strings are not. A missing folder is an empty journal. What is not whole at
// the end is left out, and stands in State.Cut; damage elsewhere is an error.
func Replay(dir string, id Identity, take func(step uint64, t *exchange.Trace) error) (State, error) {
	segs, state, err := survey(dir, id)
	if err != nil {
		return state, err
	}
	r := replayer{take: take}
	if r.z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRaw), zstd.IgnoreChecksum(true)); err != nil {
		return state, err
	}
	defer r.z.Close()
	for _, s := range segs {
		if err := r.segment(s); err != nil {
			return state, err
		}
	}
	return state, nil
}

// segment is one file of the journal, as far as it is whole.
type segment struct {
	path   string
	number int
	end    int64 // of the last committed step
}

// survey reads the heads of all files: whose they are, what was committed, and
// where the last one is torn. Bodies are checked in the last file only.
func survey(dir string, id Identity) ([]segment, State, error) {
	var state State
	segs, err := list(dir)
	if err != nil {
		return nil, state, err
	}
	for i := range segs {
		if err := segs[i].read(id, &state, i == len(segs)-1); err != nil {
			return nil, state, err
		}
	}
	return segs, state, nil
}

// list returns the files in the order in which they were written.
func list(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the journal: %w", err)
	}
	var segs []segment
	for _, e := range entries {
		day, rest, ok := strings.Cut(e.Name(), "-")
		digits, zst := strings.CutSuffix(rest, ".zst")
		n, err := strconv.Atoi(digits)
		if ok && zst && err == nil && len(day) == 8 && !e.IsDir() {
			segs = append(segs, segment{path: filepath.Join(dir, e.Name()), number: n})
		}
	}
	slices.SortFunc(segs, func(a, b segment) int { return cmp.Compare(a.number, b.number) })
	return segs, nil
}

// read reads a file's heads into state. In the last file a fault is a torn end;
// in an earlier one, which was whole when the next began, it is an error.
func (s *segment) read(id Identity, state *State, last bool) error {
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("cannot read the journal: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("cannot read the journal: %w", err)
	}
	in := newHeads(f, info.Size())
	reason, err := in.file(s.path, id)
	if err != nil {
		return err
	}
	traces := uint64(0)
	for reason == "" && in.at < in.size {
		var h head
		if h, reason = in.next(last); reason != "" {
			break
		}
		traces += uint64(h.count)
		if h.commit {
			s.end = in.at
			state.Step, state.Until = h.step, time.Unix(0, h.at).UTC()
			state.Traces += traces
			state.mark(h.marks)
			traces = 0
		}
	}
	if s.end == 0 && reason == "" && in.at == in.size {
		s.end = in.at // a file without steps is whole
		if traces > 0 {
			s.end = in.first
		}
	}
	state.Bytes += s.end
	if s.end == in.size {
		return nil
	}
	if reason == "" {
		reason = "its last step was not committed"
	}
	if !last {
		return fmt.Errorf("cannot read the journal: %s is damaged after byte %d: %s; read the logs again with --rebuild", s.path, s.end, reason)
	}
	state.Cut = append(state.Cut, Cut{File: s.path, At: s.end, Bytes: in.size - s.end, Reason: reason})
	return nil
}

// heads walks through a file.
type heads struct {
	r     *bufio.Reader
	f     io.ReadSeeker
	at    int64 // offset of what comes next
	first int64 // offset after the file's own head
	size  int64
	buf   []byte
}

func newHeads(f io.ReadSeeker, size int64) *heads {
	return &heads{r: bufio.NewReaderSize(f, 1<<16), f: f, size: size}
}

// file reads the file's own head. A reason says that it is torn; an error, that
// it is another's.
func (x *heads) file(path string, id Identity) (reason string, err error) {
	if b, err := x.r.Peek(headPrefix); err == nil && binary.LittleEndian.Uint32(b) != magicFile && !allZero(b) {
		return "", fmt.Errorf("cannot read the journal: %s is not one of its files; move it elsewhere: %w", path, ErrForeign)
	}
	_, b, reason := x.sealed()
	if reason != "" {
		return reason, nil
	}
	format, theirs, err := parseFileHead(b)
	switch {
	case err != nil:
		return err.Error(), nil
	case format != formatName:
		return "", fmt.Errorf("cannot continue from %s: it is of format %.40q, not %q; use the version that wrote it, or read the logs again with --rebuild: %w",
			path, format, formatName, ErrForeign)
	}
	x.first = x.at
	return "", foreign(path, theirs, id)
}

// allZero says whether b is what a power cut may leave of a file.
func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// sealed reads a skippable frame and checks it.
func (x *heads) sealed() (magic uint32, content []byte, reason string) {
	var p [headPrefix]byte
	if x.size-x.at < headPrefix {
		return 0, nil, "a frame's head is cut short"
	}
	if _, err := io.ReadFull(x.r, p[:]); err != nil {
		return 0, nil, err.Error()
	}
	magic, n, crc, ok := prefix(p[:])
	if !ok {
		return 0, nil, errHead.Error()
	}
	if x.size-x.at-headPrefix < int64(n) {
		return 0, nil, "a frame's head is cut short"
	}
	x.buf = slices.Grow(x.buf[:0], n)[:n]
	if _, err := io.ReadFull(x.r, x.buf); err != nil {
		return 0, nil, err.Error()
	}
	if crc32.Checksum(x.buf, castagnoli) != crc {
		return 0, nil, errHead.Error()
	}
	x.at += headPrefix + int64(n)
	return magic, x.buf, ""
}

// next reads a frame's head and passes its body, checking it if asked to.
func (x *heads) next(check bool) (head, string) {
	magic, b, reason := x.sealed()
	if reason != "" {
		return head{}, reason
	}
	h, err := parseHead(b)
	if err != nil || magic != magicFrame {
		return head{}, errHead.Error()
	}
	if x.size-x.at < int64(h.packed) {
		return head{}, "a frame's body is cut short"
	}
	if check {
		if _, err := x.body(&h); err != nil {
			return head{}, err.Error()
		}
		return h, ""
	}
	x.at += int64(h.packed)
	if h.packed <= x.r.Buffered() {
		x.r.Discard(h.packed)
	} else if _, err := x.f.Seek(x.at, io.SeekStart); err != nil {
		return head{}, err.Error()
	} else {
		x.r.Reset(x.f)
	}
	return h, ""
}

// body reads the body that follows h, and checks it. It is valid until the next read.
func (x *heads) body(h *head) ([]byte, error) {
	x.buf = slices.Grow(x.buf[:0], h.packed)[:h.packed]
	if _, err := io.ReadFull(x.r, x.buf); err != nil {
		return nil, err
	}
	x.at += int64(h.packed)
	if crc32.Checksum(x.buf, castagnoli) != h.crc {
		return nil, errBody
	}
	return x.buf, nil
}

// A replayer decodes the bodies of files.
type replayer struct {
	take func(uint64, *exchange.Trace) error
	z    *zstd.Decoder
	d    decoder
	raw  []byte
}

func (r *replayer) segment(s segment) error {
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("cannot read the journal: %w", err)
	}
	defer f.Close()
	in := newHeads(f, s.end)
	in.sealed() // survey has read it
	for in.at < in.size {
		if err := r.frame(in); err != nil {
			var stop stopped
			if errors.As(err, &stop) {
				return stop.error
			}
			return fmt.Errorf("cannot read the journal: %s is damaged before byte %d: %w; read the logs again with --rebuild", s.path, in.at, err)
		}
	}
	return nil
}

// stopped carries an error of take past the words for damage.
type stopped struct{ error }

func (r *replayer) frame(in *heads) error {
	magic, b, reason := in.sealed()
	if reason != "" {
		return errors.New(reason)
	}
	h, err := parseHead(b)
	if err != nil || magic != magicFrame {
		return errHead
	}
	body, err := in.body(&h)
	if err != nil {
		return err
	}
	return r.decode(&h, body)
}

// decode takes the traces of one body.
func (r *replayer) decode(h *head, body []byte) error {
	raw, err := r.z.DecodeAll(body, slices.Grow(r.raw[:0], h.raw))
	if err != nil || len(raw) != h.raw {
		return errBody
	}
	r.raw = raw
	n := 0
	err = r.d.decode(raw, func(t *exchange.Trace) error {
		n++
		if err := r.take(h.step, t); err != nil {
			return stopped{err}
		}
		return nil
	})
	if err == nil && n != h.count {
		return errBody
	}
	return err
}
