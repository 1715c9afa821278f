// Package stream is the durable log in front of everything: what was
// acknowledged is in it until the hunt has it for good. It is NATS JetStream,
// inside this process or a cluster elsewhere; nothing above it knows which.
//
// It promises that Put returns nil only for what is stored (synced to disk
// unless told otherwise, on a majority of replicas), that Read gives everything
// in one order, and that a full log refuses instead of dropping. It may give a
// frame twice; exchanges have ids, and whoever counts them does so by id.
//
// It refuses to hold texts: a trace has none.
package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/zeebo/xxh3"

	"iolaus/exchange"
)

// Options say where the log is. Dir or URL is needed; the rest has defaults.
type Options struct {
	Dir      string // of the server inside this process
	URL      string // of a cluster elsewhere, in place of Dir
	User     string // credentials file for URL; "" for none
	Name     string // of the stream; default IOLAUS
	Replicas int    // default 1
	MaxBytes int64  // from which the log refuses; default 4 GiB
	// Lazy leaves it to the system when to write to disk, at the latest every
	// two minutes: a killed process loses nothing, a power cut may.
	Lazy bool
	// Wait is how long Put tries while the log cannot be reached; default 30 s.
	Wait     time.Duration
	Identity Identity
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "IOLAUS"
	}
	if o.Replicas <= 0 {
		o.Replicas = 1
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 30
	}
	if o.Wait <= 0 {
		o.Wait = 30 * time.Second
	}
	return o
}

// ErrFull is wrapped when the log has no room: try again later.
var ErrFull = errors.New("the log is full")

// ErrAway is wrapped when the log could not be reached within Options.Wait.
var ErrAway = errors.New("the log cannot be reached")

// A Log is an open log. Its methods may be called from many goroutines.
type Log struct {
	o    Options
	link atomic.Pointer[link]

	queue chan *put
	room  chan struct{} // one token for each put under way
	stop  context.CancelFunc
	done  sync.WaitGroup
}

// link is the connection to the server, made anew when the server inside this
// process gave up, as it does on a full disk.
type link struct {
	server *server.Server // nil for a cluster elsewhere
	conn   *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
}

// put is one caller's traces on their way.
type put struct {
	traces []exchange.Trace
	done   chan error
}

const (
	pending   = 256     // puts that may wait
	frameFull = 1 << 19 // bytes from which a frame is sent; a message may have a mebibyte
	perTrace  = 512     // bytes, at most about
)

// Open opens the log and creates what is missing.
func Open(ctx context.Context, o Options) (*Log, error) {
	l := &Log{o: o.withDefaults(), queue: make(chan *put, pending), room: make(chan struct{}, pending)}
	k, err := l.o.open(ctx)
	if err != nil {
		return nil, err
	}
	l.link.Store(k)
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	l.done.Go(func() { l.write(ctx) })
	return l, nil
}

// open makes a link and creates what is missing.
func (o *Options) open(ctx context.Context) (*link, error) {
	l := &link{}
	err := l.connect(o)
	if err == nil {
		err = l.create(ctx, o)
	}
	if err != nil {
		l.shut()
		return nil, err
	}
	return l, nil
}

func (l *link) connect(o *Options) error {
	opts := []nats.Option{nats.Name("iolaus"), nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond), nats.ReconnectBufSize(-1), nats.RetryOnFailedConnect(true),
		nats.Timeout(2 * time.Second), nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})}
	url := o.URL
	if url == "" {
		var err error
		if l.server, err = embed(o); err != nil {
			return err
		}
		opts = append(opts, nats.InProcessServer(l.server))
	} else if o.User != "" {
		opts = append(opts, nats.UserCredentials(o.User))
	}
	var err error
	if l.conn, err = nats.Connect(url, opts...); err != nil {
		return fmt.Errorf("cannot connect to the log: %w", err)
	}
	if l.js, err = jetstream.New(l.conn); err != nil {
		return fmt.Errorf("cannot use the log: %w", err)
	}
	return nil
}

// embed starts a server that listens to nobody.
func embed(o *Options) (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "iolaus", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: o.Dir, SyncAlways: !o.Lazy,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: o.MaxBytes + 256<<20,
	})
	if err != nil {
		return nil, fmt.Errorf("cannot start the log in %s: %w", o.Dir, err)
	}
	s.Start()
	if !s.ReadyForConnections(2 * time.Minute) {
		s.Shutdown()
		return nil, fmt.Errorf("cannot start the log in %s: it is not ready after two minutes", o.Dir)
	}
	return s, nil
}

func (l *link) create(ctx context.Context, o *Options) error {
	ctx, cancel := context.WithTimeout(ctx, o.Wait)
	defer cancel()
	for {
		var err error
		once, end := context.WithTimeout(ctx, 5*time.Second)
		l.stream, err = l.js.CreateOrUpdateStream(once, jetstream.StreamConfig{
			Name: o.Name, Subjects: []string{o.subject()}, Storage: jetstream.FileStorage, Replicas: o.Replicas,
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, MaxBytes: o.MaxBytes,
			Duplicates: o.Wait + 30*time.Second, // the server keeps the names of so many frames in memory
		})
		end()
		if err == nil {
			return nil
		}
		if !pause(ctx, 200*time.Millisecond) {
			return fmt.Errorf("cannot open the stream %s: %w", o.Name, err)
		}
	}
}

func (o *Options) subject() string { return strings.ToLower(o.Name) + ".traces" }

// pause waits; false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Put stores traces and returns when they are stored. It keeps them until then.
func (l *Log) Put(ctx context.Context, ts []exchange.Trace) error {
	for len(ts) > 0 {
		n := min(len(ts), frameFull/perTrace)
		if err := l.put(ctx, ts[:n]); err != nil {
			return err
		}
		ts = ts[n:]
	}
	return nil
}

func (l *Log) put(ctx context.Context, ts []exchange.Trace) error {
	select {
	case l.room <- struct{}{}:
	default:
		return fmt.Errorf("cannot store %d exchanges while %d requests wait: %w", len(ts), pending, ErrFull)
	}
	defer func() { <-l.room }()
	p := &put{ts, make(chan error, 1)}
	l.queue <- p
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return ctx.Err() // stored or not; whoever sends again is counted once
	}
}

// write sends frame after frame, one at a time: what waits meanwhile shares the
// next one, and with it the cost of reaching the disk.
func (l *Log) write(ctx context.Context) {
	var batch []*put
	var held *put
	for {
		batch = batch[:0]
		if held == nil {
			select {
			case held = <-l.queue:
			case <-ctx.Done():
				return
			}
		}
		batch, held = append(batch, held), nil
		size := len(batch[0].traces)
	fill:
		for size < frameFull/perTrace {
			select {
			case p := <-l.queue:
				if size+len(p.traces) > frameFull/perTrace {
					held = p
					break fill
				}
				batch = append(batch, p)
				size += len(p.traces)
			default:
				break fill
			}
		}
		err := l.send(ctx, batch)
		for _, p := range batch {
			p.done <- err
		}
	}
}

// send stores one frame, trying until Wait is over.
func (l *Log) send(ctx context.Context, batch []*put) error {
	ts := batch[0].traces
	if len(batch) > 1 {
		ts = nil
		for _, p := range batch {
			ts = append(ts, p.traces...)
		}
	}
	data := appendFrame(nil, l.o.Identity, ts)
	id := fmt.Sprintf("%x", xxh3.Hash128(data).Bytes())
	ctx, cancel := context.WithTimeout(ctx, l.o.Wait)
	defer cancel()
	try := 2 * time.Second
	if l.o.URL == "" {
		try = 5 * time.Second // there is no other server to turn to, only a slow disk
	}
	for tries := 1; ; tries++ {
		once, end := context.WithTimeout(ctx, try)
		_, err := l.link.Load().js.Publish(once, l.o.subject(), data, jetstream.WithMsgID(id), jetstream.WithRetryAttempts(0))
		end()
		if err == nil {
			return nil
		}
		var api *jetstream.APIError
		if errors.As(err, &api) && (api.ErrorCode == 10077 || api.ErrorCode == 10047) || strings.Contains(err.Error(), "maximum bytes") {
			return fmt.Errorf("cannot store %d exchanges: %w", len(ts), ErrFull)
		}
		if rerr := l.revive(ctx, tries%3 == 0); rerr != nil {
			return fmt.Errorf("cannot store %d exchanges: %w: %w", len(ts), ErrFull, rerr)
		}
		if !pause(ctx, 50*time.Millisecond) {
			return fmt.Errorf("cannot store %d exchanges: %w: %w", len(ts), ErrAway, err)
		}
	}
}

// revive starts the server inside this process anew when it has given up, or
// answers no more: after a write failed on a full disk it stays silent when there
// is room again. An error means that it cannot be: the disk is still full. Of a
// cluster elsewhere it takes another server: the one in use may hang, or be cut
// off from the others, with the connection to it still open.
func (l *Log) revive(ctx context.Context, silent bool) error {
	old := l.link.Load()
	if l.o.URL != "" {
		if silent {
			old.conn.ForceReconnect() // its only error is that the log was closed
		}
		return nil
	}
	if !silent && old.server.JetStreamEnabled() && old.server.Running() {
		return nil
	}
	old.shut()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	k, err := l.o.open(ctx)
	if err != nil {
		return err
	}
	l.link.Store(k)
	return nil
}

// Forget drops what came up to and including a frame.
func (l *Log) Forget(ctx context.Context, upTo uint64) error {
	ctx, cancel := context.WithTimeout(ctx, l.o.Wait)
	defer cancel()
	if err := l.link.Load().stream.Purge(ctx, jetstream.WithPurgeSequence(upTo+1)); err != nil {
		return fmt.Errorf("cannot shorten the log: %w", err)
	}
	return nil
}

// State is what the log holds.
type State struct {
	First, Last uint64 // frames
	Frames      uint64
	Bytes, Max  uint64
	Waiting     int // requests that wait to be stored
}

// State asks the log what it holds.
func (l *Log) State(ctx context.Context) (State, error) {
	info, err := l.link.Load().stream.Info(ctx)
	if err != nil {
		return State{}, fmt.Errorf("cannot ask the log: %w", err)
	}
	return State{First: info.State.FirstSeq, Last: info.State.LastSeq, Frames: info.State.Msgs, Bytes: info.State.Bytes,
		Max: uint64(l.o.MaxBytes), Waiting: len(l.room)}, nil
}

// Conn is the connection, for ways in that are subjects.
func (l *Log) Conn() *nats.Conn { return l.link.Load().conn }

// Close ends the log; puts under way fail.
func (l *Log) Close() {
	l.stop()
	l.done.Wait()
	for {
		select {
		case p := <-l.queue:
			p.done <- fmt.Errorf("cannot store %d exchanges: %w: closed", len(p.traces), ErrAway)
			continue
		default:
		}
		break
	}
	l.link.Load().shut()
}

func (l *link) shut() {
	if l.conn != nil {
		l.conn.Close()
	}
	if l.server != nil {
		l.server.Shutdown()
		l.server.WaitForShutdown()
	}
}
