package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/report"
)

// TestPivot: of those active in the day after a release, it is told who asked for
// the model, inside and outside a campaign; who came with the release is no mover.
func TestPivot(t *testing.T) {
	at := time.Date(2026, 8, 7, 12, 0, 0, 0, time.UTC)
	ps := pivotsOf([]report.Event{{At: at, Kind: "release", Label: "new", Model: "Northstar-2"}, {At: at, Kind: "price", Label: "half"}})
	var v hunt.View
	ask := func(name string, first time.Time, model string, after time.Duration) {
		v.Accounts = append(v.Accounts, hunt.Account{Name: name, First: uint32(first.Unix())})
		ps.take(&exchange.Trace{Account: name, Model: model, Time: at.Add(after)})
	}
	c := campaign.Campaign{}
	for i := range 6 {
		name := fmt.Sprint("head", i)
		c.Accounts = append(c.Accounts, campaign.Member{Account: name})
		ask(name, at.Add(-48*time.Hour), "northstar-2", time.Duration(i)*time.Hour)
	}
	for i := range 10 {
		model := "northstar-1"
		if i == 0 {
			model = "northstar-2"
		}
		ask(fmt.Sprint("other", i), at.Add(-time.Hour), model, time.Hour)
		ask(fmt.Sprint("fresh", i), at.Add(time.Minute), "northstar-2", time.Hour)
		ask(fmt.Sprint("late", i), at.Add(-time.Hour), "northstar-2", 25*time.Hour)
	}
	ps.take(&exchange.Trace{Account: "head0", Model: "northstar-1", Time: at.Add(2 * time.Hour)})
	ps.tell(&c, &v)
	if len(c.Pivots) != 1 {
		t.Fatalf("%+v", c.Pivots)
	}
	got := c.Pivots[0]
	if got.Model != "Northstar-2" || !got.At.Equal(at) || got.Active != 6 || got.Moved != 6 || got.Others != 0.1 || got.Few() {
		t.Errorf("%+v", got)
	}
	if got.Exchanges != 7 || got.Share != 6./7 || got.OthersShare != 0.1 {
		t.Errorf("of %d exchanges %.3f asked for the model, of others' %.3f", got.Exchanges, got.Share, got.OthersShare)
	}
	if len(got.Course) != 24 || got.Course[0] != 1./6 || got.Course[4] != 5./6 || got.Course[23] != 1 || got.OthersCourse[1] != 0.1 || got.OthersCourse[0] != 0 || got.Hours() != 3 {
		t.Errorf("course %v, others %v, half after %d h", got.Course, got.OthersCourse, got.Hours())
	}
	if want := "6 of its 6 active accounts asked for it; of others 10 % did"; !strings.Contains(c.Explain(), want) {
		t.Errorf("no %q in\n%s", want, c.Explain())
	}
}
