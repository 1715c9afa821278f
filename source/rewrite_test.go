package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
)

// exchanges calls fn for canonical lines that the tests have at hand: every
// fixture's, and some of a labelled world's when there is one.
func exchanges(t *testing.T, fn func(x *exchange.Exchange)) {
	t.Helper()
	read := func(format string, lines []byte) {
		of, err := formatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		d := decoder{f: of, emit: fn, reject: func(field, reason, _ string) { t.Fatalf("%s %s", field, reason) }}
		for line := range bytes.Lines(lines) {
			d.line(bytes.Clone(bytes.TrimSpace(line)))
		}
	}
	for _, name := range Formats() {
		b, err := os.ReadFile(filepath.Join("testdata", name+".golden"))
		if err != nil {
			t.Fatal(err)
		}
		read("canonical", b)
	}
	if path := filepath.Join("..", "..", "shared", "worlds", "naive", "exchanges.jsonl.gz"); fileExists(path) {
		read("litellm", worldHead(t, "naive", 1<<20))
	}
}

func fileExists(path string) bool { _, err := os.Stat(path); return err == nil }

// TestRewrite: an exchange written in another format is read back, but for what
// that format has no place for.
func TestRewrite(t *testing.T) {
	otel := func(x *exchange.Exchange) {
		x.ID = x.Session + "/" + x.ID
		x.FirstToken, x.ServedRegion, x.Fallbacks, x.KeyName, x.TeamName = time.Time{}, "", 0, "", ""
		x.Signatures = nil
	}
	bedrock := func(x *exchange.Exchange) {
		x.Time, x.FirstToken, x.End = x.Time.Truncate(time.Millisecond), time.Time{}, time.Time{}
		x.Address, x.UserAgent, x.TLS = exchange.Exchange{}.Address, "", ""
		x.Provider, x.Operation, x.Endpoint, x.Team = "aws.bedrock", "invoke", "", ""
		x.KeyName, x.TeamName, x.Fallbacks, x.PreviousResponse, x.Signatures = "", "", 0, "", nil
		p := x.Params
		x.Params = exchange.Params{Temperature: p.Temperature, TopP: p.TopP, MaxTokens: p.MaxTokens, Stream: p.Stream}
		x.Usage.Cost, x.Usage.Reasoning = 0, 0
		x.ErrorCode, x.Error = 0, ""
		if x.Failed {
			x.Output, x.Calls, x.Finish, x.Usage.Output, x.ResponseID, x.Served = "", nil, "", 0, "", ""
		}
	}
	for _, c := range []struct {
		name   string
		format string
		write  func([]byte, *exchange.Exchange) []byte
		loses  func(*exchange.Exchange)
	}{
		{"otel", "otel", AppendOTel, otel}, {"otel old", "otel", AppendOTelOld, otel}, {"bedrock", "bedrock", AppendBedrock, bedrock},
	} {
		of, err := formatNamed(c.format)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		exchanges(t, func(x *exchange.Exchange) {
			line := c.write(nil, x)
			if f := detect(line); f == nil || f.name != c.format {
				t.Fatalf("%s: taken for another format: %s", c.name, line)
			}
			var got []byte
			back := decoder{f: of, reject: func(field, reason, _ string) { t.Fatalf("%s: %s %s: %s", c.name, field, reason, line) }}
			back.emit = func(y *exchange.Exchange) {
				if c.format == "bedrock" {
					y.ErrorCode, y.Error = 0, ""
				}
				y.Truncated = false
				got = AppendCanonical(nil, y)
			}
			back.line(bytes.Clone(bytes.TrimSpace(line)))
			want := *x
			c.loses(&want)
			want.Truncated = false
			if w := AppendCanonical(nil, &want); !bytes.Equal(got, w) {
				t.Errorf("%s:\nread  %swant  %sline  %s", c.name, got, w, line)
			}
			n++
		})
		if n < 20 {
			t.Errorf("%s: %d exchanges", c.name, n)
		}
	}
}

// TestJoin: another log completes what the first lacks, and nothing more.
func TestJoin(t *testing.T) {
	dir := t.TempDir()
	trail := `{"Records":[{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","arn":"arn:aws:iam::1:user/x"},"eventTime":"2026-08-03T00:00:49Z","eventSource":"bedrock.amazonaws.com","sourceIPAddress":"203.0.113.7","userAgent":"Boto3/1.35","requestID":"b1"},` +
		"\n" + `{"requestID":"b2","sourceIPAddress":"bedrock.amazonaws.com"},{"sourceIPAddress":"203.0.113.8"}]}`
	table := "\xef\xbb\xbfrequest_id,address,ja4,account,other\nb1,203.0.113.7,t13d,other-account,x\n"
	lines := `{"id":"b1","ip":"203.0.113.7:443","user_agent":"Boto3/1.35"}` + "\nno json\n"
	log := []byte(`{"id":"b1","time":"2026-08-03T00:00:49Z","account":"a"}` + "\n" + `{"id":"b9","time":"2026-08-03T00:00:50Z","account":"a"}`)
	for name, c := range map[string]struct{ content, want, rejects string }{
		"trail": {trail, `"key":"arn:aws:iam::1:user/x","address":"203.0.113.7","user_agent":"Boto3/1.35"`, "x:1 bad-record"},
		"table": {table, `"address":"203.0.113.7","tls":"t13d"`, ""},
		"lines": {lines, `"address":"203.0.113.7","user_agent":"Boto3/1.35"`, "x:2 not-json"},
		"list":  {"[\n" + strings.TrimSuffix(lines, "no json\n") + "]", `"address":"203.0.113.7","user_agent":"Boto3/1.35"`, ""},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, packed(t, []byte(strings.ReplaceAll(c.content, ",\n", ",")), len(name)%3), 0o600); err != nil {
			t.Fatal(err)
		}
		var rejects []Reject
		known, err := Join([]string{path}, func(r Reject) { r.File = "x"; rejects = append(rejects, r) })
		if err != nil {
			t.Fatal(err)
		}
		got, _, _ := scanAll(t, Options{Join: known}, memory("log", log))
		want := `{"id":"b1","time":"2026-08-03T00:00:49Z","account":"a",` + c.want + "}\n" + `{"id":"b9","time":"2026-08-03T00:00:50Z","account":"a"}` + "\n"
		if got != want || reasons(rejects) != c.rejects {
			t.Errorf("%s:\n%swant\n%srejects %q, want %q", name, got, want, reasons(rejects), c.rejects)
		}
	}
	if _, err := Join([]string{filepath.Join(dir, "lines"), filepath.Join(dir, "none")}, nil); err == nil {
		t.Error("a missing file is no error")
	}
	if k, err := Join([]string{filepath.Join(dir, "trail"), filepath.Join(dir, "table")}, nil); err != nil || k.Len() != 1 || k.by["b1"].tls != "t13d" {
		t.Errorf("of two logs %d requests are known: %+v (%v)", k.Len(), k.by, err)
	}
}
