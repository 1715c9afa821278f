package eval

import (
	"encoding/json"
	"fmt"
	"io"
)

// A Board is the scoreboard of one suite: everything that was measured.
type Board struct {
	Suite      string    `json:"suite"`
	Tune       []uint64  `json:"seeds_tuned_on"`
	Seeds      []uint64  `json:"seeds_reported"`
	Worlds     []Scene   `json:"worlds"`
	Contenders []Entrant `json:"contenders"`
	Figures    []Figures `json:"figures"` // by world, then by contender
	Studies    []Study   `json:"studies,omitempty"`
}

// A Scene is a world of a board.
type Scene struct {
	Name  string `json:"name"`
	About string `json:"about,omitempty"`

	// Over the reported seeds.
	Accounts  int    `json:"accounts"`
	Heads     int    `json:"heads"`
	Exchanges int    `json:"exchanges"`
	Mark      string `json:"mark"` // a hash of what happened: equal marks are equal worlds
}

// sceneOf adds up what a world held.
func sceneOf(w *World, seen []outcome) Scene {
	s := Scene{Name: w.Name, About: w.About}
	mark := uint64(0)
	for i := range seen {
		who := seen[i].who
		s.Exchanges += who.exchanges
		mark = mix(mark ^ who.mark)
		for _, a := range who.truth.listed {
			s.Accounts++
			if who.truth.guilty(a) && who.truth.rows[a].Exchanges > 0 {
				s.Heads++
			}
		}
	}
	s.Mark = fmt.Sprintf("%016x", mark)
	return s
}

// An Entrant is a contender of a board.
type Entrant struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Groups  bool   `json:"groups"`
	Setting string `json:"setting,omitempty"` // chosen on the tuning seeds
}

// of returns a world's figures of one contender.
func (b *Board) of(world, contender string) *Figures {
	for i := range b.Figures {
		if f := &b.Figures[i]; f.World == world && f.Contender == contender {
			return f
		}
	}
	return nil
}

// WriteJSON writes the board, every figure of it.
func (b *Board) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(b)
}

// Groups adds up a contender's errors on every group over all worlds.
func (b *Board) Groups(contender string) []Group {
	sums := map[groupKey]*Group{}
	for i := range b.Figures {
		if b.Figures[i].Contender != contender {
			continue
		}
		for _, g := range b.Figures[i].Groups {
			k := groupKey{g.By, g.Name}
			if sums[k] == nil {
				sums[k] = &Group{By: g.By, Name: g.Name}
			}
			sums[k].Benign += g.Benign
			sums[k].Flagged += g.Flagged
		}
	}
	return closeGroups(sums)
}
