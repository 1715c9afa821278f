package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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
	for _, args := range [][]string{{"update"}, {"install", "-y", "--no-install-recommends", name}} {
		c := exec.Command("apt-get", args...)
		c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("cannot install %s: %v\n%s", name, err, out)
		}
	}
	return needs(t, name)
}

// spawn runs a program until the test ends.
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
	if r.token != "" {
		req.Header.Set("X-Api-Key", r.token)
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

// What serve's tokens are in these tests.
const (
	askToken   = "a-gateway-that-asks"
	adminToken = "an-analyst-who-decides"
)

// slowness is how long measure slow delays here.
const slowness = 400 * time.Millisecond

// guarded is a serve with tokens that blocks, holds, labels and slows down one
// account each, and the arguments with which it is started again.
func guarded(t *testing.T) (*running, []string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ask"), askToken)
	write(t, filepath.Join(dir, "admin"), adminToken)
	write(t, filepath.Join(dir, "iolaus.yaml"), fmt.Sprintf("tokens:\n- {name: gateway, file: %[1]s/ask, may: [decide]}\n- {name: ana, file: %[1]s/admin, may: [write, read, admin]}\n", dir))
	args := []string{"--config", filepath.Join(dir, "iolaus.yaml"), "--data", filepath.Join(dir, "data")}
	r := start(t, append(args, "--listen", "127.0.0.1:0")...)
	r.token = adminToken
	for account, measure := range map[string]string{"acct-bad": `"block"`, "acct-slow": fmt.Sprintf(`"slow","delay":%d`, slowness), "acct-held": `"hold"`, "acct-label": `"label"`} {
		r.order(t, account, measure)
	}
	r.ready(t)
	return r, append(args, "--listen", r.addr)
}

// order orders a measure for an hour; measure is JSON, with what it needs.
func (r *running) order(t *testing.T, account, measure string) string {
	t.Helper()
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	return r.send(t, "POST", "/v1/measures", fmt.Sprintf(`{"by":"ana","reason":"a test","account":%q,"measure":%s,"until":%q}`, account, measure, until))
}

// A proxied is a proxy before a model, listening on a socket file.
type proxied struct {
	name   string
	socket string
	closed bool // what it was told to do when there is no answer
	wrong  bool // its token is not one of serve's
	token  string
}

// proxies is each setting of a proxy with the right token and with a wrong one.
// run starts one; swap puts the test's names in the place of the files' own.
func proxies(t *testing.T, serve *running, run func(dir string, p *proxied, swap *strings.Replacer)) []*proxied {
	t.Helper()
	to := model(t)
	var all []*proxied
	for _, p := range []*proxied{{name: "open"}, {name: "closed", closed: true}, {name: "open, wrong token", wrong: true}, {name: "closed, wrong token", closed: true, wrong: true}} {
		dir := t.TempDir()
		os.Chmod(dir, 0o755)
		p.socket = filepath.Join(dir, "s")
		p.token = askToken
		if p.wrong {
			p.token = "nobody-knows-this-token"
		}
		run(dir, p, strings.NewReplacer("127.0.0.1:4717", serve.addr, "127.0.0.1:8000", to, "TOKEN", p.token, "10s;", "5s;", "limit = 10 ", "limit = 5 "))
		all = append(all, p)
	}
	return all
}

// ask asks the model behind the proxy and returns the status, what the model was
// told, and the time it took.
func (p *proxied) ask(t *testing.T, account string) (int, string, time.Duration) {
	t.Helper()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", p.socket)
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", "http://proxy/v1/chat", strings.NewReader(`{"model":"m"}`))
	req.Header.Set("Authorization", "Bearer "+account)
	req.Header.Set("Origin", "https://a.page.example")  // a caller's, not for serve
	req.Header.Set("X-Api-Key", "the caller's own")     // the same
	req.Header.Set("X-Iolaus-Measure", "as the caller") // nor may a caller tell the model this
	req.Header.Set("X-Iolaus-Account", "acct-good")     // or be somebody else
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error(), time.Since(began)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), time.Since(began)
}

// unanswered wants what the proxy's setting says, for good accounts and bad.
func (p *proxied) unanswered(t *testing.T, why string) {
	t.Helper()
	want, told := http.StatusOK, "measure="
	if p.closed {
		want, told = http.StatusServiceUnavailable, ""
	}
	var group sync.WaitGroup
	for _, account := range []string{"acct-good", "acct-bad"} {
		group.Go(func() {
			code, said, spent := p.ask(t, account)
			if code != want || told != "" && said != told {
				t.Errorf("%s, %s, %s: %d %q, want %d", p.name, why, account, code, said, want)
			}
			t.Logf("%s, %s: %d after %v", p.name, why, code, spent.Round(time.Millisecond))
		})
	}
	group.Wait()
}

// obeyed wants what serve decides.
func (p *proxied) obeyed(t *testing.T) {
	t.Helper()
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
		{"acct-slow", 200, "measure=slow", slowness},
	} {
		code, told, spent := p.ask(t, c.account)
		if code != c.code || c.told != "" && told != c.told || spent < c.least {
			t.Errorf("%s, %s: %d %q after %v, want %d %q after %v", p.name, c.account, code, told, spent, c.code, c.told, c.least)
		}
	}
}

// keepsPromises holds proxies to what they were told: with serve there, killed,
// there again, and frozen, and with a token that serve does not know.
func keepsPromises(t *testing.T, serve *running, args []string, all []*proxied) {
	each := func(do func(p *proxied)) {
		var group sync.WaitGroup
		for _, p := range all {
			group.Go(func() { do(p) })
		}
		group.Wait()
	}
	for _, p := range all {
		until(t, p.name+" answering", func() bool { code, _, _ := p.ask(t, "acct-good"); return code != 0 })
	}
	each(func(p *proxied) {
		if p.wrong {
			p.unanswered(t, "not let in")
		} else {
			p.obeyed(t)
		}
	})
	serve.kill()
	each(func(p *proxied) { p.unanswered(t, "serve is away") })
	again := start(t, args...)
	for _, p := range all {
		if !p.wrong {
			until(t, p.name+" blocking again", func() bool { code, _, _ := p.ask(t, "acct-bad"); return code == 403 })
			p.obeyed(t)
		}
	}
	freeze(t, again.cmd.Process)
	each(func(p *proxied) { p.unanswered(t, "serve is frozen") })
	again.cmd.Process.Signal(syscall.SIGCONT)
	again.stop(t)
}

// freeze stops a child of this process, and returns when it has stopped: until
// then its threads may still answer.
func freeze(t *testing.T, p *os.Process) {
	t.Helper()
	var s syscall.WaitStatus
	err := p.Signal(syscall.SIGSTOP)
	for err == nil {
		if _, err = syscall.Wait4(p.Pid, &s, syscall.WUNTRACED, nil); err == syscall.EINTR {
			err = nil
		} else {
			break
		}
	}
	if err != nil || !s.Stopped() {
		t.Fatalf("not frozen: %v, status %v", err, s)
	}
}

// model answers with the measure it was told.
func model(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "measure=%s", r.Header.Get("X-Iolaus-Measure"))
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// TestServeNginx: deploy/nginx blocks, slows down, labels, and fails open or
// closed as each location says.
func TestServeNginx(t *testing.T) {
	nginx := needs(t, "nginx")
	serve, args := guarded(t)
	keepsPromises(t, serve, args, proxies(t, serve, func(dir string, p *proxied, swap *strings.Replacer) {
		os.Mkdir(filepath.Join(dir, "iolaus"), 0o755)
		for _, name := range []string{"iolaus.conf", "open", "closed"} {
			text := swap.Replace(read(t, "../../deploy/nginx/"+name))
			text = strings.Replace(text, "# proxy_set_header ", "proxy_set_header ", 1)
			text = strings.Replace(text, "X-Api-Key        ", "X-Api-Key ", 1)
			text = strings.Replace(text, "listen 127.0.0.1:8080", "listen unix:"+p.socket, 1)
			if p.closed {
				text = strings.Replace(text, "iolaus/open;  ", "iolaus/closed;", 1)
			}
			write(t, filepath.Join(dir, "iolaus", name), text)
		}
		write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf("daemon off; worker_processes 1; pid %s/pid; error_log stderr warn; events {}\nhttp { access_log off; "+
			"client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/c; include iolaus/iolaus.conf; }", dir))
		spawn(t, exec.CommandContext(context.Background(), nginx, "-p", dir, "-c", filepath.Join(dir, "nginx.conf")))
	}))
}

// TestServeHAProxy: the same with deploy/haproxy.
func TestServeHAProxy(t *testing.T) {
	haproxy := needs(t, "haproxy")
	serve, args := guarded(t)
	keepsPromises(t, serve, args, proxies(t, serve, func(dir string, p *proxied, swap *strings.Replacer) {
		host, port, _ := net.SplitHostPort(serve.addr)
		lua := strings.NewReplacer(`"127.0.0.1", 4717`, fmt.Sprintf("%q, %s", host, port), `token = ""`, `token = "`+p.token+`"`)
		write(t, filepath.Join(dir, "iolaus.lua"), lua.Replace(swap.Replace(read(t, "../../deploy/haproxy/iolaus.lua"))))
		text := strings.NewReplacer("bind 127.0.0.1:8081", "bind unix@"+p.socket, "iolaus.lua", filepath.Join(dir, "iolaus.lua")).Replace(swap.Replace(read(t, "../../deploy/haproxy/haproxy.cfg")))
		if p.closed {
			text = strings.Replace(text, "http-request lua.iolaus_open", "http-request lua.iolaus_closed", 1)
		}
		write(t, filepath.Join(dir, "haproxy.cfg"), text)
		spawn(t, exec.CommandContext(context.Background(), haproxy, "-db", "-f", filepath.Join(dir, "haproxy.cfg")))
	}))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
