package eval

import (
	"math"
	"strings"
	"testing"

	"iolaus/sim"
)

// TestInnocents holds what a board of innocent worlds is read as: enough accounts
// of every crowd and nobody accused pass; anything less is named.
func TestInnocents(t *testing.T) {
	board := func(accused int) *Board {
		var groups []Group
		for c, n := range sim.Crowds() {
			groups = append(groups, Group{By: "crowd", Name: c, Benign: 40 * n})
		}
		for i := range groups {
			if groups[i].Name == "family" {
				groups[i].Flagged = accused
			}
		}
		return &Board{
			Seeds: []uint64{1, 3}, Contenders: []Entrant{{Name: "iolaus"}}, Worlds: []Scene{{Name: "innocent", Exchanges: 7}},
			Figures: []Figures{{World: "innocent", Contender: "iolaus", Benign: 400_000, BenignFlagged: accused, FalseReports: accused / 4, Groups: groups}},
		}
	}
	in := InnocentsOf(board(0))
	if f := in.Faults(); f != nil {
		t.Errorf("nobody accused: %v", f)
	}
	if math.Abs(in.High-3/400_000.) > 1e-7 || math.Abs(in.SetsHigh-2.9957/2) > 1e-3 {
		t.Errorf("bounds %g of accounts and %g of sets, want the rule of three", in.High, in.SetsHigh)
	}
	var s strings.Builder
	if err := in.WriteMarkdown(&s); err != nil || !strings.Contains(s.String(), "| accused sets | 0; at most 1.498 a world") {
		t.Errorf("%v\n%s", err, s.String())
	}
	in = InnocentsOf(board(8))
	if f := strings.Join(in.Faults(), "; "); !strings.Contains(f, "2 sets and 8 accounts were accused") || !strings.Contains(f, "crowd family bears more than twice") {
		t.Errorf("a family accused: %s", f)
	}
	few := board(0)
	few.Figures[0].Benign, few.Figures[0].Groups = 10, few.Figures[0].Groups[:20]
	in = InnocentsOf(few)
	if f := strings.Join(in.Faults(), "; "); !strings.Contains(f, "fewer than 300,000") || !strings.Contains(f, "crowds are missing") {
		t.Errorf("too few: %s", f)
	}
}
