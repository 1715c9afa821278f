package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// needs skips a test whose program is not installed; with CI=true it installs it.
func needs(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/sbin/", "/usr/local/sbin/"} {
		if path, err := exec.LookPath(dir + name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "true" {
		t.Skipf("%s is not installed; apt-get install %s, or CI=true to let the test do it", name, name)
	}
	if out, err := exec.Command("apt-get", "install", "-y", "--no-install-recommends", name).CombinedOutput(); err != nil {
		t.Fatalf("cannot install %s: %v\n%s", name, err, out)
	}
	return needs(t, name)
}

// spawn runs a proxy until the test ends.
func spawn(t *testing.T, c *exec.Cmd) {
	t.Helper()
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		c.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
}

// send posts JSON and wants 200.
func (r *running) send(t *testing.T, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+r.addr+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, b)
	}
	return string(b)
}

// measured is a serve that blocks, slows down and holds three accounts.
func measured(t *testing.T) (*running, []string) {
	t.Helper()
	args := []string{"--listen", freePort(t), "--data", t.TempDir()}
	r := start(t, args...)
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for account, more := range map[string]string{"acct-bad": `"measure":"block"`, "acct-slow": `"measure":"slow","delay":400000000`, "acct-held": `"measure":"hold"`, "acct-label": `"measure":"label"`} {
		r.send(t, "POST", "/v1/measures", fmt.Sprintf(`{"by":"ana","reason":"a test","account":%q,%s,"until":%q}`, account, more, until))
	}
	r.ready(t)
	return r, args
}

// through asks a model behind a proxy and returns the status, the measure that
// the model's side was told, and the time it took.
func through(t *testing.T, proxy, bearer string) (int, string, time.Duration) {
	t.Helper()
	req, _ := http.NewRequestWithContext(t.Context(), "POST", "http://"+proxy+"/v1/chat", strings.NewReader(`{"model":"m"}`))
	req.Header.Set("Authorization", "Bearer "+bearer)
	began := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error(), time.Since(began)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), time.Since(began)
}

// proxied holds a proxy to what it promises with serve there, and without.
func proxied(t *testing.T, proxy string, serve *running, args []string) {
	until(t, "a proxy that answers", func() bool { code, _, _ := through(t, proxy, "acct-good"); return code == 200 })
	for _, c := range []struct {
		account string
		code    int
		told    string
		least   time.Duration
	}{
		{"acct-good", 200, "measure=", 0},
		{"acct-bad", 403, "", 0},
		{"acct-held", 403, "", 0},
		{"acct-label", 200, "measure=label", 0},
		{"acct-slow", 200, "measure=slow", 400 * time.Millisecond},
	} {
		// A gateway that waits longer for serve than it may lets pass, on a busy
		// machine now and then; it must not do so again and again.
		until(t, fmt.Sprintf("%s: %d %q after %v", c.account, c.code, c.told, c.least), func() bool {
			code, told, spent := through(t, proxy, c.account)
			return code == c.code && (c.told == "" || told == c.told) && spent >= c.least
		})
	}
	serve.kill()
	until(t, "open while serve is away", func() bool { code, _, _ := through(t, proxy, "acct-bad"); return code == 200 })
	again := start(t, args...)
	until(t, "blocked again", func() bool { code, _, _ := through(t, proxy, "acct-bad"); return code == 403 })
	again.stop(t)
}

// model answers with the measure it was told.
func model(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "measure=%s", r.Header.Get("X-Iolaus-Measure"))
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// TestServeNginx: deploy/nginx blocks, slows down, labels and fails open.
func TestServeNginx(t *testing.T) {
	nginx := needs(t, "nginx")
	serve, args := measured(t)
	proxy, dir := freePort(t), t.TempDir()
	conf := strings.NewReplacer("127.0.0.1:4717", serve.addr, "127.0.0.1:8000", model(t), "127.0.0.1:8080", proxy).Replace(read(t, "../../deploy/nginx/iolaus.conf"))
	write(t, filepath.Join(dir, "iolaus.conf"), conf)
	write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf("daemon off; pid %s/pid; error_log stderr warn; events {}\nhttp { access_log off; "+
		"client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s; include %[1]s/iolaus.conf; }", dir))
	os.Chmod(dir, 0o755)
	spawn(t, exec.CommandContext(context.Background(), nginx, "-p", dir, "-c", filepath.Join(dir, "nginx.conf")))
	proxied(t, proxy, serve, args)
}

// TestServeHAProxy: the same with deploy/haproxy.
func TestServeHAProxy(t *testing.T) {
	haproxy := needs(t, "haproxy")
	serve, args := measured(t)
	proxy, dir := freePort(t), t.TempDir()
	swap := strings.NewReplacer("127.0.0.1:4717", serve.addr, "127.0.0.1:8000", model(t), "127.0.0.1:8081", proxy, "iolaus.lua", filepath.Join(dir, "iolaus.lua"))
	write(t, filepath.Join(dir, "iolaus.lua"), swap.Replace(read(t, "../../deploy/haproxy/iolaus.lua")))
	write(t, filepath.Join(dir, "haproxy.cfg"), swap.Replace(read(t, "../../deploy/haproxy/haproxy.cfg")))
	spawn(t, exec.CommandContext(context.Background(), haproxy, "-db", "-f", filepath.Join(dir, "haproxy.cfg")))
	proxied(t, proxy, serve, args)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
