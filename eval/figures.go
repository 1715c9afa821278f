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

type groupKey struct{ By, Name string }

// gather adds up the scores of one contender on the seeds of one world.
type gather struct {
	Seeds                []uint64
	Guilty, Caught       int
	Benign, Flagged      int
	Operators, Found     int
	Heads, HeadsSeen     int
	Merges, Splits       int
	FalseReports         int
	Purity               float64
	Lost, Hours, PerHead []float64
	Succeed, Rand        []float64
	Groups               map[groupKey]*Group
}

func (g *gather) add(w *witness, s *Score) {
	g.Seeds = append(g.Seeds, w.tape.Seed)
	g.Guilty, g.Caught = g.Guilty+s.guilty, g.Caught+s.caught
	g.Benign, g.Flagged = g.Benign+s.BenignTotal, g.Flagged+s.BenignFlagged
	g.Merges, g.FalseReports = g.Merges+s.Merges, g.FalseReports+s.FalseReports
	for i := range s.Operators {
		o := &s.Operators[i]
		g.Operators++
		h := math.Inf(1)
		if o.DaysToDetect >= 0 {
			g.Found++
			g.Purity += o.Purity
			h = 24 * o.DaysToDetect
		}
		g.Hours, g.Lost = append(g.Hours, h), append(g.Lost, o.HaulLeaked)
		g.PerHead, g.Succeed = append(g.PerHead, o.lost...), append(g.Succeed, o.late...)
		g.Heads, g.HeadsSeen = g.Heads+o.Heads, g.HeadsSeen+o.HeadsSeen
		g.Splits += max(0, o.Splits-1)
	}
	if s.Flagged > 0 {
		g.Rand = append(g.Rand, s.AdjustedRand)
	}
	g.addGroups(w, s)
}

func (g *gather) addGroups(w *witness, s *Score) {
	for _, a := range w.truth.listed {
		if w.truth.guilty(a) {
			continue
		}
		hit := 0
		if _, flagged := s.flags[a]; flagged {
			hit = 1
		}
		for _, k := range w.groups(a) {
			g.group(k, 1, hit)
		}
	}
}

func (g *gather) group(k groupKey, benign, flagged int) {
	if g.Groups == nil {
		g.Groups = map[groupKey]*Group{}
	}
	p := g.Groups[k]
	if p == nil {
		p = &Group{By: k.By, Name: k.Name}
		g.Groups[k] = p
	}
	p.Benign, p.Flagged = p.Benign+benign, p.Flagged+flagged
}

// merge adds another gathering to g.
func (g *gather) merge(o *gather) {
	g.Seeds = append(g.Seeds, o.Seeds...)
	g.Guilty, g.Caught = g.Guilty+o.Guilty, g.Caught+o.Caught
	g.Benign, g.Flagged = g.Benign+o.Benign, g.Flagged+o.Flagged
	g.Operators, g.Found = g.Operators+o.Operators, g.Found+o.Found
	g.Heads, g.HeadsSeen = g.Heads+o.Heads, g.HeadsSeen+o.HeadsSeen
	g.Merges, g.Splits = g.Merges+o.Merges, g.Splits+o.Splits
	g.FalseReports, g.Purity = g.FalseReports+o.FalseReports, g.Purity+o.Purity
	g.Lost, g.Hours, g.PerHead = append(g.Lost, o.Lost...), append(g.Hours, o.Hours...), append(g.PerHead, o.PerHead...)
	g.Succeed, g.Rand = append(g.Succeed, o.Succeed...), append(g.Rand, o.Rand...)
	for k, p := range o.Groups {
		g.group(k, p.Benign, p.Flagged)
	}
}

// figures closes the sums.
func (g *gather) figures() Figures {
	f := Figures{
		Seeds: g.Seeds, Recall: min(1, ratio(g.Caught, g.Guilty)), Precision: ratio(g.Caught, g.Caught+g.Flagged),
		Operators: g.Operators, Found: g.Found, CampaignRecall: ratio(g.Found, g.Operators),
		Benign: g.Benign, BenignFlagged: g.Flagged, FPR: ratio(g.Flagged, g.Benign),
		Lost: spreadOf(g.Lost), Hours: spreadOf(g.Hours), PerHead: spreadOf(g.PerHead),
		Heads: g.Heads, HeadsSeen: g.HeadsSeen, Succeed: spreadOf(g.Succeed),
		Merges: g.Merges, Splits: g.Splits, FalseReports: g.FalseReports, Groups: closeGroups(g.Groups),
	}
	f.FPRLow, f.FPRHigh = exact(f.BenignFlagged, f.Benign)
	if f.Found > 0 {
		f.Purity = g.Purity / float64(f.Found)
	}
	for _, r := range g.Rand {
		f.AdjustedRand += r / float64(len(g.Rand))
	}
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
