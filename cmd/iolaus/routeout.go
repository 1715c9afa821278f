package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"iolaus/route"
	"iolaus/route/bundle"
	"iolaus/route/report"
)

// auditOut is where an audit goes and when it fails.
type auditOut struct {
	dir      string
	baseline string
	failOn   string
	sign     string
	as       string
	inputs   []string // files that the audit was told to read, besides the policy and the logs
}

func (o *auditOut) register(c *cobra.Command) {
	c.Flags().StringVar(&o.dir, "out", "", "folder for the page, the PDF, JSON, SARIF, CSV and the signed evidence bundle")
	c.Flags().StringVar(&o.baseline, "baseline", "", "report.json of an earlier audit: only what is new counts")
	c.Flags().StringVar(&o.failOn, "fail-on", "", "exit with 1 when there is a finding of this severity or above: high, medium or low")
	c.Flags().StringVar(&o.sign, "sign", "", "signing key for the bundle, made by iolaus route key; empty is a key for this once")
	c.Flags().StringVar(&o.as, "as", "table", "what to print: table, json, sarif or csv")
}

func (o *auditOut) check() error {
	if err := flagOneOf("--fail-on", o.failOn, "", "high", "medium", "low"); err != nil {
		return err
	}
	return flagOneOf("--as", o.as, "table", "json", "sarif", "csv")
}

func flagOneOf(flag, is string, words ...string) error {
	for _, w := range words {
		if is == w {
			return nil
		}
	}
	return fmt.Errorf("cannot use %s %q: write one of %s", flag, is, strings.Trim(strings.Join(words, ", "), ", "))
}

// write prints the report, fills the folder and chooses the exit code.
func (o *auditOut) write(c *cobra.Command, r *route.Report) error {
	if o.baseline != "" {
		f, err := os.Open(o.baseline)
		if err != nil {
			return fmt.Errorf("cannot open the baseline: %w", err)
		}
		defer f.Close()
		earlier, err := report.ReadJSON(f)
		if err != nil {
			return err
		}
		report.Mark(r, earlier)
	}
	if o.dir != "" {
		for i := range r.Inputs {
			r.Inputs[i].SHA256, _ = hashFile(r.Inputs[i].Name)
		}
		if err := o.folder(c, r); err != nil {
			return exitCode{exitBroken, err}
		}
	}
	if err := o.print(c.OutOrStdout(), r); err != nil {
		return exitCode{exitBroken, err}
	}
	if bad := failing(r, o.failOn); bad > 0 {
		return exitCode{exitFound, fmt.Errorf("%d findings are new and %s or graver", bad, o.failOn)}
	}
	return nil
}

func (o *auditOut) print(w io.Writer, r *route.Report) error {
	switch o.as {
	case "json":
		return report.JSON(w, r)
	case "sarif":
		return report.SARIF(w, r, toolVersion())
	case "csv":
		return report.FindingsCSV(w, r)
	}
	return report.Table(w, r)
}

// failing counts the new findings at or above a severity.
func failing(r *route.Report, at string) int {
	n := report.Count(r)
	switch at {
	case "high":
		return n["new high"]
	case "medium":
		return n["new high"] + n["new medium"]
	case "low":
		return n["new"]
	}
	return 0
}

// folder writes every form of the report, then seals them into the bundle.
func (o *auditOut) folder(c *cobra.Command, r *route.Report) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder: %w", err)
	}
	var members []bundle.Member
	for _, form := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.html", func(w io.Writer) error { return report.HTML(w, r) }},
		{"report.pdf", func(w io.Writer) error { return report.PDF(w, r) }},
		{"report.json", func(w io.Writer) error { return report.JSON(w, r) }},
		{"findings.sarif", func(w io.Writer) error { return report.SARIF(w, r, toolVersion()) }},
		{"findings.csv", func(w io.Writer) error { return report.FindingsCSV(w, r) }},
		{"flows.csv", func(w io.Writer) error { return report.FlowsCSV(w, r) }},
	} {
		var b bytes.Buffer
		if err := form.write(&b); err != nil {
			return fmt.Errorf("cannot write %s: %w", form.name, err)
		}
		if err := os.WriteFile(filepath.Join(o.dir, form.name), b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
		members = append(members, bundle.Member{Name: form.name, Data: b.Bytes()})
	}
	if raw, err := readPolicy(r.Policy.File); err == nil {
		members = append(members, bundle.Member{Name: "policy.yaml", Data: raw})
	}
	for i, name := range o.inputs {
		raw, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("cannot read %s again for the bundle: %w", name, err)
		}
		members = append(members, bundle.Member{Name: fmt.Sprintf("inputs/%d-%s", i+1, filepath.Base(name)), Data: raw})
	}
	return o.seal(c, r, members)
}

// seal writes the signed bundle.
func (o *auditOut) seal(c *cobra.Command, r *route.Report, members []bundle.Member) error {
	key, once, err := o.key()
	if err != nil {
		return err
	}
	sealed, err := bundle.Seal(key, r.AsOf, r.Notice, members)
	if err != nil {
		return err
	}
	name := filepath.Join(o.dir, "evidence.zip")
	if err := os.WriteFile(name, sealed, 0o644); err != nil {
		return fmt.Errorf("cannot write the bundle: %w", err)
	}
	fmt.Fprintf(c.ErrOrStderr(), "%s is signed%s; fingerprint %s\n", name, once, bundle.Fingerprint(key.Public().(ed25519.PublicKey)))
	return nil
}

func (o *auditOut) key() (ed25519.PrivateKey, string, error) {
	if o.sign == "" {
		key, err := bundle.NewKey(rand.Reader)
		return key, " with a key for this once", err
	}
	raw, err := os.ReadFile(o.sign)
	if err != nil {
		return nil, "", fmt.Errorf("cannot open the signing key: %w; make one with iolaus route key %s", err, o.sign)
	}
	key, err := bundle.ReadKey(raw)
	return key, "", err
}

// hashFile returns the SHA-256 of a file, "" when it cannot be read.
func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// toolVersion is the version that the binary was built from, for SARIF.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
}
