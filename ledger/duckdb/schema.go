package duckdb

import (
	"fmt"
	"strings"

	"iolaus/exchange"
)

// schemaVersion changes with the tables. Times are Unix seconds in the tables
// and timestamps (UTC) in the views.
const schemaVersion = 1

// counters are the columns of an account's exchanges by capability.
var counters = [exchange.Capabilities]string{
	exchange.Other: "other", exchange.Agentic: "agentic", exchange.Coding: "coding", exchange.Reasoning: "reasoning",
	exchange.Grading: "grading", exchange.Generation: "generation", exchange.Rewriting: "rewriting",
}

// tables are the rows as they are appended.
var tables = [...]string{
	`meta (version UINTEGER, key VARCHAR, signals UINTEGER, tool VARCHAR)`,
	`batch (step UBIGINT, until UINTEGER, accounts UINTEGER, sightings UINTEGER, hours UINTEGER)`,
	`kind (id UTINYINT, name VARCHAR, family VARCHAR)`,
	`account_log (step UBIGINT, id UINTEGER, name VARCHAR, owner UINTEGER, created UINTEGER, banned UINTEGER, first UINTEGER, last UINTEGER,
		allowed BOOLEAN, exchanges UINTEGER, failures UINTEGER, templated UINTEGER, fresh UINTEGER, substance UINTEGER, customers UINTEGER,
		input UBIGINT, output UBIGINT, ` + strings.Join(counters[:], " UINTEGER, ") + ` UINTEGER)`,
	`sighting_log (account UINTEGER, observable UBIGINT, first UINTEGER, last UINTEGER, count UINTEGER)`,
	`activity_log (account UINTEGER, hour UINTEGER, exchanges UINTEGER, failures UINTEGER)`,
	`campaign_row (id VARCHAR, detected UINTEGER, first UINTEGER, last UINTEGER, score DOUBLE, accounts UINTEGER, exchanges UBIGINT, output UBIGINT)`,
	`member_row (campaign VARCHAR, account UINTEGER, added UINTEGER, score DOUBLE)`,
	`evidence_row (campaign VARCHAR, observable UBIGINT, inside UINTEGER, owners UINTEGER, nats DOUBLE)`,
}

// views are what an analyst reads.
var views = [...]string{
	`account AS SELECT id, name, owner, ` + instant("created") + `, ` + instant("banned") + `, ` + instant("first") + `, ` + instant("last") + `,
		allowed, exchanges, failures, templated, fresh, substance, customers, input, output, ` + strings.Join(counters[:], ", ") + `
		FROM account_log QUALIFY row_number() OVER (PARTITION BY id ORDER BY step DESC, exchanges DESC) = 1`,
	`sighting AS SELECT account, observable, kind.name AS kind, family,
		make_timestamp(1000000 * min(first)::BIGINT) AS first, make_timestamp(1000000 * max(last)::BIGINT) AS last, sum(count)::UBIGINT AS count
		FROM sighting_log LEFT JOIN kind ON kind.id = (observable >> 56)::UTINYINT GROUP BY account, observable, kind.name, family`,
	`activity AS SELECT account, ` + instant("hour") + `, sum(exchanges)::UBIGINT AS exchanges, sum(failures)::UBIGINT AS failures
		FROM activity_log GROUP BY account, activity_log.hour`,
	`trail AS SELECT observable, kind.name AS kind, family, count(DISTINCT account)::UINTEGER AS accounts, sum(count)::UBIGINT AS count
		FROM sighting_log LEFT JOIN kind ON kind.id = (observable >> 56)::UTINYINT GROUP BY observable, kind.name, family`,
	`campaign AS SELECT id, ` + instant("detected") + `, ` + instant("first") + `, ` + instant("last") + `, score, accounts, exchanges, output FROM campaign_row`,
	`member AS SELECT campaign, account, ` + instant("added") + `, score FROM member_row`,
	`evidence AS SELECT campaign, observable, kind.name AS kind, family, inside, owners, nats
		FROM evidence_row LEFT JOIN kind ON kind.id = (observable >> 56)::UTINYINT`,
}

// instant is a column of Unix seconds as a timestamp; 0 is NULL.
func instant(column string) string {
	return fmt.Sprintf("make_timestamp(1000000 * nullif(%s, 0)::BIGINT) AS %s", column, column)
}

// schema returns the statements that make what is missing. The kinds are
// written anew each time: a later version may know more of them.
func schema() []string {
	out := []string{"BEGIN"}
	for _, t := range tables {
		out = append(out, "CREATE TABLE IF NOT EXISTS "+t)
	}
	for _, v := range views {
		out = append(out, "CREATE OR REPLACE VIEW "+v)
	}
	out = append(out, "DELETE FROM kind")
	for k := exchange.Kind(1); k < exchange.Kinds; k++ {
		out = append(out, fmt.Sprintf("INSERT INTO kind VALUES (%d, '%s', '%s')", k, k, k.Family()))
	}
	return append(out, "COMMIT")
}

// compaction merges rows. A table is written anew and takes the old one's name;
// the views follow names.
var compaction = []string{
	`CREATE TABLE merged AS SELECT account, observable, min(first) AS first, max(last) AS last, sum(count)::UINTEGER AS count
		FROM sighting_log GROUP BY account, observable ORDER BY observable, account`,
	`DROP TABLE sighting_log`, `ALTER TABLE merged RENAME TO sighting_log`,
	`CREATE TABLE merged AS SELECT account, hour, sum(exchanges)::UINTEGER AS exchanges, sum(failures)::UINTEGER AS failures
		FROM activity_log GROUP BY account, hour ORDER BY account, hour`,
	`DROP TABLE activity_log`, `ALTER TABLE merged RENAME TO activity_log`,
	`CREATE TABLE merged AS SELECT * FROM account_log QUALIFY row_number() OVER (PARTITION BY id ORDER BY step DESC, exchanges DESC) = 1 ORDER BY id`,
	`DROP TABLE account_log`, `ALTER TABLE merged RENAME TO account_log`,
	`CREATE TABLE merged AS SELECT max(step) AS step, max(until) AS until, sum(accounts)::UINTEGER AS accounts,
		sum(sightings)::UINTEGER AS sightings, sum(hours)::UINTEGER AS hours FROM batch`,
	`DROP TABLE batch`, `ALTER TABLE merged RENAME TO batch`,
}
