package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"iolaus/route/bundle"
	"iolaus/route/policy"
)

// routeCatalogueVerb looks after the catalogue.
func routeCatalogueVerb() *cobra.Command {
	c := &cobra.Command{Use: "catalogue", Short: "The endpoints, companies and facts that an audit knows"}
	var f routeFlags
	var stale int
	check := &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Validate the catalogue, with files of your own, and list stale facts",
		RunE: func(c *cobra.Command, args []string) error {
			now, err := f.day()
			if err != nil {
				return err
			}
			cat, err := loadCatalogue(now, args)
			if err != nil {
				return err
			}
			w := c.OutOrStdout()
			known, unknown := cat.Facts()
			fmt.Fprintf(w, "%d services, %d companies, %d sources: %d facts, %d left unknown\n", len(cat.Services), len(cat.Companies), len(cat.Sources), known, unknown)
			old := cat.Stale(now, time.Duration(stale)*24*time.Hour)
			if len(old) == 0 {
				fmt.Fprintf(w, "no fact is older than %d days\n", stale)
				return nil
			}
			fmt.Fprintf(w, "older than %d days, to be read again:\n", stale)
			t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
			for _, s := range old {
				fmt.Fprintf(t, "  %s\t%d days\t%d facts\t%s\t%s\n", s.Date, s.Days, s.Facts, s.Source, s.URL)
			}
			return t.Flush()
		},
	}
	check.Flags().StringVar(&f.asOf, "as-of", "", "day of the check, 2026-11-24; empty is today")
	check.Flags().IntVar(&stale, "stale", 400, "days after which a fact is to be read again")
	c.AddCommand(check)
	return c
}

// routePolicyVerb looks after policies.
func routePolicyVerb() *cobra.Command {
	c := &cobra.Command{Use: "policy", Short: "Check a policy, print an example or the schema"}
	var f routeFlags
	check := &cobra.Command{
		Use: "check FILE", Short: "Validate a policy", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.policy = args[0]
			o, err := f.options()
			if err != nil {
				return err
			}
			p := o.Policy
			fmt.Fprintf(c.OutOrStdout(), "%s: %d classes, %d workloads, %d documents\n", p.Name, len(p.Classes), len(p.Workloads), len(p.Evidence))
			return nil
		},
	}
	check.Flags().StringArrayVar(&f.catalogue, "catalogue", nil, "catalogue file of your own; may be repeated")
	check.Flags().StringVar(&f.asOf, "as-of", "", "day of the check, 2026-11-24; empty is today")
	example := &cobra.Command{
		Use: "example NAME", Short: "Print an example: nz, eu, au or internal", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			b, err := policy.Example(args[0])
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(b)
			return err
		},
	}
	schema := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of a policy", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(policy.Schema())
			return err
		},
	}
	c.AddCommand(check, example, schema)
	return c
}

// routeKeyVerb makes a key for signing bundles.
func routeKeyVerb() *cobra.Command {
	return &cobra.Command{
		Use: "key FILE", Short: "Make a key for signing evidence bundles: FILE and FILE.pub", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			key, err := bundle.NewKey(rand.Reader)
			if err != nil {
				return err
			}
			private, public, err := bundle.WriteKey(key)
			if err != nil {
				return err
			}
			f, err := os.OpenFile(args[0], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return fmt.Errorf("cannot make the key file: %w; an existing one is never overwritten", err)
			}
			if _, err = f.Write(private); err == nil {
				err = f.Close()
			}
			if err == nil {
				err = os.WriteFile(args[0]+".pub", public, 0o644)
			}
			if err != nil {
				return fmt.Errorf("cannot write the key: %w", err)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s and %s.pub; fingerprint %s\n", args[0], args[0], bundle.Fingerprint(key.Public().(ed25519.PublicKey)))
			return nil
		},
	}
}
