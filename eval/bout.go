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
	Ledger     Ledger   // for the floor of exchanges lost; nil counts none
	Jobs       int      // worlds in memory at a time; default GOMAXPROCS
	Keep       string   // folder in which what was seen is kept, so that a run that was stopped goes on; "" keeps nothing
	Again      []string // contenders of whom nothing kept is used
	Progress   func(done, total int, what string)
}

// Run records every world at every seed once and shows it to all contenders.
func (b *Bout) Run(ctx context.Context) (*Board, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	steps := b.steps()
	tune, err := b.all(ctx, b.Tune, nil, steps)
	if err != nil {
		return nil, err
	}
	settings := b.choose(tune)
	seen, err := b.all(ctx, b.Seeds, settings, steps)
	if err != nil {
		return nil, err
	}
	board := b.board(settings, seen)
	for w := range b.Worlds {
		if b.Worlds[w].Study {
			board.Studies = append(board.Studies, study(b.Worlds[w].Name, sheets(tune[w]), sheets(seen[w])))
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

// steps counts what is seen and tells who watches.
func (b *Bout) steps() func(what string) {
	done, total := 0, len(b.Worlds)*len(b.Seeds)
	for w := range b.Worlds {
		if b.tunes(w) {
			total += len(b.Tune)
		}
	}
	return func(what string) {
		if done++; b.Progress != nil {
			b.Progress(done, total, what)
		}
	}
}

// all sees every world at these seeds, seed by seed; the result is by world, then
// by seed. Settings are those whose figures are kept; nil keeps none.
func (b *Bout) all(ctx context.Context, seeds []uint64, settings []string, step func(string)) ([][]*outcome, error) {
	out := make([][]*outcome, len(b.Worlds))
	finished, told := make(chan string), make(chan struct{})
	go func() {
		for what := range finished {
			step(what)
		}
		close(told)
	}()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(max(b.Jobs, 0), runtime.GOMAXPROCS(0)))
	for s, seed := range seeds {
		for w := range b.Worlds {
			if settings == nil && !b.tunes(w) {
				continue
			}
			if out[w] == nil {
				out[w] = make([]*outcome, len(seeds))
			}
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

// see records one world and shows it to the contenders who have not seen it yet.
func (b *Bout) see(ctx context.Context, w *World, seed uint64, settings []string) (*outcome, error) {
	o, err := b.kept(w.Name, seed)
	if err != nil {
		return nil, err
	}
	if o.complete(b, w, settings) {
		return o, nil
	}
	tape, rows, err := w.Record(ctx, seed)
	if err != nil {
		return nil, err
	}
	who := newWitness(tape, rows)
	o.open(w.Name, who)
	for i := range b.Contenders {
		c := &b.Contenders[i]
		if settings == nil && !c.Tuned || o.has(c.Name, settings, i) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o.Tuned[c.Name], o.Sums[c.Name] = nil, nil
		err := c.Method.Detect(tape, func(setting string, found []Report) {
			s := who.truth.score(found)
			o.Tuned[c.Name] = append(o.Tuned[c.Name], tuning{setting, s.caught, s.guilty, s.BenignFlagged, s.BenignTotal})
			if settings != nil && settings[i] == setting || len(b.Tune) == 0 {
				o.Sums[c.Name] = append(o.Sums[c.Name], sumOf(setting, who, &s))
			}
		})
		if err != nil {
			return nil, fmt.Errorf("cannot evaluate %s on %s, seed %d: %w", c.Name, w.Name, seed, err)
		}
	}
	if w.Study && o.Sheet == nil {
		o.Sheet = newSheet(who)
	}
	if b.floors(settings) {
		o.Floor = floorOf(who, b.Ledger(tape))
	}
	return o, b.keep(o)
}

// floors says whether floors are counted: of reported seeds, where there is a ledger.
func (b *Bout) floors(settings []string) bool { return settings != nil && b.Ledger != nil }

// choose picks one setting per contender for the whole suite, for who deploys a
// detector does not know which world he is in: the highest mean recall over the
// worlds among those that flag the fewest innocents on all of them together.
func (b *Bout) choose(seen [][]*outcome) []string {
	out := make([]string, len(b.Contenders))
	for c := range b.Contenders {
		var names []string
		benign := map[string]int{}
		recall := map[string]float64{}
		for w := range seen {
			for s := range seen[w] {
				for _, t := range seen[w][s].Tuned[b.Contenders[c].Name] {
					if _, ok := benign[t.Setting]; !ok {
						names = append(names, t.Setting)
					}
					benign[t.Setting] += t.Flagged
					recall[t.Setting] += ratio(t.Caught, t.Guilty)
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
func hindsight(seen []*outcome, contender string) []Budget {
	sums := map[string]tuning{}
	var names []string
	for s := range seen {
		for _, t := range seen[s].Tuned[contender] {
			x, ok := sums[t.Setting]
			if !ok {
				names = append(names, t.Setting)
			}
			sums[t.Setting] = tuning{t.Setting, x.Caught + t.Caught, x.Guilty + t.Guilty, x.Flagged + t.Flagged, x.Benign + t.Benign}
		}
	}
	var out []Budget
	for _, limit := range budgets {
		b := Budget{FPR: limit}
		for _, n := range names {
			x := sums[n]
			if r := ratio(x.Caught, x.Guilty); ratio(x.Flagged, x.Benign) <= limit && r > b.Recall {
				b.Setting, b.Recall = n, r
			}
		}
		out = append(out, b)
	}
	return out
}

func sheets(seen []*outcome) []*sheet {
	out := make([]*sheet, 0, len(seen))
	for i := range seen {
		out = append(out, seen[i].Sheet)
	}
	return out
}

// board adds up what was seen.
func (b *Bout) board(settings []string, seen [][]*outcome) *Board {
	out := &Board{Suite: b.Name, Tune: b.Tune, Seeds: b.Seeds}
	for i := range b.Contenders {
		c := &b.Contenders[i]
		out.Contenders = append(out.Contenders, Entrant{Name: c.Name, About: c.About, Groups: c.Groups, Ablation: c.Ablation, Setting: settings[i]})
	}
	for w := range b.Worlds {
		out.Worlds = append(out.Worlds, sceneOf(&b.Worlds[w], seen[w]))
		for i := range b.Contenders {
			name := b.Contenders[i].Name
			best := hindsight(seen[w], name)
			use := settings[i]
			if len(b.Tune) == 0 {
				use = cmp.Or(best[0].Setting, seen[w][0].Tuned[name][0].Setting)
			}
			var g gather
			for _, o := range seen[w] {
				if k := slices.IndexFunc(o.Sums[name], func(s sum) bool { return s.Setting == use }); k >= 0 {
					g.merge(&o.Sums[name][k].Gather)
				}
			}
			f := g.figures()
			if i > 0 { // of others, only whom they flag
				f.Groups = slices.DeleteFunc(f.Groups, func(g Group) bool { return g.Flagged == 0 })
			}
			f.World, f.Contender, f.Setting, f.Budgets = b.Worlds[w].Name, name, use, best
			out.Figures = append(out.Figures, f)
		}
	}
	return out
}
