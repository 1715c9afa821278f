package eval

import (
	"math/rand/v2"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/sim"
)

// BenchmarkRead measures what the baselines' view of an exchange costs.
func BenchmarkRead(b *testing.B) {
	texts, err := sim.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	spec, err := sim.Named("demo")
	if err != nil {
		b.Fatal(err)
	}
	w, err := sim.New(spec, texts)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	r := Reader{Observer: silent{}}
	var k Taken
	for b.Loop() {
		err := w.Each(func(x *exchange.Exchange) error {
			r.Read(x, &k)
			n++
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exchanges/s")
}

// BenchmarkGrade measures a comparison with the truth.
func BenchmarkGrade(b *testing.B) {
	s, reports := made()
	tape := s.tape(1)
	b.ReportAllocs()
	for b.Loop() {
		Grade(tape, s.truth, reports)
	}
}

// BenchmarkLearn measures the training of one classifier.
func BenchmarkLearn(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var s sample
	for range 2000 {
		row := make([]float32, 40)
		for c := range row {
			row[c] = float32(r.NormFloat64())
		}
		s.rows, s.label = append(s.rows, row), append(s.label, row[0]+row[1] > 2)
	}
	b.ReportAllocs()
	for b.Loop() {
		learn(s)
	}
}

// BenchmarkBaselines measures each baseline, all of its settings.
func BenchmarkBaselines(b *testing.B) {
	s := newStory()
	s.chatter(s.join(100, ""), 100)
	tape := s.tape(1)
	for _, c := range Baselines() {
		b.Run(c.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Method.Detect(tape, func(string, []Report) {}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(tape.Events))*float64(b.N)/time.Duration(b.Elapsed()).Seconds(), "exchanges/s")
		})
	}
}
