package source

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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
	f.Fuzz(func(t *testing.T, line []byte) { answersSoundly(t, of, line) })
}

// answersSoundly decodes a line and holds what becomes of it to the properties above.
func answersSoundly(t *testing.T, of *format, line []byte) {
	t.Helper()
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
	canon, _ := formatNamed("canonical")
	for _, first := range lines {
		if !utf8.Valid(first) || !json.Valid(first) {
			t.Fatalf("not JSON: %q of %q", first, line)
		}
		var second []byte
		back := decoder{f: canon, reject: func(field, reason, _ string) { t.Fatalf("%s %s: %s of %q", field, reason, first, line) }}
		back.emit = func(x *exchange.Exchange) { second = AppendCanonical(nil, x) }
		back.line(bytes.TrimSpace(bytes.Clone(first)))
		if !bytes.Equal(first, second) {
			t.Fatalf("changed:\n%s\nto\n%s\nof %q", first, second, line)
		}
	}
}

// FuzzShapes gives every format lines of its fixture whose values were moved,
// doubled, dropped, put into strings or replaced by others: what byte noise
// never reaches behind the first bracket.
func FuzzShapes(f *testing.F) {
	all := formats()
	var trees [][]any
	for _, of := range all {
		b, err := os.ReadFile(filepath.Join("testdata", of.name+".jsonl"))
		if err != nil {
			f.Fatal(err)
		}
		var own []any
		for line := range bytes.Lines(b) {
			var v any
			d := json.NewDecoder(bytes.NewReader(line))
			d.UseNumber()
			if d.Decode(&v) == nil {
				own = append(own, v)
			}
		}
		trees = append(trees, own)
	}
	for i := range uint64(64) {
		f.Add(i, i*7)
	}
	f.Fuzz(func(t *testing.T, which, seed uint64) {
		r := rand.New(rand.NewPCG(which, seed))
		n := int(which % uint64(len(all)))
		tree := trees[n][r.IntN(len(trees[n]))]
		donor := trees[r.IntN(len(trees))]
		line, err := json.Marshal(reshape(r, tree, donor[r.IntN(len(donor))], 0))
		if err != nil {
			t.Fatal(err)
		}
		if f := all[n]; len(line) > 0 && line[0] == '{' {
			answersSoundly(t, &f, line)
		}
	})
}

// reshape returns a copy of v with some of its values changed.
func reshape(r *rand.Rand, v, donor any, depth int) any {
	if depth > 0 && r.IntN(24) == 0 {
		return strange(r, v, donor)
	}
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if r.IntN(40) > 0 {
				m[k] = reshape(r, v[k], donor, depth+1)
			}
		}
		return m
	case []any:
		var a []any
		for _, e := range v {
			for range 1 + max(0, r.IntN(20)-18) {
				a = append(a, reshape(r, e, donor, depth+1))
			}
		}
		return a
	}
	return v
}

// strange is something that a field may hold against expectation.
func strange(r *rand.Rand, v, donor any) any {
	switch r.IntN(9) {
	case 0:
		return nil
	case 1:
		b, _ := json.Marshal(v)
		return string(b)
	case 2:
		return []any{v, v}
	case 3:
		return map[string]any{"content": v, "type": "text", "text": v, "key": v, "value": v}
	case 4:
		return json.Number([]string{"0", "-1", "1e308", "1785715249624", "0.000001", "99999999999999999999"}[r.IntN(6)])
	case 5:
		return strings.Repeat("\u4f60\"\\\n\x00", 1+r.IntN(20))
	case 6:
		return r.IntN(2) == 0
	}
	return part(r, donor)
}

// part is some value inside v.
func part(r *rand.Rand, v any) any {
	for range r.IntN(8) {
		switch w := v.(type) {
		case map[string]any:
			if len(w) > 0 {
				v = w[slices.Sorted(maps.Keys(w))[r.IntN(len(w))]]
			}
		case []any:
			if len(w) > 0 {
				v = w[r.IntN(len(w))]
			}
		}
	}
	return v
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
	f.Add([]byte("[{\"account_id\":\"a\"},\n{\"account_id\":\"b\"}]"))
	f.Add([]byte("\"a\nb"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := Accounts("registry", bytes.NewReader(b), nil)
		for _, a := range all {
			if a.ID == "" {
				t.Fatalf("an account without id in %q", b)
			}
		}
	})
}

// FuzzJoin must not panic, keeps nothing under an empty id, and completes an
// exchange without changing what its own log said.
func FuzzJoin(f *testing.F) {
	f.Add([]byte("request_id,address,ja4,account\nb1,203.0.113.7,t13d,a\n"))
	f.Add([]byte(`{"Records":[{"requestID":"b1","userIdentity":{"arn":"arn:aws:iam::1:user/x"},"sourceIPAddress":"203.0.113.7","userAgent":"Boto3"},{"requestID":"b2"}]}`))
	f.Add([]byte("[{\"id\":\"b1\",\"org\":\"o\"},\n{\"id\":\"b2\",\"session\":\"s\"}]"))
	f.Add([]byte("{\n \"request_id\": \"b1\", \"ip\": \"::1\"\n}\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		j := newJoining("join", nil)
		_ = j.read(bytes.NewReader(b))
		for id, v := range j.k.by {
			if id == "" || v == (known{}) {
				t.Fatalf("%+v is known of %q in %q", v, id, b)
			}
			said := exchange.Exchange{ID: id, Account: "own", Address: v.address.Next()}
			x := said
			j.k.fill(&x)
			if x.Account != "own" || said.Address.IsValid() && x.Address != said.Address {
				t.Fatalf("%+v became %+v", said, x)
			}
		}
	})
}

// FuzzRewrite writes any exchange as lines of other formats: each is a JSON line
// that its format takes for its own and reads as one exchange, and what was read,
// written again, changes no more.
func FuzzRewrite(f *testing.F) {
	f.Add("id\x00", "text\n\"\\\u2028", "\xff你", int64(1785715249624), int64(-7), 0.25, true)
	f.Add("", "", "", int64(0), int64(0), math.NaN(), false)
	f.Add("[1]", "tool", `{"a":[{}]}`, int64(1), int64(429), -1.0, true)
	f.Add("{[]}", "{[]}", `["\xff"]`, int64(1), int64(1), 0.0, false) // balanced, and no JSON
	f.Fuzz(func(t *testing.T, a, b, c string, ms, n int64, d float64, flag bool) {
		for format, write := range map[string]func([]byte, *exchange.Exchange) []byte{"otel": AppendOTel, "otel old": AppendOTelOld, "bedrock": AppendBedrock} {
			of, err := formatNamed(strings.TrimSuffix(format, " old"))
			if err != nil {
				t.Fatal(err)
			}
			x := anyExchange(a, b, c, ms, n, d, flag)
			x.Operation = "chat" // a span of other work is no exchange
			var seen [2]string
			for i := range seen {
				line := write(nil, x)
				if !json.Valid(line) || !utf8.Valid(line) {
					t.Fatalf("%s: not JSON: %q", format, line)
				}
				if got := detect(line); got == nil || got.name != of.name {
					t.Fatalf("%s: taken for another format: %s", format, line)
				}
				read := 0
				back := decoder{f: of, reject: func(field, reason, _ string) { t.Fatalf("%s: %s %s: %q", format, field, reason, line) }}
				back.emit = func(y *exchange.Exchange) {
					read++
					y.ID = "id" // an OTel id grows by its trace's
					seen[i] = string(AppendCanonical(nil, y))
				}
				back.line(bytes.TrimSpace(bytes.Clone(line)))
				if read != 1 {
					t.Fatalf("%s: read %d exchanges of %q", format, read, line)
				}
				canon := decoder{f: &formats()[slices.Index(Formats(), "canonical")], emit: func(y *exchange.Exchange) { x = y }}
				canon.line([]byte(strings.TrimSpace(seen[i])))
			}
			if seen[0] != seen[1] {
				t.Fatalf("%s: changed:\n%sto\n%s", format, seen[0], seen[1])
			}
		}
	})
}
