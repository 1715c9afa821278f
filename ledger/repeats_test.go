package ledger

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

var day0 = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// TestRepeatsForget holds what memory alone promises: everything within the
// window is recognised, nothing is recognised that never came.
func TestRepeatsForget(t *testing.T) {
	var r Repeats
	seen := map[uint64]time.Time{}
	rng := rand.New(rand.NewPCG(1, 1))
	at := day0
	for range 100_000 {
		at = at.Add(time.Duration(rng.IntN(60)) * time.Second)
		id := 1 + rng.Uint64N(60_000)
		last, known := seen[id]
		got := r.Again(id, at)
		if known && at.Sub(last) <= window && !got {
			t.Fatalf("id %d forgotten after %v", id, at.Sub(last))
		}
		if got && !known {
			t.Fatalf("id %d recognised that never came", id)
		}
		if !got {
			seen[id] = at // a repeat does not renew the memory of the first
		}
	}
	if first, second := r.Again(0, at), r.Again(0, at); first || second {
		t.Error("an exchange without an id is no repeat")
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestRepeatsOnDisk holds that with a folder Again is what a map would say, over
// months, and that the files go away.
func TestRepeatsOnDisk(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			r := Repeats{Dir: dir}
			rng := rand.New(rand.NewPCG(seed, 2))
			seen := map[uint64]bool{}
			var old []uint64
			at, files := day0, 0
			for range 150_000 {
				at = at.Add(time.Duration(rng.IntN(200)) * time.Second)
				id := rng.Uint64()
				if len(old) > 0 && rng.IntN(3) == 0 {
					id = old[rng.IntN(len(old))]
				}
				if got := r.Again(id, at); got != seen[id] {
					t.Fatalf("Again(%x) = %v at %v, a map says %v", id, got, at, seen[id])
				}
				if !seen[id] {
					seen[id] = true
					old = append(old, id)
				}
				files = max(files, len(r.older))
			}
			if err := r.Err(); err != nil {
				t.Fatal(err)
			}
			if files < 2 || files > 8 {
				t.Errorf("%d files at most; want a few, growing with the logarithm of %d generations", files, at.Sub(day0)/window)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files left behind", len(left))
			}
		})
	}
}

// TestRepeatsBadFolder holds that a folder that fails is told, and stops nothing.
func TestRepeatsBadFolder(t *testing.T) {
	r := Repeats{Dir: t.TempDir() + "/missing"}
	for i := range uint64(20) {
		r.Again(i+1, day0.Add(time.Duration(i)*24*time.Hour))
	}
	if r.Err() == nil {
		t.Error("no error for a missing folder")
	}
	if !r.Again(20, day0.Add(20*24*time.Hour)) {
		t.Error("what is in memory is still recognised")
	}
}

func TestFilterRate(t *testing.T) {
	const n = 100_000
	rng := rand.New(rand.NewPCG(3, 3))
	f := newFilter(n)
	for range n {
		f.add(rng.Uint64())
	}
	pass := 0
	for range n {
		if f.has(rng.Uint64()) {
			pass++
		}
	}
	if pass > n/80 {
		t.Errorf("%d of %d absent ids pass", pass, n)
	}
	t.Logf("%.2f %% of absent ids pass", 100*float64(pass)/n)
}

// BenchmarkRepeats is a year of event time at a million exchanges.
func BenchmarkRepeats(b *testing.B) {
	for _, dir := range []string{"", b.TempDir()} {
		b.Run(map[bool]string{true: "memory", false: "disk"}[dir == ""], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := Repeats{Dir: dir}
				rng := rand.New(rand.NewPCG(4, 4))
				for i := range 1_000_000 {
					r.Again(rng.Uint64(), day0.Add(time.Duration(i)*31*time.Second))
				}
				if err := r.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/exchange")
		})
	}
}
