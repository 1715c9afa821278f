package app

import (
	"cmp"
	"container/heap"
	"time"

	"iolaus/exchange"
)

// reorder puts traces in the order of time and id that are at most a window out
// of it.
type reorder struct {
	window time.Duration
	held   traceHeap
	newest time.Time
}

// put takes a trace and passes on those that no later one can come before.
func (r *reorder) put(t exchange.Trace, pass func(exchange.Trace) error) error {
	if t.Time.After(r.newest) {
		r.newest = t.Time
	}
	heap.Push(&r.held, &t)
	for len(r.held) > 0 && r.newest.Sub(r.held[0].Time) > r.window {
		if err := pass(*heap.Pop(&r.held).(*exchange.Trace)); err != nil {
			return err
		}
	}
	return nil
}

// flush passes on all that is held.
func (r *reorder) flush(pass func(exchange.Trace) error) error {
	for len(r.held) > 0 {
		if err := pass(*heap.Pop(&r.held).(*exchange.Trace)); err != nil {
			return err
		}
	}
	return nil
}

// before is the one order of traces.
func before(a, b *exchange.Trace) bool {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) < 0
}

type traceHeap []*exchange.Trace

func (h traceHeap) Len() int           { return len(h) }
func (h traceHeap) Less(i, j int) bool { return before(h[i], h[j]) }
func (h traceHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *traceHeap) Push(x any)        { *h = append(*h, x.(*exchange.Trace)) }
func (h *traceHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	*h = old[:len(old)-1]
	return t
}
