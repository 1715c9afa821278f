package app

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"iolaus/api"
	"iolaus/campaign"
	"iolaus/enforce"
	"iolaus/exchange"
	"iolaus/gateway"
	"iolaus/guard"
	"iolaus/observe"
	"iolaus/sketch"
	"iolaus/stream"
)

// A Server watches live traffic and answers gateways. What stands first lives
// as long as the process; what Reload changes is behind a pointer; what the run
// makes is behind another.
type Server struct {
	log      *slog.Logger
	key      sketch.Key
	stream   *stream.Log
	book     *enforce.Book
	registry *registry
	guard    guard.Guard
	api      api.Server
	gate     gateway.Gateway
	meters   meters
	labels   labels
	records  recorder
	flushes  chan wish
	news     chan struct{} // orders changed
	fresh    chan newcomer

	config atomic.Pointer[Config]

	found    atomic.Pointer[[]*campaign.Campaign]
	trouble  atomic.Pointer[string] // why the run does not go on; nil when it does
	ready    atomic.Bool
	stopping atomic.Bool

	mu       sync.Mutex // guards what follows, for publishing
	prints   *guard.Prints
	standing *guard.Accounts
	version  uint64
}

// labels are what observers learned to call by name.
type labels struct {
	mu  sync.Mutex
	all campaign.Labels
}

func (l *labels) add(more map[exchange.Observable]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = campaign.Labels{}
	}
	maps.Copy(l.all, more)
}

func (l *labels) get() campaign.Labels {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.all)
}

// Serve runs until the context ends, then stops gracefully. listening is told
// the address as soon as requests are taken; reload delivers configurations.
func Serve(ctx context.Context, c *Config, log *slog.Logger, listening func(addr string), reload <-chan *Config) error {
	s := &Server{log: log, flushes: make(chan wish), news: make(chan struct{}, 1), fresh: make(chan newcomer, 1024)}
	s.config.Store(c)
	closers, err := s.open(ctx)
	defer func() {
		for _, close := range slices.Backward(closers) {
			close()
		}
	}()
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(places())
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen: %w", err)
	}
	web := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(l) }()
	var work sync.WaitGroup
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	for _, f := range []func(context.Context){s.follow, s.watch, s.announce, s.records.run, s.tail, s.subscribe} {
		work.Go(func() { f(run) })
	}
	listening(l.Addr().String())
	for done := false; !done; {
		select {
		case <-ctx.Done():
			done = true
		case err = <-failed:
			done = true
		case next := <-reload:
			s.reload(next)
		}
	}
	s.stopping.Store(true)
	grace, end := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer end()
	serr := web.Shutdown(grace)
	stop()
	work.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, serr)
}

// open makes everything that lives as long as the process, in order; what it
// returns is closed in reverse.
func (s *Server) open(ctx context.Context) (closers []func(), err error) {
	c := s.config.Load()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	unlock, err := lock(c.path("lock"))
	if err != nil {
		return nil, err
	}
	closers = append(closers, unlock)
	if s.key, err = Key(c.Data, c.Key); err != nil {
		return closers, err
	}
	debug.SetMemoryLimit(c.Limits.Memory)
	if s.book, err = enforce.Open(c.path("measures.jsonl")); err != nil {
		return closers, err
	}
	closers = append(closers, func() { s.book.Close() })
	if s.registry, err = openRegistry(c.path("registry.jsonl"), s.key); err != nil {
		return closers, err
	}
	closers = append(closers, func() { s.registry.f.Close() })
	if err := s.records.open(c.path("decisions.jsonl"), &s.meters); err != nil {
		return closers, err
	}
	sum := sha256.Sum256(s.key[:])
	s.stream, err = stream.Open(ctx, stream.Options{
		Dir: c.path("stream"), URL: c.Stream.URL, User: c.Stream.Credentials, Name: c.Stream.Name, Replicas: c.Stream.Replicas,
		MaxBytes: c.Stream.MaxBytes, Lazy: c.Stream.Lazy, Wait: c.Stream.Wait,
		Identity: stream.Identity{Key: binary.BigEndian.Uint64(sum[:]), Signals: observe.Version},
	})
	if err != nil {
		return closers, err
	}
	closers = append(closers, s.stream.Close)
	s.publishOrders()
	return closers, s.wire(c)
}

// wire connects the ways in and out.
func (s *Server) wire(c *Config) error {
	s.api = api.Server{
		Limits: c.Limits, Store: s.store, Observer: s.observer, Seen: s.seen, Full: s.full,
		Register: s.registry.add, Judge: s.judgeSignUp, Refused: s.meters.refuse,
	}
	s.gate = gateway.Gateway{
		Decide: s.guard.Decide, Read: s.api.Read, Observe: s.api.Observe, Ready: s.ready.Load,
		Routes: func() []gateway.Route { return s.config.Load().Routes }, Record: s.record, Orders: s.feed,
	}
	return s.api.Start(max(2, runtime.GOMAXPROCS(0)))
}

// observer is one goroutine's; what it learns to call by name is collected.
func (s *Server) observer() func(*exchange.Exchange, *exchange.Trace) {
	o := &observe.Observer{Key: s.key, Networks: observe.KnownNetworks()}
	named := 0
	return func(x *exchange.Exchange, t *exchange.Trace) {
		o.Observe(x, t)
		if n := o.Named(); n != named {
			named = n
			s.labels.add(o.Labels())
		}
	}
}

// store keeps traces for good.
func (s *Server) store(ctx context.Context, ts []exchange.Trace) error {
	err := s.stream.Put(ctx, ts)
	switch {
	case err == nil:
		s.meters.stored.Add(int64(len(ts)))
	case errors.Is(err, stream.ErrFull):
		err = fmt.Errorf("%w: %w", api.ErrBusy, err)
	}
	return err
}

// full says that nothing more should come in, and why.
func (s *Server) full() string {
	c := s.config.Load()
	switch {
	case s.stopping.Load():
		return "stopping"
	case s.meters.memory.Load() > c.Limits.Memory:
		return "memory is at its bound"
	}
	return ""
}

// watch reads the memory in use, says when garbage is collected next, and gives
// freed memory back before refusing.
func (s *Server) watch(ctx context.Context) {
	var r room
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			r.fit(s.config.Load().Limits.Memory)
			m := readMemory()
			if m > s.config.Load().Limits.Memory {
				debug.FreeOSMemory()
				m = readMemory()
			}
			s.meters.memory.Store(m)
		}
	}
}

// reload takes what can change while running.
func (s *Server) reload(next *Config) {
	old := s.config.Load()
	if next.Listen != old.Listen || next.Data != old.Data || next.Step != old.Step || next.Stream != old.Stream || next.Key != old.Key || !slices.Equal(next.Tail, old.Tail) {
		s.log.Warn("listen, data, key, step, stream and tail change with a restart only; the rest is taken")
	}
	merged := *next
	merged.Listen, merged.Data, merged.Step, merged.Stream, merged.Key, merged.Tail = old.Listen, old.Data, old.Step, old.Stream, old.Key, old.Tail
	s.config.Store(&merged)
	debug.SetMemoryLimit(merged.Limits.Memory)
	s.publishOrders()
	s.log.Info("configuration reloaded", "policy", merged.Enforce.Version(), "mode", merged.Enforce.Mode)
}
