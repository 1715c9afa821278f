package source

import (
	"strings"
	"testing"
	"time"
)

// TestHostile: lines that are made to cost more than their bytes do not: eight
// times as many parts take about eight times as long, and not sixty-four.
func TestHostile(t *testing.T) {
	bodies := func(n int) map[string]string {
		parts := strings.Repeat(`{"type":"text","text":"x"},`, n)
		both := strings.Repeat(`{"type":"text","text":"x"},{"type":"tool_result","content":"y"},`, n)
		pieces := strings.Repeat(`{"type":"content_block_delta","delta":{"partial_json":"x"}},`, n)
		return map[string]string{
			"parts":   `"request":{"messages":[{"role":"user","content":[` + parts + `""]}]}`,
			"both":    `"request":{"messages":[{"role":"user","content":[` + both + `""]}]}`,
			"systems": `"request":{"messages":[` + strings.Repeat(`{"role":"system","content":["x","y"]},`, n) + `{}]}`,
			"pieces":  `"response":[{"content_block":{"type":"tool_use","name":"f"}},` + pieces + `{}]`,
			"output":  `"response":{"content":[` + parts + `{}]}`,
		}
	}
	read := func(name, body string) time.Duration {
		line := `{"time":"2026-08-03T00:00:49Z","account":"a",` + body + "}\n"
		begun := time.Now()
		_, rejects, stats := scanAll(t, Options{Format: "pair"}, memory("f", []byte(line)))
		if stats.Exchanges != 1 || len(rejects) > 0 {
			t.Errorf("%s: %+v, %v", name, stats, rejects)
		}
		return time.Since(begun)
	}
	few, many := bodies(60000/8), bodies(60000)
	for name := range many {
		short, long := read(name, few[name]), read(name, many[name])
		if long > 10*time.Second && long > 32*short {
			t.Errorf("%s: %v, and %v for an eighth of it", name, long, short)
		}
	}
}
