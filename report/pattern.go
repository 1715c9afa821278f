package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Rules of what is worth a word about a picture.
const (
	jointShare  = 0.15 // of the accounts that begin in one column
	jointLeast  = 3
	quietChance = 0.01 // silences told by mistake in a picture, at most
	quietActive = 0.03 // of the expected ones that may still be heard, in large campaigns
	gapShare    = 0.1  // of the log's median volume, below which there is no log
	saidMost    = 3    // examples of a kind
)

// patterns finds joint starts, bans, joint silences and gaps of the log.
func (p *picture) patterns(r *Report) {
	p.Starts, p.Bans, p.Active = make([]int, p.Columns), make([]int, p.Columns), make([]int, p.Columns)
	alive := make([]int, p.Columns+1)
	heard, lived, spells := 0, 0, 0
	for i := range p.Names {
		if p.First[i] < 0 {
			continue
		}
		p.Starts[p.First[i]]++
		if b := p.Ban[i]; b >= 0 && b < p.Columns {
			p.Bans[b]++
		}
		alive[p.First[i]]++
		alive[p.Last[i]+1]--
		lived += p.Last[i] - p.First[i] + 1
		for x, n := range p.cells[i] {
			if n > 0 {
				p.Active[x]++
				heard++
				if x == 0 || p.cells[i][x-1] == 0 {
					spells++
				}
			}
		}
	}
	tide := p.tide(r)
	p.silences(alive, tide, float64(heard)/float64(max(1, lived)), float64(max(1, heard))/float64(max(1, spells)))
}

// silences marks runs of columns in which accounts that live are not heard, though
// several would have been, had each gone its own way within the tide of the log:
// where everybody is asleep, a silence says nothing. Use comes in spells, so it is
// spells that are expected, of the mean length: those under way and those to begin.
// That none of n expected spells is there has the chance e^-n.
func (p *picture) silences(alive []int, tide []float64, rate, spell float64) {
	living, expected, from := 0, 0.0, -1
	for x := 0; x <= p.Columns; x++ {
		still, due := false, 0.0
		if x < p.Columns {
			living += alive[x]
			due = min(1, rate*tide[x]) * float64(living)
			still = living >= jointLeast && float64(p.Active[x]) <= quietActive*due && !within(p.Gaps, x)
		}
		switch {
		case still:
			if from < 0 {
				from, expected = x, due
			}
			expected += due / spell
		case from >= 0:
			if float64(p.Columns)*math.Exp(-expected) <= quietChance {
				p.Quiet = append(p.Quiet, [2]int{from, x})
			}
			from = -1
		}
	}
}

// tide is the whole log's traffic by column, 1 on average. It marks the columns in
// which the log is all but empty: no silence of a campaign can be told there.
func (p *picture) tide(r *Report) []float64 {
	out := slices.Repeat([]float64{1}, p.Columns)
	if len(r.Traffic) == 0 || p.Columns == 0 {
		return out
	}
	sum := uint64(0)
	all := make([]uint64, p.Columns)
	for _, h := range r.Traffic {
		if x := (int64(h.Start) - p.Begin) / p.Step; int64(h.Start) >= p.Begin && x < int64(p.Columns) {
			all[x] += uint64(h.Exchanges)
			sum += uint64(h.Exchanges)
		}
	}
	sorted := slices.Sorted(slices.Values(all))
	floor := gapShare * float64(sorted[len(sorted)/2])
	for x, n := range all {
		out[x] = float64(n) * float64(p.Columns) / float64(max(1, sum))
		if float64(n) >= floor && n > 0 {
			continue
		}
		if k := len(p.Gaps); k > 0 && p.Gaps[k-1][1] == x {
			p.Gaps[k-1][1]++
		} else {
			p.Gaps = append(p.Gaps, [2]int{x, x + 1})
		}
	}
	return out
}

func within(spans [][2]int, x int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= x && x < s[1] })
}

// says puts what the picture shows into sentences.
func (p *picture) says(c *Campaign, r *Report) []string {
	if p.Columns == 0 {
		return nil
	}
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, sentence(s))
		}
	}
	add(p.begins(r))
	add(p.jointStarts(r))
	add(p.stillness())
	add(p.succession(c))
	add(p.before(c))
	if len(p.Gaps) > 0 {
		n := 0
		for _, g := range p.Gaps {
			n += g[1] - g[0]
		}
		add("The log itself is all but empty for " + lasting(time.Duration(n)*p.step()) + "; nothing is read into that")
	}
	return out
}

func (p *picture) step() time.Duration { return time.Duration(p.Step) * time.Second }

// begins says how many were there before the log was.
func (p *picture) begins(r *Report) string {
	if r.From.IsZero() {
		return ""
	}
	edge, n := p.column(r.From.Add(2*time.Hour)), 0
	for _, f := range p.First {
		if f >= 0 && f <= edge {
			n++
		}
	}
	if n < jointLeast {
		return ""
	}
	return fmt.Sprintf("%s of its accounts are active from the log's first two hours: the campaign may be older than the log", comma(n))
}

func (p *picture) jointStarts(r *Report) string {
	edge := p.column(r.From.Add(2 * time.Hour))
	var columns []int
	for x, n := range p.Starts {
		if x > edge && n >= jointLeast && float64(n) >= jointShare*float64(len(p.Names)) {
			columns = append(columns, x)
		}
	}
	if len(columns) == 0 {
		return ""
	}
	slices.SortStableFunc(columns, func(a, b int) int { return cmp.Compare(p.Starts[b], p.Starts[a]) })
	s := fmt.Sprintf("joint start: %s of %s accounts made their first exchange within %s, from %s", comma(p.Starts[columns[0]]), comma(len(p.Names)), lasting(p.step()), hourOf(p.start(columns[0])))
	if n := len(columns) - 1; n > 0 {
		s += fmt.Sprintf("; %s more such starts", comma(n))
	}
	return s
}

func (p *picture) stillness() string {
	if len(p.Quiet) == 0 {
		return ""
	}
	longest := slices.Clone(p.Quiet)
	slices.SortStableFunc(longest, func(a, b [2]int) int { return cmp.Compare(b[1]-b[0], a[1]-a[0]) })
	s := "joint silence: none of the living accounts was heard"
	var said []string
	for _, q := range longest[:min(saidMost, len(longest))] {
		said = append(said, fmt.Sprintf("for %s from %s", lasting(time.Duration(q[1]-q[0])*p.step()), hourOf(p.start(q[0]))))
	}
	s += " " + listed(said)
	if n := len(longest) - len(said); n > 0 {
		s += fmt.Sprintf(", and %s more", plural(n, "time", "times"))
	}
	return s + ". Had each gone its own way at the hours that others keep, several would have been heard in each"
}

func (p *picture) succession(c *Campaign) string {
	banned := 0
	for i := range c.Accounts {
		if c.Accounts[i].Banned != nil {
			banned++
		}
	}
	if banned == 0 {
		return ""
	}
	s := fmt.Sprintf("%s of %s accounts were banned", comma(banned), comma(len(c.Accounts)))
	if len(c.Heirs) == 0 {
		return s + "; nobody was seen to take their place"
	}
	hours := make([]float64, len(c.Heirs))
	for i, h := range c.Heirs {
		hours[i] = h.Hours
	}
	slices.Sort(hours)
	return s + fmt.Sprintf("; after %s of the bans a new account carried on, %s later in the middle case. Who follows whom is read from the order of bans and beginnings", comma(len(hours)), lasting(time.Duration(hours[len(hours)/2]*float64(time.Hour))))
}

// before says what was gone when the evidence sufficed.
func (p *picture) before(c *Campaign) string {
	gone, all := uint64(0), uint64(0)
	for x, n := range p.Volume {
		all += uint64(n)
		if p.start(x+1).Before(c.DetectedAt) || p.start(x+1).Equal(c.DetectedAt) {
			gone += uint64(n)
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("%s of what it took, %s, was gone by %s, when the evidence first sufficed", percent(float64(gone)/float64(all)), plural(gone, "exchange", "exchanges"), hourOf(c.DetectedAt))
}
