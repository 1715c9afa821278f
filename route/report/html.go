package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"iolaus/route"
	"iolaus/route/catalogue"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// pageMost is how many workloads the page shows; CSV and JSON have all.
const pageMost = 200

// findingsMost is how many findings the page shows, the gravest first.
const findingsMost = 400

// cutsMost is how many cuts the page and the PDF show.
const cutsMost = 20

// page is what the template shows.
type page struct {
	R         *route.Report
	CSS       template.CSS
	JS        template.JS
	Count     map[string]int
	World     *world
	Land      string
	Graticule string
	Stream    *stream
	Findings  []route.Finding
	Rest      int // findings that the page does not show
	Workloads []route.WorkloadSeen
	More      int
	Cuts      []route.Cut
	Questions []question
	Laws      []lawGroup
}

// A question with the answers for each service.
type question struct {
	Number  int
	Asks    string
	Answers []route.Answer
}

type lawGroup struct {
	Country string
	Laws    []route.LawReached
}

// HTML writes the report as one page that needs nothing else: no request leaves
// it, and it works without its script.
func HTML(w io.Writer, r *route.Report) error {
	p := &page{R: r, CSS: template.CSS(pageCSS), JS: template.JS(pageJS), Count: Count(r), World: worldOf(r, 960), Stream: streamOf(r, 1080)}
	p.Land = path(p.World.rings())
	p.Graticule = graticule(p.World.chart)
	p.Findings = r.Findings
	if len(p.Findings) > findingsMost {
		p.Findings, p.Rest = p.Findings[:findingsMost], len(r.Findings)-findingsMost
	}
	p.Workloads = r.Workloads
	if len(p.Workloads) > pageMost {
		p.Workloads, p.More = p.Workloads[:pageMost], len(r.Workloads)-pageMost
	}
	p.Cuts = r.Exposure.Cuts
	if len(p.Cuts) > cutsMost {
		p.Cuts = p.Cuts[:cutsMost]
	}
	for _, a := range r.Questions {
		if n := len(p.Questions); n == 0 || p.Questions[n-1].Number != a.Number {
			p.Questions = append(p.Questions, question{Number: a.Number, Asks: a.Asks})
		}
		q := &p.Questions[len(p.Questions)-1]
		q.Answers = append(q.Answers, a)
	}
	for _, l := range r.Laws {
		if n := len(p.Laws); n == 0 || p.Laws[n-1].Country != l.Country {
			p.Laws = append(p.Laws, lawGroup{Country: l.Country})
		}
		g := &p.Laws[len(p.Laws)-1]
		g.Laws = append(g.Laws, l)
	}
	t, err := template.New("page").Funcs(funcs()).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("cannot read the page's template: %w", err)
	}
	return t.Execute(w, p)
}

func funcs() template.FuncMap {
	return template.FuncMap{
		"thousands": thousands, "things": things, "money": money, "day": day, "minute": minute, "share": share, "percent": percent, "or": or,
		"country": catalogue.CountryName, "cutName": cutName, "name": name, "region": region, "law": law, "few": few,
		"join": func(s []string) string { return strings.Join(s, ", ") },
		"f1":   func(f float64) string { return fmt.Sprintf("%.1f", f) },
		"f2":   func(f float64) string { return fmt.Sprintf("%.2f", f) },
		"slug": func(s string) string { return strings.ReplaceAll(s, " ", "-") },
		"add":  func(a, b float64) float64 { return a + b },
		"pct":  func(f float64) string { return fmt.Sprintf("%.2f%%", 100*f) },
		"arc": func(a arc) string {
			return fmt.Sprintf("M%.1f %.1fQ%.1f %.1f %.1f %.1f", a.From.X, a.From.Y, a.Bend.X, a.Bend.Y, a.To.X, a.To.Y)
		},
		"ribbon": func(l link) string {
			m := (l.X0 + l.X1) / 2
			return fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", l.X0, l.Y0, m, l.Y0, m, l.Y1, l.X1, l.Y1)
		},
		"bars": bars, "rejected": rejected,
	}
}

// few lists the first names and counts the rest.
func few(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return strings.Join(names, ", ")
}

// bars draws a workload's hours as a little picture: 24 bars in UTC.
func bars(hours [24]int) template.HTML {
	most := 1
	for _, h := range hours {
		most = max(most, h)
	}
	var b strings.Builder
	b.WriteString(`<svg class="hours" viewBox="0 0 72 18" role="img" aria-label="hours of the day, UTC">`)
	for i, h := range hours {
		high := 1 + 16*float64(h)/float64(most)
		fmt.Fprintf(&b, `<rect x="%d" y="%.1f" width="2.2" height="%.1f"/>`, i*3, 17-high, high)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// graticule draws each thirty degrees.
func graticule(c chart) string {
	var b strings.Builder
	for lat := -30.0; lat <= 60; lat += 30 {
		y := c.at(lat, c.middle).Y
		fmt.Fprintf(&b, "M0 %.1fH%.0f", y, c.width)
	}
	for lon := 0.0; lon < 360; lon += 30 {
		x := c.at(0, c.middle+lon).X
		fmt.Fprintf(&b, "M%.1f 0V%.1f", x, c.height)
	}
	return b.String()
}
