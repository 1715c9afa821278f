package eval

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"iolaus/sim"
)

// Innocent returns the world without operators in which every innocent crowd is
// present and larger than in the default world; those that look most suspicious
// several times.
func (s Simulated) Innocent() (World, error) {
	spec, err := sim.Named("innocent")
	if err != nil {
		return World{}, err
	}
	for name, n := range sim.Crowds() {
		spec.Crowds[name] = max(spec.Crowds[name], n+(n+9)/10)
	}
	if s.Scale > 0 {
		spec.Scale = s.Scale
	}
	return World{Name: "innocent", About: "no operator; every crowd enlarged, suspicious ones several times", Record: s.recorder(spec)}, nil
}

// Innocents is what detection does to worlds without operators: whom it accuses,
// and how sure the answer is.
type Innocents struct {
	Seeds     []uint64 `json:"seeds"`
	Accounts  int      `json:"innocent_accounts"`
	Exchanges int      `json:"exchanges"`
	Sets      int      `json:"accused_sets"`
	SetsHigh  float64  `json:"accused_sets_per_world_at_most"` // 95 %
	Flagged   int      `json:"accused_accounts"`
	High      float64  `json:"rate_at_most"`            // 95 %, over all
	Missing   []string `json:"crowds_missing"`          // of those that sim has
	Above     []Group  `json:"above_twice_the_overall"` // groups that bear more than twice the overall rate, beyond chance
	Groups    []Group  `json:"groups"`                  // High is the one-sided bound at 95 %
}

// enoughInnocents is how many accounts the bound is to rest on.
const enoughInnocents = 300_000

// InnocentsOf reads a board of innocent worlds.
func InnocentsOf(b *Board) Innocents {
	in := Innocents{Seeds: b.Seeds, Missing: []string{}, Above: []Group{}}
	name := b.Contenders[0].Name
	for i := range b.Worlds {
		f := b.of(b.Worlds[i].Name, name)
		in.Accounts, in.Flagged = in.Accounts+f.Benign, in.Flagged+f.BenignFlagged
		in.Sets, in.Exchanges = in.Sets+f.FalseReports, in.Exchanges+b.Worlds[i].Exchanges
	}
	in.High = atMost(in.Flagged, in.Accounts)
	in.SetsHigh = poissonAtMost(in.Sets) / float64(max(1, len(b.Seeds)*len(b.Worlds)))
	in.Groups = b.Groups(name)
	overall := ratio(in.Flagged, in.Accounts)
	crowds := map[string]bool{}
	for i := range in.Groups {
		g := &in.Groups[i]
		crowds[g.Name] = crowds[g.Name] || g.By == "crowd" && g.Benign > 0
		if g.Low > 2*overall {
			in.Above = append(in.Above, *g)
		}
		g.High = atMost(g.Flagged, g.Benign)
	}
	for c := range sim.Crowds() {
		if !crowds[c] {
			in.Missing = append(in.Missing, c)
		}
	}
	slices.Sort(in.Missing)
	return in
}

// atMost is the exact one-sided upper bound of a share, at 95 %.
func atMost(k, n int) float64 {
	_, high := exactAt(k, n, .05)
	return high
}

// poissonAtMost is the exact one-sided upper bound at 95 % of the mean of a count
// of which k were seen: where the chance of k or fewer is one in twenty.
func poissonAtMost(k int) float64 {
	low, high := float64(k), float64(k)+10+10*math.Sqrt(float64(k)+1)
	for range 60 {
		m, term, sum := (low+high)/2, 1.0, 0.0
		for i := range k + 1 {
			if i > 0 {
				term *= m / float64(i)
			}
			sum += term
		}
		if sum*math.Exp(-m) > .05 {
			low = m
		} else {
			high = m
		}
	}
	return high
}

// Faults lists what keeps the result from being the one that is asked for; none
// when nobody was accused among enough accounts of all crowds.
func (in *Innocents) Faults() []string {
	var out []string
	if in.Accounts < enoughInnocents {
		out = append(out, fmt.Sprintf("%s innocent accounts are fewer than %s: play more seeds", thousands(in.Accounts), thousands(enoughInnocents)))
	}
	if in.Sets > 0 || in.Flagged > 0 {
		out = append(out, fmt.Sprintf("%d sets and %d accounts were accused", in.Sets, in.Flagged))
	}
	if len(in.Missing) > 0 {
		out = append(out, "crowds are missing: "+strings.Join(in.Missing, ", "))
	}
	for _, g := range in.Above {
		out = append(out, fmt.Sprintf("%s %s bears more than twice the overall rate: %d of %d, at least %.2g", g.By, g.Name, g.Flagged, g.Benign, g.Low))
	}
	return out
}

// WriteMarkdown writes the result for people.
func (in *Innocents) WriteMarkdown(w io.Writer) error {
	var s strings.Builder
	s.WriteString("## Whom detection harms where there is nobody to find\n\n")
	half := ""
	if len(in.Seeds) > 0 && in.Seeds[0]%2 == 0 {
		half = " (even seeds, on which thresholds were chosen: a rehearsal, not a result)"
	}
	fmt.Fprintf(&s, "Worlds without operators, every crowd enlarged, seeds %s%s.\n\n", list(in.Seeds), half)
	fmt.Fprintf(&s, "| | |\n|---|---|\n")
	fmt.Fprintf(&s, "| innocent accounts | %s in %d worlds, %s exchanges |\n", thousands(in.Accounts), len(in.Seeds), thousands(in.Exchanges))
	fmt.Fprintf(&s, "| accused sets | %d; at most %.3f a world of 21 days (95 %%) |\n", in.Sets, in.SetsHigh)
	fmt.Fprintf(&s, "| accused accounts | %d; at most 1 in %s (95 %%) |\n", in.Flagged, oneIn(in.High))
	crowds := len(sim.Crowds())
	fmt.Fprintf(&s, "| crowds | %d of %d present, each at least a tenth larger than in the default world |\n", crowds-len(in.Missing), crowds)
	fmt.Fprintf(&s, "| groups whose rate is above twice the overall rate | %d of %d (lower end of the exact 95 %% interval above it) |\n\n", len(in.Above), len(in.Groups))
	s.WriteString("Bounds are exact and one-sided (Clopper and Pearson, 95 %), each for itself, and hold for accounts of these worlds. A small group has a wide bound: it says how little is known of it, not that it is harmed.\n")
	for i := 0; i < len(in.Groups); {
		by := in.Groups[i].By
		fmt.Fprintf(&s, "\n### By %s\n\n| %s | accused | of | at most 1 in |\n|---|---|---|---|\n", by, by)
		for ; i < len(in.Groups) && in.Groups[i].By == by; i++ {
			g := &in.Groups[i]
			fmt.Fprintf(&s, "| %s | %d | %s | %s |\n", g.Name, g.Flagged, thousands(g.Benign), oneIn(g.High))
		}
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// oneIn writes a bound as a number of accounts, rounded down.
func oneIn(rate float64) string { return thousands(int(1 / rate)) }

// thousands writes a count with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
