package source

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// The constants of eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks with a high bit the bytes of w that are a quote or a backslash;
// only the lowest mark is exact.
func special(w uint64) uint64 {
	q, s := w^(ones*'"'), w^(ones*'\\')
	return ((q-ones) & ^q | (s-ones) & ^s) & highs
}

// skipString steps over a string without reading it.
func (c *cursor) skipString() {
	b, i := c.b, c.i+1
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			c.fail()
			return
		}
		i += n
		back := i
		for b[back-1] == '\\' { // ends at the opening quote
			back--
		}
		i++
		if (i-1-back)%2 == 0 {
			c.i = i
			return
		}
	}
}

// quoted reads the string that begins at the cursor.
func (c *cursor) quoted() string {
	b := c.b[c.i+1:]
	var high uint64
	for i := 0; i < short && i+8 <= len(b); i += 8 { // most strings are short
		w := binary.LittleEndian.Uint64(b[i:])
		m := special(w)
		if m == 0 {
			high |= w
			continue
		}
		n := bits.TrailingZeros64(m) >> 3
		high |= w & (1<<(8*n) - 1)
		if i += n; b[i] == '"' {
			c.i += i + 2
			if high&highs == 0 {
				return text(b[:i])
			}
			return mended(b[:i])
		}
		break
	}
	end := bytes.IndexByte(b, '"')
	if end < 0 {
		c.fail()
		return ""
	}
	if i := bytes.IndexByte(b[:end], '\\'); i >= 0 {
		return c.unescape(b, i, end)
	}
	c.i += end + 2
	return mended(b[:end])
}

// short is up to how many bytes it pays to look at eight at a time.
const short = 32

// unescape goes on with the string b from its first backslash at i; end is where
// its first quote stands. It writes the string over itself: no escape is shorter
// than what it stands for.
func (c *cursor) unescape(b []byte, i, end int) string {
	w := i
	for {
		n, size := escape(b, i, w)
		if n == 0 {
			c.fail()
			return ""
		}
		i, w = i+n, w+size
		if i > end { // that quote was escaped
			n := bytes.IndexByte(b[i:], '"')
			if n < 0 {
				c.fail()
				return ""
			}
			end = i + n
		}
		n = bytes.IndexByte(b[i:end], '\\')
		if n < 0 {
			w += copy(b[w:], b[i:end])
			c.i += end + 2
			return mended(b[:w])
		}
		w += copy(b[w:], b[i:i+n])
		i += n
	}
}

// escape decodes the escape at b[i] to b[w] and returns the bytes read and
// written; 0 read means that it is none.
func escape(b []byte, i, w int) (n, size int) {
	if i+1 >= len(b) {
		return 0, 0
	}
	ch := b[i+1]
	switch ch {
	case '"', '\\', '/':
	case 'n':
		ch = '\n'
	case 't':
		ch = '\t'
	case 'r':
		ch = '\r'
	case 'b':
		ch = '\b'
	case 'f':
		ch = '\f'
	case 'u':
		r := hex4(b, i+2)
		if r < 0 {
			return 0, 0
		}
		n = 6
		if utf16.IsSurrogate(r) {
			if i+7 < len(b) && b[i+6] == '\\' && b[i+7] == 'u' {
				if r = utf16.DecodeRune(r, hex4(b, i+8)); r != utf8.RuneError {
					n = 12
				}
			}
			if n == 6 {
				r = utf8.RuneError
			}
		}
		return n, len(utf8.AppendRune(b[w:w], r))
	default:
		return 0, 0
	}
	b[w] = ch
	return 2, 1
}

// hex4 reads four hexadecimal digits; -1 when they are none.
func hex4(b []byte, i int) rune {
	if i+4 > len(b) {
		return -1
	}
	var r rune
	for _, ch := range b[i : i+4] {
		switch {
		case '0' <= ch && ch <= '9':
			ch -= '0'
		case 'a' <= ch && ch <= 'f':
			ch -= 'a' - 10
		case 'A' <= ch && ch <= 'F':
			ch -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(ch)
	}
	return r
}

// mended returns s as a string; bytes that are not UTF-8 become U+FFFD, as a
// text cut by a logger in the middle of a letter is still evidence.
func mended(s []byte) string {
	if ascii(s) || utf8.Valid(s) {
		return text(s)
	}
	return string([]rune(string(s)))
}

// ascii says that s holds no byte above 127.
func ascii(s []byte) bool {
	n := len(s)
	if n < 8 {
		for _, ch := range s {
			if ch >= utf8.RuneSelf {
				return false
			}
		}
		return true
	}
	high := binary.LittleEndian.Uint64(s[n-8:]) // the rest of what follows
	for len(s) >= 32 {
		high |= binary.LittleEndian.Uint64(s) | binary.LittleEndian.Uint64(s[8:]) |
			binary.LittleEndian.Uint64(s[16:]) | binary.LittleEndian.Uint64(s[24:])
		if high&highs != 0 {
			return false
		}
		s = s[32:]
	}
	for len(s) >= 8 {
		high |= binary.LittleEndian.Uint64(s)
		s = s[8:]
	}
	return high&highs == 0
}

// text views b as a string that is valid as long as b's bytes are.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bytesOf views s, which a cursor handed out, as the bytes it lives in.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
