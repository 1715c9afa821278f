package eval

import (
	"math"

	"iolaus/exchange"
)

// A sheet is what the reference detector learns from: one row of numbers per
// account, and who shares something rare with whom. It holds the truth, and no
// contender ever sees it.
type sheet struct {
	Rows   [][]float32
	Guilty []bool
	Judged []bool      // accounts that the truth knows and that made an exchange
	Near   [][]uint32  // accounts that share something rare, rarest first
	Bound  []operators // one per operator, then one per draw of innocents
}

const (
	profileColumns = 27
	linkColumns    = 4 * traceKinds
	timeColumns    = 3
	rare           = 24 // owners up to which a shared trace is rare
	nearMost       = 40 // neighbours kept
)

// newSheet draws up the sheet of a world.
func newSheet(w *witness) *sheet {
	t := w.tape
	n := len(t.Accounts)
	s := &sheet{Rows: make([][]float32, n), Guilty: make([]bool, n), Judged: make([]bool, n), Near: make([][]uint32, n)}
	profiles := profilesOf(t)
	traces := tracesOf(t)
	times := timesOf(t)
	for a := range n {
		s.Guilty[a] = w.truth.guilty(uint32(a))
		s.Judged[a] = w.truth.rows[a].Account != "" && profiles[a].n > 0
		row := make([]float32, 0, profileColumns+linkColumns+timeColumns)
		row = profiles[a].columns(row, t, uint32(a))
		row = traces.columns(row, uint32(a))
		s.Rows[a] = append(row, times[a][:]...)
	}
	traces.neighbours(s.Near)
	s.Bound = traces.bound(w)
	return s
}

// profile is what one account does, without looking at any other.
type profile struct {
	n, failed, texts, night, weekend float64
	input, output                    float64 // sums of logarithms
	capability                       [exchange.Capabilities]float64
	addresses, clients, prompts      map[uint64]int
	prefixes                         map[uint64]int
	models                           map[uint32]int
	customers                        map[uint64]struct{}
	days                             map[int64]int
	first, last, before              int64
	gap, gap2, gaps                  float64
	sum                              [Dimensions]float64
}

func profilesOf(t *Tape) []profile {
	out := make([]profile, len(t.Accounts))
	for i := range t.Events {
		p := &out[t.Events[i].Account]
		if p.n == 0 {
			p.addresses, p.clients, p.prompts, p.prefixes = map[uint64]int{}, map[uint64]int{}, map[uint64]int{}, map[uint64]int{}
			p.models, p.customers, p.days = map[uint32]int{}, map[uint64]struct{}{}, map[int64]int{}
			p.first = t.Events[i].At
		}
		p.add(&t.Events[i])
	}
	return out
}

func (p *profile) add(e *Event) {
	p.n++
	if e.failed {
		p.failed++
	}
	p.input += math.Log1p(float64(e.input))
	p.output += math.Log1p(float64(e.output))
	p.capability[e.capability]++
	p.addresses[e.View.Address]++
	p.clients[e.View.Client]++
	p.models[e.model]++
	if e.customer != 0 && len(p.customers) < 1000 {
		p.customers[e.customer] = struct{}{}
	}
	if e.View.Texts {
		p.texts++
		p.prompts[e.View.Prompt]++
		p.prefixes[e.View.Prefix[0]]++
		for d, x := range e.View.Features {
			p.sum[d] += float64(x) / 127
		}
	}
	hour := e.At / 3.6e12
	p.days[hour/24]++
	if h := hour % 24; h < 6 {
		p.night++
	}
	if d := (hour/24 + 4) % 7; d == 0 || d == 6 {
		p.weekend++
	}
	if p.before != 0 {
		g := math.Log1p(float64(e.At-p.before) / 1e9)
		p.gap, p.gap2, p.gaps = p.gap+g, p.gap2+g*g, p.gaps+1
	}
	p.before, p.last = e.At, e.At
}

func (p *profile) columns(row []float32, t *Tape, a uint32) []float32 {
	add := func(x float64) { row = append(row, float32(x)) }
	n, texts := max(1, p.n), max(1, p.texts)
	add(math.Log1p(p.n))
	add(math.Log1p(p.n / max(1, float64(len(p.days)))))
	add(float64(len(p.days)))
	add(p.failed / n)
	add(p.input / n)
	add(p.output / n)
	for _, c := range p.capability {
		add(c / n)
	}
	add(float64(len(p.addresses)) / n)
	add(math.Log1p(float64(len(p.clients))))
	add(float64(len(p.prompts)) / texts)
	add(float64(p.repeated()) / texts)
	add(float64(len(p.models)))
	add(math.Log1p(float64(len(p.customers))))
	add(p.night / n)
	add(p.weekend / n)
	mean := p.gap / max(1, p.gaps)
	add(mean)
	add(math.Sqrt(max(0, p.gap2/max(1, p.gaps)-mean*mean)))
	length := 0.0
	for _, x := range p.sum {
		length += x * x
	}
	add(math.Sqrt(length) / texts)
	acc := &t.Accounts[a]
	add(indicator(acc.Payment != ""))
	add(indicator(acc.Org != "" || t.Owners[a] != a))
	age := 0.0
	if !acc.Created.IsZero() && p.first != 0 {
		age = math.Log1p(max(0, float64(p.first-acc.Created.UnixNano())/8.64e13))
	}
	add(age)
	return row
}

// repeated counts prompts whose beginning the account used at least four times.
func (p *profile) repeated() int {
	sum := 0
	for k, n := range p.prefixes {
		if k != 0 && n >= 4 {
			sum += n
		}
	}
	return sum
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// timesOf counts, per account and logarithmically, prompts that another owner sent
// within a minute, within an hour, and after a failure elsewhere within two minutes.
func timesOf(t *Tape) [][timeColumns]float32 {
	out := make([][timeColumns]float32, len(t.Accounts))
	type last struct {
		at      int64
		account uint32
		failed  bool
	}
	seen := map[uint64]last{}
	for i := range t.Events {
		e := &t.Events[i]
		if e.View.Prompt == 0 {
			continue
		}
		l, ok := seen[e.View.Prompt]
		if ok && t.Owners[l.account] != t.Owners[e.Account] {
			for c, hit := range [timeColumns]bool{e.At-l.at < 60e9, e.At-l.at < 3600e9, l.failed && e.At-l.at < 120e9} {
				if hit {
					out[e.Account][c]++
					out[l.account][c]++
				}
			}
		}
		seen[e.View.Prompt] = last{e.At, e.Account, e.failed}
	}
	for a := range out {
		for c := range out[a] {
			out[a][c] = float32(math.Log1p(float64(out[a][c])))
		}
	}
	return out
}
