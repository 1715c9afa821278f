package report

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

// land holds the outlines of the larger lands, one ring a line, as steps of a
// fifth of a degree of longitude and latitude. They are simplified from Natural
// Earth 1:110m, which is in the public domain.
//
//go:embed land.txt
var land string

// point is a place on a drawing.
type point struct{ X, Y float64 }

// chart is a world map of the given width, centred on a meridian so that the
// ways from home do not break at the edge.
type chart struct {
	width, height float64
	middle        float64 // longitude
}

const (
	chartNorth = 78.0
	chartSouth = -56.0
)

// newChart lays out a map in Miller's projection.
func newChart(width, middle float64) chart {
	c := chart{width: width, middle: middle}
	c.height = c.up(chartNorth) - c.up(chartSouth)
	return c
}

// Width is that of the drawing.
func (c chart) Width() float64 { return c.width }

// Height is that of the drawing.
func (c chart) Height() float64 { return c.height }

// up is the height of a latitude above the equator, in units of the drawing.
func (c chart) up(lat float64) float64 {
	phi := lat * math.Pi / 180
	return c.width / (2 * math.Pi) * 1.25 * math.Log(math.Tan(math.Pi/4+0.4*phi))
}

// at places a latitude and longitude.
func (c chart) at(lat, lon float64) point {
	d := math.Mod(lon-c.middle+540, 360) - 180
	return point{c.width/2 + d*c.width/360, c.up(chartNorth) - c.up(lat)}
}

// rings returns the outlines with longitudes as they stand, unwrapped; a caller
// draws them three times, a width apart, and clips.
func (c chart) rings() [][]point {
	var out [][]point
	for _, line := range strings.Split(strings.TrimSpace(land), "\n") {
		var ring []point
		x, y := 0, 0
		for _, step := range strings.Split(line, ",") {
			a, b, _ := strings.Cut(step, " ")
			dx, _ := strconv.Atoi(a)
			dy, _ := strconv.Atoi(b)
			x, y = x+dx, y+dy
			lat := math.Max(-85, math.Min(85, float64(y)/5))
			ring = append(ring, point{c.width/2 + (float64(x)/5-c.middle)*c.width/360, c.up(chartNorth) - c.up(lat)})
		}
		out = append(out, ring)
	}
	return out
}

// path writes rings as the data of an SVG path.
func path(rings [][]point) string {
	var b strings.Builder
	for _, r := range rings {
		for i, p := range r {
			if i == 0 {
				b.WriteByte('M')
			} else {
				b.WriteByte('L')
			}
			b.WriteString(strconv.FormatFloat(p.X, 'f', 1, 64))
			b.WriteByte(' ')
			b.WriteString(strconv.FormatFloat(p.Y, 'f', 1, 64))
		}
		b.WriteByte('Z')
	}
	return b.String()
}
