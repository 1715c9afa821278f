package journal

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/observe"
	"iolaus/source"
)

// worldTraces are the traces of a labelled world, in event time.
func worldTraces(tb testing.TB, world string) []exchange.Trace {
	tb.Helper()
	path := filepath.Join("..", "..", "..", "shared", "worlds", world, "exchanges.jsonl.gz")
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no labelled world beside the repository: %v", err)
	}
	in, err := source.Expand([]string{path}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	var out []exchange.Trace
	_, err = source.Scan(context.Background(), in, source.Options{},
		func() func(*exchange.Exchange, *exchange.Trace) { return (&observe.Observer{}).Observe },
		func(_ time.Time, t *exchange.Trace) error { out = append(out, *t); return nil })
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// write journals traces in steps of an hour.
func write(tb testing.TB, dir string, traces []exchange.Trace) State {
	tb.Helper()
	j, err := Open(dir, ours)
	if err != nil {
		tb.Fatal(err)
	}
	next := traces[0].Time.Truncate(time.Hour).Add(time.Hour)
	for i := range traces {
		if t := traces[i].Time; !t.Before(next) {
			if err := j.Commit(next, []Mark{{Name: "log", Line: int64(i), Newest: t}}); err != nil {
				tb.Fatal(err)
			}
			next = t.Truncate(time.Hour).Add(time.Hour)
		}
		if err := j.Append(&traces[i]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := j.Commit(next, nil); err != nil {
		tb.Fatal(err)
	}
	s := j.State()
	if err := j.Close(); err != nil {
		tb.Fatal(err)
	}
	return s
}

func folderBytes(tb testing.TB, dir string) (n int64) {
	tb.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			tb.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// TestWorld holds that a real log's traces come back as they were.
func TestWorld(t *testing.T) {
	traces := worldTraces(t, "naive")
	dir := t.TempDir()
	write(t, dir, traces)
	n := 0
	state, err := Replay(dir, ours, func(_ uint64, x *exchange.Trace) error {
		clear(x.Observables[x.Left:]) // what stands there was never left
		clear(traces[n].Observables[traces[n].Left:])
		if *x != traces[n] {
			t.Fatalf("trace %d: %+v of %+v", n, *x, traces[n])
		}
		n++
		return nil
	})
	if err != nil || n != len(traces) {
		t.Fatalf("%d of %d traces: %v", n, len(traces), err)
	}
	per := float64(folderBytes(t, dir)) / float64(n)
	t.Logf("%d traces, %d steps, %.1f bytes each", n, state.Step, per)
	if per > 150 {
		t.Errorf("%.1f bytes an exchange", per)
	}
}

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkJournal writes and replays a world's traces; cpu-ns/x is what an
// exchange costs on all goroutines.
func BenchmarkJournal(b *testing.B) {
	traces := worldTraces(b, "naive")
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		var bytes int64
		c := cpu()
		for b.Loop() {
			dir := b.TempDir()
			write(b, dir, traces)
			bytes = folderBytes(b, dir)
		}
		n := float64(len(traces))
		b.ReportMetric(float64(cpu()-c)/float64(b.N)/n, "cpu-ns/x")
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/n, "wall-ns/x")
		b.ReportMetric(float64(bytes)/n, "bytes/x")
	})
	b.Run("replay", func(b *testing.B) {
		dir := b.TempDir()
		write(b, dir, traces)
		b.ReportAllocs()
		c := cpu()
		for b.Loop() {
			if _, err := Replay(dir, ours, func(uint64, *exchange.Trace) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
		n := float64(len(traces))
		b.ReportMetric(float64(cpu()-c)/float64(b.N)/n, "cpu-ns/x")
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "x/s")
	})
}
