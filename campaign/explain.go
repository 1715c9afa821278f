package campaign

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"iolaus/exchange"
	"iolaus/hunt"
)

// A LookAlike is an innocent explanation that was considered.
type LookAlike struct {
	Name    string `json:"name"`
	Finding string `json:"finding"` // why it does not hold, or how far it does
	Holds   bool   `json:"holds"`   // it explains at least a part
}

// lookAlikes goes through those who look the same and are innocent.
func lookAlikes(c *Campaign, f *hunt.Finding, v *hunt.View) []LookAlike {
	families := familyCount(c)
	return []LookAlike{
		{"one company or household", fmt.Sprintf("the %d accounts belong to %d owners by contract, company domain and card", len(c.Accounts), c.Owners), c.Owners < 3},
		{"users of one popular tool", fmt.Sprintf("they also agree in %s, which no tool brings along", orNothing(without(families, "client", "content"))), len(without(families, "client", "content")) == 0},
		{"a class, a benchmark or a fashion", fmt.Sprintf("%.0f %% of their items were asked by nobody before them", 100*c.Purpose.Fresh), c.Purpose.Fresh < 0.5},
		{"a reseller and its customers", fmt.Sprintf("they name %.2f customers per exchange", c.Purpose.Customers), c.Purpose.Customers > 0.1},
		{"people behind one address", fmt.Sprintf("addresses alone count for at most 5 nats; without them the median account still has %.1f", medianWithout(f, exchange.Infrastructure)), medianWithout(f, exchange.Infrastructure) < 5},
		{"heavy but ordinary use", fmt.Sprintf("%.0f %% of their requests put wording of their own around something new; purpose %.1f nats", 100*c.Purpose.Templated, c.Purpose.Score), c.Purpose.Score < 2},
	}
}

func orNothing(s []string) string {
	if len(s) == 0 {
		return "nothing"
	}
	return strings.Join(s, ", ")
}

func without(s []string, drop ...string) []string {
	return slices.DeleteFunc(slices.Clone(s), func(x string) bool { return slices.Contains(drop, x) })
}

// familyCount lists the families in which the campaign's evidence speaks.
func familyCount(c *Campaign) []string {
	var out []string
	for f := exchange.Family(0); f < exchange.Families; f++ {
		for i := range c.Evidence {
			if c.Evidence[i].Family == f.String() {
				out = append(out, f.String())
				break
			}
		}
	}
	return out
}

func medianWithout(f *hunt.Finding, drop exchange.Family) float64 {
	totals := make([]float64, 0, len(f.Members))
	for _, m := range f.Members {
		totals = append(totals, m.Score.Total()-m.Score[drop])
	}
	if len(totals) == 0 {
		return 0
	}
	slices.Sort(totals)
	return totals[len(totals)/2]
}

// what an observable of each kind is, in a sentence about accounts that share it.
var kindSentence = map[string]string{
	"payment": "are paid with one card", "email-domain": "signed up with one throw-away mail domain",
	"email-shape": "have e-mail names of one shape", "sign-up": "signed up in the same hour",
	"address": "came through one address", "network": "came through one network",
	"agent": "use one program with one TLS fingerprint", "software": "use one program, any version, with one TLS fingerprint",
	"settings": "use one program with the same settings", "tool-set": "offer the model the same tools",
	"system-prompt": "send one line of a system prompt", "phrase": "send one line of instruction",
	"frame": "put one block before or after their questions", "item": "ask one and the same thing",
	"fail-over": "took over a request that had just failed on another", "echo": "asked within a minute what another had asked",
	"succession": "went on where a banned account stopped", "signature": "presented what was issued to another",
}

// Sentence says in words what the evidence shows.
func (e *Evidence) Sentence() string {
	s := fmt.Sprintf("%s of its accounts %s (%s", humanize.Comma(int64(len(e.Accounts))), kindSentence[e.Kind], e.Observable)
	if e.Label != "" {
		s += ", " + e.Label
	}
	return s + "); " + elsewhere(e.Outside)
}

// elsewhere says how many other owners do the same.
func elsewhere(owners int) string {
	switch owners {
	case 0:
		return "nobody else does"
	case 1:
		return "1 other owner does"
	}
	return fmt.Sprintf("%s other owners do", humanize.Comma(int64(owners)))
}

// Explain writes why the campaign is believed, strongest family first, and what
// speaks against it.
func (c *Campaign) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s accounts of one operator, going for %s\n\n", c.ID, humanize.Comma(int64(len(c.Accounts))), c.Target)
	fmt.Fprintf(&b, "  active    %s to %s\n", c.First.Format("2006-01-02 15:04"), c.Last.Format("2006-01-02 15:04"))
	fmt.Fprintf(&b, "  detected  %s, when the evidence first sufficed; score %.1f nats\n", c.DetectedAt.Format("2006-01-02 15:04"), c.Score)
	fmt.Fprintf(&b, "  taken     %s exchanges, %s tokens of answers\n", humanize.Comma(int64(c.Exchanges)), humanize.Comma(int64(c.OutputTokens)))
	fmt.Fprintf(&b, "  for       %s\n", c.mix())
	b.WriteString("\nWhy these accounts have one operator\n")
	for _, f := range c.families() {
		fmt.Fprintf(&b, "  %s: links %s of %s accounts, median %.1f nats\n", f.name, humanize.Comma(int64(f.linked)), humanize.Comma(int64(len(c.Accounts))), f.median)
		for i := range f.top {
			fmt.Fprintf(&b, "    - %s\n", f.top[i].Sentence())
		}
	}
	if s := c.Inheritance(); s != "" {
		fmt.Fprintf(&b, "  heirs: %s\n", s)
	}
	c.explainPurpose(&b)
	b.WriteString("\nWhat speaks against it, or was considered\n")
	for _, l := range c.LookAlikes {
		mark := "ruled out"
		if l.Holds {
			mark = "NOT ruled out"
		}
		fmt.Fprintf(&b, "  - %s: %s: %s\n", l.Name, mark, l.Finding)
	}
	if silent := c.silent(); len(silent) > 0 {
		fmt.Fprintf(&b, "  - nothing was seen in: %s\n", strings.Join(silent, ", "))
	}
	c.explainCertificate(&b)
	return b.String()
}

// Inheritance says how many members are heirs of the campaign's program, and that
// no error rate covers them; "" when none is.
func (c *Campaign) Inheritance() string {
	n := 0
	for i := range c.Accounts {
		if c.Accounts[i].Heir {
			n++
		}
	}
	all := humanize.Comma(int64(len(c.Accounts)))
	switch n {
	case 0:
		return ""
	case 1:
		return "1 of " + all + " accounts is a member by the campaign's program alone, and nothing else links it yet; " + uncovered
	}
	return humanize.Comma(int64(n)) + " of " + all + " accounts are members by the campaign's program alone, and nothing else links them yet; " + uncovered
}

// uncovered is what holds for heirs, also of a certified campaign.
const uncovered = "no stated error rate covers heirs"

// explainCertificate says what the accusation rests on, and what would have to be
// true for it to be wrong.
func (c *Campaign) explainCertificate(b *strings.Builder) {
	if c.Certificate.Test == 0 {
		return
	}
	fmt.Fprintf(b, "\nHow sure, in advance\n")
	x := &c.Certificate
	verdict := fmt.Sprintf("certified: of the sets certified like this, at most %g %% are expected to be innocent", 100*x.Alpha)
	if !x.Holds {
		verdict = "not certified: the evidence was enough to raise it, not enough for an error rate"
	}
	fmt.Fprintf(b, "  - %s\n", verdict)
	won := fmt.Sprintf("a fair bet against innocence has won e^%.1f", x.LogE)
	if x.LogE <= -99 {
		won = "no bet against innocence could be placed"
	}
	fmt.Fprintf(b, "  - %s; e^%.1f were needed, for the level of %.2g spent on the %s set tested\n",
		won, -math.Log(x.Level), x.Level, humanize.Ordinal(x.Test))
	if x.Basis == "calibration" {
		b.WriteString("  - it would be wrong if these owners were as innocent as those that the calibration was made of, and by\n" +
			"    chance got further than they did; or if they were innocent in a way that no one there was\n")
		return
	}
	b.WriteString("  - it would be wrong if these owners were strangers who all have one more thing in common that this log\n" +
		"    does not show, such as a firm, a course or a bought kit, and that explains each of the families above\n")
}

func (c *Campaign) explainPurpose(b *strings.Builder) {
	fmt.Fprintf(b, "\nWhy it is extraction (%.1f nats)\n", c.Purpose.Score)
	fmt.Fprintf(b, "  - %.0f %% of its requests put wording of its own around something new\n", 100*c.Purpose.Templated)
	fmt.Fprintf(b, "  - %.0f %% of its requests ask what nobody had asked\n", 100*c.Purpose.Fresh)
	fmt.Fprintf(b, "  - %s requests a day over all its accounts\n", humanize.Comma(int64(c.Purpose.PerDay)))
	c.explainTempo(b)
	c.explainPivots(b)
	if n := len(c.Heirs); n > 0 {
		fmt.Fprintf(b, "  - %d heads began after another was banned, the first after %.1f h\n", n, c.Heirs[0].Hours)
	}
}

// mix lists the capabilities, largest share first.
func (c *Campaign) mix() string {
	names := make([]string, 0, len(c.Capabilities))
	for n := range c.Capabilities {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(c.Capabilities[b], c.Capabilities[a]), strings.Compare(a, b))
	})
	if len(names) == 0 {
		return "what is not known"
	}
	for i, n := range names {
		names[i] = fmt.Sprintf("%s %.0f %%", n, 100*c.Capabilities[n])
	}
	return strings.Join(names, ", ")
}

type familyView struct {
	name   string
	linked int
	median float64
	top    []*Evidence
}

// families sums the members' links up by family, strongest first, each with its
// most telling observables.
func (c *Campaign) families() []familyView {
	const shown = 3
	var out []familyView
	for f := exchange.Family(0); f < exchange.Families; f++ {
		v := familyView{name: f.String()}
		var nats []float64
		for i := range c.Accounts {
			if n := c.Accounts[i].Links[v.name]; n > 0 {
				nats = append(nats, n)
			}
		}
		if v.linked = len(nats); v.linked == 0 {
			continue
		}
		slices.Sort(nats)
		v.median = nats[len(nats)/2]
		v.top, _ = c.Telling(v.name, shown)
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b familyView) int {
		return cmp.Compare(b.median*float64(b.linked), a.median*float64(a.linked))
	})
	return out
}

// Telling picks n of a family's observables, and says how many more there are:
// those that link the most accounts, each kind once before any twice.
func (c *Campaign) Telling(family string, n int) (top []*Evidence, more int) {
	for i := range c.Evidence {
		if c.Evidence[i].Family == family {
			top = append(top, &c.Evidence[i])
		}
	}
	slices.SortStableFunc(top, func(a, b *Evidence) int {
		return cmp.Compare(b.Nats*float64(len(b.Accounts)), a.Nats*float64(len(a.Accounts)))
	})
	seen := map[string]int{}
	rank := make(map[*Evidence]int, len(top))
	for _, e := range top {
		rank[e] = seen[e.Kind]
		seen[e.Kind]++
	}
	slices.SortStableFunc(top, func(a, b *Evidence) int { return cmp.Compare(rank[a], rank[b]) })
	n = min(n, len(top))
	return top[:n], len(top) - n
}

// silent lists the families that say nothing.
func (c *Campaign) silent() []string {
	have := familyCount(c)
	var out []string
	for f := exchange.Family(0); f < exchange.Families; f++ {
		if !slices.Contains(have, f.String()) {
			out = append(out, f.String())
		}
	}
	return out
}

// ExplainAccount says what links one account to the campaign; "" when it is no
// member.
func (c *Campaign) ExplainAccount(account string) string {
	i := slices.IndexFunc(c.Accounts, func(m Member) bool { return m.Account == account })
	if i < 0 {
		return ""
	}
	m := &c.Accounts[i]
	var b strings.Builder
	fmt.Fprintf(&b, "%s is a head of %s since %s\n", account, c.ID, m.Added.Format("2006-01-02 15:04"))
	if m.Heir {
		fmt.Fprintf(&b, "  heir: it is a member by the campaign's program alone, and nothing else links it yet; %s\n", uncovered)
	}
	for f := exchange.Family(0); f < exchange.Families; f++ {
		n, ok := m.Links[f.String()]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "  %s %+.1f nats\n", f, n)
		if n < 0 {
			b.WriteString("    - it lacks what most of the others share\n")
		}
		shown := 0
		for j := range c.Evidence {
			e := &c.Evidence[j]
			if e.Family == f.String() && slices.Contains(e.Accounts, account) && shown < 4 {
				fmt.Fprintf(&b, "    - like %s it is among those that %s (%s); %s\n", others(len(e.Accounts)-1), kindSentence[e.Kind], e.Observable, elsewhere(e.Outside))
				shown++
			}
		}
	}
	return b.String()
}

// others counts the other accounts.
func others(n int) string {
	if n == 1 {
		return "1 other"
	}
	return humanize.Comma(int64(n)) + " others"
}
