package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"iolaus/exchange"
	"iolaus/ledger"
)

// BatchRows is from how many pending rows (ledger.Pending) on a batch is worth
// writing: DuckDB writes whole row groups past its log, at half the cost. A live
// run also writes what is pending every minute or so.
const BatchRows = 1 << 18

// A Batch is what one or more steps of a run added: what ledger.Drain brought
// and the campaigns that changed.
type Batch struct {
	Step  uint64    // the last step of the journal that it holds
	Until time.Time // event time of that step
	ledger.Changes
	Campaigns []Campaign // each takes the place of what was known under its ID
}

// A Campaign is a set of accounts that one operator runs, as it stands.
type Campaign struct {
	ID          string
	Detected    time.Time
	First, Last time.Time // exchanges of its accounts
	Score       float64   // log-odds
	Exchanges   uint64
	Output      uint64 // tokens
	Members     []Member
	Evidence    []Evidence
}

// A Member is an account of a campaign.
type Member struct {
	Account uint32 // its index, as in ledger.Profile
	Added   time.Time
	Score   float64
}

// Evidence is an observable that speaks for a campaign, or against it.
type Evidence struct {
	Observable exchange.Observable
	Inside     uint32 // owners in the campaign that left it
	Owners     uint32 // owners that left it at all
	Nats       float64
}

// Append hands a batch to the writer and returns while it is being written; the
// batch is the ledger's from then on. It waits when the writer is a batch
// behind. An error is that of an earlier batch, and nothing is written after it.
func (d *DB) Append(b *Batch) error {
	if d.w == nil {
		return fmt.Errorf("cannot append to %s: it was opened for reading", d.path)
	}
	if err := d.w.failed(); err != nil {
		return err
	}
	d.w.queue <- b
	return nil
}

// A writer appends batches on its own goroutine.
type writer struct {
	conn  *sql.Conn
	queue chan *Batch
	err   atomic.Pointer[error]
	step  uint64 // of the batch in hand
	feeds feeds
}

// feeds are the ways into the tables.
type feeds struct {
	accounts  feed[ledger.Profile]
	sightings feed[ledger.Delta]
	hours     feed[ledger.Hour]
	campaigns feed[Campaign]
	members   feed[memberRow]
	evidence  feed[evidenceRow]
}

// memberRow and evidenceRow say whose they are.
type memberRow struct {
	campaign string
	Member
}

type evidenceRow struct {
	campaign string
	Evidence
}

func (w *writer) register() error {
	w.feeds = feeds{
		accounts: feed[ledger.Profile]{name: "new_accounts", columns: w.accountColumns()},
		sightings: feed[ledger.Delta]{name: "new_sightings", columns: []column[ledger.Delta]{
			u32(func(d *ledger.Delta) uint32 { return d.Account }),
			u64(func(d *ledger.Delta) uint64 { return uint64(d.Observable) }),
			u32(func(d *ledger.Delta) uint32 { return d.First }),
			u32(func(d *ledger.Delta) uint32 { return d.Last }),
			u32(func(d *ledger.Delta) uint32 { return d.Count }),
		}},
		hours: feed[ledger.Hour]{name: "new_hours", columns: []column[ledger.Hour]{
			u32(func(h *ledger.Hour) uint32 { return h.Account }),
			u32(func(h *ledger.Hour) uint32 { return h.Hour }),
			u32(func(h *ledger.Hour) uint32 { return h.Exchanges }),
			u32(func(h *ledger.Hour) uint32 { return h.Failures }),
		}},
		campaigns: feed[Campaign]{name: "new_campaigns", columns: campaignColumns()},
		members: feed[memberRow]{name: "new_members", columns: []column[memberRow]{
			text(func(m *memberRow) string { return m.campaign }),
			u32(func(m *memberRow) uint32 { return m.Account }),
			u32(func(m *memberRow) uint32 { return seconds(m.Added) }),
			col(duckdb.TYPE_DOUBLE, func(m *memberRow) float64 { return m.Score }),
		}},
		evidence: feed[evidenceRow]{name: "new_evidence", columns: []column[evidenceRow]{
			text(func(e *evidenceRow) string { return e.campaign }),
			u64(func(e *evidenceRow) uint64 { return uint64(e.Observable) }),
			u32(func(e *evidenceRow) uint32 { return e.Inside }),
			u32(func(e *evidenceRow) uint32 { return e.Owners }),
			col(duckdb.TYPE_DOUBLE, func(e *evidenceRow) float64 { return e.Nats }),
		}},
	}
	f := &w.feeds
	for _, register := range [...]func(*sql.Conn) error{
		f.accounts.register, f.sightings.register, f.hours.register, f.campaigns.register, f.members.register, f.evidence.register,
	} {
		if err := register(w.conn); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) accountColumns() []column[ledger.Profile] {
	columns := []column[ledger.Profile]{
		u64(func(*ledger.Profile) uint64 { return w.step }),
		u32(func(p *ledger.Profile) uint32 { return p.ID }),
		text(func(p *ledger.Profile) string { return p.Name }),
		u32(func(p *ledger.Profile) uint32 { return p.Owner }),
		u32(func(p *ledger.Profile) uint32 { return p.Created }),
		u32(func(p *ledger.Profile) uint32 { return p.Banned }),
		u32(func(p *ledger.Profile) uint32 { return p.First }),
		u32(func(p *ledger.Profile) uint32 { return p.Last }),
		col(duckdb.TYPE_BOOLEAN, func(p *ledger.Profile) bool { return p.Allowed }),
		u32(func(p *ledger.Profile) uint32 { return p.Exchanges }),
		u32(func(p *ledger.Profile) uint32 { return p.Failures }),
		u32(func(p *ledger.Profile) uint32 { return p.Templated }),
		u32(func(p *ledger.Profile) uint32 { return p.Fresh }),
		u32(func(p *ledger.Profile) uint32 { return p.Substance }),
		u32(func(p *ledger.Profile) uint32 { return p.Customers }),
		u64(func(p *ledger.Profile) uint64 { return p.Input }),
		u64(func(p *ledger.Profile) uint64 { return p.Output }),
	}
	for c := range exchange.Capabilities {
		columns = append(columns, u32(func(p *ledger.Profile) uint32 { return p.Capabilities[c] }))
	}
	return columns
}

func campaignColumns() []column[Campaign] {
	return []column[Campaign]{
		text(func(c *Campaign) string { return c.ID }),
		u32(func(c *Campaign) uint32 { return seconds(c.Detected) }),
		u32(func(c *Campaign) uint32 { return seconds(c.First) }),
		u32(func(c *Campaign) uint32 { return seconds(c.Last) }),
		col(duckdb.TYPE_DOUBLE, func(c *Campaign) float64 { return c.Score }),
		u32(func(c *Campaign) uint32 { return uint32(len(c.Members)) }),
		u64(func(c *Campaign) uint64 { return c.Exchanges }),
		u64(func(c *Campaign) uint64 { return c.Output }),
	}
}

// seconds is a time as the tables hold it.
func seconds(t time.Time) uint32 {
	return uint32(min(max(0, t.Unix()), 1<<32-1))
}

func (w *writer) failed() error {
	if e := w.err.Load(); e != nil {
		return *e
	}
	return nil
}

func (w *writer) run() {
	for b := range w.queue {
		if w.failed() != nil {
			continue
		}
		if err := transact(w.conn, func() error { return w.write(b) }); err != nil {
			err = fmt.Errorf("cannot write the ledger: %w", err)
			w.err.Store(&err)
		}
	}
}

// write appends a batch within a transaction.
func (w *writer) write(b *Batch) error {
	w.step = b.Step
	f := &w.feeds
	if err := f.accounts.write(w.conn, "account_log", b.Accounts); err != nil {
		return err
	}
	if err := f.sightings.write(w.conn, "sighting_log", b.Sightings); err != nil {
		return err
	}
	if err := f.hours.write(w.conn, "activity_log", b.Hours); err != nil {
		return err
	}
	if err := w.replace(b.Campaigns); err != nil {
		return err
	}
	_, err := w.conn.ExecContext(context.Background(), "INSERT INTO batch VALUES (?, ?, ?, ?, ?)",
		b.Step, seconds(b.Until), len(b.Accounts), len(b.Sightings), len(b.Hours))
	return err
}

// replace puts campaigns in the place of what was known under their ids.
func (w *writer) replace(campaigns []Campaign) error {
	if len(campaigns) == 0 {
		return nil
	}
	var members []memberRow
	var evidence []evidenceRow
	for i := range campaigns {
		c := &campaigns[i]
		for _, m := range c.Members {
			members = append(members, memberRow{c.ID, m})
		}
		for _, e := range c.Evidence {
			evidence = append(evidence, evidenceRow{c.ID, e})
		}
	}
	f := &w.feeds
	f.campaigns.rows = campaigns
	err := execAll(w.conn,
		"DELETE FROM member_row WHERE campaign IN (SELECT c0 FROM new_campaigns())",
		"DELETE FROM evidence_row WHERE campaign IN (SELECT c0 FROM new_campaigns())",
		"DELETE FROM campaign_row WHERE id IN (SELECT c0 FROM new_campaigns())")
	if err != nil {
		return err
	}
	if err := f.campaigns.write(w.conn, "campaign_row", campaigns); err != nil {
		return err
	}
	if err := f.members.write(w.conn, "member_row", members); err != nil {
		return err
	}
	return f.evidence.write(w.conn, "evidence_row", evidence)
}
