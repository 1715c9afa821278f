package duckdb

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"iolaus/ledger"
)

// TestExamples runs the queries of doc/ledger.md.
func TestExamples(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "doc", "ledger.md"))
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, filepath.Join(t.TempDir(), "ledger.duckdb"), ours)
	l := ledger.New(ledger.Options{Drained: true})
	at := drive(l, rand.New(rand.NewPCG(3, 3)), day0, 2000)
	v := l.View(at)
	c := Campaign{ID: "c0", Detected: at, Members: []Member{{Account: 0}, {Account: 1}}}
	for _, e := range v.Accounts[0].Carried {
		c.Evidence = append(c.Evidence, Evidence{Observable: v.Trails[v.Edges[e].Trail].Observable, Nats: 1})
	}
	b := &Batch{Step: 1, Until: at, Campaigns: []Campaign{c}}
	l.Drain(&b.Changes)
	if err := d.Append(b); err != nil {
		t.Fatal(err)
	}
	d = reopen(t, d)
	defer closeDB(t, d)
	queries := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllSubmatch(doc, -1)
	if len(queries) < 3 {
		t.Fatalf("%d queries", len(queries))
	}
	for _, q := range queries {
		var n int
		text := regexp.MustCompile(`;\s*$`).ReplaceAllString(string(q[1]), "")
		if err := d.sql.QueryRow("SELECT count(*) FROM (" + text + ")").Scan(&n); err != nil || n == 0 {
			t.Errorf("%s\n\tgives %d rows: %v", q[1], n, err)
		}
	}
}
