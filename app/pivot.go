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
	took  map[string]*uptake // by account active that day
}

// An uptake is how an account took to a model: what it asked for in that day.
type uptake struct {
	exchanges, moved int
	hour             int // in which it first asked for the model, when it did
}

// aDay is how long after a release a move counts.
const (
	aDay       = 24 * time.Hour
	hoursOfDay = 24
)

// pivotsOf picks the releases that name a model.
func pivotsOf(events []report.Event) pivots {
	var out pivots
	for _, e := range events {
		if e.Release() {
			out = append(out, pivot{model: e.Model, at: e.At, took: map[string]*uptake{}})
		}
	}
	return out
}

// take notes an exchange.
func (ps pivots) take(t *exchange.Trace) {
	for i := range ps {
		p := &ps[i]
		after := t.Time.Sub(p.at)
		if after < 0 || after >= aDay {
			continue
		}
		u := p.took[t.Account]
		if u == nil {
			u = &uptake{}
			p.took[strings.Clone(t.Account)] = u
		}
		u.exchanges++
		if strings.EqualFold(t.Model, p.model) {
			if u.moved++; u.moved == 1 {
				u.hour = int(after / time.Hour)
			}
		}
	}
}

// A move pools uptakes.
type move struct {
	active, moved, exchanges, asked int
	course                          [hoursOfDay]int // accounts that first asked, by hour
}

func (m *move) add(u *uptake) {
	m.active++
	m.exchanges += u.exchanges
	m.asked += u.moved
	if u.moved > 0 {
		m.moved++
		m.course[u.hour]++
	}
}

// shares are the accounts that had asked by the end of each hour, over those active.
func (m *move) shares() []float64 {
	if m.active == 0 {
		return nil
	}
	out, sum := make([]float64, hoursOfDay), 0
	for i, n := range m.course {
		sum += n
		out[i] = over(sum, m.active)
	}
	return out
}

func over(n, all int) float64 { return float64(n) / float64(max(1, all)) }

// tell completes a campaign. A release that nobody in the log lived to see is left out.
func (ps pivots) tell(c *campaign.Campaign, v *hunt.View) {
	inside := make(map[string]bool, len(c.Accounts))
	for _, m := range c.Accounts {
		inside[m.Account] = true
	}
	for i := range ps {
		p := &ps[i]
		if len(p.took) == 0 {
			continue
		}
		var own, others move
		for i := range v.Accounts {
			a := &v.Accounts[i]
			u := p.took[a.Name]
			switch {
			case u == nil || int64(a.First) >= p.at.Unix():
			case inside[a.Name]:
				own.add(u)
			default:
				others.add(u)
			}
		}
		c.Pivots = append(c.Pivots, campaign.Pivot{
			Model: p.model, At: p.at, Active: own.active, Moved: own.moved, Others: over(others.moved, others.active),
			Exchanges: own.exchanges, Share: over(own.asked, own.exchanges), OthersShare: over(others.asked, others.exchanges),
			Course: own.shares(), OthersCourse: others.shares(),
		})
	}
}
