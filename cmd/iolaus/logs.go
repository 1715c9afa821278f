package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"iolaus/exchange"
	"iolaus/source"
)

// logFlags say how logs are read: what the flags say that all verbs share which read
// logs.
type logFlags struct {
	source.Options
	join []string
}

// flags are the ones that every reader of logs takes.
func (l *logFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&l.Format, "format", "", "log format (default: found by itself)")
	f.StringVar(&l.Account, "account", "", "field that is the account (default: by format)")
	f.StringArrayVar(&l.join, "join", nil, "another log that completes the exchanges by request id, such as CloudTrail's; may be repeated")
}

// order is the flag of readers that hunt, or say what a hunt could use.
func (l *logFlags) order(c *cobra.Command) {
	c.Flags().DurationVar(&l.Disorder, "disorder", source.DefaultDisorder, "how late a line may be")
}

func (l *logFlags) workers(c *cobra.Command) {
	c.Flags().IntVar(&l.Workers, "workers", 0, "decoding goroutines (default: one per core)")
}

// complete reads the logs of --join and says once what they do not give.
func (l *logFlags) complete(w io.Writer) error {
	if len(l.join) == 0 {
		return nil
	}
	in, err := source.Expand(l.join, strings.NewReader(""))
	if err != nil {
		return err
	}
	paths := make([]string, len(in))
	for i := range in {
		paths[i] = in[i].Name
	}
	c := complaints{w: w, what: "the logs of --join", of: "records"}
	l.Join, err = source.Join(paths, c.take)
	c.sum()
	return err
}

// registry reads the sign-up registry and says once what it could not use.
func registry(w io.Writer, path string) ([]exchange.Account, error) {
	c := complaints{w: w, what: path, of: "rows or columns"}
	accounts, err := source.Registry(path, c.take)
	c.sum()
	return accounts, err
}

// complaints tell the first of what a file beside the log does not give, and how
// much more there is.
type complaints struct {
	w        io.Writer
	what, of string
	n        int
}

const shownComplaints = 3

func (c *complaints) take(r source.Reject) {
	if c.n++; c.n <= shownComplaints {
		fmt.Fprintf(c.w, "iolaus: %s line %d: %s %s; %s\n", r.File, r.Line, r.Reason, r.Field, r.Remedy)
	}
}

func (c *complaints) sum() {
	if c.n > shownComplaints {
		fmt.Fprintf(c.w, "iolaus: %s: %d further %s were not used\n", c.what, c.n-shownComplaints, c.of)
	}
}
