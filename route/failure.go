package route

import "time"

// failures remembers the latest failed attempts, so that a success elsewhere in
// the same session is seen as what it is: a fail-over.
type failures struct {
	last map[attempt]failed
}

type attempt struct {
	w       *workload
	session string
}

type failed struct {
	at   time.Time
	flow *flow
	line Line
}

// failuresMost bounds the memory: older failures are forgotten first.
const failuresMost = 1 << 15

// see takes one exchange and says whether it came here after a failure on
// another way, and on which, as far as known.
func (m *failures) see(d *Digest, w *workload, f *flow, within time.Duration) (from failed, moved bool) {
	if d.Failed {
		if d.Session != "" {
			m.keep(attempt{w, d.Session}, failed{d.Time, f, lineOf(d, f.place)}, within)
		}
		return failed{}, false
	}
	if d.Session != "" {
		key := attempt{w, d.Session}
		if was, ok := m.last[key]; ok {
			delete(m.last, key)
			if d.Time.Sub(was.at) <= within && elsewhere(was.flow, f) {
				return was, true
			}
		}
	}
	return failed{}, d.Fallbacks > 0
}

func (m *failures) keep(k attempt, f failed, within time.Duration) {
	if m.last == nil {
		m.last = map[attempt]failed{}
	}
	if len(m.last) >= failuresMost {
		for old, was := range m.last {
			if f.at.Sub(was.at) > within {
				delete(m.last, old)
			}
		}
		if len(m.last) >= failuresMost {
			return // more failures at once than are worth following
		}
	}
	m.last[k] = f
}

// elsewhere says whether two ways end at different places.
func elsewhere(a, b *flow) bool {
	return a.place.Service != b.place.Service || a.place.Host != b.place.Host || a.place.Region != b.place.Region
}
