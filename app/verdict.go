package app

import (
	"fmt"
	"time"

	"iolaus/exchange"
	"iolaus/source"
)

// What a log needs; below it a search is weak, or makes no sense.
const (
	fewAccounts  = 50             // others are the measure of chance
	fewOwners    = 3              // an operator runs several accounts
	shortSpan    = 24 * time.Hour // habits show over days
	badShare     = 0.01           // of lines that are not used
	ownShare     = 0.5            // of exchanges that a main kind of evidence covers
	faintShare   = 0.01           // of exchanges below which a kind of evidence is absent
	enoughSample = 1000           // exchanges from which an absence means something
)

// judge says what limits a search of the log, and the verdict.
func (c *Checkup) judge() {
	c.kinds()
	c.judgeLines()
	c.judgeAccounts()
	c.judgeEvidence()
	c.Verdict = Usable
	for i := range c.Weak {
		if c.Verdict = WeaklyUsable; c.Weak[i].Grave {
			c.Verdict = Unusable
			return
		}
	}
}

func (c *Checkup) grave(what, remedy string) { c.Weak = append(c.Weak, Weakness{true, what, remedy}) }
func (c *Checkup) weak(what, remedy string)  { c.Weak = append(c.Weak, Weakness{false, what, remedy}) }

// share is the largest share of exchanges that a signal of a family covers.
func (c *Checkup) share(f exchange.Family) float64 {
	best := 0.0
	for i := range c.Signals {
		if c.Signals[i].Family == f.String() {
			best = max(best, c.Signals[i].Share)
		}
	}
	return best
}

// kinds finds the evidence that fails independently: program and wording come
// together, and what follows in time needs wording to be followed.
func (c *Checkup) kinds() {
	content := c.share(exchange.Content)
	c.Kinds = map[string]bool{
		"program and wording": max(content, c.share(exchange.Client)) >= faintShare,
		"network":             c.share(exchange.Infrastructure) >= faintShare,
		"behaviour":           content >= faintShare,
		"protocol":            c.share(exchange.Protocol) >= faintShare,
		"sign-up":             c.Registry != nil && c.Registry.Known > 0 && c.Registry.Created+c.Registry.Payment+c.Registry.Mail > 0,
	}
}

func (c *Checkup) judgeLines() {
	bad, late := 0, 0
	for _, r := range c.Rejected {
		bad += r.Count
		if r.Reason == source.Late {
			late = r.Count
		}
	}
	switch all := max(c.Lines, bad); {
	case c.Exchanges == 0:
		c.grave("not one line could be used", "see the reasons under Not used; known formats: iolaus detect --help")
	case 2*bad > all:
		c.grave(fmt.Sprintf("%s of the lines cannot be used", percent(bad, all)), "see the reasons under Not used")
	case float64(bad) > badShare*float64(all):
		c.weak(fmt.Sprintf("%s of the lines cannot be used", percent(bad, all)), "see the reasons under Not used")
	}
	if late > 0 {
		c.weak(fmt.Sprintf("%d lines come later than a search waits for", late), "sort the log by time, or raise --disorder")
	}
}

func (c *Checkup) judgeAccounts() {
	switch {
	case c.Exchanges == 0:
		return
	case c.Accounts < fewOwners:
		c.grave(fmt.Sprintf("all exchanges belong to %d account(s): there is no one to compare with", c.Accounts), "name the field that is the account with --account FIELD")
	case c.Accounts < fewAccounts && c.Whole:
		c.weak(fmt.Sprintf("there are %d accounts: chance is measured on those outside a set", c.Accounts), "search a log of more accounts, or of a longer time")
	}
	if 2*c.KeyStands > c.Exchanges {
		c.weak(fmt.Sprintf("in %s of exchanges only the key is known and stands for the account", percent(c.KeyStands, c.Exchanges)), "log whose key it is, or name the field with --account FIELD")
	}
	if span := c.Last.Sub(c.First); c.Whole && span < shortSpan {
		c.weak(fmt.Sprintf("it covers %s: habits show over days", span.Round(time.Minute)), "search several days at once")
	}
	if r := c.Registry; r != nil && 2*r.Known < c.Accounts {
		c.weak(fmt.Sprintf("the registry lists %d of the %d accounts", r.Known, c.Accounts), "export the accounts of the same time, with the ids that the log uses")
	}
}

func (c *Checkup) judgeEvidence() {
	if c.Exchanges == 0 {
		return
	}
	n := 0
	for _, has := range c.Kinds {
		if has {
			n++
		}
	}
	if n < 2 {
		c.grave("there is one kind of evidence, and nobody is accused on one alone", "log more of what is listed under To see more")
	}
	if s := c.share(exchange.Content); s < ownShare {
		c.weak(fmt.Sprintf("prompts are in %.0f %% of exchanges: without them neither wording nor purpose is known", 100*s), "log messages; keyed hashes of their lines and blocks are enough")
	}
	if s := c.share(exchange.Infrastructure); s < ownShare {
		c.weak(fmt.Sprintf("addresses are in %.0f %% of exchanges", 100*s), "log the client's address as the gateway sees it")
	}
}

// Advice lists what to log to see more, beyond the weaknesses.
func (c *Checkup) Advice() []string {
	var out []string
	if c.Exchanges == 0 {
		return nil
	}
	for i := range c.Signals {
		s := &c.Signals[i]
		main := s.Family == exchange.Infrastructure.String() || s.Name == "client" || s.Name == "phrases"
		if s.Share < 0.1 || main && s.Share < 0.9 {
			out = append(out, fmt.Sprintf("%s (%s: now on %.0f %% of exchanges)", s.Advice, s.Name, 100*s.Share))
		}
	}
	if 2*c.Cut > c.Exchanges {
		out = append(out, fmt.Sprintf("raise the limit at which the gateway cuts texts (cut on %s of exchanges)", percent(c.Cut, c.Exchanges)))
	}
	if c.Registry == nil {
		out = append(out, "give the sign-up registry with --accounts: owners are told apart by contract, company and card")
	}
	if c.Exchanges < enoughSample {
		return out
	}
	if c.Failed == 0 {
		out = append(out, "log failed requests too: only there is seen who takes over for whom")
	}
	if c.Customers == 0 {
		out = append(out, "log the end user: a reseller is then not taken for its customers")
	}
	return out
}

// percent writes a share for people.
func percent(n, of int) string {
	if of == 0 {
		return "0 %"
	}
	switch p := 100 * float64(n) / float64(of); {
	case n == 0 || p >= 99.95:
		return fmt.Sprintf("%.0f %%", p)
	case p < 0.1:
		return "less than 0.1 %"
	case p < 10:
		return fmt.Sprintf("%.1f %%", p)
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
