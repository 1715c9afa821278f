package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Plots draws the board: file names and SVG.
func (b *Board) Plots() map[string]string {
	out := map[string]string{
		"recall.svg":  b.plotRecall(),
		"lost.svg":    b.plotLost(),
		"harm.svg":    b.plotHarm(),
		"budgets.svg": b.plotBudgets(),
	}
	if len(b.Studies) > 0 {
		out["hardest.svg"] = b.plotStudies()
	}
	return out
}

// hunted lists the worlds that have operators.
func (b *Board) hunted() []string {
	var out []string
	for _, w := range b.Worlds {
		if f := b.of(w.Name, b.Contenders[0].Name); f.Operators > 0 {
			out = append(out, w.Name)
		}
	}
	return out
}

// entrants are the contenders that are no ablation of ours, with their colours.
func (b *Board) entrants() (names, paint []string) {
	for _, c := range b.Contenders {
		if !c.Ablation {
			names, paint = append(names, c.Name), append(paint, colours[len(names)%len(colours)])
		}
	}
	return names, paint
}

// zero is the recall at zero innocents flagged that a contender is drawn with:
// ours as it is deployed, the others' best setting in hindsight.
func (b *Board) zero(world string, i int, name string) float64 {
	f := b.of(world, name)
	if i == 0 {
		return f.Recall
	}
	return f.hindsight()
}

func (b *Board) plotRecall() string {
	names, paint := b.entrants()
	worlds := b.hunted()
	const left, right, row = 110, 30, 34
	c := newCanvas(760, 118+float64(len(worlds))*row+34, "Recall without harming anybody")
	c.text(16, 28, "title", "start", "Recall of the operators' accounts")
	c.text(16, 47, "sub", "start", fmt.Sprintf("%s with its defaults; the others with the best setting in hindsight that flags no innocent, unless it is 0", names[0]))
	top := 68 + c.legend(16, 70, names, paint)
	x := func(v float64) float64 { return left + v*(c.width-left-right) }
	bottom := top + float64(len(worlds))*row
	for v := 0.0; v <= 1.001; v += .2 {
		c.line(x(v), top, x(v), bottom, "grid")
		c.text(x(v), bottom+18, "small", "middle", fmt.Sprintf("%.1f", v))
	}
	for k, w := range worlds {
		y := top + (float64(k)+.5)*row
		c.text(left-12, y+4, "", "end", w)
		c.line(x(0), y, x(1), y, "grid")
		at := map[int]int{}
		for i := len(names) - 1; i >= 0; i-- {
			v := b.zero(w, i, names[i])
			if v == 0 && i > 0 {
				continue // what finds nothing would only cover the axis
			}
			tip := fmt.Sprintf("%s on %s: %.3f, %d innocents flagged", names[i], w, v, b.of(w, names[i]).BenignFlagged)
			if i > 0 {
				tip = fmt.Sprintf("%s on %s: %.3f in hindsight", names[i], w, v)
			}
			slot := int(v * 60)
			up := 6.0 * float64(at[slot])
			at[slot]++
			if i == 0 {
				c.stroke(x(0), y, x(v), y, paint[0], 3)
				c.dot(x(v), y, 8, paint[0], tip)
			} else {
				c.dot(x(v), y-up+6, 4.5, paint[i], tip)
			}
		}
		if n := b.of(w, names[0]).BenignFlagged; n > 0 {
			c.text(c.width-right+4, y+4, "small", "start", fmt.Sprintf("−%d", n))
		}
	}
	return c.done()
}

func (b *Board) plotLost() string {
	worlds := b.hunted()
	ours := b.Contenders[0].Name
	const left, right, row = 110, 120, 30
	c := newCanvas(760, 96+float64(len(worlds))*row, "Exchanges lost before detection")
	c.text(16, 28, "title", "start", "Exchanges lost before detection")
	c.text(16, 47, "sub", "start", "share of an operator's exchanges before each of its accounts was flagged: median (bar), 90th percentile (line)")
	x := func(v float64) float64 { return left + v*(c.width-left-right) }
	top := 64.0
	bottom := top + float64(len(worlds))*row
	for v := 0.0; v <= 1.001; v += .25 {
		c.line(x(v), top, x(v), bottom, "grid")
		c.text(x(v), bottom+18, "small", "middle", fmt.Sprintf("%.0f %%", 100*v))
	}
	for k, w := range worlds {
		f := b.of(w, ours)
		y := top + float64(k)*row + 6
		c.text(left-12, y+13, "", "end", w)
		c.bar(x(0), y, x(f.Lost.Median)-x(0), 18, colours[0], fmt.Sprintf("%s: median %s", w, percent(f.Lost.Median)))
		c.stroke(x(f.Lost.Median), y+9, x(f.Lost.P90), y+9, colours[4], 2)
		c.stroke(x(f.Lost.P90), y+3, x(f.Lost.P90), y+15, colours[4], 2)
		c.text(c.width-right+10, y+13, "small", "start", hours(f.Hours)+hourUnit(f.Hours))
	}
	c.text(c.width-right+10, 60, "small", "start", "to detection")
	return c.done()
}

func hourUnit(s Spread) string {
	if s.N == 0 || s.Median < 0 {
		return ""
	}
	return " h"
}

// plotHarm shows the rate at which innocents of each group are flagged by ours,
// with exact intervals, on a root scale.
func (b *Board) plotHarm() string {
	ours := b.Contenders[0].Name
	var groups []Group
	for _, g := range b.Groups(ours) {
		if g.By == "crowd" || g.By == "script" || g.By == "language" {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(x, y Group) int { return cmp.Compare(x.By, y.By) })
	const left, right, row = 190, 90, 18
	c := newCanvas(760, 112+float64(len(groups)+3)*row, "Innocents flagged, by group")
	c.text(16, 28, "title", "start", "Innocent accounts that "+ours+" flags, by group")
	c.text(16, 47, "sub", "start", "share with its exact 95 % interval, all worlds and seeds; a wide interval is a small group")
	most := .002
	for _, g := range groups {
		most = max(most, min(g.High, .2))
	}
	x := func(v float64) float64 { return left + math.Sqrt(min(v, most)/most)*(c.width-left-right) }
	top := 66.0
	bottom := top + float64(len(groups)+3)*row
	for _, v := range []float64{0, .0001, .001, .005, .01, .02, .05, .1, .2} {
		if v <= most {
			c.line(x(v), top, x(v), bottom, "grid")
			c.text(x(v), bottom+16, "small", "middle", fmt.Sprintf("%g %%", 100*v))
		}
	}
	y, by := top, ""
	for _, g := range groups {
		if g.By != by {
			by = g.By
			y += row
			c.text(16, y-4, "small", "start", "by "+by)
		}
		colour := colours[0]
		if g.Flagged > 0 {
			colour = colours[4]
		}
		tip := fmt.Sprintf("%s %s: %d of %d", g.By, g.Name, g.Flagged, g.Benign)
		c.text(left-12, y+13, "", "end", g.Name)
		c.stroke(x(g.Low), y+9, x(g.High), y+9, colour, 2)
		c.dot(x(g.FPR), y+9, 4.5, colour, tip)
		c.text(c.width-right+8, y+13, "small", "start", fmt.Sprintf("%d / %d", g.Flagged, g.Benign))
		y += row
	}
	return c.done()
}

// plotBudgets shows the mean recall over the worlds as more innocents may be
// harmed.
func (b *Board) plotBudgets() string {
	names, paint := b.entrants()
	const left, right = 56, 150
	c := newCanvas(760, 380, "What harming innocents would buy")
	c.text(16, 28, "title", "start", "What harming innocents would buy")
	c.text(16, 47, "sub", "start", "mean recall over the worlds, best setting per world in hindsight, by the share of innocents it may flag")
	top, bottom := 70.0, c.height-40
	x := func(i int) float64 { return left + float64(i)/float64(len(budgets)-1)*(c.width-left-right) }
	y := func(v float64) float64 { return bottom - v*(bottom-top) }
	for v := 0.0; v <= 1.001; v += .25 {
		c.line(left, y(v), c.width-right, y(v), "grid")
		c.text(left-8, y(v)+4, "small", "end", fmt.Sprintf("%.2f", v))
	}
	for i, v := range budgets {
		c.line(x(i), bottom, x(i), bottom+5, "axis")
		c.text(x(i), bottom+20, "small", "middle", fmt.Sprintf("≤ %g %%", 100*v))
	}
	type end struct {
		y float64
		i int
	}
	var ends []end
	for i := len(names) - 1; i >= 0; i-- {
		var line [][2]float64
		for k := range budgets {
			line = append(line, [2]float64{x(k), y(b.meanBudget(names[i], k))})
		}
		width := 2.0
		if i == 0 {
			width = 3.5
		}
		c.path(line, paint[i], width)
		for k, p := range line {
			c.dot(p[0], p[1], width+1.5, paint[i], fmt.Sprintf("%s: %.3f", names[i], b.meanBudget(names[i], k)))
		}
		ends = append(ends, end{line[len(line)-1][1], i})
	}
	slices.SortFunc(ends, func(a, b end) int { return cmp.Compare(a.y, b.y) })
	last := top - 20
	for _, e := range ends {
		last = max(e.y, last+15)
		fmt.Fprintf(c, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`+"\n", c.width-right+16, last, paint[e.i])
		c.text(c.width-right+26, last+4, "", "start", names[e.i])
	}
	return c.done()
}

// plotStudies sets ours between the reference and the bound.
func (b *Board) plotStudies() string {
	const left, right, row = 210, 60, 24
	c := newCanvas(760, 84+float64(len(b.Studies))*(4*row+30), "The hardest worlds")
	c.text(16, 28, "title", "start", "The hardest worlds: ours, the reference and the bound")
	c.text(16, 47, "sub", "start", "share of the operators' accounts")
	x := func(v float64) float64 { return left + v*(c.width-left-right) }
	y := 68.0
	for i := range b.Studies {
		s := &b.Studies[i]
		c.text(16, y+14, "title", "start", s.World)
		for _, bar := range []struct {
			name, colour string
			value        float64
		}{
			{b.Contenders[0].Name, colours[0], b.of(s.World, b.Contenders[0].Name).Recall},
			{"reference, trained on labels", colours[1], s.Reference},
			{"... threshold in hindsight", colours[5], s.Hindsight},
			{"bound: leave a linking trace", colours[7], s.Bound},
		} {
			c.line(x(0), y+11, x(1), y+11, "grid")
			c.text(left-10, y+15, "", "end", bar.name)
			c.bar(x(0), y+2, x(bar.value)-x(0), 18, bar.colour, fmt.Sprintf("%s, %s: %.3f", s.World, bar.name, bar.value))
			c.text(x(bar.value)+6, y+15, "small", "start", fmt.Sprintf("%.3f", bar.value))
			y += row
		}
		y += 30
	}
	return c.done()
}
