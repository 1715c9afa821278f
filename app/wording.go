package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"iolaus/exchange"
	"iolaus/report"
	"iolaus/sketch"
	"iolaus/source"
)

// Bounds of what is shown of wording.
const (
	mostFrames   = 4       // a campaign
	mostPieces   = 60      // a frame
	mostTemplate = 1 << 14 // different frames kept while reading, a campaign
	leastSenders = 2       // accounts that must have sent a frame
)

// reword reads the logs again and adds the frames that the evidence rests on.
// Wording that no evidence names, or that one account alone sent, is never kept.
func (p Page) reword(dir string, r *report.Report) error {
	key, err := Key(dir, "")
	if err != nil {
		return err
	}
	n := newNotes(r)
	var mu sync.Mutex
	var all []*reader
	observer := func() func(*exchange.Exchange, *exchange.Trace) {
		o := &reader{notes: n, key: key, found: make([]map[string]*template, len(r.Campaigns))}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, o)
		return o.observe
	}
	o := p.Options
	o.Brief = true
	if _, err := source.Scan(context.Background(), p.Reread, o, observer, func(time.Time, *exchange.Trace) error { return nil }); err != nil {
		return err
	}
	for i := range r.Campaigns {
		r.Campaigns[i].Frames = frames(all, i)
	}
	return nil
}

// notes say what to look for.
type notes struct {
	member map[string]int                 // campaign of an account
	wanted []map[exchange.Observable]bool // wording that a campaign's evidence names
}

func newNotes(r *report.Report) *notes {
	n := &notes{member: map[string]int{}, wanted: make([]map[exchange.Observable]bool, len(r.Campaigns))}
	for i := range r.Campaigns {
		c := &r.Campaigns[i]
		for j := range c.Accounts {
			n.member[c.Accounts[j].Account] = i
		}
		n.wanted[i] = map[exchange.Observable]bool{}
		for j := range c.Evidence {
			switch k := c.Evidence[j].Key; k.Kind() {
			case exchange.System, exchange.Phrase, exchange.Frame:
				n.wanted[i][k] = true
			}
		}
	}
	return n
}

// A template is a prompt's shared wording with slots for the rest.
type template struct {
	frame   report.Frame
	senders map[string]bool
}

// A reader reads exchanges on one goroutine.
type reader struct {
	*notes
	key   sketch.Key
	text  sketch.Text
	found []map[string]*template
}

func (r *reader) observe(x *exchange.Exchange, t *exchange.Trace) {
	t.Time, t.Left = x.Time, 0
	at, ok := r.member[x.Account]
	if !ok {
		return
	}
	if s := x.Newest(); s != "" {
		r.note(at, x.Account, r.read(at, s, false), false)
	}
	if x.System != "" {
		r.note(at, x.Account, r.read(at, x.System, true), true)
	}
}

// read cuts a text into wording that the evidence names and slots for the rest.
func (r *reader) read(at int, text string, system bool) []report.Piece {
	kind := exchange.Phrase
	if system {
		kind = exchange.System
	}
	r.text.Read(text)
	var out []report.Piece
	known := false
	slot := func() {
		if n := len(out); n == 0 || out[n-1].Slot != varies {
			out = append(out, report.Piece{Slot: varies, New: n > 0})
		}
	}
	framed := [2]bool{r.wants(at, exchange.Frame, r.text.Lead), r.wants(at, exchange.Frame, r.text.Trail)}
	edges := r.segmentEdges()
	for _, u := range r.text.Units {
		inFrame := framed[0] && u.End <= edges[0] || framed[1] && u.Start >= edges[1]
		if !inFrame && !r.wants(at, kind, u.Hash) {
			slot()
			continue
		}
		known = true
		if len(out) < mostPieces {
			out = append(out, pieces(r.text.Masked[u.Start:u.End], len(out) > 0)...)
		}
	}
	if !known {
		return nil
	}
	return out
}

// varies is the slot for what a campaign's prompts do not share.
const varies = "text that varies"

func (r *reader) wants(at int, k exchange.Kind, hash uint64) bool {
	return hash != 0 && r.wanted[at][exchange.NewObservable(k, r.key.Mix(byte(k), hash))]
}

// segmentEdges is where, in the masked text, the first segment ends and the last
// begins. Masking works from left to right, so the masked length of a beginning is
// where it ends.
func (r *reader) segmentEdges() [2]int32 {
	n := len(r.text.Segments)
	if n < 2 {
		return [2]int32{0, int32(len(r.text.Masked)) + 1}
	}
	first := sketch.Mask(nil, r.text.Normal[:r.text.Segments[0].End])
	last := sketch.Mask(nil, r.text.Normal[:r.text.Segments[n-1].Start])
	return [2]int32{int32(len(first)), int32(len(last))}
}

// slots names what Mask put in place of what varies within a line.
var slots = [...]string{1: "number", 2: "quote", 3: "code", 4: "link", 5: "address", 6: "identifier"}

// pieces turns a masked line into wording and slots.
func pieces(masked []byte, begins bool) []report.Piece {
	var out []report.Piece
	from := 0
	put := func(p report.Piece) {
		p.New = begins
		begins = false
		out = append(out, p)
	}
	for i, c := range masked {
		if c == 0 || int(c) >= len(slots) {
			continue
		}
		if i > from {
			put(report.Piece{Text: string(masked[from:i])})
		}
		put(report.Piece{Slot: slots[c]})
		from = i + 1
	}
	if from < len(masked) {
		put(report.Piece{Text: string(masked[from:])})
	}
	return out
}

// note counts a frame.
func (r *reader) note(at int, account string, ps []report.Piece, system bool) {
	if len(ps) == 0 {
		return
	}
	id := nameOf(ps, system)
	m := r.found[at]
	if m == nil {
		m = map[string]*template{}
		r.found[at] = m
	}
	t := m[id]
	if t == nil {
		if len(m) >= mostTemplate {
			return
		}
		t = &template{frame: report.Frame{System: system, Pieces: ps}, senders: map[string]bool{}}
		m[id] = t
	}
	t.frame.Exchanges++
	if !t.senders[account] {
		t.senders[strings.Clone(account)] = true
	}
}

func nameOf(ps []report.Piece, system bool) string {
	var b strings.Builder
	if system {
		b.WriteByte(1)
	}
	for _, p := range ps {
		b.WriteString(p.Text)
		b.WriteByte(0)
		b.WriteString(p.Slot)
		b.WriteByte(0)
	}
	return b.String()
}

// frames joins what the readers found of a campaign, widest spread first.
func frames(all []*reader, at int) []report.Frame {
	joined := map[string]*template{}
	for _, r := range all {
		for id, t := range r.found[at] {
			j := joined[id]
			if j == nil {
				joined[id] = t
				continue
			}
			j.frame.Exchanges += t.frame.Exchanges
			for s := range t.senders {
				j.senders[s] = true
			}
		}
	}
	var ids []string
	for id, t := range joined {
		if t.frame.Accounts = len(t.senders); t.frame.Accounts >= leastSenders {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		x, y := &joined[a].frame, &joined[b].frame
		return cmp.Or(cmp.Compare(y.Accounts, x.Accounts), cmp.Compare(y.Exchanges, x.Exchanges), cmp.Compare(a, b))
	})
	var out []report.Frame
	for _, id := range ids[:min(mostFrames, len(ids))] {
		out = append(out, joined[id].frame)
	}
	return out
}
