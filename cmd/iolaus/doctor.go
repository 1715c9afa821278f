package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/source"
)

// examination is what the command line of doctor says.
type examination struct {
	accounts string
	lines    int
	all      bool
	asJSON   bool
	source   logFlags
}

func newDoctor() *cobra.Command {
	var e examination
	c := &cobra.Command{
		Use:   "doctor [flags] LOG...",
		Short: "Say beforehand what a log allows to see, and what to log to see more",
		Long: `Doctor reads the first lines of each log, or all with --all, and says which format
they have, what cannot be used and why, which field is the account, how far the
lines are out of order, which signals can work on what share of the traffic, and
what to log to see more. It quotes no content.

The exit code is 0 for a log that is usable, 1 for one that is usable but weak, and
2 for one that is not.`,
		Example: `  iolaus doctor exchanges.jsonl.gz
  iolaus doctor --all --accounts accounts.csv logs/
  zcat log.gz | iolaus doctor --json - | jq .weaknesses`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c, args) },
	}
	f := c.Flags()
	f.StringVar(&e.accounts, "accounts", "", "sign-up registry, JSON lines or CSV")
	f.IntVar(&e.lines, "lines", 20000, "first lines of each log that are read")
	f.BoolVar(&e.all, "all", false, "read all lines")
	f.BoolVar(&e.asJSON, "json", false, "print JSON")
	e.source.flags(c)
	e.source.order(c)
	return c
}

func (e *examination) run(c *cobra.Command, args []string) error {
	if e.lines <= 0 && !e.all {
		return fmt.Errorf("cannot read %d lines: --lines takes a number above 0; --all reads every line", e.lines)
	}
	if err := e.source.complete(c.ErrOrStderr()); err != nil {
		return err
	}
	exam := app.Exam{Lines: e.lines, Source: e.source.Options}
	if e.all {
		exam.Lines = 0
	}
	var err error
	if e.accounts != "" {
		if exam.Accounts, err = registry(c.ErrOrStderr(), e.accounts); err != nil {
			return err
		}
	}
	in, err := source.Expand(args, c.InOrStdin())
	if err != nil {
		return err
	}
	bar := newProgress(c.ErrOrStderr())
	exam.Source.Progress = bar.show
	check, err := exam.Run(c.Context(), in)
	bar.clear()
	if err != nil {
		return exitCode{exitBroken, err}
	}
	if e.asJSON {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(check)
	} else {
		err = printCheckup(c.OutOrStdout(), check)
	}
	if err != nil {
		return exitCode{exitBroken, err}
	}
	switch check.Verdict {
	case app.Unusable:
		return exitCode{code: exitUsage}
	case app.WeaklyUsable:
		return exitCode{code: exitFound}
	}
	return nil
}

// printCheckup prints a checkup for people.
func printCheckup(w io.Writer, c *app.Checkup) error {
	printFiles(w, c)
	if c.Exchanges > 0 {
		fmt.Fprintln(w)
		printFacts(w, c)
		fmt.Fprintln(w)
		printSignals(w, c)
	}
	printRejected(w, c)
	if advice := c.Advice(); len(advice) > 0 {
		fmt.Fprintln(w, "\nTo see more")
		for _, a := range advice {
			fmt.Fprintf(w, "  - %s\n", a)
		}
	}
	fmt.Fprintf(w, "\nVerdict: %s\n", c.Verdict)
	for _, k := range c.Weak {
		fmt.Fprintf(w, "  - %s; %s\n", k.What, k.Remedy)
	}
	return nil
}

// shownFiles is how many inputs are listed one by one.
const shownFiles = 20

func printFiles(w io.Writer, c *app.Checkup) {
	rows := [][]string{{"LOG", "FORMAT", "ACCOUNT FIELD", "LINES READ", "EXCHANGES", "NOT USED"}}
	for i, f := range c.Files {
		if i == shownFiles {
			rows = append(rows, []string{fmt.Sprintf("and %d more", len(c.Files)-i), "", "", "", "", ""})
			break
		}
		read := humanize.Comma(int64(f.Lines))
		if !f.Whole {
			read = "first " + read
		}
		format, account := f.Format, f.Account
		if format == "" {
			format, account = "unknown", "-"
		}
		rows = append(rows, []string{f.Name, format, account, read, humanize.Comma(int64(f.Exchanges)), humanize.Comma(int64(f.Rejected))})
	}
	const words = 3 // columns that begin at the left; numbers end at the right
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, r := range rows {
		line := ""
		for i, cell := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i < words {
				line += cell + pad + "  "
			} else {
				line += pad + cell + "  "
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// printFacts prints what the log is about, a line each.
func printFacts(w io.Writer, c *app.Checkup) {
	n := func(i int) string { return humanize.Comma(int64(i)) }
	of := func(i int) string { return share(float64(i) / float64(c.Exchanges)) }
	fact := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	const day = "2006-01-02 15:04"
	fact("Time", "%s to %s UTC, %s", c.First.UTC().Format(day), c.Last.UTC().Format(day), span(c.Last.Sub(c.First)))
	if c.Late.Lines == 0 {
		fact("Order", "by time")
	} else {
		fact("Order", "%s of lines are late, by at most %s", of(c.Late.Lines), round(c.Late.Most))
	}
	key := ""
	if c.KeyStands > 0 {
		key = fmt.Sprintf("; in %s of exchanges only the key is known and stands for the account", of(c.KeyStands))
	}
	fact("Accounts", "%s, with %s and %s%s", n(c.Accounts), count(c.Keys, "key"), count(c.Models, "model"), key)
	fact("Companies", "%s; %s of exchanges belong to one", count(c.Orgs, "organisation"), of(c.InOrg))
	fact("End users", "named in %s of exchanges", of(c.Customers))
	fact("Failures", "%s of exchanges", of(c.Failed))
	fact("Cut texts", "%s of exchanges", of(c.Cut))
	switch c.Repeated {
	case 0:
		fact("Repeated", "none")
	case 1:
		fact("Repeated", "1 exchange, which counts once")
	default:
		fact("Repeated", "%s exchanges, which count once", n(c.Repeated))
	}
	if r := c.Registry; r != nil {
		fact("Registry", "%s of %s accounts listed; of these %s with a time, %s with a card, %s with a mail domain, %s of a known owner",
			n(r.Known), n(c.Accounts), n(r.Created), n(r.Payment), n(r.Mail), n(r.Owned))
	} else {
		fact("Registry", "none given")
	}
}

// printSignals prints which signals can work on how much of the traffic.
func printSignals(w io.Writer, c *app.Checkup) {
	const width = 20
	fmt.Fprintf(w, "%-14s  %-14s  %s\n", "SIGNAL", "FAMILY", "EXCHANGES IT CAN WORK ON")
	for _, s := range c.Signals {
		full := int(s.Share*width + .5)
		fmt.Fprintf(w, "%-14s  %-14s  %s%s  %s\n", s.Name, s.Family, strings.Repeat("#", full), strings.Repeat(".", width-full), share(s.Share))
	}
	var has, lacks []string
	for k, ok := range c.Kinds {
		if ok {
			has = append(has, k)
		} else {
			lacks = append(lacks, k)
		}
	}
	slices.Sort(has)
	slices.Sort(lacks)
	fmt.Fprintf(w, "\nAn accusation takes two independent kinds of evidence. Here: %s.", orNone(has))
	if len(lacks) > 0 {
		fmt.Fprintf(w, " Not here: %s.", orNone(lacks))
	}
	fmt.Fprintln(w)
}

func orNone(s []string) string {
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, ", ")
}

// printRejected prints why lines are not used, and where the first of them are.
func printRejected(w io.Writer, c *app.Checkup) {
	if len(c.Rejected) == 0 {
		return
	}
	fmt.Fprintln(w, "\nNot used")
	for _, r := range c.Rejected {
		fmt.Fprintf(w, "  %-14s  %s\n", r.Reason, count(r.Count, "time"))
		for _, x := range r.Examples {
			where := x.File
			if x.Line > 0 {
				where = fmt.Sprintf("%s line %d", x.File, x.Line)
			}
			if x.Field != "" {
				where += ", field " + x.Field
			}
			fmt.Fprintf(w, "    %s: %s\n", where, x.Remedy)
		}
	}
}

// share writes a part of 1 for people: what is little is not called nothing.
func share(s float64) string {
	switch p := 100 * s; {
	case p > 0 && p < 0.1:
		return "< 0.1 %"
	case p > 0 && p < 10:
		return fmt.Sprintf("%.1f %%", p)
	case p < 100 && p > 99.9:
		return "> 99.9 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

func span(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%.1f days", d.Hours()/24)
	}
	return round(d)
}

// round writes a duration with what matters of it.
func round(d time.Duration) string {
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
	case d >= time.Minute:
		d = d.Round(time.Second)
	default:
		d = d.Round(time.Millisecond)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return s
}
