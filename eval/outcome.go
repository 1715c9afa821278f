package eval

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// An outcome is one world and seed, as contenders came out of it. It can be kept
// on disk: a full suite takes hours, and what was seen is not seen again.
type outcome struct {
	World string
	Seed  uint64
	Mark  uint64 // of what happened; another mark is another world

	Accounts, Heads, Exchanges int

	Tuned map[string][]tuning // by contender: every setting
	Sums  map[string][]sum    // by contender: the settings whose figures are kept
	Sheet *sheet              // of a world that is studied
	Floor *floor              // of a reported seed; nil in what was kept before there were floors
}

// tuning is what one setting of a contender came to.
type tuning struct {
	Setting         string
	Caught, Guilty  int
	Flagged, Benign int // innocents
}

// sum is all figures of one setting.
type sum struct {
	Setting string
	Gather  gather
}

func sumOf(setting string, w *witness, s *Score) sum {
	out := sum{Setting: setting}
	out.Gather.add(w, s)
	return out
}

// open makes the outcome one of this witness, and forgets what was kept of
// another world under the same name.
func (o *outcome) open(world string, w *witness) {
	if o.Tuned != nil && o.Mark == w.mark {
		return
	}
	*o = outcome{World: world, Seed: w.tape.Seed, Mark: w.mark, Exchanges: w.exchanges, Tuned: map[string][]tuning{}, Sums: map[string][]sum{}}
	for _, a := range w.truth.listed {
		o.Accounts++
		if w.truth.guilty(a) && w.truth.rows[a].Exchanges > 0 {
			o.Heads++
		}
	}
}

// has says whether a contender has been seen, at the setting that is asked for.
func (o *outcome) has(contender string, settings []string, i int) bool {
	if settings == nil {
		return len(o.Tuned[contender]) > 0
	}
	return slices.ContainsFunc(o.Sums[contender], func(s sum) bool { return s.Setting == settings[i] })
}

// complete says whether nothing is left to see.
func (o *outcome) complete(b *Bout, w *World, settings []string) bool {
	if o.Tuned == nil || w.Study && o.Sheet == nil || b.floors(settings) && o.Floor == nil {
		return false
	}
	for i := range b.Contenders {
		if c := &b.Contenders[i]; (settings != nil || c.Tuned) && !o.has(c.Name, settings, i) {
			return false
		}
	}
	return true
}

func (b *Bout) file(world string, seed uint64) string {
	return filepath.Join(b.Keep, fmt.Sprintf("%s-%s-%d.gob", b.Name, world, seed))
}

// kept is what is on disk of a world and seed, without those to be seen again.
func (b *Bout) kept(world string, seed uint64) (*outcome, error) {
	o := &outcome{}
	if b.Keep == "" {
		return o, nil
	}
	f, err := os.Open(b.file(world, seed))
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot go on: %w", err)
	}
	defer f.Close()
	if err := gob.NewDecoder(f).Decode(o); err != nil {
		return nil, fmt.Errorf("cannot go on with %s: %w; remove it, and the world is seen again", f.Name(), err)
	}
	for _, c := range b.Again {
		delete(o.Tuned, c)
		delete(o.Sums, c)
	}
	return o, nil
}

// keep writes an outcome, whole or not at all.
func (b *Bout) keep(o *outcome) error {
	if b.Keep == "" {
		return nil
	}
	err := os.MkdirAll(b.Keep, 0o777)
	if err != nil {
		return fmt.Errorf("cannot keep what was seen: %w", err)
	}
	f, err := os.CreateTemp(b.Keep, "part-*")
	if err == nil {
		err = errors.Join(gob.NewEncoder(f).Encode(o), f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), b.file(o.World, o.Seed))
	}
	if err != nil {
		return fmt.Errorf("cannot keep what was seen: %w", err)
	}
	return nil
}
