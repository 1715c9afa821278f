package eval

import "unicode"

// A Script is a writing system, as far as the groups of the scoreboard tell them
// apart.
type Script uint8

// The scripts. Unwritten is for texts without letters and accounts without texts.
const (
	Unwritten Script = iota
	Latin
	Cyrillic
	Greek
	Arabic
	Hebrew
	Devanagari
	Thai
	Han
	Kana
	Hangul
	Elsewhere
	Scripts
)

var scriptNames = [Scripts]string{"none", "Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Thai", "Han", "Kana", "Hangul", "other"}

// String returns the script's name.
func (s Script) String() string {
	if s < Scripts {
		return scriptNames[s]
	}
	return "unknown"
}

// scriptOf is the script of most letters of a text's beginning; any kana makes
// it Japanese, and a fifth of letters beyond Latin outweigh quoted English.
func scriptOf(text string) Script {
	var n [Scripts]int
	seen := 0
	for _, r := range text {
		if seen++; seen > 600 {
			break
		}
		if s := scriptOfRune(r); s != Unwritten {
			n[s]++
		}
	}
	if n[Kana] > 0 && 10*n[Kana] >= n[Han] && 5*(n[Kana]+n[Han]) >= n[Latin] {
		return Kana
	}
	best := Unwritten
	for s := Cyrillic; s < Scripts; s++ {
		if n[s] > n[best] {
			best = s
		}
	}
	if n[Latin] > 4*n[best] {
		return Latin
	}
	return best
}

func scriptOfRune(r rune) Script {
	switch {
	case r < 'A':
		return Unwritten
	case r < 0x250:
		if unicode.IsLetter(r) {
			return Latin
		}
		return Unwritten
	case !unicode.IsLetter(r):
		return Unwritten
	case unicode.Is(unicode.Han, r):
		return Han
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return Kana
	}
	for i, table := range [...]*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic,
		unicode.Hebrew, unicode.Devanagari, unicode.Thai, unicode.Hangul} {
		if unicode.Is(table, r) {
			return [...]Script{Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Thai, Hangul}[i]
		}
	}
	return Elsewhere
}
