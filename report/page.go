package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"time"

	"iolaus/campaign"
)

// most campaigns have a section of their own; the table has all.
const mostSections = 60

// page is what the template shows.
type page struct {
	R        *Report
	CSS      template.CSS
	JS       template.JS
	Title    string
	Head     string
	Sum      string
	Tiles    []tile
	Glance   []glance
	Axis     []tick
	Sections []section
	Untold   []untold
	Signals  []signalRow
	Rejected []tile
}

type tile struct{ Name, Value string }

// A glance is one campaign's row of the first page.
type glance struct {
	*campaign.Campaign
	Ask     int // look-alikes that are not ruled out
	Path    string
	Begin   float64 // shares of the log's time, in per cent
	Found   float64
	Events  []float64
	Linked  bool
	Tokens  string
	Support string
}

type tick struct {
	At    float64
	Label string
}

// A section is one campaign in full.
type section struct {
	Number   int
	C        *Campaign
	Head     string
	Facts    []tile
	Picture  *picture
	Alt      string
	Says     []string
	Tempo    *tempo // nil without a picture
	After    []aftermath
	Families []family
	Mix      []share
	Purpose  []share
	PerDay   string
	Heirs    []campaign.Heir
	Wording  []wording
	Held     int // look-alikes that hold
	Sure     *sure
}

// A sure is the certificate as a bar: what the bet against innocence has won, and
// what it needed.
type sure struct {
	Holds       bool
	Won, Needed string
	Width, Mark float64 // per cent
	Test        string
	Alpha       string
	Calibrated  bool
}

func sureOf(c *campaign.Campaign) *sure {
	x := c.Certificate
	if x.Test == 0 || x.Level <= 0 {
		return nil
	}
	needed := -math.Log(x.Level)
	scale := 100 / max(1, 1.25*needed, x.LogE)
	return &sure{
		Holds: x.Holds, Won: odds(max(0, x.LogE)), Needed: odds(needed), Test: ordinal(x.Test),
		Alpha: fmt.Sprintf("%g %%", 100*x.Alpha), Calibrated: x.Basis == "calibration",
		Width: max(0, x.LogE*scale), Mark: needed * scale,
	}
}

// A share is a bar of one part of a whole.
type share struct {
	Name  string
	Value string
	Width float64 // per cent
}

// An untold is a family that could not be judged.
type untold struct{ Family, Needs, Advice string }

type signalRow struct {
	Signal
	Width float64
}

// A wording is shared wording known by its hash alone.
type wording struct {
	Kind, Hash      string
	Accounts        int
	Width           float64
	Owners, Outside int
}

func pageOf(r *Report) (*page, error) {
	p := &page{R: r, CSS: template.CSS(pageCSS), JS: template.JS(pageJS + tempoJS)}
	p.lead(r)
	p.Axis = axis(r)
	p.Untold = untoldOf(&r.Reading)
	for _, s := range r.Reading.Signals {
		p.Signals = append(p.Signals, signalRow{s, 100 * s.Share})
	}
	for _, reason := range slices.Sorted(keys(r.Reading.Rejected)) {
		p.Rejected = append(p.Rejected, tile{reason, comma(r.Reading.Rejected[reason])})
	}
	for i := range r.Campaigns {
		c := &r.Campaigns[i]
		p.Glance = append(p.Glance, glanceOf(c, r, i < mostSections))
		if i < mostSections {
			s, err := sectionOf(c, r)
			if err != nil {
				return nil, fmt.Errorf("campaign %s: %w", c.ID, err)
			}
			s.Number = i
			p.Sections = append(p.Sections, s)
		}
	}
	return p, nil
}

func keys(m map[string]int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// lead writes what stands first.
func (p *page) lead(r *Report) {
	accounts, exchanges, output := 0, uint64(0), uint64(0)
	var since time.Time
	for i := range r.Campaigns {
		c := &r.Campaigns[i]
		accounts += len(c.Accounts)
		exchanges += uint64(c.Exchanges)
		output += c.OutputTokens
		if since.IsZero() || c.First.Before(since) {
			since = c.First
		}
	}
	p.Title = "Campaigns"
	if !r.From.IsZero() {
		p.Title += ", " + span(r.From, r.To)
	}
	switch n := len(r.Campaigns); n {
	case 0:
		p.Head = "No campaign found"
		p.Sum = "No set of accounts in this log coincides in enough independent ways, beyond what chance and honest habits explain, to say that one hand runs it. That is an answer only as far as the log could tell: see below what it could not."
		return
	case 1:
		p.Head = fmt.Sprintf("One hand behind %s accounts", comma(accounts))
	default:
		p.Head = fmt.Sprintf("%s campaigns, %s accounts", comma(n), comma(accounts))
	}
	p.Sum = fmt.Sprintf("Since %s, %s of the log's exchanges went to sets of accounts that look like many customers and act as one. ", day(since), shareOf(exchanges, r.Exchanges))
	if len(r.Campaigns) == 1 {
		c := r.Campaigns[0]
		p.Sum = fmt.Sprintf("Since %s, %s that belong on paper to %s act as one. They go for %s above all. ", day(since), plural(accounts, "account", "accounts"), plural(c.Owners, "owner", "different owners"), c.Target)
	}
	p.Sum += "Below stands why that is believed, what speaks against it, and what could not be judged. People decide."
	p.Tiles = []tile{
		{"campaigns", comma(len(r.Campaigns))}, {"accounts in them", comma(accounts)}, {"exchanges taken", large(exchanges)},
		{"tokens of answers", large(output)}, {"of all exchanges", shareOf(exchanges, r.Exchanges)},
	}
}

func span(from, to time.Time) string {
	switch {
	case from.Year() != to.Year():
		return day(from) + " to " + day(to)
	case from.Month() != to.Month():
		return from.UTC().Format("2 Jan") + " to " + day(to)
	case from.Day() != to.Day():
		return from.UTC().Format("2") + " to " + day(to)
	}
	return day(from)
}

func shareOf(n, all uint64) string {
	if all == 0 {
		return "an unknown share"
	}
	return percent(float64(n) / float64(all))
}

// axis marks days of the log on the first page's axis of time.
func axis(r *Report) []tick {
	length := r.To.Sub(r.From)
	if length <= 0 {
		return nil
	}
	days := int(math.Ceil(length.Hours() / 24 / 6))
	var out []tick
	for t := r.From.UTC().Truncate(24 * time.Hour); !t.After(r.To); t = t.AddDate(0, 0, max(1, days)) {
		if at := 100 * t.Sub(r.From).Hours() / length.Hours(); at >= -1 && at <= 90 {
			out = append(out, tick{max(0, at), t.Format("2 Jan")})
		}
	}
	return out
}

func glanceOf(c *Campaign, r *Report, linked bool) glance {
	g := glance{Campaign: c.Campaign, Linked: linked, Tokens: large(c.OutputTokens), Support: odds(c.Score)}
	for _, l := range c.LookAlikes {
		if l.Holds {
			g.Ask++
		}
	}
	length := r.To.Sub(r.From).Seconds()
	if length <= 0 {
		return g
	}
	const bins = 120
	var volume [bins]float64
	for _, h := range c.Hours {
		x := int(bins * (float64(h.Start) - float64(r.From.Truncate(time.Hour).Unix())) / (length + 3600))
		if 0 <= x && x < bins {
			volume[x] += float64(h.Exchanges)
		}
	}
	top := slices.Max(volume[:])
	if top > 0 {
		g.Path = "M0 30"
		for x, n := range volume {
			g.Path += fmt.Sprintf("V%.1fH%d", 30-28*n/top, 2*(x+1))
		}
		g.Path += "V30Z"
	}
	g.Found = min(100, max(0, 100*c.DetectedAt.Sub(r.From).Seconds()/length))
	for _, e := range r.Events {
		if at := 100 * e.At.Sub(r.From).Seconds() / length; at >= 0 && at <= 100 {
			g.Events = append(g.Events, at)
		}
	}
	return g
}

func sectionOf(c *Campaign, r *Report) (section, error) {
	s := section{C: c, Heirs: c.Heirs, Sure: sureOf(c.Campaign)}
	var err error
	if s.Picture, err = draw(c, r); err != nil {
		return s, err
	}
	s.Head = fmt.Sprintf("%s of %s, one hand, after %s", plural(len(c.Accounts), "account", "accounts"), plural(c.Owners, "owner", "owners"), c.Target)
	s.Facts = []tile{
		{"first seen", minute(c.First)}, {"last seen", minute(c.Last)}, {"evidence sufficed", minute(c.DetectedAt)},
		{"exchanges taken", comma(c.Exchanges)}, {"tokens of answers", large(c.OutputTokens)}, {fmt.Sprintf("odds, at %.1f nats", c.Score), odds(c.Score)},
	}
	s.Says = s.Picture.says(c, r)
	s.Alt = fmt.Sprintf("Accounts by hours for campaign %s: %s rows, time from left to right.", c.ID, comma(len(s.Picture.Names)))
	for _, say := range s.Says {
		s.Alt += " " + say
	}
	if s.Picture.Columns > 0 {
		s.Tempo, s.After = tempoOf(c, r), aftermathsOf(c, r, s.Picture)
	}
	s.Families = familiesOf(c, &r.Reading)
	s.Mix = mixOf(c)
	s.Purpose = []share{
		{"put wording of their own around something new", percent(c.Purpose.Templated), 100 * c.Purpose.Templated},
		{"ask what nobody had asked", percent(c.Purpose.Fresh), 100 * c.Purpose.Fresh},
		{"failed", percent(float64(c.Failures) / float64(max(1, c.Exchanges))), 100 * float64(c.Failures) / float64(max(1, c.Exchanges))},
	}
	s.PerDay = comma(int(math.Round(c.Purpose.PerDay)))
	s.Wording = wordingOf(c)
	for _, l := range c.LookAlikes {
		if l.Holds {
			s.Held++
		}
	}
	return s, nil
}

func mixOf(c *Campaign) []share {
	var out []share
	for name, n := range c.Capabilities {
		out = append(out, share{name, percent(n), 100 * n})
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.Width, a.Width), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// wordingOf lists the shared wording that the evidence rests on, by its hash.
func wordingOf(c *Campaign) []wording {
	const most = 8
	var out []wording
	for i := range c.Evidence {
		e := &c.Evidence[i]
		switch e.Kind {
		case "system-prompt", "phrase", "frame":
			out = append(out, wording{e.Kind, e.Observable, len(e.Accounts), 100 * float64(len(e.Accounts)) / float64(max(1, len(c.Accounts))), e.Inside, e.Outside})
		}
	}
	slices.SortStableFunc(out, func(a, b wording) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(a.Outside, b.Outside))
	})
	return out[:min(most, len(out))]
}

func untoldOf(r *Reading) []untold {
	var out []untold
	for _, s := range r.Signals {
		if s.Share < faint {
			out = append(out, untold{s.Family, s.Needs, s.Advice})
		}
	}
	if len(r.Signals) > 0 && !r.Registry {
		out = append(out, untold{"identity", "a sign-up registry", "give --accounts FILE: cards, e-mail domains and times of sign-up"})
	}
	return out
}

// faint is the share of exchanges below which a signal counts as absent.
const faint = 0.01
