package eval

import (
	"errors"
	"fmt"
	"slices"
)

// Merge puts boards that saw the very same worlds side by side: contenders of a
// later board that are new join, those that are known take the earlier's place.
func Merge(boards ...*Board) (*Board, error) {
	if len(boards) == 0 {
		return nil, errors.New("cannot merge scoreboards: there are none")
	}
	first := boards[0]
	out := *first
	out.Contenders, out.Figures, out.Studies = nil, nil, slices.Clone(first.Studies)
	latest := map[string]*Board{}
	for _, b := range boards {
		if err := first.sameWorlds(b); err != nil {
			return nil, err
		}
		for _, c := range b.Contenders {
			if latest[c.Name] == nil {
				out.Contenders = append(out.Contenders, c)
			} else {
				out.Contenders[slices.IndexFunc(out.Contenders, func(e Entrant) bool { return e.Name == c.Name })] = c
			}
			latest[c.Name] = b
		}
		for _, s := range b.Studies {
			if !slices.ContainsFunc(out.Studies, func(x Study) bool { return x.World == s.World }) {
				out.Studies = append(out.Studies, s)
			}
		}
	}
	for _, w := range out.Worlds {
		for _, c := range out.Contenders {
			out.Figures = append(out.Figures, *latest[c.Name].of(w.Name, c.Name))
		}
	}
	return &out, nil
}

// sameWorlds compares what happened in the worlds of two boards.
func (b *Board) sameWorlds(o *Board) error {
	if !slices.Equal(b.Seeds, o.Seeds) || !slices.Equal(b.Tune, o.Tune) || len(b.Worlds) != len(o.Worlds) {
		return fmt.Errorf("cannot merge scoreboards %s and %s: their seeds or worlds differ", b.Suite, o.Suite)
	}
	for i := range b.Worlds {
		if b.Worlds[i].Name != o.Worlds[i].Name || b.Worlds[i].Mark != o.Worlds[i].Mark {
			return fmt.Errorf("cannot merge scoreboards: world %s is not the same in both; run both with the same version", b.Worlds[i].Name)
		}
	}
	return nil
}
