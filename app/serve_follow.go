package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"iolaus/campaign"
	"iolaus/casebook"
	"iolaus/stream"
)

// follow keeps a run going: it reads the stream and hunts at every step. When
// something fails, the run is made anew from the journal after a while: nothing
// is lost, for what is not in the journal is still in the stream. Its goroutine is
// its own: it steps aside for decisions.
func (s *Server) follow(ctx context.Context) {
	aside()
	wait := time.Second
	for {
		began := time.Now()
		err := s.life(ctx)
		if ctx.Err() != nil {
			if err != nil && !errors.Is(err, context.Canceled) {
				s.log.Error("the run did not end well", "error", err)
			}
			return
		}
		why := err.Error()
		s.trouble.Store(&why)
		s.ready.Store(false)
		s.log.Error("the run stopped and begins anew", "error", err, "in", wait)
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		if !sleep(ctx, wait) {
			return
		}
		wait = min(2*wait, 30*time.Second)
		if err := s.registry.again(s.config.Load().path("registry.jsonl")); err != nil {
			s.log.Error("cannot read the registry again", "error", err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// follower is one life of the run.
type follower struct {
	*Server
	l       *ongoing
	hold    hold
	last    uint64    // the newest frame that was read
	recent  [2]moment // the last two moments that were taken in
	moved   time.Time // when something last came
	shown   time.Time // when the guard last got a snapshot
	stale   bool      // hunts were made or heirs known since
	told    *Config   // whose allow list the run knows
	wish    *wish     // nil when nobody asked for a flush
	results chan []*campaign.Campaign
}

// moment is a time and the first frame that brought a trace of it.
type moment struct {
	at  time.Time
	seq uint64
}

// life is one life of the run, from the journal to the first failure.
func (s *Server) life(ctx context.Context) (err error) {
	c := s.config.Load()
	store, err := OpenStore(c.Data, s.key, false)
	if err != nil {
		return err
	}
	if cut := store.Cut(); cut != "" {
		s.log.Info("an earlier run was cut off; what is missing is read again from the stream", "cut", cut)
	}
	run := NewRun(Detection{Key: s.key, Step: c.Step, Store: store, Allowed: c.allowed})
	run.ledger.Register(s.registry.take())
	began := time.Now()
	l, err := restore(ctx, run)
	if err != nil {
		return errors.Join(err, store.abandon(), run.seen.Close())
	}
	s.log.Info("the run goes on", "traces", store.had.Traces, "hunts", l.steps, "took", time.Since(began).Round(time.Millisecond))
	f := &follower{Server: s, l: l, told: c, moved: time.Now(), results: make(chan []*campaign.Campaign, 1)}
	f.hold.window = c.Holdback
	if err := f.publish(); err != nil {
		return errors.Join(err, store.abandon(), run.seen.Close())
	}
	s.trouble.Store(nil)
	s.ready.Store(true)
	written := make(chan struct{})
	go func() { defer close(written); s.write(f.results) }()
	err = s.stream.Read(ctx, 200*time.Millisecond, f.frame, f.idle)
	if ctx.Err() == nil {
		close(f.results)
		<-written
		return errors.Join(err, store.abandon(), run.seen.Close())
	}
	cs, err := f.l.finish(s.labels.get())
	f.results <- cs
	close(f.results)
	<-written
	return err
}

// abandon gives up a store whose run failed; its journal stays as it is.
func (s *Store) abandon() error { return errors.Join(s.journal.Close(), s.db.Close()) }

// frame takes one frame of the stream.
func (f *follower) frame(m stream.Frame) error {
	f.register()
	f.last, f.moved = m.Seq, time.Now()
	switch {
	case errors.Is(m.Err, stream.ErrForeign):
		f.meters.foreign.Add(1)
		return nil
	case m.Err != nil:
		f.meters.damaged.Add(1)
		f.log.Error("a frame of the stream is damaged and not used", "frame", m.Seq)
		return nil
	}
	for i := range m.Traces {
		f.hold.put(&m.Traces[i], m.Seq)
	}
	f.meters.taken.Add(int64(len(m.Traces)))
	if err := f.hold.due(f.take); err != nil {
		return err
	}
	if err := f.settle(false); err != nil {
		return err
	}
	return f.asked()
}

// asked flushes when somebody asked and everything stored until then was read.
func (f *follower) asked() error {
	if f.wish == nil {
		select {
		case w := <-f.flushes:
			f.wish = &w
		default:
			return nil
		}
	}
	if f.last < f.wish.upTo {
		return nil
	}
	err := f.flush()
	f.wish.done <- err
	f.wish = nil
	return err
}

// wish asks for a flush after a frame was read.
type wish struct {
	upTo uint64
	done chan error
}

// register tells the run what the registry and a reloaded configuration say.
func (f *follower) register() {
	if ups := f.registry.take(); len(ups) > 0 {
		f.l.ledger.Register(ups)
	}
	if c := f.config.Load(); c != f.told {
		f.told = c
		f.l.ledger.Allow(c.allowed)
	}
}

// take lets the run take one trace and looks after what a hunt brings with it.
func (f *follower) take(t *held) error {
	if !t.Time.Equal(f.recent[0].at) {
		f.recent = [2]moment{{t.Time, t.seq}, f.recent[0]}
	}
	f.recent[0].seq = min(f.recent[0].seq, t.seq)
	steps, heirs, began := f.l.steps, f.l.heirs, time.Now()
	if err := f.l.admit(&t.Trace, false); err != nil {
		return err
	}
	f.stale = f.stale || f.l.heirs != heirs
	f.meters.eventTime.Store(f.l.last.Unix())
	f.meters.counted.Store(int64(f.l.counted))
	if f.l.steps == steps {
		return nil
	}
	f.hunted(began)
	return f.forget(min(f.recent[0].seq, t.seq))
}

func (f *follower) hunted(began time.Time) {
	f.stale = true
	f.meters.steps.Add(1)
	f.meters.stepNanos.Add(int64(time.Since(began)))
	f.meters.repeated.Store(int64(f.l.repeated))
}

// forget drops from the stream what the journal holds for good. open is the
// first frame of which a trace was taken and is not in the journal yet.
func (f *follower) forget(open uint64) error {
	if err := f.l.d.Store.journal.Sync(); err != nil {
		return err
	}
	open = f.hold.lowest(open)
	if open <= 1 {
		return nil
	}
	if err := f.stream.Forget(f.l.ctx, open-1); err != nil {
		f.log.Warn("the stream could not be shortened; the next hunt tries again", "error", err)
	}
	return nil
}

// settle shows what was found, at most once a second unless it must.
func (f *follower) settle(must bool) error {
	if !f.stale || !must && time.Since(f.shown) < time.Second {
		return nil
	}
	f.stale, f.shown = false, time.Now()
	return f.publish()
}

// idle is called when nothing comes: what is held is taken after a while, and
// hunted in, so that quiet traffic is not left in the dark.
func (f *follower) idle() error {
	f.register()
	if err := f.asked(); err != nil {
		return err
	}
	if idle := f.config.Load().Idle; idle > 0 && time.Since(f.moved) >= idle {
		f.moved = time.Now()
		return f.flush()
	}
	return f.settle(true)
}

// flush takes in what is held and hunts in the unfinished step.
func (f *follower) flush() error {
	if err := f.hold.all(f.take); err != nil {
		return err
	}
	steps, began := f.l.steps, time.Now()
	if err := f.l.flush(); err != nil {
		return err
	}
	if f.l.steps != steps {
		f.hunted(began)
		if err := f.forget(f.last + 1); err != nil {
			return err
		}
	}
	return f.settle(true)
}

// write writes results as they come, the latest when several wait.
func (s *Server) write(results <-chan []*campaign.Campaign) {
	dir := s.config.Load().Data
	for cs := range results {
		ds, err := casebook.Read(filepath.Join(dir, CasebookFile))
		if err == nil {
			r := Sort(cs, ds)
			err = r.Write(dir)
		}
		if err != nil {
			s.log.Error("cannot write the result", "error", err)
		}
	}
}
