package eval

import (
	"fmt"
	"html"
	"strings"
)

// Colours that people with any colour vision tell apart (Okabe and Ito), ours
// first.
var colours = [...]string{"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8a6d00", "#7a7a7a"}

// canvas is an SVG in the making. It follows the reader's light or dark theme.
type canvas struct {
	strings.Builder
	width, height float64
}

func newCanvas(width, height float64, title string) *canvas {
	c := &canvas{width: width, height: height}
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" aria-label="%s">
<style>
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#24292f}
.title{font-size:16px;font-weight:600}.sub{fill:#57606a}.small{font-size:11px;fill:#57606a}
.grid{stroke:#d0d7de;stroke-width:1}.axis{stroke:#8c959f;stroke-width:1}.bg{fill:#ffffff}.ring{stroke:#ffffff;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.sub,.small{fill:#9198a1}.grid{stroke:#30363d}.axis{stroke:#6e7681}.bg{fill:#0d1117}.ring{stroke:#0d1117}}
</style>
<title>%s</title>
<rect class="bg" width="%g" height="%g" rx="8"/>
`, width, height, width, height, html.EscapeString(title), html.EscapeString(title), width, height)
	return c
}

func (c *canvas) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(c, `<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`+"\n", x, y, class, anchor, html.EscapeString(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(c, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`+"\n", x1, y1, x2, y2, class)
}

func (c *canvas) stroke(x1, y1, x2, y2 float64, colour string, width float64) {
	fmt.Fprintf(c, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%g" stroke-linecap="round"/>`+"\n", x1, y1, x2, y2, colour, width)
}

func (c *canvas) dot(x, y, r float64, colour, tip string) {
	fmt.Fprintf(c, `<circle cx="%.1f" cy="%.1f" r="%g" fill="%s" class="ring"><title>%s</title></circle>`+"\n", x, y, r, colour, html.EscapeString(tip))
}

func (c *canvas) bar(x, y, w, h float64, colour, tip string) {
	fmt.Fprintf(c, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s"><title>%s</title></rect>`+"\n", x, y, max(w, 1), h, colour, html.EscapeString(tip))
}

func (c *canvas) path(points [][2]float64, colour string, width float64) {
	c.WriteString(`<polyline fill="none" stroke-linejoin="round" points="`)
	for _, p := range points {
		fmt.Fprintf(c, "%.1f,%.1f ", p[0], p[1])
	}
	fmt.Fprintf(c, `" stroke="%s" stroke-width="%g"/>`+"\n", colour, width)
}

// legend writes names beside their colours and returns the height it took.
func (c *canvas) legend(x, y float64, names, colours []string) float64 {
	at, top := x, y
	for i, n := range names {
		w := 30 + 7.4*float64(len(n))
		if at+w > c.width-16 && at > x {
			at, y = x, y+20
		}
		fmt.Fprintf(c, `<circle cx="%.1f" cy="%.1f" r="5" fill="%s"/>`+"\n", at+5, y-4, colours[i])
		c.text(at+15, y, "", "start", n)
		at += w
	}
	return y - top + 20
}

func (c *canvas) done() string { return c.String() + "</svg>\n" }
