package source

import (
	"bytes"
	"cmp"
	"slices"

	"iolaus/exchange"
)

// A block is a stretch of whole lines of one input.
type block struct {
	s    *stream
	seq  int
	data []byte
	err  error // why the input ends here, or errTooLong
}

// A run is what one block became: its exchanges in the order of their lines,
// with a cursor that walks them in the order of their time.
type run[T any] struct {
	s       *stream
	seq     int
	err     error
	base    int // lines of the input before the block
	lines   int // in the block, blank ones included
	filled  int // in the block, without blank ones
	others  int // sound, but no exchange
	bytes   int
	items   []item[T]
	order   []int32 // items by time and id; nil when they stand in that order
	next    int     // position in that order
	ids     []byte  // of all items
	rejects []Reject
}

// An item is one exchange: what the ordering needs, and what the work made of it.
type item[T any] struct {
	t          int64
	line       int32 // in the block, from 1
	idAt, idTo int32
	gone       bool // rejected after it was decoded
	out        T
}

// resetter is a result that keeps its memory when it is used again.
type resetter interface{ Reset() }

// A worker decodes blocks. It belongs to one goroutine.
type worker[T any] struct {
	d       decoder
	work    func(x *exchange.Exchange, out *T)
	maxLine int
	run     *run[T]
	line    int32
}

func newWorker[T any](work func(x *exchange.Exchange, out *T), o Options) *worker[T] {
	w := &worker[T]{work: work, maxLine: o.MaxLine}
	w.d.path, w.d.object, w.d.known, w.d.brief = o.Account, o.Object, o.Join, o.Brief
	w.d.emit = w.take
	w.d.reject = w.refuse
	return w
}

// take puts one exchange into the run and lets the work be done on it.
func (w *worker[T]) take(x *exchange.Exchange) {
	r := w.run
	if n := len(r.items); n < cap(r.items) {
		r.items = r.items[:n+1]
	} else {
		r.items = append(r.items, item[T]{})
	}
	it := &r.items[len(r.items)-1]
	if z, ok := any(&it.out).(resetter); ok {
		z.Reset()
	} else {
		it.out = *new(T)
	}
	it.t, it.line, it.gone = w.d.start, w.line, false
	it.idAt = int32(len(r.ids))
	r.ids = append(r.ids, x.ID...)
	it.idTo = int32(len(r.ids))
	w.work(x, &it.out)
}

func (w *worker[T]) refuse(field, reason, remedy string) {
	w.run.rejects = append(w.run.rejects,
		Reject{File: w.run.s.in.Name, Line: int(w.line), Field: field, Reason: reason, Remedy: remedy})
}

// decode turns a block into a run, in the memory of r.
func (w *worker[T]) decode(b block, r *run[T]) {
	*r = run[T]{s: b.s, seq: b.seq, err: b.err, bytes: len(b.data),
		items: r.items[:0], order: r.order[:0], ids: r.ids[:0], rejects: r.rejects[:0]}
	w.run, w.line, w.d.f = r, 0, b.s.format
	rest := b.data
	for len(rest) > 0 {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		w.line++
		if line = bytes.TrimRight(line, " \t\r"); len(line) == 0 {
			continue
		}
		r.filled++
		if len(line) > w.maxLine {
			w.refuse("", TooLong, remedyTooLong)
			continue
		}
		w.d.line(line)
	}
	r.lines = int(w.line)
	r.others, w.d.others = w.d.others, 0
	r.sort()
}

const remedyTooLong = "log shorter texts, or raise the limit of a line"

// sort sets the order in which the run's items are walked.
func (r *run[T]) sort() {
	sorted := true
	for i := 1; i < len(r.items) && sorted; i++ {
		sorted = r.compare(i-1, i) <= 0
	}
	if sorted {
		r.order = nil
		return
	}
	for i := range r.items {
		r.order = append(r.order, int32(i))
	}
	slices.SortFunc(r.order, func(a, b int32) int {
		return cmp.Or(r.compare(int(a), int(b)), int(a-b))
	})
}

func (r *run[T]) compare(a, b int) int {
	return cmp.Or(cmp.Compare(r.items[a].t, r.items[b].t), bytes.Compare(r.id(a), r.id(b)))
}

func (r *run[T]) id(i int) []byte { return r.ids[r.items[i].idAt:r.items[i].idTo] }

// head is the index of the item whose turn it is.
func (r *run[T]) head() int {
	if len(r.order) == 0 {
		return r.next
	}
	return int(r.order[r.next])
}

// less orders runs by the item whose turn it is: time, id, then input and line.
//
//lint:ignore U1000 called through the heap's constraint
func (r *run[T]) less(o *run[T]) bool {
	a, b := r.head(), o.head()
	if ta, tb := r.items[a].t, o.items[b].t; ta != tb {
		return ta < tb
	}
	return cmp.Or(bytes.Compare(r.id(a), o.id(b)), r.s.index-o.s.index, r.seq-o.seq) < 0
}
