package observe

import (
	"bytes"
	"encoding/binary"
	"strings"
	"sync"

	"iolaus/exchange"
	"iolaus/sketch"
)

// words counts a lexicon's patterns in normalised text, in one pass
// (Aho and Corasick 1975). The zero value works.
type words struct {
	m    *matcher
	seen []uint32 // per pattern: the call that met it last
	call uint32
}

// count returns the points of each capability over all parts of a text; a
// pattern counts once.
func (w *words) count(parts ...[]byte) (points [exchange.Capabilities]int) {
	if w.m == nil {
		w.m = lexicon()
		w.seen = make([]uint32, len(w.m.patterns))
	}
	if w.call++; w.call == 0 {
		clear(w.seen)
		w.call = 1
	}
	for _, p := range parts {
		w.read(p, &points)
	}
	return points
}

// strands is how many places of a text are read at a time.
const strands = 4

// read reads a text at four places at a time: where the next state at one is on
// its way from memory, the others go on.
func (w *words) read(p []byte, points *[exchange.Capabilities]int) {
	m := w.m
	next, class := m.next, &m.class
	n := len(p) / strands
	s := [strands]uint32{m.start, m.root, m.root, m.root}
	p1, p2, p3 := p[n:2*n], p[2*n:3*n], p[3*n:4*n]
	for i, c := range p[:n] {
		s[0], s[1] = next[s[0]+uint32(class[c])], next[s[1]+uint32(class[p1[i]])]
		s[2], s[3] = next[s[2]+uint32(class[p2[i]])], next[s[3]+uint32(class[p3[i]])]
		if max(s[0], s[1], s[2], s[3]) >= m.hits {
			for _, at := range s {
				w.hit(at, points)
			}
		}
	}
	for i, at := range s[:strands-1] {
		w.over(p[(i+1)*n:], at, points)
	}
	w.end(p[strands*n:], s[strands-1], points)
}

// over reads on behind a place, as long as it takes to know all patterns that
// began before it.
func (w *words) over(p []byte, at uint32, points *[exchange.Capabilities]int) {
	m := w.m
	for read := uint32(0); m.next[at+depth] > read; p = p[1:] {
		if len(p) == 0 {
			w.hit(m.next[at+edge], points)
			return
		}
		to := m.next[at+uint32(m.class[p[0]])]
		if to != at || m.class[p[0]] != edge { // several edges are one
			read++
		}
		if at = to; m.next[at+depth] > read {
			w.hit(at, points)
		}
	}
}

// end reads on in a text, to its end.
func (w *words) end(p []byte, at uint32, points *[exchange.Capabilities]int) {
	m := w.m
	for _, c := range p {
		at = m.next[at+uint32(m.class[c])]
		w.hit(at, points)
	}
	w.hit(m.next[at+edge], points)
}

func (w *words) hit(at uint32, points *[exchange.Capabilities]int) {
	if at >= w.m.hits {
		w.met(at, points)
	}
}

// met adds the points of the patterns that end in a state.
func (w *words) met(at uint32, points *[exchange.Capabilities]int) {
	for _, i := range w.m.ends[(at-w.m.hits)/w.m.stride] {
		if w.seen[i] != w.call {
			w.seen[i] = w.call
			p := &w.m.patterns[i]
			points[p.capability] += p.points
		}
	}
}

// matcher is the automaton: a row of next states for each state, over the
// classes of bytes that occur in patterns. A state is the offset of its row.
// States in which patterns end come last, so that one comparison tells them.
type matcher struct {
	class    [256]uint8
	stride   uint32 // classes
	root     uint32 // the state before anything was read
	start    uint32 // the state after the edge of a word
	hits     uint32 // the first state in which patterns end
	next     []uint32
	ends     [][]uint16 // per state from hits on: the patterns that end there
	patterns []pattern
}

// Classes that are no letter's: bytes of no pattern, and whatever parts words. The
// third is no byte's: there a row says how long a piece of a pattern its state is.
const (
	unused = 0
	edge   = 1
	depth  = 2
)

// edgeBytes are the bytes that part words. A pattern that holds one of them matches
// any other in its place, and several.
const edgeBytes = " \n.,;!?()\"'"

// lexicon is the matcher of all patterns, built at first use.
var lexicon = sync.OnceValue(func() *matcher { return compile(patterns()) })

// compile builds the matcher of some patterns; of equal ones the first counts.
func compile(ps []pattern) *matcher {
	m := &matcher{}
	texts := make([][]byte, len(ps))
	for i, p := range ps {
		texts[i] = spell(p.text)
	}
	m.classify(texts)
	t := trie{{}}
	for i, text := range texts {
		if t.add(m.class[:], text, uint16(len(m.patterns))) {
			m.patterns = append(m.patterns, ps[i])
		}
	}
	m.lay(t, t.link())
	return m
}

// spell writes a pattern as normalised text has it: Normalize trims, so the
// edges of words are put back; several edges are one.
func spell(text string) []byte {
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "_"), "_")
	var b []byte
	if strings.HasPrefix(text, "_") {
		b = append(b, ' ')
	}
	for _, c := range sketch.Normalize(nil, bare) {
		if strings.IndexByte(edgeBytes, c) >= 0 {
			if c = ' '; len(b) > 0 && b[len(b)-1] == ' ' {
				continue
			}
		}
		b = append(b, c)
	}
	if strings.HasSuffix(text, "_") && (len(b) == 0 || b[len(b)-1] != ' ') {
		b = append(b, ' ')
	}
	return b
}

// classify numbers the bytes that occur in patterns.
func (m *matcher) classify(texts [][]byte) {
	n := uint8(depth)
	for _, c := range []byte(edgeBytes) {
		m.class[c] = edge
	}
	for _, text := range texts {
		for _, c := range text {
			if m.class[c] == unused {
				n++
				m.class[c] = n
			}
		}
	}
	m.stride = uint32(n) + 1
}

// lay makes a row of each state, those with patterns last, and of each the shallow
// ones first: a text is hardly ever deep in a pattern, so the rows that it needs
// are few and stand together in the processor's cache.
func (m *matcher) lay(t trie, order []uint32) {
	place := make([]uint32, len(t))
	at := uint32(0)
	for _, hit := range []bool{false, true} {
		if hit {
			m.hits = at
		}
		for _, s := range order {
			if (len(t[s].ends) > 0) != hit {
				continue
			}
			place[s] = at
			at += m.stride
			if hit {
				m.ends = append(m.ends, t[s].ends)
			}
		}
	}
	m.next = make([]uint32, at)
	m.root = place[0]
	for _, s := range order {
		row := m.next[place[s]:][:m.stride]
		if s == 0 {
			for c := range row {
				row[c] = m.root
			}
		} else {
			copy(row, m.next[place[t[s].short]:])
		}
		if t[s].class == edge {
			row[edge] = place[s] // several edges are one
		}
		for n := t[s].child; n != 0; n = t[n].next {
			row[t[n].class] = place[n]
		}
		row[depth] = t[s].deep
	}
	m.start = m.next[m.root+edge]
}

// trie is the automaton in the making; state 0 is its root.
type trie []branch

// branch is a state: a piece of a pattern.
type branch struct {
	child uint32 // the first state that is longer by a class; 0 for none
	next  uint32 // another such state of the shorter one; 0 for none
	short uint32 // the longest state that this one ends with
	deep  uint32 // how many classes it is long
	class uint8  // its last one
	ends  []uint16
}

// add puts a pattern into the trie, or returns false when it is there already.
func (t *trie) add(class []uint8, text []byte, id uint16) bool {
	state := uint32(0)
	for _, b := range text {
		state = t.grow(state, class[b])
	}
	if state == 0 || len((*t)[state].ends) > 0 {
		return false
	}
	(*t)[state].ends = []uint16{id}
	return true
}

// grow returns the state that is longer than another by a class.
func (t *trie) grow(from uint32, class uint8) uint32 {
	n := t.longer(from, class)
	if n == 0 {
		s := &(*t)[from]
		n = uint32(len(*t))
		b := branch{next: s.child, deep: s.deep + 1, class: class}
		s.child = n
		*t = append(*t, b)
	}
	return n
}

// longer returns that state, or 0 when there is none.
func (t trie) longer(from uint32, class uint8) uint32 {
	n := t[from].child
	for n != 0 && t[n].class != class {
		n = t[n].next
	}
	return n
}

// link finds what each state ends with, and returns the states breadth first.
func (t *trie) link() []uint32 {
	t.grow(0, edge) // a text begins after an edge, whatever the patterns
	order := []uint32{0}
	for i := 0; i < len(order); i++ {
		q := order[i]
		for n := (*t)[q].child; n != 0; n = (*t)[n].next {
			s := &(*t)[n]
			if q != 0 {
				s.short = t.after((*t)[q].short, s.class)
			}
			s.ends = append(s.ends, (*t)[s.short].ends...)
			order = append(order, n)
		}
	}
	return order
}

// after returns the state after another and a class.
func (t trie) after(s uint32, class uint8) uint32 {
	for {
		if n := t.longer(s, class); n != 0 {
			return n
		}
		if s == 0 || class == edge && t[s].class == edge {
			return s
		}
		s = t[s].short
	}
}

// clip returns the first and the last part of a normalised text, as much of
// each as holds so many letters. A letter of an alphabet counts one, however
// many bytes it takes, a Chinese, Japanese or Korean character three: a request
// is read as far in every language. The second is nil where the first is all.
func clip(text []byte, letters int) (head, tail []byte) {
	if len(text) <= letters { // the usual short turn
		return text, nil
	}
	i := 0
	for n := 0; i < len(text) && n < letters; {
		if n+8 <= letters && i+8 <= len(text) && plain(text[i:]) {
			i, n = i+8, n+8
			continue
		}
		n += weight(text[i])
		i++
	}
	for i < len(text) && text[i]&0xc0 == 0x80 {
		i++
	}
	j := len(text)
	for n := 0; j > i && n < letters; {
		if n+8 <= letters && j-8 >= i && plain(text[j-8:]) {
			j, n = j-8, n+8
			continue
		}
		j--
		n += weight(text[j])
	}
	if j == i {
		return text, nil
	}
	return bytes.TrimSpace(text[:i]), bytes.TrimSpace(text[j:])
}

// plain says that the next eight bytes are eight letters.
func plain(b []byte) bool { return binary.LittleEndian.Uint64(b)&0x8080808080808080 == 0 }

// weight is what a byte adds to the count of letters, that of the character it
// begins.
func weight(c byte) int {
	switch {
	case c&0xc0 == 0x80:
		return 0
	case c >= 0xe3:
		return 3
	}
	return 1
}
