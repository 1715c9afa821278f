package journal

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A writer compresses frames and appends them to files, on its own goroutine.
type writer struct {
	dir    string
	id     Identity
	number int // of the next file

	queue chan request
	free  chan *frame
	err   atomic.Pointer[error]

	f     *os.File
	size  int64
	day   string
	open  bool // in the middle of a step
	dirty bool // written, not synced
	z     *zstd.Encoder
	raw   []byte
	out   []byte
	body  []byte
}

// request is a frame to write, or a wish to be told when all is synced.
type request struct {
	frame  *frame
	synced chan error
}

const (
	queued    = 2
	syncEvery = 100 * time.Millisecond
	// maxFile is where a new file begins, at the end of a step.
	maxFile = 256 << 20
)

func newWriter(dir string, id Identity, number int) *writer {
	return &writer{dir: dir, id: id, number: number, queue: make(chan request, queued), free: make(chan *frame, queued+2)}
}

// frame returns an empty frame.
func (w *writer) frame() *frame {
	select {
	case f := <-w.free:
		f.reset()
		return f
	default:
		return &frame{}
	}
}

// failed returns the first error; after it nothing more is written.
func (w *writer) failed() error {
	if e := w.err.Load(); e != nil {
		return *e
	}
	return nil
}

func (w *writer) fail(err error) {
	if err != nil && w.err.Load() == nil {
		err = fmt.Errorf("cannot write the journal: %w", err)
		w.err.Store(&err)
	}
}

// run writes until the queue is closed. It syncs when nothing has come for a
// moment, and at the latest a moment after the first unsynced step.
func (w *writer) run() {
	timer := time.NewTimer(0)
	<-timer.C
	defer timer.Stop()
	for {
		select {
		case r, more := <-w.queue:
			switch {
			case !more:
				w.shut()
				return
			case r.synced != nil:
				w.sync()
				r.synced <- w.failed()
			case w.failed() == nil:
				was := w.dirty
				w.fail(w.write(r.frame))
				w.give(r.frame)
				if w.dirty && !was {
					timer.Reset(syncEvery)
				}
			default:
				w.give(r.frame)
			}
		case <-timer.C:
			w.sync()
		}
	}
}

func (w *writer) give(f *frame) {
	select {
	case w.free <- f:
	default:
	}
}

func (w *writer) sync() {
	if w.dirty && w.failed() == nil {
		w.fail(w.f.Sync())
	}
	w.dirty = false
}

// shut ends the file in hand. A step without an end is left to the next Open.
func (w *writer) shut() {
	w.sync()
	if w.f != nil {
		w.fail(w.f.Close())
		w.f = nil
	}
}

func (w *writer) write(f *frame) error {
	if err := w.place(f); err != nil {
		return err
	}
	if w.z == nil {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
		if err != nil {
			return err
		}
		w.z = z
	}
	w.raw = f.encode(w.raw[:0])
	w.body = w.z.EncodeAll(w.raw, w.body[:0])
	if len(w.raw) > maxRaw || len(w.body) > maxPacked {
		return fmt.Errorf("a frame of %d bytes", len(w.raw))
	}
	h := head{step: f.step, commit: f.commit, at: f.at, count: f.count, raw: len(w.raw), packed: len(w.body),
		crc: crc32.Checksum(w.body, castagnoli), marks: f.marks}
	w.out = appendHead(w.out[:0], &h)
	if len(w.out) > maxHead {
		return fmt.Errorf("a step with %d marks: at most %d bytes of them fit", len(f.marks), maxHead)
	}
	w.out = append(w.out, w.body...)
	n, err := w.f.Write(w.out)
	w.size += int64(n)
	w.open, w.dirty = !f.commit, true
	return err
}

// place sees to it that a file is open for f: each event day has its own, and a
// step never spans two.
func (w *writer) place(f *frame) error {
	if w.open {
		return nil
	}
	at := f.at
	if len(f.times) > 0 {
		at = f.times[0]
	}
	day := time.Unix(0, at).UTC().Format("20060102")
	if w.f != nil && day == w.day && w.size < maxFile {
		return nil
	}
	if w.f != nil {
		if err := errors.Join(w.f.Sync(), w.f.Close()); err != nil {
			return err
		}
	}
	return w.create(day)
}

func (w *writer) create(day string) error {
	name := filepath.Join(w.dir, fmt.Sprintf("%s-%06d.zst", day, w.number))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w.number++
	w.f, w.day = f, day
	n, err := f.Write(appendFileHead(nil, w.id))
	w.size = int64(n)
	return errors.Join(err, syncDir(w.dir))
}

// syncDir makes a new file's name durable, where folders can be synced.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
