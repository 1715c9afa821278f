package duckdb

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"iolaus/hunt"
	"iolaus/ledger"
)

// TestMembers: a campaign's accounts and hours come back, merged over batches, and
// no others.
func TestMembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	d, err := Open(path, Options{Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	account := func(id uint32, name string) ledger.Profile {
		return ledger.Profile{ID: id, Account: hunt.Account{Name: name, First: 3600 * id, Last: 3600*id + 7200, Exchanges: 5}}
	}
	first := &Batch{Step: 1, Until: time.Unix(7200, 0)}
	first.Accounts = []ledger.Profile{account(1, "a"), account(2, "b"), account(3, "c")}
	first.Hours = []ledger.Hour{{Account: 1, Hour: 3600, Exchanges: 2}, {Account: 2, Hour: 3600, Exchanges: 4}, {Account: 3, Hour: 3600, Exchanges: 8}}
	second := &Batch{Step: 2, Until: time.Unix(10800, 0), Campaigns: []Campaign{{ID: "x", Detected: time.Unix(7200, 0), Members: []Member{{Account: 1}, {Account: 3}}}}}
	second.Hours = []ledger.Hour{{Account: 1, Hour: 3600, Exchanges: 1, Failures: 1}, {Account: 1, Hour: 7200, Exchanges: 1}}
	for _, b := range []*Batch{first, second} {
		if err := d.Append(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if d, err = Open(path, Options{ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	hours, err := d.MemberHours("x")
	if want := []ledger.Hour{{Account: 1, Hour: 3600, Exchanges: 3, Failures: 1}, {Account: 1, Hour: 7200, Exchanges: 1}, {Account: 3, Hour: 3600, Exchanges: 8}}; err != nil || !slices.Equal(hours, want) {
		t.Errorf("hours %v, want %v (%v)", hours, want, err)
	}
	members, err := d.Members("x")
	if err != nil || len(members) != 2 || members[0].Name != "a" || members[1].Name != "c" {
		t.Errorf("members %v (%v)", members, err)
	}
	all, err := d.Hours()
	if want := []ledger.Hour{{Hour: 3600, Exchanges: 15, Failures: 1}, {Hour: 7200, Exchanges: 1}}; err != nil || !slices.Equal(all, want) {
		t.Errorf("all hours %v, want %v (%v)", all, want, err)
	}
	busy, err := d.Busy()
	if want := []Busy{{3600, 3}, {7200, 1}}; err != nil || !slices.Equal(busy, want) {
		t.Errorf("busy %v, want %v (%v)", busy, want, err)
	}
	e, err := d.Extent()
	if want := (Extent{3, 15, time.Unix(3600, 0).UTC(), time.Unix(18000, 0).UTC()}); err != nil || e != want {
		t.Errorf("extent %v, want %v (%v)", e, want, err)
	}
}
