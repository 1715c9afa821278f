package source

import (
	"bytes"
	"io"
)

// A lister turns a JSON array, or values written over several lines, into one
// value a line, so that exports made for people are read like logs. A value's
// number takes the place of its line's.
type lister struct {
	r      io.Reader
	in     []byte // read and not yet turned
	buf    []byte
	err    error
	depth  int
	outer  int // brackets around the values: 1 inside an array
	quoted bool
	escape bool
	begun  bool
}

// isList says that the content that begins with head is no line by line log: it
// is an array, or its first line is only the beginning of a value.
func isList(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] == '[' {
		return len(head) > 0
	}
	line, _, more := bytes.Cut(head, []byte("\n"))
	return more && string(bytes.TrimSpace(line)) == "{"
}

// Read gives whole lines as they become known.
func (l *lister) Read(p []byte) (int, error) {
	for len(l.in) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		if l.buf == nil {
			l.buf = make([]byte, 1<<18)
		}
		n, err := l.r.Read(l.buf)
		l.in, l.err = l.buf[:n], err
	}
	n := min(len(p), len(l.in))
	for i, ch := range l.in[:n] {
		p[i] = l.turn(ch)
	}
	l.in = l.in[n:]
	return n, nil
}

// turn says what becomes of one byte: structure between values becomes line
// ends and blanks, line ends within a value become blanks.
func (l *lister) turn(ch byte) byte {
	if l.quoted {
		switch {
		case l.escape:
			l.escape = false
		case ch == '\\':
			l.escape = true
		case ch == '"':
			l.quoted = false
		case ch == '\n' || ch == '\r':
			return ' ' // not allowed there; the line will tell
		}
		return ch
	}
	switch ch {
	case '"':
		l.quoted = true
	case '{', '[':
		if !l.begun && ch == '[' {
			l.begun, l.outer = true, 1
			return ' '
		}
		l.begun = true
		l.depth++
	case '}', ']':
		if l.depth == 0 {
			return l.closing(ch)
		}
		l.depth--
	case ',':
		if l.depth == 0 && l.outer == 1 {
			return '\n'
		}
	case '\n', '\r':
		if l.depth > 0 || l.outer == 1 {
			return ' '
		}
	}
	return ch
}

// closing is the end of the array, or a bracket too many.
func (l *lister) closing(ch byte) byte {
	if ch == ']' && l.outer == 1 {
		l.outer = 0
		return '\n'
	}
	return ch
}
