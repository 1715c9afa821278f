package observe

import (
	"bytes"
	"strings"
	"testing"

	"iolaus/exchange"
	"iolaus/sketch"
)

// countSlowly is count by searching for each pattern.
func countSlowly(ps []pattern, spelled []string, parts ...[]byte) (points [exchange.Capabilities]int) {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = " " + strings.Join(strings.FieldsFunc(string(part), func(r rune) bool { return strings.ContainsRune(edgeBytes, r) }), " ") + " "
	}
	known := map[string]bool{}
	for i, want := range spelled {
		if known[want] {
			continue
		}
		known[want] = true
		for _, text := range texts {
			if strings.Contains(text, want) {
				points[ps[i].capability] += ps[i].points
				break
			}
		}
	}
	return points
}

func spelled(ps []pattern) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(spell(p.text))
	}
	return out
}

func TestCountIsSearch(t *testing.T) {
	ps := []pattern{
		{"_he_", exchange.Coding, 1}, {"she", exchange.Coding, 10}, {"hers", exchange.Coding, 100}, {"he", exchange.Grading, 1},
		{"step by step", exchange.Reasoning, 2}, {"by_", exchange.Reasoning, 10}, {"步骤", exchange.Rewriting, 1}, {"c++", exchange.Coding, 1000}, {"he", exchange.Grading, 7},
	}
	w := words{m: compile(ps)}
	w.seen = make([]uint32, len(w.m.patterns))
	for _, text := range []string{
		"", "he", "ushers", "she (he) hers", "step, by\n\nstep", "stepbystep", "by", "步骤 1: 步 骤", "c++", "c+ +", "he,she,hers.step by step",
	} {
		n := sketch.Normalize(nil, text)
		if got, want := w.count(n), countSlowly(ps, spelled(ps), n); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
		if got, want := w.count(n, n, n), w.count(n); got != want {
			t.Errorf("%q: three times over counts %v, once %v", text, got, want)
		}
	}
}

func FuzzCount(f *testing.F) {
	for _, s := range sentences(f, seen) {
		if len(f.Name())%7 == len(s.text)%7 {
			f.Add(s.text)
		}
	}
	var w words
	ps := patterns()
	texts := spelled(ps)
	f.Fuzz(func(t *testing.T, text string) {
		n := sketch.Normalize(nil, text)
		head, tail := clip(n, 20)
		if got, want := w.count(head, tail), countSlowly(ps, texts, head, tail); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	})
}

// A pattern in two capabilities would count for whichever stands first.
func TestPatternsAreUnambiguous(t *testing.T) {
	type meaning struct {
		pattern
		language string
	}
	known := map[string]meaning{}
	for _, r := range rules {
		if r.points < 1 || r.points > 3 || r.capability == exchange.Other {
			t.Errorf("%s %v: %d points", r.language, r.capability, r.points)
		}
		for _, phrase := range strings.Split(r.phrases, ";") {
			p := pattern{strings.TrimSpace(phrase), r.capability, r.points}
			text := string(spell(p.text))
			if len(strings.TrimSpace(text)) < 3 && !strings.HasPrefix(p.text, "_") {
				t.Errorf("%s: %q is too short", r.language, p.text)
			}
			if old, ok := known[text]; ok && (old.capability != p.capability || old.points != p.points) {
				t.Errorf("%q: %s says %v %d, %s says %v %d", p.text, old.language, old.capability, old.points, r.language, p.capability, p.points)
			} else if ok && old.language == r.language {
				t.Errorf("%s: %q stands twice", r.language, p.text)
			}
			known[text] = meaning{p, r.language}
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		name, text string
		head, tail string
	}{
		{"short", "abc", "abc", ""},
		{"both ends", "abcdefghijkl", "abcd", "ijkl"},
		{"all", "abcdef", "abcdef", ""},
		{"Cyrillic counts by letters", "абвгдежзиклм", "абвг", "иклм"},
		{"Thai counts by letters", "กขคฆงจฉชซ", "กขคฆ", "จฉชซ"},
		{"Chinese counts three", "一二三四五六七", "一二", "六七"},
	} {
		head, tail := clip([]byte(c.text), 4)
		if string(head) != c.head || string(tail) != c.tail {
			t.Errorf("%s: got %q and %q, want %q and %q", c.name, head, tail, c.head, c.tail)
		}
	}
}

// Eight plain letters at a time are counted as one by one.
func TestClipCountsEveryLetter(t *testing.T) {
	line := []byte("one two, three; пять шесть 七八九 สิบ eleven twelve thirteen, fourteen fifteen ")
	text := bytes.TrimSpace(bytes.Repeat(line, 4))
	for letters := 1; letters < 200; letters++ {
		head, tail := clip(text, letters)
		if !bytes.HasPrefix(text, head) || !bytes.HasSuffix(text, tail) {
			t.Fatalf("%d letters: %q and %q are not the ends", letters, head, tail)
		}
		i, j := 0, len(text)
		for n := 0; n < letters; i++ {
			n += weight(text[i])
		}
		for i < j && text[i]&0xc0 == 0x80 {
			i++
		}
		for n := 0; n < letters; {
			j--
			n += weight(text[j])
		}
		if want := bytes.TrimSpace(text[:i]); i < j && !bytes.Equal(head, want) {
			t.Fatalf("%d letters: head %q, want %q", letters, head, want)
		}
		if want := bytes.TrimSpace(text[j:]); i < j && !bytes.Equal(tail, want) {
			t.Fatalf("%d letters: tail %q, want %q", letters, tail, want)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	for _, language := range []string{"en", "zh", "ru", "hi", "th"} {
		var text []byte
		for _, s := range sentences(b, seen) {
			if s.language == language {
				text = append(append(text, s.text...), '\n')
			}
		}
		n := sketch.Normalize(nil, string(bytes.Repeat(text, 4)))
		var w words
		w.count(n)
		b.Run(language, func(b *testing.B) {
			b.SetBytes(int64(len(n)))
			b.ReportAllocs()
			for b.Loop() {
				w.count(n)
			}
		})
	}
}

func TestCountDoesNotAllocate(t *testing.T) {
	var w words
	n := sketch.Normalize(nil, "Think step by step and grade the answer.")
	if a := testing.AllocsPerRun(100, func() { w.count(n, n) }); a > 0 {
		t.Errorf("%v allocations", a)
	}
}
