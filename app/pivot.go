package app

import (
	"strings"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/report"
)

// pivots watch what accounts ask for in the day after a model came out.
type pivots []pivot

type pivot struct {
	model string
	at    time.Time
	asked map[string]bool // account active that day -> whether it asked for the model
}

// aDay is how long after a release a move counts.
const aDay = 24 * time.Hour

// pivotsOf picks the releases that name a model.
func pivotsOf(events []report.Event) pivots {
	var out pivots
	for _, e := range events {
		if strings.EqualFold(e.Kind, "release") && e.Model != "" {
			out = append(out, pivot{model: e.Model, at: e.At, asked: map[string]bool{}})
		}
	}
	return out
}

// take notes an exchange.
func (ps pivots) take(t *exchange.Trace) {
	for i := range ps {
		p := &ps[i]
		if t.Time.Before(p.at) || t.Time.Sub(p.at) >= aDay {
			continue
		}
		if asked, seen := p.asked[t.Account]; !seen || !asked {
			p.asked[strings.Clone(t.Account)] = strings.EqualFold(t.Model, p.model)
		}
	}
}

// tell completes a campaign.
func (ps pivots) tell(c *campaign.Campaign, v *hunt.View) {
	inside := make(map[string]bool, len(c.Accounts))
	for _, m := range c.Accounts {
		inside[m.Account] = true
	}
	for _, p := range ps {
		out := campaign.Pivot{Model: p.model, At: p.at}
		others, moved := 0, 0
		for i := range v.Accounts {
			a := &v.Accounts[i]
			asked, active := p.asked[a.Name]
			switch {
			case !active || int64(a.First) >= p.at.Unix():
			case inside[a.Name]:
				out.Active++
				out.Moved += ones(asked)
			default:
				others++
				moved += ones(asked)
			}
		}
		if out.Active == 0 {
			continue
		}
		out.Others = float64(moved) / float64(max(1, others))
		c.Pivots = append(c.Pivots, out)
	}
}

func ones(b bool) int {
	if b {
		return 1
	}
	return 0
}
