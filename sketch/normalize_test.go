package sketch

import (
	"bytes"
	"testing"
	"unicode"
	"unicode/utf8"
)

func normal(s string) string { return string(Normalize(nil, s)) }

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \n\t ", ""},
		{"Hello,  World", "hello, world"},
		{"one\r\ntwo \n \n\n three\tfour", "one\ntwo\n\nthree four"},
		{"ＡＮＳＷＥＲ：　yes！", "answer: yes!"},
		{"ﬁnal oﬃce", "final office"},
		{"pаsswоrd Нello", "password hello"},
		{"Ιgnοre", "ignore"},
		{"in\u200bvis\u00adi\u2060ble \u202etext\u202c", "invisible text"},
		{"“quoted” – it’s", "\"quoted\" - it's"},
		{"ｶﾞｲﾄﾞ", normal("ガイド")},
		{"가나", normal("\u1100\u1161\u1102\u1161")},
		{"각", "각"},
		{"\u1100\u1161\u11a8", "각"},
		{"Crème brûlée", "creme brulee"},
		{"Z̷̢a̸l̵g̶o̷", "zalgo"},
		{"٣٤ ३ ๕ ５", "34 3 5 5"},
		{"Straße STRASSE", "strasse strasse"},
		{"请 回 答: x", "请回答: x"},
		{"𝐛𝐨𝐥𝐝 ⓒⓘⓡⓒⓛⓔ ᴄᴀᴘs", "bold circle caps"},
		{"a\xff\xfe\xfdb", "a\ufffdb"},
		{"x\u2028y\u0085z", "x\ny\nz"},
		{"\x00\x01a\x7fb\x1b[0m", "ab[0m"},
	} {
		if got := normal(c.in); got != c.want {
			t.Errorf("Normalize(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNormalizeEveryRuneOnce(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := Normalize(nil, "a"+string(r)+"b")
		if twice := Normalize(nil, string(once)); !bytes.Equal(once, twice) {
			t.Fatalf("%U: %q, then %q", r, once, twice)
		}
	}
}

func TestNormalizeAppends(t *testing.T) {
	if got := string(Normalize([]byte("kept "), "  New \u0301 ")); got != "kept new" {
		t.Fatalf("got %q", got)
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	f.Add("\u1100 \u1161\u11a8\xff\xe2\x80a\u0300\n \n\u2029  K")
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalize(nil, s)
		if !utf8.Valid(once) {
			t.Fatalf("not UTF-8: %q", once)
		}
		if twice := Normalize(nil, string(once)); !bytes.Equal(once, twice) {
			t.Fatalf("not a fixed point: %q, then %q", once, twice)
		}
		for i, c := range once {
			if c < ' ' && c != '\n' || c == 0x7f || 'A' <= c && c <= 'Z' {
				t.Fatalf("byte %#x at %d", c, i)
			}
		}
		if bytes.Contains(once, []byte("  ")) || bytes.Contains(once, []byte("\n\n\n")) || bytes.Contains(once, []byte(" \n")) {
			t.Fatalf("white space: %q", once)
		}
	})
}
