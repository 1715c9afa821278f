package sketch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// prompts gives texts of about one kilobyte, and real ones where they are at hand.
func prompts(b *testing.B) (names []string, texts map[string][]string) {
	grow := func(s string) []string { return []string{strings.Repeat(s+"\n\n", 1+1000/len(s))[:1000]} }
	texts = map[string][]string{
		"english": grow(samples[0]), "chinese": grow(samples[1]), "japanese": grow(samples[2]),
		"thai": grow(samples[3]), "russian": grow(samples[4]), "hindi": grow(samples[7]),
	}
	if real := findTexts(b, "user", 200); real != nil {
		texts["real"] = real
	}
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, texts
}

func size(texts []string) (n int64) {
	for _, t := range texts {
		n += int64(len(t))
	}
	return n
}

func BenchmarkRead(b *testing.B) {
	names, texts := prompts(b)
	for _, name := range names {
		prompts := texts[name]
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size(prompts))
			b.ReportAllocs()
			var x Text
			for b.Loop() {
				for _, p := range prompts {
					x.Read(p)
				}
			}
		})
	}
}

// BenchmarkReadWorst reads what somebody would send to slow a reader down.
func BenchmarkReadWorst(b *testing.B) {
	for name, piece := range map[string]string{
		"quotes": "'a ", "digits": "1.a-", "mail": "1@", "fences": "```\n", "marks": "!\n", "labels": "a:\n", "spaces": "\n \t",
		"accents": "e\u0301", "wide": "\ufdfa", "invalid": "\xff\xfe", "thai": "\u0e01 ", "jamo": "\u1100\u1161\u11a8", "slots": "1 ",
		"paths": "/a", "schemes": "a://", "tripled": "\"\"\"a", "backticks": "`a\n", "words": "a ",
	} {
		p := strings.Repeat(piece, 100_000/len(piece))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(p)))
			var x Text
			for b.Loop() {
				x.Read(p)
				x.Anchor()
			}
		})
	}
}

func BenchmarkStages(b *testing.B) {
	names, texts := prompts(b)
	for _, name := range names {
		prompts := texts[name]
		var read []Text
		for _, p := range prompts {
			var x Text
			x.Read(p)
			read = append(read, x)
		}
		var buf []byte
		var units []Unit
		var segments []Segment
		var print Print
		stage := func(stage string, do func(i int)) {
			b.Run(name+"/"+stage, func(b *testing.B) {
				b.SetBytes(size(prompts))
				b.ReportAllocs()
				for b.Loop() {
					for i := range prompts {
						do(i)
					}
				}
			})
		}
		stage("normalize", func(i int) { buf = Normalize(buf[:0], prompts[i]) })
		stage("mask", func(i int) { buf = Mask(buf[:0], read[i].Normal) })
		stage("units", func(i int) { units = appendUnits(units[:0], read[i].Masked) })
		stage("segments", func(i int) { segments, buf = appendSegments(segments[:0], read[i].Normal, buf) })
		stage("anchor", func(i int) { read[i].Anchor() })
		stage("near", func(i int) {
			for _, u := range read[i].Units {
				read[i].Near(u)
			}
		})
		stage("print", func(i int) { print.Sketch(read[i].Masked) })
	}
}

func BenchmarkPrint(b *testing.B) {
	var p, q Print
	p.Sketch([]byte(samples[0]))
	q.Sketch([]byte(samples[1]))
	b.Run("similarity", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Similarity(&q)
		}
	})
	b.Run("bands", func(b *testing.B) {
		b.ReportAllocs()
		var keys []uint64
		for b.Loop() {
			keys = p.AppendBands(keys[:0], 32, 4)
		}
	})
}

func BenchmarkSet(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("add/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				setOf(0, n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/id")
		})
	}
	x, y := setOf(0, 20_000), setOf(10_000, 40_000)
	b.Run("compare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Compare(x, y)
		}
	})
}

func BenchmarkDistinct(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("add/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var d Distinct
				for i := range n {
					d.Add(uint64(i))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/id")
		})
	}
}

func BenchmarkKey(b *testing.B) {
	k := Key{1, 2, 3}
	b.ReportAllocs()
	for b.Loop() {
		k.Mix(7, k.Hash(7, "2001:db8:85a3::/64"))
	}
}
