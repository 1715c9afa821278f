package duckdb

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
)

const (
	crashPath = "IOLAUS_TEST_LEDGER" // set in the process that will be killed
	crashRows = 3000                 // sightings in each of its batches
)

// TestMain is also the process that appends until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		fmt.Println(appendForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// appendForever appends batches that can be checked: batch n brings crashRows
// sightings, one profile with n exchanges, one hour and one campaign of score n.
func appendForever(path string) error {
	d, err := Open(path, ours)
	if err != nil {
		return err
	}
	step, _ := d.Step()
	for {
		step++
		b := &Batch{Step: step, Until: day0.Add(time.Duration(step) * time.Hour)}
		for i := range uint32(crashRows) {
			o := exchange.NewObservable(exchange.Item, step*crashRows+uint64(i))
			b.Sightings = append(b.Sightings, ledger.Delta{Account: i % 7, Observable: o, First: 1, Last: 2, Count: 1})
		}
		p := ledger.Profile{ID: 0}
		p.Name, p.Exchanges = "a", uint32(step)
		b.Accounts = []ledger.Profile{p}
		b.Hours = []ledger.Hour{{Hour: uint32(step) * 3600, Exchanges: 1}}
		b.Campaigns = []Campaign{{ID: "c", Score: float64(step), Members: []Member{{Account: 1}}}}
		if err := d.Append(b); err != nil {
			return err
		}
		fmt.Println("step", step)
		if step%40 == 0 { // also be killed in the midst of closing and merging
			if err := d.Close(); err != nil {
				return err
			}
			if d, err = Open(path, ours); err != nil {
				return err
			}
		}
	}
}

// TestKilled kills a process that appends, at any moment, and holds that the
// ledger opens, has whole batches only, and goes on.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	rng := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	last := uint64(0)
	for round := range 8 {
		kill(t, path, 1+rng.IntN(25), time.Duration(rng.IntN(3000))*time.Microsecond)
		if round%2 == 0 { // a reader may come first
			r, err := Open(path, Options{ReadOnly: true})
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			step, _ := r.Step()
			whole(t, r, step)
			closeDB(t, r)
		}
		d, err := Open(path, ours)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		step, _ := d.Step()
		if step < last {
			t.Fatalf("round %d: step %d after step %d", round, step, last)
		}
		last = step
		whole(t, d, step)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if last == 0 {
		t.Error("nothing was ever written")
	}
	t.Logf("%d batches survived", last)
}

// kill starts a process that appends and kills it some time after so many steps.
func kill(t *testing.T, path string, steps int, after time.Duration) {
	t.Helper()
	p := exec.Command(os.Args[0])
	p.Env = append(os.Environ(), crashPath+"="+path)
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range steps {
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), "step") {
			t.Errorf("the process says %q", lines.Text())
			break
		}
	}
	<-time.After(after)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var killed *exec.ExitError
	if err := p.Wait(); !errors.As(err, &killed) {
		t.Errorf("it ended by itself: %v", err)
	}
}

// whole holds that all of the batches up to step are there, and nothing else.
func whole(t *testing.T, d *DB, step uint64) {
	t.Helper()
	if n := count(t, d, "sighting"); n != int(step)*crashRows {
		t.Errorf("%d sightings of %d batches of %d", n, step, crashRows)
	}
	if n := count(t, d, "activity"); n != int(step) {
		t.Errorf("%d hours of %d batches", n, step)
	}
	if step == 0 {
		return
	}
	if p, err := d.Account("a"); err != nil || p.Exchanges != uint32(step) {
		t.Errorf("%d exchanges at step %d: %v", p.Exchanges, step, err)
	}
	if c, err := d.Campaign("c"); err != nil || c.Score != float64(step) || len(c.Members) != 1 {
		t.Errorf("campaign %+v at step %d: %v", c, step, err)
	}
}
