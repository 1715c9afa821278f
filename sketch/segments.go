package sketch

import (
	"bytes"
	"slices"

	"github.com/zeebo/xxh3"
)

// A Segment is one block of a prompt: between empty lines, rules such as "---",
// or labels such as "Input:".
type Segment struct {
	Hash       uint64 // of letters and digits only; numbers count, marks, case and line breaks do not
	Start, End int32  // where it stands in the normalised text, in bytes
	Letters    int32  // as in Unit
	Label      bool   // a heading, tag or "Question:" in front of the next Segment
}

// appendSegments appends the segments of a normalised text to dst, in order, each
// without its rule; scratch is working memory, returned for the next call.
func appendSegments(dst []Segment, normal, scratch []byte) ([]Segment, []byte) {
	c := cutter{text: normal, dst: dst, scratch: scratch}
	for i := 0; i < len(normal); {
		end := i + lineLen(normal[i:])
		c.line(i, end)
		i = end + 1
	}
	c.flush()
	return c.dst, c.scratch
}

func lineLen(rest []byte) int {
	if n := bytes.IndexByte(rest, '\n'); n >= 0 {
		return n
	}
	return len(rest)
}

// A cutter collects the lines text[start:end] of the open segment.
type cutter struct {
	text       []byte
	dst        []Segment
	scratch    []byte
	start, end int
	open       bool
	fence      bool // between code fences: no labels
}

// line adds the line text[from:to] to the open segment or closes it.
func (c *cutter) line(from, to int) {
	line := c.text[from:to]
	switch {
	case isFence(line):
		c.flush()
		c.fence = !c.fence
		return
	case isRule(line):
		c.flush()
		return
	case !c.fence && isHeading(line):
		c.flush()
		c.add(from, to, true)
		return
	}
	if !c.open {
		if n := inlineLabel(line); n > 0 && !c.fence {
			c.add(from, from+n, true)
			if from += n; c.text[from] == ' ' {
				from++
			}
		}
		c.start, c.open = from, true
	}
	c.end = to
}

func (c *cutter) flush() {
	if c.open {
		c.open = false
		c.add(c.start, c.end, false)
	}
}

// add closes a segment: its letters and digits, and nothing else, make its hash.
func (c *cutter) add(from, to int, label bool) {
	n := tally(0)
	if c.scratch, n = squeeze(c.scratch[:0], c.text[from:to]); len(c.scratch) == 0 {
		return
	}
	c.dst = append(c.dst, Segment{
		Hash:  xxh3.HashSeed(c.scratch, seedSegment),
		Start: int32(from), End: int32(to), Letters: int32(n.letters()), Label: label,
	})
}

// squeeze appends to dst what of text is no mark and no white space, and counts
// what the text holds. dst may be the beginning of text.
func squeeze(dst, text []byte) ([]byte, tally) {
	n, sum := len(dst), tally(0)
	dst = slices.Grow(dst, len(text))[:n+len(text)]
	for _, c := range text {
		dst[n] = c
		n += int(solid[c])
		sum += counts[c]
	}
	return dst[:n], sum
}

// solid is 1 for bytes that are neither marks nor white space.
var solid = func() (solid [256]uint8) {
	for c, k := range unitClass {
		if k&(gap|marks) == 0 {
			solid[c] = 1
		}
	}
	return solid
}()

func isFence(line []byte) bool { return bytes.HasPrefix(line, []byte("```")) }

// isRule reports a line without a letter or digit.
func isRule(line []byte) bool {
	for _, b := range line {
		if solid[b] != 0 {
			return false
		}
	}
	return true
}

const (
	maxLabel      = 40 // bytes; a script of three bytes a character has room for a short phrase
	maxLabelWords = 6
	maxInline     = 24
	maxInlineWord = 3
)

// isHeading reports a line that only announces, and is short: words with a colon,
// words behind '#', or a tag like <input> or [INST].
func isHeading(line []byte) bool {
	if len(line) > maxLabel || bytes.Count(line, []byte(" ")) >= maxLabelWords {
		return false
	}
	first, last := line[0], line[len(line)-1]
	for len(line) > 1 && (last == '*' || last == '_') { // **Input:**
		line = line[:len(line)-1]
		last = line[len(line)-1]
	}
	switch {
	case first == '#', first == '<' && last == '>', first == '[' && last == ']':
		return true
	}
	return last == ':' && !bytes.ContainsAny(line, codeMarks) && !digitFirst(line)
}

// codeMarks stand in lines of code, and in no label.
const codeMarks = "(=_\"{[;,.@"

func digitFirst(line []byte) bool { return '0' <= line[0] && line[0] <= '9' }

// inlineLabel returns the length of a label at the start of a line, with its mark
// and space: "question: ", "question - ", "输入:"; 0 when there is none.
func inlineLabel(line []byte) int {
	head := line[:min(len(line), maxInline)]
	if digitFirst(line) || bytes.IndexByte(head, ':') < 0 && !bytes.Contains(head, []byte(" - ")) {
		return 0
	}
	words := 1
	for i := 1; i < min(len(line)-1, maxInline); i++ {
		switch c := line[i]; {
		case c == ':' && (line[i+1] == ' ' || line[i+1] == '*' || line[i+1] >= 0x80 || line[i-1] >= 0x80):
			return i + 1
		case c == '-' && line[i-1] == ' ' && line[i+1] == ' ':
			return i + 1
		case c == ' ':
			if words++; words > maxInlineWord+1 {
				return 0
			}
		case c == '?' || c == '!' || bytes.IndexByte([]byte(codeMarks), c) >= 0:
			return 0
		}
	}
	return 0
}
