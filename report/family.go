package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"iolaus/campaign"
)

// barNats is the length of the bars' scale: what the strongest family can say of
// one account.
const barNats = 12.0

// A family is one source of evidence: how much it says for the accounts, how much
// against, and what it saw.
type family struct {
	Name, About string
	Linked      int // accounts that it speaks for
	Of          int
	Median      float64 // nats over those
	For         float64 // per cent of the scale: the median, and the range of the middle eight tenths
	Low, Span   float64
	Lack        int // accounts that it speaks against
	Against     float64
	Worst       float64 // nats, the median over those
	Odds        string
	Untold      string // what the log lacks for it to be judged
	Examples    []string
	More        int
}

// familiesOf lists all families, the strongest first.
func familiesOf(c *Campaign, r *Reading) []family {
	out := make([]family, 0, len(familyNames))
	for _, name := range familyNames {
		f := family{Name: name, About: looksAt(name), Of: len(c.Accounts)}
		var pro, con []float64
		for i := range c.Accounts {
			switch n := c.Accounts[i].Links[name]; {
			case n > 0:
				pro = append(pro, n)
			case n < 0:
				con = append(con, -n)
			}
		}
		f.weigh(pro, con)
		f.tell(c)
		if f.Linked == 0 && f.Lack == 0 {
			f.Untold = lacking(name, r)
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b family) int {
		return cmp.Compare(b.Median*float64(b.Linked), a.Median*float64(a.Linked))
	})
	return out
}

func (f *family) weigh(pro, con []float64) {
	slices.Sort(pro)
	slices.Sort(con)
	scaled := func(n float64) float64 { return min(100, 100*n/barNats) }
	if f.Linked = len(pro); f.Linked > 0 {
		f.Median = pro[len(pro)/2]
		f.For = scaled(f.Median)
		f.Low = scaled(pro[len(pro)/10])
		f.Span = scaled(pro[len(pro)*9/10]) - f.Low
		f.Odds = odds(f.Median)
	}
	if f.Lack = len(con); f.Lack > 0 {
		f.Worst = con[len(con)/2]
		f.Against = min(25, 100*f.Worst/barNats)
	}
}

// tell says what the family saw.
func (f *family) tell(c *Campaign) {
	const most = 4
	top, more := c.Telling(f.Name, most)
	for _, e := range top {
		f.Examples = append(f.Examples, saw(e))
	}
	f.More = more
}

// saw says what a piece of evidence shows, with its hash last.
func saw(e *campaign.Evidence) string {
	s := e.Sentence()
	return strings.Replace(s, " of its accounts ", " accounts ", 1)
}

// lacking says what the log would have to hold for a family to be judged; "" when
// it held it.
func lacking(name string, r *Reading) string {
	if name == "identity" && len(r.Signals) > 0 && !r.Registry {
		return "a sign-up registry"
	}
	needs, had := "", false
	for _, s := range r.Signals {
		if s.Family == name {
			needs = s.Needs
			had = had || s.Share >= faint
		}
	}
	if had {
		return ""
	}
	return needs
}

// Share is a share of accounts in words, for the template.
func (f family) Share() string {
	if f.Linked == f.Of {
		return fmt.Sprintf("all %s accounts", humanize.Comma(int64(f.Of)))
	}
	return fmt.Sprintf("%s of %s accounts", humanize.Comma(int64(f.Linked)), humanize.Comma(int64(f.Of)))
}
