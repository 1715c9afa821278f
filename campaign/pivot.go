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
}

// fewActive is how many accounts must have been active before their share is told.
const fewActive = 5

func (c *Campaign) explainPivots(b *strings.Builder) {
	for _, p := range c.Pivots {
		if p.Active >= fewActive {
			fmt.Fprintf(b, "  - within a day of %s coming out on %s, %d of its %d active accounts asked for it; of others %.0f %% did\n",
				p.Model, p.At.UTC().Format("2006-01-02"), p.Moved, p.Active, 100*p.Others)
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
