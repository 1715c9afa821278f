package hunt

import (
	"math"
	"slices"

	"iolaus/exchange"
)

// Purpose is what a set's pooled traffic is for. Coincidence alone is a company;
// it takes this test, too, to call a set a campaign.
type Purpose struct {
	Exchanges  int
	Substance  int     // exchanges with an item long enough to compare
	Templated  float64 // share of Substance: the account's own wording around something new
	Fresh      float64 // share of Substance: items that nobody else had asked
	Customers  float64 // sub-accounts per exchange: a reseller's traffic has many
	PerDay     float64 // pooled exchanges a day
	Mix        [exchange.Capabilities]float64
	Lift       float64 // of the extracting capabilities over the population, natural log
	Even       float64 // how evenly the work is dealt out: 1 - coefficient of variation of requests per account and day, 0 to 1
	Concealed  float64 // median nats by which one hand shows behind accounts of many owners
	Tempo      Tempo   // how the members keep time together
	Score      float64 // log-odds that the set's traffic is extraction
	population float64
}

// extracting weighs how telling a capability is. Agentic and coding use is
// what most customers do all day, so it counts only for a little.
var extracting = [exchange.Capabilities]float64{
	exchange.Reasoning: 1, exchange.Grading: 1, exchange.Generation: 1, exchange.Agentic: 0.15, exchange.Coding: 0.1,
}

// purposeOf pools the traffic of members and tests it against the population.
func (h *Hunter) purposeOf(v *View, members []Member) Purpose {
	var p Purpose
	var templated, fresh, customers int
	var mix [exchange.Capabilities]int
	first, last := uint32(math.MaxUint32), uint32(0)
	hidden := make([]float64, len(members))
	for i, m := range members {
		x := &v.Accounts[m.Account]
		hidden[i] = m.Score[exchange.Behaviour] + m.Score[exchange.Protocol]
		p.Exchanges += int(x.Exchanges)
		p.Substance += int(x.Substance)
		templated += int(x.Templated)
		fresh += int(x.Fresh)
		customers += int(x.Customers)
		for c, n := range x.Capabilities {
			mix[c] += int(n)
		}
		first, last = min(first, x.First), max(last, x.Last)
	}
	if p.Exchanges == 0 {
		return p
	}
	p.PerDay = float64(p.Exchanges) / max(1, float64(last-first)/86400)
	p.Customers = float64(customers) / float64(p.Exchanges)
	if p.Substance > 0 {
		p.Templated = float64(templated) / float64(p.Substance)
		p.Fresh = float64(fresh) / float64(p.Substance)
	}
	own := 0.0
	for c, n := range mix {
		p.Mix[c] = float64(n) / float64(p.Exchanges)
		own += extracting[c] * p.Mix[c]
	}
	p.population = populationShare(v)
	p.Lift = math.Log((own + 0.01) / (p.population + 0.01))
	p.Even = evenness(v, members)
	slices.Sort(hidden)
	p.Concealed = hidden[len(hidden)/2]
	if !h.blind[exchange.Behaviour] {
		p.Tempo = v.Tempo(accountsOf(members))
	}
	p.Score = p.score()
	return p
}

const (
	fewDealt = 6  // accounts from which their shares of the work can be compared
	dealt    = 10 // exchanges of each on average: a class asks as evenly, for an hour
)

// evenness says how evenly the members share the work: a dispatcher deals it
// out, while volumes of independent people differ by orders of magnitude.
func evenness(v *View, members []Member) float64 {
	if len(members) < fewDealt {
		return 0
	}
	all, sum, squares := 0, 0.0, 0.0
	for _, m := range members {
		a := &v.Accounts[m.Account]
		all += int(a.Exchanges)
		rate := float64(a.Exchanges) / max(1, float64(a.Last-a.First)/86400)
		sum += rate
		squares += rate * rate
	}
	n := float64(len(members))
	mean := sum / n
	if mean == 0 || all < dealt*len(members) {
		return 0
	}
	cv := math.Sqrt(max(0, squares/n-mean*mean)) / mean
	return max(0, 1-cv)
}

// populationShare is the extracting share of everybody's traffic, one voice per
// account, so that a large campaign does not become its own background.
func populationShare(v *View) float64 {
	sum, n := 0.0, 0
	for i := range v.Accounts {
		x := &v.Accounts[i]
		if x.Exchanges == 0 {
			continue
		}
		share := 0.0
		for c, k := range x.Capabilities {
			share += extracting[c] * float64(k)
		}
		sum += share / float64(x.Exchanges)
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// oneQueue is what it adds that one queue feeds all accounts.
const oneQueue = 0.75

// score adds up what speaks for and against extraction.
func (p *Purpose) score() float64 {
	s := 1.5*p.Templated - 0.5
	s += max(-0.5, min(1.5, p.Lift))
	if p.Substance > 0 && p.Fresh < 0.5 {
		s -= 6 * (0.5 - p.Fresh) // the same items as others: a class, a benchmark, a fashion
	}
	s -= min(3, 4*p.Customers)
	s += max(-1.5, min(1.5, math.Log10(max(1, p.PerDay)/50)))
	s += min(1.5, 0.3*p.Concealed)
	s += max(0, 3*(p.Even-0.5))
	if p.Tempo.Dispatched() {
		s += oneQueue
	}
	return s
}
