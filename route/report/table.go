// Package report writes what a route audit found: as a table for the terminal,
// as CSV, JSON and SARIF for programs, as a page and a PDF for people.
//
// It promises that every form says the same, that the page asks nothing of any
// network, and that the same report gives the same bytes. It judges nothing.
package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"iolaus/route"
)

// tableMost is how many workloads and findings a table shows; the files have all.
const tableMost = 40

// Table writes the report for a terminal.
func Table(w io.Writer, r *route.Report) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s (%s), as of %s\n", r.Policy.Name, r.Policy.Law, r.AsOf.Format("2006-01-02"))
	fmt.Fprintf(b, "%s of %s over %s, %s to %s, US$ %s\n", things(r.Totals.Exchanges, "exchange"), things(r.Totals.Workloads, "workload"),
		things(r.Totals.Endpoints, "endpoint"), day(r.Totals.First), day(r.Totals.Last), money(r.Totals.Cost))
	fmt.Fprintf(b, "outside the allowed regions: %s; may have left or not known: %s\n",
		percent(r.Totals.Outside, r.Totals.Exchanges), percent(r.Totals.MayLeave, r.Totals.Exchanges))
	for _, m := range r.Unknown {
		fmt.Fprintf(b, "cannot be known from %s of the lines, which carry no %s: %s\n", share(m.Share), m.Field, m.Hides)
	}
	if len(r.Rejected) > 0 {
		fmt.Fprintf(b, "lines that could not be read: %s\n", rejected(r))
	}
	fmt.Fprintln(b)
	tableFlows(b, r)
	tableFindings(b, r)
	fmt.Fprintf(b, "\n%s\n", wrap(r.Notice, 100))
	_, err := io.WriteString(w, b.String())
	return err
}

// rejected counts the lines that were not read, by reason.
func rejected(r *route.Report) string {
	var out []string
	for _, reason := range slices.Sorted(maps.Keys(r.Rejected)) {
		out = append(out, fmt.Sprintf("%s %s", thousands(r.Rejected[reason]), reason))
	}
	return strings.Join(out, ", ")
}

func tableFlows(b *strings.Builder, r *route.Report) {
	t := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "WORKLOAD\tCLASS\tPROVIDER\tREGION\tMAY RUN IN\tCOMPANY, PARENT'S LAW\tMODEL\tEXCHANGES\tVERDICT")
	rows := 0
	for _, w := range r.Workloads {
		name, class := w.Name, w.Class
		for _, f := range w.Flows {
			if rows == tableMost {
				continue
			}
			rows++
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", cut(name, 28), class, cut(f.Provider+host(f), 34), region(f), cut(f.Runs, 22),
				cut(law(f), 34), cut(or(f.Served, f.Asked), 30), f.Count, f.Verdict)
			name, class = "", ""
		}
	}
	t.Flush()
	if all := flows(r); all > rows {
		fmt.Fprintf(b, "... and %d more ways of %d workloads; the files of --out have all\n", all-rows, len(r.Workloads))
	}
}

func flows(r *route.Report) int {
	n := 0
	for _, w := range r.Workloads {
		n += len(w.Flows)
	}
	return n
}

func host(f route.FlowSeen) string {
	if f.Provider == "unknown" && f.Host != "" {
		return " " + f.Host
	}
	return ""
}

func region(f route.FlowSeen) string {
	switch {
	case f.Region != "" && f.Country != "":
		return f.Region + " (" + f.Country + ")"
	case f.Country != "":
		return "(" + f.Country + ")"
	case f.Region != "":
		return f.Region
	case f.Kind == "self-hosted":
		return "own network"
	}
	return "not visible"
}

func law(f route.FlowSeen) string {
	who := or(f.Parent, f.Entity)
	if who == "" {
		return "unknown"
	}
	if len(f.Homes) > 0 {
		who += ", " + strings.Join(f.Homes, "+")
	}
	return who
}

func tableFindings(b *strings.Builder, r *route.Report) {
	count := Count(r)
	fmt.Fprintf(b, "\n%d findings: %d high, %d medium, %d low%s\n", len(r.Findings), count["high"], count["medium"], count["low"], known(count))
	for i, f := range r.Findings {
		if i == tableMost {
			fmt.Fprintf(b, "... and %d more; the files of --out have all\n", len(r.Findings)-i)
			break
		}
		mark := ""
		if f.Known {
			mark = " (in the baseline)"
		}
		fmt.Fprintf(b, "\n%-6s %s  %s%s\n", strings.ToUpper(f.Severity), f.Rule, f.Workload, mark)
		fmt.Fprintf(b, "       %s\n", indent(wrap(f.Message+seenText(f), 92), "       "))
		if f.Article != "" {
			fmt.Fprintf(b, "       law: %s\n", indent(wrap(f.Article, 87), "            "))
		}
		for _, l := range f.Evidence {
			fmt.Fprintf(b, "       - %s\n", indent(wrap(l.String(), 90), "         "))
		}
		fmt.Fprintf(b, "       do: %s\n", indent(wrap(f.Remedy, 88), "           "))
	}
}

func known(count map[string]int) string {
	if count["known"] == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d of them in the baseline)", count["known"])
}

func seenText(f route.Finding) string {
	if f.Count == 0 {
		return ""
	}
	text := fmt.Sprintf(" (%s exchanges", thousands(f.Count))
	switch {
	case f.Senders > 0:
		text += fmt.Sprintf(" of %s", things(f.Senders, "sender"))
	case f.Share > 0 && f.Workload != "" && f.Workload[0] != '(':
		text += fmt.Sprintf(", %s of the workload", share(f.Share))
	case f.Share > 0:
		text += ", " + share(f.Share)
	}
	return text + ")"
}

// Count counts findings by severity; "new" and "known" are against a baseline.
func Count(r *route.Report) map[string]int {
	n := map[string]int{"high": 0, "medium": 0, "low": 0, "new": 0, "known": 0}
	for _, f := range r.Findings {
		n[f.Severity]++
		if f.Known {
			n["known"]++
		} else {
			n["new"]++
			n["new "+f.Severity]++
		}
	}
	return n
}
