package source

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// A cursor walks one JSON text from front to back and touches each byte about
// once. Strings are unescaped in place, so every string it hands out lives in
// the text's own memory, and a value can be read only once. It is lenient about
// commas and about what stands inside skipped values, and strict about
// everything that decides where a value ends: what it cannot follow sets bad,
// after which every method returns its zero value.
type cursor struct {
	b   []byte
	i   int
	bad bool
}

// Byte classes of JSON's structure.
const (
	isEnd    = 1 << iota // ends a number or a literal
	isBreak              // a skipped value's nesting or a string begins or ends here
	isScalar             // may stand in a number or a literal
)

var class = func() (t [256]uint8) {
	for _, c := range " \t\r\n" {
		t[c] |= isEnd
	}
	for _, c := range ",:" {
		t[c] |= isEnd
	}
	for _, c := range "{}[]\"" {
		t[c] |= isBreak | isEnd
	}
	for c := '0'; c <= 'z'; c++ {
		if c <= '9' || c >= 'a' || c >= 'A' && c <= 'Z' {
			t[c] |= isScalar
		}
	}
	for _, c := range "+-." {
		t[c] |= isScalar
	}
	return t
}()

// peek moves to the next value or delimiter and returns its first byte, 0 at the end.
func (c *cursor) peek() byte {
	for c.i < len(c.b) {
		ch := c.b[c.i]
		if ch > ' ' || ch != ' ' && ch != '\t' && ch != '\n' && ch != '\r' {
			return ch
		}
		c.i++
	}
	return 0
}

func (c *cursor) fail() { c.bad, c.i = true, len(c.b) }

// enter steps into the object or array that begins with open; any other value is
// skipped and false returned.
func (c *cursor) enter(open byte) bool {
	if c.peek() != open {
		c.skip()
		return false
	}
	c.i++
	return true
}

// object enters an object; use it as: if c.object() { for c.key(&k) { ... } }.
func (c *cursor) object() bool { return c.enter('{') }

// array enters an array; use it as: if c.array() { for c.more() { ... } }.
func (c *cursor) array() bool { return c.enter('[') }

// key reads the next key of the object entered; false after its end.
func (c *cursor) key(k *string) bool {
	ch := c.peek()
	if ch == ',' {
		c.i++
		ch = c.peek()
	}
	switch ch {
	case '"':
		*k = c.quotedKey()
		if c.peek() != ':' {
			c.fail()
			return false
		}
		c.i++
		return !c.bad
	case '}':
		c.i++
	default:
		c.fail()
	}
	return false
}

// more moves to the next element of the array entered; false after its end.
func (c *cursor) more() bool {
	ch := c.peek()
	if ch == ',' {
		c.i++
		ch = c.peek()
	}
	switch ch {
	case ']':
		c.i++
		return false
	case 0, '}', ':', ',':
		c.fail()
		return false
	}
	return true
}

// done reports that nothing but blanks is left and that all was well.
func (c *cursor) done() bool { return c.peek() == 0 && c.i == len(c.b) && !c.bad }

// str reads a string; null and values of other types are skipped and give "".
func (c *cursor) str() string {
	if c.peek() != '"' {
		c.skip()
		return ""
	}
	return c.quoted()
}

// scalar reads a string, a number or a boolean as text; null, objects and arrays give "".
func (c *cursor) scalar() string {
	switch c.peek() {
	case '"':
		return c.quoted()
	case '{', '[':
		c.skip()
		return ""
	}
	s := c.bare()
	if s == "null" {
		return ""
	}
	return s
}

// bare reads a number or a literal as it stands.
func (c *cursor) bare() string {
	start := c.i
	for c.i < len(c.b) && class[c.b[c.i]]&isScalar != 0 {
		c.i++
	}
	if c.i == start || c.i < len(c.b) && class[c.b[c.i]]&isEnd == 0 {
		c.fail()
		return ""
	}
	return text(c.b[start:c.i])
}

// num reads a number, also one written as a string; false for everything else.
func (c *cursor) num() (float64, bool) {
	f, err := strconv.ParseFloat(c.scalar(), 64)
	return f, err == nil
}

// int reads a whole number; fractions are cut, and what is none gives 0.
func (c *cursor) int() int {
	s := c.scalar()
	if n, ok := digits(s); ok {
		return n
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f > 1<<53 || f < -1<<53 {
		return 0
	}
	return int(f)
}

// digits is the plain case of strconv.Atoi.
func digits(s string) (int, bool) {
	if len(s) == 0 || len(s) > 15 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return n, true
}

// bool reads a boolean, also one written as a string.
func (c *cursor) bool() bool {
	s := c.scalar()
	return s == "true" || s == "True"
}

// raw returns the bytes of the next value and steps over it.
func (c *cursor) raw() []byte {
	c.peek()
	start := c.i
	c.skip()
	if c.bad {
		return nil
	}
	return c.b[start:c.i]
}

// skip steps over the next value.
func (c *cursor) skip() {
	switch c.peek() {
	case '"':
		c.skipString()
	case '{', '[':
		c.skipNest()
	default:
		c.bare()
	}
}

// skipNest steps over an object or array by counting its brackets.
func (c *cursor) skipNest() {
	depth := 0
	for c.i < len(c.b) {
		ch := c.b[c.i]
		if class[ch]&isBreak == 0 {
			c.i++
			continue
		}
		switch ch {
		case '"':
			c.skipString()
			continue
		case '{', '[':
			depth++
		default:
			depth--
		}
		c.i++
		if depth == 0 {
			return
		}
	}
	c.fail()
}

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
	for i < len(b) {
		if i+8 <= len(b) {
			m := special(binary.LittleEndian.Uint64(b[i:]))
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		}
		switch b[i] {
		case '"':
			c.i = i + 1
			return
		case '\\':
			i++
		}
		i++
	}
	c.fail()
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

// quotedKey reads a key: mostly a short word without escapes.
func (c *cursor) quotedKey() string {
	b := c.b[c.i+1:]
	for i := 0; i+8 <= len(b); i += 8 {
		m := special(binary.LittleEndian.Uint64(b[i:]))
		if m == 0 {
			continue
		}
		if i += bits.TrailingZeros64(m) >> 3; b[i] != '"' {
			break
		}
		c.i += i + 2
		return text(b[:i])
	}
	return c.quoted()
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
