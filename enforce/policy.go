// Package enforce turns what was found into measures: bounded, expiring,
// reversible, with the reason, the policy's version and who may lift each.
//
// It promises that nothing holds without an end; that a measure a person lifted
// is not made again for the same campaign; that allow-lists win; that an
// organisation is touched by a person's order only; and that every change is in
// a journal before it takes effect. Its default is shadow: say it, do nothing.
//
// It refuses to find anything: it is told who belongs to what, and how surely.
package enforce

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"iolaus/guard"
)

// A Policy says which measure follows which strength of evidence. The zero
// Policy observes in shadow.
type Policy struct {
	Mode  string `yaml:"mode" json:"mode"`   // shadow (default) or live
	Rungs []Rung `yaml:"rungs" json:"rungs"` // the first that fits counts
	Lift  string `yaml:"lift" json:"lift"`   // who may lift a measure, as people call them; default "the on-call analyst"
	// Newcomers are the rungs for accounts that carry a campaign's habits and
	// are not its members yet; default: the mildest rung of Rungs.
	Newcomers []Rung `yaml:"newcomers" json:"newcomers"`
}

// A Rung is one step of the ladder.
type Rung struct {
	Measure string        `yaml:"measure" json:"measure"`
	Least   float64       `yaml:"least" json:"least"` // nats that the account's own evidence needs
	For     time.Duration `yaml:"for" json:"for"`     // at most 30 days
	Delay   time.Duration `yaml:"delay" json:"delay"` // of measure slow; at most 30 s
}

// Bounds of what a policy can ask for.
const (
	longest    = 30 * 24 * time.Hour
	longestLag = 30 * time.Second
)

// Default is what holds without configuration.
func Default() Policy {
	return Policy{Mode: "shadow", Lift: "the on-call analyst",
		Rungs:     []Rung{{Measure: "label", For: 24 * time.Hour}},
		Newcomers: []Rung{{Measure: "label", For: 24 * time.Hour}}}
}

// Check completes the policy and says what is wrong with it.
func (p *Policy) Check() error {
	d := Default()
	if p.Mode == "" {
		p.Mode = d.Mode
	}
	if p.Lift == "" {
		p.Lift = d.Lift
	}
	if p.Mode != "shadow" && p.Mode != "live" {
		return fmt.Errorf("mode %q is neither shadow nor live", p.Mode)
	}
	if len(p.Rungs) == 0 {
		p.Rungs = d.Rungs
	}
	if len(p.Newcomers) == 0 {
		p.Newcomers = []Rung{p.mildest()}
	}
	for _, r := range slices.Concat(p.Rungs, p.Newcomers) {
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Policy) mildest() Rung {
	return slices.MinFunc(p.Rungs, func(a, b Rung) int {
		x, _ := guard.MeasureNamed(a.Measure)
		y, _ := guard.MeasureNamed(b.Measure)
		return int(x) - int(y)
	})
}

func (r *Rung) check() error {
	m, ok := guard.MeasureNamed(r.Measure)
	switch {
	case !ok || m == guard.None:
		return fmt.Errorf("measure %q is none of observe, label, slow, verify, withhold, hold, block", r.Measure)
	case r.For <= 0 || r.For > longest:
		return fmt.Errorf("measure %s: for must be between 1s and %s: every measure ends", r.Measure, longest)
	case m == guard.Slow && (r.Delay <= 0 || r.Delay > longestLag):
		return fmt.Errorf("measure slow: delay must be between 1ms and %s", longestLag)
	case m != guard.Slow && r.Delay != 0:
		return fmt.Errorf("measure %s has a delay; only slow has one", r.Measure)
	}
	return nil
}

// Version names the policy by its content.
func (p *Policy) Version() string {
	b, _ := json.Marshal(p)
	sum := xxh3.Hash128(b).Bytes()
	return hex.EncodeToString(sum[:4])
}

// A Claim says that an account belongs to a campaign, and how surely.
type Claim struct {
	Account  string
	Campaign string
	Nats     float64
	Last     time.Time // its last exchange; one that rests is not measured again
	Newcomer bool      // recognised by habits; the hunt has not spoken yet
}

// order is what the policy says to a claim; nil for nothing.
func (p *Policy) order(c *Claim) *guard.Order {
	rungs := p.Rungs
	why := "is one of its accounts"
	if c.Newcomer {
		rungs, why = p.Newcomers, "carries its habits"
	}
	for _, r := range rungs {
		if c.Nats < r.Least {
			continue
		}
		m, _ := guard.MeasureNamed(r.Measure)
		return &guard.Order{
			Measure: m, Shadow: p.Mode != "live", Delay: r.Delay, Campaign: c.Campaign,
			Reason: fmt.Sprintf("campaign %s: the account %s (%.1f nats)", c.Campaign, why, c.Nats),
			Policy: p.Version(), Lift: p.Lift, Until: int64(r.For / time.Second),
		}
	}
	return nil
}

// Newcomer is the order for whoever is recognised as a new head of a campaign;
// Until counts seconds from then. false when the policy has none.
func (p *Policy) Newcomer(campaign string, nats float64) (guard.Order, bool) {
	o := p.order(&Claim{Campaign: campaign, Nats: nats, Newcomer: true})
	if o == nil {
		return guard.Order{}, false
	}
	o.Reason = fmt.Sprintf("campaign %s: an unknown account carries its habits", campaign)
	return *o, true
}
