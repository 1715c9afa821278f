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
	t := trie{next: [][]uint32{make([]uint32, m.stride)}, ends: [][]uint16{nil}}
	for i, text := range texts {
		if t.add(m.class[:], text, uint16(len(m.patterns))) {
			m.patterns = append(m.patterns, ps[i])
		}
	}
	t.link()
	m.lay(&t)
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

// lay puts the linked trie's rows one after another, those with patterns last,
// and of each the shallow ones first: a text is hardly ever deep in a pattern, so
// the rows that it needs are few and stand together in the processor's cache.
func (m *matcher) lay(t *trie) {
	place := make([]uint32, len(t.next))
	at := uint32(0)
	for _, hit := range []bool{false, true} {
		if hit {
			m.hits = at
		}
		for _, s := range t.order {
			if (len(t.ends[s]) > 0) != hit {
				continue
			}
			place[s] = at
			at += m.stride
			if hit {
				m.ends = append(m.ends, t.ends[s])
			}
		}
	}
	m.next = make([]uint32, at)
	for s, row := range t.next {
		for c, n := range row {
			m.next[place[s]+uint32(c)] = place[n]
		}
	}
	for s, deep := range t.deep {
		m.next[place[s]+depth] = deep
	}
	m.root, m.start = place[0], m.next[place[0]+edge]
}

// trie is the automaton in the making; state 0 is its root.
type trie struct {
	next [][]uint32
	ends [][]uint16
	last []uint8  // per state: the class that leads to it
	deep []uint32 // per state: how many classes lead to it from the root

	order []uint32 // the states, breadth first; link sets it
}

// add puts a pattern into the trie, or returns false when it is there already.
func (t *trie) add(class []uint8, text []byte, id uint16) bool {
	state := uint32(0)
	for _, b := range text {
		c := class[b]
		n := t.next[state][c]
		if n == 0 {
			n = uint32(len(t.next))
			t.next[state][c] = n
			t.next = append(t.next, make([]uint32, len(t.next[0])))
			t.ends = append(t.ends, nil)
		}
		state = n
	}
	if state == 0 || len(t.ends[state]) > 0 {
		return false
	}
	t.ends[state] = []uint16{id}
	return true
}

// link turns the trie into an automaton, breadth first.
func (t *trie) link() {
	short := make([]uint32, len(t.next))
	t.last, t.deep = make([]uint8, len(t.next)), make([]uint32, len(t.next))
	if t.next[0][edge] == 0 { // a text begins after an edge, whatever the patterns
		t.next[0][edge] = uint32(len(t.next))
		t.next = append(t.next, make([]uint32, len(t.next[0])))
		t.ends = append(t.ends, nil)
		short, t.last, t.deep = append(short, 0), append(t.last, 0), append(t.deep, 0)
	}
	t.order = []uint32{0}
	for i := 0; i < len(t.order); i++ {
		q := t.order[i]
		for c, n := range t.next[q] {
			if n != 0 {
				t.last[n], t.deep[n] = uint8(c), t.deep[q]+1
				if q != 0 {
					short[n] = t.next[short[q]][c]
				}
				t.ends[n] = append(t.ends[n], t.ends[short[n]]...)
				t.order = append(t.order, n)
				continue
			}
			if c == edge && t.last[q] == edge {
				t.next[q][c] = q // several edges are one
				continue
			}
			if q != 0 {
				t.next[q][c] = t.next[short[q]][c]
			}
		}
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
