package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"iolaus/hunt"
)

// A tempo is the picture of how accounts keep time together: days by hours of the
// day, each cell how far more or fewer of them were active than could be expected
// of accounts with their habits. It claims nothing where the hunt does not judge.
type tempo struct {
	Told    bool // there is enough to judge
	Queue   bool // it is judged to be the time of one queue
	Verdict string
	Why     string
	Counted string // whether it counted when the purpose was judged, where that differs
	Needs   []need

	Begin  int64 // of the first row, Unix seconds
	Days   []dayRow
	Shades []shade
	Silent string // outlines
	Data   string // of each cell from Begin on, seen and expected; empty where nothing could be expected
	Alt    string

	Own, World string // the hours of the day, as a line each
	Agree      string
}

// A need is one of the figures that the judgement rests on.
type need struct {
	Name, Value, Least string
	Met                bool
	Width              float64 // per cent; half is what is needed
}

type dayRow struct {
	Label   string
	Weekend bool
}

// A shade is all cells of one colour.
type shade struct{ Class, Path string }

// shadeNames are the colours from far fewer to far more than expected, and the
// standard deviations at which the next begins.
var (
	shadeNames = [...]string{"less2", "less1", "even", "more1", "more2"}
	shadeEdges = [...]float64{-2.5, -1, 1, 2.5}
)

func tempoOf(c *Campaign, r *Report) *tempo {
	t := &tempo{Queue: c.Tempo.Dispatched(), Told: c.Tempo.Hours > 0}
	if !t.Told {
		due := 0
		for _, b := range c.Beats {
			if b.Counts() {
				due++
			}
		}
		t.Verdict = "Too little to judge"
		t.Why = fmt.Sprintf("A habit shows when an account has lived through the same hour of three working or three weekend days, and the judgement takes %d hours in which enough accounts with a habit were due; there were %d. So nothing is claimed, for or against.", hunt.LeastTempo().Hours, due)
		return t
	}
	t.judge(c.Tempo)
	switch counted := c.Purpose.Tempo != nil; {
	case t.Queue && !counted:
		t.Counted = "When the purpose was last judged it was not enough yet, and did not count."
	case !t.Queue && counted:
		t.Counted = "When the purpose was last judged, over another sample of the accounts or other hours, it was enough and counted."
	}
	t.lay(c.Beats)
	t.profile(c, r)
	t.Alt = fmt.Sprintf("Days by hours of the day. Of %s hours in which enough accounts were due, %s were silent. %s.", comma(c.Tempo.Hours), comma(c.Tempo.Silent), t.Verdict)
	return t
}

// judge says what the figures are and what they need to be.
func (t *tempo) judge(x hunt.Tempo) {
	least := hunt.LeastTempo()
	row := func(name, value, needed string, got, want float64) {
		t.Needs = append(t.Needs, need{name, value, needed, got >= want, max(0, min(100, 50*got/want))})
	}
	row("together beyond chance", fmt.Sprintf("%.1f σ", x.Z), fmt.Sprintf("%.0f σ", least.Z), x.Z, least.Z)
	row("hours of silence", comma(x.Silent), comma(least.Silent), float64(x.Silent), float64(least.Silent))
	row("told by silence, not by bursts", percent(x.Falling), percent(least.Falling), x.Falling, least.Falling)
	if t.Queue {
		t.Verdict = "They keep one time, as one queue does"
		t.Why = fmt.Sprintf("How many of them are active at once varies %.1f times as much as it would if each kept its own hours and went with the tide of the whole log. In %s hardly any was active, though several were due.", x.Excess, plural(x.Silent, "hour", "hours"))
		return
	}
	t.Verdict = "They do not keep one time as a queue would"
	t.Why = fmt.Sprintf("How many of them are active at once varies %.1f times as much as it would if each kept its own hours and went with the tide of the whole log; that, or its silences, is not enough. It does not clear them either: heads that each keep human hours look like this.", x.Excess)
}

// High is the height of the picture's cells, for the template.
func (t *tempo) High() int { return 10 * len(t.Days) }

// lay puts the hours into rows of a day.
func (t *tempo) lay(beats []hunt.Beat) {
	first := 0
	for first < len(beats) && !beats[first].Counts() {
		first++
	}
	beats = beats[max(0, first-int(beats[first].Hour%24)):]
	day0 := beats[0].Hour / 24
	t.Begin = int64(day0) * 24 * 3600
	paths := make([]strings.Builder, len(shadeNames))
	var silent, data strings.Builder
	for range beats[0].Hour % 24 {
		data.WriteByte(';')
	}
	for _, b := range beats {
		x, y := b.Hour%24, b.Hour/24-day0
		if int(y) == len(t.Days) {
			at := time.Unix(int64(b.Hour)*3600, 0).UTC()
			t.Days = append(t.Days, dayRow{at.Format("Mon 2 Jan"), at.Weekday() == time.Saturday || at.Weekday() == time.Sunday})
		}
		if b.Counts() {
			cell := fmt.Sprintf("M%d %dh9v9h-9z", 10*x, 10*y)
			paths[shadeAt((b.Seen-b.Expected)/math.Sqrt(b.Spread))].WriteString(cell)
			if b.Silent() {
				silent.WriteString(cell)
			}
			fmt.Fprintf(&data, "%.0f,%.1f", b.Seen, b.Expected)
		}
		data.WriteByte(';')
	}
	for i := range paths {
		if paths[i].Len() > 0 {
			t.Shades = append(t.Shades, shade{shadeNames[i], paths[i].String()})
		}
	}
	t.Silent, t.Data = silent.String(), data.String()
}

func shadeAt(z float64) int {
	i := 0
	for i < len(shadeEdges) && z >= shadeEdges[i] {
		i++
	}
	return i
}

// profile compares the accounts' hours of the day with everybody else's, over the
// time in which the accounts lived. It is drawn and never judged: who lives elsewhere
// wakes elsewhere.
func (t *tempo) profile(c *Campaign, r *Report) {
	heard := map[uint32]float64{}
	from, to := c.Hours[0].Start, c.Hours[0].Start
	for _, h := range c.Hours {
		heard[h.Start]++
		from, to = min(from, h.Start), max(to, h.Start)
	}
	var own, world, n [24]float64
	for _, h := range r.Traffic {
		if h.Start < from || h.Start > to {
			continue
		}
		x := h.Start / 3600 % 24
		n[x]++
		own[x] += heard[h.Start]
		world[x] += max(0, float64(h.Active)-heard[h.Start])
	}
	for x := range n {
		own[x] /= max(1, n[x])
		world[x] /= max(1, n[x])
	}
	mine, all := total(own[:]), total(world[:])
	if mine == 0 || all == 0 {
		return
	}
	agree, top := 0.0, 0.0
	for x := range own {
		own[x], world[x] = own[x]/mine, world[x]/all
		agree += min(own[x], world[x])
		top = max(top, own[x], world[x])
	}
	t.Own, t.World = steps(own[:], top, true), steps(world[:], top, false)
	t.Agree = percent(agree)
}

// total is the sum of what is known.
func total(values []float64) (sum float64) {
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
		}
	}
	return sum
}

// steps is a path of one step a value, 100 high at the top and never higher; where
// a value is not known there is none. A filled one stands on the ground.
func steps(values []float64, top float64, filled bool) string {
	var b strings.Builder
	open := false
	ground := func() {
		if open && filled {
			b.WriteString("V100Z")
		}
		open = false
	}
	for x, v := range values {
		y := 100 - 98*min(1, v/max(top, 1e-9))
		switch {
		case math.IsNaN(v):
			ground()
			continue
		case !open && filled:
			fmt.Fprintf(&b, "M%d 100", x)
		case !open:
			fmt.Fprintf(&b, "M%d %.1f", x, y)
		}
		open = true
		fmt.Fprintf(&b, "V%.1fH%d", y, x+1)
	}
	ground()
	return b.String()
}
