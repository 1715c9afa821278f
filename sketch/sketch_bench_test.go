package sketch

import (
	"strings"
	"testing"
)

// prompts gives texts of about one kilobyte.
func prompts() map[string]string {
	grow := func(s string) string { return strings.Repeat(s+"\n\n", 1+1000/len(s))[:1000] }
	return map[string]string{"english": grow(samples[0]), "chinese": grow(samples[1]), "thai": grow(samples[3]), "russian": grow(samples[4])}
}

func BenchmarkStages(b *testing.B) {
	for name, p := range prompts() {
		normal := Normalize(nil, p)
		masked := Mask(nil, normal)
		buf := make([]byte, 0, 4096)
		units := make([]Unit, 0, 256)
		segments := make([]Segment, 0, 256)
		stage := func(stage string, do func()) {
			b.Run(name+"/"+stage, func(b *testing.B) {
				b.SetBytes(int64(len(p)))
				b.ReportAllocs()
				for b.Loop() {
					do()
				}
			})
		}
		stage("normalize", func() { buf = Normalize(buf[:0], p) })
		stage("mask", func() { buf = Mask(buf[:0], normal) })
		stage("units", func() { units = AppendUnits(units[:0], masked) })
		stage("segments", func() { segments, buf = AppendSegments(segments[:0], normal, buf) })
		var x Text
		stage("read", func() { x.Read(p) })
	}
}
