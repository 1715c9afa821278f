package duckdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
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

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLedger takes a world's traces with and without the file behind them;
// the difference is what the file costs an exchange. Batches go out when so many
// rows are pending, and at the end.
func BenchmarkLedger(b *testing.B) {
	traces := worldTraces(b, "naive")
	for _, pending := range []int{0, 1 << 14, 1 << 16, 1 << 18} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			var size int64
			b.ReportAllocs()
			c := cpu()
			for b.Loop() {
				size = through(b, traces, pending)
			}
			n := float64(len(traces))
			b.ReportMetric(float64(cpu()-c)/float64(b.N)/n, "cpu-ns/x")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/n, "wall-ns/x")
			b.ReportMetric(float64(size)/n, "bytes/x")
		})
	}
}

// through takes traces into a ledger and, unless pending is 0, into a file, and
// returns its size.
func through(tb testing.TB, traces []exchange.Trace, pending int) int64 {
	l := ledger.New(ledger.Options{Drained: pending > 0})
	if pending == 0 {
		for i := range traces {
			l.Take(&traces[i])
		}
		return 0
	}
	path := filepath.Join(tb.TempDir(), "ledger.duckdb")
	d, err := Open(path, ours)
	if err != nil {
		tb.Fatal(err)
	}
	step := uint64(0)
	flush := func(at time.Time) {
		step++
		batch := &Batch{Step: step, Until: at}
		l.Drain(&batch.Changes)
		if err := d.Append(batch); err != nil {
			tb.Fatal(err)
		}
	}
	for i := range traces {
		l.Take(&traces[i])
		if i%256 == 0 && l.Pending() >= pending {
			flush(traces[i].Time)
		}
	}
	flush(traces[len(traces)-1].Time)
	if err := d.Close(); err != nil {
		tb.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}
