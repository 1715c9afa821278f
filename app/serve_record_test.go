package app

import (
	"testing"
	"time"

	"iolaus/campaign"
	"iolaus/exchange"
)

// TestReloadAllow: an allow list that is read anew reaches the hunt.
func TestReloadAllow(t *testing.T) {
	f := bench(t)
	f.registry = &registry{}
	at := time.Date(2026, 8, 10, 12, 0, 0, 0, time.UTC)
	for i, account := range []string{"acct-1", "acct-2"} {
		if err := f.l.admit(&exchange.Trace{ID: uint64(i + 1), Time: at, Account: account}, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, allowed := range []map[string]string{{"acct-1": "a friend"}, {"acct-2": "a friend"}, nil} {
		c := *f.config.Load()
		c.allowed = allowed
		f.config.Store(&c)
		f.register()
		v := f.l.view()
		for i := range v.Accounts {
			if a := &v.Accounts[i]; a.Allowed != (allowed[a.Name] != "") {
				t.Errorf("%v: %s is allowed: %v", allowed, a.Name, a.Allowed)
			}
		}
	}
}

// TestSucceeds: a newcomer takes the place of the head of its own campaign that
// was banned last before it came, not long ago.
func TestSucceeds(t *testing.T) {
	at := time.Date(2026, 8, 10, 12, 0, 0, 0, time.UTC)
	head := func(name string, before time.Duration) campaign.Member {
		b := at.Add(-before)
		return campaign.Member{Account: name, Banned: &b}
	}
	found := []*campaign.Campaign{
		{ID: "c-1", Accounts: []campaign.Member{{Account: "active"}, head("earlier", 5*time.Hour), head("last", 90*time.Minute), head("not yet", -time.Hour)}},
		{ID: "c-2", Accounts: []campaign.Member{head("another's", time.Minute)}},
		{ID: "c-3", Accounts: []campaign.Member{head("long ago", 100*time.Hour)}},
	}
	for campaign, want := range map[string]string{"c-1": "last", "c-2": "another's", "c-3": "", "c-4": ""} {
		r := record{Campaign: campaign}
		if r.succeeds(found, at); r.Replaces != want {
			t.Errorf("%s: replaces %q, want %q", campaign, r.Replaces, want)
		}
		if campaign == "c-1" && r.After != 1.5 {
			t.Errorf("after %v hours, want 1.5", r.After)
		}
	}
}
