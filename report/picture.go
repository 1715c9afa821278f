package report

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"time"

	"iolaus/campaign"
)

// mostCells bounds a picture; a longer one has columns of several hours.
const mostCells = 6_000_000

// mostRows bounds the accounts of a picture, busiest first.
const mostRows = 20_000

// A picture is accounts x time, as the page's script draws it. Columns count from
// Begin in steps of Step seconds; -1 is none.
type picture struct {
	Begin   int64       `json:"begin"`
	Step    int64       `json:"step"`
	Columns int         `json:"columns"`
	Names   []string    `json:"names"`
	First   []int       `json:"first"` // column of the first exchange
	Last    []int       `json:"last"`
	Ban     []int       `json:"ban"`
	Added   []int       `json:"added"` // column in which the evidence for the account sufficed
	Taken   []uint64    `json:"taken"` // exchanges
	Links   [][]float64 `json:"links"` // nats by family, in the order of families
	Heirs   [][2]int    `json:"heirs"` // rows: who was banned, who went on
	Alone   []int       `json:"alone"` // rows of heirs: members by the campaign's program alone
	Volume  []uint32    `json:"volume"`
	Starts  []int       `json:"starts"` // accounts that began
	Bans    []int       `json:"bans"`
	Active  []int       `json:"active"`
	Quiet   [][2]int    `json:"quiet"` // columns from, to: all stood still together
	Gaps    [][2]int    `json:"gaps"`  // columns without a log
	Found   float64     `json:"found"` // column of the detection
	Events  []mark      `json:"events"`
	Counts  string      `json:"counts"` // deflated matrix of codes, base64
	Left    int         `json:"left"`   // accounts left out

	cells [][]uint32 // rows x columns
}

// A mark is an outside event on the axis of time.
type mark struct {
	At    float64 `json:"at"`
	Label string  `json:"label"`
}

// familyNames is the order of explanation.
var familyNames = [...]string{"identity", "infrastructure", "client", "content", "behaviour", "protocol"}

// draw lays out a campaign; the picture has no columns when nothing is known of
// its hours.
func draw(c *Campaign, r *Report) (*picture, error) {
	p := &picture{}
	if len(c.Hours) == 0 {
		return p, nil
	}
	kept := busiest(c)
	p.Left = len(c.Accounts) - len(kept)
	p.span(c, r, len(kept))
	order := lineages(c, kept)
	row := make(map[uint32]int, len(order))
	for i, a := range order {
		row[uint32(a)] = i
	}
	p.fill(c, row)
	for _, a := range order {
		p.account(c, &c.Accounts[a])
	}
	p.heirs(c)
	p.patterns(r)
	p.Found = p.at(c.DetectedAt)
	for _, e := range p.marked(r) {
		p.Events = append(p.Events, mark{p.at(e.At), shorten(e.Label, 60)})
	}
	return p, p.pack()
}

// marked are the outside events that fall into the picture, in the order of their flags.
func (p *picture) marked(r *Report) []Event {
	var out []Event
	for _, e := range r.Events {
		if x := p.at(e.At); x >= 0 && x <= float64(p.Columns) {
			out = append(out, e)
		}
	}
	return out
}

// busiest picks the accounts that are drawn.
func busiest(c *Campaign) []int {
	total := make([]uint64, len(c.Accounts))
	for _, h := range c.Hours {
		if int(h.Account) < len(total) {
			total[h.Account] += uint64(h.Exchanges)
		}
	}
	out := make([]int, len(total))
	for i := range out {
		out[i] = i
	}
	if len(out) > mostRows {
		slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(total[b], total[a]) })
		out = out[:mostRows]
		slices.Sort(out)
	}
	return out
}

// span fixes the axis of time: from the day of the first exchange or the log's to
// the last, in steps that keep the picture within bounds.
func (p *picture) span(c *Campaign, r *Report, rows int) {
	from, to := c.Hours[0].Start, c.Hours[0].Start
	for _, h := range c.Hours {
		from, to = min(from, h.Start), max(to, h.Start)
	}
	begin := time.Unix(int64(from), 0).UTC().Truncate(24 * time.Hour)
	end := time.Unix(int64(to), 0).UTC().Add(time.Hour)
	if r.To.After(end) { // so that an end is told from the end of the log
		end = r.To
	}
	hours := int(math.Ceil(end.Sub(begin).Hours()))
	p.Begin, p.Step = begin.Unix(), 24*3600
	for _, n := range [...]int{1, 2, 3, 4, 6, 12} {
		if rows*(hours/n+1) <= mostCells {
			p.Step = int64(n) * 3600
			break
		}
	}
	p.Columns = (hours*3600 + int(p.Step) - 1) / int(p.Step)
}

// at is a time's place on the axis, in columns.
func (p *picture) at(t time.Time) float64 { return float64(t.Unix()-p.Begin) / float64(p.Step) }

func (p *picture) column(t time.Time) int { return int(math.Floor(p.at(t))) }

// start is the time at which a column begins.
func (p *picture) start(column int) time.Time {
	return time.Unix(p.Begin+int64(column)*p.Step, 0).UTC()
}

func (p *picture) fill(c *Campaign, row map[uint32]int) {
	all := make([]uint32, len(row)*p.Columns)
	p.cells = make([][]uint32, len(row))
	for i := range p.cells {
		p.cells[i] = all[i*p.Columns : (i+1)*p.Columns]
	}
	p.Volume = make([]uint32, p.Columns)
	for _, h := range c.Hours {
		x := int((int64(h.Start) - p.Begin) / p.Step)
		if x < 0 || x >= p.Columns {
			continue
		}
		p.Volume[x] += h.Exchanges
		if y, ok := row[h.Account]; ok {
			p.cells[y][x] += h.Exchanges
		}
	}
}

// account adds the next row's particulars.
func (p *picture) account(c *Campaign, m *campaign.Member) {
	cells := p.cells[len(p.Names)]
	first, last, taken := -1, -1, uint64(0)
	for x, n := range cells {
		if n > 0 {
			if first < 0 {
				first = x
			}
			last = x
			taken += uint64(n)
		}
	}
	ban := -1
	if m.Banned != nil {
		ban = min(max(0, p.column(*m.Banned)), p.Columns)
	}
	links := make([]float64, len(familyNames))
	for i, f := range familyNames {
		links[i] = math.Round(10*m.Links[f]) / 10
	}
	if m.Heir {
		p.Alone = append(p.Alone, len(p.Names))
	}
	p.Names = append(p.Names, m.Account)
	p.First, p.Last, p.Ban = append(p.First, first), append(p.Last, last), append(p.Ban, ban)
	p.Added = append(p.Added, p.column(m.Added))
	p.Taken, p.Links = append(p.Taken, taken), append(p.Links, links)
}

// lineages orders accounts so that an heir stands below the one it replaced: by
// the first exchange of the line's first account, then down the line.
func lineages(c *Campaign, kept []int) []int {
	first := make(map[string]uint32, len(kept))
	index := make(map[string]int, len(kept))
	for _, h := range c.Hours {
		name := c.Accounts[min(int(h.Account), len(c.Accounts)-1)].Account
		if at, ok := first[name]; !ok || h.Start < at {
			first[name] = h.Start
		}
	}
	since := func(i int) uint32 { // who was never heard stands last
		if at, ok := first[c.Accounts[i].Account]; ok {
			return at
		}
		return math.MaxUint32
	}
	roots := make([]int, 0, len(kept))
	for _, i := range kept {
		index[c.Accounts[i].Account] = i
	}
	next, follows := map[string]string{}, map[string]bool{}
	for _, h := range c.Heirs {
		if _, known := index[h.Account]; known && h.Account != h.Replaces {
			next[h.Replaces], follows[h.Account] = h.Account, true
		}
	}
	for _, i := range kept {
		if name := c.Accounts[i].Account; !follows[name] {
			roots = append(roots, i)
		}
	}
	slices.SortStableFunc(roots, func(a, b int) int {
		return cmp.Or(cmp.Compare(since(a), since(b)), cmp.Compare(c.Accounts[a].Account, c.Accounts[b].Account))
	})
	out, placed := make([]int, 0, len(kept)), make(map[int]bool, len(kept))
	place := func(i int) {
		for ok := true; ok && !placed[i]; i, ok = index[next[c.Accounts[i].Account]] {
			placed[i] = true
			out = append(out, i)
		}
	}
	for _, i := range roots {
		place(i)
	}
	for _, i := range kept { // what stands in no line that begins
		place(i)
	}
	return out
}

// AnyBan reports whether any account was banned, for the key of the picture.
func (p *picture) AnyBan() bool {
	return slices.ContainsFunc(p.Ban, func(column int) bool { return column >= 0 })
}

func (p *picture) heirs(c *Campaign) {
	row := make(map[string]int, len(p.Names))
	for i, n := range p.Names {
		row[n] = i
	}
	for _, h := range c.Heirs {
		from, ok := row[h.Replaces]
		to, too := row[h.Account]
		if ok && too {
			p.Heirs = append(p.Heirs, [2]int{from, to})
		}
	}
}

// codeOf writes a count in a byte: exact to 15, then in steps of a tenth.
func codeOf(n uint32) byte {
	if n < 16 {
		return byte(n)
	}
	return byte(min(255, 16+math.Round(math.Log(float64(n)/16)/math.Log(1.1))))
}

// pack deflates the matrix.
func (p *picture) pack() error {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("cannot pack picture: %w", err)
	}
	line := make([]byte, p.Columns)
	for _, row := range p.cells {
		for x, n := range row {
			line[x] = codeOf(n)
		}
		if _, err := z.Write(line); err != nil {
			return fmt.Errorf("cannot pack picture: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("cannot pack picture: %w", err)
	}
	p.Counts = base64.StdEncoding.EncodeToString(b.Bytes())
	return nil
}
