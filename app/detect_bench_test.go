package app

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fastjson"

	"iolaus/sim"
	"iolaus/sketch"
	"iolaus/source"
)

// BenchmarkDetect runs the whole of detect over one .zst file, and beside it the
// yardstick: decompressing the same file and parsing its lines, on as many
// cores. IOLAUS_BENCH_LOG and IOLAUS_BENCH_ACCOUNTS name another log; without
// them it is a simulated world (IOLAUS_BENCH_SCALE, default 0.2).
func BenchmarkDetect(b *testing.B) {
	log, accounts := benchLog(b, sim.Output{})
	plain := plainSize(b, log)
	b.Run("yardstick", func(b *testing.B) {
		b.SetBytes(plain)
		var s spent
		for b.Loop() {
			s.on(func() { yardstick(b, log) })
		}
		b.ReportMetric(median(s.cpu), "cpu-s")
	})
	b.Run("detect", func(b *testing.B) {
		b.SetBytes(plain)
		exchanges := 0
		var s spent
		for b.Loop() {
			s.on(func() { exchanges = benchDetect(b, log, accounts) })
		}
		b.ReportMetric(median(s.cpu), "cpu-s")
		b.ReportMetric(float64(exchanges*b.N)/b.Elapsed().Seconds(), "exchanges/s")
	})
}

func benchDetect(b *testing.B, log, accounts string) int {
	dir := b.TempDir()
	registry, err := source.Registry(accounts, func(source.Reject) {})
	if err != nil {
		b.Fatal(err)
	}
	store, err := OpenStore(dir, sketch.Key{}, false)
	if err != nil {
		b.Fatal(err)
	}
	in, err := source.Expand([]string{log}, nil)
	if err != nil {
		b.Fatal(err)
	}
	r := NewRun(Detection{Accounts: registry, Store: store})
	stats, err := r.Read(context.Background(), in, source.Options{Brief: true})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := r.Finish(); err != nil {
		b.Fatal(err)
	}
	return stats.Exchanges
}

// BenchmarkDetectBesideDuckDB runs detect and DuckDB's count of the lines of the
// same .gz file by turns, on two threads each, and reports the medians of wall
// and CPU time. The variables are BenchmarkDetect's.
func BenchmarkDetectBesideDuckDB(b *testing.B) {
	log, accounts := benchLog(b, sim.Output{Gzip: true})
	db, err := sql.Open("duckdb", "?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var ours, theirs spent
	for b.Loop() {
		lines := 0
		theirs.on(func() {
			err = db.QueryRow("select count(*) from read_json(?)", log).Scan(&lines)
		})
		if err != nil {
			b.Fatal(err)
		}
		ours.on(func() {
			if n := benchDetect(b, log, accounts); n == 0 || n > lines {
				b.Fatalf("%d exchanges of %d lines", n, lines)
			}
		})
	}
	b.ReportMetric(median(ours.wall), "detect-s")
	b.ReportMetric(median(theirs.wall), "duckdb-s")
	b.ReportMetric(median(ours.wall)/median(theirs.wall), "ratio")
	b.ReportMetric(median(ours.cpu), "detect-cpu-s")
	b.ReportMetric(median(theirs.cpu), "duckdb-cpu-s")
}

// spent is the seconds that some runs took.
type spent struct{ wall, cpu []float64 }

func (s *spent) on(f func()) {
	wall, cpu := time.Now(), cpuTime()
	f()
	s.wall, s.cpu = append(s.wall, time.Since(wall).Seconds()), append(s.cpu, cpuTime()-cpu)
}

// cpuTime is what this process has used so far.
func cpuTime() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// benchLog returns a log and its registry.
func benchLog(b *testing.B, o sim.Output) (log, accounts string) {
	if log := os.Getenv("IOLAUS_BENCH_LOG"); log != "" {
		return log, os.Getenv("IOLAUS_BENCH_ACCOUNTS")
	}
	spec, err := sim.Named("proxied")
	if err != nil {
		b.Fatal(err)
	}
	spec.Scale = .2
	texts, err := sim.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	w, err := sim.New(spec, texts)
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := w.Write(dir, o); err != nil {
		b.Fatal(err)
	}
	name := sim.ExchangesFile
	if o.Gzip {
		name = sim.ExchangesGzipFile
	}
	return filepath.Join(dir, name), filepath.Join(dir, sim.AccountsFile)
}

func plainSize(b *testing.B, log string) int64 {
	r, closeLog := decompress(b, log)
	defer closeLog()
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func decompress(b *testing.B, log string) (io.Reader, func()) {
	f, err := os.Open(log)
	if err != nil {
		b.Fatal(err)
	}
	z, err := zstd.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		b.Fatal(err)
	}
	return z, func() { z.Close(); f.Close() }
}

// yardstick decompresses a log and parses each line, on two goroutines beside
// the one that reads.
func yardstick(b *testing.B, log string) {
	r, closeLog := decompress(b, log)
	defer closeLog()
	blocks := make(chan []byte, 4)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			var p fastjson.Parser
			for block := range blocks {
				for line := range bytes.Lines(block) {
					if _, err := p.ParseBytes(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	var rest []byte
	for {
		block := make([]byte, 1<<20)
		n := copy(block, rest)
		m, err := io.ReadFull(r, block[n:])
		block = block[:n+m]
		end := bytes.LastIndexByte(block, '\n') + 1
		rest = append([]byte(nil), block[end:]...)
		blocks <- block[:end]
		if err != nil {
			break
		}
	}
	close(blocks)
	wg.Wait()
}
