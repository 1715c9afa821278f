package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"iolaus/exchange"
	"iolaus/route"
	"iolaus/route/catalogue"
	"iolaus/route/gateway"
	"iolaus/route/policy"
	"iolaus/route/report"
	"iolaus/source"
)

// newRoute answers where traffic goes.
func newRoute() *cobra.Command {
	c := &cobra.Command{
		Use:   "route",
		Short: "Where AI traffic really goes, under whose law, and what the policy says",
	}
	c.AddCommand(routeAuditVerb(), routeExposureVerb(), routeCatalogueVerb(), routePolicyVerb(), routeKeyVerb())
	return c
}

// routeFlags are what audit and exposure share.
type routeFlags struct {
	policy    string
	gateway   []string
	catalogue []string
	format    string
	account   string
	asOf      string
}

func (f *routeFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.policy, "policy", "", "policy file, or example:nz, example:eu, example:au, example:internal")
	c.Flags().StringArrayVar(&f.gateway, "gateway", nil, "gateway configuration: LiteLLM config.yaml or Envoy AI Gateway resources; may be repeated")
	c.Flags().StringArrayVar(&f.catalogue, "catalogue", nil, "catalogue file of your own that adds and overrides; may be repeated")
	c.Flags().StringVar(&f.format, "format", "", "format of the logs; empty lets each file tell")
	c.Flags().StringVar(&f.account, "account", "", "dotted path of the field that names the account")
	c.Flags().StringVar(&f.asOf, "as-of", "", "day of the audit, 2026-11-24; empty is today")
	c.MarkFlagRequired("policy")
}

// day returns the day of the audit: what is dated later is a mistake.
func (f *routeFlags) day() (time.Time, error) {
	if f.asOf == "" {
		return time.Now().UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, f.asOf)
	if err != nil {
		return t, fmt.Errorf("cannot read --as-of %q: write a day such as 2026-11-24", f.asOf)
	}
	return t.Add(24*time.Hour - time.Second), nil
}

// options reads the policy, the catalogue and the gateway's configuration.
func (f *routeFlags) options() (route.Options, error) {
	var o route.Options
	var err error
	if o.AsOf, err = f.day(); err != nil {
		return o, err
	}
	if o.Catalogue, err = loadCatalogue(o.AsOf, f.catalogue); err != nil {
		return o, err
	}
	raw, err := readPolicy(f.policy)
	if err != nil {
		return o, err
	}
	if o.Policy, err = policy.Parse(f.policy, raw, o.AsOf, o.Catalogue); err != nil {
		return o, err
	}
	for _, name := range f.gateway {
		raw, err := os.ReadFile(name)
		if err != nil {
			return o, fmt.Errorf("cannot read the gateway's configuration: %w", err)
		}
		if o.Gateway == nil {
			o.Gateway = &gateway.Config{}
		}
		if err := o.Gateway.Read(name, raw); err != nil {
			return o, err
		}
	}
	o.Documents = documents(f.policy, o.Policy)
	return o, nil
}

func loadCatalogue(now time.Time, names []string) (*catalogue.Catalogue, error) {
	var own []catalogue.Input
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("cannot read the catalogue file: %w", err)
		}
		own = append(own, catalogue.Input{Name: name, Data: raw})
	}
	return catalogue.Load(now, own...)
}

const exampleScheme = "example:"

func readPolicy(name string) ([]byte, error) {
	if len(name) > len(exampleScheme) && name[:len(exampleScheme)] == exampleScheme {
		return policy.Example(name[len(exampleScheme):])
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the policy: %w", err)
	}
	return raw, nil
}

// documents hashes the evidence files, which stand beside the policy.
func documents(name string, p *policy.Policy) map[string]string {
	found := map[string]string{}
	for _, e := range p.Evidence {
		if e.File != "" {
			found[e.ID], _ = hashFile(filepath.Join(filepath.Dir(name), e.File))
		}
	}
	return found
}

// scan reads the logs into an auditor and reports.
func (f *routeFlags) scan(ctx context.Context, c *cobra.Command, o route.Options, args []string) (*route.Report, error) {
	in, err := source.Expand(args, c.InOrStdin())
	if err != nil {
		return nil, err
	}
	if len(in) == 0 {
		return nil, errors.New("cannot audit: no logs were given; name files, folders or - for stdin")
	}
	a := route.New(o)
	stats, err := source.Scan(ctx, in, source.Options{Format: f.format, Account: f.account},
		func() func(*exchange.Exchange, *route.Digest) { return route.NewDigester() },
		func(_ time.Time, d *route.Digest) error { a.Add(d); return nil })
	if err != nil {
		return nil, exitCode{exitBroken, fmt.Errorf("cannot read the logs: %w", err)}
	}
	if stats.Exchanges == 0 {
		return nil, exitCode{exitBroken, fmt.Errorf("cannot audit: none of %d lines is an exchange (%v)", stats.Lines, stats.Rejected)}
	}
	r := a.Report()
	r.Rejected = stats.Rejected
	for _, i := range in {
		r.Inputs = append(r.Inputs, route.Input{Name: i.Name, Bytes: i.Size})
	}
	return r, nil
}

func routeAuditVerb() *cobra.Command {
	var f routeFlags
	var out auditOut
	c := &cobra.Command{
		Use:   "audit --policy FILE [--gateway CONFIG] [--out DIR] LOG...",
		Short: "For each workload: provider, region, company and law, declared against observed",
		Example: `  iolaus route audit --policy route/sample/policy.yaml --gateway route/sample/gateway.yaml --out report route/sample/litellm.jsonl.gz
  iolaus route audit --policy example:nz --account metadata.user_api_key_team_id logs/
  iolaus route audit --policy policy.yaml --baseline report/report.json --fail-on high --as sarif logs/*.jsonl > route.sarif`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := f.options()
			if err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			out.inputs = append(append(out.inputs, f.gateway...), f.catalogue...)
			r, err := f.scan(c.Context(), c, o, args)
			if err != nil {
				return err
			}
			return out.write(c, r)
		},
	}
	f.register(c)
	out.register(c)
	return c
}

func routeExposureVerb() *cobra.Command {
	var f routeFlags
	var without string
	c := &cobra.Command{
		Use:   "exposure --policy FILE [--gateway CONFIG] [--without NAME] LOG...",
		Short: "Which workloads stop if a provider, region or jurisdiction is cut off",
		Example: `  iolaus route exposure --policy policy.yaml --gateway config.yaml logs/
  iolaus route exposure --policy policy.yaml --without Anthropic logs/
  iolaus route exposure --policy policy.yaml --without "United States" logs/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := f.options()
			if err != nil {
				return err
			}
			r, err := f.scan(c.Context(), c, o, args)
			if err != nil {
				return err
			}
			return report.Exposure(c.OutOrStdout(), r, without)
		},
	}
	f.register(c)
	c.Flags().StringVar(&without, "without", "", "what if this provider, company, region, country, jurisdiction or endpoint is gone")
	return c
}
