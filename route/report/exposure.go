package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"iolaus/route"
	"iolaus/route/catalogue"
)

// Exposure writes what stops when something is cut off; without narrows it to
// one name. A name that nothing hangs on is an error that lists what there is.
func Exposure(w io.Writer, r *route.Report, without string) error {
	b := &strings.Builder{}
	if without != "" {
		cuts := r.Exposure.Without(without)
		if len(cuts) == 0 {
			var names []string
			for i, c := range r.Exposure.Cuts {
				if i == 12 {
					break
				}
				names = append(names, c.Name)
			}
			return fmt.Errorf("cannot look without %q: no traffic in this log hangs on it; the largest are %s", without, strings.Join(names, ", "))
		}
		for _, c := range cuts {
			oneCut(b, r, c)
		}
	} else {
		allCuts(b, r)
	}
	fmt.Fprintf(b, "\n%s\n", wrap(r.Notice, 100))
	_, err := io.WriteString(w, b.String())
	return err
}

func allCuts(b *strings.Builder, r *route.Report) {
	fmt.Fprintf(b, "If it is cut off tomorrow (%s exchanges, US$ %s in this log):\n\n", thousands(r.Totals.Exchanges), money(r.Totals.Cost))
	t := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "WITHOUT\tWHAT\tSHARE\tSPEND AT RISK\tSTOPS\tLOSES A PART\tFALL-BACKS IN BREACH")
	for i, c := range r.Exposure.Cuts {
		if i == tableMost {
			fmt.Fprintf(t, "... and %d more\n", len(r.Exposure.Cuts)-i)
			break
		}
		bad := 0
		for _, s := range c.Rescues {
			if s.Breach != "" {
				bad++
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\tUS$ %s\t%d\t%d\t%d\n", cut(cutName(c), 44), c.Kind, share(c.Share), money(c.Cost), len(c.Stops), len(c.Degrades), bad)
	}
	t.Flush()
	fmt.Fprintln(b, "\nConcentration (1 is all on one):")
	t = tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
	for _, c := range r.Exposure.Concentration {
		fmt.Fprintf(t, "  %s\t%.2f\t%d in use\tlargest %s\t%s\n", c.By, c.Index, c.Count, cut(name(c.By, c.Top), 40), share(c.Share))
	}
	t.Flush()
}

func oneCut(b *strings.Builder, r *route.Report, c route.Cut) {
	fmt.Fprintf(b, "Without %s (%s): %s of the exchanges, US$ %s at risk\n", cutName(c), c.Kind, share(c.Share), money(c.Cost))
	if len(c.Stops) > 0 {
		fmt.Fprintf(b, "  stops: %s\n", indent(wrap(some(c.Stops), 90), "         "))
	}
	for i, l := range c.Degrades {
		if i == tableMost {
			fmt.Fprintf(b, "  ... and %d more lose a part\n", len(c.Degrades)-i)
			break
		}
		fmt.Fprintf(b, "  loses %s of its traffic: %s\n", share(l.Share), l.Workload)
	}
	for i, s := range c.Rescues {
		if i == tableMost {
			fmt.Fprintf(b, "  ... and %d more fall-backs\n", len(c.Rescues)-i)
			break
		}
		verdict := "within policy"
		if s.Breach != "" {
			verdict = "would breach: " + s.Breach
		}
		fmt.Fprintf(b, "  remains for %s: %s - %s\n", s.Workload, s.To, verdict)
	}
}

// some lists the first names and counts the rest.
func some(names []string) string {
	if len(names) > tableMost {
		return strings.Join(names[:tableMost], ", ") + fmt.Sprintf(" and %d more", len(names)-tableMost)
	}
	return strings.Join(names, ", ")
}

func cutName(c route.Cut) string { return name(c.Kind, c.Name) }

// name spells out country codes.
func name(kind, s string) string {
	if kind == "country" || kind == "jurisdiction" {
		return catalogue.CountryName(s)
	}
	return s
}
