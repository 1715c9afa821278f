package sketch

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// nearKeysOf reads one line.
func nearKeysOf(x *Text, line string) (keys [nearKeys]uint64) {
	x.Read(line)
	if len(x.Units) > 0 {
		keys = x.Near(x.Units[0])
	}
	return keys
}

func meet(a, b [nearKeys]uint64) bool { return a[0] == b[0] || a[1] == b[1] }

func TestNearIgnoresOrderAndSmallWords(t *testing.T) {
	var x Text
	a := nearKeysOf(&x, "Explain the reasoning before giving the answer")
	b := nearKeysOf(&x, "Before giving an answer explain your reasoning")
	c := nearKeysOf(&x, "Translate every sentence into formal language")
	if !meet(a, b) {
		t.Error("a reordered line shares no key")
	}
	if meet(a, c) {
		t.Error("another line shares a key")
	}
}

// TestNearOnRealSentences measures what the comment of Near reports.
func TestNearOnRealSentences(t *testing.T) {
	sentences := realSentences(t, "user", func(u Unit, s []byte) []string {
		if u.Words < 8 || u.Words > 14 || u.Letters > 8*u.Words {
			return nil
		}
		return strings.Fields(string(s))
	})
	measureNear(t, sentences, " ", []edit{
		{"exchange", exchange, 0.8},
		{"insertion", func(d *draw, w []string) []string { return slices.Insert(w, d.place(w), d.word()) }, 0.9},
		{"deletion", func(d *draw, w []string) []string { i := d.place(w); return slices.Delete(w, i, i+1) }, 0.9},
		{"two exchanges", func(d *draw, w []string) []string { return exchange(d, exchange(d, w)) }, 0.6},
	})
}

// TestNearWithoutSpaces does so for Chinese and Japanese, of which answers hold more
// than prompts.
func TestNearWithoutSpaces(t *testing.T) {
	sentences := realSentences(t, "assistant", func(u Unit, s []byte) []string {
		signs := strings.Split(string(s), "")
		wide := 0
		for _, c := range signs {
			if len(c) >= 3 && pieceLen([]byte(c)) > 0 {
				wide++
			}
		}
		if len(signs) < 10 || len(signs) > 40 || wide*10 < len(signs)*7 {
			return nil
		}
		return signs
	})
	measureNear(t, sentences, "", []edit{{"exchange of two signs", func(d *draw, w []string) []string {
		i := d.rng.IntN(len(w) - 1)
		w[i], w[i+1] = d.word(), d.word()
		return w
	}, 0.7}})
}

func exchange(d *draw, w []string) []string {
	w[d.place(w)] = d.word()
	return w
}

// A draw draws places and words at random.
type draw struct {
	rng        *rand.Rand
	vocabulary []string
}

func (d *draw) word() string         { return d.vocabulary[d.rng.IntN(len(d.vocabulary))] }
func (d *draw) place(w []string) int { return d.rng.IntN(len(w)) }

type edit struct {
	name string
	edit func(*draw, []string) []string
	want float64 // share of sentences that keep a key
}

func measureNear(t *testing.T, sentences [][]string, gap string, edits []edit) {
	t.Helper()
	d := &draw{rand.New(rand.NewPCG(1, 1)), slices.Concat(sentences...)}
	var x Text
	near := func(words []string) [nearKeys]uint64 {
		x.Masked = append(x.Masked[:0], strings.Join(words, gap)...)
		return x.Near(Unit{End: int32(len(x.Masked))})
	}
	for _, e := range edits {
		kept := 0
		for _, s := range sentences {
			if meet(near(s), near(e.edit(d, slices.Clone(s)))) {
				kept++
			}
		}
		share := float64(kept) / float64(len(sentences))
		t.Logf("%s: %.3f of %d sentences keep a key", e.name, share, len(sentences))
		if share < e.want {
			t.Errorf("%s: %.3f keep a key, want %.2f", e.name, share, e.want)
		}
	}
	count := map[[2]uint64]int{}
	for _, s := range sentences {
		for i, k := range near(s) {
			count[[2]uint64{uint64(i), k}]++
		}
	}
	pairs := 0.0
	for _, c := range count {
		pairs += float64(c) * float64(c-1) / 2
	}
	n := float64(len(sentences))
	rate := pairs / (n * (n - 1) / 2)
	t.Logf("two different sentences share a key at a rate of %.2g", rate)
	if rate > 3e-4 {
		t.Errorf("false rate %.2g", rate)
	}
}

// realSentences returns the units that cut accepts, as it cuts them, without those
// that differ in marks alone.
func realSentences(t *testing.T, role string, cut func(Unit, []byte) []string) (sentences [][]string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a measurement, not needed in short runs")
	}
	var x Text
	seen := map[string]bool{}
	for _, p := range realTexts(t, role, 2000) {
		x.Read(p)
		for _, u := range x.Units {
			s := x.Masked[u.Start:u.End]
			bare, _ := squeeze(nil, s)
			if u.Weak() || seen[string(bare)] {
				continue
			}
			if words := cut(u, s); words != nil {
				seen[string(bare)] = true
				sentences = append(sentences, words)
			}
		}
	}
	if len(sentences) < 100 {
		t.Skipf("only %d sentences", len(sentences))
	}
	return sentences
}
