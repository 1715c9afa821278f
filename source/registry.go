package source

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"iolaus/exchange"
)

// Registry reads the sign-up registry at path: JSON lines or CSV with a header,
// plain, gzip or zstd. Every field but account_id may be missing. A row that
// cannot be used, and once each column that means nothing here, go to reject,
// which may be nil. The error is for a file that cannot be read at all or to its end.
//
// Fields: account_id, created_at, email_domain, email_local_pattern,
// payment_fingerprint, payment_bin_country, phone_country, billing_country,
// org_id, org_name, programme, verified, plan, status, banned_at.
func Registry(path string, reject func(Reject)) ([]exchange.Account, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read registry: %w", err)
	}
	defer f.Close()
	r, done, err := decompress(bufio.NewReaderSize(f, 1<<18))
	if err != nil {
		return nil, fmt.Errorf("cannot read registry %s: %w", path, err)
	}
	defer done()
	reg := &registry{file: path, reject: reject, unknown: map[string]bool{}}
	if reject == nil {
		reg.reject = func(Reject) {}
	}
	buf := bufio.NewReaderSize(r, 1<<18)
	if head, _ := buf.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		buf.Discard(3)
	}
	if firstByte(buf) == '{' {
		err = reg.lines(buf)
	} else {
		err = reg.table(buf)
	}
	if err != nil {
		return reg.all, fmt.Errorf("cannot read registry %s after %d accounts: %w", path, len(reg.all), err)
	}
	return reg.all, nil
}

// firstByte skips blanks and looks at what follows.
func firstByte(r *bufio.Reader) byte {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			r.UnreadByte()
			return b
		}
	}
}

// A registry is one reading of a registry file.
type registry struct {
	file    string
	line    int
	reject  func(Reject)
	unknown map[string]bool
	all     []exchange.Account
}

func (g *registry) refuse(field, reason, remedy string) {
	g.reject(Reject{File: g.file, Line: g.line, Field: field, Reason: reason, Remedy: remedy})
}

func (g *registry) lines(r *bufio.Reader) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 16<<20)
	for sc.Scan() {
		g.line++
		line := bytes.TrimSpace(sc.Bytes())
		if len(line) == 0 {
			continue
		}
		c := cursor{b: line}
		if c.peek() != '{' {
			g.refuse("", NotJSON, remedyJSON)
			continue
		}
		row := accountRow{}
		c.object()
		var k string
		for c.key(&k) {
			row.set(g, k, c.scalar())
		}
		if !c.done() {
			g.refuse("", NotJSON, remedyJSON)
			continue
		}
		g.add(&row)
	}
	return sc.Err()
}

func (g *registry) table(r io.Reader) error {
	in := csv.NewReader(r)
	in.ReuseRecord, in.FieldsPerRecord, in.LazyQuotes = true, -1, true
	record, err := in.Read()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	header := make([]string, len(record))
	for i, h := range record {
		header[i] = strings.ToLower(strings.TrimSpace(h))
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			g.line = bad.Line
			g.refuse("", BadRecord, "quote fields that hold quotes or line breaks")
			continue
		}
		if err != nil {
			return err
		}
		g.line, _ = in.FieldPos(0)
		row := accountRow{}
		for i, v := range record[:min(len(record), len(header))] {
			row.set(g, header[i], strings.TrimSpace(v))
		}
		g.add(&row)
	}
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
