package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"iolaus/exchange"
)

// TestBrief: a brief reading differs from a full one in the texts that it says
// it leaves out, and in nothing else.
func TestBrief(t *testing.T) {
	for _, of := range formats() {
		name := of.name
		lines, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		if path := filepath.Join("..", "..", "shared", "worlds", "naive", "exchanges.jsonl.gz"); name == "litellm" && fileExists(path) {
			lines = append(lines, worldHead(t, "naive", 1<<20)...)
		}
		read := func(brief bool) (all []string) {
			d := decoder{f: &of, brief: brief, reject: func(f, r, _ string) { t.Fatal(name, f, r) }}
			d.emit = func(x *exchange.Exchange) {
				if strings.HasPrefix(x.ID, "line-") {
					x.ID = "" // made of what was read
				}
				newest := newest(x.Turns)
				for i := range x.Turns {
					if i != newest {
						x.Turns[i].Text = ""
					}
				}
				x.Output, x.Truncated = "", false
				all = append(all, string(AppendCanonical(nil, x)))
			}
			for line := range bytes.Lines(lines) {
				d.line(bytes.Clone(bytes.TrimSpace(line)))
			}
			return all
		}
		full, brief := read(false), read(true)
		if len(full) == 0 || strings.Join(full, "") != strings.Join(brief, "") {
			for i := range full {
				if i < len(brief) && full[i] != brief[i] {
					t.Errorf("%s:\nfull  %sbrief %s", name, full[i], brief[i])
				}
			}
		}
	}
	long := `{"id":"1","startTime":1785715249,"call_type":"x","metadata":{"user_api_key_user_id":"u"},"messages":[{"content":"first \"q\"","role":"user"},{"role":"assistant","content":"no"},{"role":"user","content":"newest\n"},{"role":"tool","content":"42"},{"role":"user","content":""}],"response":{"choices":[{"message":{"content":"no"}}]}}` + "\n"
	got, _, _ := scanAll(t, Options{Brief: true}, memory("log", []byte(long)))
	want := `"turns":[{"role":"user"},{"role":"assistant"},{"role":"user","text":"newest\n"},{"role":"tool"}]}` + "\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want ...%s", got, want)
	}
}
