package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"iolaus/route"
)

var updateRoute = flag.Bool("update-route", false, "write the route audit's goldens anew")

// verb runs one verb from the root of the repository and returns what it printed
// and its exit code.
func verb(t testing.TB, c *cobra.Command, args ...string) (out, problems string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetOut(&stdout)
	c.SetErr(&stderr)
	c.SetArgs(args)
	err := c.ExecuteContext(t.Context())
	if err != nil {
		code = exitUsage
		var e exitCode
		if errors.As(err, &e) {
			code = e.code
		}
		fmt.Fprintln(&stderr, err)
	}
	return stdout.String(), stderr.String(), code
}

// audit runs the audit of the sample in one form.
func audit(t testing.TB, form string, more ...string) *route.Report {
	t.Helper()
	args := append([]string{"audit", "--as", "json", "--as-of", "2026-11-24", "--policy", "route/sample/policy.yaml"}, more...)
	out, problems, code := verb(t, newRoute(), append(args, "route/sample/"+form+".jsonl.gz")...)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, problems)
	}
	r := &route.Report{}
	if err := json.Unmarshal([]byte(out), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// planted are the faults of the sample: rule and workload.
var planted = []string{
	"cross-region clinical-coding",
	"evidence-expired complaints-summary",
	"fail-over-abroad billing-assistant",
	"retention-long board-papers",
	"swapped-model legal-opinions",
	"training-on grant-writer",
	"undeclared-reseller marketing-drafts",
	"unknown-endpoint prototype-lab",
}

// TestRoutePlanted: in each form of the same log all faults that the form can
// show are found, none is invented, and each has its evidence line.
func TestRoutePlanted(t *testing.T) {
	t.Chdir("../..")
	for _, f := range []struct {
		form string
		want []string
	}{
		{"litellm", planted},
		{"otlp", planted},
		{"bedrock", []string{ // Amazon's own service only, and no trace that joins the attempts
			"cross-region clinical-coding",
			"evidence-expired complaints-summary",
			"region-outside billing-assistant",
		}},
	} {
		r := audit(t, f.form)
		var got []string
		var text strings.Builder
		for _, fd := range r.Findings {
			fmt.Fprintf(&text, "%s %s %s\n  %s\n", fd.Severity, fd.Rule, fd.Workload, fd.Message)
			for _, l := range fd.Evidence {
				fmt.Fprintf(&text, "  - %s\n", l)
			}
			if fd.Severity != "low" {
				got = append(got, fd.Rule+" "+fd.Workload)
			}
			if len(fd.Evidence) == 0 || fd.Evidence[0].In != "log" {
				t.Errorf("%s: %s %s has no line of the log as evidence", f.form, fd.Rule, fd.Workload)
			}
		}
		sort.Strings(got)
		if strings.Join(got, "\n") != strings.Join(f.want, "\n") {
			t.Errorf("%s\n got: %s\nwant: %s", f.form, strings.Join(got, ", "), strings.Join(f.want, ", "))
		}
		routeGolden(t, "route/testdata/"+f.form+".golden", text.String())
	}
}

func routeGolden(t *testing.T, name, got string) {
	t.Helper()
	if *updateRoute {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || got != string(want) {
		t.Errorf("%s (%v); go test ./cmd/iolaus -run Route -update-route writes it\n got:\n%s", name, err, got)
	}
}

// TestRouteGateway: with the gateway's configuration, what could happen is told
// apart from what did.
func TestRouteGateway(t *testing.T) {
	t.Chdir("../..")
	r := audit(t, "litellm", "--gateway", "route/sample/gateway.yaml")
	var got []string
	for _, fd := range r.Findings {
		if fd.Severity == "medium" {
			got = append(got, fd.Rule+" "+fd.Workload+" "+fd.Subject)
		}
	}
	sort.Strings(got)
	want := "log-store (all) langfuse\npossible-fallback claims-triage claims-llm -> bedrock us-east-1\n" +
		"possible-route meeting-minutes minutes-llm -> bedrock ap-southeast-6\nwildcard-route (all) openrouter/*"
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
}

// TestRouteExitCodes: CI branches on them.
func TestRouteExitCodes(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	base := []string{"audit", "--as-of", "2026-11-24", "--policy", "route/sample/policy.yaml", "route/sample/litellm.jsonl.gz"}
	run := func(want int, more ...string) string {
		t.Helper()
		_, problems, code := verb(t, newRoute(), append(append([]string(nil), base...), more...)...)
		if code != want {
			t.Errorf("%v: exit %d, want %d: %s", more, code, want, problems)
		}
		return problems
	}
	run(0)
	run(exitFound, "--fail-on", "high")
	run(0, "--out", dir)
	run(0, "--fail-on", "low", "--baseline", filepath.Join(dir, "report.json"))
	run(exitUsage, "--fail-on", "grave")
	run(exitUsage, "--baseline", "route/sample/policy.yaml")
	run(exitUsage, "--as-of", "2026-02-30")
	run(exitUsage, "--as-of", "2026-01-01") // the catalogue's sources are then in the future
	if p := run(exitUsage, "--gateway", "route/sample/policy.yaml"); !strings.Contains(p, "policy.yaml:3") {
		t.Errorf("the mistake names no line: %s", p)
	}
}

// TestRouteBundle: what --out seals verifies, by the right key only, and not
// after a change.
func TestRouteBundle(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	if _, p, code := verb(t, newRoute(), "key", key); code != 0 {
		t.Fatal(p)
	}
	if _, _, code := verb(t, newRoute(), "key", key); code == 0 {
		t.Error("a key was overwritten")
	}
	if _, p, code := verb(t, newRoute(), "audit", "--as-of", "2026-11-24", "--policy", "route/sample/policy.yaml", "--gateway", "route/sample/gateway.yaml", "--out", dir, "--sign", key, "route/sample/litellm.jsonl.gz"); code != 0 {
		t.Fatal(p)
	}
	name := filepath.Join(dir, "evidence.zip")
	out, p, code := verb(t, newVerify(), name, "--key", key+".pub")
	if code != 0 || !strings.Contains(out, "by the given key") || !strings.Contains(out, "report.html") || !strings.Contains(out, "inputs/1-gateway.yaml") {
		t.Fatalf("exit %d: %s%s", code, out, p)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(name, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, code := verb(t, newVerify(), name); code != exitFound {
		t.Errorf("a changed bundle: exit %d", code)
	}
}

// TestRouteExposure: what stops, what remains, and what would breach.
func TestRouteExposure(t *testing.T) {
	t.Chdir("../..")
	args := []string{"exposure", "--as-of", "2026-11-24", "--policy", "route/sample/policy.yaml", "--gateway", "route/sample/gateway.yaml", "route/sample/litellm.jsonl.gz"}
	out, p, code := verb(t, newRoute(), args...)
	if code != 0 {
		t.Fatal(p)
	}
	for _, name := range []string{"OpenRouter", "ap-southeast-2", "United States"} {
		more, p, code := verb(t, newRoute(), append(args, "--without", name)...)
		if code != 0 {
			t.Fatal(p)
		}
		out += "\n==== without " + name + "\n" + more
	}
	routeGolden(t, "route/testdata/exposure.golden", out)
	if _, p, code := verb(t, newRoute(), append(args, "--without", "Atlantis")...); code != exitUsage || !strings.Contains(p, "Atlantis") {
		t.Errorf("exit %d: %s", code, p)
	}
}

// TestRouteUnknown: a log that says nothing of endpoints is audited and what
// cannot be known from it is said; nothing is called outside.
func TestRouteUnknown(t *testing.T) {
	t.Chdir("../..")
	const world = "../shared/worlds/naive/exchanges.jsonl.gz"
	if _, err := os.Stat(world); err != nil {
		t.Skip("the labelled worlds are not beside the repository")
	}
	out, p, code := verb(t, newRoute(), "audit", "--as", "json", "--as-of", "2026-11-24", "--policy", "example:nz", world)
	if code != 0 {
		t.Fatal(p)
	}
	var r route.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, fd := range r.Findings {
		said[fd.Rule+" "+fd.Subject] = true
	}
	if !said["not-visible endpoint"] || r.Totals.Outside != 0 || r.Totals.MayLeave != r.Totals.Exchanges || r.Totals.Exchanges == 0 {
		t.Errorf("said %v, totals %+v", said, r.Totals)
	}
}
