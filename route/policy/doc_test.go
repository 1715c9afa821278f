package policy

import (
	"os"
	"strings"
	"testing"
)

// TestDocNamesEveryRule: the page for readers lists each rule with its severity
// and its words, and each ground.
func TestDocNamesEveryRule(t *testing.T) {
	raw, err := os.ReadFile("../../doc/route.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, r := range Rules() {
		if row := "| `" + r.ID + "` | " + r.Severity + " | " + r.Title + " |"; !strings.Contains(page, row) {
			t.Errorf("doc/route.md lacks %q", row)
		}
	}
	for _, id := range Bases() {
		b, err := Law(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range b.Grounds {
			if !strings.Contains(page, g.ID) && !strings.HasPrefix(g.ID, "ipp12-") {
				t.Errorf("doc/route.md lacks the ground %s of %s", g.ID, id)
			}
		}
	}
}
