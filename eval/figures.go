package eval

import (
	"cmp"
	"math"
	"slices"
)

// Figures are what one contender does on one world, over all its seeds.
type Figures struct {
	World     string   `json:"world"`
	Contender string   `json:"contender"`
	Setting   string   `json:"setting,omitempty"`
	Seeds     []uint64 `json:"seeds"`

	Recall         float64 `json:"recall"`    // of the operators' accounts that made an exchange
	Precision      float64 `json:"precision"` // of the flagged accounts
	Operators      int     `json:"operators"`
	Found          int     `json:"operators_found"` // a report was mainly theirs
	CampaignRecall float64 `json:"campaign_recall"`
	Purity         float64 `json:"purity"` // of the best reports, mean over operators found

	Benign        int     `json:"benign"`
	BenignFlagged int     `json:"benign_flagged"`
	FPR           float64 `json:"fpr"`
	FPRLow        float64 `json:"fpr_low"` // exact 95 % interval
	FPRHigh       float64 `json:"fpr_high"`

	Lost      Spread `json:"exchanges_lost"`          // share of an operator's exchanges before each account was flagged, over operators
	Hours     Spread `json:"hours_to_detect"`         // over operators; -1 is never
	PerHead   Spread `json:"exchanges_per_head"`      // before it was flagged, over accounts; those never flagged count in full
	Heads     int    `json:"succeeding_heads"`        // accounts that took a banned one's place
	HeadsSeen int    `json:"succeeding_heads_seen"`   //
	Succeed   Spread `json:"exchanges_per_successor"` // before it was recognised

	AdjustedRand float64 `json:"adjusted_rand"` // mean over seeds in which anything was flagged
	Merges       int     `json:"merges"`
	Splits       int     `json:"splits"` // reports per operator beyond the first
	FalseReports int     `json:"false_reports"`

	Groups []Group `json:"groups"`

	// Budgets say what the best setting could reach that flags no more than a share
	// of the innocents. Only who knows the truth can choose it.
	Budgets []Budget `json:"hindsight"`
}

// A Budget is the highest recall of any setting within a false positive rate.
type Budget struct {
	FPR     float64 `json:"fpr"`
	Recall  float64 `json:"recall"`
	Setting string  `json:"setting,omitempty"`
}

// hindsight is the highest recall at zero innocents flagged.
func (f *Figures) hindsight() float64 {
	if len(f.Budgets) == 0 {
		return 0
	}
	return f.Budgets[0].Recall
}

// A Group is one part of the innocent accounts.
type Group struct {
	By      string  `json:"by"` // crowd, card country, billing country, language, script
	Name    string  `json:"name"`
	Benign  int     `json:"benign"`
	Flagged int     `json:"flagged"`
	FPR     float64 `json:"fpr"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

type groupKey struct{ by, name string }

// gather adds up the scores of one contender on the seeds of one world.
type gather struct {
	f                         Figures
	guilty, caught            int
	lost, hours, heads, succs []float64
	rand                      []float64
	purity                    float64
	groups                    map[groupKey]*Group
}

func (g *gather) add(w *witness, s *Score) {
	g.f.Seeds = append(g.f.Seeds, w.tape.Seed)
	g.guilty, g.caught = g.guilty+s.guilty, g.caught+s.caught
	g.f.Benign, g.f.BenignFlagged = g.f.Benign+s.BenignTotal, g.f.BenignFlagged+s.BenignFlagged
	g.f.Merges, g.f.FalseReports = g.f.Merges+s.Merges, g.f.FalseReports+s.FalseReports
	for i := range s.Operators {
		o := &s.Operators[i]
		g.f.Operators++
		h := math.Inf(1)
		if o.DaysToDetect >= 0 {
			g.f.Found++
			g.purity += o.Purity
			h = 24 * o.DaysToDetect
		}
		g.hours = append(g.hours, h)
		g.lost = append(g.lost, o.HaulLeaked)
		g.heads = append(g.heads, o.lost...)
		g.succs = append(g.succs, o.late...)
		g.f.Heads, g.f.HeadsSeen = g.f.Heads+o.Heads, g.f.HeadsSeen+o.HeadsSeen
		g.f.Splits += max(0, o.Splits-1)
	}
	if s.Flagged > 0 {
		g.rand = append(g.rand, s.AdjustedRand)
	}
	g.addGroups(w, s)
}

func (g *gather) addGroups(w *witness, s *Score) {
	if g.groups == nil {
		g.groups = map[groupKey]*Group{}
	}
	for _, a := range w.truth.listed {
		if w.truth.guilty(a) {
			continue
		}
		_, flagged := s.flags[a]
		for _, k := range w.groups(a) {
			p := g.groups[k]
			if p == nil {
				p = &Group{By: k.by, Name: k.name}
				g.groups[k] = p
			}
			p.Benign++
			if flagged {
				p.Flagged++
			}
		}
	}
}

// figures closes the sums.
func (g *gather) figures() Figures {
	f := g.f
	f.Recall, f.Precision = min(1, ratio(g.caught, g.guilty)), ratio(g.caught, g.caught+f.BenignFlagged)
	f.CampaignRecall, f.FPR = ratio(f.Found, f.Operators), ratio(f.BenignFlagged, f.Benign)
	f.FPRLow, f.FPRHigh = exact(f.BenignFlagged, f.Benign)
	f.Lost, f.Hours, f.PerHead, f.Succeed = spreadOf(g.lost), spreadOf(g.hours), spreadOf(g.heads), spreadOf(g.succs)
	if f.Found > 0 {
		f.Purity = g.purity / float64(f.Found)
	}
	for _, r := range g.rand {
		f.AdjustedRand += r / float64(len(g.rand))
	}
	f.Groups = closeGroups(g.groups)
	return f
}

// closeGroups works out the rates and puts the groups in order.
func closeGroups(sums map[groupKey]*Group) []Group {
	var out []Group
	for _, p := range sums {
		p.FPR = ratio(p.Flagged, p.Benign)
		p.Low, p.High = exact(p.Flagged, p.Benign)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(x, y Group) int {
		return cmp.Or(cmp.Compare(x.By, y.By), cmp.Compare(x.Name, y.Name))
	})
	return out
}
