package report

import (
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"iolaus/route"
)

// sheet is a PDF with the few marks that this report uses. Lengths are
// millimetres of A4.
type sheet struct {
	*fpdf.Fpdf
	foot string
}

const (
	sheetLeft  = 15.0
	sheetWidth = 180.0
)

// newSheet begins a document; what it says of itself follows from the arguments
// alone.
func newSheet(title, foot string, asOf time.Time) *sheet {
	s := &sheet{fpdf.New("P", "mm", "A4", ""), foot}
	s.SetCatalogSort(true)
	s.SetCreationDate(asOf)
	s.SetModificationDate(asOf)
	s.SetTitle(title, true)
	s.SetProducer("iolaus", true)
	s.SetMargins(sheetLeft, 16, 210-sheetLeft-sheetWidth)
	s.SetAutoPageBreak(true, 18)
	s.AddUTF8FontFromBytes("go", "", goregular.TTF)
	s.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	s.SetFooterFunc(s.footer)
	s.AddPage()
	return s
}

type colour [3]int

// The tones of the document, as red, green and blue.
func inkTone() colour  { return colour{28, 36, 48} }
func softTone() colour { return colour{91, 102, 117} }
func lineTone() colour { return colour{224, 222, 214} }
func seaTone() colour  { return colour{238, 243, 246} }
func landTone() colour { return colour{211, 218, 221} }

// hue is the colour of a verdict or severity.
func hue(word string) colour {
	switch word {
	case route.Allowed:
		return colour{42, 143, 123}
	case route.MayLeave, "medium":
		return colour{190, 128, 24}
	case route.Outside, "high":
		return colour{190, 58, 50}
	}
	return colour{138, 143, 152}
}

func (s *sheet) footer() {
	s.SetY(-13)
	s.write(softTone(), "", 7.5)
	s.CellFormat(sheetWidth-20, 5, cut(s.foot, 120), "", 0, "L", false, 0, "")
	s.CellFormat(20, 5, fmt.Sprint(s.PageNo()), "", 0, "R", false, 0, "")
}

// write sets the ink for what follows.
func (s *sheet) write(c colour, style string, size float64) {
	s.SetTextColor(c[0], c[1], c[2])
	s.SetFont("go", style, size)
}

func (s *sheet) draw(c colour) { s.SetDrawColor(c[0], c[1], c[2]) }
func (s *sheet) fill(c colour) { s.SetFillColor(c[0], c[1], c[2]) }

// para writes a paragraph and leaves some space after it.
func (s *sheet) para(text string, after float64) {
	_, size := s.GetFontSize()
	s.SetX(sheetLeft)
	s.MultiCell(sheetWidth, size*1.4, text, "", "L", false)
	s.Ln(after)
}

// room begins a new page unless h millimetres are left on this one.
func (s *sheet) room(h float64) {
	_, high := s.GetPageSize()
	if s.GetY()+h > high-18 {
		s.AddPage()
	}
}

func (s *sheet) heading(text string) {
	s.room(24)
	s.Ln(3)
	s.write(inkTone(), "B", 14)
	s.para(text, 2)
}

func (s *sheet) indented(text string) {
	_, size := s.GetFontSize()
	s.SetX(sheetLeft + 3)
	s.MultiCell(sheetWidth-3, size*1.35, text, "", "L", false)
}

// table writes rows under a head; widths are shares of the page's width.
func (s *sheet) table(widths []float64, head []string, rows [][]string) {
	line := func(cells []string, style string, c colour) {
		s.room(7)
		s.write(c, style, 7)
		x := sheetLeft
		y := s.GetY()
		for i, cell := range cells {
			w := widths[i] * sheetWidth
			s.SetXY(x, y)
			s.CellFormat(w, 4.6, s.fit(cell, w-1.5), "", 0, "L", false, 0, "")
			x += w
		}
		s.draw(lineTone())
		s.SetLineWidth(0.15)
		s.Line(sheetLeft, y+4.8, sheetLeft+sheetWidth, y+4.8)
		s.SetXY(sheetLeft, y+5)
	}
	line(head, "B", softTone())
	for _, r := range rows {
		line(r, "", inkTone())
	}
	s.Ln(2)
}

// fit shortens a cell to what its column can show.
func (s *sheet) fit(text string, w float64) string {
	if s.GetStringWidth(text) <= w {
		return text
	}
	r := []rune(text)
	for len(r) > 1 && s.GetStringWidth(string(r)+"…") > w {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}
