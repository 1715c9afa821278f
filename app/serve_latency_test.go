package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"iolaus/api"
	"iolaus/exchange"
	"iolaus/gateway"
	"iolaus/guard"
)

// The full measure: go test ./app -run TestServeLatency -latency 10 -v
var latencyPairs = flag.Int("latency", 1, "pairs of rounds that TestServeLatency measures")

// loaded is a server that knows a million accounts and a thousand campaigns.
func loaded(accounts, campaigns int) *Server {
	s := &Server{log: slog.New(slog.NewTextHandler(io.Discard, nil)), fresh: make(chan newcomer, 16)}
	s.config.Store(&Config{})
	s.records.meters, s.records.in = &s.meters, make(chan *record)
	s.ready.Store(true)
	known, orders := guard.NewAccounts(accounts), map[string]*guard.Order{}
	for i := range accounts {
		known.Add(fmt.Sprintf("account-%07d", i))
	}
	var prints []guard.Print
	end := time.Now().Add(time.Hour).Unix()
	for c := range campaigns {
		p := guard.Print{Campaign: fmt.Sprint("c-", c), Least: 9, Order: guard.Order{Measure: guard.Label, Shadow: true, Until: 3600}}
		for k := range uint64(100) {
			p.Traits = append(p.Traits, guard.Trait{Observable: exchange.NewObservable(exchange.Phrase, uint64(c)<<20|k), Nats: 3})
		}
		prints = append(prints, p)
		for h := range 25 {
			orders[fmt.Sprintf("head-%d-%d", c, h)] = &guard.Order{ID: "m", Measure: guard.Label, Shadow: true, Campaign: p.Campaign, Until: end}
		}
	}
	s.guard.Publish(&guard.Snapshot{Version: 1, Orders: orders, Standing: known, Prints: guard.NewPrints(prints, printCaps())})
	s.gate = gateway.Gateway{Decide: s.guard.Decide, Ready: s.ready.Load, Record: s.record}
	return s
}

// An asker is a gateway: another process, which asks at a rate for a while.
type asker struct {
	Addr, Path string
	Rate       int
	During     time.Duration
}

// round lets an asker ask and returns the latencies, sorted.
func round(t *testing.T, a asker) []time.Duration {
	t.Helper()
	spec, _ := json.Marshal(a)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestAskerProcess$", "-test.timeout", "1h")
	cmd.Env = append(os.Environ(), "IOLAUS_TEST_ASKER="+string(spec))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the asker: %v\n%s", err, out)
	}
	var all []time.Duration
	for l := range strings.Lines(string(out)) {
		if n, err := strconv.ParseInt(strings.TrimSpace(l), 10, 64); err == nil {
			all = append(all, time.Duration(n))
		}
	}
	if len(all) == 0 {
		t.Fatalf("the asker has no answer:\n%s", out)
	}
	slices.Sort(all)
	return all
}

// TestAskerProcess is no test: it is the process that round starts. It prints the
// latencies in nanoseconds.
func TestAskerProcess(t *testing.T) {
	var a asker
	if json.Unmarshal([]byte(os.Getenv("IOLAUS_TEST_ASKER")), &a) != nil {
		t.Skip("who asks in TestServeLatency, when that starts it")
	}
	debug.SetGCPercent(-1) // what is measured is the server
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for _, d := range a.ask(t) {
		fmt.Fprintln(w, int64(d))
	}
}

// ask asks, each connection on its own beat, and returns the latencies from the
// moment each request was due.
func (a *asker) ask(t *testing.T) []time.Duration {
	const conns = 32
	var mu sync.Mutex
	var all []time.Duration
	var work sync.WaitGroup
	begin := time.Now().Add(50 * time.Millisecond)
	for c := range conns {
		work.Go(func() {
			n, err := net.Dial("tcp", a.Addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer n.Close()
			r := bufio.NewReader(n)
			var req bytes.Buffer
			mine := make([]time.Duration, 0, a.Rate*int(a.During/time.Second+1)/conns)
			beat := time.Second * conns / time.Duration(a.Rate)
			timer := time.NewTimer(0)
			defer timer.Stop()
			for i := 0; ; i++ {
				due := begin.Add(time.Duration(c)*beat/conns + time.Duration(i)*beat)
				if due.Sub(begin) > a.During {
					break
				}
				if wait := time.Until(due); wait > 0 {
					timer.Reset(wait)
					<-timer.C
				}
				body := fmt.Sprintf(`{"account":"account-%07d"}`, (i*conns+c)*7919%1_000_000)
				req.Reset()
				fmt.Fprintf(&req, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", a.Path, len(body), body)
				if _, err := n.Write(req.Bytes()); err != nil {
					t.Error(err)
					return
				}
				if err := skipAnswer(r); err != nil {
					t.Error(err)
					return
				}
				mine = append(mine, time.Since(due))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	work.Wait()
	return all
}

// skipAnswer reads one response.
func skipAnswer(r *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		l, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(l, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("%s", l)
		}
		if v, ok := bytes.CutPrefix(l, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(v)))
		}
		if len(l) <= 2 {
			_, err := r.Discard(length)
			return err
		}
	}
}

func at(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// answering serves decisions beside a handler that does nothing, on one server,
// with the room that a server makes, and returns its address.
func answering(t *testing.T) string {
	t.Helper()
	s := loaded(1_000_000, 1000)
	s.config.Store(&Config{Limits: api.Limits{Memory: 4 << 30}})
	had := places()
	var work sync.WaitGroup
	work.Go(func() { s.watch(t.Context()) })
	t.Cleanup(func() {
		work.Wait()
		runtime.GOMAXPROCS(had)
		debug.SetGCPercent(100)
	})
	mux := http.NewServeMux()
	mux.Handle("/", s.handler())
	mux.HandleFunc("/noop", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header()["Content-Type"] = []string{"application/json"}
		io.WriteString(w, `{"measure":"none","act":false}`+"\n")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: mux}
	go web.Serve(l)
	t.Cleanup(func() { web.Shutdown(context.Background()) })
	runtime.GC()
	return l.Addr().String()
}

// pace is how fast and how long a round asks: the full measure, or a glance.
func pace() (rate int, during time.Duration) {
	if *latencyPairs == 1 {
		return 2_000, time.Second
	}
	return 10_000, 2 * time.Second
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// TestServeLatency measures decisions beside a handler that does nothing, on the
// same server, in alternating rounds.
func TestServeLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("measures latencies")
	}
	addr := answering(t)
	rate, during := pace()
	var p50, p99 []float64
	for i := range *latencyPairs {
		paths := []string{"/noop", "/v1/decide"}
		var got [2][]time.Duration
		for k := range paths {
			k = (k + i) % 2 // alternate who is first
			got[k] = round(t, asker{addr, paths[k], rate, during})
		}
		if t.Failed() {
			return
		}
		p50 = append(p50, float64(at(got[1], 0.5))/float64(at(got[0], 0.5)))
		p99 = append(p99, float64(at(got[1], 0.99))/float64(at(got[0], 0.99)))
		t.Logf("pair %d: no-op p50 %v p99 %v; decide p50 %v p99 %v", i+1, at(got[0], 0.5), at(got[0], 0.99), at(got[1], 0.5), at(got[1], 0.99))
	}
	m50, m99 := median(p50), median(p99)
	t.Logf("median ratio: p50 %.2f, p99 %.2f at %d requests/s", m50, m99, rate)
	if *latencyPairs >= 10 && (m50 > 1.25 || m99 > 1.5) {
		t.Errorf("decisions are slower than promised: p50 %.2f x, p99 %.2f x", m50, m99)
	}
}

// TestServeLatencyHunting measures decisions while a hunt, which is one goroutine
// and so has one core, goes on in the same process without a pause, beside the
// handler that does nothing while nobody hunts:
// go test ./app -run TestServeLatencyHunting -latency 10 -v
func TestServeLatencyHunting(t *testing.T) {
	if testing.Short() {
		t.Skip("measures latencies")
	}
	w := watched(t)
	addr := answering(t)
	rate, during := pace()
	const limit = 50 * time.Millisecond // of a route, when none is set
	var p99 []float64
	steps, late, asked, slowest := 0, 0, 0, time.Duration(0)
	for i := range *latencyPairs {
		quiet := round(t, asker{addr, "/noop", rate, during})
		stop, n := make(chan struct{}), 0
		var work sync.WaitGroup
		work.Go(func() {
			aside()
			n = w.hunt(t, stop)
		})
		busy := round(t, asker{addr, "/v1/decide", rate, during})
		close(stop)
		work.Wait()
		if t.Failed() {
			return
		}
		p99 = append(p99, float64(at(busy, 0.99))/float64(at(quiet, 0.99)))
		t.Logf("pair %d: no-op p50 %v p99 %v; decide beside %d hunts p50 %v p99 %v, slowest %v", i+1,
			at(quiet, 0.5), at(quiet, 0.99), n, at(busy, 0.5), at(busy, 0.99), busy[len(busy)-1])
		for _, d := range busy {
			if d > limit {
				late++
			}
		}
		steps, asked, slowest = steps+n, asked+len(busy), max(slowest, busy[len(busy)-1])
	}
	m99 := median(p99)
	t.Logf("median ratio of p99 %.2f at %d requests/s beside %d hunts; %d of %d answers past the limit of %v, slowest %v", m99, rate, steps, late, asked, limit, slowest)
	if steps == 0 {
		t.Error("nothing was hunted")
	}
	if *latencyPairs >= 10 && (m99 > 3 || late > 0) {
		t.Errorf("a hunt slows decisions more than promised: p99 %.2f x, %d past the limit", m99, late)
	}
}
