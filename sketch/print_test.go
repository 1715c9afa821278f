package sketch

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// exact is the set of a text's shingles.
func exact(text []byte) map[uint64]bool {
	set := map[uint64]bool{}
	z := tokenizer{text: text}
	var h []uint64
	for w, ok := z.next(); ok; w, ok = z.next() {
		h = append(h, w.hash)
	}
	if len(h) == 1 {
		set[shingle(0, 0, h[0])] = true
	}
	if len(h) == 2 {
		set[shingle(0, h[0], h[1])] = true
	}
	for i := 2; i < len(h); i++ {
		set[shingle(h[i-2], h[i-1], h[i])] = true
	}
	return set
}

func jaccard(a, b map[uint64]bool) float64 {
	common := 0
	for h := range a {
		if b[h] {
			common++
		}
	}
	if len(a)+len(b) == common {
		return 0
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

func densifiedSimilarity(p, q *Print) float64 {
	a, _ := p.densified()
	b, _ := q.densified()
	equal := 0
	for i := range a {
		if a[i] == b[i] {
			equal++
		}
	}
	return float64(equal) / bins
}

// edited replaces a random share of a text's words.
func edited(rng *rand.Rand, words []string, vocabulary []string) []string {
	words = slices.Clone(words)
	for share, i := rng.Float64()*0.4, 0; i < len(words); i++ {
		if rng.Float64() < share {
			words[i] = vocabulary[rng.IntN(len(vocabulary))]
		}
	}
	return words
}

func TestSimilarityIsAccurate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	vocabulary := make([]string, 5000)
	for i := range vocabulary {
		b := make([]byte, 2+rng.IntN(8))
		for j := range b {
			b[j] = byte('a' + rng.IntN(26))
		}
		vocabulary[i] = string(b)
	}
	for _, c := range []struct {
		from, to int     // words
		want     float64 // root mean square error
	}{{10, 20, 0.03}, {20, 50, 0.035}, {50, 200, 0.035}, {200, 1000, 0.045}} {
		var plain, dense float64
		const pairs = 1500
		for range pairs {
			words := make([]string, c.from+rng.IntN(c.to-c.from))
			for i := range words {
				words[i] = vocabulary[rng.IntN(len(vocabulary))]
			}
			a := []byte(strings.Join(words, " "))
			b := []byte(strings.Join(edited(rng, words, vocabulary), " "))
			var p, q Print
			p.Sketch(a)
			q.Sketch(b)
			truth := jaccard(exact(a), exact(b))
			plain += sq(p.Similarity(&q) - truth)
			dense += sq(densifiedSimilarity(&p, &q) - truth)
		}
		got := math.Sqrt(plain / pairs)
		t.Logf("%d-%d words: RMSE %.4f; with densified bins %.4f", c.from, c.to, got, math.Sqrt(dense/pairs))
		if got > c.want {
			t.Errorf("%d-%d words: RMSE %.4f, want at most %.4f", c.from, c.to, got, c.want)
		}
	}
}

func sq(x float64) float64 { return x * x }

func TestPrintKnowsEveryScript(t *testing.T) {
	for i, s := range samples {
		var p, q, r Print
		a := Normalize(nil, s)
		p.Sketch(a)
		q.Sketch(Normalize(nil, strings.Replace(s, "\n\n", " 12345 ", 1)))
		r.Sketch(Normalize(nil, samples[(i+1)%len(samples)]))
		if same := p.Similarity(&p); same != 1 {
			t.Errorf("%q is %v like itself", s, same)
		}
		if near := p.Similarity(&q); near < 0.6 {
			t.Errorf("%q is only %.2f like itself with a word more", s, near)
		}
		if far := p.Similarity(&r); far > 0.1 {
			t.Errorf("%q is %.2f like another", s, far)
		}
	}
}

func TestBandsFollowTheirCurve(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n, r, trials = 16, 4, 3000
	want, got := 0.0, 0.0
	for range trials {
		var p, q Print
		for i := range p {
			p[i], q[i] = noShingle, noShingle
		}
		for range 400 {
			h := rng.Uint64()
			p.add(h)
			if rng.Float64() < 0.75 {
				q.add(h)
			} else {
				q.add(rng.Uint64())
			}
		}
		s := 0.75 / 1.25
		want += 1 - math.Pow(1-math.Pow(s, r), n)
		a, b := p.AppendBands(nil, n, r), q.AppendBands(nil, n, r)
		for i := range a {
			if a[i] == b[i] {
				got++
				break
			}
		}
	}
	if math.Abs(got-want)/trials > 0.03 {
		t.Errorf("share of pairs found %.3f, want %.3f", got/trials, want/trials)
	}
}

func TestEmptyPrint(t *testing.T) {
	var p, q Print
	p.Sketch(nil)
	q.Sketch([]byte(" -- "))
	if s := p.Similarity(&q); s != 0 {
		t.Errorf("similarity of nothing is %v", s)
	}
	if keys := p.AppendBands(nil, 8, 4); keys != nil {
		t.Errorf("keys of nothing: %x", keys)
	}
}

func TestPrintMerges(t *testing.T) {
	a, b := []byte("one two three four"), []byte("five six seven eight")
	var p, q Print
	p.Sketch(a)
	q.Sketch(b)
	p.Merge(&q)
	if s := p.Similarity(&q); s < 0.4 || s > 0.6 {
		t.Errorf("half of the merged text is %.2f like it", s)
	}
}
