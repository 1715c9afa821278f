package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/casebook"
	"iolaus/hunt"
	"iolaus/observe"
	"iolaus/source"
)

// detection is what the command line of detect says.
type detection struct {
	accounts, allow, networks, out, key, events string
	calibration                                 string
	alpha                                       float64
	traffic                                     *app.Traffic // the calibration's; nil without one
	step                                        time.Duration
	asJSON, rebuild, certified                  bool
	source                                      logFlags
}

func newDetect() *cobra.Command {
	var d detection
	cmd := &cobra.Command{
		Use:   "detect [flags] LOG...",
		Short: "Find the campaigns in a gateway's log",
		Long: `Detect reads the log that your gateway writes and finds the campaigns in it:
which accounts one operator runs, what they extract, since when, how much is
gone, and why we believe it. LOG is a file, a folder, a glob or - for standard
input; .gz and .zst are read as they are. Nothing leaves the machine, and no
prompt text is kept: the output directory holds keyed hashes.`,
		Example: `  iolaus detect --accounts accounts.jsonl exchanges.jsonl.gz
  iolaus detect --out case-7 --allow partners.csv logs/2026-08-*.jsonl.zst
  zcat log.gz | iolaus detect --json - | jq .campaign_id`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return d.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&d.accounts, "accounts", "", "sign-up registry, JSON lines or CSV")
	f.StringVar(&d.allow, "allow", "", "accounts and organisations never accused, with reasons")
	f.StringVar(&d.networks, "networks", "", "hosting, VPN and proxy ranges (default: a small dated list)")
	f.StringVar(&d.events, "events", "", "outside events, CSV of date, kind, label, model: who moves to a new model is told (default: DIR/events.csv)")
	f.StringVar(&d.out, "out", "iolaus-out", "directory for the result")
	f.StringVar(&d.key, "key", "", "key of the hashes (default: DIR/key, made at first use)")
	f.DurationVar(&d.step, "step", time.Hour, "event time between hunts")
	f.BoolVar(&d.rebuild, "rebuild", false, "take in late lines, too, and hunt anew from the beginning")
	f.BoolVar(&d.certified, "certified", false, "raise only campaigns whose error rate is certified (doc/error-control.md)")
	f.Float64Var(&d.alpha, "alpha", 0.01, "error rate of certificates: expected share of innocent sets among those certified, at most")
	f.StringVar(&d.calibration, "calibration", "", "certify by this file of iolaus calibrate alone, not by the permutation null")
	f.BoolVar(&d.asJSON, "json", false, "print the result as JSON lines")
	d.source.flags(cmd)
	f.StringVar(&d.source.Object, "object", "", "with sightings: field that is the object (default: the first of the usual names)")
	d.source.order(cmd)
	d.source.workers(cmd)
	return cmd
}

func (d *detection) run(cmd *cobra.Command, args []string) error {
	if d.isSightings(args) {
		return d.runSightings(cmd, args)
	}
	run, in, err := d.prepare(cmd, args)
	if err != nil {
		return err
	}
	rejected, closeRejected, err := rejects(filepath.Join(d.out, app.RejectedFile))
	if err != nil {
		return err
	}
	d.source.Reject = rejected
	d.source.Brief = true // no signal reads answers or resent turns
	bar := newProgress(cmd.ErrOrStderr())
	d.source.Progress = bar.show
	stats, err := run.Read(cmd.Context(), in, d.source.Options)
	bar.clear()
	if err = errors.Join(err, closeRejected()); err != nil && !errors.Is(err, context.Canceled) {
		return exitCode{exitBroken, err}
	}
	report, werr := d.write(run) // even when stopped: what had been read counts
	if werr != nil {
		return exitCode{exitBroken, werr}
	}
	if werr = app.Illustrate(d.out, run, stats, app.Page{Events: d.events}); werr != nil {
		return exitCode{exitBroken, werr}
	}
	d.drifted(cmd.ErrOrStderr(), run)
	if d.asJSON {
		werr = printJSON(cmd.OutOrStdout(), report)
	} else {
		printReport(cmd.OutOrStdout(), report, d.out)
		printSummary(cmd.ErrOrStderr(), stats, run, d.out)
	}
	if err != nil {
		return exitCode{exitBroken, fmt.Errorf("stopped early; what had been read is in %s: %w", d.out, err)}
	}
	return werr
}

// prepare reads everything that is small before the log.
func (d *detection) prepare(cmd *cobra.Command, args []string) (*app.Run, []source.Input, error) {
	if err := os.MkdirAll(d.out, 0o700); err != nil {
		return nil, nil, fmt.Errorf("cannot make output directory: %w", err)
	}
	det := app.Detection{Step: d.step, Hunt: hunt.Options{Certified: d.certified}}
	var err error
	if det.Key, err = app.Key(d.out, d.key); err != nil {
		return nil, nil, err
	}
	if det.Networks, err = networks(d.networks); err != nil {
		return nil, nil, err
	}
	if det.Events, err = (app.Page{Events: d.events}).Happened(d.out); err != nil {
		return nil, nil, err
	}
	if d.allow != "" {
		if det.Allowed, err = app.Allow(d.allow); err != nil {
			return nil, nil, err
		}
	}
	if d.accounts != "" {
		if det.Accounts, err = registry(cmd.ErrOrStderr(), d.accounts); err != nil {
			return nil, nil, err
		}
	}
	if err = d.source.complete(cmd.ErrOrStderr()); err != nil {
		return nil, nil, err
	}
	in, err := source.Expand(args, cmd.InOrStdin())
	if err != nil {
		return nil, nil, err
	}
	if err = d.calibrate(cmd.ErrOrStderr(), &det); err != nil {
		return nil, nil, err
	}
	if det.Store, err = app.OpenStore(d.out, det.Key, d.rebuild); err != nil {
		return nil, nil, err
	}
	if cut := det.Store.Cut(); cut != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "iolaus: an earlier run was cut off: %s; what is missing is read again from the log\n", cut)
	}
	return app.NewRun(det), in, nil
}

// networks reads the ranges that name networks; the built-in ones for "".
func networks(path string) (*observe.Networks, error) {
	if path == "" {
		return observe.KnownNetworks(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open networks: %w", err)
	}
	defer f.Close()
	return observe.ReadNetworks(path, f)
}

func (d *detection) write(run *app.Run) (*app.Report, error) {
	cs, err := run.Finish()
	if err != nil {
		return nil, err
	}
	ds, err := casebook.Read(filepath.Join(d.out, app.CasebookFile))
	if err != nil {
		return nil, err
	}
	report := app.Sort(cs, ds)
	return &report, report.Write(d.out)
}

// rejects opens the file that takes the lines of the log that were not used.
func rejects(path string) (func(source.Reject), func() error, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot write %s: %w", path, err)
	}
	enc := json.NewEncoder(f)
	var failed error
	return func(r source.Reject) { failed = errors.Join(failed, enc.Encode(r)) },
		func() error { return errors.Join(failed, f.Close()) }, nil
}

func printJSON(w io.Writer, r *app.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, c := range r.Raised {
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	return nil
}

// printReport prints the table for people.
func printReport(w io.Writer, r *app.Report, dir string) {
	if len(r.Raised) == 0 {
		fmt.Fprintln(w, "No campaign found.")
	} else {
		fmt.Fprintf(w, "%-18s %9s %7s %10s %-16s %-16s %6s  %s\n", "CAMPAIGN", "ACCOUNTS", "OWNERS", "EXCHANGES", "FIRST SEEN", "DETECTED", "SCORE", "GOES FOR")
		for _, c := range r.Raised {
			fmt.Fprintf(w, "%-18s %9s %7d %10s %-16s %-16s %6.1f  %s\n", c.ID, humanize.Comma(int64(len(c.Accounts))), c.Owners,
				humanize.Comma(int64(c.Exchanges)), c.First.Format("2006-01-02 15:04"), c.DetectedAt.Format("2006-01-02 15:04"), c.Score, c.Target)
		}
		fmt.Fprintf(w, "\nWhy: iolaus explain --out %s %s\n", dir, r.Raised[0].ID)
		fmt.Fprintf(w, "See: %s\n", filepath.Join(dir, app.ReportFile))
	}
	if n := len(r.Dismissed); n > 0 {
		fmt.Fprintf(w, "%d more dismissed by people on the same evidence, see %s\n", n, filepath.Join(dir, app.DismissedFile))
	}
}

// printSummary says what was read, what was not, and what the log allowed to see.
func printSummary(w io.Writer, s source.Stats, run *app.Run, dir string) {
	fmt.Fprintf(w, "\nRead %s exchanges from %s of log", humanize.Comma(int64(s.Exchanges)), humanize.IBytes(uint64(s.Text)))
	if n := run.Repeated(); n > 0 {
		fmt.Fprintf(w, "; %s logged twice, counted once", humanize.Comma(int64(n)))
	}
	fmt.Fprintln(w)
	printUnused(w, s, dir)
	printCoverage(w, run.Coverage())
}

// printUnused says how many lines were not used, and why.
func printUnused(w io.Writer, s source.Stats, dir string) {
	total := 0
	for _, n := range s.Rejected {
		total += n
	}
	if total == 0 {
		return
	}
	fmt.Fprintf(w, "Not used: %s lines, see %s\n", humanize.Comma(int64(total)), filepath.Join(dir, app.RejectedFile))
	for _, reason := range sorted(s.Rejected) {
		fmt.Fprintf(w, "  %-14s %s\n", reason, humanize.Comma(int64(s.Rejected[reason])))
	}
}

func printCoverage(w io.Writer, c observe.Coverage) {
	if c.Exchanges == 0 {
		return
	}
	fmt.Fprintln(w, "Signals, and the share of exchanges they could work on:")
	for i, s := range observe.Signals() {
		share := 100 * float64(c.Ran[i]) / float64(c.Exchanges)
		fmt.Fprintf(w, "  %-14s %-14s %3.0f %%", s.Name, s.Family, share)
		if share < 1 {
			fmt.Fprintf(w, "  needs %s", s.Needs)
		}
		fmt.Fprintln(w)
	}
}
