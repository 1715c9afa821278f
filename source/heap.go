package source

// A heap keeps the least of its elements on top.
type heap[E interface{ less(E) bool }] []E

func (h *heap[E]) push(e E) {
	*h = append(*h, e)
	a := *h
	for i := len(a) - 1; i > 0; {
		up := (i - 1) / 2
		if !a[i].less(a[up]) {
			return
		}
		a[i], a[up] = a[up], a[i]
		i = up
	}
}

// fix puts the top where it belongs after it has grown.
func (h heap[E]) fix() {
	for i := 0; ; {
		small := 2*i + 1
		if small >= len(h) {
			return
		}
		if small+1 < len(h) && h[small+1].less(h[small]) {
			small++
		}
		if !h[small].less(h[i]) {
			return
		}
		h[i], h[small] = h[small], h[i]
		i = small
	}
}

// pop removes the top.
func (h *heap[E]) pop() {
	a := *h
	n := len(a) - 1
	var none E
	a[0], a[n] = a[n], none
	*h = a[:n]
	(*h).fix()
}

// A mark is how far a stream was in event time when it was last looked at; it
// only grows.
type mark struct {
	t int64
	s *stream
}

//lint:ignore U1000 called through the heap's constraint
func (m mark) less(o mark) bool {
	if m.t != o.t {
		return m.t < o.t
	}
	return m.s.index < o.s.index
}

// behind returns the stream that is behind all others; false when none is left.
func behind(h *heap[mark], gone func(*stream) bool) (*stream, bool) {
	for len(*h) > 0 {
		top := &(*h)[0]
		if gone(top.s) {
			h.pop()
			continue
		}
		if t := top.s.frontier.Load(); t > top.t {
			top.t = t
			h.fix()
			continue
		}
		return top.s, true
	}
	return nil, false
}
