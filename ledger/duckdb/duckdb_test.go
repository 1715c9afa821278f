package duckdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
)

var (
	day0 = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	ours = Options{Key: "k1", Signals: 3, Tool: "v0"}
)

func open(t *testing.T, path string, o Options) *DB {
	t.Helper()
	d, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func closeDB(t *testing.T, d *DB) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// drive takes random traffic into l, from at on, and returns where it ends.
func drive(l *ledger.Ledger, rng *rand.Rand, at time.Time, exchanges int) time.Time {
	for range exchanges {
		at = at.Add(time.Duration(rng.IntN(200)) * time.Second)
		x := exchange.Trace{
			Time: at, Account: fmt.Sprint("a", rng.IntN(60)), Failed: rng.IntN(9) == 0, Input: 100, Output: 1 << 30,
			Capability: exchange.Capability(rng.IntN(int(exchange.Capabilities))),
		}
		for range rng.IntN(8) {
			x.Leave(exchange.NewObservable(exchange.Kind(1+rng.IntN(int(exchange.Kinds)-1)), rng.Uint64N(40)*0x9e3779b97f4a7c15))
		}
		l.Take(&x)
	}
	return at
}

// holds compares a ledger file with the ledger it was written from.
func holds(t *testing.T, d *DB, l *ledger.Ledger, at time.Time) {
	t.Helper()
	v := l.View(at)
	accounts, err := d.Accounts()
	if err != nil {
		t.Fatal(err)
	}
	if len(accounts) != len(v.Accounts) {
		t.Fatalf("%d accounts of %d", len(accounts), len(v.Accounts))
	}
	for i, a := range v.Accounts {
		want := ledger.Profile{ID: uint32(i), Account: a}
		want.Carried, want.Left = nil, nil
		if !reflect.DeepEqual(accounts[i], want) {
			t.Fatalf("account %+v, want %+v", accounts[i], want)
		}
		one, err := d.Account(a.Name)
		if err != nil || !reflect.DeepEqual(one, want) {
			t.Fatalf("account %q: %+v %v", a.Name, one, err)
		}
		left, err := d.Sightings(uint32(i))
		if err != nil {
			t.Fatal(err)
		}
		var edges []ledger.Delta
		for _, id := range a.Carried {
			e := v.Edges[id]
			edges = append(edges, ledger.Delta{Account: e.Account, Observable: v.Trails[e.Trail].Observable, First: e.First, Last: e.Last, Count: e.Count})
		}
		slices.SortFunc(edges, func(a, b ledger.Delta) int {
			return map[bool]int{true: -1, false: 1}[a.Observable < b.Observable]
		})
		if !slices.Equal(left, edges) {
			t.Fatalf("account %d left %v, want %v", i, left, edges)
		}
		hours, err := d.Activity(uint32(i))
		if err != nil {
			t.Fatal(err)
		}
		if n := total(hours); n != a.Exchanges {
			t.Fatalf("%d exchanges in the hours of %d", n, a.Exchanges)
		}
	}
	for _, trail := range v.Trails[:5] {
		c, err := d.Carriers(trail.Observable)
		if err != nil || len(c) != len(trail.Carriers) {
			t.Fatalf("%d carriers of %d: %v", len(c), len(trail.Carriers), err)
		}
		if !slices.IsSortedFunc(c, func(a, b Carrier) int { return a.First.Compare(b.First) }) || c[0].Name != v.Accounts[c[0].Account].Name {
			t.Fatalf("%+v", c)
		}
	}
}

func total(hours []ledger.Hour) (n uint32) {
	for _, h := range hours {
		n += h.Exchanges
	}
	return n
}

// TestWhatWasTaken holds that the file says what the ledger says, over many
// batches and several runs, before and after merging.
func TestWhatWasTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	rng := rand.New(rand.NewPCG(1, 1))
	l := ledger.New(ledger.Options{Drained: true})
	at, step := day0, uint64(0)
	for range 3 {
		d := open(t, path, ours)
		if s, until := d.Step(); s != step || step > 0 && !until.Equal(at.Truncate(time.Second)) {
			t.Fatalf("step %d until %v, want %d until %v", s, until, step, at)
		}
		for range 7 {
			at = drive(l, rng, at, 300)
			step++
			b := &Batch{Step: step, Until: at}
			l.Drain(&b.Changes)
			if err := d.Append(b); err != nil {
				t.Fatal(err)
			}
		}
		closeDB(t, d)
		r := open(t, path, Options{ReadOnly: true})
		holds(t, r, l, at)
		if r.Append(&Batch{}) == nil {
			t.Error("a reader appends")
		}
		closeDB(t, r)
	}
	d := open(t, path, ours)
	defer closeDB(t, d)
	merged := count(t, d, "sighting_log")
	if edges := len(l.View(at).Edges); merged != edges {
		t.Errorf("%d rows for %d edges after merging", merged, edges)
	}
	if n := count(t, d, "batch"); n != 1 {
		t.Errorf("%d batches after merging", n)
	}
}

func count(t *testing.T, d *DB, table string) (n int) {
	t.Helper()
	if err := d.sql.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestCampaigns holds that a campaign takes the place of its former self, and
// of no other.
func TestCampaigns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	d := open(t, path, ours)
	make := func(id string, members int) Campaign {
		c := Campaign{ID: id, Detected: day0, First: day0, Last: day0.Add(time.Hour), Score: 12.5, Exchanges: 7, Output: 1 << 40}
		for i := range members {
			c.Members = append(c.Members, Member{uint32(i), day0.Add(time.Duration(i) * time.Minute), float64(i)})
			c.Evidence = append(c.Evidence, Evidence{exchange.NewObservable(exchange.Address, ^uint64(0)-uint64(i)), 3, 9, -float64(i)})
		}
		return c
	}
	a, b, a2 := make("it's a", 3), make("b", 2), make("it's a", 5)
	for i, batch := range [][]Campaign{{a, b}, {a2}, {}} {
		if err := d.Append(&Batch{Step: uint64(i + 1), Until: day0, Campaigns: batch}); err != nil {
			t.Fatal(err)
		}
	}
	closeDB(t, d)
	d = open(t, path, Options{ReadOnly: true})
	defer closeDB(t, d)
	for _, want := range []Campaign{a2, b} {
		got, err := d.Campaign(want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v: %v", got, want, err)
		}
	}
	if all, err := d.Campaigns(); err != nil || len(all) != 2 {
		t.Error(all, err)
	}
	if ids, err := d.CampaignsOf(1); err != nil || !slices.Equal(ids, []string{"b", "it's a"}) {
		t.Error(ids, err)
	}
	if _, err := d.Campaign("none"); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, err := d.Account("none"); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

// TestViews holds that an analyst's views can be read and speak plainly.
func TestViews(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "ledger.duckdb"), ours)
	l := ledger.New(ledger.Options{Drained: true})
	l.Register([]ledger.SignUp{{Account: "first\x00\xff", Created: day0}})
	o := exchange.NewObservable(exchange.Failover, 1<<56-1)
	for i, name := range []string{"first\x00\xff", "second"} {
		x := exchange.Trace{Time: day0.Add(time.Duration(i+1) * time.Hour), Account: name}
		x.Leave(o)
		l.Take(&x)
	}
	b := &Batch{Step: 1, Until: day0, Campaigns: []Campaign{{ID: "c", Evidence: []Evidence{{Observable: o}}}}}
	l.Drain(&b.Changes)
	if err := errors.Join(d.Append(b), d.Append(&Batch{Step: 2})); err != nil {
		t.Fatal(err)
	}
	d = reopen(t, d)
	defer closeDB(t, d)
	for query, want := range map[string]string{
		"SELECT kind || ' ' || family || ' ' || first::VARCHAR || ' ' || count FROM sighting ORDER BY first LIMIT 1": "fail-over behaviour 2026-05-01 01:00:00 1",
		"SELECT kind || ' ' || accounts FROM trail":                                                                 "fail-over 2",
		"SELECT name || ' ' || created::VARCHAR || ' ' || coalesce(banned::VARCHAR, '-') FROM account WHERE id = 0": "first\x00\ufffd 2026-05-01 00:00:00 -",
		"SELECT hour::VARCHAR || ' ' || exchanges FROM activity WHERE account = 1":                                  "2026-05-01 02:00:00 1",
		"SELECT kind || ' ' || nats FROM evidence":                                                                  "fail-over 0.0",
		"SELECT count(*)::VARCHAR FROM campaign JOIN member ON campaign.id = member.campaign":                       "0",
	} {
		var got string
		if err := d.sql.QueryRowContext(context.Background(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s\n\tgives %q, want %q: %v", query, got, want, err)
		}
	}
}

// reopen closes d, so that all is written, and opens it again.
func reopen(t *testing.T, d *DB) *DB {
	t.Helper()
	closeDB(t, d)
	return open(t, d.path, ours)
}

// TestForeign holds that a ledger of other rules is refused with a remedy, and
// begun anew only when asked.
func TestForeign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	d := open(t, path, ours)
	if err := d.Append(&Batch{Step: 4, Until: day0}); err != nil {
		t.Fatal(err)
	}
	closeDB(t, d)
	for _, o := range []Options{{Key: "k2", Signals: 3}, {Key: "k1", Signals: 4}, {Key: "k2", ReadOnly: true}} {
		if _, err := Open(path, o); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "--rebuild") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	d = open(t, path, Options{Key: "k2", Signals: 4, Fresh: true})
	if step, _ := d.Step(); step != 0 {
		t.Errorf("step %d of a new ledger", step)
	}
	closeDB(t, d)
	if _, err := Open(filepath.Join(t.TempDir(), "none"), Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "what?.duckdb"), ours); err == nil {
		t.Error("a path that DuckDB would cut")
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("not a ledger, and longer than a header of any kind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(text, ours); err == nil {
		t.Error("a file that is no ledger")
	}
}

// TestEveryProfileField holds that the columns cover what hunt knows of an account.
func TestEveryProfileField(t *testing.T) {
	var p ledger.Profile
	v := reflect.ValueOf(&p.Account).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("name")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Uint32, reflect.Uint64:
			f.SetUint(uint64(i) + 1)
		case reflect.Array:
			for j := range f.Len() {
				f.Index(j).SetUint(uint64(100*i + j))
			}
		case reflect.Slice: // Carried and Left: the sightings have it
		default:
			t.Fatalf("field %s is of a kind this test does not know", reflect.TypeFor[hunt.Account]().Field(i).Name)
		}
	}
	d := open(t, filepath.Join(t.TempDir(), "ledger.duckdb"), ours)
	if err := d.Append(&Batch{Step: 1, Changes: ledger.Changes{Accounts: []ledger.Profile{p}}}); err != nil {
		t.Fatal(err)
	}
	d = reopen(t, d)
	defer closeDB(t, d)
	if got, err := d.Account("name"); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, want %+v: %v", got, p, err)
	}
}
