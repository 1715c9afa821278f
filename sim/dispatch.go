package sim

import (
	"cmp"
	"math"
	"slices"
)

// dispatch hands the list out: every head's working times, merged, take the next items.
func (c *campaign) dispatch() {
	var queue []job
	for _, s := range c.slots() {
		if len(queue) == 0 || !c.Spread {
			queue = append(queue[:0], c.next()...)
		}
		n := 1
		if !c.Spread {
			n = len(queue)
		}
		for k, j := range queue[:n] {
			c.do(c.heads[s.head], j, s.at+int64(k)*int64(c.d.between(1500, 6000)))
		}
		queue = queue[n:]
	}
}

// slot is a time at which a head takes work.
type slot struct {
	at   int64
	head int
}

// slots merges every head's working times.
func (c *campaign) slots() []slot {
	steps := 0.0 // requests that an item takes
	for _, name := range c.Targets {
		steps++
		if targets[name].walks {
			steps += 2
		}
	}
	steps /= float64(len(c.Targets))
	var out []slot
	for i, h := range c.heads {
		rate := c.PerDay * (1 - c.Cover - c.Relay) * h.lognormal(1, .5)
		var cal calendar
		cv := 1.2
		if c.Dispatcher == "human" {
			cal, cv = c.b.human(h.actor), 2.2
		} else {
			cal = c.alive(h)
		}
		for _, t := range cal.arrivals(h.dice, rate/steps*c.b.days(h.actor), cv) {
			out = append(out, slot{t, i})
		}
	}
	slices.SortFunc(out, func(x, y slot) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.head, y.head)) })
	return out
}

// next takes an item off the list, or one that another head has had already; with
// sampling it comes several times.
func (c *campaign) next() []job {
	var j job
	if len(c.recent) > 50 && c.d.chance(c.Overlap) {
		j = choose(c.d, c.recent)
	} else {
		j.target = c.d.IntN(len(c.Targets))
		j.item = c.cursor[j.target]
		c.cursor[j.target]++
		j.salt = c.d.Uint32()
		if len(c.recent) < 400 {
			c.recent = append(c.recent, j)
		} else {
			c.recent[c.d.IntN(400)] = j
		}
	}
	out := []job{j}
	for range c.Samples - 1 {
		out = append(out, j)
	}
	return out
}

// do queues one job on a head, a failure of it perhaps on another.
func (c *campaign) do(h *head, j job, t int64) {
	e := event{at: t, salt: j.salt, item: j.item, sub: -1, desk: h.work[j.target], work: true}
	steps := 1
	if targets[c.Targets[j.target]].walks {
		steps = 2 + int(j.salt%3)
	}
	fail := h.failures(c.PerDay)
	for step := range steps {
		e.turn = uint16(step)
		h.send(e, fail, func(e event) bool {
			other := c.handOver(h, e, j)
			if other != nil && steps > 1 && c.d.chance(c.Carry) {
				h, e.desk = other, other.work[j.target] // the run goes on there
			}
			return other != nil
		})
		e.desk = h.work[j.target]
		e.at += int64(h.lognormal(6, .5) * float64(second))
	}
}

// handOver repeats a failed request on another living head within seconds; nil when
// none takes it. In a run of several steps it presents what the first head was given.
func (c *campaign) handOver(h *head, e event, j job) *head {
	if !c.d.chance(c.Failover) {
		return nil
	}
	for range 8 {
		other := choose(c.d, c.heads)
		if other == h || other.from > e.at || other.until <= e.at+minute {
			continue
		}
		e.at += int64(c.d.lognormal(c.FailAfter, .6) * float64(second))
		e.desk = other.work[j.target]
		if e.turn > 0 {
			e.seal = uint32(h.seed)
		}
		other.add(e)
		return other
	}
	return nil
}

// alive limits the dispatcher's calendar to a head's life and, by knob, to its shifts:
// some hours of some days.
func (c *campaign) alive(h *head) calendar {
	out := calendar{c.cal.start, slices.Clone(c.cal.sums)}
	seed, first, length := h.Uint64(), int64(h.IntN(24)), int64(h.between(3, 11))
	rest := .25 + .4*h.Float64()
	for i := 1; i < len(out.sums); i++ {
		w := c.cal.sums[i] - c.cal.sums[i-1]
		a, z := out.start+int64(i-1)*hour, out.start+int64(i)*hour
		w *= math.Max(0, float64(min(z, h.until)-max(a, h.from))/float64(hour))
		if c.Dispatcher == "shifts" {
			n := (a/hour + 24 - first) / 24
			if (a/hour+24-first)%24 >= length || float64(mix(seed+uint64(n))>>11)/(1<<53) < rest {
				w = 0
			}
		}
		out.sums[i] = out.sums[i-1] + w
	}
	return out
}
