package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/campaign"
	"iolaus/sim"
	"iolaus/sketch"
)

// demonstration is what the command line of demo says.
type demonstration struct {
	out  string
	seed uint64
}

func newDemo() *cobra.Command {
	var d demonstration
	c := &cobra.Command{
		Use:   "demo",
		Short: "Make a small labelled world, find the campaign in it, compare with the truth",
		Long: `Demo makes a small world whose truth is known, offline, runs detect and explain on
it as you would on your own log, and says how the result compares with the truth. It
prints each command that it runs. Nobody in the world is real; its texts and its
arrival rates are.`,
		Example: "  iolaus demo\n  iolaus demo --seed 7 --out /tmp/demo",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return d.run(c) },
	}
	c.Flags().StringVarP(&d.out, "out", "o", "iolaus-demo", "folder for the world and the result")
	c.Flags().Uint64Var(&d.seed, "seed", 1, "seed of the world")
	return c
}

func (d *demonstration) run(c *cobra.Command) error {
	if err := d.clear(); err != nil {
		return err
	}
	w := c.OutOrStdout()
	world := filepath.Join(d.out, "world")
	accounts, log := filepath.Join(world, sim.AccountsFile), filepath.Join(world, sim.ExchangesFile)
	fmt.Fprintln(w, "A small world in which one operator runs accounts among innocent people.")
	if err := step(c, simulateVerb(), "simulate", "demo", "--seed", strconv.FormatUint(d.seed, 10), "--out", world); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nThe search sees the log and the sign-ups, never the truth.")
	if err := step(c, newDetect(), "detect", "--accounts", accounts, "--out", d.out, log); err != nil {
		return err
	}
	found, err := app.ReadCampaigns(d.out)
	if err != nil {
		return err
	}
	if best := largest(found); best != nil {
		if err := step(c, newExplain(), "explain", "--out", d.out, best.ID); err != nil {
			return err
		}
	}
	truth, err := compare(filepath.Join(world, sim.TruthFile), found)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe truth: %s\n", truth)
	fmt.Fprintf(w, `
Next, on the log that your own gateway writes:
  iolaus doctor LOG...                         what it allows to see, and what to log to see more
  iolaus detect --accounts ACCOUNTS LOG...     the campaigns in it
The folder %s holds the world and what detect wrote; the next demo makes it anew.
`, d.out)
	return nil
}

// demoFile marks a folder as a demo's own, and says so to people.
const demoFile = "DEMO.txt"

// clear makes the folder anew: a search continues from what is in it, and this
// one is to begin. Only an earlier demo's folder is removed. The key of its
// hashes is fixed, for nobody's data is in it: the same seed prints the same.
func (d *demonstration) clear() error {
	entries, err := os.ReadDir(d.out)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0:
	case err != nil:
		return fmt.Errorf("cannot use folder %s: %w", d.out, err)
	default:
		if _, err := os.Stat(filepath.Join(d.out, demoFile)); err != nil {
			return fmt.Errorf("cannot use folder %s: it holds something else than an earlier demo; name another with --out", d.out)
		}
		if err := os.RemoveAll(d.out); err != nil {
			return fmt.Errorf("cannot remove the earlier demo: %w", err)
		}
	}
	if err := os.MkdirAll(d.out, 0o700); err != nil {
		return fmt.Errorf("cannot make folder: %w", err)
	}
	err = os.WriteFile(filepath.Join(d.out, demoFile), []byte("Made by iolaus demo, which removes this folder when it runs again.\n"), 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(d.out, "key"), fmt.Appendf(nil, "%x\n", make([]byte, len(sketch.Key{}))), 0o600)
	}
	if err != nil {
		return fmt.Errorf("cannot begin the demo: %w", err)
	}
	return nil
}

// step prints a verb's command line and runs it.
func step(parent, verb *cobra.Command, name string, args ...string) error {
	fmt.Fprintf(parent.OutOrStdout(), "\n$ iolaus %s %s\n", name, strings.Join(args, " "))
	verb.SetArgs(args)
	verb.SetOut(parent.OutOrStdout())
	verb.SetErr(parent.ErrOrStderr())
	verb.SilenceUsage, verb.SilenceErrors = true, true
	return verb.ExecuteContext(parent.Context())
}

// largest is the campaign with the most accounts; nil when there is none.
func largest(cs []*campaign.Campaign) *campaign.Campaign {
	var best *campaign.Campaign
	for _, c := range cs {
		if best == nil || len(c.Accounts) > len(best.Accounts) {
			best = c
		}
	}
	return best
}

// compare says in one line how campaigns compare with a world's truth.
func compare(path string, cs []*campaign.Campaign) (string, error) {
	flagged := map[string]bool{}
	for _, c := range cs {
		for _, n := range app.Names(c) {
			flagged[n] = true
		}
	}
	operators := map[string]bool{}
	var heads, found, innocent, harmed int
	err := truths(path, func(operator string, head bool, account string) {
		switch {
		case head:
			heads++
			operators[operator] = true
			if flagged[account] {
				found++
			}
		default:
			innocent++
			if flagged[account] {
				harmed++
			}
		}
	})
	n := func(i int) string { return humanize.Comma(int64(i)) }
	return fmt.Sprintf("%s ran %s accounts; %s of them were found. Of %s innocent accounts, %s flagged.",
		count(len(operators), "operator"), n(heads), n(found), n(innocent), wereNone(harmed)), err
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return humanize.Comma(int64(n)) + " " + noun + "s"
}

func wereNone(n int) string {
	switch n {
	case 0:
		return "none was"
	case 1:
		return "1 was"
	}
	return humanize.Comma(int64(n)) + " were"
}

// truths reads a world's truth.
func truths(path string, fn func(operator string, head bool, account string)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read the truth: %w", err)
	}
	defer f.Close()
	for dec := json.NewDecoder(bufio.NewReader(f)); ; {
		var t struct {
			Account  string `json:"account_id"`
			Operator string `json:"operator"`
			Label    string `json:"label"`
		}
		switch err := dec.Decode(&t); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("cannot read the truth %s: %w", path, err)
		}
		fn(t.Operator, t.Label == "campaign", t.Account)
	}
}
