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
// months, when a repeat says the time of the first, late or not; that memory does
// not grow with it; and that the files go away.
func TestRepeatsOnDisk(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			r := Repeats{Dir: dir}
			rng := rand.New(rand.NewPCG(seed, 2))
			type one struct {
				id uint64
				at time.Time
			}
			seen := map[uint64]bool{}
			var old []one
			now, files, room := day0, 0, 0
			for i := range 150_000 {
				now = now.Add(time.Duration(rng.IntN(200)) * time.Second)
				x := one{rng.Uint64(), now}
				switch {
				case len(old) > 0 && rng.IntN(3) == 0:
					x = old[rng.IntN(len(old))]
				case rng.IntN(50) == 0: // late, or a clock that ran ahead
					x.at = now.Add(time.Duration(rng.IntN(400)-200) * time.Hour)
				case seed == 3: // ids that are no hashes are found, too
					x.id = uint64(i) + 1
				}
				if got := r.Again(x.id, x.at); got != seen[x.id] {
					t.Fatalf("Again(%x) = %v at %v, a map says %v", x.id, got, x.at, seen[x.id])
				}
				if !seen[x.id] {
					seen[x.id] = true
					old = append(old, x)
				}
				files = max(files, len(r.older))
				room = max(room, len(r.now.slots)+len(r.before.slots))
			}
			if err := r.Err(); err != nil {
				t.Fatal(err)
			}
			if room > 1<<15 {
				t.Errorf("room for %d ids, of %d in all", room, len(seen))
			}
			if files < 2 || files > 8 {
				t.Errorf("%d files at most; want a few, growing with the logarithm of %d generations", files, now.Sub(day0)/window)
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
