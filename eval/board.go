package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

	Floor *Floor `json:"exchanges_lost_at_least,omitempty"` // nil where it was not counted
}

// sceneOf adds up what a world held.
func sceneOf(w *World, seen []*outcome) Scene {
	s := Scene{Name: w.Name, About: w.About}
	mark := uint64(0)
	s.Floor = floorsOf(seen)
	for _, o := range seen {
		s.Accounts, s.Heads, s.Exchanges = s.Accounts+o.Accounts, s.Heads+o.Heads, s.Exchanges+o.Exchanges
		mark = mix(mark ^ o.Mark)
	}
	s.Mark = fmt.Sprintf("%016x", mark)
	return s
}

// An Entrant is a contender of a board.
type Entrant struct {
	Name     string `json:"name"`
	About    string `json:"about"`
	Groups   bool   `json:"groups"`
	Ablation bool   `json:"ablation,omitempty"`
	Setting  string `json:"setting,omitempty"` // chosen on the tuning seeds
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

// ReadBoard reads what WriteJSON wrote.
func ReadBoard(path string) (*Board, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read scoreboard: %w", err)
	}
	b, err := decodeBoard(raw)
	if err != nil {
		return nil, fmt.Errorf("cannot read scoreboard %s: %w; give the scoreboard.json of an earlier run", path, err)
	}
	return b, nil
}

func decodeBoard(raw []byte) (*Board, error) {
	var b Board
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	if len(b.Contenders) == 0 || len(b.Worlds) == 0 {
		return nil, errors.New("it has no contenders or no worlds")
	}
	for _, w := range b.Worlds {
		for _, c := range b.Contenders {
			if f := b.of(w.Name, c.Name); f == nil || len(f.Budgets) != len(budgets) {
				return nil, fmt.Errorf("figures of %q on %q are missing", c.Name, w.Name)
			}
		}
	}
	for i := range b.Studies {
		if b.of(b.Studies[i].World, b.Contenders[0].Name) == nil {
			return nil, fmt.Errorf("it studies %q, which is none of its worlds", b.Studies[i].World)
		}
	}
	return &b, nil
}

// Write writes scoreboard.md, scoreboard.json and the plots to a folder.
func (b *Board) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot write scoreboard: %w", err)
	}
	var md, js bytes.Buffer
	if err := errors.Join(b.WriteMarkdown(&md), b.WriteJSON(&js)); err != nil {
		return fmt.Errorf("cannot write scoreboard: %w", err)
	}
	files := b.Plots()
	files["scoreboard.md"], files["scoreboard.json"] = md.String(), js.String()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return fmt.Errorf("cannot write scoreboard: %w", err)
		}
	}
	return nil
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
