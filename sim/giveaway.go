package sim

import (
	"cmp"
	"math"
	"net/netip"
	"slices"

	"iolaus/exchange"
)

// A Leak says how well one feature of a single account tells an operator's heads from
// innocents with as much traffic: 0.5 is not at all, 0 and 1 are completely.
type Leak struct {
	Feature string
	AUC     float64
	Heads   int // that had innocents of their volume to be compared with
}

// GiveAway plays the world and weighs single features, each alone and per account. A
// world in which one of them separates would measure the simulator, not a detector.
// Volume itself is compared without matching. Sorted by how far from 0.5.
func (w *World) GiveAway() ([]Leak, error) {
	at := make(map[string]int, len(w.Accounts))
	for i := range w.Accounts {
		at[w.Accounts[i].ID] = i
	}
	seen := make([]profile, len(w.Accounts))
	fresh := map[string]bool{}
	for _, tier := range w.models {
		for _, r := range tier {
			fresh[r.name] = r.at > w.Spec.Start.UnixMilli()
		}
	}
	err := w.Each(func(x *exchange.Exchange) error {
		seen[at[x.Account]].add(x, fresh[x.Model])
		return nil
	})
	if err != nil {
		return nil, err
	}
	start := w.Spec.Start
	var leaks []Leak
	for i, name := range featureNames {
		var rows []scored
		for k := range seen {
			if seen[k].n < 3 {
				continue
			}
			stratum := int(2 * math.Log2(seen[k].n))
			if i == 0 {
				stratum = 0
			}
			f := seen[k].features(&w.Accounts[k], float64(start.Unix()))
			if v := f[i]; !math.IsNaN(v) {
				rows = append(rows, scored{v, stratum, w.Truth[k].Label == "campaign"})
			}
		}
		auc, heads := stratified(rows)
		leaks = append(leaks, Leak{name, auc, heads})
	}
	slices.SortStableFunc(leaks, func(x, y Leak) int { return cmp.Compare(math.Abs(y.AUC-.5), math.Abs(x.AUC-.5)) })
	return leaks, nil
}

var featureNames = [...]string{
	"exchanges", "hour entropy", "night share", "weekend share", "gap variation", "failure share", "addresses", "IPv6 share",
	"prompt length", "prompt length spread", "answer length", "turns", "system prompt share", "tools share", "temperature", "streaming share",
	"models", "newest model share", "user agents", "sessions per exchange", "account age", "free mail", "no card", "card country differs", "verified", "paid plan",
}

// profile is what is gathered of one account.
type profile struct {
	n, failed, night, weekend, v6, system, tools, turns, stream, fresh float64
	length, lengthSq, output, temperature, tempSet                     float64
	gaps, gapSum, gapSq                                                float64
	hours                                                              [24]float64
	last                                                               int64
	addrs                                                              map[netip.Addr]bool
	models, agents, sessions                                           map[string]bool
}

func (p *profile) add(x *exchange.Exchange, fresh bool) {
	if p.addrs == nil {
		p.addrs, p.models, p.agents, p.sessions = map[netip.Addr]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	one := func(sum *float64, yes bool) {
		if yes {
			*sum++
		}
	}
	p.n++
	h := x.Time.Hour()
	p.hours[h]++
	one(&p.failed, x.Failed)
	one(&p.night, h < 6)
	one(&p.weekend, x.Time.Weekday() == 0 || x.Time.Weekday() == 6)
	one(&p.v6, x.Address.Is6())
	one(&p.system, x.System != "")
	one(&p.tools, len(x.Tools) > 0)
	one(&p.stream, x.Params.Stream)
	one(&p.fresh, fresh)
	p.turns += float64(len(x.Turns))
	l := float64(len(x.Newest()))
	p.length += l
	p.lengthSq += l * l
	p.output += float64(len(x.Output))
	if x.Params.Temperature != nil {
		p.tempSet++
		p.temperature += *x.Params.Temperature
	}
	t := x.Time.UnixMilli()
	if p.last > 0 {
		g := float64(t - p.last)
		p.gaps++
		p.gapSum += g
		p.gapSq += g * g
	}
	p.last = t
	p.addrs[x.Address] = true
	p.models[x.Model], p.agents[x.UserAgent], p.sessions[x.Session] = true, true, true
}

func (p *profile) features(a *exchange.Account, start float64) [len(featureNames)]float64 {
	entropy := 0.0
	for _, h := range p.hours {
		if h > 0 {
			entropy -= h / p.n * math.Log2(h/p.n)
		}
	}
	variation := math.NaN()
	if p.gaps > 2 {
		mean := p.gapSum / p.gaps
		variation = math.Sqrt(max(0, p.gapSq/p.gaps-mean*mean)) / (mean + 1)
	}
	temperature := -.2
	if p.tempSet > 0 {
		temperature = p.temperature / p.tempSet
	}
	mean := p.length / p.n
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	return [...]float64{
		p.n, entropy, p.night / p.n, p.weekend / p.n, variation, p.failed / p.n, float64(len(p.addrs)), p.v6 / p.n,
		mean, math.Sqrt(max(0, p.lengthSq/p.n-mean*mean)) / (mean + 1), p.output / p.n, p.turns / p.n, p.system / p.n, p.tools / p.n, temperature, p.stream / p.n,
		float64(len(p.models)), p.fresh / p.n, float64(len(p.agents)), float64(len(p.sessions)) / p.n,
		start - float64(a.Created.Unix()), yes(slices.Contains(freeMails[:], a.EmailDomain)), yes(a.Payment == ""),
		yes(a.BINCountry != a.BillCountry), yes(a.Verified), yes(a.Plan != "free"),
	}
}

// scored is one account's value in its stratum of volume.
type scored struct {
	value   float64
	stratum int
	guilty  bool
}

// stratified is the area under the curve within strata of equal volume, weighted by heads.
func stratified(rows []scored) (float64, int) {
	by := map[int][]scored{}
	for _, r := range rows {
		by[r.stratum] = append(by[r.stratum], r)
	}
	sum, heads := 0.0, 0
	for _, s := range by {
		if u, g := wins(s); g > 0 && g < len(s) {
			sum += u
			heads += g
		}
	}
	if heads == 0 {
		return .5, 0
	}
	return sum / float64(heads), heads
}

// wins is, summed over guilty rows, the share of innocent rows below them (ties count half).
func wins(s []scored) (float64, int) {
	slices.SortFunc(s, func(x, y scored) int { return cmp.Compare(x.value, y.value) })
	guilty, innocent := 0, 0
	for _, r := range s {
		if r.guilty {
			guilty++
		} else {
			innocent++
		}
	}
	if innocent == 0 {
		return 0, guilty
	}
	u, below := 0.0, 0.0
	for i := 0; i < len(s); {
		j, g, n := i, 0.0, 0.0
		for ; j < len(s) && s[j].value == s[i].value; j++ {
			if s[j].guilty {
				g++
			} else {
				n++
			}
		}
		u += g * (below + n/2)
		below += n
		i = j
	}
	return u / float64(innocent), guilty
}
