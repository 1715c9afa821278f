package eval

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"iolaus/exchange"
)

// WriteMarkdown writes the board as tables for people. It names no times, so that
// equal boards give equal bytes.
func (b *Board) WriteMarkdown(w io.Writer) error {
	var s strings.Builder
	b.head(&s)
	b.recallTable(&s)
	b.floorTable(&s)
	b.ablationTable(&s)
	b.studyTable(&s)
	b.budgetTable(&s)
	b.groupTables(&s)
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
	shown := b.shown(false)
	for _, c := range shown {
		fmt.Fprintf(s, " %s |", c.Name)
		rule += "---|"
	}
	fmt.Fprintf(s, "\n%s\n", rule)
	for _, w := range b.Worlds {
		fmt.Fprintf(s, "| %s |", w.Name)
		for _, c := range shown {
			f := b.of(w.Name, c.Name)
			if f.Operators == 0 {
				fmt.Fprintf(s, " – (%d) |", f.BenignFlagged)
				continue
			}
			fmt.Fprintf(s, " %.3f (%d)", f.Recall, f.BenignFlagged)
			if h := f.hindsight(); h > 0 && h != f.Recall {
				fmt.Fprintf(s, "<br>≤ %.3f", h)
			}
			s.WriteString(" |")
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
	b.ahead(s)
}

// ahead says on which worlds another contender finds more without harming anybody.
func (b *Board) ahead(s *strings.Builder) {
	shown := b.shown(false)
	if len(shown) < 2 {
		return
	}
	var out, harmed []string
	for _, w := range b.hunted() {
		ours := b.of(w, shown[0].Name)
		if ours.BenignFlagged > 0 {
			harmed = append(harmed, w)
		}
		for _, c := range shown[1:] {
			f := b.of(w, c.Name)
			switch {
			case f.Recall > ours.Recall && f.BenignFlagged == 0:
				out = append(out, fmt.Sprintf("%s on %s, %.3f against %.3f", c.Name, w, f.Recall, ours.Recall))
			case f.hindsight() > ours.Recall:
				out = append(out, fmt.Sprintf("%s on %s in hindsight, %.3f against %.3f", c.Name, w, f.hindsight(), ours.Recall))
			}
		}
	}
	if len(harmed) > 0 {
		fmt.Fprintf(s, "%s itself flags innocents on %s; its recall there is not one at zero.\n\n", shown[0].Name, strings.Join(harmed, ", "))
	}
	if len(out) == 0 {
		fmt.Fprintf(s, "At zero innocents flagged, no other contender has a higher recall than %s on any world, not even in hindsight.\n\n", shown[0].Name)
		return
	}
	fmt.Fprintf(s, "At zero innocents flagged, others are ahead of %s: %s.\n\n", shown[0].Name, strings.Join(out, "; "))
}

// shown lists the contenders that are, or are not, ablations.
func (b *Board) shown(ablations bool) []Entrant {
	var out []Entrant
	for _, c := range b.Contenders {
		if c.Ablation == ablations {
			out = append(out, c)
		}
	}
	return out
}

// floorTable sets the exchanges lost beside how few they could be.
func (b *Board) floorTable(s *strings.Builder) {
	if !slices.ContainsFunc(b.Worlds, func(w Scene) bool { return w.Floor != nil && w.Floor.One.N > 0 }) {
		return
	}
	ours := b.Contenders[0].Name
	fmt.Fprintf(s, "### Exchanges lost, and the least they could be\n\nMedian / 90th percentile over operators and seeds. At least: with every label known, no evidence about a set needed and no error controlled, a head is recognised from its first trace on that another head left too and at most half as many innocent owners as heads ever leave; or from the first two such traces of independent causes on. Traces are those that the ledger holds: what one owner alone leaves, as a household its card, is none.\n\n")
	fmt.Fprintf(s, "| world | %s | at least: one trace | at least: two causes |\n|---|---|---|---|\n", ours)
	for i := range b.Worlds {
		w := &b.Worlds[i]
		f := b.of(w.Name, ours)
		if f.Operators == 0 {
			continue
		}
		one, two := "–", "–"
		if w.Floor != nil {
			one, two = share(w.Floor.One), share(w.Floor.Two)
		}
		fmt.Fprintf(s, "| %s | %s | %s | %s |\n", w.Name, share(f.Lost), one, two)
	}
	s.WriteString("\n")
}

// ablationTable says what each family of signals is worth.
func (b *Board) ablationTable(s *strings.Builder) {
	without := b.shown(true)
	if len(without) == 0 {
		return
	}
	all := append([]Entrant{b.Contenders[0]}, without...)
	s.WriteString("### One family of signals dropped at a time\n\nRecall; in brackets the innocent accounts flagged; then the median share of exchanges lost.\n\n| world |")
	rule := "|---|"
	for _, c := range all {
		fmt.Fprintf(s, " %s |", c.Name)
		rule += "---|"
	}
	fmt.Fprintf(s, "\n%s\n", rule)
	for _, w := range b.Worlds {
		fmt.Fprintf(s, "| %s |", w.Name)
		for _, c := range all {
			f := b.of(w.Name, c.Name)
			fmt.Fprintf(s, " %s (%d)%s |", only(f.Operators > 0, "%.3f", f.Recall), f.BenignFlagged, only(f.Operators > 0, ", %s", percent(f.Lost.Median)))
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
}

// studyTable sets ours between what trained detectors and what anybody could
// find.
func (b *Board) studyTable(s *strings.Builder) {
	if len(b.Studies) == 0 {
		return
	}
	ours := b.Contenders[0].Name
	fmt.Fprintf(s, "### The two hardest\n\n| world | %s | reference, trained on labels | ... threshold in hindsight | bound: leave a linking trace | ... that no innocent leaves | as many innocents by chance |\n|---|---|---|---|---|---|---|\n", ours)
	for i := range b.Studies {
		x := &b.Studies[i]
		fmt.Fprintf(s, "| %s | %.3f (%d) | %.3f (%d) | %.3f | %.3f | %.3f | %.3f |\n", x.World, b.of(x.World, ours).Recall, b.of(x.World, ours).BenignFlagged,
			x.Reference, x.ReferenceFlagged, x.Hindsight, x.Bound, x.Alone, x.Chance)
	}
	s.WriteString("\nThe bound by family of the trace:\n\n| world |")
	rule := "|---|"
	for f := range exchange.Family(exchange.Families) {
		fmt.Fprintf(s, " %s |", f)
		rule += "---|"
	}
	fmt.Fprintf(s, "\n%s\n", rule)
	for i := range b.Studies {
		fmt.Fprintf(s, "| %s |", b.Studies[i].World)
		for f := range exchange.Family(exchange.Families) {
			fmt.Fprintf(s, " %.3f |", b.Studies[i].Family[f.String()])
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
}

// budgetTable says what each could find if it were allowed to harm more people.
func (b *Board) budgetTable(s *strings.Builder) {
	s.WriteString("### What harming innocents would buy\n\nMean recall over the worlds with operators, of the best setting per world in hindsight, by the share of innocent accounts it may flag.\n\n| contender |")
	for _, x := range budgets {
		fmt.Fprintf(s, " ≤ %g %% |", 100*x)
	}
	s.WriteString("\n|---|---|---|---|---|\n")
	for _, c := range b.shown(false) {
		fmt.Fprintf(s, "| %s |", c.Name)
		for i := range budgets {
			fmt.Fprintf(s, " %.3f |", b.meanBudget(c.Name, i))
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
}

// meanBudget is a contender's mean recall within budget i over worlds that have
// operators.
func (b *Board) meanBudget(contender string, i int) float64 {
	sum, n := 0.0, 0
	for _, w := range b.Worlds {
		if f := b.of(w.Name, contender); f.Operators > 0 {
			sum += f.Budgets[i].Recall
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// groupTables says who among the innocent bears the errors of the first contender.
func (b *Board) groupTables(s *strings.Builder) {
	ours := b.Contenders[0].Name
	groups := b.Groups(ours)
	fmt.Fprintf(s, "### Whom %s flags among the innocent\n\nOver all worlds and seeds; groups without a flagged account are summed up.\n\n| by | group | flagged | of | rate | 95 %% interval |\n|---|---|---|---|---|---|\n", ours)
	flagged, benign := 0, 0
	for i := range b.Worlds {
		f := b.of(b.Worlds[i].Name, ours)
		flagged, benign = flagged+f.BenignFlagged, benign+f.Benign
	}
	low, high := exact(flagged, benign)
	fmt.Fprintf(s, "| all | | %d | %d | %.2g | %.2g – %.2g |\n", flagged, benign, ratio(flagged, benign), low, high)
	for i := 0; i < len(groups); {
		by := groups[i].By
		clean, of := 0, 0
		for ; i < len(groups) && groups[i].By == by; i++ {
			g := &groups[i]
			if g.Flagged == 0 {
				clean, of = clean+1, of+g.Benign
				continue
			}
			fmt.Fprintf(s, "| %s | %s | %d | %d | %.2g | %.2g – %.2g |\n", by, g.Name, g.Flagged, g.Benign, g.FPR, g.Low, g.High)
		}
		if clean > 0 {
			_, high := exact(0, of)
			fmt.Fprintf(s, "| %s | %d groups | 0 | %d | 0 | 0 – %.2g |\n", by, clean, of, high)
		}
	}
	s.WriteString("\n")
}

// worldTable gives all figures of one world.
func (b *Board) worldTable(s *strings.Builder, w *Scene) {
	fmt.Fprintf(s, "### %s\n\n", w.Name)
	if w.About != "" {
		fmt.Fprintf(s, "%s. ", upper(w.About))
	}
	fmt.Fprintf(s, "%d accounts, %d of them heads that worked, %d exchanges.\n\n", w.Accounts, w.Heads, w.Exchanges)
	s.WriteString("| | recall | precision | operators found | purity | innocents flagged | FPR, 95 % interval | exchanges lost, median / p90 | hours to detect | exchanges per head | per successor | adjusted Rand | merged | split |\n")
	s.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range b.Contenders {
		f := b.of(w.Name, c.Name)
		fmt.Fprintf(s, "| %s | %.3f | %.3f | %s | %s | %d of %d | %.2g – %.2g | %s | %s | %s | %s | %s | %d | %d |\n", c.Name, f.Recall, f.Precision,
			only(c.Groups, "%d of %d", f.Found, f.Operators), only(c.Groups && f.Found > 0, "%.3f", f.Purity), f.BenignFlagged, f.Benign, f.FPRLow, f.FPRHigh,
			only(f.Operators > 0, "%s", share(f.Lost)), only(c.Groups, "%s", hours(f.Hours)),
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

func share(s Spread) string { return percent(s.Median) + " / " + percent(s.P90) }

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
