package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/route"
	"iolaus/route/sample"
	"iolaus/source"
)

// BenchmarkRouteAudit reads LiteLLM lines from a file and audits them, judgement
// included. A million in under a minute on two cores is the promise:
//
//	go test ./cmd/iolaus -run '^$' -bench RouteAudit/1000000 -benchtime 1x
func BenchmarkRouteAudit(b *testing.B) {
	b.Chdir("../..")
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million lines are a gigabyte; run without -short")
			}
			name := filepath.Join(b.TempDir(), "log.jsonl")
			lines := litellmLog(b, name, n)
			f := routeFlags{policy: "route/sample/policy.yaml", asOf: "2026-11-24"}
			o, err := f.options()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			var heap uint64
			for b.Loop() {
				heap = max(heap, auditFile(b, o, name, lines))
			}
			b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
			b.ReportMetric(float64(heap)/(1<<20), "MiB-heap")
		})
	}
}

func litellmLog(b *testing.B, name string, n int) int {
	b.Helper()
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	lines := 0
	if err := sample.Requests(n, 1, func(r *sample.Request) error { lines++; return sample.LiteLLM(w, r) }); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return lines
}

// auditFile runs one audit and returns the heap in use at its end.
func auditFile(b *testing.B, o route.Options, name string, lines int) uint64 {
	b.Helper()
	in, err := source.Expand([]string{name}, nil)
	if err != nil {
		b.Fatal(err)
	}
	a := route.New(o)
	stats, err := source.Scan(context.Background(), in, source.Options{},
		func() func(*exchange.Exchange, *route.Digest) { return route.NewDigester() },
		func(_ time.Time, d *route.Digest) error { a.Add(d); return nil })
	if err != nil || stats.Exchanges != lines {
		b.Fatalf("%d of %d lines, %v, %v", stats.Exchanges, lines, stats.Rejected, err)
	}
	if r := a.Report(); r.Totals.Workloads != 22 {
		b.Fatalf("%d workloads", r.Totals.Workloads)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
