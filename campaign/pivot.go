package campaign

import (
	"fmt"
	"strings"
	"time"
)

// A Pivot is how the accounts took to a model when it came out. Who extracts goes
// for the newest at once; so does everybody who is curious. It supports a purpose
// and is told; it counts for nothing by itself.
type Pivot struct {
	Model  string    `json:"model"`
	At     time.Time `json:"released_at"`
	Active int       `json:"active"` // accounts from before the release that were active in the day after it
	Moved  int       `json:"moved"`  // of them those that asked for the model
	Others float64   `json:"others"` // share of all other such accounts that did

	Exchanges   int     `json:"exchanges"`    // of the active accounts in that day
	Share       float64 `json:"share"`        // of them those that asked for the model
	OthersShare float64 `json:"others_share"` // the same of all other such accounts

	Course       []float64 `json:"course,omitempty"`        // share of the active accounts that had asked by the end of each hour of that day
	OthersCourse []float64 `json:"others_course,omitempty"` // the same of all others
}

// fewActive is how many accounts must have been active before their share is told.
const fewActive = 5

// Few says whether too few accounts were active for their share to say anything.
func (p *Pivot) Few() bool { return p.Active < fewActive }

// Hours is how many hours after the release half of those that moved within the
// day had asked; 0 when nobody did, or when the hours are not known.
func (p *Pivot) Hours() int {
	if p.Moved == 0 || len(p.Course) == 0 {
		return 0
	}
	half := p.Course[len(p.Course)-1] / 2
	for i, share := range p.Course {
		if share >= half {
			return i + 1
		}
	}
	return len(p.Course)
}

func (c *Campaign) explainPivots(b *strings.Builder) {
	for i := range c.Pivots {
		p := &c.Pivots[i]
		if !p.Few() {
			fmt.Fprintf(b, "  - within a day of %s coming out on %s, %d of its %d active accounts asked for it; of others %.0f %% did\n"+
				"    (%.0f %% of its exchanges that day, %.0f %% of others')\n",
				p.Model, p.At.UTC().Format("2006-01-02"), p.Moved, p.Active, 100*p.Others, 100*p.Share, 100*p.OthersShare)
		}
	}
}

// explainTempo says how the accounts keep time together.
func (c *Campaign) explainTempo(b *strings.Builder) {
	if t := c.Purpose.Tempo; t != nil {
		fmt.Fprintf(b, "  - its accounts start and fall silent together: %.1f times the variance of accounts with their hours, and\n    %d hours in which hardly any was active where several could be expected\n", t.Excess, t.Silent)
	}
}

// A Tempo is how the accounts keep time together, when it is that of one queue.
type Tempo struct {
	Excess float64 `json:"excess"` // variance of how many are active, over that of independent accounts with the same hours
	Silent int     `json:"silent"` // hours in which hardly any was active and several could be expected
}
