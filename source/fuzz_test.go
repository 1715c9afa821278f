package source

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"iolaus/exchange"
)

// fuzzFormat feeds lines to one format's decoder: it must not panic, must answer
// every line with an exchange, a reject or a count of other records, and what it makes of it must
// survive being written and read as a canonical line.
func fuzzFormat(f *testing.F, name string) {
	for _, file := range []string{name + ".jsonl", name + ".bad.jsonl"} {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(b) {
			f.Add(bytes.TrimSpace(line))
		}
	}
	of, err := formatNamed(name)
	if err != nil {
		f.Fatal(err)
	}
	canon, _ := formatNamed("canonical")
	f.Fuzz(func(t *testing.T, line []byte) {
		answers := 0
		var lines [][]byte
		d := decoder{f: of, reject: func(_, _, _ string) { answers++ }}
		d.emit = func(x *exchange.Exchange) {
			answers++
			lines = append(lines, AppendCanonical(nil, x))
		}
		d.line(bytes.Clone(line))
		other := decoder{f: of, path: "metadata.user", brief: true, emit: func(*exchange.Exchange) {}, reject: func(_, _, _ string) {}}
		other.line(bytes.Clone(line))
		if answers+d.others == 0 && !of.many {
			t.Fatalf("no answer to %q", line)
		}
		for _, first := range lines {
			if !utf8.Valid(first) || !json.Valid(first) {
				t.Fatalf("not JSON: %q", first)
			}
			var second []byte
			back := decoder{f: canon, reject: func(field, reason, _ string) { t.Fatalf("%s %s: %s", field, reason, first) }}
			back.emit = func(x *exchange.Exchange) { second = AppendCanonical(nil, x) }
			back.line(bytes.TrimSpace(bytes.Clone(first)))
			if !bytes.Equal(first, second) {
				t.Fatalf("changed:\n%s\nto\n%s", first, second)
			}
		}
	})
}

func FuzzCanonical(f *testing.F) { fuzzFormat(f, "canonical") }
func FuzzLiteLLM(f *testing.F)   { fuzzFormat(f, "litellm") }
func FuzzSpendLogs(f *testing.F) { fuzzFormat(f, "litellm-spendlogs") }
func FuzzPair(f *testing.F)      { fuzzFormat(f, "pair") }
func FuzzBedrock(f *testing.F)   { fuzzFormat(f, "bedrock") }
func FuzzKong(f *testing.F)      { fuzzFormat(f, "kong") }
func FuzzEnvoy(f *testing.F)     { fuzzFormat(f, "envoy") }
func FuzzAzure(f *testing.F)     { fuzzFormat(f, "azure") }
func FuzzHelicone(f *testing.F)  { fuzzFormat(f, "helicone") }
func FuzzLangfuse(f *testing.F)  { fuzzFormat(f, "langfuse") }
func FuzzOTel(f *testing.F)      { fuzzFormat(f, "otel") }
func FuzzSightings(f *testing.F) { fuzzFormat(f, "sightings") }

// FuzzCursor holds the cursor to encoding/json: what that accepts is read alike,
// and nothing makes the cursor panic or run on.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `{"a":[1,-2.5e3,true,null,"x\n\u00e9\ud83d\ude00\udc00"],"b":{"c":""}}`, `"`, `{"a":1`,
		`{"long":"` + strings.Repeat("abcdefgh", 9) + `\\` + strings.Repeat("ü", 20) + `\""}`, "[\x00]", "\"\xff\"", `["\u12"]`, strings.Repeat("[", 5000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		valid := json.Valid(b)
		skipped := cursor{b: bytes.Clone(b)}
		skipped.skip()
		if valid && !skipped.done() {
			t.Fatalf("cannot skip %q", b)
		}
		c := cursor{b: bytes.Clone(b)}
		got := tree(&c, 0)
		if !valid || !utf8.Valid(b) {
			return
		}
		if !c.done() {
			t.Fatalf("cannot read %q", b)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err == nil && depth(want) < 100 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\ngot  %#v\nwant %#v", b, got, want)
		}
	})
}

// tree reads any value the way encoding/json would.
func tree(c *cursor, deep int) any {
	if deep > 100 {
		c.skip()
		return nil
	}
	switch c.peek() {
	case '{':
		m := map[string]any{}
		var k string
		for c.object(); c.key(&k); {
			key := strings.Clone(k)
			m[key] = tree(c, deep+1)
		}
		return m
	case '[':
		a := []any{}
		for c.array(); c.more(); {
			a = append(a, tree(c, deep+1))
		}
		return a
	case '"':
		return strings.Clone(c.quoted())
	}
	switch s := c.bare(); s {
	case "null", "":
		return nil
	case "true", "false":
		return s == "true"
	default:
		return json.Number(strings.Clone(s))
	}
}

func depth(v any) int {
	d := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			d = max(d, depth(e))
		}
	case []any:
		for _, e := range v {
			d = max(d, depth(e))
		}
	default:
		return 0
	}
	return d + 1
}

// FuzzRegistry must neither panic nor invent accounts without an id.
func FuzzRegistry(f *testing.F) {
	f.Add([]byte("account_id,created_at\na,2026-01-01\n"))
	f.Add([]byte(`{"account_id":"a","verified":true,"banned_at":null}`))
	f.Add([]byte("\"a\nb"))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "r")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		all, _ := Registry(path, nil)
		for _, a := range all {
			if a.ID == "" {
				t.Fatalf("an account without id in %q", b)
			}
		}
	})
}
