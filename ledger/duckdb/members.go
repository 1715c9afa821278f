package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"iolaus/ledger"
)

// Members returns the profiles of a campaign's accounts, by their index.
func (d *DB) Members(campaign string) ([]ledger.Profile, error) {
	return d.accounts("id IN (SELECT account FROM member_row WHERE campaign = ?)", campaign)
}

// MemberHours returns the exchanges of a campaign's accounts hour by hour, by
// account and hour; hours without any are absent.
func (d *DB) MemberHours(campaign string) ([]ledger.Hour, error) {
	const query = `SELECT account, hour, sum(exchanges)::UINTEGER, sum(failures)::UINTEGER FROM activity_log
		WHERE account IN (SELECT account FROM member_row WHERE campaign = ?) GROUP BY account, hour ORDER BY account, hour`
	return rows(d, query, []any{campaign}, scanHour)
}

// Hours returns the exchanges of all accounts together, hour by hour; Account is 0.
func (d *DB) Hours() ([]ledger.Hour, error) {
	const query = `SELECT 0::UINTEGER, hour, least(sum(exchanges), 4294967295)::UINTEGER, least(sum(failures), 4294967295)::UINTEGER FROM activity_log GROUP BY hour ORDER BY hour`
	return rows(d, query, nil, scanHour)
}

// A Busy is how many accounts were active in an hour.
type Busy struct{ Hour, Accounts uint32 }

// Busy returns how many accounts were active, hour by hour; hours without any are absent.
func (d *DB) Busy() ([]Busy, error) {
	const query = `SELECT hour, count(DISTINCT account)::UINTEGER FROM activity_log GROUP BY hour ORDER BY hour`
	return rows(d, query, nil, func(r *sql.Rows, b *Busy) error { return r.Scan(&b.Hour, &b.Accounts) })
}

func scanHour(r *sql.Rows, h *ledger.Hour) error {
	return r.Scan(&h.Account, &h.Hour, &h.Exchanges, &h.Failures)
}

// An Extent is how much a ledger remembers.
type Extent struct {
	Accounts    int // that made at least one exchange
	Exchanges   uint64
	First, Last time.Time // of its exchanges; zero for none
}

// Extent returns how much the ledger remembers.
func (d *DB) Extent() (Extent, error) {
	const query = `SELECT count(*), coalesce(sum(exchanges), 0)::UBIGINT, coalesce(epoch(min(first)), 0)::BIGINT, coalesce(epoch(max(last)), 0)::BIGINT FROM account WHERE exchanges > 0`
	var e Extent
	var first, last int64
	if err := d.conn.QueryRowContext(context.Background(), query).Scan(&e.Accounts, &e.Exchanges, &first, &last); err != nil {
		return e, fmt.Errorf("cannot read the ledger: %w", err)
	}
	if e.Accounts > 0 {
		e.First, e.Last = time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC()
	}
	return e, nil
}
