package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/source"
)

func newReport() *cobra.Command {
	var dir string
	var text bool
	var page app.Page
	var l logFlags
	cmd := &cobra.Command{
		Use:   "report [--out DIR] [--show-text LOG...]",
		Short: "Draw the page of a result again, with outside events or with wording",
		Long: `Report draws DIR/report.html again from what detect left in DIR. The page needs
nothing else and asks nothing of any network.

With --show-text it reads the given logs again and shows the wording that the
evidence rests on, with slots where it varies, in DIR/report-with-text.html.
Wording is kept nowhere else; what is shown was sent by several accounts of a
campaign and is named by its evidence.`,
		Example: `  iolaus report --out case-7 --events releases.csv
  iolaus report --out case-7 --show-text logs/2026-08-*.jsonl.zst`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case text && len(args) == 0:
				return errors.New("--show-text needs the logs that were searched: iolaus report --show-text LOG")
			case !text && len(args) > 0:
				return errors.New("logs are read again only with --show-text")
			}
			if text {
				in, err := source.Expand(args, cmd.InOrStdin())
				if err != nil {
					return err
				}
				if err := l.complete(cmd.ErrOrStderr()); err != nil {
					return err
				}
				page.Reread, page.Options = in, l.Options
			}
			path, err := page.Draw(dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The report is %s\n", filepath.ToSlash(path))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "out", "iolaus-out", "directory of the result")
	f.StringVar(&page.Events, "events", "", "CSV of outside events to mark: date,kind,label,model (default: DIR/events.csv)")
	f.BoolVar(&text, "show-text", false, "read LOG again and show wording, masked, in a file of its own")
	l.flags(cmd)
	return cmd
}
