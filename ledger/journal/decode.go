package journal

import (
	"encoding/binary"
	"errors"
	"time"

	"iolaus/exchange"
)

// errBody is what a body is that no frame encodes to.
var errBody = errors.New("the frame's body is damaged")

// A decoder reads frames' bodies. It keeps its memory, and the names it has met,
// so that equal names share their bytes.
type decoder struct {
	known map[string]string
	names []string
	keys  []exchange.Observable
	trace exchange.Trace
}

// maxKnown bounds the names a decoder keeps.
const maxKnown = 1 << 20

// A cursor reads a column; after the first fault it stays at bad.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) fail() {
	c.b, c.bad = nil, true
}

func (c *cursor) uvarint() uint64 {
	if len(c.b) > 0 && c.b[0] < 0x80 {
		v := c.b[0]
		c.b = c.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cursor) varint() int64 {
	u := c.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// small reads a number that must be at most limit.
func (c *cursor) small(limit int) int {
	v := c.uvarint()
	if v > uint64(limit) {
		c.fail()
		return 0
	}
	return int(v)
}

// take returns the next n bytes.
func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.fail()
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

// column returns a cursor over a column that begins with its length.
func (c *cursor) column() cursor {
	return cursor{b: c.take(c.small(maxRaw)), bad: c.bad}
}

func (c *cursor) byte() byte {
	if len(c.b) == 0 {
		c.fail()
		return 0
	}
	v := c.b[0]
	c.b = c.b[1:]
	return v
}

// decode calls take for each trace of a body. The trace is reused. Bodies that
// encode does not write are refused, in part after some of their traces were taken.
func (d *decoder) decode(body []byte, take func(*exchange.Trace) error) error {
	c := cursor{b: body}
	count := c.small(maxTraces)
	d.readNames(&c)
	customers := c.take(8 * c.small(min(len(c.b)/8, maxTraces)))
	d.readKeys(&c)
	ids := c.take(8 * count)
	times := timesOf(&c, count)
	heads, tokens, seen := c.column(), c.column(), c.column()
	if c.bad || len(c.b) > 0 {
		return errBody
	}
	r := rows{d: d, heads: heads, tokens: tokens, seen: seen, customers: customers}
	t := &d.trace
	for i := range count {
		*t = exchange.Trace{ID: binary.LittleEndian.Uint64(ids[8*i:]), Time: times.next()}
		if r.read(t); r.bad() || times.bad {
			return errBody
		}
		if err := take(t); err != nil {
			return err
		}
	}
	if r.left() || len(times.b) > 0 {
		return errBody
	}
	return nil
}

func (d *decoder) readNames(c *cursor) {
	d.names = d.names[:0]
	for range c.small(min(len(c.b), 3*maxTraces)) {
		b := c.take(c.small(maxName))
		s, ok := d.known[string(b)]
		if !ok {
			if d.known == nil || len(d.known) >= maxKnown {
				d.known = map[string]string{}
			}
			s = string(b)
			d.known[s] = s
		}
		if c.bad {
			return
		}
		d.names = append(d.names, s)
	}
}

func (d *decoder) readKeys(c *cursor) {
	n := c.small(min(len(c.b)/8, maxTraces*exchange.MaxObservables))
	kinds, hashes := c.take(n), c.take(7*n)
	d.keys = d.keys[:0]
	if c.bad {
		return
	}
	for i := range n {
		h := hashes[7*i : 7*i+7]
		hash := uint64(binary.LittleEndian.Uint32(h)) | uint64(binary.LittleEndian.Uint32(h[3:]))>>8<<32
		d.keys = append(d.keys, exchange.NewObservable(exchange.Kind(kinds[i]), hash))
	}
}

// clock reads the column of times.
type clock struct {
	cursor
	unit, last int64
}

func timesOf(c *cursor, count int) clock {
	unit := c.uvarint()
	switch unit {
	case 1e9, 1e6, 1e3, 1:
	default:
		c.fail()
	}
	end, n := 0, 0
	for n < count && end < len(c.b) {
		if c.b[end] < 0x80 {
			n++
		}
		end++
	}
	if n < count {
		c.fail()
	}
	return clock{cursor: cursor{b: c.take(end)}, unit: int64(unit)}
}

func (c *clock) next() time.Time {
	c.last += c.varint() * c.unit
	return time.Unix(0, c.last).UTC()
}

// rows reads the columns that belong to a trace.
type rows struct {
	d                   *decoder
	heads, tokens, seen cursor
	customers           []byte
	newKey, newCustomer int
}

func (r *rows) bad() bool  { return r.heads.bad || r.tokens.bad || r.seen.bad }
func (r *rows) left() bool { return len(r.heads.b)+len(r.tokens.b)+len(r.seen.b) > 0 }

func (r *rows) read(t *exchange.Trace) {
	h := &r.heads
	flags := h.byte()
	t.Capability = exchange.Capability(h.byte())
	if flags&^allFlags != 0 || t.Capability >= exchange.Capabilities {
		h.fail()
	}
	t.Failed = flags&flagFailed != 0
	t.Account = r.name()
	if flags&flagOrg != 0 {
		t.Org = r.name()
	}
	if flags&flagModel != 0 {
		t.Model = r.name()
	}
	if flags&flagError != 0 {
		v := h.varint()
		if t.ErrorCode = int16(v); int64(t.ErrorCode) != v {
			h.fail()
		}
	}
	if flags&flagCustomer != 0 {
		t.SubAccount = r.customer()
	}
	t.Input, t.Output = r.number(), r.number()
	r.observables(t)
}

func (r *rows) name() string {
	i := r.heads.uvarint()
	if i >= uint64(len(r.d.names)) {
		r.heads.fail()
		return ""
	}
	return r.d.names[i]
}

func (r *rows) customer() uint64 {
	i, ok := place0(&r.heads, &r.newCustomer, len(r.customers)/8)
	if !ok {
		return 0
	}
	return binary.LittleEndian.Uint64(r.customers[8*i:])
}

func (r *rows) number() int32 {
	v := r.tokens.varint()
	if int64(int32(v)) != v {
		r.tokens.fail()
	}
	return int32(v)
}

func (r *rows) observables(t *exchange.Trace) {
	n := r.seen.byte()
	if n > exchange.MaxObservables {
		r.seen.fail()
		return
	}
	for range n {
		i, ok := place0(&r.seen, &r.newKey, len(r.d.keys))
		if !ok {
			return
		}
		t.Leave(r.d.keys[i])
	}
}

// place0 reads a reference as refer writes it: 0 is the next new entry.
func place0(c *cursor, fresh *int, entries int) (int, bool) {
	i := c.uvarint()
	if i == 0 {
		i = uint64(*fresh) + 1
		*fresh++
	}
	if i > uint64(entries) || c.bad {
		c.fail()
		return 0, false
	}
	return int(i - 1), true
}
