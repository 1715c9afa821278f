package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

func comma[N int | uint64 | uint32](n N) string { return humanize.Comma(int64(n)) }

// counted is comma for the template, whose numbers are of several types.
func counted(n any) string { return strings.TrimSuffix(humanize.CommafWithDigits(asFloat(n), 0), ".") }

func asFloat(n any) float64 {
	switch n := n.(type) {
	case int:
		return float64(n)
	case uint64:
		return float64(n)
	}
	return math.NaN()
}

// day and minute write times; all are UTC, which the page says once.
func day(t time.Time) string    { return t.UTC().Format("2 Jan 2006") }
func minute(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04") }

func hourOf(t time.Time) string { return t.UTC().Format("2 Jan, 15:04") }

// percent writes a share so that neither nothing nor everything is claimed by rounding.
func percent(share float64) string {
	switch p := 100 * share; {
	case p <= 0:
		return "0 %"
	case p < 1:
		return "under 1 %"
	case p > 99 && p < 100:
		return "over 99 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

// odds puts log-odds into words a person can repeat: 2.3 nats are 10 to 1.
func odds(nats float64) string {
	if nats < 0 {
		if against := odds(-nats); against != "even" {
			return against + " against"
		}
		return "even"
	}
	steps := []struct {
		from float64
		say  string
	}{
		{math.Log(1e12), "over a trillion to 1"}, {math.Log(1e9), "over a billion to 1"}, {math.Log(1e8), "over 100 million to 1"}, {math.Log(1e7), "over 10 million to 1"}, {math.Log(1e6), "over a million to 1"},
	}
	for _, s := range steps {
		if nats >= s.from {
			return s.say
		}
	}
	x := math.Exp(nats)
	if x < 1.5 {
		return "even"
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	return fmt.Sprintf("about %s to 1", comma(int(math.Round(x/unit)*unit)))
}

// ordinal writes a place in a row, with commas.
func ordinal(n int) string { return comma(n) + strings.TrimLeft(humanize.Ordinal(n), "-0123456789") }

func plural[N int | uint64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return comma(n) + " " + many
}

// large writes a count in three figures.
func large(n uint64) string {
	switch x := float64(n); {
	case n < 100_000:
		return comma(n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f thousand", x/1e3)
	case n < 100_000_000:
		return fmt.Sprintf("%.1f million", x/1e6)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.0f million", x/1e6)
	default:
		return fmt.Sprintf("%.1f billion", x/1e9)
	}
}

// lasting writes a length of time.
func lasting(d time.Duration) string {
	switch h := d.Hours(); {
	case h < 1:
		return plural(max(1, int(math.Round(d.Minutes()))), "minute", "minutes")
	case h == 1:
		return "1 hour"
	case h < 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", h), ".0") + " hours"
	case h < 48:
		return fmt.Sprintf("%.0f hours", h)
	default:
		return fmt.Sprintf("%.0f days", h/24)
	}
}

// listed joins words as a sentence does.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// what each family looks at, in words.
func looksAt(family string) string {
	switch family {
	case "identity":
		return "cards, e-mail names, sign-ups"
	case "infrastructure":
		return "addresses and networks"
	case "client":
		return "programs, settings, tools"
	case "content":
		return "wording and what is asked"
	case "behaviour":
		return "who does what when"
	case "protocol":
		return "seals and ids out of place"
	}
	return ""
}

func shorten(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i] + "…"
		}
		runes--
	}
	return s
}
