package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"iolaus/sim"
)

// A World can be recorded, once per seed, with its truth.
type World struct {
	Name   string
	About  string
	Study  bool // also ask what could be found at all
	Record func(ctx context.Context, seed uint64) (*Tape, []sim.Truth, error)
}

// A Bout lets contenders look at the same worlds.
type Bout struct {
	Name       string
	Worlds     []World
	Tune       []uint64 // seeds on which settings are chosen; none: in hindsight only
	Seeds      []uint64 // seeds that are reported
	Contenders []Contender
	Jobs       int // worlds in memory at a time; default GOMAXPROCS
	Progress   func(done, total int, what string)
}

// tuning is what every setting of a contender came to on one world and seed.
type tuning struct {
	setting         string
	caught, guilty  int
	flagged, benign int // innocents
}

// scored is a whole score.
type scored struct {
	setting string
	Score
}

// outcome is one world and seed, seen by all contenders.
type outcome struct {
	tuned  [][]tuning // per contender, per setting
	scores [][]scored // per contender: the settings whose whole score is kept
	who    *witness   // without its events
	sheet  *sheet     // of a world that is studied
}

// Run records every world at every seed once and shows it to all contenders.
func (b *Bout) Run(ctx context.Context) (*Board, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	done, total := 0, len(b.Worlds)*len(b.Seeds)
	for w := range b.Worlds {
		if b.tunes(w) {
			total += len(b.Tune)
		}
	}
	step := func(what string) {
		if done++; b.Progress != nil {
			b.Progress(done, total, what)
		}
	}
	tune, err := b.all(ctx, b.Tune, nil, step)
	if err != nil {
		return nil, err
	}
	settings := b.choose(tune)
	seen, err := b.all(ctx, b.Seeds, settings, step)
	if err != nil {
		return nil, err
	}
	board := b.board(settings, seen)
	for w := range b.Worlds {
		if b.Worlds[w].Study {
			board.Studies = append(board.Studies, study(b.Worlds[w].Name, sheets(b.Tune, tune[w]), sheets(b.Seeds, seen[w])))
		}
	}
	return board, nil
}

func (b *Bout) check() error {
	for _, s := range b.Tune {
		if slices.Contains(b.Seeds, s) {
			return fmt.Errorf("cannot run suite %s: seed %d is both tuned on and reported", b.Name, s)
		}
	}
	if len(b.Seeds) == 0 || len(b.Worlds) == 0 || len(b.Contenders) == 0 {
		return errors.New("cannot run suite: it needs a world, a seed to report and a contender")
	}
	return nil
}

// tunes says whether a world's tuning seeds are of any use: to choose a setting,
// or to train the reference.
func (b *Bout) tunes(w int) bool {
	return b.Worlds[w].Study || slices.ContainsFunc(b.Contenders, func(c Contender) bool { return c.Tuned })
}

// all sees every world at these seeds; the result is by world, then by seed.
// Settings are those whose whole score is kept; nil keeps none.
func (b *Bout) all(ctx context.Context, seeds []uint64, settings []string, step func(string)) ([][]outcome, error) {
	out := make([][]outcome, len(b.Worlds))
	finished := make(chan string)
	g, ctx := errgroup.WithContext(ctx)
	jobs := b.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	g.SetLimit(jobs + 1)
	told := make(chan struct{})
	go func() {
		for what := range finished {
			step(what)
		}
		close(told)
	}()
	for w := range b.Worlds {
		if settings == nil && !b.tunes(w) {
			continue
		}
		out[w] = make([]outcome, len(seeds))
		for s, seed := range seeds {
			g.Go(func() (err error) {
				if err = ctx.Err(); err == nil {
					out[w][s], err = b.see(ctx, &b.Worlds[w], seed, settings)
					finished <- fmt.Sprintf("%s, seed %d", b.Worlds[w].Name, seed)
				}
				return err
			})
		}
	}
	err := g.Wait()
	close(finished)
	<-told
	return out, err
}

// see records one world and shows it to all contenders.
func (b *Bout) see(ctx context.Context, w *World, seed uint64, settings []string) (outcome, error) {
	tape, rows, err := w.Record(ctx, seed)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{who: newWitness(tape, rows), tuned: make([][]tuning, len(b.Contenders)), scores: make([][]scored, len(b.Contenders))}
	for i := range b.Contenders {
		if err := ctx.Err(); err != nil {
			return outcome{}, err
		}
		if settings == nil && !b.Contenders[i].Tuned {
			continue
		}
		err := b.Contenders[i].Method.Detect(tape, func(setting string, found []Report) {
			s := o.who.truth.score(found)
			o.tuned[i] = append(o.tuned[i], tuning{setting, s.caught, s.guilty, s.BenignFlagged, s.BenignTotal})
			if settings != nil && settings[i] == setting || len(b.Tune) == 0 {
				o.scores[i] = append(o.scores[i], scored{setting, s})
			}
		})
		if err != nil {
			return outcome{}, fmt.Errorf("cannot evaluate %s on %s, seed %d: %w", b.Contenders[i].Name, w.Name, seed, err)
		}
	}
	if w.Study {
		o.sheet = newSheet(o.who)
	}
	o.who.forget()
	return o, nil
}

// choose picks one setting per contender for the whole suite, for who deploys a
// detector does not know which world he is in: the highest mean recall over the
// worlds among those that flag the fewest innocents on all of them together.
func (b *Bout) choose(seen [][]outcome) []string {
	out := make([]string, len(b.Contenders))
	for c := range b.Contenders {
		var names []string
		benign := map[string]int{}
		recall := map[string]float64{}
		for w := range seen {
			for s := range seen[w] {
				for _, t := range seen[w][s].tuned[c] {
					if _, ok := benign[t.setting]; !ok {
						names = append(names, t.setting)
					}
					benign[t.setting] += t.flagged
					recall[t.setting] += ratio(t.caught, t.guilty)
				}
			}
		}
		if len(names) > 0 {
			out[c] = slices.MinFunc(names, func(x, y string) int {
				return cmp.Or(cmp.Compare(benign[x], benign[y]), cmp.Compare(recall[y], recall[x]))
			})
		}
	}
	return out
}

// budgets are the shares of innocents that a setting may flag in hindsight.
var budgets = [...]float64{0, .001, .01, .05}

// hindsight is, for each budget, the setting that no one could have chosen: the
// highest recall within it, looking at the very worlds that are reported.
func hindsight(seen []outcome, c int) []Budget {
	type sum struct{ caught, guilty, flagged, benign int }
	sums := map[string]sum{}
	var names []string
	for s := range seen {
		for _, t := range seen[s].tuned[c] {
			x, ok := sums[t.setting]
			if !ok {
				names = append(names, t.setting)
			}
			sums[t.setting] = sum{x.caught + t.caught, x.guilty + t.guilty, x.flagged + t.flagged, x.benign + t.benign}
		}
	}
	var out []Budget
	for _, limit := range budgets {
		b := Budget{FPR: limit}
		for _, n := range names {
			x := sums[n]
			if r := ratio(x.caught, x.guilty); ratio(x.flagged, x.benign) <= limit && r > b.Recall {
				b.Setting, b.Recall = n, r
			}
		}
		out = append(out, b)
	}
	return out
}

func sheets(seeds []uint64, seen []outcome) []*sheet {
	out := make([]*sheet, 0, len(seeds))
	for i := range seen {
		out = append(out, seen[i].sheet)
	}
	return out
}

// board adds up what was seen.
func (b *Bout) board(settings []string, seen [][]outcome) *Board {
	out := &Board{Suite: b.Name, Tune: b.Tune, Seeds: b.Seeds}
	for i := range b.Contenders {
		c := &b.Contenders[i]
		out.Contenders = append(out.Contenders, Entrant{Name: c.Name, About: c.About, Groups: c.Groups, Ablation: c.Ablation, Setting: settings[i]})
	}
	for w := range b.Worlds {
		out.Worlds = append(out.Worlds, sceneOf(&b.Worlds[w], seen[w]))
		for i := range b.Contenders {
			best := hindsight(seen[w], i)
			use := settings[i]
			if len(b.Tune) == 0 {
				use = cmp.Or(best[0].Setting, seen[w][0].tuned[i][0].setting)
			}
			var g gather
			for s := range seen[w] {
				o := &seen[w][s]
				if k := slices.IndexFunc(o.scores[i], func(s scored) bool { return s.setting == use }); k >= 0 {
					g.add(o.who, &o.scores[i][k].Score)
				}
			}
			f := g.figures()
			f.World, f.Contender, f.Setting = b.Worlds[w].Name, b.Contenders[i].Name, use
			f.Budgets = best
			out.Figures = append(out.Figures, f)
		}
	}
	return out
}
