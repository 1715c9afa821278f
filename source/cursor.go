package source

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// A cursor walks one JSON text from front to back and touches each byte about
// once. Strings are unescaped in place, so every string it hands out lives in
// the text's own memory, and a value can be read only once. It is lenient about
// commas and about what stands inside skipped values, and strict about
// everything that decides where a value ends: what it cannot follow sets bad,
// after which every method returns its zero value.
type cursor struct {
	b    []byte
	i    int
	deep int // objects and arrays entered and not left
	bad  bool
}

// deepest is how deep values are entered; deeper ones are skipped. No format
// needs more, and a hostile line must not exhaust the stack.
const deepest = 100

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
	if c.peek() != open || c.deep >= deepest {
		c.skip()
		return false
	}
	c.i++
	c.deep++
	return true
}

// object enters an object; use it as: if c.object() { for c.key(&k) { ... } }.
func (c *cursor) object() bool { return c.enter('{') }

// array enters an array; use it as: if c.array() { for c.more() { ... } }.
func (c *cursor) array() bool { return c.enter('[') }

// key reads the next key of the object entered; false after its end.
func (c *cursor) key(k *string) bool {
	b, i := c.b, c.i
	if i < len(b) && b[i] == ',' {
		i++
	}
	if i+9 <= len(b) && b[i] == '"' { // mostly: ,"word":
		from := i + 1
		for i = from; i+8 <= len(b); i += 8 {
			m := special(binary.LittleEndian.Uint64(b[i:]))
			if m == 0 {
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
			if i+1 < len(b) && b[i] == '"' && b[i+1] == ':' {
				*k = text(b[from:i])
				c.i = i + 2
				return true
			}
			break
		}
	}
	return c.anyKey(k)
}

// anyKey is key for what is rare: blanks, escapes, the object's end.
func (c *cursor) anyKey(k *string) bool {
	ch := c.peek()
	if ch == ',' {
		c.i++
		ch = c.peek()
	}
	switch ch {
	case '"':
		*k = c.quoted()
		if c.peek() != ':' {
			c.fail()
			return false
		}
		c.i++
		return !c.bad
	case '}':
		c.i++
		c.deep--
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
		c.deep--
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
