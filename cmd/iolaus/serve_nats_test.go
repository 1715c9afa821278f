package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// natsServer is a server that is not serve's own.
func natsServer(t *testing.T, dir string, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, SyncAlways: true, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(5 * time.Minute) {
		t.Fatal("the NATS server is not ready after five minutes")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

// TestServeNATS: one line of configuration puts the log into a NATS that runs
// elsewhere, and another takes batches from a subject of it. A sender is answered
// when his lines are stored; neither the death of serve nor a restart of NATS loses
// or doubles any.
func TestServeNATS(t *testing.T) {
	store := t.TempDir()
	_, text, _ := net.SplitHostPort(freePort(t))
	port, _ := strconv.Atoi(text)
	out := natsServer(t, store, port)
	dir := t.TempDir()
	conf := filepath.Join(dir, "c.yaml")
	write(t, conf, fmt.Sprintf("data: %s/d\nlisten: 127.0.0.1:0\nstream: {url: %q, wait: 5m}\nsubject: traffic.lines\n", dir, out.ClientURL()))
	r := start(t, "--config", conf)
	r.ready(t)
	conn, err := nats.Connect(out.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// Until serve listens on the subject there is nobody to answer.
	ask := func(lines string, stored, refused int) {
		t.Helper()
		var got struct {
			Stored, Refused int
			Error           string
		}
		until(t, "answered on the subject", func() bool {
			m, err := conn.Request("traffic.lines", []byte(lines), 2*time.Minute)
			return err == nil && json.Unmarshal(m.Data, &got) == nil && got.Error == ""
		})
		if got.Stored != stored || got.Refused != refused {
			t.Errorf("stored %d and refused %d, want %d and %d", got.Stored, got.Refused, stored, refused)
		}
	}
	counted := func(n int) {
		t.Helper()
		until(t, fmt.Sprint(n, " counted"), func() bool {
			resp, err := http.Post("http://"+r.addr+"/v1/flush", "", nil)
			if err != nil {
				return false
			}
			resp.Body.Close()
			return resp.StatusCode == http.StatusOK && r.metric(t, "iolaus_exchanges_counted") == float64(n)
		})
	}
	ask(canonical(0, 500), 500, 0)
	ask(strings.Replace(canonical(500, 100), `"time":`, `"time":"never","was":`, 1), 99, 1)
	if code := r.post(canonical(600, 400)); code != http.StatusOK {
		t.Fatalf("by HTTP: %d", code)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if _, err := js.Stream(ctx, "IOLAUS"); err != nil {
		t.Errorf("the log is not in the NATS elsewhere: %v", err)
	}
	r.kill()
	r = start(t, "--config", conf)
	r.ready(t)
	counted(999)
	out.Shutdown()
	out.WaitForShutdown()
	waits := make(chan int, 1)
	go func() { waits <- r.post(canonical(1000, 500)) }() // nobody can store it yet
	natsServer(t, store, port)
	if code := <-waits; code != http.StatusOK {
		t.Errorf("while NATS was away: %d", code)
	}
	ask(canonical(1400, 200), 200, 0) // of which half are known
	counted(1599)
	r.stop(t)
}
