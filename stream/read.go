package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"iolaus/exchange"
)

// A Frame is what one message of the log holds.
type Frame struct {
	Seq    uint64
	Traces []exchange.Trace
	Err    error // why it cannot be used; wraps ErrForeign or says that it is damaged
}

// Read calls take for every frame from the first that is still there, then for
// new ones as they come, until the context ends or take returns an error. idle
// is called when nothing has come for a while, also while the log cannot be
// reached; Read gives up when that lasts longer than Options.Wait.
func (l *Log) Read(ctx context.Context, every time.Duration, take func(Frame) error, idle func() error) error {
	r := &reading{log: l, link: l.link.Load(), every: every, take: take, idle: idle}
	defer r.leave()
	for {
		err := r.some(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			continue
		case errors.As(err, new(stopped)):
			return errors.Unwrap(err)
		case l.link.Load() != r.link:
			return fmt.Errorf("cannot read the log: it was started anew: %w", err)
		case r.failing.IsZero():
			r.failing = time.Now()
		case time.Since(r.failing) > l.o.Wait:
			return fmt.Errorf("cannot read the log: %w: %w", ErrAway, err)
		}
		r.leave()
		if err := idle(); err != nil {
			return err
		}
		pause(ctx, min(every, time.Second))
	}
}

// stopped is an error of the reader's own, not of the log.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// reading is one reader on its way through the log. The server keeps its place in
// a consumer, in memory and on one server only; when that goes away, silently as
// it may when its machine freezes, another is made from after the last frame.
type reading struct {
	log   *Log
	link  *link
	every time.Duration
	take  func(Frame) error
	idle  func() error

	consumer jetstream.Consumer // nil when one is to be made
	last     uint64             // frame that was taken
	given    uint64             // frames that the consumer gave
	failing  time.Time          // since when nothing comes but errors; zero when all is well
}

const (
	abreast = 64               // frames asked for at once
	asking  = 20 * time.Second // for which one request waits at the server
	beat    = 5 * time.Second  // in which a server with nothing to give says so; it is gone when two are missing
	absent  = 2 * time.Minute  // without a request, after which a server forgets a reader
)

// some makes one request for frames, and takes what comes until it is over. It
// ends early with an error when the server falls silent.
func (r *reading) some(ctx context.Context) error {
	if err := r.join(ctx); err != nil {
		return err
	}
	once, end := context.WithTimeout(ctx, asking)
	defer end()
	batch, err := r.consumer.Fetch(abreast, jetstream.FetchContext(once), jetstream.FetchHeartbeat(beat))
	if err != nil {
		return err
	}
	quiet := time.NewTimer(r.every)
	defer quiet.Stop()
	for {
		select {
		case m, ok := <-batch.Messages():
			if !ok {
				return r.over(batch.Error())
			}
			if err := r.give(m); err != nil {
				return err
			}
		case <-quiet.C:
			if r.log.link.Load() != r.link {
				return errGone
			}
			if err := r.idle(); err != nil {
				return stopped{err}
			}
		}
		quiet.Reset(r.every)
	}
}

// over judges how a request ended: the server says when it has waited long enough,
// and one that does not is not asked again.
func (r *reading) over(err error) error {
	switch {
	case err == nil:
		r.failing = time.Time{}
	case errors.Is(err, context.DeadlineExceeded):
		r.leave()
		return nil
	}
	return err
}

// join makes a consumer that begins after the last frame that was taken.
func (r *reading) join(ctx context.Context) error {
	if r.consumer != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c, err := r.link.js.CreateConsumer(ctx, r.log.o.Name, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: r.last + 1, AckPolicy: jetstream.AckNonePolicy,
		Replicas: 1, MemoryStorage: true, InactiveThreshold: absent,
	})
	if err != nil {
		return err
	}
	r.consumer, r.given = c, 0
	return nil
}

var (
	errGap  = errors.New("a frame was lost on its way")
	errGone = errors.New("the connection is gone")
)

// give passes one message on.
func (r *reading) give(m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	if r.given++; meta.Sequence.Consumer != r.given {
		return errGap
	}
	f := Frame{Seq: meta.Sequence.Stream}
	f.Traces, f.Err = parseFrame(m.Data(), r.log.o.Identity)
	if err := r.take(f); err != nil {
		return stopped{err}
	}
	r.last, r.failing = f.Seq, time.Time{}
	return nil
}

// leave lets the server forget the consumer; it does so by itself, too, when it
// does not hear of this.
func (r *reading) leave() {
	if r.consumer == nil {
		return
	}
	name := r.consumer.CachedInfo().Name
	r.consumer = nil
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = r.link.js.DeleteConsumer(ctx, r.log.o.Name, name)
}
