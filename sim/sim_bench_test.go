package sim

import (
	"testing"

	"iolaus/exchange"
)

// BenchmarkEach measures how fast a world is played, on one core.
func BenchmarkEach(b *testing.B) {
	texts, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	spec, err := Named("quick-proxied")
	if err != nil {
		b.Fatal(err)
	}
	w, err := New(spec, texts)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := w.Each(func(*exchange.Exchange) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exchanges/s")
}

// BenchmarkNew measures how fast a world is planned.
func BenchmarkNew(b *testing.B) {
	texts, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	spec, err := Named("quick-proxied")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(spec, texts); err != nil {
			b.Fatal(err)
		}
	}
}
