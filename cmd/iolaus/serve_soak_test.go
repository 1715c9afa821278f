package main

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// soakRate is exchanges a second of event time. It is low, so that event time
// runs fast: what is remembered for 72 hours is full, and has been turned over,
// before the measuring begins.
const soakRate = 10

// soakFull is from how many exchanges on the tables of fixed size are full: two
// generations of ids of 72 hours each, and two of four million observables of a
// single owner.
const soakFull = 10_000_000

// soakBlocks is how many means a slope is drawn through. What a collection or a
// turned generation does within a block is no trend.
const soakBlocks = 15

// TestServeSoak loads serve for a while. In the first tenth it finds the peak,
// which is what the run keeps up with, not what the ways in swallow; then it
// sends 70 % of that. From the first quarter on, and when the tables of fixed size
// are full, it holds the slopes of heap and goroutines to zero within their
// intervals: go test ./cmd/iolaus -run TestServeSoak -soak 20m -timeout 1h -v
func TestServeSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("give -soak 20m")
	}
	r := start(t, "--listen", "127.0.0.1:0", "--data", t.TempDir())
	r.ready(t)
	w := soaking{r: r, began: time.Now()}
	go w.ask(t)
	for time.Since(w.began) < *soak/10 {
		w.send(t)
	}
	until(t, "taken", func() bool { return w.lag(t) == 0 })
	base, at := w.sent, time.Now()
	peak := float64(base) / time.Since(w.began).Seconds()
	due := func() time.Time {
		return at.Add(time.Duration(float64(w.sent-base) / (0.7 * peak) * float64(time.Second)))
	}
	next := w.began.Add(*soak / 4)
	for time.Since(w.began) < *soak {
		<-time.After(time.Until(due()))
		w.send(t)
		if w.sent >= soakFull && time.Now().After(next) {
			next = time.Now().Add(*soak / 400)
			w.sample(t)
		}
	}
	rate := float64(w.sent-base) / time.Since(at).Seconds()
	if len(w.samples) < 150 {
		t.Fatalf("%d exchanges at %.0f/s: the tables were full too late to measure anything; give more time", w.sent, rate)
	}
	t.Logf("peak %.0f exchanges/s; then %.0f/s (%.0f %%) for %v, %d exchanges in all, %.0f hours of event time, %d decisions, %v behind at the end",
		peak, rate, 100*rate/peak, time.Since(at).Round(time.Second), w.sent, float64(w.sent)/soakRate/3600, w.asked.Load(), time.Duration(w.lag(t)/rate*float64(time.Second)).Round(time.Millisecond))
	for i, name := range soakSeries {
		slope, half := trend(w.samples, i)
		t.Logf("%s: from %.4g to %.4g in %.0f s; slope %.3g a second, interval %.3g to %.3g", name, w.samples[0][i+1], w.samples[len(w.samples)-1][i+1], w.samples[len(w.samples)-1][0]-w.samples[0][0], slope, slope-half, slope+half)
		if slope-half > 0 && (name == "heap" || name == "goroutines") {
			t.Errorf("%s grows", name)
		}
	}
	r.stop(t)
}

// soakSeries are what is sampled: what the last collection found in use, what the
// runtime holds for it, and what the system counts, with the engine's pages. The
// latter two follow the collector's moods up to a bound and are told only.
var soakSeries = [...]string{"heap", "memory", "goroutines", "resident"}

// soaking is a load on one serve.
type soaking struct {
	r       *running
	began   time.Time
	sent    int
	asked   atomic.Int64
	body    []byte
	samples [][1 + len(soakSeries)]float64 // seconds, then the series
}

// soakText is words that no two exchanges share.
const soakText = `","model":"m","user_agent":"agent/1","turns":[{"role":"user","text":"Write a program that counts to `

// send sends a thousand exchanges and waits until they are stored.
func (w *soaking) send(t *testing.T) {
	b := w.body[:0]
	for i := w.sent; i < w.sent+1000; i++ {
		b = append(strconv.AppendInt(append(b, `{"id":"x-`...), int64(i), 10), `","time":"`...)
		b = time.Date(2025, 1, 1, 0, 0, i/soakRate, 0, time.UTC).AppendFormat(b, time.RFC3339)
		b = append(strconv.AppendInt(append(b, `","account":"acct-`...), int64(i%50), 10), soakText...)
		b = append(strconv.AppendInt(b, int64(i), 10), " and says why it stops there.\"}]}\n"...)
	}
	w.body = b
	resp, err := http.Post("http://"+w.r.addr+"/v1/exchanges", "application/x-ndjson", bytes.NewReader(b))
	if err != nil {
		t.Fatalf("after %v: %v", time.Since(w.began), err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Fatalf("after %v: %d", time.Since(w.began), resp.StatusCode)
	}
	w.sent += 1000
}

// ask wants decisions, about a hundred a second, until the test is over.
func (w *soaking) ask(t *testing.T) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-t.Context().Done():
			return
		case <-tick.C:
			if code, _ := w.r.get(fmt.Sprint("/v1/decide?account=acct-", w.asked.Load()%100)); code == http.StatusOK {
				w.asked.Add(1)
			}
		}
	}
}

// lag is how many exchanges are stored that the run has not read.
func (w *soaking) lag(t *testing.T) float64 {
	return w.r.metric(t, "iolaus_exchanges_stored_total") - w.r.metric(t, "iolaus_exchanges_taken_total")
}

func (w *soaking) sample(t *testing.T) {
	w.samples = append(w.samples, [...]float64{time.Since(w.began).Seconds(), w.r.metric(t, "iolaus_heap_live_bytes"),
		w.r.metric(t, "iolaus_memory_bytes"), w.r.metric(t, "iolaus_goroutines"), resident(w.r.cmd.Process.Pid)})
}

// resident is the memory of a process as the system counts it; 0 where it does not say.
func resident(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if f := strings.Fields(string(text)); err == nil && len(f) > 1 {
		pages, _ := strconv.Atoi(f[1])
		return float64(pages * os.Getpagesize())
	}
	return 0
}

// trend is a least-squares slope through the means of blocks of a series, and half
// its 95 % interval. Samples close to each other are alike; means of blocks are
// nearly independent, so that the interval is not too narrow.
func trend(samples [][1 + len(soakSeries)]float64, series int) (slope, half float64) {
	var xs, ys [soakBlocks]float64
	var n [soakBlocks]int
	for i, s := range samples {
		b := i * soakBlocks / len(samples)
		n[b]++
		xs[b] += (s[0] - xs[b]) / float64(n[b])
		ys[b] += (s[1+series] - ys[b]) / float64(n[b])
	}
	mx, my := 0.0, 0.0
	for i := range xs {
		mx, my = mx+xs[i]/soakBlocks, my+ys[i]/soakBlocks
	}
	sxx, sxy, rss := 0.0, 0.0, 0.0
	for i := range xs {
		sxx, sxy = sxx+(xs[i]-mx)*(xs[i]-mx), sxy+(xs[i]-mx)*(ys[i]-my)
	}
	slope = sxy / sxx
	for i := range xs {
		e := ys[i] - my - slope*(xs[i]-mx)
		rss += e * e
	}
	const student = 2.16 // of 13 degrees of freedom
	return slope, student * math.Sqrt(rss/(soakBlocks-2)/sxx)
}
