package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The full run: go test ./cmd/iolaus -run TestServeKilled -kills 200 -timeout 2h
var (
	kills = flag.Int("kills", 5, "how often TestServeKilled kills serve")
	soak  = flag.Duration("soak", 0, "how long TestServeSoak runs; 0 skips it")
	timed = flag.Bool("timed", false, "hold TestServeReady to two seconds, which not every machine under test has")
)

// program is this test's own iolaus.
func program(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "iolaus", args...)
}

// must runs the program to its end and returns what it printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	c := program(t.Context(), args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("iolaus %s: %v\n%s", strings.Join(args, " "), err, &errs)
	}
	return out.String()
}

// running is a serve process.
type running struct {
	cmd  *exec.Cmd
	addr string
	log  *bytes.Buffer
	done chan error

	token string // sent with send; "" for none
}

// start starts serve and waits until it says where it listens.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{cmd: program(context.Background(), append([]string{"serve"}, args...)...), log: &bytes.Buffer{}, done: make(chan error, 1)}
	r.cmd.Stderr = r.log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.kill() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "iolaus listens on ")
	if !ok {
		r.kill()
		t.Fatalf("serve said %q\n%s", line, r.log)
	}
	r.addr = addr
	go func() { r.done <- r.cmd.Wait() }()
	return r
}

// kill ends the process without a word, as a power cut of the process would.
func (r *running) kill() {
	r.cmd.Process.Kill()
	r.wait()
}

func (r *running) wait() error {
	err := <-r.done
	r.done <- err
	return err
}

// stop ends it gracefully.
func (r *running) stop(t *testing.T) {
	t.Helper()
	r.cmd.Process.Signal(syscall.SIGTERM)
	if err := r.wait(); err != nil {
		t.Fatalf("serve did not stop well: %v\n%s", err, r.log)
	}
}

// get reads a page; code 0 when nobody answers.
func (r *running) get(path string) (int, string) {
	resp, err := http.Get("http://" + r.addr + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// until asks again and again. The end is only for what hangs: a machine that is
// busy with other tests may take long.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(5 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("after five minutes: not %s", what)
		}
	}
}

func (r *running) ready(t *testing.T) {
	t.Helper()
	until(t, "ready", func() bool { code, _ := r.get("/readyz"); return code == http.StatusOK })
}

// metric reads one figure.
func (r *running) metric(t *testing.T, name string) float64 {
	t.Helper()
	_, page := r.get("/metrics")
	m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no metric %s in\n%s", name, page)
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// freePort finds a port that is free now and stays so: it lies below those that
// the system gives to whoever connects.
func freePort(t *testing.T) string {
	t.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 20_000+rand.IntN(12_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// small makes a small world with one operator.
func small(t *testing.T) (log, accounts string) {
	t.Helper()
	dir := t.TempDir()
	must(t, "simulate", "quick-naive", "--days", "6", "--out", dir)
	return filepath.Join(dir, "exchanges.jsonl.zst"), filepath.Join(dir, "accounts.jsonl")
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestServeReady: without configuration, ready by itself, and with -timed in two
// seconds.
func TestServeReady(t *testing.T) {
	began := time.Now()
	r := start(t, "--listen", "127.0.0.1:0", "--data", t.TempDir())
	r.ready(t)
	t.Logf("ready after %v", time.Since(began).Round(time.Millisecond))
	if spent := time.Since(began); *timed && spent > 2*time.Second {
		t.Errorf("ready after %v, not 2 s", spent)
	}
	r.stop(t)
}

// TestServeReplay: a log sent live gives the campaigns of detect, to the byte.
func TestServeReplay(t *testing.T) {
	log, accounts := small(t)
	dir := t.TempDir()
	r := start(t, "--listen", "127.0.0.1:0", "--data", dir)
	printed := must(t, "replay", "--json", "--to", r.addr, "--accounts", accounts, log)
	r.stop(t)
	want := byDetect(t, dir, log, accounts)
	if printed != read(t, filepath.Join(want, "result.jsonl")) {
		t.Errorf("live: %s\ndetect: %s", printed, read(t, filepath.Join(want, "result.jsonl")))
	}
	for _, name := range []string{"result.jsonl", "campaigns.csv", "evidence.jsonl"} {
		if read(t, filepath.Join(dir, name)) != read(t, filepath.Join(want, name)) {
			t.Errorf("%s differs from detect's", name)
		}
	}
}

// byDetect is the folder of detect's result, made with the same key.
func byDetect(t *testing.T, dir, log, accounts string) string {
	t.Helper()
	out := t.TempDir()
	must(t, "detect", "--key", filepath.Join(dir, "key"), "--out", out, "--accounts", accounts, log)
	return out
}

// TestServeKilled kills serve at random moments under load: no acknowledged
// exchange is lost, none counted twice, and the campaigns are those of a run
// that nobody disturbed.
func TestServeKilled(t *testing.T) {
	log, accounts := small(t)
	dir, addr := t.TempDir(), freePort(t)
	args := []string{"--listen", addr, "--data", dir}
	r := start(t, args...)
	var said bytes.Buffer
	// Six days are stretched over all kills, so that each comes under load.
	speed := 6 * 86400 / (0.7*float64(*kills) + 1)
	client := program(t.Context(), "replay", "--to", addr, "--speed", fmt.Sprint(speed), "--accounts", accounts, log)
	client.Stderr = &said
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() { sent <- client.Wait() }()
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	killed, over := 0, false
	for ; killed < *kills && !over; killed++ {
		select {
		case err := <-sent:
			if sent <- err; err != nil {
				t.Fatalf("replay: %v\n%s", err, &said)
			}
			over = true
			killed--
		case <-time.After(time.Duration(100+dice.IntN(900)) * time.Millisecond):
			r.kill()
			r = start(t, args...)
		}
	}
	if err := <-sent; err != nil {
		t.Fatalf("replay: %v\n%s\n%s", err, &said, r.log)
	}
	must(t, "replay", "--to", addr, "--accounts", accounts, log) // all again: counted once
	want := byDetect(t, dir, log, accounts)
	lines := bytesLines(t, log)
	if got := r.metric(t, "iolaus_exchanges_counted"); int(got) != lines {
		t.Errorf("%d exchanges were acknowledged and %v are counted", lines, got)
	}
	r.stop(t)
	for _, name := range []string{"result.jsonl", "campaigns.csv"} {
		if a, b := read(t, filepath.Join(dir, name)), read(t, filepath.Join(want, name)); a != b {
			t.Errorf("after %d kills %s is not that of an undisturbed run:\n%s\n%s", killed, name, a, b)
		}
	}
	t.Logf("%d kills; %s", killed, strings.TrimSpace(said.String()))
	if killed <= 0 {
		t.Error("no kill came under load")
	}
}

// bytesLines counts the exchanges of a log, by detect's own words.
func bytesLines(t *testing.T, log string) int {
	t.Helper()
	c := program(t.Context(), "detect", "--out", t.TempDir(), log)
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`Read ([0-9,]+) exchanges`).FindStringSubmatch(errs.String())
	if m == nil {
		t.Fatal(errors.New(errs.String()))
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
