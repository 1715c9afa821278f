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

// AppendUnits appends the units of a masked text to dst, in order. Units without
// a letter are left out, weak ones are not.
func AppendUnits(dst []Unit, masked []byte) []Unit {
	start := 0
	for i := 0; i < len(masked); {
		if !unitStops[masked[i]] {
			i++
			continue
		}
		n, cut := boundary(masked, i)
		if cut {
			dst = appendUnit(dst, masked, start, i)
			start = i + n
		}
		i += max(n, 1)
	}
	return appendUnit(dst, masked, start, len(masked))
}

// unitStops holds the bytes at which a unit may end: ASCII marks, and the first
// bytes of the marks and scripts that boundary knows.
var unitStops = [256]bool{
	'\n': true, '.': true, '!': true, '?': true, ':': true,
	0xd8: true, 0xdb: true, 0xe0: true, 0xe1: true, 0xe3: true,
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
		return 2, len(rest) >= 2 && (c == 0xd8 && rest[1] == 0x9f || c == 0xdb && rest[1] == 0x94) // ؟ ۔
	}
	if len(rest) < 3 {
		return len(rest), false
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
	words, letters, slots := 1, 0, 0
	for _, c := range text {
		k := unitClass[c]
		letters += int(k & 3)
		slots += int(k >> 2 & 1)
		words += int(k >> 3 & 1)
	}
	if letters == 0 {
		return dst
	}
	return append(dst, Unit{
		Hash:  xxh3.HashSeed(text, seedUnit),
		Start: int32(start), End: int32(end),
		Words: sat16(words), Letters: sat16(letters), Slots: sat16(slots),
	})
}

func sat16(n int) uint16 { return uint16(min(n, 0xffff)) }

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
