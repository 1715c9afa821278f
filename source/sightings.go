package source

import (
	"slices"
	"strings"

	"iolaus/exchange"
)

// sightingsFormat is the plainest log there is: who touched what, and when. A
// line is a JSON object with an account, an object and a time under one of their
// usual names, or those three in this order with commas or tabs between them.
// The object becomes the exchange's only text, letter for letter. A JSON line
// without one is sound and says nothing.
func sightingsFormat() format {
	return format{
		name:    "sightings",
		account: "account",
		fits: func(p *probe) bool {
			return some(p, "account", "account_id", "user_id", "author_id") &&
				some(p, "object", "object_id", "url_id", "item_id") &&
				some(p, "time", "timestamp", "timestamp_share")
		},
		decode: (*decoder).sighting,
		plain:  true,
		many:   true,
	}
}

// some says whether a line has one of these fields.
func some(p *probe, names ...string) bool { return slices.ContainsFunc(names, p.has) }

// The names of the fields. Of a line's accounts and objects the first in the
// order of the list that is not empty counts; Options.Account and Options.Object
// take others.
var (
	accountNames = [...]string{"account", "account_id", "user", "user_id", "author_id", "id_user"}
	timeNames    = [...]string{"time", "timestamp", "timestamp_share", "created_at"}
	objectNames  = [...]string{"object", "object_id", "item", "item_id", "url_id", "url", "link", "content"}
)

func (d *decoder) sighting() {
	c, x := &d.c, &d.x
	var object string
	if c.peek() == '{' {
		best, owner := len(objectNames), len(accountNames)
		var k string
		c.object()
		for c.key(&k) {
			at := slices.Index(objectNames[:], k)
			switch {
			case d.object != "" && k == d.object:
				object = c.scalar()
			case slices.Contains(accountNames[:], k):
				if a, i := c.scalar(), slices.Index(accountNames[:], k); a != "" && i < owner {
					owner, x.Account = i, a
				}
			case slices.Contains(timeNames[:], k):
				d.start = c.instant()
			case k == "id":
				x.ID = c.scalar()
			case d.object == "" && at >= 0 && at < best:
				if o := c.scalar(); o != "" {
					best, object = at, o
				}
			default:
				c.skip()
			}
		}
		if c.done() && object == "" {
			d.other()
			return
		}
	} else {
		object = d.sightingTable()
	}
	if !c.done() {
		return // line says so
	}
	x.Operation = "sighting"
	if object != "" {
		x.Turns = append(x.Turns, exchange.Turn{Role: "user", Text: object})
	}
	d.yield()
}

// sightingTable reads account, object and time from a line of a table; the
// object may hold the separator itself.
func (d *decoder) sightingTable() (object string) {
	line := mended(d.c.b)
	d.c.i = len(d.c.b)
	mark := ","
	if strings.Contains(line, "\t") {
		mark = "\t"
	}
	account, rest, ok := strings.Cut(line, mark)
	at := strings.LastIndex(rest, mark)
	if !ok || at < 0 {
		d.c.fail()
		return ""
	}
	d.x.Account = strings.TrimSpace(account)
	if when := strings.TrimSpace(rest[at+1:]); when != "" {
		d.start = instant(when)
	}
	return strings.TrimSpace(rest[:at])
}
