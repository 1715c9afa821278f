package report

import (
	"fmt"
	"math"
	"slices"
	"time"

	"iolaus/campaign"
)

// Rules of what is said about the time after an outside event.
const (
	daysAround = 3  // drawn on both sides, and at most compared with
	binHours   = 3  // of a bar
	leastTaken = 30 // exchanges before it, to compare with
	mostAfter  = 12 // events in full
)

// An aftermath is what a campaign did after an outside event: how much, beside
// everybody else, and whether its accounts moved to a model that came out.
type aftermath struct {
	Event
	Number int // of its flag in the picture

	Own, World string // volume around it, in steps
	Volume     string // in words
	Heads      string // who began and who was banned in the day after it

	Asked         bool // a model came out: whether they moved is told
	Moved, Others string
	Models        string // in words
}

// aftermathsOf tells of the events that the picture of a campaign marks.
func aftermathsOf(c *Campaign, r *Report, p *picture) []aftermath {
	if p.Columns == 0 {
		return nil
	}
	own, all := byHour(c.Hours), byHour(r.Traffic)
	var out []aftermath
	for _, e := range p.marked(r) {
		a := aftermath{Event: e, Number: len(out) + 1}
		if len(out) < mostAfter {
			v := around{at: e.At, log: r.From, to: r.To, from: later(r.From, c.First), own: own, all: all}
			a.Own, a.World = v.draw()
			a.Volume = sentence(v.say())
			a.Heads = headsAfter(c, e.At)
			a.models(c, r.To)
		}
		out = append(out, a)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func byHour(hours []Hour) map[int64]float64 {
	out := make(map[int64]float64)
	for _, h := range hours {
		out[int64(h.Start)] += float64(h.Exchanges)
	}
	return out
}

// around is the volume about a moment: a campaign's, and the whole log's.
type around struct {
	at       time.Time
	log, to  time.Time // first and last of the log
	from     time.Time // of what the campaign can be compared with
	own, all map[int64]float64
}

// sum is what the campaign and everybody else sent in whole hours from a time on.
func (v *around) sum(from time.Time, hours int) (own, others float64) {
	begin := from.Unix() - from.Unix()%3600
	for h := range int64(hours) {
		at := begin + 3600*h
		own += v.own[at]
		others += max(0, v.all[at]-v.own[at])
	}
	return own, others
}

// draw is the volume of both as steps, on scales on which they were equal before,
// as far as both were there before.
func (v *around) draw() (own, others string) {
	const bins = 2 * daysAround * 24 / binHours
	mine, rest := make([]float64, bins), make([]float64, bins)
	before, usual := 0.0, 0.0
	for i := range bins {
		begin := v.at.Add(time.Duration(i-bins/2) * binHours * time.Hour)
		mine[i], rest[i] = v.sum(begin, binHours)
		if i < bins/2 && !begin.Before(v.from.Truncate(time.Hour)) {
			before, usual = before+mine[i], usual+rest[i]
		}
		if begin.Before(v.log.Truncate(time.Hour)) || begin.Add(binHours*time.Hour).After(v.to.Add(time.Hour)) {
			mine[i], rest[i] = math.NaN(), math.NaN() // not, or not wholly, in the log
		}
	}
	if before == 0 || usual == 0 {
		before, usual = total(mine), total(rest)
	}
	for i := range rest {
		rest[i] *= before / max(1, usual)
	}
	top := peak(mine)
	top = max(top, min(peak(rest), 2*top)) // a line may leave the picture, it must not flatten the bars
	if total(rest) == 0 {
		return steps(mine, top, true), ""
	}
	return steps(mine, top, true), steps(rest, top, false)
}

// peak is the largest of what is known.
func peak(values []float64) (top float64) {
	for _, v := range values {
		if v > top {
			top = v
		}
	}
	return top
}

// say compares the day after with the days before, and claims nothing where there
// is no whole day on both sides, or next to nothing.
func (v *around) say() string {
	days := min(daysAround, int(v.at.Sub(v.from.Truncate(time.Hour))/(24*time.Hour)))
	switch {
	case v.at.Before(v.from):
		return "it had not begun; there is nothing before to compare with"
	case days < 1:
		return "it had begun less than a day before; there is too little to compare with"
	case v.to.Sub(v.at) < 24*time.Hour-time.Minute:
		return "the log ends less than a day after it; nothing is claimed"
	}
	before := make([]float64, days)
	mean, usual := 0.0, 0.0
	for i := range before {
		own, others := v.sum(v.at.AddDate(0, 0, -1-i), 24)
		before[i] = own
		mean += own / float64(days)
		usual += others / float64(days)
	}
	if mean*float64(days) < leastTaken {
		return fmt.Sprintf("it had taken %s in the %s before; that is too little to compare with", plural(int(mean*float64(days)+.5), "exchange", "exchanges"), plural(days, "day", "days"))
	}
	after, others := v.sum(v.at, 24)
	s := fmt.Sprintf("%s in the day after", plural(int(after), "exchange", "exchanges"))
	if low, high := slices.Min(before), slices.Max(before); days > 1 {
		s += fmt.Sprintf(", where the %d days before had %s to %s", days, comma(int(low)), comma(int(high)))
	} else {
		s += fmt.Sprintf(", %s in the day before", comma(int(mean)))
	}
	s += fmt.Sprintf(": %.1f times its mean", after/mean)
	if usual > 0 {
		s += fmt.Sprintf(", everybody else %.1f times", others/usual)
	}
	return s
}

// headsAfter counts who began and who was banned in the day after a moment.
func headsAfter(c *Campaign, at time.Time) string {
	in := func(t time.Time) bool { return !t.Before(at) && t.Sub(at) < 24*time.Hour }
	first := map[uint32]uint32{}
	for _, h := range c.Hours {
		if f, ok := first[h.Account]; !ok || h.Start < f {
			first[h.Account] = h.Start
		}
	}
	began, banned := 0, 0
	for _, f := range first {
		if in(time.Unix(int64(f), 0)) {
			began++
		}
	}
	for i := range c.Accounts {
		if b := c.Accounts[i].Banned; b != nil && in(*b) {
			banned++
		}
	}
	var parts []string
	if began > 0 {
		parts = append(parts, plural(began, "account began", "accounts began"))
	}
	switch {
	case banned > 0 && began > 0:
		parts = append(parts, plural(banned, "was", "were")+" banned")
	case banned > 0:
		parts = append(parts, plural(banned, "account was", "accounts were")+" banned")
	}
	if len(parts) == 0 {
		return ""
	}
	return sentence(listed(parts) + " in that day")
}

// models says whether the accounts moved to a model that came out before the log's end.
func (a *aftermath) models(c *Campaign, end time.Time) {
	if !a.Release() || !a.At.Before(end) {
		return
	}
	i := slices.IndexFunc(c.Pivots, func(p campaign.Pivot) bool { return p.Model == a.Model && p.At.Equal(a.At) })
	if i < 0 {
		a.Models = "Who moved to it is told when iolaus detect is given these events."
		return
	}
	p := &c.Pivots[i]
	if p.Few() {
		a.Models = fmt.Sprintf("Of its accounts from before, %s active in the day after; that is too few to say whether they moved.", plural(p.Active, "was", "were"))
		return
	}
	a.Asked = len(p.Course) > 1
	a.Models = fmt.Sprintf("%s of the %s that were active in the day after asked for it, %s; of everybody else %s.", comma(p.Moved), plural(p.Active, "account", "accounts"), percent(float64(p.Moved)/float64(p.Active)), percent(p.Others))
	if h := p.Hours(); h > 0 {
		a.Models += fmt.Sprintf(" Half of them had within %s.", lasting(time.Duration(h)*time.Hour))
	}
	if p.Exchanges > 0 {
		a.Models += fmt.Sprintf(" It had %s of their exchanges that day, %s of everybody else's.", percent(p.Share), percent(p.OthersShare))
	}
	if end.Sub(a.At) < 24*time.Hour-time.Minute {
		a.Models += " The log ends before that day does."
	}
	if a.Asked {
		a.Moved = steps(p.Course, 1, true)
		if len(p.OthersCourse) == len(p.Course) {
			a.Others = steps(p.OthersCourse, 1, false)
		}
	}
}
