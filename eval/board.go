package eval

import (
	"encoding/json"
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
}

// A Scene is a world of a board.
type Scene struct {
	Name  string `json:"name"`
	About string `json:"about,omitempty"`
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
