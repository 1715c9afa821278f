package app

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"iolaus/exchange"
	"iolaus/hunt"
)

// Traffic is what owners do, one account of each, so that owners are independent
// draws: how many fall into each cell of each feature.
type Traffic struct {
	Owners int           `json:"owners"`
	Cells  []TrafficCell `json:"cells"` // by feature, then by cell
}

// A TrafficCell counts the owners in one cell of a feature.
type TrafficCell struct {
	Feature string `json:"feature"` // model, use, volume or failures
	Cell    string `json:"cell"`
	Owners  int    `json:"owners"`
}

// A Drift is a share of the owners that has moved.
type Drift struct {
	Feature string  `json:"feature"`
	Cell    string  `json:"cell"` // "" for all that the calibration had none of
	Then    float64 `json:"then"` // share of the owners
	Now     float64 `json:"now"`
	Margin  float64 `json:"margin"` // what chance and tolerance allow
}

// String says it in a line.
func (d Drift) String() string {
	cell := d.Cell
	if cell == "" {
		cell = "what it has none of"
	}
	return fmt.Sprintf("%s, %s: %.0f %% of the owners then, %.0f %% now; up to %.0f points apart are allowed", d.Feature, cell, 100*d.Then, 100*d.Now, 100*d.Margin)
}

const (
	// DriftError bounds the chance that a run whose traffic is as the calibration's
	// was, up to DriftTolerance in every share, is warned of drift.
	DriftError = 0.01
	// DriftTolerance is how far a share of the owners may move before it matters.
	DriftTolerance = 0.1

	mostCells = 128
	seldom    = 5 // exchanges below which an account shows nothing
)

// Drifted compares two traffics. Each cell's difference of shares is held against
// Hoeffding's bound (1963) for a difference of means, at its part of DriftError: a
// union bound over the cells, which the calibration fixes in advance.
func (t *Traffic) Drifted(now *Traffic) []Drift {
	if t.Owners == 0 || now.Owners == 0 {
		return nil
	}
	then, here := t.byCell(), now.byCell()
	for f := range features {
		then[[2]string{features[f], ""}] += 0
	}
	for k, n := range here {
		if _, ok := then[k]; !ok {
			here[[2]string{k[0], ""}] += n
		}
	}
	n, m := float64(t.Owners), float64(now.Owners)
	margin := DriftTolerance + math.Sqrt((1/n+1/m)*math.Log(2*float64(len(then))/DriftError)/2)
	var out []Drift
	for k, x := range then {
		d := Drift{Feature: k[0], Cell: k[1], Then: float64(x) / n, Now: float64(here[k]) / m, Margin: margin}
		if math.Abs(d.Then-d.Now) > margin {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Drift) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Then-b.Now), math.Abs(a.Then-a.Now)), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Cell, b.Cell))
	})
	return out
}

func (t *Traffic) byCell() map[[2]string]int {
	out := map[[2]string]int{}
	for _, c := range t.Cells {
		out[[2]string{c.Feature, c.Cell}] += c.Owners
	}
	return out
}

// features of traffic; each owner is in one cell of each.
var features = [...]string{"failures", "model", "use", "volume"}

func (t *Traffic) validate() error {
	if t.Owners < 0 || len(t.Cells) > mostCells {
		return fmt.Errorf("traffic: owners below 0 or more than %d cells", mostCells)
	}
	sums := map[string]int{}
	for i, c := range t.Cells {
		if i > 0 && cmp.Or(strings.Compare(t.Cells[i-1].Feature, c.Feature), strings.Compare(t.Cells[i-1].Cell, c.Cell)) >= 0 {
			return fmt.Errorf("traffic: cell %d is not after the one before it", i+1)
		}
		if !slices.Contains(features[:], c.Feature) || c.Cell == "" || c.Cell != cleanModel(c.Cell) || c.Owners < 1 || c.Owners > t.Owners {
			return fmt.Errorf("traffic: cell %d is none", i+1)
		}
		sums[c.Feature] += c.Owners
	}
	for _, f := range features {
		if sums[f] != t.Owners {
			return fmt.Errorf("traffic: %s: %d of %d owners", f, sums[f], t.Owners)
		}
	}
	return nil
}

// A census keeps what the ledger does not: which models an account asks for.
type census map[string]map[string]int

func (c census) take(t *exchange.Trace) {
	m := c[t.Account]
	if m == nil {
		m = map[string]int{}
		c[t.Account] = m
	}
	if name := cleanModel(t.Model); m[name] > 0 || len(m) < 16 {
		m[name]++
	}
}

// cleanModel is a model's name as it may stand in a file and on a terminal.
func cleanModel(s string) string {
	if s == "" {
		return "unnamed"
	}
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._:/@+-% ", r))
	}) {
		return "of another name"
	}
	return s
}

// Traffic is what the owners of a run do, if its Detection asked for a census.
func (r *Run) Traffic() Traffic {
	v := r.ledger.View(r.last)
	chosen := map[uint32]*hunt.Account{}
	for i := range v.Accounts {
		a := &v.Accounts[i]
		if a.Exchanges < seldom {
			continue
		}
		if old := chosen[a.Owner]; old == nil || a.Name < old.Name {
			chosen[a.Owner] = a
		}
	}
	cells := map[[2]string]int{}
	for _, a := range chosen {
		for f, cell := range [...]string{failuresOf(a), mostAsked(r.census[a.Name]), useOf(a), volumeOf(a)} {
			cells[[2]string{features[f], cell}]++
		}
	}
	t := Traffic{Owners: len(chosen), Cells: []TrafficCell{}}
	for k, n := range cells {
		t.Cells = append(t.Cells, TrafficCell{k[0], k[1], n})
	}
	t.sort()
	return t.bounded()
}

func (t *Traffic) sort() {
	slices.SortFunc(t.Cells, func(a, b TrafficCell) int {
		return cmp.Or(strings.Compare(a.Feature, b.Feature), strings.Compare(a.Cell, b.Cell))
	})
}

// bounded keeps the most used models by name.
func (t Traffic) bounded() Traffic {
	const most = 64
	models := slices.DeleteFunc(slices.Clone(t.Cells), func(c TrafficCell) bool { return c.Feature != "model" })
	if len(models) <= most {
		return t
	}
	slices.SortFunc(models, func(a, b TrafficCell) int {
		return cmp.Or(cmp.Compare(b.Owners, a.Owners), strings.Compare(a.Cell, b.Cell))
	})
	drop, rest := map[string]bool{}, 0
	for _, c := range models[most:] {
		drop[c.Cell] = true
		rest += c.Owners
	}
	t.Cells = slices.DeleteFunc(t.Cells, func(c TrafficCell) bool { return c.Feature == "model" && drop[c.Cell] })
	const other = "of another name"
	if i := slices.IndexFunc(t.Cells, func(c TrafficCell) bool { return c.Feature == "model" && c.Cell == other }); i >= 0 {
		t.Cells[i].Owners += rest
	} else {
		t.Cells = append(t.Cells, TrafficCell{"model", other, rest})
	}
	t.sort()
	return t
}

func failuresOf(a *hunt.Account) string {
	switch {
	case a.Failures == 0:
		return "none"
	case 20*a.Failures <= a.Exchanges:
		return "up to 5 %"
	}
	return "more"
}

func mostAsked(models map[string]int) string {
	best := "unnamed"
	for _, name := range slices.Sorted(maps.Keys(models)) {
		if models[name] > models[best] {
			best = name
		}
	}
	return best
}

func useOf(a *hunt.Account) string {
	best := exchange.Other
	for c, n := range a.Capabilities {
		if n > a.Capabilities[best] {
			best = exchange.Capability(c)
		}
	}
	return best.String()
}

func volumeOf(a *hunt.Account) string { return hunt.SegmentOf(a).String() }
