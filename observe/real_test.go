package observe

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/source"
)

// shared is where real texts lie, beside the repository.
const shared = "../../shared"

// gzipLines calls fn with each line of a compressed file, up to a number of them.
func gzipLines(t testing.TB, path string, most int, fn func(line []byte)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	for n := 0; n < most && sc.Scan(); n++ {
		fn(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// realFiles are the compressed files of some folders of the shared data.
func realFiles(t testing.TB, folders ...string) []string {
	t.Helper()
	var files []string
	for _, folder := range folders {
		fs, _ := filepath.Glob(filepath.Join(shared, folder, "*.jsonl.gz"))
		files = append(files, fs...)
	}
	if len(files) == 0 {
		t.Skipf("no real texts in %s: nothing to measure", shared)
	}
	return files
}

// A measurement, not a test: what the rules say of real texts, by file and kind.
// Run with -v.
func TestCapabilityOfRealTexts(t *testing.T) {
	type record struct {
		Kind     string
		Messages []struct{ Role, Content string }
	}
	var o Observer
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-46s%-15s%7s", "per cent of requests", "kind", "n")
	for k := exchange.Other; k < exchange.Capabilities; k++ {
		fmt.Fprintf(&b, "  %-9.9s", k)
	}
	for _, file := range realFiles(t, "data/attack", "data/benign", "data/lookalike") {
		counts := map[string]*[exchange.Capabilities]int{}
		gzipLines(t, file, 3000, func(line []byte) {
			var r record
			if json.Unmarshal(line, &r) != nil || len(r.Messages) == 0 {
				return
			}
			var system, turn string
			for _, m := range r.Messages {
				switch {
				case m.Role == "system":
					system = m.Content
				case m.Role == "user" && turn == "":
					turn = m.Content
				}
			}
			if counts[r.Kind] == nil {
				counts[r.Kind] = &[exchange.Capabilities]int{}
			}
			counts[r.Kind][capabilityOf(&o, system, turn)]++
		})
		for kind, c := range counts {
			n := 0
			for _, k := range c {
				n += k
			}
			fmt.Fprintf(&b, "\n%-46s%-15s%7d", strings.TrimSuffix(filepath.Base(file), ".jsonl.gz"), kind, n)
			for _, k := range c {
				fmt.Fprintf(&b, "  %9.0f", 100*float64(k)/float64(n))
			}
		}
	}
	t.Log(b.String())
}

// MaxObservables is enough for real traffic: hardly an exchange fills a trace.
// Run with -v for the distribution.
func TestTracesAreLargeEnough(t *testing.T) {
	var in []source.Input
	for _, file := range realFiles(t, "worlds/*") {
		ins, err := source.Expand([]string{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, source.Head(ins[0], 30_000))
	}
	var left [exchange.MaxObservables + 1]int
	n, sum := 0, 0
	work := func() func(*exchange.Exchange, *exchange.Trace) {
		o := &Observer{}
		return o.Observe
	}
	_, err := source.Scan(context.Background(), in, source.Options{}, work, func(_ time.Time, tr *exchange.Trace) error {
		left[tr.Left]++
		n++
		sum += int(tr.Left)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for l, c := range left {
		if c > 0 {
			fmt.Fprintf(&b, "\n%2d observables: %6.2f %%", l, 100*float64(c)/float64(n))
		}
	}
	full := float64(left[exchange.MaxObservables]) / float64(max(1, n))
	t.Logf("%d exchanges leave %.1f each; %.3f %% fill a trace%s", n, float64(sum)/float64(max(1, n)), 100*full, b.String())
	if full > 0.01 {
		t.Errorf("%.1f %% of the exchanges fill a trace and may leave things out", 100*full)
	}
}
