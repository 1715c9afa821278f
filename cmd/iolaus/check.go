package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newCheck() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "check [flags]",
		Short: "Check a configuration of serve and print what holds",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := serveConfig(config, "", "")
			if err != nil {
				return err
			}
			text, err := c.Effective()
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "# policy %s\n%s", c.Enforce.Version(), text)
			return nil
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "configuration file (default: none, as serve without one)")
	return cmd
}
