package source

import (
	"io"
	"strings"

	"iolaus/exchange"
)

// Registry reads the sign-up registry at path: JSON lines, a JSON list or CSV with
// a header, plain, gzip or zstd. Every field but account_id may be missing. A row that
// cannot be used, and once each column that means nothing here, go to reject,
// which may be nil. The error is for a file that cannot be read at all or to its end.
//
// Fields: account_id, created_at, email_domain, email_local_pattern,
// payment_fingerprint, payment_bin_country, phone_country, billing_country,
// org_id, org_name, programme, verified, plan, status, banned_at.
func Registry(path string, reject func(Reject)) ([]exchange.Account, error) {
	g := newRegistry(path, reject)
	err := g.readFile()
	return g.all, err
}

// Accounts reads registry rows from r as Registry does of a file; name is what
// rejects call it.
func Accounts(name string, r io.Reader, reject func(Reject)) ([]exchange.Account, error) {
	g := newRegistry(name, reject)
	err := g.read(r)
	return g.all, err
}

// A registry is one reading of a registry file.
type registry struct {
	rows
	unknown map[string]bool
	all     []exchange.Account
}

func newRegistry(name string, reject func(Reject)) *registry {
	g := &registry{rows: rows{kind: "registry", file: name, reject: reject, fold: true}, unknown: map[string]bool{}}
	g.object = func(c *cursor) {
		var row accountRow
		var k string
		for ok := c.object(); ok && c.key(&k); {
			row.set(g, k, c.scalar())
		}
		if c.done() {
			g.add(&row)
		}
	}
	g.row = func(header, values []string) {
		var row accountRow
		for i, v := range values {
			row.set(g, header[i], v)
		}
		g.add(&row)
	}
	return g
}

// An accountRow is an account with what decides at its end.
type accountRow struct {
	a      exchange.Account
	banned bool
}

// set takes one field; an empty or null one is absent.
func (row *accountRow) set(g *registry, k, v string) {
	a := &row.a
	switch k {
	case "account_id":
		a.ID = strings.Clone(v)
	case "created_at":
		a.Created = moment(g.time(k, v))
	case "email_domain":
		a.EmailDomain = strings.Clone(strings.ToLower(v))
	case "email_local_pattern":
		a.EmailPattern = strings.Clone(v)
	case "payment_fingerprint":
		a.Payment = strings.Clone(v)
	case "payment_bin_country":
		a.BINCountry = strings.Clone(v)
	case "phone_country":
		a.PhoneCountry = strings.Clone(v)
	case "billing_country":
		a.BillCountry = strings.Clone(v)
	case "org_id":
		a.Org = strings.Clone(v)
	case "org_name":
		a.OrgName = strings.Clone(v)
	case "programme":
		a.Programme = strings.Clone(strings.ToLower(v))
	case "verified":
		a.Verified = v == "true" || v == "True" || v == "TRUE" || v == "1" || v == "t" || v == "yes"
	case "plan":
		a.Plan = strings.Clone(v)
	case "status":
		row.banned = v == "banned"
	case "banned_at":
		a.Banned = moment(g.time(k, v))
	default:
		row.other(g, k)
	}
}

func (row *accountRow) other(g *registry, k string) {
	if k != "" && !g.unknown[k] {
		k = strings.Clone(k)
		g.unknown[k] = true
		g.refuse(k, UnknownField, "nothing: the column is not used")
	}
}

// time reads a time of the registry, which may be older than any log.
func (g *registry) time(field, v string) int64 {
	if v == "" {
		return 0
	}
	ns, ok := epoch(v)
	if !ok {
		ns, ok = calendar(v)
	}
	if !ok && len(v) == len("2006-01-02") {
		ns, ok = calendar(v + "T00:00:00Z")
	}
	if !ok || ns <= 0 || ns >= latest {
		g.refuse(field, BadTime, "write times in RFC 3339")
		return badTime
	}
	return ns
}

func (g *registry) add(row *accountRow) {
	switch {
	case row.a.ID == "":
		g.refuse("account_id", NoAccount, "give each row the account's id")
		return
	case row.banned && row.a.Banned.IsZero():
		g.refuse("banned_at", BadRecord, "say since when the account is banned; it counts as active")
	}
	g.all = append(g.all, row.a)
}
