package eval

import (
	"math"
	"slices"
	"time"

	"iolaus/sim"
)

// An OperatorScore is the result for one true campaign.
type OperatorScore struct {
	ID            string  `json:"operator"`
	Accounts      int     `json:"accounts"` // that made at least one exchange
	Best          string  `json:"best_report"`
	Recall        float64 `json:"recall"`         // accounts in the best report
	RecallAny     float64 `json:"recall_any"`     // accounts in any report
	Purity        float64 `json:"purity"`         // of the best report
	DaysToDetect  float64 `json:"days_to_detect"` // from its first exchange; -1 if never
	HaulLeaked    float64 `json:"haul_leaked"`    // share of its exchanges before each account was flagged
	Heads         int     `json:"heads"`          // accounts that took a banned one's place
	HeadsSeen     int     `json:"heads_recognised"`
	HeadExchanges float64 `json:"median_exchanges_before_head_recognised"` // unseen heads count in full
	Splits        int     `json:"splits"`                                  // reports with a real share of it

	lost []float64 // exchanges before each account was flagged
	late []float64 // the same of succeeding heads
	haul int       // its exchanges in all
}

// A Score compares the reports on one world with its truth.
type Score struct {
	Operators        []OperatorScore `json:"operators"`
	Reported         int             `json:"reported"`
	FalseReports     int             `json:"false_reports"` // most of their accounts are innocent
	Merges           int             `json:"merges"`        // reports that hold several operators
	Flagged          int             `json:"flagged"`
	Precision        float64         `json:"precision"`
	Recall           float64         `json:"recall"`
	BenignFlagged    int             `json:"benign_flagged"`
	BenignTotal      int             `json:"benign_total"`
	BenignFPR        float64         `json:"benign_fpr"`
	ByArchetype      map[string]int  `json:"benign_flagged_by_archetype"`
	PairF1           float64         `json:"pair_f1"`
	AdjustedRand     float64         `json:"adjusted_rand"`
	UnknownAccounts  int             `json:"unknown_accounts"`
	FlaggedTooEarly  int             `json:"flagged_before_sign_up"`
	DetectedTooEarly int             `json:"reports_before_their_first_member"`

	flags          map[uint32]float64 // when each account was first flagged
	guilty, caught int
}

// Grade compares reports on a recorded world with its truth.
func Grade(t *Tape, rows []sim.Truth, reports []Report) Score {
	return newTruth(t, rows).score(reports)
}

// tally is what the reports come to, before they are compared.
type tally struct {
	*truth
	res      Score
	home     map[uint32]string // the first report that holds the account
	hits     map[string]map[string]int
	size     map[string]int
	detected map[string]float64
}

// score compares reports with the truth, by the same rules as the scorer that
// comes with the labelled worlds.
func (u *truth) score(reports []Report) Score {
	t := tally{truth: u, res: Score{ByArchetype: map[string]int{}, flags: map[uint32]float64{}}, home: map[uint32]string{},
		hits: map[string]map[string]int{}, size: map[string]int{}, detected: map[string]float64{}}
	kept := slices.Clone(reports)
	slices.SortStableFunc(kept, func(x, y Report) int { return x.Detected.Compare(y.Detected) })
	for i := range kept {
		t.take(&kept[i])
	}
	t.overall()
	t.operators()
	t.partition()
	return t.res
}

// take counts one report.
func (t *tally) take(c *Report) {
	seen := map[uint32]bool{}
	by := map[string]int{}
	benign := 0
	at := seconds(c.Detected)
	earliest := math.Inf(1)
	for _, m := range c.Accounts {
		a, ok := t.index[m.Account]
		if !ok || t.rows[a].Account == "" {
			t.res.UnknownAccounts++
			continue
		}
		if seen[a] {
			continue
		}
		seen[a] = true
		added := max(seconds(m.Added), at)
		if s := seconds(m.Added); s < t.created[a]-1 {
			t.res.FlaggedTooEarly++
			added = max(added, t.created[a])
		}
		earliest = min(earliest, t.created[a])
		if old, ok := t.res.flags[a]; !ok || added < old {
			t.res.flags[a] = added
		}
		if _, ok := t.home[a]; !ok {
			t.home[a] = c.ID
		}
		if t.guilty(a) {
			by[t.rows[a].Operator]++
		} else {
			benign++
		}
	}
	if len(seen) == 0 {
		return
	}
	if at < earliest {
		t.res.DetectedTooEarly++
	}
	t.res.Reported++
	t.hits[c.ID], t.size[c.ID], t.detected[c.ID] = by, len(seen), at
	if 2*benign > len(seen) {
		t.res.FalseReports++
	}
	big := 0
	for _, n := range by {
		if n >= 3 && 10*n >= len(seen) {
			big++
		}
	}
	if big > 1 {
		t.res.Merges++
	}
}

func (t *tally) overall() {
	r := &t.res
	for _, a := range t.listed {
		_, flagged := r.flags[a]
		switch {
		case t.guilty(a):
			if t.rows[a].Exchanges > 0 {
				r.guilty++
			}
			if flagged {
				r.caught++
			}
		default:
			r.BenignTotal++
			if flagged {
				r.BenignFlagged++
				r.ByArchetype[t.rows[a].Archetype]++
			}
		}
	}
	r.Flagged = r.caught + r.BenignFlagged
	r.Precision = ratio(r.caught, r.Flagged)
	r.Recall = min(1, ratio(r.caught, r.guilty))
	r.BenignFPR = ratio(r.BenignFlagged, r.BenignTotal)
}

func (t *tally) operators() {
	order, members := t.crews()
	var reports []string
	for id := range t.hits {
		reports = append(reports, id)
	}
	slices.Sort(reports)
	for _, op := range order {
		o := t.operator(op, len(members[op]), reports)
		t.haul(&o, members[op])
		t.res.Operators = append(t.res.Operators, o)
	}
}

// operator finds the report that is most of an operator. DaysToDetect is left as
// the time of the first report that is mainly his.
func (t *tally) operator(op string, accounts int, reports []string) OperatorScore {
	o := OperatorScore{ID: op, Accounts: accounts}
	best, found := 0, math.Inf(1)
	for _, id := range reports {
		n := t.hits[id][op]
		if n > best || n == best && n > 0 && t.size[id] < t.size[o.Best] {
			best, o.Best = n, id
		}
		if n >= 3 && (2*n > t.size[id] || 20*n >= accounts) {
			o.Splits++
		}
		if n >= 3 && 2*n > t.size[id] {
			found = min(found, t.detected[id])
		}
	}
	if best > 0 {
		o.Recall, o.Purity = min(1, ratio(best, accounts)), ratio(best, t.size[o.Best])
	}
	o.DaysToDetect = found
	return o
}

// haul counts what an operator got before each of its accounts was flagged.
func (t *tally) haul(o *OperatorScore, members []uint32) {
	seen, leaked := 0, 0
	began := math.Inf(1)
	for _, a := range members {
		at, flagged := t.res.flags[a]
		if flagged {
			seen++
		}
		if !flagged {
			at = math.Inf(1)
		}
		ts, lost := t.times[a], t.lost(a, at)
		o.haul, leaked = o.haul+len(ts), leaked+lost
		if len(ts) > 0 {
			began = min(began, ts[0])
		}
		o.lost = append(o.lost, float64(lost))
		if t.rows[a].Replaces != "" {
			o.Heads++
			if flagged {
				o.HeadsSeen++
			}
			o.late = append(o.late, float64(lost))
		}
	}
	o.RecallAny, o.HaulLeaked = ratio(seen, len(members)), ratio(leaked, o.haul)
	if found := o.DaysToDetect; math.IsInf(found, 1) || math.IsInf(began, 1) {
		o.DaysToDetect = -1
	} else {
		o.DaysToDetect = (found - began) / 86400
	}
	slices.Sort(o.late)
	if len(o.late) > 0 {
		o.HeadExchanges = o.late[len(o.late)/2]
	}
}

// partition compares reported groups with operators over the flagged accounts.
func (t *tally) partition() {
	cell := map[[2]string]float64{}
	row, col := map[string]float64{}, map[string]float64{}
	n := 0.0
	for a, rep := range t.home {
		op := t.rows[a].Operator
		cell[[2]string{op, rep}]++
		row[op]++
		col[rep]++
		n++
	}
	both, a, b := pairsIn(cell), pairsIn(row), pairsIn(col)
	if a+b > 0 {
		t.res.PairF1 = 2 * both / (a + b)
	}
	if n > 1 {
		expected := a * b / (n * (n - 1) / 2)
		if top := (a + b) / 2; top != expected {
			t.res.AdjustedRand = (both - expected) / (top - expected)
		} else {
			t.res.AdjustedRand = 1
		}
	}
}

// pairsIn counts pairs within cells. The sums are of whole numbers, so that
// their order does not matter.
func pairsIn[K comparable](cells map[K]float64) float64 {
	sum := 0.0
	for _, x := range cells {
		sum += x * (x - 1) / 2
	}
	return sum
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }
