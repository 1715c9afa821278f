package eval

import (
	"encoding/json"
	"fmt"
	"os"
)

// A Golden is what the first contender of a suite must not fall behind.
type Golden struct {
	Suite  string   `json:"suite"`
	Seeds  []uint64 `json:"seeds"`
	Record string   `json:"record,omitempty"` // why figures were let go, when they last were
	Worlds []Mark   `json:"worlds"`
}

// A Mark is what was reached on one world.
type Mark struct {
	World          string  `json:"world"`
	Mark           string  `json:"mark"` // of the world itself
	Recall         float64 `json:"recall"`
	CampaignRecall float64 `json:"campaign_recall"`
	BenignFlagged  int     `json:"benign_flagged"`
	Lost           float64 `json:"exchanges_lost"` // median share
	AdjustedRand   float64 `json:"adjusted_rand"`
}

// Golden takes the marks of the first contender.
func (b *Board) Golden() Golden {
	g := Golden{Suite: b.Suite, Seeds: b.Seeds}
	for i := range b.Worlds {
		w := &b.Worlds[i]
		f := b.of(w.Name, b.Contenders[0].Name)
		g.Worlds = append(g.Worlds, Mark{
			World: w.Name, Mark: w.Mark, Recall: f.Recall, CampaignRecall: f.CampaignRecall,
			BenignFlagged: f.BenignFlagged, Lost: f.Lost.Median, AdjustedRand: f.AdjustedRand,
		})
	}
	return g
}

// slack is how much worse, of its value, a share may get unnoticed.
const slack = .01

// Worse lists what fell behind g in now, a sentence each. A world that is not the
// same any more cannot be compared, which is a difference too.
func (g *Golden) Worse(now *Golden) []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	for i := range g.Worlds {
		old := &g.Worlds[i]
		var m *Mark
		for k := range now.Worlds {
			if now.Worlds[k].World == old.World {
				m = &now.Worlds[k]
			}
		}
		switch {
		case m == nil:
			say("%s: the world is gone from the suite", old.World)
			continue
		case m.Mark != old.Mark:
			say("%s: the world itself has changed, from %s to %s", old.World, old.Mark, m.Mark)
		}
		if m.Recall < old.Recall*(1-slack) {
			say("%s: recall fell from %.3f to %.3f", old.World, old.Recall, m.Recall)
		}
		if m.CampaignRecall < old.CampaignRecall*(1-slack) {
			say("%s: campaign recall fell from %.3f to %.3f", old.World, old.CampaignRecall, m.CampaignRecall)
		}
		if m.BenignFlagged > old.BenignFlagged {
			say("%s: innocents flagged rose from %d to %d", old.World, old.BenignFlagged, m.BenignFlagged)
		}
		if m.Lost > old.Lost*(1+slack) {
			say("%s: exchanges lost rose from %s to %s", old.World, percent(old.Lost), percent(m.Lost))
		}
		if m.AdjustedRand < old.AdjustedRand*(1-slack) && m.CampaignRecall > 0 {
			say("%s: adjusted Rand fell from %.3f to %.3f", old.World, old.AdjustedRand, m.AdjustedRand)
		}
	}
	return out
}

// ReadGolden reads a golden scoreboard.
func ReadGolden(path string) (*Golden, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read golden scoreboard: %w", err)
	}
	var g Golden
	if err := json.Unmarshal(b, &g); err != nil {
		return nil, fmt.Errorf("cannot read golden scoreboard %s: %w; restore it from version control", path, err)
	}
	return &g, nil
}

// Write writes a golden scoreboard.
func (g *Golden) Write(path string) error {
	b, err := json.MarshalIndent(g, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(b, '\n'), 0o666)
	}
	if err != nil {
		return fmt.Errorf("cannot write golden scoreboard: %w", err)
	}
	return nil
}
