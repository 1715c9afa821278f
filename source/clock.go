package source

import "slices"

// vote is how many lines decide together what time it is.
const vote = 64

// A clock follows the time of one input's lines in the order in which they
// stand. It is moved by majorities, never by one line: the lines are taken in
// votes of 64, and the frontier is the highest time that the medians of two
// votes in a row have reached. So a line, or a burst of up to 64, whose clock
// jumped ahead makes nothing late; and a line is the one that goes when most
// lines of the next vote would be late if it were right.
//
// No promise is broken by that: where every line is at most disorder behind the
// newest before it, no line is ever called late or ahead.
type clock[T any] struct {
	disorder int64
	frontier int64 // the peeked first time until two votes are complete
	floor    int64 // everything before it has been emitted
	median   int64 // of the last complete vote
	prev     []seen[T]
	now      []seen[T]
	scratch  [vote]int64
}

// seen is one line as the clock remembers it; run is nil when it is rejected already.
type seen[T any] struct {
	t   int64
	run *run[T]
	at  int32
}

// tick takes the next line; false means that it is late.
func (c *clock[T]) tick(r *run[T], at int, ahead func(seen[T])) bool {
	s := seen[T]{t: r.items[at].t, run: r, at: int32(at)}
	late := s.t < c.frontier-c.disorder || s.t < c.floor
	if late {
		s.run = nil
	}
	if c.now = append(c.now, s); len(c.now) == vote {
		c.count(ahead)
	}
	return !late
}

// count closes a vote.
func (c *clock[T]) count(ahead func(seen[T])) {
	for i, s := range c.now {
		c.scratch[i] = s.t
	}
	slices.Sort(c.scratch[:])
	median := c.scratch[vote/2]
	for _, s := range c.prev {
		if s.t > median+c.disorder {
			c.accuse(s, ahead)
		}
	}
	if c.prev != nil {
		c.frontier = max(c.frontier, min(c.median, median))
	}
	c.median = median
	c.prev, c.now = c.now, c.prev[:0]
}

// accuse rejects a line that ran ahead, unless it is gone already.
func (c *clock[T]) accuse(s seen[T], ahead func(seen[T])) {
	if s.run != nil && s.t >= c.floor {
		ahead(s)
	}
}

// few is how many lines must follow a line at the end of an input before they
// can outvote it.
const few = 3

// stop is called at the input's end and judges the lines that no complete vote followed.
func (c *clock[T]) stop(ahead func(seen[T])) {
	all := append(slices.Clone(c.prev), c.now...)
	c.prev, c.now = nil, nil
	for i, s := range all {
		after := all[i+1:]
		after = after[:min(len(after), vote)]
		if len(after) < few {
			return
		}
		n := 0
		for _, o := range after {
			if o.t < s.t-c.disorder {
				n++
			}
		}
		if 2*n > len(after) {
			c.accuse(s, ahead)
		}
	}
}
