package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// canonical is n lines of traffic, numbered from a number.
func canonical(from, n int) string { return traffic(from, n, 1) }

// traffic is the same at a rate a second of event time.
func traffic(from, n, rate int) string {
	var b strings.Builder
	for i := from; i < from+n; i++ {
		at := time.Date(2026, 8, 5, 0, 0, i/rate, 0, time.UTC)
		fmt.Fprintf(&b, `{"id":"x-%d","time":%q,"account":"acct-%d","model":"m","user_agent":"agent/1","turns":[{"role":"user","text":"Write a program that counts to %d and says why it stops there."}]}`+"\n",
			i, at.Format(time.RFC3339), i%50, i)
	}
	return b.String()
}

// post sends lines and returns the status.
func (r *running) post(body string) int {
	resp, err := http.Post("http://"+r.addr+"/v1/exchanges", "application/x-ndjson", strings.NewReader(body))
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// tiny mounts a small disk.
func tiny(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a small disk, which needs root: %v %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", dir).Run() })
	return dir
}

// TestServeFullDisk: a full disk is told, loses nothing that was acknowledged,
// and is over when there is room again.
func TestServeFullDisk(t *testing.T) {
	dir := tiny(t, "96m")
	r := start(t, "--listen", "127.0.0.1:0", "--data", dir)
	r.ready(t)
	acked, next := 0, 0
	send := func() int {
		code := r.post(canonical(next, 500))
		if next += 500; code == http.StatusOK {
			acked += 500
		}
		return code
	}
	if code := send(); code != http.StatusOK {
		t.Fatalf("an empty disk: %d", code)
	}
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<16)
	for err == nil {
		_, err = f.Write(block)
	}
	f.Close()
	refused := 0
	until(t, "refused on a full disk", func() bool {
		if code := send(); code != http.StatusOK {
			refused = code
		}
		return refused != 0
	})
	if refused != http.StatusServiceUnavailable && refused != http.StatusTooManyRequests {
		t.Errorf("a full disk: %d", refused)
	}
	os.Remove(filler)
	until(t, "taking again", func() bool { return send() == http.StatusOK })
	r.ready(t)
	until(t, "hunting in everything", func() bool {
		resp, err := http.Post("http://"+r.addr+"/v1/flush", "", nil)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	if got := int(r.metric(t, "iolaus_exchanges_counted")); got < acked {
		t.Errorf("%d acknowledged, %d counted", acked, got)
	}
	r.stop(t)
}

// TestServeSlow: while the process's disk writes crawl (it is stopped and let go
// again and again), senders wait and lose nothing.
func TestServeSlow(t *testing.T) {
	r := start(t, "--listen", "127.0.0.1:0", "--data", t.TempDir())
	r.ready(t)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(60 * time.Millisecond)
		defer tick.Stop()
		for on := false; ; on = !on {
			select {
			case <-stop:
				r.cmd.Process.Signal(syscall.SIGCONT)
				return
			case <-tick.C:
				r.cmd.Process.Signal(map[bool]syscall.Signal{false: syscall.SIGSTOP, true: syscall.SIGCONT}[on])
			}
		}
	}()
	for i := range 20 {
		if code := r.post(canonical(500*i, 500)); code != http.StatusOK {
			t.Errorf("batch %d: %d", i, code)
		}
	}
	close(stop)
	<-done
	r.send(t, "POST", "/v1/flush", "")
	if got := int(r.metric(t, "iolaus_exchanges_counted")); got != 10_000 {
		t.Errorf("10000 acknowledged, %d counted", got)
	}
	r.stop(t)
}

// TestServeClock: an exchange whose clock ran ahead is told or waits, and moves
// nothing: hunts go on, and what comes after is not late.
func TestServeClock(t *testing.T) {
	r := start(t, "--listen", "127.0.0.1:0", "--data", t.TempDir())
	r.ready(t)
	body := canonical(0, 4000)
	ahead := strings.Replace(canonical(100_000, 1), "2026-08-0", "2026-11-0", 1) // weeks ahead, and believable
	absurd := strings.Replace(canonical(100_001, 1), "2026-", "2098-", 1)
	back := strings.Replace(canonical(100_002, 1), "2026-", "2016-", 1)
	if code := r.post(body[:len(body)/2] + "\n" + ahead + absurd + back); code != http.StatusOK {
		t.Fatal(code)
	}
	if code := r.post(canonical(2000, 6000)); code != http.StatusOK {
		t.Fatal(code)
	}
	r.send(t, "POST", "/v1/flush", "")
	if got, want := r.metric(t, "iolaus_event_time_seconds"), time.Date(2026, 8, 5, 3, 0, 0, 0, time.UTC); got > float64(want.Unix()) {
		t.Errorf("one clock moved the time to %v", time.Unix(int64(got), 0).UTC())
	}
	if hunts := r.metric(t, "iolaus_hunts_total"); hunts < 2 || hunts > 10 {
		t.Errorf("%v hunts in two hours of traffic", hunts)
	}
	_, page := r.get("/metrics")
	if !strings.Contains(page, `iolaus_lines_refused_total{reason="ahead"} 1`) && !strings.Contains(page, `iolaus_lines_refused_total{reason="bad-time"}`) {
		t.Error("the absurd time is not counted")
	}
	r.stop(t)
}

// TestServeFlood: a source that leaves new observables and accounts without end
// fills memory to its bound and not far beyond, and the rest goes on.
func TestServeFlood(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "c.yaml")
	write(t, conf, "limits: {memory: 110000000}\n")
	r := start(t, "--config", conf, "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "d"))
	r.ready(t)
	codes := map[int]int{}
	for i := range 59 {
		if codes[429] > 5 {
			break
		}
		var b strings.Builder
		for k := range 1000 {
			n := i*1000 + k
			fmt.Fprintf(&b, `{"id":"f-%d","time":"2026-08-05T00:%02d:%02d.%09dZ","account":"flood-%d","model":"m-%d","turns":[{"role":"user","text":"%x %x %x words nobody uses %x\nline %x of many\nand %x"}]}`+"\n",
				n, i, k/17, k, n, n, n*7, n*11, n*13, n*17, n*19, n*23)
		}
		codes[r.post(b.String())]++
	}
	m := r.metric(t, "iolaus_memory_bytes")
	t.Logf("answers %v, memory %.0f MB", codes, m/1e6)
	if m > 150e6 {
		t.Errorf("memory is at %.0f MB", m/1e6)
	}
	if codes[0] > 0 || codes[200] == 0 {
		t.Errorf("answers: %v", codes)
	}
	if code, _ := r.get("/healthz"); code != http.StatusOK {
		t.Errorf("healthz: %d", code)
	}
	r.send(t, "POST", "/v1/decide", `{"account":"a"}`)
	r.stop(t)
}
