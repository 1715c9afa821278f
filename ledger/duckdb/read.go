package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
)

// A Carrier is an account that left an observable.
type Carrier struct {
	Account     uint32
	Name        string
	Owner       uint32
	First, Last time.Time
	Count       uint64
}

// Account returns the profile of the account of that name, as of the last batch.
func (d *DB) Account(name string) (ledger.Profile, error) {
	found, err := d.accounts("name = ?", name)
	if err != nil {
		return ledger.Profile{}, err
	}
	if len(found) == 0 {
		return ledger.Profile{}, fmt.Errorf("account %q: %w", name, ErrNone)
	}
	return found[0], nil
}

// Accounts returns all profiles by their index.
func (d *DB) Accounts() ([]ledger.Profile, error) { return d.accounts("true") }

func (d *DB) accounts(where string, args ...any) ([]ledger.Profile, error) {
	query := "SELECT id, name, owner, created, banned, first, last, allowed, exchanges, failures, templated, fresh, substance, customers, input, output, " +
		strings.Join(counters[:], ", ") +
		" FROM account_log WHERE " + where + " QUALIFY row_number() OVER (PARTITION BY id ORDER BY step DESC, exchanges DESC) = 1 ORDER BY id"
	return rows(d, query, args, func(r *sql.Rows, p *ledger.Profile) error {
		to := []any{&p.ID, &p.Name, &p.Owner, &p.Created, &p.Banned, &p.First, &p.Last, &p.Allowed, &p.Exchanges, &p.Failures,
			&p.Templated, &p.Fresh, &p.Substance, &p.Customers, &p.Input, &p.Output}
		for i := range p.Capabilities {
			to = append(to, &p.Capabilities[i])
		}
		return r.Scan(to...)
	})
}

// Sightings returns what an account left that others left too, merged, by kind
// and observable.
func (d *DB) Sightings(account uint32) ([]ledger.Delta, error) {
	const query = `SELECT account, observable, min(first), max(last), sum(count)::UINTEGER FROM sighting_log
		WHERE account = ? GROUP BY account, observable ORDER BY observable`
	return rows(d, query, []any{account}, func(r *sql.Rows, s *ledger.Delta) error {
		return r.Scan(&s.Account, (*uint64)(&s.Observable), &s.First, &s.Last, &s.Count)
	})
}

// Carriers returns the accounts that left an observable, earliest first.
func (d *DB) Carriers(o exchange.Observable) ([]Carrier, error) {
	// The hash may exceed what database/sql takes for a number; it is written out.
	query := fmt.Sprintf(`SELECT s.account, any_value(a.name), any_value(a.owner), min(s.first) AS since, max(s.last), sum(s.count)::UBIGINT
		FROM sighting_log s JOIN (SELECT DISTINCT ON (id) id, name, owner FROM account_log) a ON a.id = s.account
		WHERE observable = %d GROUP BY s.account ORDER BY since, s.account`, uint64(o))
	return rows(d, query, nil, func(r *sql.Rows, c *Carrier) error {
		var first, last int64
		err := r.Scan(&c.Account, &c.Name, &c.Owner, &first, &last, &c.Count)
		c.First, c.Last = time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC()
		return err
	})
}

// Activity returns an account's exchanges hour by hour; hours without any are absent.
func (d *DB) Activity(account uint32) ([]ledger.Hour, error) {
	const query = `SELECT account, hour, sum(exchanges)::UINTEGER, sum(failures)::UINTEGER FROM activity_log
		WHERE account = ? GROUP BY account, hour ORDER BY hour`
	return rows(d, query, []any{account}, func(r *sql.Rows, h *ledger.Hour) error {
		return r.Scan(&h.Account, &h.Hour, &h.Exchanges, &h.Failures)
	})
}

// Campaigns returns all campaigns in the order of their detection, without their
// members and evidence.
func (d *DB) Campaigns() ([]Campaign, error) { return d.campaigns("true") }

func (d *DB) campaigns(where string, args ...any) ([]Campaign, error) {
	query := "SELECT id, detected, first, last, score, exchanges, output FROM campaign_row WHERE " + where + " ORDER BY detected, id"
	return rows(d, query, args, func(r *sql.Rows, c *Campaign) error {
		var at [3]int64
		err := r.Scan(&c.ID, &at[0], &at[1], &at[2], &c.Score, &c.Exchanges, &c.Output)
		for i, t := range [...]*time.Time{&c.Detected, &c.First, &c.Last} {
			*t = time.Unix(at[i], 0).UTC()
		}
		return err
	})
}

// Campaign returns one campaign with its members, in the order in which they
// were added, and its evidence, strongest first.
func (d *DB) Campaign(id string) (Campaign, error) {
	found, err := d.campaigns("id = ?", id)
	if err != nil {
		return Campaign{}, err
	}
	if len(found) == 0 {
		return Campaign{}, fmt.Errorf("campaign %q: %w", id, ErrNone)
	}
	c := found[0]
	c.Members, err = rows(d, "SELECT account, added, score FROM member_row WHERE campaign = ? ORDER BY added, account", []any{id},
		func(r *sql.Rows, m *Member) error {
			var added int64
			err := r.Scan(&m.Account, &added, &m.Score)
			m.Added = time.Unix(added, 0).UTC()
			return err
		})
	if err != nil {
		return Campaign{}, err
	}
	c.Evidence, err = rows(d, "SELECT observable, inside, owners, nats FROM evidence_row WHERE campaign = ? ORDER BY nats DESC, observable", []any{id},
		func(r *sql.Rows, e *Evidence) error {
			return r.Scan((*uint64)(&e.Observable), &e.Inside, &e.Owners, &e.Nats)
		})
	return c, err
}

// CampaignsOf returns the ids of the campaigns that an account is a member of.
func (d *DB) CampaignsOf(account uint32) ([]string, error) {
	return rows(d, "SELECT campaign FROM member_row WHERE account = ? ORDER BY campaign", []any{account},
		func(r *sql.Rows, id *string) error { return r.Scan(id) })
}

// rows runs a query on a connection of its own, so that it sees whole batches
// only, and scans what comes.
func rows[R any](d *DB, query string, args []any, scan func(*sql.Rows, *R) error) ([]R, error) {
	found, err := d.sql.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, fmt.Errorf("cannot read the ledger: %w", err)
	}
	defer found.Close()
	var out []R
	for found.Next() {
		var r R
		if err := scan(found, &r); err != nil {
			return nil, fmt.Errorf("cannot read the ledger: %w", err)
		}
		out = append(out, r)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("cannot read the ledger: %w", err)
	}
	return out, nil
}
