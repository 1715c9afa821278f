package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// things counts in words: 1 endpoint, 12 endpoints, no endpoint.
func things(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing
	case 1:
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

func money(usd float64) string {
	if usd != 0 && usd < 1 {
		return fmt.Sprintf("%.4f", usd)
	}
	whole := thousands(int(usd))
	return whole + strings.TrimPrefix(fmt.Sprintf("%.2f", usd-float64(int(usd))), "0")
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02")
}

func minute(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%s (%s)", thousands(part), share(float64(part)/float64(whole)))
}

// share writes 0.5 as 50 %, and never 0 % for something.
func share(s float64) string {
	switch {
	case s == 0:
		return "0 %"
	case s < 0.001:
		return "< 0.1 %"
	case s < 0.1:
		return fmt.Sprintf("%.1f %%", 100*s)
	}
	return fmt.Sprintf("%.0f %%", 100*s)
}

// cut shortens to n letters, with an ellipsis where something is gone.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

func or(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// wrap breaks a text at spaces into lines of at most n letters, where it can.
func wrap(s string, n int) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(s) {
		w := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+w > n:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += w
	}
	return b.String()
}

func indent(s, by string) string { return strings.ReplaceAll(s, "\n", "\n"+by) }
