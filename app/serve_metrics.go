package app

import (
	"fmt"
	"io"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"iolaus/guard"
)

// meters counts what a running server did; the page is Prometheus's text format.
type meters struct {
	stored, taken, repeated, foreign, damaged atomic.Int64
	counted                                   atomic.Int64
	steps, published, recognised, records     atomic.Int64
	unrecorded                                atomic.Int64
	stepNanos                                 atomic.Int64
	answers                                   [guard.Measures][2]atomic.Int64 // by measure; shadow, in force
	spent                                     [len(buckets) + 1]atomic.Int64
	spentSum                                  atomic.Int64
	memory                                    atomic.Int64
	eventTime                                 atomic.Int64

	mu      sync.Mutex
	refused map[string]int64
}

// buckets are the bounds of decision times, in nanoseconds.
var buckets = [...]int64{1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000, 50_000_000}

func (m *meters) answered(a *guard.Answer, spent time.Duration) {
	i := 0
	if !a.Shadow {
		i = 1
	}
	m.answers[a.Measure][i].Add(1)
	b := 0
	for b < len(buckets) && int64(spent) > buckets[b] {
		b++
	}
	m.spent[b].Add(1)
	m.spentSum.Add(int64(spent))
}

func (m *meters) refuse(reason string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refused == nil {
		m.refused = map[string]int64{}
	}
	m.refused[reason] += int64(n)
}

// readMemory is what the process holds, as the runtime knows it.
func readMemory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

// readHeap is what the last collection found to be in use.
func readHeap() int64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// gauge is one figure of the page.
type gauge struct {
	name, kind, help string
	value            float64
}

// write writes the page.
func (m *meters) write(w io.Writer, more []gauge) {
	all := append([]gauge{
		{"iolaus_exchanges_stored_total", "counter", "Exchanges acknowledged.", float64(m.stored.Load())},
		{"iolaus_exchanges_taken_total", "counter", "Exchanges read from the stream by the run.", float64(m.taken.Load())},
		{"iolaus_exchanges_counted", "gauge", "Distinct exchanges that the run knows, those from before a restart included.", float64(m.counted.Load())},
		{"iolaus_exchanges_repeated_total", "counter", "Exchanges that came more than once, counted once.", float64(m.repeated.Load())},
		{"iolaus_frames_foreign_total", "counter", "Frames of another key or of other signals, not used.", float64(m.foreign.Load())},
		{"iolaus_frames_damaged_total", "counter", "Damaged frames, not used.", float64(m.damaged.Load())},
		{"iolaus_hunts_total", "counter", "Steps of the hunt.", float64(m.steps.Load())},
		{"iolaus_hunt_seconds_total", "counter", "Time spent in steps of the hunt.", float64(m.stepNanos.Load()) / 1e9},
		{"iolaus_snapshots_total", "counter", "Snapshots published to the guard.", float64(m.published.Load())},
		{"iolaus_recognised_total", "counter", "Unknown accounts recognised by a campaign's habits.", float64(m.recognised.Load())},
		{"iolaus_decisions_unrecorded_total", "counter", "Decisions that were answered and not written down.", float64(m.unrecorded.Load())},
		{"iolaus_memory_bytes", "gauge", "Memory of the process, as the runtime knows it.", float64(m.memory.Load())},
		{"iolaus_heap_live_bytes", "gauge", "Heap that the last collection found in use.", float64(readHeap())},
		{"iolaus_event_time_seconds", "gauge", "Event time up to which exchanges were taken in.", float64(m.eventTime.Load())},
	}, more...)
	for _, g := range all {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %g\n", g.name, g.help, g.name, g.kind, g.name, g.value)
	}
	fmt.Fprint(w, "# HELP iolaus_decisions_total Answers to gateways.\n# TYPE iolaus_decisions_total counter\n")
	for i := range m.answers {
		for s, word := range [...]string{"true", "false"} {
			if n := m.answers[i][s].Load(); n > 0 {
				fmt.Fprintf(w, "iolaus_decisions_total{measure=%q,shadow=%q} %d\n", guard.Measure(i), word, n)
			}
		}
	}
	fmt.Fprint(w, "# HELP iolaus_decision_seconds Time to a decision, after the request was read.\n# TYPE iolaus_decision_seconds histogram\n")
	sum := int64(0)
	for i := range m.spent {
		sum += m.spent[i].Load()
		le := "+Inf"
		if i < len(buckets) {
			le = fmt.Sprint(float64(buckets[i]) / 1e9)
		}
		fmt.Fprintf(w, "iolaus_decision_seconds_bucket{le=%q} %d\n", le, sum)
	}
	fmt.Fprintf(w, "iolaus_decision_seconds_sum %g\niolaus_decision_seconds_count %d\n", float64(m.spentSum.Load())/1e9, sum)
	m.mu.Lock()
	defer m.mu.Unlock()
	fmt.Fprint(w, "# HELP iolaus_lines_refused_total Lines that were not used, by reason.\n# TYPE iolaus_lines_refused_total counter\n")
	for _, r := range sortedKeys(m.refused) {
		fmt.Fprintf(w, "iolaus_lines_refused_total{reason=%q} %d\n", r, m.refused[r])
	}
}
