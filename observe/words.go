package observe

import (
	"sync"

	"iolaus/exchange"
	"iolaus/sketch"
)

// words counts a lexicon's patterns in normalised text, in one pass
// (Aho and Corasick 1975). The zero value works.
type words struct{ m *matcher }

// count returns the points of each capability; a pattern counts once per text.
func (w *words) count(normal []byte) (points [exchange.Capabilities]int) {
	if w.m == nil {
		w.m = lexicon()
	}
	var seen [(maxPatterns + 63) / 64]uint64
	state := uint16(0)
	for _, c := range normal {
		state = w.m.next[state][w.m.class[c]]
		for q := state; q != 0 && w.m.hit[q]; q = w.m.short[q] {
			i := w.m.pattern[q]
			if i == 0 {
				continue
			}
			if p := &patterns[i-1]; seen[i/64]&(1<<(i%64)) == 0 {
				seen[i/64] |= 1 << (i % 64)
				points[p.capability] += p.points
			}
		}
	}
	return points
}

const (
	maxPatterns = 512
	maxClasses  = 128
)

// matcher is the automaton: a dense table over the classes of bytes that occur
// in patterns.
type matcher struct {
	class   [256]uint8
	next    [][maxClasses]uint16
	pattern []uint16 // per state: the pattern that ends there, plus one
	short   []uint16 // per state: the next shorter state
	hit     []bool   // per state: a pattern ends there or at a shorter state
}

// lexicon is the matcher of all patterns, built at first use.
var lexicon = sync.OnceValue(func() *matcher { return compile(patterns[:]) })

func compile(ps []pattern) *matcher {
	m := &matcher{next: make([][maxClasses]uint16, 1), pattern: []uint16{0}}
	classes := uint8(0)
	for i := range ps {
		state := uint16(0)
		for _, c := range sketch.Normalize(nil, ps[i].text) {
			if m.class[c] == 0 {
				classes++
				m.class[c] = classes
			}
			n := m.next[state][m.class[c]]
			if n == 0 {
				n = uint16(len(m.next))
				m.next[state][m.class[c]] = n
				m.next = append(m.next, [maxClasses]uint16{})
				m.pattern = append(m.pattern, 0)
			}
			state = n
		}
		m.pattern[state] = uint16(i + 1)
	}
	m.link()
	return m
}

// link turns the trie into an automaton, breadth first.
func (m *matcher) link() {
	m.short = make([]uint16, len(m.next))
	m.hit = make([]bool, len(m.next))
	var queue []uint16
	for _, n := range m.next[0] {
		if n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		q := queue[0]
		queue = queue[1:]
		m.hit[q] = m.pattern[q] != 0 || m.hit[m.short[q]]
		for c := range m.next[q] {
			n := m.next[q][c]
			if n == 0 {
				m.next[q][c] = m.next[m.short[q]][c]
				continue
			}
			m.short[n] = m.next[m.short[q]][c]
			queue = append(queue, n)
		}
	}
}
