package report

import (
	"fmt"
	"sort"
	"strings"

	"iolaus/route"
	"iolaus/route/catalogue"
)

// A stream is the picture workload -> provider -> region -> law.
type stream struct {
	Width, Height float64
	Columns       []string
	Nodes         []node
	Links         []link
}

// A node is one box of a column.
type node struct {
	Column      int
	Name, Full  string
	X, Y, H     float64
	Count       int
	Verdict     string
	LabelX      float64
	Anchor      string
	in, out     float64 // heights already used by links
	sumIn, sumO float64
}

// A link joins two nodes; Y0 and Y1 are the middles of its ends.
type link struct {
	From, To       int
	X0, Y0, X1, Y1 float64
	H              float64
	Verdict        string
	Title          string
	count          int
}

const (
	streamNode   = 10.0  // width of a box
	streamGap    = 8.0   // between boxes
	streamRows   = 30    // workloads with a box of their own
	streamUseful = 460.0 // height that the busiest column shares out
	linkLeast    = 1.6
)

// streamOf lays out a report.
func streamOf(r *route.Report, width float64) *stream {
	s := &stream{Width: width, Columns: []string{"Workload", "Provider", "Region", "Law that reaches it"}}
	index := map[string]int{}
	at := func(column int, name string) int {
		key := fmt.Sprint(column, name)
		i, ok := index[key]
		if !ok {
			i = len(s.Nodes)
			index[key] = i
			s.Nodes = append(s.Nodes, node{Column: column, Name: name, Full: name, Verdict: route.Allowed})
		}
		return i
	}
	joined := map[string]int{}
	join := func(a, b int, f route.FlowSeen) {
		key := fmt.Sprint(a, " ", b, f.Verdict)
		i, ok := joined[key]
		if !ok {
			i = len(s.Links)
			joined[key] = i
			s.Links = append(s.Links, link{From: a, To: b, Verdict: f.Verdict})
		}
		s.Links[i].count += f.Count
	}
	for i, w := range r.Workloads {
		name := w.Name
		if i >= streamRows-1 && len(r.Workloads) > streamRows {
			name = fmt.Sprintf("%d other workloads", len(r.Workloads)-streamRows+1)
		}
		for _, f := range w.Flows {
			path := []int{at(0, name), at(1, providerName(f)), at(2, regionName(f)), at(3, lawName(f))}
			for c := range 3 {
				join(path[c], path[c+1], f)
			}
			for _, n := range path {
				s.Nodes[n].Count += f.Count
				s.Nodes[n].Verdict = worse(s.Nodes[n].Verdict, f.Verdict)
			}
		}
	}
	s.layout(max(1, r.Totals.Exchanges))
	return s
}

func providerName(f route.FlowSeen) string {
	if f.Provider == "unknown" {
		return "unknown: " + or(f.Host, "not in the log")
	}
	return f.Provider
}

func regionName(f route.FlowSeen) string {
	switch {
	case f.Kind == "self-hosted":
		return "own network"
	case strings.HasPrefix(f.Runs, catalogue.Anywhere) && f.Region == "":
		return f.Runs
	case f.Region != "" && f.Country != "":
		return f.Region + " · " + f.Country
	case f.Country != "":
		return catalogue.CountryName(f.Country)
	}
	return or(f.Region, "not known")
}

func lawName(f route.FlowSeen) string {
	if f.Kind == "self-hosted" {
		return "own"
	}
	seen := map[string]bool{}
	var out []string
	for _, c := range append([]string{f.Country}, f.Homes...) {
		if c != "" && !seen[c] {
			seen[c] = true
			out = append(out, catalogue.CountryName(c))
		}
	}
	if len(out) == 0 {
		return "not known"
	}
	return strings.Join(out, " + ")
}

// layout sets sizes and places.
func (s *stream) layout(total int) {
	scale := streamUseful / float64(total)
	for i := range s.Links {
		l := &s.Links[i]
		l.H = max(linkLeast, float64(l.count)*scale)
		s.Nodes[l.From].sumO += l.H
		s.Nodes[l.To].sumIn += l.H
	}
	for c := range s.Columns {
		s.column(c)
	}
	s.Height += 8
	s.connect()
}

// column stacks its boxes, the busiest on top.
func (s *stream) column(c int) {
	var ids []int
	for i, n := range s.Nodes {
		if n.Column == c {
			ids = append(ids, i)
		}
	}
	sort.SliceStable(ids, func(a, b int) bool {
		x, y := s.Nodes[ids[a]], s.Nodes[ids[b]]
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Name < y.Name
	})
	margin := 185.0
	step := (s.Width - 2*margin - streamNode) / float64(len(s.Columns)-1)
	y := 28.0
	for _, i := range ids {
		n := &s.Nodes[i]
		n.H = max(n.sumIn, n.sumO, 11)
		n.X, n.Y = margin+step*float64(c), y
		n.LabelX, n.Anchor = n.X+streamNode+6, "start"
		if c == 0 {
			n.LabelX, n.Anchor = n.X-6, "end"
		}
		n.Name = cut(n.Name, 28)
		y += n.H + streamGap
	}
	s.Height = max(s.Height, y)
}

// connect runs the links from box to box, in the order of their ends so that
// few cross.
func (s *stream) connect() {
	order := make([]int, len(s.Links))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := s.Links[order[a]], s.Links[order[b]]
		if s.Nodes[x.To].Y != s.Nodes[y.To].Y {
			return s.Nodes[x.To].Y < s.Nodes[y.To].Y
		}
		return s.Nodes[x.From].Y < s.Nodes[y.From].Y
	})
	for _, i := range order {
		l := &s.Links[i]
		from := &s.Nodes[l.From]
		l.X0, l.Y0 = from.X+streamNode, from.Y+from.out+l.H/2
		from.out += l.H
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := s.Links[order[a]], s.Links[order[b]]
		return s.Nodes[x.From].Y < s.Nodes[y.From].Y
	})
	for _, i := range order {
		l := &s.Links[i]
		to := &s.Nodes[l.To]
		l.X1, l.Y1 = to.X, to.Y+to.in+l.H/2
		to.in += l.H
		l.Title = fmt.Sprintf("%s to %s: %s exchanges, %s", s.Nodes[l.From].Full, to.Full, thousands(l.count), l.Verdict)
	}
}

// MiddleY is where a node's label stands.
func (n node) MiddleY() float64 { return n.Y + n.H/2 }

// HeadX is where the name of a column stands.
func (s *stream) HeadX(column int) float64 {
	for _, n := range s.Nodes {
		if n.Column == column {
			if column == 0 {
				return n.X + streamNode
			}
			return n.X
		}
	}
	return 0
}

// HeadAnchor says on which side of HeadX the name of a column stands.
func (s *stream) HeadAnchor(column int) string {
	if column == 0 {
		return "end"
	}
	return "start"
}
