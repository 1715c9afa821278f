package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/sim"
)

// evaluation is what the command line of eval says.
type evaluation struct {
	out, data string
	seeds     []uint
	tune      []uint
	only      []string
	baselines bool
	ablate    bool
	asJSON    bool
	scale     float64
	jobs      int
	from      string
	keep      string
	again     []string
	golden    string
	check     bool
	update    bool
	record    string
}

func evalVerb() *cobra.Command {
	var e evaluation
	c := &cobra.Command{
		Use:   "eval SUITE",
		Short: "Score detection on worlds with known truth",
		Long: `Score detection, and what others do or have proposed, on worlds with known truth.
SUITE is quick (small worlds, minutes), full (the scoreboard, hours), innocent (more
than 300,000 accounts and no operator: whom does detection harm?), worlds (the labelled
worlds of a folder), frontier (each of the operator's knobs turned, with what
it costs him) or controls (limits, blocks, bans and recognition: the haul they deny and
whom they touch). Settings are chosen on even seeds, every figure comes from odd ones.
The same seeds give the same figures.

With --check the run fails, with exit code 1, when a figure of the golden scoreboard
got worse; of innocent, when anybody was accused, or too few were there to tell. --update rewrites it; where a figure got worse, that takes --record with
the decision that says why.`,
		Example: `  iolaus eval quick
  iolaus eval full --out scoreboard --data ../shared/data
  iolaus eval worlds ../shared/worlds
  iolaus eval quick --world bare,slow --seeds 1,3,5 --ablate`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c, args) },
	}
	f := c.Flags()
	f.StringVarP(&e.out, "out", "o", "", "folder for the scoreboard: Markdown, JSON and plots")
	f.StringVar(&e.data, "data", "", "folder with more real texts and rates than the built-in sample")
	f.UintSliceVar(&e.seeds, "seeds", nil, "odd seeds to report (default: of the suite)")
	f.UintSliceVar(&e.tune, "tune", nil, "even seeds to choose settings on (default: of the suite)")
	f.StringSliceVar(&e.only, "world", nil, "only these worlds")
	f.BoolVar(&e.baselines, "baselines", true, "run the baselines too")
	f.BoolVar(&e.ablate, "ablate", false, "also drop one family of signals at a time")
	f.BoolVar(&e.asJSON, "json", false, "print JSON instead of Markdown")
	f.Float64Var(&e.scale, "scale", 0, "multiply the numbers of accounts")
	f.StringVar(&e.from, "from", "", "draw up a scoreboard from the JSON of an earlier run instead of running")
	f.StringVar(&e.keep, "keep", "", "folder in which what was seen is kept: a run that was stopped goes on, more seeds add to it")
	f.StringSliceVar(&e.again, "again", nil, "with --keep: see these contenders again, as after a change to detection")
	f.StringVar(&e.golden, "golden", "eval/testdata/quick.golden.json", "the golden scoreboard")
	f.BoolVar(&e.check, "check", false, "fail when a figure of the golden scoreboard got worse")
	f.BoolVar(&e.update, "update", false, "rewrite the golden scoreboard")
	f.StringVar(&e.record, "record", "", "the decision that says why a figure may get worse, such as doc/decisions/NAME.md")
	f.IntVar(&e.jobs, "jobs", 0, "worlds in memory at a time (default: one per core)")
	return c
}

func (e *evaluation) run(c *cobra.Command, args []string) error {
	if e.from != "" {
		board, err := eval.ReadBoard(e.from)
		if err != nil {
			return err
		}
		return e.write(c.OutOrStdout(), board)
	}
	switch args[0] {
	case "frontier":
		return e.frontier(c)
	case "controls":
		return e.controls(c)
	case "innocent":
		return e.innocent(c)
	}
	b, err := e.bout(args)
	if err != nil {
		return err
	}
	if err := e.narrow(b); err != nil {
		return err
	}
	b.Jobs, b.Keep, b.Again, b.Progress = e.jobs, e.keep, e.again, evalProgress(c.ErrOrStderr())
	b.Contenders = append(b.Contenders, ours("iolaus", "this project, with its defaults", nil))
	if e.ablate {
		for f := range exchange.Family(exchange.Families) {
			blind := ours("without "+f.String(), "iolaus, blind to "+f.String(), []exchange.Family{f})
			blind.Ablation = true
			b.Contenders = append(b.Contenders, blind)
		}
	}
	if e.baselines {
		b.Contenders = append(b.Contenders, eval.Baselines()...)
	}
	board, err := b.Run(c.Context())
	if err != nil {
		return exitCode{exitBroken, err}
	}
	return e.write(c.OutOrStdout(), board)
}

// bout makes the suite that the arguments name.
func (e *evaluation) bout(args []string) (*eval.Bout, error) {
	b := &eval.Bout{Name: args[0], Ledger: evalLedger}
	if args[0] == "worlds" {
		if len(args) < 2 {
			return nil, errors.New("cannot score worlds: name their folder, as in: iolaus eval worlds ../shared/worlds")
		}
		b.Seeds = []uint64{0}
		for _, dir := range args[1:] {
			ws, err := loggedWorlds(dir)
			if err != nil {
				return nil, err
			}
			b.Worlds = append(b.Worlds, ws...)
		}
		return b, nil
	}
	s, err := e.simulated()
	if err != nil {
		return nil, err
	}
	switch args[0] {
	case "quick":
		b.Tune, b.Seeds = []uint64{2}, []uint64{1, 3}
		b.Worlds, err = s.Quick()
	case "full":
		b.Tune, b.Seeds = []uint64{2, 4}, []uint64{1, 3, 5, 7, 9, 11, 13, 15, 17, 19}
		b.Worlds, err = s.Full()
	default:
		return nil, fmt.Errorf("cannot run suite %q: there are quick, full, innocent, worlds, frontier and controls", args[0])
	}
	return b, err
}

// simulated says how this evaluation makes its worlds.
func (e *evaluation) simulated() (eval.Simulated, error) {
	texts, err := sim.Builtin()
	if e.data != "" {
		texts, err = sim.LoadTexts(e.data)
	}
	return eval.Simulated{Texts: texts, Observer: evalObserver, SignUp: evalSignUp, Scale: e.scale}, err
}

// narrow applies the flags that change a suite.
func (e *evaluation) narrow(b *eval.Bout) error {
	if len(e.only) > 0 {
		var keep []eval.World
		for _, n := range e.only {
			at := -1
			for i := range b.Worlds {
				if b.Worlds[i].Name == n {
					at = i
				}
			}
			if at < 0 {
				return fmt.Errorf("cannot run world %q: it is not in suite %s", n, b.Name)
			}
			keep = append(keep, b.Worlds[at])
		}
		b.Worlds = keep
	}
	var err error
	if len(e.seeds) > 0 {
		b.Seeds, err = seedsOf(e.seeds, 1)
	}
	if len(e.tune) > 0 && err == nil {
		b.Tune, err = seedsOf(e.tune, 0)
	}
	return err
}

// seedsOf holds the seeds to their half: even ones choose, odd ones are reported.
func seedsOf(list []uint, odd uint) ([]uint64, error) {
	var out []uint64
	for _, s := range list {
		if s%2 != odd {
			return nil, fmt.Errorf("cannot use seed %d: settings are chosen on even seeds and figures come from odd ones", s)
		}
		out = append(out, uint64(s))
	}
	return out, nil
}
