package source

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"iolaus/exchange"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// memory is an input that lies in memory.
func memory(name string, b []byte) Input {
	return Input{Name: name, Size: int64(len(b)), Again: true,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// lines is what a Scan of one input gives: canonical lines in order, and rejects.
func scanAll(tb testing.TB, o Options, in ...Input) (lines string, rejects []Reject, stats Stats) {
	tb.Helper()
	var out strings.Builder
	o.Reject = func(r Reject) { rejects = append(rejects, r) }
	stats, err := Scan(context.Background(), in, o, canonicalWork,
		func(_ time.Time, b *[]byte) error { out.Write(*b); return nil })
	if err != nil {
		tb.Fatal(err)
	}
	n := 0
	for _, k := range stats.Rejected {
		n += k
	}
	if n != len(rejects) {
		tb.Errorf("stats count %d rejects, %d were told", n, len(rejects))
	}
	return out.String(), rejects, stats
}

func canonicalWork() func(x *exchange.Exchange, out *[]byte) {
	return func(x *exchange.Exchange, out *[]byte) { *out = AppendCanonical(nil, x) }
}

// golden compares got with a file in testdata, or rewrites that with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs, see -update; got:\n%s\nwant:\n%s", name, got, want)
	}
}

// TestFormats holds every format to its fixture, written after its
// documentation: it is found by itself, becomes the canonical lines expected,
// those obey the published schema and survive a second reading; and its
// fixture of bad lines is rejected as expected.
func TestFormats(t *testing.T) {
	for _, name := range Formats() {
		t.Run(name, func(t *testing.T) {
			fixture, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			if f := detect(fixture); f == nil || f.name != name {
				t.Fatalf("the fixture is taken for %+v", f)
			}
			for line := range bytes.Lines(fixture) {
				if f := detect(line); f != nil && f.name != name {
					t.Errorf("taken for %s: %s", f.name, line)
				}
			}
			lines, rejects, _ := scanAll(t, Options{}, memory(name+".jsonl", fixture))
			if len(rejects) > 0 {
				t.Errorf("rejects of the good fixture: %+v", rejects)
			}
			golden(t, name+".golden", lines)
			if wrapped, _, _ := scanAll(t, Options{}, memory("wrapped", wrap(fixture))); wrapped != lines && name != "sightings" {
				t.Errorf("inside a container's log the lines become\n%s", wrapped)
			}
			obeysSchema(t, lines)
			again, _, _ := scanAll(t, Options{Format: "canonical"}, memory("again", []byte(lines)))
			if again != lines {
				t.Errorf("canonical lines change when read again:\n%s\nwere\n%s", again, lines)
			}
			bad, err := os.ReadFile(filepath.Join("testdata", name+".bad.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			lines, rejects, _ = scanAll(t, Options{Format: name}, memory(name+".bad.jsonl", bad))
			var told bytes.Buffer
			e := json.NewEncoder(&told)
			for _, r := range rejects {
				e.Encode(r)
			}
			golden(t, name+".bad.golden", told.String()+lines)
		})
	}
}

// wrap puts each line into the envelope of a container's log, beside lines that say other things.
func wrap(lines []byte) []byte {
	out := []byte(`{"log":"starting up\n","stream":"stderr","time":"2026-08-03T00:00:00Z"}` + "\n")
	for line := range bytes.Lines(lines) {
		e := encoder{b: append(out, '{')}
		e.str("log", string(line))
		e.str("stream", "stdout")
		e.str("time", "2026-08-03T00:00:00Z")
		out = append(e.b, "}\n"...)
	}
	return out
}

func obeysSchema(t *testing.T, lines string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("exchange.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("exchange.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(lines) {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v\nin %s", err, line)
		}
	}
}
