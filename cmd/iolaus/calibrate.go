package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/hunt"
	"iolaus/source"
)

// calibration is what the command line of calibrate says.
type calibration struct {
	accounts, networks, good, known, out string
	alpha, hostile                       float64
	step, slice                          time.Duration
	asJSON                               bool
	source                               logFlags
}

func newCalibrate() *cobra.Command {
	var c calibration
	cmd := &cobra.Command{
		Use:   "calibrate (--good FILE | --without DIR) [flags] LOG...",
		Short: "Learn from your own history how far innocent accounts get",
		Long: `Calibrate plays the history of innocent accounts as detect would have seen it and
counts how many sets of them got as far as an accusation. From that, detect
--calibration certifies campaigns at an error rate, without assuming anything of
what innocent owners have in common (doc/error-control.md).

Innocent are those that --good names (CSV "id,reason": accounts or organisations),
or all but the campaigns in the result directory --without names; campaigns that
people dismissed stay in. The unit is a set of accounts in a slice of time; a set that
comes again counts once. It says how many it holds, the largest e-value they can
yield, and which alpha that can certify: few sets certify little, and then it says so.`,
		Example: `  iolaus calibrate --good customers.csv --accounts accounts.jsonl logs/2026-0[1-6]-*.zst
  iolaus calibrate --without iolaus-out --slice 168h -o calibration.json logs/
  iolaus detect --calibration calibration.json --alpha 0.05 --certified logs/2026-07-*.zst`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&c.good, "good", "", "accounts and organisations that are known to be innocent, with reasons")
	f.StringVar(&c.known, "without", "", "result directory of detect: all but its campaigns are innocent")
	f.StringVar(&c.accounts, "accounts", "", "sign-up registry, JSON lines or CSV")
	f.StringVar(&c.networks, "networks", "", "hosting, VPN and proxy ranges (default: a small dated list)")
	f.StringVarP(&c.out, "out", "o", "calibration.json", "file for the calibration")
	f.Float64Var(&c.alpha, "alpha", 0.01, "the error rate to say what it takes for")
	f.Float64Var(&c.hostile, "hostile", 0.05, "share of the sets that may be hostile ones in disguise; counted off")
	f.DurationVar(&c.slice, "slice", 0, "length of a slice of time; it bounds the length of the logs that are certified (default: the whole history)")
	f.DurationVar(&c.step, "step", time.Hour, "event time between hunts, as detect has it")
	f.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.source.flags(cmd)
	c.source.order(cmd)
	c.source.workers(cmd)
	return cmd
}

func (c *calibration) run(cmd *cobra.Command, args []string) error {
	if c.good == "" && c.known == "" {
		return errors.New("cannot calibrate: say who is innocent, with --good FILE, --without DIR or both")
	}
	if err := checkAlpha(c.alpha); err != nil {
		return err
	}
	k, err := c.prepare(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	in, err := source.Expand(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	bar := newProgress(cmd.ErrOrStderr())
	c.source.Progress, c.source.Brief, c.source.Reject = bar.show, true, func(source.Reject) {}
	file, reached, err := k.Read(cmd.Context(), in, c.source.Options)
	bar.clear()
	if err != nil {
		return exitCode{exitBroken, err}
	}
	if err := file.WriteFile(c.out); err != nil {
		return exitCode{exitBroken, err}
	}
	powers := powersOf(file, c.alpha)
	if c.asJSON {
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		return enc.Encode(map[string]any{"calibration": file, "alpha": c.alpha, "segments": powers, "reached": reached})
	}
	printCalibration(cmd.OutOrStdout(), file, c.alpha, powers)
	printReached(cmd.OutOrStdout(), reached)
	fmt.Fprintf(cmd.OutOrStdout(), "\nWritten to %s: counts, times and names of models, no account.\n", c.out)
	return nil
}

// prepare reads everything that is small before the logs.
func (c *calibration) prepare(w io.Writer) (k app.Calibrator, err error) {
	k = app.Calibrator{Step: c.step, Slice: c.slice, Hostile: c.hostile}
	if k.Networks, err = networks(c.networks); err != nil {
		return k, err
	}
	if c.good != "" {
		if k.Good, err = app.Allow(c.good); err != nil {
			return k, err
		}
	}
	if c.known != "" {
		if k.Bad, err = app.Known(c.known); err != nil {
			return k, err
		}
	}
	if c.accounts != "" {
		if k.Accounts, err = registry(w, c.accounts); err != nil {
			return k, err
		}
	}
	return k, c.source.complete(w)
}

func checkAlpha(alpha float64) error {
	if !(alpha > 0 && alpha < 1) {
		return fmt.Errorf("cannot use alpha %g: it is a share between 0 and 1, such as 0.01", alpha)
	}
	return nil
}

// power is what a calibration can do in one segment.
type power struct {
	Segment string  `json:"segment"`
	Sets    int     `json:"sets"`
	Largest float64 `json:"largest_e_value"`
	Finest  float64 `json:"finest_alpha"` // 1 or more: none
	Bears   int     `json:"sets_tested_up_to"`
	Needs   int     `json:"sets_needed"` // to certify the first set tested
}

func powersOf(f *app.CalibrationFile, alpha float64) []power {
	c := f.Calibration()
	var out []power
	for s := range hunt.Segments {
		out = append(out, power{s.String(), c.Segments[s].Groups, c.Largest(s), c.Finest(s), c.Bears(s, alpha), c.Needs(s, alpha)})
	}
	return out
}

// printCalibration says what a calibration holds and what it can certify.
func printCalibration(w io.Writer, f *app.CalibrationFile, alpha float64, powers []power) {
	fmt.Fprintf(w, "History of %s accounts (%s), %s exchanges from %s to %s, in %d slice%s; %s accounts were left out.\n",
		humanize.Comma(int64(f.Accounts)), f.Basis, humanize.Comma(int64(f.Exchanges)), f.From.Format("2006-01-02"), f.Until.Format("2006-01-02"),
		f.Slices, strings.Repeat("s", min(1, f.Slices-1)), humanize.Comma(int64(f.LeftOut)))
	fmt.Fprintf(w, "It speaks for the first %.1f days of a log; %g %% of its sets are counted off as possibly hostile.\n\n", float64(f.Span)/86400, 100*f.Hostile)
	fmt.Fprintf(w, "%-8s %9s %9s %9s %10s %13s  AT ALPHA %g\n", "USE", "UNITS", "SETS", "REACHED", "E AT MOST", "FINEST ALPHA", alpha)
	for i, p := range powers {
		s := f.Segments[i]
		finest := "none"
		if p.Finest < 1 {
			finest = fmt.Sprintf("%.3g", math.Ceil(p.Finest*1e3)/1e3)
		}
		fmt.Fprintf(w, "%-8s %9s %9s %9s %10.1f %13s  ", p.Segment, humanize.Comma(int64(s.Units)), humanize.Comma(int64(s.Groups)), humanize.Comma(int64(s.Reached)), p.Largest, finest)
		if p.Bears > 0 {
			fmt.Fprintf(w, "certifies among the first %s sets tested\n", humanize.Comma(int64(p.Bears)))
		} else {
			fmt.Fprintf(w, "certifies nothing: it takes %s sets\n", humanize.Comma(int64(p.Needs)))
		}
	}
	fmt.Fprintln(w, "\nUnits are sets of accounts in a slice of time; a set that comes again is counted once. Reached: as far as an accusation.")
}

// printReached names innocent sets that would have been accused: who they are is a
// question for people, before the calibration is used.
func printReached(w io.Writer, reached []app.Reached) {
	if len(reached) == 0 {
		return
	}
	fmt.Fprintf(w, "\nLook at these first: they got as far as an accusation. Either they are innocent, and rightly cost the\ncalibration its power, or they are a campaign that nobody knew of, and belong among those left out.\n")
	for i, r := range reached {
		if i == 10 {
			fmt.Fprintf(w, "  and %d more\n", len(reached)-i)
			break
		}
		fmt.Fprintf(w, "  %s  %s accounts: %s\n", r.At.Format("2006-01-02 15:04"), humanize.Comma(int64(len(r.Accounts))), strings.Join(r.Accounts[:min(4, len(r.Accounts))], ", "))
	}
}

// calibrate makes detection certify by a calibration file.
func (d *detection) calibrate(w io.Writer, det *app.Detection) error {
	if err := checkAlpha(d.alpha); err != nil {
		return err
	}
	det.Hunt.Alpha = d.alpha
	if d.calibration == "" {
		return nil
	}
	f, err := app.ReadCalibration(d.calibration)
	if err != nil {
		return err
	}
	if err := f.Fits(det); err != nil {
		return err
	}
	det.Hunt.Calibration, det.Census, d.traffic = f.Calibration(), true, &f.Traffic
	for _, p := range powersOf(f, d.alpha) {
		if p.Bears == 0 {
			fmt.Fprintf(w, "iolaus: the calibration cannot certify %s use at alpha %g: its %s sets yield an e-value of %.1f at most, the first set tested needs %.1f\n",
				p.Segment, d.alpha, humanize.Comma(int64(p.Sets)), p.Largest, p.Largest*p.Finest/d.alpha)
		}
	}
	return nil
}

// drifted warns when the traffic is no longer the calibration's.
func (d *detection) drifted(w io.Writer, run *app.Run) {
	if d.traffic == nil {
		return
	}
	now := run.Traffic()
	drifts := d.traffic.Drifted(&now)
	for i, x := range drifts {
		if i == 5 {
			fmt.Fprintf(w, "iolaus: ... and %d more\n", len(drifts)-i)
			break
		}
		fmt.Fprintf(w, "iolaus: the traffic has drifted from the calibration's: %s\n", x)
	}
	if len(drifts) > 0 {
		fmt.Fprintf(w, "iolaus: certificates by this calibration may not hold; calibrate on newer history. Without drift, this warning comes in at most %g %% of runs\n", 100*app.DriftError)
	}
}
