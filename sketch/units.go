package sketch

import "github.com/zeebo/xxh3"

// A Unit is one line, list item, sentence or clause before a colon: the same
// instruction is the same Unit in whatever order and company it stands.
type Unit struct {
	Hash       uint64 // of the masked text without bullet, numbering and final marks
	Start, End int32  // where that text stands in the masked text, in bytes
	Words      uint16 // parted by spaces; saturates
	Letters    uint16 // as many Latin letters would carry: a kana or Hangul syllable counts 2, a Chinese character 3
	Slots      uint16 // numbers, quotes, code, links, addresses, identifiers
}

// minLetters is what a Unit must have to be more than a label or a filler.
const minLetters = 12

// Weak reports a Unit that says little about its author: shorter than 12 letters,
// or mostly slots.
func (u Unit) Weak() bool {
	return u.Letters < minLetters || u.Slots*4 > u.Letters
}

// Seeds keep the hashes of one purpose apart from those of another.
const (
	seedUnit = 0x756e6974 + iota
	seedSegment
	seedFrame
	seedBand
	seedShingle
)

// appendUnits appends the units of a masked text to dst, in order. Units without
// a letter are left out, weak ones are not.
func appendUnits(dst []Unit, masked []byte) []Unit {
	start := 0
	for i := 0; ; {
		if i = skip(masked, i, &unitStops); i == len(masked) {
			break
		}
		n, cut := boundary(masked, i)
		if cut {
			dst = appendUnit(dst, masked, start, i)
			start = i + n
		}
		i += max(n, 1)
		for len(masked)-i >= 3 && masked[i] == 0xe0 && masked[i+1] != 0xa5 && masked[i-1] != ' ' {
			i += 3 // a run of Thai, Lao or Indian letters
		}
	}
	return appendUnit(dst, masked, start, len(masked))
}

// unitStops holds the bytes at which a unit may end: ASCII marks, and the first
// bytes of the marks and scripts that boundary knows.
var unitStops = [256]byte{
	'\n': 1, '.': 1, '!': 1, '?': 1, ':': 1, 0xd8: 1, 0xdb: 1, 0xe0: 1, 0xe1: 1, 0xe3: 1,
}

// skip returns the index of the first byte of text[i:] that stops are set for.
func skip(text []byte, i int, stops *[256]byte) int {
	for ; len(text)-i >= 4; i += 4 {
		t := text[i : i+4 : i+4]
		if stops[t[0]]|stops[t[1]]|stops[t[2]]|stops[t[3]] != 0 {
			break
		}
	}
	for i < len(text) && stops[text[i]] == 0 {
		i++
	}
	return i
}

// boundary says whether a unit ends before masked[i], and how many bytes belong to
// neither it nor the next.
func boundary(masked []byte, i int) (n int, cut bool) {
	rest := masked[i:]
	switch c := rest[0]; c {
	case '\n':
		return 1, true
	case '.', ':':
		return 1, atGap(rest[1:])
	case '!', '?':
		return 1, atGap(rest[1:]) || rest[1] >= 0x80
	case 0xd8, 0xdb:
		if len(rest) < 2 {
			return 1, false
		}
		return 2, c == 0xd8 && rest[1] == 0x9f || c == 0xdb && rest[1] == 0x94 // ؟ ۔
	}
	if len(rest) < 3 {
		return len(rest), false
	}
	if rest[0] == 0xe3 && rest[1] != 0x80 { // kana
		return 3, false
	}
	switch [3]byte(rest) {
	case [3]byte{0xe3, 0x80, 0x82}, // ideographic full stop
		[3]byte{0xe0, 0xa5, 0xa4}, [3]byte{0xe0, 0xa5, 0xa5}, // danda
		[3]byte{0xe1, 0x9f, 0x94}, [3]byte{0xe1, 0x81, 0x8a}, [3]byte{0xe1, 0x81, 0x8b}, // Khmer, Myanmar
		[3]byte{0xe1, 0x8d, 0xa2}, [3]byte{0xe1, 0x8d, 0xa7}: // Ethiopic
		return 3, true
	}
	if i >= 4 && masked[i-1] == ' ' && unspaced(rest) && unspaced(masked[i-4:]) {
		return 0, true
	}
	return 3, false
}

// atGap reports that white space or the end follows, or does after a closing mark.
func atGap(rest []byte) bool {
	if len(rest) > 0 && (rest[0] == ')' || rest[0] == '"' || rest[0] == '\'' || rest[0] == '*') {
		rest = rest[1:]
	}
	return len(rest) == 0 || rest[0] == ' ' || rest[0] == '\n'
}

// unspaced reports a character of Thai, Lao, Myanmar or Khmer at b[0:3]: there a
// space ends a phrase, and sentences have no mark.
func unspaced(b []byte) bool {
	switch b[0] {
	case 0xe0:
		return 0xb8 <= b[1] && b[1] <= 0xbb
	case 0xe1:
		return 0x80 <= b[1] && b[1] <= 0x82 || b[1] == 0x9e || b[1] == 0x9f
	}
	return false
}

// appendUnit appends masked[start:end] without what leads in and out.
func appendUnit(dst []Unit, masked []byte, start, end int) []Unit {
	start = skipBullet(masked, start, end)
	for end > start && unitClass[masked[end-1]]&(marks|gap) != 0 {
		end--
	}
	text := masked[start:end]
	n := count(text)
	if n.letters() == 0 {
		return dst
	}
	return append(dst, Unit{
		Hash:  xxh3.HashSeed(text, seedUnit),
		Start: int32(start), End: int32(end),
		Words: sat16(n.spaces() + 1), Letters: sat16(n.letters()), Slots: sat16(n.slots()),
	})
}

func sat16(n int) uint16 { return uint16(min(n, 0xffff)) }

// A tally counts letters, slots and spaces at once, in 26, 19 and 19 bits.
type tally uint64

func (n tally) letters() int { return int(n & (1<<slotBits - 1)) }
func (n tally) slots() int   { return int(n >> slotBits & (1<<(gapBits-slotBits) - 1)) }
func (n tally) spaces() int  { return int(n >> gapBits) }

const slotBits, gapBits = 26, 45

// count is what the first 256 KiB of text hold; no more fits a tally.
func count(text []byte) (n tally) {
	for _, c := range text[:min(len(text), 1<<18)] {
		n += counts[c]
	}
	return n
}

var counts = func() (counts [256]tally) {
	for c, k := range unitClass {
		counts[c] = tally(k&3) | tally(k>>2&1)<<slotBits | tally(k>>3&1)<<gapBits
	}
	return counts
}()

// skipBullet steps over list marks, opening brackets, and numbering such as "3."
// (masked), "a)" or "(#)".
func skipBullet(masked []byte, i, end int) int {
	for i < end {
		c := masked[i]
		next := byte(' ')
		if i+1 < end {
			next = masked[i+1]
		}
		switch numbered := next == '.' || next == ')' || next == ']'; {
		case unitClass[c]&(marks|gap) != 0:
			i++
		case numbered && (c == slotNumber || 'a' <= c && c <= 'z'):
			i += 2
		default:
			return i
		}
	}
	return i
}

// unitClass gives for each byte the letters it counts for (bits 0-1, by the first
// byte of a character), a slot (bit 2), a space (bit 3), or marks.
var unitClass = func() (class [256]byte) {
	for c := range class {
		switch {
		case 0 < c && c < slotEnd:
			class[c] = 1 << 2
		case c == ' ' || c == '\n':
			class[c] = gap
		case 'a' <= c && c <= 'z', 0xc2 <= c && c <= 0xe2:
			class[c] = 1
		case c == 0xe3 || 0xea <= c && c <= 0xed:
			class[c] = 2
		case 0xe4 <= c && c <= 0xe9 || 0xf0 <= c:
			class[c] = 3
		case c < 0x80 && (c < '0' || c > '9'):
			class[c] = marks
		}
	}
	return class
}()

const (
	gap   = 1 << 3
	marks = 1 << 4
)
