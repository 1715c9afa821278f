package report

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"iolaus/route"
	"iolaus/route/catalogue"
)

// PDF writes the report as an A4 document. The same report gives the same bytes.
func PDF(w io.Writer, r *route.Report) error {
	s := newSheet("Route audit: "+r.Policy.Name, r.Policy.Name+", as of "+day(r.AsOf)+". Not legal advice.", r.AsOf)
	s.cover(r)
	s.world(worldOf(r, 960))
	s.stream(streamOf(r, 1080))
	s.findings(r)
	s.workloads(r)
	s.exposure(r)
	s.basis(r)
	return s.Output(w)
}

func (s *sheet) cover(r *route.Report) {
	n := Count(r)
	s.write(softTone(), "", 9)
	s.para("Iolaus route audit · "+r.Policy.Law+" · as of "+day(r.AsOf), 2)
	s.write(inkTone(), "B", 23)
	s.para(r.Policy.Name, 2)
	s.write(inkTone(), "", 11)
	s.para(fmt.Sprintf("%d findings, %d of them grave, in %s of %s over %s, %s to %s. %s left the allowed regions; of %s it may be, or is not known. Spend in this log: US$ %s.",
		len(r.Findings), n["high"], things(r.Totals.Exchanges, "exchange"), things(r.Totals.Workloads, "workload"), things(r.Totals.Endpoints, "endpoint"), day(r.Totals.First), day(r.Totals.Last),
		percent(r.Totals.Outside, r.Totals.Exchanges), percent(r.Totals.MayLeave, r.Totals.Exchanges), money(r.Totals.Cost)), 2)
	for _, m := range r.Unknown {
		s.write(inkTone(), "", 9)
		s.para(fmt.Sprintf("Cannot be known from %s of the lines, which carry no %s: %s.", share(m.Share), m.Field, m.Hides), 0.5)
	}
	if len(r.Rejected) > 0 {
		s.write(inkTone(), "", 9)
		s.para("Lines that could not be read: "+rejected(r)+".", 0.5)
	}
	s.write(softTone(), "", 8.5)
	s.para(r.Notice, 1)
}

// world draws the map.
func (s *sheet) world(w *world) {
	s.heading("Where it went")
	k := sheetWidth / w.width
	top := s.GetY()
	place := func(p point) (float64, float64) { return sheetLeft + p.X*k, top + p.Y*k }
	s.ClipRoundedRect(sheetLeft, top, sheetWidth, w.height*k, 2, false)
	s.fill(seaTone())
	s.Rect(sheetLeft, top, sheetWidth, w.height*k, "F")
	s.fill(landTone())
	for _, ring := range w.rings() {
		for _, shift := range []float64{-w.width, 0, w.width} {
			pts := make([]fpdf.PointType, len(ring))
			for i, p := range ring {
				pts[i].X, pts[i].Y = place(point{p.X + shift, p.Y})
			}
			s.Polygon(pts, "F")
		}
	}
	s.stops(w, k, place)
	s.ClipEnd()
	s.SetY(top + w.height*k + 2)
	s.legend()
	if len(w.Off) > 0 {
		var off []string
		for _, o := range w.Off {
			off = append(off, fmt.Sprintf("%s: %s, %s", o.Name, thousands(o.Count), o.Why))
		}
		s.write(softTone(), "", 8)
		s.para("Not on the map. "+strings.Join(off, "; ")+".", 0)
	}
}

// stops draws the ways from home, the places they end at and their names.
func (s *sheet) stops(w *world, k float64, place func(point) (x, y float64)) {
	s.SetLineCapStyle("round")
	for _, st := range w.Stops {
		if !w.HasHome {
			continue
		}
		s.draw(hue(st.Verdict))
		s.SetLineWidth(max(0.25, st.Width*k))
		x0, y0 := place(st.Arc.From)
		cx, cy := place(st.Arc.Bend)
		x1, y1 := place(st.Arc.To)
		s.Curve(x0, y0, cx, cy, x1, y1, "D")
	}
	s.SetLineWidth(0.3)
	for _, st := range w.Stops {
		x, y := place(st.At)
		s.draw(hue(st.Verdict))
		s.fill(hue(st.Verdict))
		s.SetAlpha(0.55, "Normal")
		s.Circle(x, y, st.Radius*k, "F")
		s.SetAlpha(1, "Normal")
		s.Circle(x, y, st.Radius*k, "D")
	}
	if w.HasHome {
		x, y := place(w.Home)
		s.fill(inkTone())
		s.Circle(x, y, 0.9, "F")
	}
	s.write(inkTone(), "", 6.5)
	for _, st := range w.Stops {
		if st.Short == "" {
			continue
		}
		x, y := place(st.Label)
		if st.Anchor == "end" {
			x -= s.GetStringWidth(st.Short)
		}
		s.Text(x, y, st.Short)
	}
}

func (s *sheet) legend() {
	x, y := sheetLeft, s.GetY()+1.5
	for _, v := range []string{route.Allowed, route.MayLeave, route.Outside, route.Unknown} {
		s.fill(hue(v))
		s.Rect(x, y, 5, 1.2, "F")
		s.write(softTone(), "", 8)
		s.Text(x+6.5, y+1.7, v)
		x += 26
	}
	s.SetY(y + 4)
}

// stream draws the flow picture.
func (s *sheet) stream(st *stream) {
	k := sheetWidth / st.Width
	s.room(st.Height*k + 18)
	s.heading("Workload, provider, region, law")
	top := s.GetY()
	s.SetLineCapStyle("butt")
	for _, l := range st.Links {
		m := (l.X0 + l.X1) / 2
		s.draw(hue(l.Verdict))
		s.SetLineWidth(max(0.2, l.H*k))
		s.SetAlpha(map[bool]float64{true: 0.3, false: 0.65}[l.Verdict == route.Allowed], "Normal")
		s.CurveBezierCubic(sheetLeft+l.X0*k, top+l.Y0*k, sheetLeft+m*k, top+l.Y0*k, sheetLeft+m*k, top+l.Y1*k, sheetLeft+l.X1*k, top+l.Y1*k, "D")
	}
	s.SetAlpha(1, "Normal")
	s.SetLineWidth(0.2)
	s.fill(inkTone())
	for _, n := range st.Nodes {
		s.Rect(sheetLeft+n.X*k, top+n.Y*k, streamNode*k, n.H*k, "F")
	}
	s.write(inkTone(), "", 5.8)
	for _, n := range st.Nodes {
		x := sheetLeft + n.LabelX*k
		if n.Anchor == "end" {
			x -= s.GetStringWidth(n.Name)
		}
		s.Text(x, top+n.MiddleY()*k+0.8, n.Name)
	}
	s.write(softTone(), "", 7)
	for i, name := range st.Columns {
		x := sheetLeft + st.HeadX(i)*k
		if st.HeadAnchor(i) == "end" {
			x -= s.GetStringWidth(name)
		}
		s.Text(x, top+2.4, name)
	}
	s.SetY(top + st.Height*k + 2)
}

func (s *sheet) findings(r *route.Report) {
	s.heading("Findings")
	for i, f := range r.Findings {
		if i == pageMost {
			s.write(softTone(), "", 8)
			s.para(fmt.Sprintf("and %d more, in findings.csv.", len(r.Findings)-i), 0)
			break
		}
		s.finding(f)
	}
	if len(r.Findings) == 0 {
		s.write(inkTone(), "", 10)
		s.para("Nothing to report.", 0)
	}
}

func (s *sheet) finding(f route.Finding) {
	s.room(34)
	top := s.GetY()
	s.fill(hue(f.Severity))
	s.Rect(sheetLeft, top+0.6, 1.1, 4.2, "F")
	s.write(inkTone(), "B", 10)
	s.SetX(sheetLeft + 3)
	s.MultiCell(sheetWidth-3, 5, f.Title+" - "+f.Workload, "", "L", false)
	s.write(inkTone(), "", 9)
	s.indented(f.Message + seenText(f))
	s.write(softTone(), "", 8.5)
	if f.Article != "" {
		s.indented("Law: " + f.Article)
	}
	s.indented("Do: " + f.Remedy)
	s.write(softTone(), "", 7.5)
	for _, l := range f.Evidence {
		s.indented("· " + l.String())
	}
	s.Ln(2.5)
}

func (s *sheet) workloads(r *route.Report) {
	s.heading("Workloads")
	var rows [][]string
	for i, w := range r.Workloads {
		if i == pageMost {
			break
		}
		name := w.Name
		for _, f := range w.Flows {
			rows = append(rows, []string{name, f.Provider + host(f), region(f), f.Runs, law(f), or(f.Served, f.Asked), f.Retention, f.Training, thousands(f.Count), f.Verdict})
			name = ""
		}
	}
	s.table([]float64{.13, .1, .13, .09, .15, .14, .07, .06, .06, .07},
		[]string{"Workload", "Provider", "Region", "May run in", "Company, parent's law", "Model", "Keeps", "Trains", "Count", "Verdict"}, rows)
	if len(r.Workloads) > pageMost {
		s.write(softTone(), "", 8)
		s.para(fmt.Sprintf("and %d more workloads, in flows.csv.", len(r.Workloads)-pageMost), 0)
	}
}

func (s *sheet) exposure(r *route.Report) {
	s.heading("If it is cut off tomorrow")
	var rows [][]string
	for i, c := range r.Exposure.Cuts {
		if i == cutsMost {
			break
		}
		rows = append(rows, []string{cutName(c), c.Kind, share(c.Share), "US$ " + money(c.Cost), fmt.Sprint(len(c.Stops)) + " " + few(c.Stops), fmt.Sprint(len(c.Degrades))})
	}
	s.table([]float64{.26, .1, .08, .11, .38, .07}, []string{"Without", "What", "Share", "At risk", "Stops", "Loses part"}, rows)
}

func (s *sheet) basis(r *route.Report) {
	if len(r.Questions) > 0 {
		s.heading("Questions 14 to 22 on sovereignty")
		var rows [][]string
		last := 0
		for _, q := range r.Questions {
			number, asks := fmt.Sprint(q.Number), q.Asks
			if q.Number == last {
				number, asks = "", ""
			}
			last = q.Number
			rows = append(rows, []string{number, asks, q.Service, q.Answer})
		}
		s.table([]float64{.04, .38, .14, .44}, []string{"", "Asked", "Service", "What this audit can say"}, rows)
	}
	s.heading("Laws of the places and companies reached")
	var rows [][]string
	for _, l := range r.Laws {
		rows = append(rows, []string{catalogue.CountryName(l.Country), l.Name, l.Kind, l.Says})
	}
	s.table([]float64{.14, .26, .07, .53}, []string{"Country", "Statute", "Kind", "Says"}, rows)
	s.heading("What this rests on")
	rows = nil
	for _, in := range r.Inputs {
		rows = append(rows, []string{in.Name, or(in.SHA256, "not taken"), ""})
	}
	for _, src := range r.Sources {
		rows = append(rows, []string{src.Title, src.URL, src.Date})
	}
	s.table([]float64{.42, .48, .1}, []string{"Log or source", "SHA-256 or address", "Date"}, rows)
	s.write(softTone(), "", 8)
	s.para("Land outlines simplified from Natural Earth, public domain. "+r.Notice, 0)
}
