package source

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"github.com/zeebo/xxh3"

	"iolaus/exchange"
)

// A format is one kind of log line.
type format struct {
	name string
	// fits says whether a line with these top-level fields is of this format.
	fits func(p *probe) bool
	// decode reads the line under d.c into d.x. A format whose line may hold
	// several exchanges calls d.yield for each and sets many.
	decode func(d *decoder)
	many   bool
	wrap   string // field of an outer line that carries each line; "" when none does
	plain  bool   // lines need not be JSON objects
	// account names the field that is missing when nobody can be held to a line.
	account string
}

// formats is the whole list; the first that fits a file's first lines reads it.
func formats() []format {
	return []format{canonicalFormat(), litellmFormat(), spendlogsFormat(), pairFormat(), bedrockFormat(),
		kongFormat(), envoyFormat(), azureFormat(), heliconeFormat(), langfuseFormat(), otelFormat(), sightingsFormat()}
}

// Formats lists the names that Options.Format takes.
func Formats() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// A decoder turns one line after another into d.x. It is owned by one worker and
// keeps its memory from line to line.
type decoder struct {
	x       exchange.Exchange
	c       cursor
	f       *format
	path    string // Options.Account
	object  string // Options.Object
	account string // what stands there
	start   int64  // the request's start; moment of it is x.Time
	joint   []byte // texts joined from parts
	grown   int    // where in joint the text begins that was joined last
	room    int    // bytes that joint may take for one line
	spare   []byte // an id made up
	twin    []byte // of a line, for a first look at it
	pieces  []byte // of a streamed answer
	known   *Known // Options.Join
	brief   bool   // Options.Brief
	late    cursor // at the text of the user's newest turn, when it is unread
	lateAt  int    // which turn that is
	o       otelState
	marker  bool       // a text carries a truncation marker
	others  int        // sound lines, or parts of them, without an exchange
	floats  [2]float64 // behind x.Params
	ints    int64
	emit    func(x *exchange.Exchange)
	reject  func(field, reason, remedy string)
}

// line decodes one line and calls emit, reject or other at least once.
func (d *decoder) line(b []byte) {
	d.reset()
	d.room = 8*len(b) + 1<<16
	if d.f.wrap != "" {
		inner, sound := unwrap(b, d.f.wrap)
		switch {
		case !sound:
			d.reject("", NotJSON, remedyJSON)
			return
		case inner == nil:
			d.other() // something else that the container said
			return
		}
		b = inner
	}
	d.c = cursor{b: b}
	d.override(b)
	if d.c.peek() != '{' && !d.f.plain {
		d.reject("", NotJSON, remedyJSON)
		return
	}
	d.f.decode(d)
	switch {
	case !d.c.done():
		d.reject("", NotJSON, remedyJSON)
	case !d.f.many:
		d.yield()
	}
}

// override finds the account where Options.Account says; b is left as it is.
func (d *decoder) override(b []byte) {
	if d.path != "" {
		d.twin = append(d.twin[:0], b...)
		c := cursor{b: d.twin}
		d.account = c.lookup(d.path)
	}
}

// reset makes d.x ready for the next exchange.
func (d *decoder) reset() {
	d.x.Reset()
	d.account, d.start, d.joint, d.marker = "", 0, d.joint[:0], false
	d.grown = 0
}

// What to do about a reject.
const (
	remedyJSON    = "write one whole JSON object per line"
	remedyTime    = "log when the request began, in RFC 3339 or epoch seconds"
	remedyAccount = "log the account, or name the field that holds it with --account"
)

// yield completes d.x, which holds one exchange, and emits or rejects it.
func (d *decoder) yield() {
	x := &d.x
	if d.account != "" {
		x.Account = d.account
	} else if d.path != "" {
		x.Account = ""
	}
	if d.known != nil {
		d.known.fill(x)
	}
	switch {
	case d.start == 0:
		d.reject("time", NoTime, remedyTime)
		return
	case d.start == badTime:
		d.reject("time", BadTime, remedyTime)
		return
	case x.Account == "":
		field := d.f.account
		if d.path != "" {
			field = d.path
		}
		d.reject(field, NoAccount, remedyAccount)
		return
	}
	d.oneself()
	x.Time = moment(d.start)
	if x.ID == "" {
		x.ID = d.makeID()
	}
	if d.marker {
		x.Truncated = true
	}
	d.emit(x)
}

// other says that the line, or a part of it, is sound and holds no exchange.
func (d *decoder) other() { d.others++ }

// glue joins strings in d's memory.
func (d *decoder) glue(all ...string) string {
	start := len(d.joint)
	for _, s := range all {
		d.joint = append(d.joint, s...)
	}
	return text(d.joint[start:])
}

// makeID names an exchange that its gateway gave no id, so that the same line
// read twice is the same exchange.
func (d *decoder) makeID() string {
	h := xxh3.New()
	for _, s := range []string{d.x.Account, d.x.Time.String(), d.x.Session, d.x.Model, d.x.System, d.x.Newest(), d.x.Output} {
		h.WriteString(s)
		h.WriteString("\x00")
	}
	sum := h.Sum128().Bytes()
	d.spare = hex.AppendEncode(append(d.spare[:0], "line-"...), sum[:])
	return text(d.spare)
}

// lookup returns the scalar at a dotted path, "" when there is none. A key may
// hold dots itself; the longest fitting key is tried first.
func (c *cursor) lookup(path string) string {
	if !c.object() {
		return ""
	}
	var k, found string
	for c.key(&k) {
		switch {
		case found != "":
			c.skip()
		case k == path:
			found = c.scalar()
		case len(path) > len(k) && path[len(k)] == '.' && path[:len(k)] == k:
			found = c.lookup(path[len(k)+1:])
		default:
			c.skip()
		}
	}
	return found
}

// address reads an IP address, also with a port, in brackets or with a zone; the
// zero Addr when it is none. Of a forwarding list it takes the last public
// address: what stands before was written by the client itself and may be forged.
func address(s string) netip.Addr {
	if strings.IndexByte(s, ',') < 0 {
		return oneAddress(s)
	}
	var leftmost netip.Addr
	for list := strings.Split(s, ","); len(list) > 0; list = list[:len(list)-1] {
		a := oneAddress(list[len(list)-1])
		if a.IsValid() {
			leftmost = a
		}
		if a.IsGlobalUnicast() && !a.IsPrivate() {
			return a
		}
	}
	return leftmost
}

func oneAddress(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().WithZone("")
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

// containsFold is strings.Contains without regard to ASCII case.
func containsFold(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(sub)], sub) {
			return true
		}
	}
	return false
}

// first returns the first of s that is not empty.
func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
