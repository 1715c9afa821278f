package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/campaign"
	"iolaus/casebook"
)

func newExplain() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "explain [--out DIR] CAMPAIGN|ACCOUNT",
		Short: "Say why a campaign is believed, or what links an account to it",
		Long: `Explain says why, in sentences that can be repeated, strongest first, and what
speaks against it. Nats are natural log-odds: 2.3 nats are ten to one.`,
		Example: `  iolaus explain c-20260805-2562
  iolaus explain --out case-7 acct_c6e0fe8e2476`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cs, err := app.ReadCampaigns(dir)
			if err != nil {
				return err
			}
			for _, c := range cs {
				if c.ID == args[0] {
					fmt.Fprint(cmd.OutOrStdout(), c.Explain())
					return nil
				}
				if text := c.ExplainAccount(args[0]); text != "" {
					fmt.Fprint(cmd.OutOrStdout(), text)
					return nil
				}
			}
			return fmt.Errorf("cannot find %q in %s: it is neither a campaign nor an account of one%s", args[0], dir, known(cs))
		},
	}
	cmd.Flags().StringVar(&dir, "out", "iolaus-out", "directory of the result")
	return cmd
}

func known(cs []*campaign.Campaign) string {
	if len(cs) == 0 {
		return "; no campaign was found there"
	}
	s := "; campaigns there:"
	for i, c := range cs {
		if i == 5 {
			return s + " ..."
		}
		s += " " + c.ID
	}
	return s
}

func newDismiss() *cobra.Command {
	var dir, reason string
	cmd := &cobra.Command{
		Use:   "dismiss CAMPAIGN --reason TEXT",
		Short: "Decide that a campaign is none; it is not raised again on the same evidence",
		Long: `Dismiss records the decision with its reason and the evidence it was made on in
DIR/casebook.jsonl. The campaign is not raised again unless a fifth of its
evidence or of its accounts is new.`,
		Example: `  iolaus dismiss c-20260805-2562 --reason "contractor of ours, see ticket 4411"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cs, err := app.ReadCampaigns(dir)
			if err != nil {
				return err
			}
			for _, c := range cs {
				if c.ID != args[0] {
					continue
				}
				d := casebook.Decision{
					At: time.Now().UTC().Truncate(time.Second), Campaign: c.ID, Verdict: casebook.Dismissed, Reason: reason,
					Observables: app.Keys(c), Accounts: app.Names(c),
				}
				if err := casebook.Append(filepath.Join(dir, app.CasebookFile), d); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Dismissed %s. It is not raised again on the same evidence.\n", c.ID)
				return nil
			}
			return fmt.Errorf("cannot find campaign %q in %s%s", args[0], dir, known(cs))
		},
	}
	cmd.Flags().StringVar(&dir, "out", "iolaus-out", "directory of the result")
	cmd.Flags().StringVar(&reason, "reason", "", "why it is none")
	cmd.MarkFlagRequired("reason")
	return cmd
}
