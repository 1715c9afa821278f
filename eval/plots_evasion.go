package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Plot draws what each knob alone, and the knobs together, leave the operator.
func (f *Frontier) Plot() string {
	const left, right, row = 250, 150, 22
	single := slices.Clone(f.Single[1:])
	slices.SortStableFunc(single, func(x, y Evasion) int { return cmp.Compare(y.Lost, x.Lost) })
	c := newCanvas(820, 130+float64(len(single)+len(f.Path)+1)*row+30, "The evasion frontier")
	c.text(16, 28, "title", "start", "The evasion frontier: exchanges lost before detection")
	c.text(16, 47, "sub", "start", "share of an operator's exchanges that he keeps, one knob turned at a time; beside it what 1,000 of them cost him")
	x := func(v float64) float64 { return left + v*(c.width-left-right) }
	y := 64.0
	bars := func(list []Evasion, name func(*Evasion) string) {
		top := y
		for v := 0.0; v <= 1.001; v += .25 {
			c.line(x(v), top, x(v), top+float64(len(list))*row, "grid")
		}
		for i := range list {
			e := &list[i]
			colour := colours[0]
			if e.works() {
				colour = colours[4]
			}
			c.text(left-10, y+15, "", "end", name(e))
			c.bar(x(0), y+3, x(e.Lost)-x(0), row-6, colour, fmt.Sprintf("%s: %s lost, recall %.3f", name(e), percent(e.Lost), e.Recall))
			c.text(x(e.Lost)+6, y+15, "small", "start", percent(e.Lost))
			c.text(c.width-20, y+15, "small", "end", only(e.Price >= 0, "$%.0f per 1,000", e.Price))
			y += row
		}
	}
	bars(append([]Evasion{f.Single[0]}, single...), func(e *Evasion) string { return cmp.Or(strings.Join(e.Turned, "; "), "nothing turned") })
	y += 34
	c.text(16, y-8, "sub", "start", "together, each step adding the knob that pays most")
	before := 0
	bars(f.Path, func(e *Evasion) string {
		s := "nothing turned"
		if n := len(e.Turned); n > 0 {
			s = "+ " + e.Turned[n-1]
			if n == before {
				s = "… " + e.Turned[n-1]
			}
		}
		before = len(e.Turned)
		return s
	})
	for v := 0.0; v <= 1.001; v += .25 {
		c.text(x(v), y+18, "small", "middle", fmt.Sprintf("%.0f %%", 100*v))
	}
	return c.done()
}

// PlotControls draws the haul that each control denies, world by world, beside
// the innocents it touches.
func PlotControls(list []Denial) string {
	var names, worlds []string
	for _, d := range list {
		if !slices.Contains(names, d.Control) {
			names = append(names, d.Control)
		}
		if d.Haul > 0 && !slices.Contains(worlds, d.World) {
			worlds = append(worlds, d.World)
		}
	}
	const left, cell, row = 170, 62, 30
	c := newCanvas(left+float64(len(worlds)+1)*cell+40, 104+float64(len(names))*row+20, "Does any control stop it?")
	c.text(16, 28, "title", "start", "Does any control stop it?")
	c.text(16, 47, "sub", "start", "share of the haul denied in each world; right, innocents refused at least once")
	for k, w := range worlds {
		c.text(left+(float64(k)+.5)*cell, 78, "small", "middle", w)
	}
	c.text(left+(float64(len(worlds))+.5)*cell+16, 78, "small", "middle", "innocents")
	for i, n := range names {
		y := 88 + float64(i)*row
		c.text(left-10, y+18, "", "end", n)
		benign, touched := 0, 0
		for _, d := range list {
			if d.Control != n {
				continue
			}
			benign, touched = benign+d.Benign, touched+d.Touched
			if k := slices.Index(worlds, d.World); k >= 0 {
				c.cell(left+float64(k)*cell, y, cell-3, row-3, colours[0], d.Denied, percent(d.Denied))
			}
		}
		share := ratio(touched, benign)
		c.cell(left+float64(len(worlds))*cell+16, y, cell-3, row-3, colours[4], min(1, 5*share), percent(share))
	}
	return c.done()
}

// cell is a box whose depth of colour is a share.
func (c *canvas) cell(x, y, w, h float64, colour string, depth float64, text string) {
	fmt.Fprintf(c, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="3" fill="%s" fill-opacity="%.2f" stroke="%s" stroke-opacity=".25"/>`+"\n", x, y, w, h, colour, .04+.6*depth, colour)
	c.text(x+w/2, y+h/2+4, "", "middle", text)
}
