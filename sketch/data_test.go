package sketch

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// realTexts returns the first n texts of a role in each prompt file in the data
// folder beside the repository, or skips the test.
func realTexts(tb testing.TB, role string, n int) []string {
	tb.Helper()
	out := findTexts(tb, role, n)
	if len(out) == 0 {
		tb.Skip("no real texts: ../shared/data is not beside the repository")
	}
	return out
}

func findTexts(tb testing.TB, role string, n int) (out []string) {
	tb.Helper()
	files, _ := filepath.Glob("../../shared/data/*/*.jsonl.gz")
	for _, name := range files {
		if kind := filepath.Base(filepath.Dir(name)); kind == "attack" || kind == "benign" || kind == "lookalike" {
			out = append(out, turns(tb, name, role, n)...)
		}
	}
	return out
}

func turns(tb testing.TB, name, role string, n int) (out []string) {
	file, err := os.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 64<<20)
	for len(out) < n && lines.Scan() {
		var record struct {
			Messages []struct{ Role, Content string }
		}
		if json.Unmarshal(lines.Bytes(), &record) != nil {
			continue
		}
		for _, m := range record.Messages {
			if m.Role == role && m.Content != "" && len(out) < n {
				out = append(out, m.Content)
			}
		}
	}
	return out
}
