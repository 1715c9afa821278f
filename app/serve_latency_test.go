package app

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

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

// round asks at a rate for a while, each connection on its own beat, and
// returns the latencies from the moment each request was due.
func round(t *testing.T, addr, path string, rate int, during time.Duration) []time.Duration {
	t.Helper()
	const conns = 32
	var mu sync.Mutex
	var all []time.Duration
	var work sync.WaitGroup
	begin := time.Now().Add(50 * time.Millisecond)
	for c := range conns {
		work.Go(func() {
			n, err := net.Dial("tcp", addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer n.Close()
			r := bufio.NewReader(n)
			var req bytes.Buffer
			mine := make([]time.Duration, 0, rate*int(during/time.Second+1)/conns)
			beat := time.Second * conns / time.Duration(rate)
			timer := time.NewTimer(0)
			defer timer.Stop()
			for i := 0; ; i++ {
				due := begin.Add(time.Duration(c)*beat/conns + time.Duration(i)*beat)
				if due.Sub(begin) > during {
					break
				}
				if wait := time.Until(due); wait > 0 {
					timer.Reset(wait)
					<-timer.C
				}
				body := fmt.Sprintf(`{"account":"account-%07d"}`, (i*conns+c)*7919%1_000_000)
				req.Reset()
				fmt.Fprintf(&req, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
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
	slices.Sort(all)
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

// TestServeLatency measures decisions beside a handler that does nothing, on the
// same server, in alternating rounds.
func TestServeLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("measures latencies")
	}
	s := loaded(1_000_000, 1000)
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
	defer web.Shutdown(context.Background())
	rate, during := 10_000, 2*time.Second
	if *latencyPairs == 1 {
		rate, during = 2_000, time.Second
	}
	var p50, p99 []float64
	runtime.GC()
	for i := range *latencyPairs {
		paths := []string{"/noop", "/v1/decide"}
		var got [2][]time.Duration
		for k := range paths {
			k = (k + i) % 2 // alternate who is first
			got[k] = round(t, l.Addr().String(), paths[k], rate, during)
		}
		if t.Failed() {
			return
		}
		p50 = append(p50, float64(at(got[1], 0.5))/float64(at(got[0], 0.5)))
		p99 = append(p99, float64(at(got[1], 0.99))/float64(at(got[0], 0.99)))
		t.Logf("pair %d: no-op p50 %v p99 %v; decide p50 %v p99 %v", i+1, at(got[0], 0.5), at(got[0], 0.99), at(got[1], 0.5), at(got[1], 0.99))
	}
	slices.Sort(p50)
	slices.Sort(p99)
	m50, m99 := p50[len(p50)/2], p99[len(p99)/2]
	t.Logf("median ratio: p50 %.2f, p99 %.2f at %d requests/s", m50, m99, rate)
	if *latencyPairs >= 10 && (m50 > 1.25 || m99 > 1.5) {
		t.Errorf("decisions are slower than promised: p50 %.2f x, p99 %.2f x", m50, m99)
	}
}
