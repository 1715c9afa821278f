package sketch

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize appends text to dst in the form in which texts are compared:
//
//   - lower case, without accents and voicing marks; full width, half width,
//     ligatures, styled letters and foreign digits as their plain counterparts;
//   - Greek, Cyrillic and other letters that look like a Latin one become that
//     one wherever they stand, so that mixing scripts inside a word hides nothing;
//   - typographic quotes, dashes and bullets as ASCII;
//   - controls, zero-width and direction marks removed;
//   - a run of white space becomes one space, one line break, or, where it holds
//     an empty line, two line breaks; none at the ends; spaces between Chinese or
//     Japanese characters are dropped.
//
// The result is valid UTF-8 (a run of invalid bytes becomes one U+FFFD), holds
// no byte below 0x20 but '\n', and is a fixed point of Normalize. It is for
// hashing, not for reading.
func Normalize(dst []byte, text string) []byte {
	f := folder{dst: slices.Grow(dst, len(text)+8), floor: len(dst)}
	for i := 0; i < len(text); {
		if i = f.ascii(text, i); i == len(text) {
			break
		}
		if c := text[i]; c < utf8.RuneSelf {
			f.byte(c)
			i++
			continue
		}
		i = f.foreign(text, i)
	}
	return f.trimmed()
}

// A folder writes normalised text behind dst[:floor].
type folder struct {
	dst   []byte
	floor int
	table *[tableEnd]uint16
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// ascii copies plain text from text[i:], eight bytes at a time, up to the first
// byte that needs a closer look: a control, a second space in a row, or anything
// beyond ASCII. It returns that byte's index.
func (f *folder) ascii(text string, i int) int {
	for len(text)-i >= 8 {
		s := text[i : i+8]
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		space := ^((w ^ ' '*ones) + 0x7f*ones) & highs
		stop := w&highs | (w-' '*ones)&^w&highs | (w+ones)&highs | space&(space<<8)
		if f.atBreak() {
			stop |= space & 0x80
		}
		upper := (w + (0x80-'A')*ones) &^ (w + (0x80-'Z'-1)*ones) & highs
		w |= upper >> 2

		n := len(f.dst)
		if cap(f.dst)-n < 8 {
			f.dst = slices.Grow(f.dst, len(text)-i+8)
		}
		f.dst = f.dst[:n+8]
		binary.LittleEndian.PutUint64(f.dst[n:], w)
		if stop != 0 {
			plain := bits.TrailingZeros64(stop) / 8
			f.dst = f.dst[:n+plain]
			return i + plain
		}
		i += 8
	}
	for ; i < len(text); i++ {
		c := text[i]
		if c <= ' ' || c >= 0x7f {
			return i
		}
		f.dst = append(f.dst, lower(c))
	}
	return i
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// atBreak says whether a space would be redundant here.
func (f *folder) atBreak() bool {
	n := len(f.dst)
	return n == f.floor || f.dst[n-1] == ' ' || f.dst[n-1] == '\n'
}

// byte takes one ASCII character.
func (f *folder) byte(c byte) {
	switch {
	case c == '\n' || c == '\v' || c == '\f':
		f.line()
	case c == ' ' || c == '\t' || c == '\r':
		if !f.atBreak() {
			f.dst = append(f.dst, ' ')
		}
	case c > ' ' && c < 0x7f:
		f.dst = append(f.dst, lower(c))
	}
}

// line ends a line; the second of two ends a paragraph.
func (f *folder) line() {
	n := len(f.dst)
	switch {
	case n == f.floor:
	case f.dst[n-1] == ' ':
		f.dst[n-1] = '\n'
	case f.dst[n-1] != '\n' || f.dst[n-2] != '\n':
		f.dst = append(f.dst, '\n')
	}
}

func (f *folder) trimmed() []byte {
	n := len(f.dst)
	for n > f.floor && (f.dst[n-1] == ' ' || f.dst[n-1] == '\n') {
		n--
	}
	return f.dst[:n]
}

// foreign folds characters beyond ASCII from text[i:], and the single spaces
// between them, up to the first that is ASCII. It returns that byte's index.
func (f *folder) foreign(text string, i int) int {
	if f.table == nil {
		f.table = foldTable()
	}
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if c != ' ' || f.atBreak() {
				break
			}
			f.dst = append(f.dst, ' ')
			i++
			continue
		}
		if n := f.usual(text, i, c); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r < tableEnd:
			if to := f.table[r]; to == rare {
				f.wide(r)
			} else {
				f.emit(rune(to))
			}
		case 0x3400 <= r && r <= 0x9fff:
			f.joined(r)
		case 0xff01 <= r && r <= 0xff5e: // full width
			f.dst = append(f.dst, lower(byte(r-0xff01+'!')))
		case isHangul(r):
			f.three(r)
		default:
			f.wide(r)
		}
		i += size
	}
	return i
}

// usual folds the character at text[i:], which starts with c, if it is one of most:
// of two bytes and not rare, an ideograph, or unchanged. It returns its length, else 0.
func (f *folder) usual(text string, i int, c byte) int {
	if len(text)-i < 3 || text[i+1]&0xc0 != 0x80 {
		return 0
	}
	switch {
	case 0xc2 <= c && c <= 0xdf:
		switch to := f.table[rune(c&0x1f)<<6|rune(text[i+1]&0x3f)]; {
		case to == 0:
		case to < utf8.RuneSelf:
			f.dst = append(f.dst, byte(to))
		case to < 0x800:
			f.dst = append(f.dst, 0xc0|byte(to>>6), 0x80|byte(to&0x3f))
		default:
			return 0
		}
		return 2
	case 0xe4 <= c && c <= 0xe9 && text[i+2]&0xc0 == 0x80:
		if n := len(f.dst); n > f.floor && f.dst[n-1] == ' ' {
			f.unspace()
		}
		f.dst = append(f.dst, c, text[i+1], text[i+2])
		return 3
	case 0xe0 <= c && c <= 0xe3 && text[i+2]&0xc0 == 0x80:
		r := rune(c&0xf)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
		if r < 0x800 || r >= tableEnd || rune(f.table[r]) != r {
			return 0
		}
		if n := len(f.dst); n > f.floor && f.dst[n-1] == ' ' && isIdeographic(r) {
			f.unspace()
		}
		f.dst = append(f.dst, c, text[i+1], text[i+2])
		return 3
	}
	return 0
}

// wide takes any character beyond ASCII the long way.
func (f *folder) wide(r rune) {
	if isIgnored(r) {
		return
	}
	if to, ok := plain[r]; ok {
		f.dst = append(f.dst, to...)
		return
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	parts := norm.NFKD.Properties(buf[:n]).Decomposition()
	if parts == nil || isHangul(r) {
		parts = buf[:n]
	}
	for len(parts) > 0 {
		p, n := utf8.DecodeRune(parts)
		f.part(p)
		parts = parts[n:]
	}
}

// part takes one character of a full decomposition.
func (f *folder) part(r rune) {
	switch {
	case isIgnored(r):
		return
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		f.line()
		return
	case unicode.IsSpace(r):
		f.byte(' ')
		return
	}
	if r = digit(unicode.ToLower(r)); r < utf8.RuneSelf {
		f.byte(byte(r))
		return
	}
	if to, ok := plain[r]; ok {
		f.dst = append(f.dst, to...)
		return
	}
	f.emit(r)
}

// emit appends a folded character: 0 is nothing, Hangul letters are composed, and
// a run of replacement characters is one.
func (f *folder) emit(r rune) {
	switch {
	case r < utf8.RuneSelf:
		if r != 0 {
			f.dst = append(f.dst, byte(r))
		}
	case r < 0x800:
		f.dst = append(f.dst, 0xc0|byte(r>>6), 0x80|byte(r&0x3f))
	case isIdeographic(r):
		f.joined(r)
	case isVowelOrFinal(r):
		f.jamo(r)
	case r < 0x3400 || isHangul(r):
		f.three(r)
	case r == utf8.RuneError:
		if last, _ := utf8.DecodeLastRune(f.dst[f.floor:]); last != r || len(f.dst) == f.floor {
			f.dst = utf8.AppendRune(f.dst, r)
		}
	default:
		f.dst = utf8.AppendRune(f.dst, r)
	}
}

// three appends a character of three bytes.
func (f *folder) three(r rune) {
	f.dst = append(f.dst, 0xe0|byte(r>>12), 0x80|byte(r>>6&0x3f), 0x80|byte(r&0x3f))
}

// joined appends a character of a script without spaces.
func (f *folder) joined(r rune) {
	f.unspace()
	f.dst = utf8.AppendRune(f.dst, r)
}

// unspace drops a space behind an ideograph; another one follows.
func (f *folder) unspace() {
	if n := len(f.dst) - 1; n-f.floor >= 3 && f.dst[n] == ' ' {
		if last, _ := utf8.DecodeLastRune(f.dst[f.floor:n]); isIdeographic(last) {
			f.dst = f.dst[:n]
		}
	}
}

// jamo appends a Hangul vowel or final consonant, composed with what stands before.
func (f *folder) jamo(r rune) {
	const vowels, finals = 21, 28
	last, n := utf8.DecodeLastRune(f.dst[f.floor:])
	switch {
	case r <= 0x1175 && 0x1100 <= last && last <= 0x1112:
		r = 0xac00 + ((last-0x1100)*vowels+r-0x1161)*finals
		f.dst = f.dst[:len(f.dst)-n]
	case r >= 0x11a8 && isHangul(last) && (last-0xac00)%finals == 0:
		r = last + r - 0x11a7
		f.dst = f.dst[:len(f.dst)-n]
	}
	f.three(r)
}
