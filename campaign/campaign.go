// Package campaign gives a finding of the hunt its identity, its history and its
// explanation: who, what for, since when, how much, why we believe it and what
// speaks against it.
//
// It promises sentences an analyst can repeat, each with the figure behind it,
// and an id that stays while heads join, are banned and are replaced. It judges
// nothing that the hunt has not judged, and names no person.
package campaign

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
)

// A Campaign is a set of accounts that one operator runs, followed through time.
// All times are event time.
type Campaign struct {
	ID         string    `json:"campaign_id"`
	DetectedAt time.Time `json:"detected_at"` // the evidence up to then sufficed
	Score      float64   `json:"score"`       // log-odds, in nats
	Accounts   []Member  `json:"accounts"`

	Owners       int                `json:"owners"` // after firms and households were resolved
	First        time.Time          `json:"first_exchange"`
	Last         time.Time          `json:"last_exchange"`
	Exchanges    int                `json:"exchanges"`
	Failures     int                `json:"failures"`
	InputTokens  uint64             `json:"input_tokens"`
	OutputTokens uint64             `json:"output_tokens"`
	Target       string             `json:"target"`       // the capability it goes for most
	Capabilities map[string]float64 `json:"capabilities"` // share of its exchanges
	Purpose      Purpose            `json:"purpose"`
	Pivots       []Pivot            `json:"pivots,omitempty"`
	Certificate  Certificate        `json:"certificate"`
	Heirs        []Heir             `json:"heirs,omitempty"` // heads that followed a banned one

	Evidence   []Evidence  `json:"-"`
	LookAlikes []LookAlike `json:"look_alikes"`
}

// A Member is one account of a campaign, and what links it, by family, in nats.
type Member struct {
	Account string             `json:"account_id"`
	Added   time.Time          `json:"added_at"` // the evidence for this account sufficed
	Banned  *time.Time         `json:"banned_at,omitempty"`
	Heir    bool               `json:"heir,omitempty"` // it runs the campaign's program, and nothing else links it yet: no stated error rate covers it
	Links   map[string]float64 `json:"links"`
}

// Purpose is the pooled test of what the accounts are for.
type Purpose struct {
	Score     float64 `json:"score"`     // log-odds that it is extraction
	Templated float64 `json:"templated"` // share of requests with a wording of their own around something new
	Fresh     float64 `json:"fresh"`     // share of requests with items nobody had asked
	Customers float64 `json:"customers"` // named customers per exchange
	PerDay    float64 `json:"per_day"`   // exchanges a day, pooled
	Tempo     *Tempo  `json:"tempo,omitempty"`
}

// A Certificate is the error rate that the accusation was made under, stated in
// advance, if its evidence was enough for one: see doc/error-control.md.
type Certificate struct {
	Holds bool    `json:"holds"`
	LogE  float64 `json:"log_e_value"` // natural log of the evidence against innocence, as a fair bet
	Level float64 `json:"level"`       // of the error rate spent on this set
	Test  int     `json:"test"`        // how many sets had been tested by then
	Alpha float64 `json:"alpha"`       // expected share of innocent sets among those certified, at most
	Basis string  `json:"basis"`       // permutation, or calibration: what innocence was compared with
}

// certificateOf writes down a hunt's. That nothing was won is written as e^-99.
func certificateOf(c hunt.Certificate) Certificate {
	basis := "permutation"
	if c.Calibrated {
		basis = "calibration"
	}
	return Certificate{c.Suffices(), max(c.LogE, -99), c.Level, c.Test, c.Alpha, basis}
}

// An Heir is a head that began after another was banned and carried on: a pairing
// in time, of members however they were found. Member.Heir is something else.
type Heir struct {
	Account  string  `json:"account_id"`
	Replaces string  `json:"replaces"`
	Hours    float64 `json:"hours"` // between the ban and its first exchange
}

// Evidence is one observable that speaks for a campaign.
type Evidence struct {
	Campaign   string   `json:"campaign_id"`
	Observable string   `json:"observable"`
	Kind       string   `json:"kind"`
	Family     string   `json:"family"`
	Nats       float64  `json:"log_odds"` // for an account that carries it; negative speaks against
	Inside     int      `json:"owners_inside"`
	Outside    int      `json:"owners_outside"`
	Accounts   []string `json:"accounts"`
	Label      string   `json:"label,omitempty"`

	Key exchange.Observable `json:"key,string"` // the whole keyed hash
}

// Against lists what speaks against the campaign in the form of evidence: the
// innocent explanations that could not be ruled out, the families in which its
// accounts show nothing, and the accounts that lack what the others share.
func (c *Campaign) Against() []Evidence {
	var out []Evidence
	for _, l := range c.LookAlikes {
		if l.Holds {
			out = append(out, Evidence{Campaign: c.ID, Observable: l.Name, Kind: "look-alike", Family: "-", Nats: -1, Label: l.Finding})
		}
	}
	for _, f := range c.silent() {
		out = append(out, Evidence{Campaign: c.ID, Observable: "nothing shared", Kind: "silence", Family: f})
	}
	for i := range c.Accounts {
		for f := exchange.Family(0); f < exchange.Families; f++ {
			if n := c.Accounts[i].Links[f.String()]; n < 0 {
				out = append(out, Evidence{Campaign: c.ID, Observable: "lacks what the others share", Kind: "absence", Family: f.String(), Nats: n, Accounts: []string{c.Accounts[i].Account}})
			}
		}
	}
	return out
}

// Labels name observables whose clear value is no secret of a person, such as a
// user agent.
type Labels map[exchange.Observable]string

// Of makes a campaign of a finding. It copies what it needs of the view.
func Of(f *hunt.Finding, v *hunt.View, labels Labels) *Campaign {
	c := &Campaign{
		DetectedAt: stamp(f.Detected), Score: f.Score,
		Certificate: certificateOf(f.Certificate),
		Purpose: Purpose{
			Score: f.Purpose.Score, Templated: f.Purpose.Templated, Fresh: f.Purpose.Fresh,
			Customers: f.Purpose.Customers, PerDay: f.Purpose.PerDay,
		},
	}
	if t := f.Purpose.Tempo; t.Dispatched() {
		c.Purpose.Tempo = &Tempo{Excess: t.Excess, Silent: t.Silent}
	}
	c.ID = name(f, v)
	c.pool(f, v)
	c.heirs(f, v)
	c.evidence(f, v, labels)
	c.LookAlikes = lookAlikes(c, f, v)
	return c
}

func stamp(t uint32) time.Time { return time.Unix(int64(t), 0).UTC() }

// name derives the id from what does not change: the moment of detection and
// the accounts that were known then.
func name(f *hunt.Finding, v *hunt.View) string {
	var first []string
	for _, m := range f.Members {
		if m.Added <= f.Detected {
			first = append(first, v.Accounts[m.Account].Name)
		}
	}
	slices.Sort(first)
	h := fnv.New64a()
	for _, s := range first {
		h.Write(append([]byte(s), 0))
	}
	return fmt.Sprintf("c-%s-%04x", stamp(f.Detected).Format("20060102"), h.Sum64()&0xffff)
}

// pool adds up the members.
func (c *Campaign) pool(f *hunt.Finding, v *hunt.View) {
	owners := map[uint32]bool{}
	var mix [exchange.Capabilities]int
	for _, m := range f.Members {
		a := &v.Accounts[m.Account]
		owners[a.Owner] = true
		x := Member{Account: a.Name, Added: stamp(m.Added), Heir: m.Heir, Links: map[string]float64{}}
		for i, n := range m.Score {
			if n != 0 {
				x.Links[exchange.Family(i).String()] = n
			}
		}
		if a.Banned != 0 {
			t := stamp(a.Banned)
			x.Banned = &t
		}
		c.Accounts = append(c.Accounts, x)
		c.Exchanges += int(a.Exchanges)
		c.Failures += int(a.Failures)
		c.InputTokens += a.Input
		c.OutputTokens += a.Output
		for k, n := range a.Capabilities {
			mix[k] += int(n)
		}
		if t := stamp(a.First); c.First.IsZero() || t.Before(c.First) {
			c.First = t
		}
		if t := stamp(a.Last); t.After(c.Last) {
			c.Last = t
		}
	}
	c.Owners = len(owners)
	slices.SortFunc(c.Accounts, func(a, b Member) int {
		return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.Account, b.Account))
	})
	c.Capabilities = map[string]float64{}
	best := 0
	for k, n := range mix {
		if n == 0 {
			continue
		}
		k := exchange.Capability(k)
		c.Capabilities[k.String()] = float64(n) / float64(max(1, c.Exchanges))
		if k != exchange.Other && n > best {
			best, c.Target = n, k.String()
		}
	}
	if c.Target == "" {
		c.Target = exchange.Other.String()
	}
}

// heirs pairs each banned head with the first member that began after the ban
// and was not there before; each heir replaces one.
func (c *Campaign) heirs(f *hunt.Finding, v *hunt.View) {
	const longest = 72 * 3600
	var banned, begun []*hunt.Account
	for _, m := range f.Members {
		a := &v.Accounts[m.Account]
		begun = append(begun, a)
		if a.Banned != 0 {
			banned = append(banned, a)
		}
	}
	slices.SortFunc(banned, func(a, b *hunt.Account) int {
		return cmp.Or(cmp.Compare(a.Banned, b.Banned), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(begun, func(a, b *hunt.Account) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Name, b.Name))
	})
	taken := map[string]bool{}
	for _, b := range banned {
		for _, a := range begun {
			if a.First < b.Banned || taken[a.Name] || a.First-b.Banned > longest {
				continue
			}
			taken[a.Name] = true
			c.Heirs = append(c.Heirs, Heir{a.Name, b.Name, float64(a.First-b.Banned) / 3600})
			break
		}
	}
}

// evidence lists the fingerprint with its carriers, strongest first.
func (c *Campaign) evidence(f *hunt.Finding, v *hunt.View, labels Labels) {
	member := map[uint32]bool{}
	for _, m := range f.Members {
		member[m.Account] = true
	}
	for _, w := range f.Weights {
		t := &v.Trails[w.Trail]
		e := Evidence{
			Campaign: c.ID, Observable: t.Observable.String(), Kind: t.Observable.Kind().String(),
			Family: t.Observable.Family().String(), Nats: w.Nats, Label: labels[t.Observable], Key: t.Observable,
		}
		inside, outside := map[uint32]bool{}, map[uint32]bool{}
		for _, id := range t.Carriers {
			a := v.Edges[id].Account
			if member[a] {
				e.Accounts = append(e.Accounts, v.Accounts[a].Name)
				inside[v.Accounts[a].Owner] = true
			} else {
				outside[v.Accounts[a].Owner] = true
			}
		}
		e.Inside, e.Outside = len(inside), len(outside)
		if e.Inside >= 2 {
			slices.Sort(e.Accounts)
			c.Evidence = append(c.Evidence, e)
		}
	}
	slices.SortStableFunc(c.Evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.Nats, a.Nats), cmp.Compare(len(b.Accounts), len(a.Accounts)), cmp.Compare(a.Key, b.Key))
	})
}
