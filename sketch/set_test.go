package sketch

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

func setOf(from, to int) *Set {
	s := new(Set)
	for i := from; i < to; i++ {
		s.Add(uint64(i))
	}
	return s
}

func TestSmallSetsAreExact(t *testing.T) {
	o := Compare(setOf(0, 200), setOf(150, 250))
	if o.Common != 50 || o.A != 0.25 || o.B != 0.5 || math.Abs(o.Jaccard-0.2) > 1e-12 {
		t.Errorf("%+v", o)
	}
	if o := Compare(new(Set), new(Set)); o != (Overlap{}) {
		t.Errorf("empty: %+v", o)
	}
	if o := Compare(setOf(0, 9), new(Set)); o != (Overlap{}) {
		t.Errorf("with empty: %+v", o)
	}
}

func TestLargeSetsAreClose(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const trials = 200
	var jaccards, lens, shares float64
	for range trials {
		from := rng.IntN(1 << 40)
		a, b := setOf(from, from+25000), setOf(from+10000, from+30000)
		o := Compare(a, b)
		jaccards += sq(o.Jaccard - 0.5)
		shares += sq(o.B - 0.75)
		lens += sq(a.Len()/25000 - 1)
	}
	for name, c := range map[string][2]float64{"Jaccard": {jaccards, 0.04}, "share": {shares, 0.08}, "length": {lens, 0.08}} {
		got := math.Sqrt(c[0] / trials)
		t.Logf("%s: RMSE %.3f", name, got)
		if got > c[1] {
			t.Errorf("%s: RMSE %.3f, want at most %.3f", name, got, c[1])
		}
	}
}

func TestSetsOfDifferentSize(t *testing.T) {
	var worst float64
	for seed := range 50 {
		from := seed * 1_000_000
		o := Compare(setOf(from, from+100), setOf(from, from+20000))
		worst = max(worst, math.Abs(o.Common-100)/100)
	}
	// 100 of 20,000 leave about one member in a sample of 256: only the order of
	// magnitude is known, and that is what the comment of Set must not promise more of.
	if worst > 6 {
		t.Errorf("100 common members estimated as %.0f", worst*100)
	}
}

func TestSetMergesInAnyOrder(t *testing.T) {
	for _, size := range []int{10, 150, 5000} {
		a, b := setOf(0, size), setOf(size/2, 2*size)
		ab, ba := setOf(0, size), setOf(size/2, 2*size)
		ab.Merge(b)
		ba.Merge(a)
		ba.Merge(a)
		want := setOf(0, 2*size)
		for _, got := range []*Set{ab, ba} {
			if g, w := encoded(t, got), encoded(t, want); !bytes.Equal(g, w) {
				t.Errorf("size %d: merged set differs", size)
			}
		}
	}
}

type binaryAppender interface {
	AppendBinary([]byte) ([]byte, error)
}

func encoded(t *testing.T, a binaryAppender) []byte {
	t.Helper()
	b, err := a.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzSet(f *testing.F) {
	for _, n := range []int{0, 3, 256, 257} {
		b, _ := setOf(0, n).AppendBinary(nil)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again Set
		if s.UnmarshalBinary(data) != nil {
			return
		}
		b := encoded(t, &s)
		if err := again.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, encoded(t, &again)) {
			t.Fatal("reading back changes it")
		}
		s.Merge(&again)
		s.Add(1)
		if o := Compare(&s, &again); !(o.Jaccard >= 0 && o.Jaccard <= 1) || s.Len() < 0 {
			t.Fatalf("%+v", o)
		}
	})
}

func TestDistinctIsClose(t *testing.T) {
	for _, n := range []int{0, 1, 10, 500, 600, 2000, 10000, 200000} {
		trials := max(20, min(100, 1000000/(n+1)))
		sum := 0.0
		for trial := range trials {
			var d Distinct
			for i := range n {
				id := uint64(trial)<<32 + uint64(i)
				d.Add(id)
				d.Add(id)
			}
			sum += sq(d.Count() - float64(n))
		}
		rmse := math.Sqrt(sum/float64(trials)) / float64(max(n, 1))
		t.Logf("%d: error %.4f", n, rmse)
		if n <= 500 && rmse > 0.002 || rmse > 0.025 {
			t.Errorf("%d: error %.4f", n, rmse)
		}
	}
}

func TestDistinctMergesInAnyOrder(t *testing.T) {
	count := func(from, to int) *Distinct {
		d := new(Distinct)
		for i := from; i < to; i++ {
			d.Add(uint64(i))
		}
		return d
	}
	for _, c := range [][2]int{{100, 100}, {400, 400}, {100, 5000}, {5000, 100}, {5000, 5000}} {
		want := encoded(t, count(0, c[0]+c[1]))
		a, b := count(0, c[0]), count(c[0], c[0]+c[1])
		a.Merge(b)
		a.Merge(b)
		x, y := count(0, c[0]), count(c[0], c[0]+c[1])
		y.Merge(x)
		if !bytes.Equal(encoded(t, a), want) || !bytes.Equal(encoded(t, y), want) {
			t.Errorf("%v: merged counter differs", c)
		}
	}
}

func FuzzDistinct(f *testing.F) {
	for _, n := range []int{0, 3, 513} {
		var d Distinct
		for i := range n {
			d.Add(uint64(i))
		}
		b, _ := d.AppendBinary(nil)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d Distinct
		if d.UnmarshalBinary(data) != nil {
			return
		}
		if b := encoded(t, &d); len(b) > len(data) {
			t.Fatal("written longer than read")
		}
		d.Add(7)
		d.Merge(&d)
		if n := d.Count(); !(n > 0) {
			t.Fatalf("count %v", n)
		}
	})
}

func TestKey(t *testing.T) {
	a, b := Key{1}, Key{2}
	seen := map[uint64]bool{}
	for _, h := range []uint64{
		a.Hash(1, "192.0.2.1"), b.Hash(1, "192.0.2.1"), a.Hash(2, "192.0.2.1"), a.Hash(1, "192.0.2.2"), a.Hash(1, ""),
		a.Mix(1, 5), b.Mix(1, 5), a.Mix(2, 5), a.Mix(1, 6),
	} {
		if seen[h] {
			t.Errorf("hash %x twice", h)
		}
		seen[h] = true
	}
	if n := testing.AllocsPerRun(10, func() { a.Mix(3, a.Hash(1, "card_0b6a9e2d141fb7")) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
