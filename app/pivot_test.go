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
	ps.tell(&c, &v)
	if len(c.Pivots) != 1 || c.Pivots[0] != (campaign.Pivot{Model: "Northstar-2", At: at, Active: 6, Moved: 6, Others: 0.1}) {
		t.Fatalf("%+v", c.Pivots)
	}
	if want := "6 of its 6 active accounts asked for it; of others 10 % did"; !strings.Contains(c.Explain(), want) {
		t.Errorf("no %q in\n%s", want, c.Explain())
	}
}
