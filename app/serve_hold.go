package app

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"iolaus/exchange"
)

// hold keeps live traces back for a while, so that those that come a little out
// of order are taken in the order of their time. How far it is in event time
// follows the traces alone, never the machine's clock: the same log gives the
// same order. It is moved by majorities: one trace whose clock ran ahead waits
// and moves nothing.
type hold struct {
	window time.Duration
	held   heldHeap
	last   [votes]int64 // times of the last traces
	count  int
	pace   int64 // the highest median of them
	newest int64
}

// votes is how many traces decide together what time it is.
const votes = 33

// held is a trace and the frame that it came with.
type held struct {
	exchange.Trace
	seq uint64
}

// put takes a trace.
func (h *hold) put(t *exchange.Trace, seq uint64) {
	at := t.Time.UnixNano()
	h.last[h.count%votes] = at
	h.count++
	h.newest = max(h.newest, at)
	if h.count >= votes && h.count%8 == 0 {
		sorted := h.last
		slices.Sort(sorted[:])
		h.pace = max(h.pace, sorted[votes/2])
	}
	heap.Push(&h.held, &held{*t, seq})
}

// due passes on what no later trace is expected before.
func (h *hold) due(pass func(*held) error) error {
	return h.until(h.pace-int64(h.window), pass)
}

// all passes on everything whose clock is not a day ahead of the others'.
func (h *hold) all(pass func(*held) error) error {
	limit := h.newest
	if h.count >= votes {
		limit = h.pace + int64(24*time.Hour)
	}
	return h.until(limit, pass)
}

func (h *hold) until(limit int64, pass func(*held) error) error {
	for len(h.held) > 0 && h.held[0].Time.UnixNano() <= limit {
		if err := pass(heap.Pop(&h.held).(*held)); err != nil {
			return err
		}
	}
	return nil
}

// lowest is the first frame of which a trace is still held; none when there is none.
func (h *hold) lowest(none uint64) uint64 {
	for _, t := range h.held {
		none = min(none, t.seq)
	}
	return none
}

type heldHeap []*held

func (h heldHeap) Len() int { return len(h) }
func (h heldHeap) Less(i, j int) bool {
	return cmp.Or(h[i].Time.Compare(h[j].Time), cmp.Compare(h[i].ID, h[j].ID), cmp.Compare(h[i].seq, h[j].seq)) < 0
}
func (h heldHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *heldHeap) Push(x any)   { *h = append(*h, x.(*held)) }
func (h *heldHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return t
}
