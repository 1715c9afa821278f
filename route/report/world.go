package report

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"iolaus/route"
	"iolaus/route/catalogue"
)

// A world is the map of a report: where requests went from home.
type world struct {
	chart
	Home    point
	HasHome bool
	HomeIs  string
	Stops   []stop
	Off     []offMap // what has no place on a map
}

// A stop is one place that requests reached.
type stop struct {
	At      point
	Radius  float64
	Name    string
	Short   string // the label; empty when another stop carries it
	Detail  string
	Count   int
	Verdict string
	Wide    bool // may have been served elsewhere too
	Arc     arc
	Width   float64
	Label   point
	Anchor  string // start or end of the label
}

// An arc is a quadratic curve.
type arc struct{ From, Bend, To point }

// An offMap is traffic whose place is unknown, or nowhere in particular.
type offMap struct {
	Name, Why, Verdict string
	Count              int
}

// worldOf draws a report's flows.
func worldOf(r *route.Report, width float64) *world {
	home, has := r.Places[r.Policy.Home]
	w := &world{HasHome: has, HomeIs: catalogue.CountryName(r.Policy.Home)}
	w.chart = newChart(width, home.Lon)
	w.Home = w.at(home.Lat, home.Lon)
	stops, off := map[string]*stop{}, map[string]*offMap{}
	for _, wl := range r.Workloads {
		for _, f := range wl.Flows {
			w.add(r, f, stops, off)
		}
	}
	for _, s := range stops {
		s.Radius = 3.5 + 15*math.Sqrt(float64(s.Count)/float64(max(1, r.Totals.Exchanges)))
		s.Width = 0.8 + 5*math.Sqrt(float64(s.Count)/float64(max(1, r.Totals.Exchanges)))
		s.Arc = w.arcTo(s.At)
		s.Detail = fmt.Sprintf("%s: %s exchanges, %s", s.Name, thousands(s.Count), s.Verdict)
		w.Stops = append(w.Stops, *s)
	}
	sort.Slice(w.Stops, func(i, j int) bool {
		if w.Stops[i].Count != w.Stops[j].Count {
			return w.Stops[i].Count > w.Stops[j].Count
		}
		return w.Stops[i].Name+w.Stops[i].Verdict < w.Stops[j].Name+w.Stops[j].Verdict
	})
	for _, o := range off {
		w.Off = append(w.Off, *o)
	}
	sort.Slice(w.Off, func(i, j int) bool {
		if w.Off[i].Count != w.Off[j].Count {
			return w.Off[i].Count > w.Off[j].Count
		}
		return w.Off[i].Name < w.Off[j].Name
	})
	w.label()
	return w
}

func (w *world) add(r *route.Report, f route.FlowSeen, stops map[string]*stop, off map[string]*offMap) {
	spot, ok := r.Places[f.Region]
	if !ok {
		spot, ok = r.Places[f.Country]
	}
	if !ok || f.Kind == "self-hosted" {
		name, why := or(f.Service, f.Host, "endpoint not in the log"), "place not known"
		if f.Kind == "self-hosted" {
			name, why = "own network", "does not leave it"
		} else if strings.HasPrefix(f.Runs, catalogue.Anywhere) {
			why = "may be served " + f.Runs
		}
		o := off[name]
		if o == nil {
			o = &offMap{Name: name, Why: why, Verdict: route.Allowed}
			off[name] = o
		}
		o.Count += f.Count
		o.Verdict = worse(o.Verdict, f.Verdict)
		return
	}
	// One bubble for each verdict: a few that left must not colour the many that stayed.
	key := fmt.Sprintf("%.1f %.1f %s", spot.Lat, spot.Lon, f.Verdict)
	s := stops[key]
	if s == nil {
		s = &stop{At: w.at(spot.Lat, spot.Lon), Name: placeName(spot.Name, f.Country), Verdict: f.Verdict, Wide: f.Verdict == route.MayLeave}
		stops[key] = s
	}
	s.Count += f.Count
}

func placeName(place, country string) string {
	if full := catalogue.CountryName(country); full != place && full != "" {
		return place + ", " + full
	}
	return place
}

// worse returns the graver of two verdicts.
func worse(a, b string) string {
	rank := map[string]int{route.Allowed: 0, route.Unknown: 1, route.MayLeave: 2, route.Outside: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// arcTo bends a way upwards, more the longer it is.
func (w *world) arcTo(to point) arc {
	dx, dy := to.X-w.Home.X, to.Y-w.Home.Y
	long := math.Hypot(dx, dy)
	middle := point{(w.Home.X + to.X) / 2, (w.Home.Y + to.Y) / 2}
	lift := 0.22 * long
	if long > 0 {
		// perpendicular, on the side that points north
		nx, ny := -dy/long, dx/long
		if ny > 0 {
			nx, ny = -nx, -ny
		}
		middle.X += nx * lift
		middle.Y = math.Max(8, middle.Y+ny*lift)
	}
	return arc{w.Home, middle, to}
}

// label puts names beside the stops, once for each place, moving one down that
// would lie on another. Names of places that are already named are dropped.
func (w *world) label() {
	type box struct{ x, y, w float64 }
	var taken []box
	named := map[string]bool{}
	for _, s := range w.Stops {
		taken = append(taken, box{s.At.X - s.Radius, s.At.Y + 4, 2 * s.Radius})
	}
	for i := range w.Stops {
		s := &w.Stops[i]
		if named[s.Name] {
			s.Short = ""
			continue
		}
		named[s.Name] = true
		s.Short, _, _ = strings.Cut(s.Name, ", ")
		wide := 6.3 * float64(len(s.Short))
		x, anchor := s.At.X+s.Radius+5, "start"
		if x+wide > w.width {
			x, anchor = s.At.X-s.Radius-5, "end"
		}
		left := x
		if anchor == "end" {
			left = x - wide
		}
		y := s.At.Y + 4
		for range 12 {
			clash := false
			for _, b := range taken {
				if math.Abs(b.y-y) < 13 && left < b.x+b.w && b.x < left+wide {
					clash = true
				}
			}
			if !clash {
				break
			}
			y += 13
		}
		taken = append(taken, box{left, y, wide})
		s.Label, s.Anchor = point{x, y}, anchor
	}
}
