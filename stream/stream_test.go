package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"iolaus/exchange"
)

// patience is for what hangs; a busy machine may take long for what works.
const patience = 5 * time.Minute

func traces(from, n int) []exchange.Trace {
	out := make([]exchange.Trace, n)
	for i := range out {
		t := &out[i]
		t.ID, t.Time = uint64(from+i+1), time.Unix(1_790_000_000, int64(from+i)).UTC()
		t.Account, t.Org, t.Model = fmt.Sprint("account-", i%7), "org", "m"
		t.SubAccount, t.Capability, t.Failed, t.ErrorCode = 9, exchange.Coding, i%2 == 0, 429
		t.Input, t.Output = 5, 1<<30
		t.Leave(exchange.NewObservable(exchange.Phrase, uint64(i)))
	}
	return out
}

func TestFrame(t *testing.T) {
	id := Identity{1, 2}
	want := traces(0, 100)
	b := appendFrame(nil, id, want)
	got, err := parseFrame(b, id)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v", err)
	}
	if _, err := parseFrame(b, Identity{1, 3}); !errors.Is(err, ErrForeign) {
		t.Errorf("a foreign frame: %v", err)
	}
	for i := range b {
		if _, err := parseFrame(b[:i], id); err == nil {
			t.Fatalf("cut at %d and taken", i)
		}
	}
}

func FuzzFrame(f *testing.F) {
	id := Identity{1, 2}
	f.Add(appendFrame(nil, id, traces(0, 3)))
	f.Add(appendFrame(nil, id, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		ts, err := parseFrame(b, id)
		if err != nil {
			return
		}
		again, err := parseFrame(appendFrame(nil, id, ts), id)
		if err != nil || len(again) != len(ts) {
			t.Fatalf("%d traces became %d: %v", len(ts), len(again), err)
		}
	})
}

func open(t *testing.T, o Options) *Log {
	t.Helper()
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// all reads until n distinct ids were seen.
func all(t *testing.T, l *Log, n int) (seen map[uint64]int, last uint64) {
	t.Helper()
	seen, last, err := until(t.Context(), l, func(had int) bool { return had >= n })
	if err != nil {
		t.Fatalf("read %d of %d: %v", len(seen), n, err)
	}
	return seen, last
}

// until reads until so many distinct ids are enough, asked after each frame and
// while nothing comes.
func until(ctx context.Context, l *Log, enough func(int) bool) (seen map[uint64]int, last uint64, err error) {
	seen = map[uint64]int{}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := errors.New("done")
	check := func() error {
		if enough(len(seen)) {
			return done
		}
		return nil
	}
	err = l.Read(ctx, 50*time.Millisecond, func(f Frame) error {
		for i := range f.Traces {
			seen[f.Traces[i].ID]++
		}
		last = f.Seq
		return errors.Join(f.Err, check())
	}, check)
	if errors.Is(err, done) {
		err = nil
	}
	return seen, last, err
}

// TestKept: what was put is there after a restart, until it is forgotten.
func TestKept(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	l := open(t, o)
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			if err := l.Put(t.Context(), traces(1000*i, 300)); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	l.Close()
	l = open(t, o)
	seen, last := all(t, l, 6000)
	for id, n := range seen {
		if n != 1 {
			t.Fatalf("id %d came %d times", id, n)
		}
	}
	if err := l.Forget(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if s, err := l.State(t.Context()); err != nil || s.Frames != 0 {
		t.Errorf("after forgetting: %+v %v", s, err)
	}
	if err := l.Put(t.Context(), traces(1<<20, 1)); err != nil {
		t.Error(err)
	}
	if seen, _ := all(t, l, 1); seen[1<<20+1] != 1 {
		t.Errorf("%v", seen)
	}
	l.Close()
}

// TestFull: a full log refuses, and takes again when there is room.
func TestFull(t *testing.T) {
	l := open(t, Options{Dir: t.TempDir(), MaxBytes: 1 << 20})
	defer l.Close()
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		err = l.Put(t.Context(), traces(1000*n, 500))
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("after %d puts: %v", n, err)
	}
	s, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Forget(t.Context(), s.Last); err != nil {
		t.Fatal(err)
	}
	if err := l.Put(t.Context(), traces(1<<20, 500)); err != nil {
		t.Errorf("there is room and it refuses: %v", err)
	}
}

// cluster is three servers on loopback, each a process of its own, which is this
// test's program again.
type cluster struct {
	dir     string
	clients [3]int
	routes  [3]int
	servers [3]*exec.Cmd
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{dir: t.TempDir()}
	taken := map[int]bool{}
	port := func() int {
		for {
			if p := freePort(t); !taken[p] {
				taken[p] = true
				return p
			}
		}
	}
	for i := range c.servers {
		c.clients[i], c.routes[i] = port(), port()
	}
	for i := range c.servers {
		c.start(t, i)
	}
	t.Cleanup(func() {
		for i := range c.servers {
			c.kill(i)
		}
	})
	return c
}

func (c *cluster) start(t *testing.T, i int) {
	t.Helper()
	spec, _ := json.Marshal(map[string]any{"i": i, "dir": c.dir, "port": c.clients[i], "routes": c.routes})
	c.servers[i] = exec.Command(os.Args[0], "-test.run", "^TestServerProcess$", "-test.timeout", "1h")
	c.servers[i].Env = append(os.Environ(), "IOLAUS_TEST_SERVER="+string(spec))
	if err := c.servers[i].Start(); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) kill(i int) {
	c.servers[i].Process.Kill()
	c.servers[i].Wait()
}

// TestServerProcess is no test: it is one server of a cluster, until it is killed.
func TestServerProcess(t *testing.T) {
	var spec struct {
		I, Port int
		Dir     string
		Routes  []int
	}
	if json.Unmarshal([]byte(os.Getenv("IOLAUS_TEST_SERVER")), &spec) != nil {
		t.Skip("a server of TestCluster, when that starts it")
	}
	var routes []*url.URL
	for _, p := range spec.Routes {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", p)})
	}
	s, err := server.NewServer(&server.Options{ServerName: fmt.Sprint("n", spec.I), Host: "127.0.0.1", Port: spec.Port, NoLog: true, JetStream: true,
		StoreDir: filepath.Join(spec.Dir, fmt.Sprint(spec.I)), SyncAlways: true, Routes: routes,
		Cluster: server.ClusterOpts{Name: "c", Host: "127.0.0.1", Port: spec.Routes[spec.I]}})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	s.WaitForShutdown()
}

// leader is the server that leads the stream.
func (c *cluster) leader(t *testing.T, l *Log) int {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		info, err := l.link.Load().stream.Info(ctx)
		cancel()
		if err == nil && info.Cluster != nil && len(info.Cluster.Leader) == 2 {
			return int(info.Cluster.Leader[1] - '0')
		}
	}
	t.Fatal("no leader")
	return 0
}

// mine is the server that the log is connected to.
func (c *cluster) mine(t *testing.T, l *Log) int {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if err := l.link.Load().conn.FlushTimeout(2 * time.Second); err != nil {
			continue
		}
		if name := l.link.Load().conn.ConnectedServerName(); len(name) == 2 {
			return int(name[1] - '0')
		}
	}
	t.Fatal("not connected")
	return 0
}

// freePort finds a port that stays free: below those that the system gives to
// whoever connects.
func freePort(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := 20_000 + rand.IntN(12_000)
		if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// TestCluster kills the stream's leader, and cuts others off by stopping their
// processes for a while, as many put and one reads: nothing that was acknowledged
// is lost, nothing comes twice, neither to who read all the time nor to who begins
// when it is over, and the gap without any acknowledgement is told.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("three servers take half a minute")
	}
	c := newCluster(t)
	var urls string
	for _, p := range c.clients {
		urls += fmt.Sprintf("nats://127.0.0.1:%d,", p)
	}
	l := open(t, Options{URL: urls[:len(urls)-1], Replicas: 3, Wait: patience})
	defer l.Close()
	p := &putters{stop: make(chan struct{}), last: time.Now()}
	p.start(t, l)
	var over atomic.Bool
	var follower sync.WaitGroup
	var followed map[uint64]int
	follower.Go(func() {
		var err error
		followed, _, err = until(t.Context(), l, func(had int) bool { return over.Load() && had >= int(p.acked.Load()) })
		if err != nil {
			t.Errorf("who read all the time has %d: %v", len(followed), err)
		}
	})
	p.more(t, 2000)
	dead := c.leader(t, l)
	c.kill(dead)
	p.more(t, 2000)
	c.start(t, dead)
	p.more(t, 2000)
	for _, pick := range []func() int{
		func() int { return (c.leader(t, l) + 1) % 3 },
		func() int { return c.leader(t, l) },
		func() int { return c.mine(t, l) }, // the server that we talk to
	} {
		cut := pick()
		c.servers[cut].Process.Signal(syscall.SIGSTOP)
		p.more(t, 1000)
		c.servers[cut].Process.Signal(syscall.SIGCONT)
		p.more(t, 1000)
	}
	close(p.stop)
	p.work.Wait()
	over.Store(true)
	acked := int(p.acked.Load())
	seen, _ := all(t, l, acked)
	follower.Wait()
	for who, had := range map[string]map[uint64]int{"who began late": seen, "who read all the time": followed} {
		for id, n := range had {
			if n > 1 {
				t.Errorf("%s had %d %d times", who, id, n)
			}
		}
		if len(had) < acked {
			t.Errorf("%s had %d of %d", who, len(had), acked)
		}
	}
	t.Logf("%d acknowledged, %d there; longest gap without an acknowledgement %v", acked, len(seen), p.longest.Round(time.Millisecond))
}

// putters put as fast as they are acknowledged.
type putters struct {
	stop        chan struct{}
	work        sync.WaitGroup
	acked, next atomic.Int64

	mu      sync.Mutex
	last    time.Time     // acknowledgement
	longest time.Duration // without one
}

func (p *putters) start(t *testing.T, l *Log) {
	for range 8 {
		p.work.Go(func() {
			for {
				select {
				case <-p.stop:
					return
				default:
				}
				if err := l.Put(t.Context(), traces(int(p.next.Add(10))-10, 10)); err != nil {
					t.Errorf("not stored: %v", err)
					return
				}
				p.acked.Add(10)
				p.mu.Lock()
				p.longest, p.last = max(p.longest, time.Since(p.last)), time.Now()
				p.mu.Unlock()
			}
		})
	}
}

// more waits until n more were acknowledged.
func (p *putters) more(t *testing.T, n int64) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	n += p.acked.Load()
	for end := time.Now().Add(patience); p.acked.Load() < n; <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%d acknowledged after %v, not %d", p.acked.Load(), patience, n)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	for _, lazy := range []bool{false, true} {
		for _, size := range []int{1, 500} {
			b.Run(fmt.Sprintf("lazy=%v/%d", lazy, size), func(b *testing.B) {
				l, err := Open(b.Context(), Options{Dir: b.TempDir(), Lazy: lazy})
				if err != nil {
					b.Fatal(err)
				}
				defer l.Close()
				var n atomic.Int64
				b.SetParallelism(16)
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := l.Put(b.Context(), traces(int(n.Add(int64(size))), size)); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "exchanges/s")
			})
		}
	}
}
