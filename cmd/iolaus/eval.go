package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"iolaus/app"
	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/observe"
	"iolaus/sim"
	"iolaus/sketch"
	"iolaus/source"
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
	b := &eval.Bout{Name: args[0]}
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

// evalKey keys the hashes of an evaluation: its worlds hold no one's data.
func evalKey() sketch.Key { return sketch.Key{} }

func evalObserver() eval.Observer { return &observe.Observer{Key: evalKey()} }

func evalSignUp(a *exchange.Account) (owner string, left []exchange.Observable) {
	s := observe.ReadSignUp(evalKey(), a)
	if s.Payment != 0 {
		s.Left = append(s.Left, s.Payment)
	}
	return s.Owner, s.Left
}

// ours is detection as the detect command runs it, without some families.
func ours(name, about string, without []exchange.Family) eval.Contender {
	var drop [exchange.Families]bool
	for _, f := range without {
		drop[f] = true
	}
	return eval.Contender{Name: name, About: about, Groups: true, Method: eval.MethodFunc(func(t *eval.Tape, report func(string, []eval.Report)) error {
		run := app.NewRun(app.Detection{Accounts: registryWithout(t.Accounts, drop), Key: evalKey(), Hunt: hunt.Options{Without: without}})
		var x exchange.Trace
		for i := range t.Events {
			t.Trace(i, &x, drop)
			if err := run.Take(&x); err != nil {
				return err
			}
		}
		cs, err := run.Finish()
		if err != nil {
			return err
		}
		var out []eval.Report
		for _, c := range cs {
			r := eval.Report{ID: c.ID, Detected: c.DetectedAt, Score: c.Score}
			for _, m := range c.Accounts {
				r.Accounts = append(r.Accounts, eval.Flag{Account: m.Account, Added: m.Added})
			}
			out = append(out, r)
		}
		report("", out)
		return nil
	})}
}

// registryWithout is the registry as a detector blind to identity sees it.
func registryWithout(accounts []exchange.Account, drop [exchange.Families]bool) []exchange.Account {
	if !drop[exchange.Identity] {
		return accounts
	}
	out := make([]exchange.Account, len(accounts))
	for i, a := range accounts {
		a.Payment, a.EmailPattern, a.BINCountry, a.PhoneCountry = "", "", "", ""
		out[i] = a
	}
	return out
}

// loggedWorlds finds the worlds in a folder: itself, or the folders below it.
func loggedWorlds(dir string) ([]eval.World, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", sim.TruthFile))
	if err != nil {
		return nil, fmt.Errorf("cannot list worlds: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, sim.TruthFile)); err == nil {
		found = append(found, filepath.Join(dir, sim.TruthFile))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("cannot find a world in %s: a world is a folder with %s, %s and a log", dir, sim.TruthFile, sim.AccountsFile)
	}
	var out []eval.World
	for _, f := range found {
		d := filepath.Dir(f)
		out = append(out, eval.World{Name: filepath.Base(d), Record: func(ctx context.Context, _ uint64) (*eval.Tape, []sim.Truth, error) {
			return recordLogs(ctx, d)
		}})
	}
	return out, nil
}

// recordLogs reads a world's log onto a tape.
func recordLogs(ctx context.Context, dir string) (*eval.Tape, []sim.Truth, error) {
	rows, err := eval.ReadTruth(filepath.Join(dir, sim.TruthFile))
	if err != nil {
		return nil, nil, err
	}
	accounts, err := source.Registry(filepath.Join(dir, sim.AccountsFile), func(source.Reject) {})
	if err != nil {
		return nil, nil, err
	}
	logs, err := filepath.Glob(filepath.Join(dir, "exchanges.*"))
	if err != nil || len(logs) == 0 {
		return nil, nil, fmt.Errorf("cannot find the log of world %s: %w", dir, errors.Join(err, os.ErrNotExist))
	}
	in, err := source.Expand(logs, nil)
	if err != nil {
		return nil, nil, err
	}
	t := eval.NewTape(filepath.Base(dir), 0, accounts, evalSignUp)
	_, err = source.Scan(ctx, in, source.Options{}, func() func(*exchange.Exchange, *eval.Taken) {
		r := eval.Reader{Observer: evalObserver()}
		return r.Read
	}, func(_ time.Time, k *eval.Taken) error {
		t.Add(k)
		return nil
	})
	return t, rows, err
}

// evalProgress shows on a terminal how far a suite is.
func evalProgress(w io.Writer) func(done, total int, what string) {
	f, ok := w.(*os.File)
	on := ok && term.IsTerminal(int(f.Fd()))
	began := time.Now()
	return func(done, total int, what string) {
		spent := time.Since(began)
		left := time.Duration(float64(spent) / float64(done) * float64(total-done)).Round(time.Second)
		switch {
		case on && done < total:
			fmt.Fprintf(w, "\r\x1b[K%d of %d worlds, %s left; last %s", done, total, left, what)
		case on:
			fmt.Fprint(w, "\r\x1b[K")
		default:
			fmt.Fprintf(w, "%d of %d: %s, %s\n", done, total, what, spent.Round(time.Second))
		}
	}
}

// write prints the board, writes its files when there is a folder for them, and
// holds it to the golden scoreboard.
func (e *evaluation) write(w io.Writer, b *eval.Board) error {
	show := b.WriteMarkdown
	if e.asJSON {
		show = b.WriteJSON
	}
	if err := show(w); err != nil {
		return exitCode{exitBroken, err}
	}
	if e.out != "" {
		if err := b.Write(e.out); err != nil {
			return exitCode{exitBroken, err}
		}
	}
	if !e.check && !e.update {
		return nil
	}
	return e.hold(w, b)
}

// hold compares the board with the golden scoreboard.
func (e *evaluation) hold(w io.Writer, b *eval.Board) error {
	now := b.Golden()
	old, err := eval.ReadGolden(e.golden)
	if errors.Is(err, os.ErrNotExist) && e.update {
		old, err = &eval.Golden{}, nil
	}
	if err != nil {
		return exitCode{exitUsage, err}
	}
	worse := old.Worse(&now)
	for _, s := range worse {
		fmt.Fprintln(w, "worse:", s)
	}
	switch {
	case !e.update && len(worse) > 0:
		return exitCode{exitFound, fmt.Errorf("%d figures fell behind %s; mend them, or write down why in doc/decisions and run with --update --record FILE", len(worse), e.golden)}
	case !e.update:
		return nil
	case len(worse) > 0 && e.record == "":
		return exitCode{exitUsage, errors.New("cannot update the golden scoreboard: figures got worse; name the decision that says why with --record doc/decisions/NAME.md")}
	case e.record != "":
		if _, err := os.Stat(e.record); err != nil {
			return exitCode{exitUsage, fmt.Errorf("cannot update the golden scoreboard: %w", err)}
		}
	}
	now.Record = old.Record
	if len(worse) > 0 {
		now.Record = filepath.ToSlash(e.record)
	}
	return now.Write(e.golden)
}
