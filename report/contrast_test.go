package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast holds every colour of text, in every theme, to WCAG 2.2 AA: 4.5 to 1
// against paper and card.
func TestContrast(t *testing.T) {
	themes := regexp.MustCompile(`:root[^{}]*\{(--paper[^}]*)\}`).FindAllStringSubmatch(pageCSS, -1)
	if len(themes) != 4 {
		t.Fatalf("%d themes, want light, dark twice, and print", len(themes))
	}
	for i, m := range themes {
		colour := map[string]float64{}
		for _, rule := range strings.Split(m[1], ";") {
			if name, value, ok := strings.Cut(rule, ":"); ok && strings.HasPrefix(value, "#") {
				colour[name] = luminance(t, value)
			}
		}
		for _, text := range []string{"--ink", "--soft", "--accent", "--ban", "--against", "--event", "--still", "--good"} {
			for _, ground := range []string{"--paper", "--card"} {
				a, b := colour[text], colour[ground]
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
					t.Errorf("theme %d: %s on %s has %.1f to 1", i, text, ground, ratio)
				}
			}
		}
	}
}

// luminance of #rgb or #rrggbb, as WCAG defines it.
func luminance(t *testing.T, hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
