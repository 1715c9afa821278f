package source

import (
	"net/netip"
	"strings"

	"iolaus/exchange"
)

// Known is what another log knows of requests, by request id: what a gateway's
// log lacks, such as the address that only CloudTrail has. It is held in memory,
// about 200 bytes a request.
type Known struct {
	by   map[string]known
	seen map[string]string // each repeated text once
}

// known is what is known of one request.
type known struct {
	account, key, org, session, agent, tls string
	address                                netip.Addr
}

// fill completes x where its own log is silent.
func (k *Known) fill(x *exchange.Exchange) {
	v, ok := k.by[x.ID]
	if !ok {
		if v, ok = k.by[x.ResponseID]; !ok {
			return
		}
	}
	x.Account = first(x.Account, v.account)
	x.Key = first(x.Key, v.key)
	x.Org = first(x.Org, v.org)
	x.Session = first(x.Session, v.session)
	x.UserAgent = first(x.UserAgent, v.agent)
	x.TLS = first(x.TLS, v.tls)
	if !x.Address.IsValid() {
		x.Address = v.address
	}
}

// Len is how many requests are known.
func (k *Known) Len() int { return len(k.by) }

// Join reads what other logs know of requests: CloudTrail's records, JSON
// lines or a CSV table with a header, plain, gzip or zstd; of two records of a
// request the later counts. A record needs the
// request's id (requestID, request_id, requestId, id, x-request-id or
// correlationId) and gives any of: account, key, org, session, address
// (sourceIPAddress, address, client_ip, ip), user agent (userAgent, user_agent)
// and TLS fingerprint (tls, ja4). Records that say nothing go to reject.
func Join(paths []string, reject func(Reject)) (*Known, error) {
	j := newJoining("", reject)
	for _, path := range paths {
		j.file, j.line = path, 0
		if err := j.readFile(); err != nil {
			return nil, err
		}
	}
	j.k.seen = nil
	return j.k, nil
}

// joining is one reading of a join's file.
type joining struct {
	rows
	k *Known
}

func newJoining(name string, reject func(Reject)) *joining {
	j := &joining{rows: rows{kind: "join", file: name, reject: reject}, k: &Known{by: map[string]known{}, seen: map[string]string{}}}
	j.object = func(c *cursor) { j.record(c, true) }
	j.row = func(header, values []string) {
		var row joinRow
		for i, v := range values {
			row.set(header[i], v)
		}
		j.add(&row)
	}
	return j
}

// record reads one record, or CloudTrail's list of them.
func (j *joining) record(c *cursor, outer bool) {
	var row joinRow
	var k string
	wrapped := false
	for ok := c.object(); ok && c.key(&k); {
		switch {
		case outer && (k == "Records" || k == "records"):
			wrapped = true
			for ok := c.array(); ok && c.more(); {
				j.record(c, false)
			}
		case k == "userIdentity":
			row.v.key = c.lookupOnce("arn")
		default:
			row.set(k, c.scalar())
		}
	}
	if !wrapped && !c.bad {
		j.add(&row)
	}
}

// joinRow is one record under way.
type joinRow struct {
	id string
	v  known
}

func (r *joinRow) set(k, s string) {
	switch k {
	case "requestID", "request_id", "requestId", "x-request-id", "correlationId":
		r.id = first(s, r.id)
	case "id":
		r.id = first(r.id, s)
	case "account", "account_id":
		r.v.account = s
	case "key", "api_key_id":
		r.v.key = s
	case "org", "org_id":
		r.v.org = s
	case "session", "session_id":
		r.v.session = s
	case "sourceIPAddress", "address", "client_ip", "ip":
		r.v.address = address(s)
	case "userAgent", "user_agent":
		r.v.agent = s
	case "tls", "ja4":
		r.v.tls = s
	}
}

// add keeps a record that says something of a request.
func (j *joining) add(r *joinRow) {
	switch {
	case r.id == "":
		j.refuse("request_id", BadRecord, "give each record the request's id")
		return
	case r.v == (known{}):
		return // says nothing that an exchange could use
	}
	for _, s := range []*string{&r.v.account, &r.v.key, &r.v.org, &r.v.session, &r.v.agent, &r.v.tls} {
		*s = j.once(*s)
	}
	j.k.by[strings.Clone(r.id)] = r.v
}

// once keeps one copy of a text.
func (j *joining) once(s string) string {
	if s == "" {
		return ""
	}
	kept, ok := j.k.seen[s]
	if !ok {
		kept = strings.Clone(s)
		j.k.seen[kept] = kept
	}
	return kept
}
