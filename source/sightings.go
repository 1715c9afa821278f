package source

import (
	"strings"

	"iolaus/exchange"
)

// sightingsFormat is the plainest log there is: who touched what, and when. A
// line is a JSON object with account, object and time, or those three with commas
// or tabs between them. The object becomes the exchange's only text, so that
// accounts are compared by the objects they share.
func sightingsFormat() format {
	return format{
		name:    "sightings",
		account: "account",
		fits: func(p *probe) bool {
			return p.has("account") && p.has("object") && p.has("time")
		},
		decode: (*decoder).sighting,
		plain:  true,
	}
}

func (d *decoder) sighting() {
	c, x := &d.c, &d.x
	var object string
	if c.peek() == '{' {
		var k string
		c.object()
		for c.key(&k) {
			switch k {
			case "account", "account_id":
				x.Account = c.scalar()
			case "object", "object_id", "url_id", "item":
				object = c.scalar()
			case "time", "timestamp":
				d.start = c.instant()
			case "id":
				x.ID = c.scalar()
			default:
				c.skip()
			}
		}
	} else {
		object = d.sightingTable()
	}
	x.Operation = "sighting"
	if object != "" {
		x.Turns = append(x.Turns, exchange.Turn{Role: "user", Text: object})
	}
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
