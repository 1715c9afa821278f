package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestServeReload: a configuration read anew takes effect, a wrong one does not,
// and no request is lost meanwhile.
func TestServeReload(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "c.yaml")
	write(t, conf, "data: "+dir+"/d\nlisten: 127.0.0.1:0\n")
	r := start(t, "--config", conf)
	r.ready(t)
	end := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	r.send(t, "POST", "/v1/measures", fmt.Sprintf(`{"by":"ana","reason":"r","account":"acct-1","measure":"block","until":%q}`, end))
	stop := make(chan struct{})
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if code, text := r.get("/v1/decide?account=acct-2"); code != http.StatusOK {
					t.Errorf("during a reload: %d %s", code, text)
				}
			}
		})
	}
	says := func(what string) func() bool {
		return func() bool { _, text := r.get("/v1/decide?account=acct-1"); return strings.Contains(text, what) }
	}
	wait := func(what string) {
		t.Helper()
		until(t, what, says(what))
	}
	wait(`"block"`)
	write(t, conf, "data: "+dir+"/d\nlisten: 127.0.0.1:0\nallow: {acct-1: a friend}\n")
	r.cmd.Process.Signal(syscall.SIGHUP)
	wait(`"allowed":true`)
	write(t, conf, "alow: {}\n")
	r.cmd.Process.Signal(syscall.SIGHUP)
	wait(`"allowed":true`)
	close(stop)
	work.Wait()
	r.stop(t)
}

// TestServeTokens: with tokens nobody is let in without the right one, and
// without tokens no browser and no foreign name is.
func TestServeTokens(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "tok"), "a-long-enough-token\n")
	conf := filepath.Join(dir, "c.yaml")
	write(t, conf, fmt.Sprintf("data: %s/d\nlisten: 127.0.0.1:0\ntokens: [{name: gw, file: %s/tok, may: [decide]}]\n", dir, dir))
	ask := func(r *running, path, token, origin string) int {
		req, _ := http.NewRequest("GET", "http://"+r.addr+path, nil)
		if token != "" {
			req.Header.Set("X-Api-Key", token)
		}
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	r := start(t, "--config", conf)
	for _, c := range []struct {
		path, token string
		want        int
	}{{"/v1/decide?account=a", "", 401}, {"/v1/decide?account=a", "another-long-token", 401}, {"/v1/decide?account=a", "a-long-enough-token", 200},
		{"/v1/campaigns", "a-long-enough-token", 403}, {"/metrics", "", 401}, {"/healthz", "", 200}} {
		if got := ask(r, c.path, c.token, ""); got != c.want {
			t.Errorf("%s with %q: %d, want %d", c.path, c.token, got, c.want)
		}
	}
	r.stop(t)
	r = start(t, "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "e"))
	if got := ask(r, "/v1/campaigns", "", "http://evil.example"); got != 403 {
		t.Errorf("a browser was let in: %d", got)
	}
	r.stop(t)
}

// TestServeTail: a followed file is read over a rotation and a restart, each
// line once.
func TestServeTail(t *testing.T) {
	dir := t.TempDir()
	log, conf := filepath.Join(dir, "x.jsonl"), filepath.Join(dir, "c.yaml")
	write(t, conf, fmt.Sprintf("data: %s/d\nlisten: 127.0.0.1:0\ntail: [{path: %s}]\n", dir, log))
	write(t, log, canonical(0, 100))
	r := start(t, "--config", conf)
	stored := func(n float64) {
		t.Helper()
		until(t, fmt.Sprint(n, " stored"), func() bool { return r.metric(t, "iolaus_exchanges_stored_total") == n })
	}
	stored(100)
	add := func(text string) {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(text)
		f.Close()
	}
	next := canonical(100, 100)
	add(next[:len(next)-10]) // the last line is not whole yet
	stored(199)
	add(next[len(next)-10:])
	stored(200)
	os.Rename(log, log+".1")
	add(canonical(200, 50))
	stored(250)
	r.kill()
	add(canonical(250, 50))
	r = start(t, "--config", conf)
	// Killed between storing and marking, a piece is read again, and counted once.
	until(t, "300 counted", func() bool {
		r.send(t, "POST", "/v1/flush", "")
		return r.metric(t, "iolaus_exchanges_counted") == 300
	})
	r.stop(t)
}
