package app

import (
	"runtime"
	"runtime/debug"
	"time"
)

// slice is for how long, at most, the kernel lets the hunt go on once somebody else
// wants its core.
const slice = 100 * time.Microsecond

// room keeps decisions quick beside a hunt in the same process. Three things made
// them wait, for tens of milliseconds together:
//
// Go lets a goroutine run for 10 ms before another gets its place, and there are as
// many places as cores. On two cores the hunt has one, and while garbage is collected
// the collector has the other. With a place more than there are cores, it is the
// kernel that divides the cores. There are four places at least: with fewer, the
// collector works in turns of up to 7 ms at every place.
//
// The kernel protects what runs for a slice of 3 to 4 ms from what wakes up. The hunt
// has a thread of its own with a short slice; its share of the time is nobody's less.
// The same for every thread is no better: they then interrupt each other.
//
// Garbage is collected when the heap has doubled: beside a hunt, several times a
// second, and all that allocates waits for the collector meanwhile, requests too.
// The heap may grow to half of the memory that the process may have first.
type room struct {
	percent int // by which the heap grows before it is collected; 0 is Go's own
}

// places makes room for the hunt beside everybody else, and returns how many there
// were.
func places() int { return runtime.GOMAXPROCS(max(4, runtime.GOMAXPROCS(0)+1)) }

// fit says when garbage is collected next, by what was in use when it was last and
// by the bytes that the process may have.
func (r *room) fit(bound int64) {
	p := growth(readHeap(), min(bound, machineMemory()))
	if d := p - r.percent; r.percent != 0 && max(d, -d) <= r.percent/8 {
		return // each change stops everybody for a moment
	}
	r.percent = p
	debug.SetGCPercent(p)
}

// growth is by how many per cent a heap may grow: to half of the bound, or as Go
// has it, to twice what is in use, when that is more.
func growth(live, bound int64) int {
	live = max(live, 4<<20)
	return max(100, int(100*(float64(bound)/2/float64(live)-1)))
}
