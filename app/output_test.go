package app

import (
	"encoding/csv"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"iolaus/campaign"
)

// family is a campaign of two members, of whom one is an heir.
func family() *campaign.Campaign {
	at := time.Date(2026, 8, 5, 12, 0, 0, 0, time.UTC)
	return &campaign.Campaign{ID: "c-20260805-0001", DetectedAt: at, First: at, Last: at, Accounts: []campaign.Member{
		{Account: "acct_old", Added: at, Links: map[string]float64{"content": 4, "infrastructure": 3}},
		{Account: "acct_new", Added: at.Add(time.Hour), Heir: true, Links: map[string]float64{"content": 6, "client": 4}},
	}}
}

// TestHeirsAreWritten: the files of a result and the answers over HTTP say who is
// an heir, and of nobody else.
func TestHeirsAreWritten(t *testing.T) {
	dir := t.TempDir()
	c := family()
	r := Report{Raised: []*campaign.Campaign{c}}
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, MembersFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	want := [][]string{
		{"campaign_id", "account_id", "added_at", "banned_at", "log_odds", "heir"},
		{c.ID, "acct_old", "2026-08-05T12:00:00Z", "", "7.0", "false"},
		{c.ID, "acct_new", "2026-08-05T13:00:00Z", "", "10.0", "true"},
	}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal) {
		t.Errorf("%s is %v (%v), want %v", MembersFile, rows, err, want)
	}
	line, err := os.ReadFile(filepath.Join(dir, ResultFile))
	if err != nil {
		t.Fatal(err)
	}
	heirs(t, ResultFile, line)

	s := &Server{}
	s.found.Store(&r.Raised)
	list := httptest.NewRecorder()
	s.campaigns(list, httptest.NewRequest("GET", "/v1/campaigns", nil))
	heirs(t, "/v1/campaigns", list.Body.Bytes())
	req, one := httptest.NewRequest("GET", "/v1/campaigns/"+c.ID, nil), httptest.NewRecorder()
	req.SetPathValue("id", c.ID)
	s.campaign(one, req)
	var answer struct {
		Campaign    json.RawMessage
		Explanation string
	}
	if err := json.Unmarshal(one.Body.Bytes(), &answer); err != nil || !strings.Contains(answer.Explanation, "1 of 2 accounts is a member by the campaign's program alone") {
		t.Errorf("the explanation over HTTP is %q (%v)", answer.Explanation, err)
	}
	heirs(t, "/v1/campaigns/ID", answer.Campaign)
}

// heirs checks that a written campaign says of the new account that it is an heir,
// and nothing of the old one.
func heirs(t *testing.T, where string, text []byte) {
	t.Helper()
	var c struct{ Accounts []map[string]any }
	if err := json.Unmarshal(text, &c); err != nil || len(c.Accounts) != 2 {
		t.Fatalf("%s: %s (%v)", where, text, err)
	}
	if old, said := c.Accounts[0]["heir"]; said || c.Accounts[1]["heir"] != true {
		t.Errorf("%s says of the old account %v, of the new one %v", where, old, c.Accounts[1]["heir"])
	}
}

// TestOldResultsLoad: what was written before members said whether they are heirs
// is read, drawn and explained as having none.
func TestOldResultsLoad(t *testing.T) {
	dir := t.TempDir()
	r := Report{Raised: []*campaign.Campaign{family()}}
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, ResultFile)
	for _, old := range []bool{false, true} {
		if old {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), `"heir":true,`, "")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cs, err := ReadCampaigns(dir)
		if err != nil || len(cs) != 1 || cs[0].Accounts[1].Heir == old {
			t.Fatalf("before the field %v: %v (%v)", old, cs, err)
		}
		page, err := Page{}.Draw(dir)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(string(text), "<b>Heirs.</b> 1 of 2 accounts is"); said == old {
			t.Errorf("before the field %v: the page tells of heirs: %v", old, said)
		}
	}
}
