package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"iolaus/route/bundle"
)

// newVerify checks a signed evidence bundle.
func newVerify() *cobra.Command {
	var keyFile string
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check that a signed evidence bundle is as it was sealed",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			raw, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("cannot read the bundle: %w", err)
			}
			m, members, key, err := bundle.Open(raw)
			if err != nil {
				return exitCode{exitFound, fmt.Errorf("cannot verify %s: %w", args[0], err)}
			}
			whose := "by a key that was not checked: compare its fingerprint, or give --key"
			if keyFile != "" {
				pem, err := os.ReadFile(keyFile)
				if err != nil {
					return fmt.Errorf("cannot read the public key: %w", err)
				}
				want, err := bundle.ReadPublic(pem)
				if err != nil {
					return err
				}
				if !want.Equal(key) {
					return exitCode{exitFound, fmt.Errorf("cannot verify %s: it is signed by another key, %s", args[0], bundle.Fingerprint(key))}
				}
				whose = "by the given key"
			}
			w := c.OutOrStdout()
			fmt.Fprintf(w, "%s is as it was sealed for the audit of %s, %s\n", args[0], m.Made.Format("2006-01-02"), whose)
			fmt.Fprintf(w, "fingerprint %s\n", bundle.Fingerprint(key))
			for i, e := range m.Members {
				fmt.Fprintf(w, "  %s  %s (%d bytes)\n", e.SHA256, e.Name, len(members[i].Data))
			}
			return nil
		},
	}
	c.Flags().StringVar(&keyFile, "key", "", "public key that must have signed it (PEM)")
	return c
}
