package eval

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the board as tables for people. It names no times, so that
// equal boards give equal bytes.
func (b *Board) WriteMarkdown(w io.Writer) error {
	var s strings.Builder
	b.head(&s)
	b.recallTable(&s)
	for i := range b.Worlds {
		b.worldTable(&s, &b.Worlds[i])
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func (b *Board) head(s *strings.Builder) {
	fmt.Fprintf(s, "## Suite %s\n\n", b.Suite)
	if len(b.Tune) > 0 {
		fmt.Fprintf(s, "Settings chosen on the even seeds %s, every figure from the odd seeds %s.\n", list(b.Tune), list(b.Seeds))
	} else {
		s.WriteString("There is one seed of each world, so the baselines' settings were chosen in hindsight: the highest recall at zero innocents flagged that any setting reaches on the world itself.\n")
	}
	s.WriteString("\n| contender | setting | |\n|---|---|---|\n")
	for _, c := range b.Contenders {
		fmt.Fprintf(s, "| %s | %s | %s |\n", c.Name, c.Setting, c.About)
	}
	s.WriteString("\n")
}

// recallTable compares all contenders on all worlds in one table.
func (b *Board) recallTable(s *strings.Builder) {
	s.WriteString("Recall of the operators' accounts; in brackets the innocent accounts flagged. Below it, after ≤, the highest recall at zero innocents that any setting reaches in hindsight.\n\n| world |")
	rule := "|---|"
	for _, c := range b.Contenders {
		fmt.Fprintf(s, " %s |", c.Name)
		rule += "---|"
	}
	fmt.Fprintf(s, "\n%s\n", rule)
	for _, w := range b.Worlds {
		fmt.Fprintf(s, "| %s |", w.Name)
		for _, c := range b.Contenders {
			f := b.of(w.Name, c.Name)
			if f.Operators == 0 {
				fmt.Fprintf(s, " – (%d) |", f.BenignFlagged)
				continue
			}
			fmt.Fprintf(s, " %.3f (%d)", f.Recall, f.BenignFlagged)
			if f.Hindsight > 0 && f.Hindsight != f.Recall {
				fmt.Fprintf(s, "<br>≤ %.3f", f.Hindsight)
			}
			s.WriteString(" |")
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
}

// worldTable gives all figures of one world.
func (b *Board) worldTable(s *strings.Builder, w *Scene) {
	fmt.Fprintf(s, "### %s\n\n", w.Name)
	if w.About != "" {
		fmt.Fprintf(s, "%s.\n\n", upper(w.About))
	}
	s.WriteString("| | recall | precision | operators found | purity | innocents flagged | FPR, 95 % interval | exchanges lost, median / p90 | hours to detect | exchanges per head | per successor | adjusted Rand | merged | split |\n")
	s.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range b.Contenders {
		f := b.of(w.Name, c.Name)
		fmt.Fprintf(s, "| %s | %.3f | %.3f | %s | %s | %d of %d | %.2g – %.2g | %s | %s | %s | %s | %s | %d | %d |\n", c.Name, f.Recall, f.Precision,
			only(c.Groups, "%d of %d", f.Found, f.Operators), only(c.Groups && f.Found > 0, "%.3f", f.Purity), f.BenignFlagged, f.Benign, f.FPRLow, f.FPRHigh,
			only(f.Operators > 0, "%s / %s", percent(f.Lost.Median), percent(f.Lost.P90)), only(c.Groups, "%s", hours(f.Hours)),
			only(f.PerHead.N > 0, "%.0f / %.0f", f.PerHead.Median, f.PerHead.P90), only(f.Heads > 0, "%.0f / %.0f", f.Succeed.Median, f.Succeed.P90),
			only(c.Groups && f.Found > 0, "%.3f", f.AdjustedRand), f.Merges, f.Splits)
	}
	s.WriteString("\n")
}

func only(when bool, format string, a ...any) string {
	if !when {
		return "–"
	}
	return fmt.Sprintf(format, a...)
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

func hours(s Spread) string {
	if s.N == 0 || s.Median < 0 {
		return "never"
	}
	if s.P90 < 0 {
		return fmt.Sprintf("%.1f / never", s.Median)
	}
	return fmt.Sprintf("%.1f / %.1f", s.Median, s.P90)
}

func list(seeds []uint64) string {
	s := make([]string, len(seeds))
	for i, n := range seeds {
		s[i] = fmt.Sprint(n)
	}
	return strings.Join(s, ", ")
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
