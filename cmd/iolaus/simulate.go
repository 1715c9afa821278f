package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"iolaus/sim"
)

// simulateFlags are what the command line says about a world.
type simulateFlags struct {
	out, data string
	seed      uint64
	days      int
	scale     float64
	list      bool
	giveAway  bool
	gzip      bool
}

func simulateVerb() *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use:   "simulate NAME|SPEC",
		Short: "Make a world with known truth: logs, sign-up registry, truth",
		Long: `Make a world with known truth over real texts and real arrival rates, and write
it to a folder: exchanges.jsonl.zst (LiteLLM lines), accounts.jsonl (registry) and
truth.jsonl (for scoring alone). NAME is a built-in world (--list), quick-NAME the
same at a tenth of its size; SPEC is a YAML or JSON file (doc/worlds.md). The same
spec, seed and texts give the same bytes.`,
		Example: `  iolaus simulate demo --out /tmp/demo
  iolaus simulate proxied --seed 7 --out /tmp/proxied
  iolaus simulate my-world.yaml --data ../shared/data --out /tmp/mine
  iolaus simulate quick-slow --give-away`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if f.list {
				return listWorlds(c.OutOrStdout())
			}
			if len(args) == 0 {
				return errors.New("cannot simulate: name a world or a spec file; --list shows the worlds")
			}
			spec, err := worldSpec(args[0])
			if err != nil {
				return err
			}
			return simulate(c, f, spec)
		},
	}
	c.Flags().StringVarP(&f.out, "out", "o", "", "folder to write to (default: the world's name)")
	c.Flags().StringVar(&f.data, "data", "", "folder with more real texts and rates than the built-in sample")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "seed in place of the spec's")
	c.Flags().IntVar(&f.days, "days", 0, "days in place of the spec's")
	c.Flags().Float64Var(&f.scale, "scale", 0, "multiply the numbers of accounts by this instead of the spec's scale")
	c.Flags().BoolVar(&f.list, "list", false, "list the built-in worlds")
	c.Flags().BoolVar(&f.giveAway, "give-away", false, "write nothing; report how well each single feature of an account gives operators away")
	c.Flags().BoolVar(&f.gzip, "gzip", false, "compress exchanges with gzip instead of zstd")
	return c
}

// worldSpec reads a built-in world by name, or a spec file.
func worldSpec(arg string) (sim.Spec, error) {
	spec, err := sim.Named(arg)
	if err == nil {
		return spec, nil
	}
	file, openErr := os.Open(arg)
	if openErr != nil {
		if errors.Is(openErr, fs.ErrNotExist) && !strings.ContainsAny(arg, "./") {
			return spec, err
		}
		return spec, fmt.Errorf("cannot read world: %w", openErr)
	}
	defer file.Close()
	if spec, err = sim.ReadSpec(file); err != nil {
		return spec, fmt.Errorf("%s: %w", arg, err)
	}
	if spec.Name == "" {
		spec.Name = "world"
	}
	return spec, nil
}

func simulate(c *cobra.Command, f simulateFlags, spec sim.Spec) error {
	if c.Flags().Changed("seed") {
		spec.Seed = f.seed
	}
	if f.days > 0 {
		spec.Days = f.days
	}
	if f.scale > 0 {
		spec.Scale = f.scale
	}
	texts, err := sim.Builtin()
	if f.data != "" {
		texts, err = sim.LoadTexts(f.data)
	}
	if err != nil {
		return err
	}
	w, err := sim.New(spec, texts)
	if err != nil {
		return err
	}
	if f.giveAway {
		return giveAway(c.OutOrStdout(), w)
	}
	if f.out == "" {
		f.out = spec.Name
	}
	o := sim.Output{Gzip: f.gzip}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		o.Progress = func(done, total int) {
			fmt.Fprintf(os.Stderr, "\r%3d %% of %d exchanges", done*100/total, total)
		}
		defer fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	if err := w.Write(f.out, o); err != nil {
		return err
	}
	describe(c.OutOrStdout(), w, f.out)
	return nil
}

// describe says what was written.
func describe(out io.Writer, w *sim.World, dir string) {
	heads, operators := 0, map[string]bool{}
	for _, t := range w.Truth {
		if t.Label == "campaign" {
			heads++
			operators[t.Operator] = true
		}
	}
	fmt.Fprintf(out, "%s: %d exchanges of %d accounts over %d days, %d of them heads of %d operators, seed %d\nwritten to %s\n",
		w.Spec.Name, w.Len(), len(w.Accounts), w.Spec.Days, heads, len(operators), w.Spec.Seed, dir)
}

func listWorlds(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, n := range sim.Names() {
		fmt.Fprintf(t, "%s\t%s\n", n, sim.About(n))
	}
	return t.Flush()
}

// giveAway prints what single features tell.
func giveAway(out io.Writer, w *sim.World) error {
	leaks, err := w.GiveAway()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "feature\tAUC\theads compared")
	for _, l := range leaks {
		fmt.Fprintf(t, "%s\t%.3f\t%d\n", l.Feature, l.AUC, l.Heads)
	}
	return t.Flush()
}
