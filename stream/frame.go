package stream

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"iolaus/exchange"
)

// A frame is one message of the log: the traces of one or several requests.
//
//	magic 4 bytes, identity 12 bytes, number of traces, then each trace:
//	id 8 bytes, time varint of nanoseconds, account, org, model (length, bytes),
//	customer 8 bytes, capability, failed, error code, input, output, observables
const (
	magic     = "IOf1"
	headBytes = len(magic) + 12
	maxName   = 1 << 20
	maxTraces = 1 << 16
	least     = 8 + 1 + 3 + 8 + 1 + 1 + 1 + 1 + 1 + 1 // bytes of the smallest trace
)

// ErrForeign is wrapped by errors about frames made with another key or by
// other signals: their hashes do not compare with ours.
var ErrForeign = errors.New("the frame was written by another run's rules")

var errFrame = errors.New("the frame is damaged")

// An Identity is what the hashes in a frame depend on.
type Identity struct {
	Key     uint64 // the first bytes of a hash of the key
	Signals uint32
}

// appendFrame writes traces as one frame.
func appendFrame(b []byte, id Identity, ts []exchange.Trace) []byte {
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint64(b, id.Key)
	b = binary.LittleEndian.AppendUint32(b, id.Signals)
	b = binary.AppendUvarint(b, uint64(len(ts)))
	for i := range ts {
		b = appendTrace(b, &ts[i])
	}
	return b
}

func appendTrace(b []byte, t *exchange.Trace) []byte {
	b = binary.LittleEndian.AppendUint64(b, t.ID)
	b = binary.AppendVarint(b, t.Time.UnixNano())
	for _, s := range [...]string{t.Account, t.Org, t.Model} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	b = binary.LittleEndian.AppendUint64(b, t.SubAccount)
	failed := byte(0)
	if t.Failed {
		failed = 1
	}
	b = append(b, byte(t.Capability), failed)
	b = binary.AppendVarint(b, int64(t.ErrorCode))
	b = binary.AppendVarint(b, int64(t.Input))
	b = binary.AppendVarint(b, int64(t.Output))
	b = append(b, t.Left)
	for _, o := range t.Seen() {
		b = binary.LittleEndian.AppendUint64(b, uint64(o))
	}
	return b
}

// parseFrame reads a frame; names are shared by the traces that bear them.
func parseFrame(b []byte, id Identity) ([]exchange.Trace, error) {
	if len(b) < headBytes || string(b[:len(magic)]) != magic {
		return nil, errFrame
	}
	key, signals := binary.LittleEndian.Uint64(b[len(magic):]), binary.LittleEndian.Uint32(b[len(magic)+8:])
	if key != id.Key || signals != id.Signals {
		return nil, fmt.Errorf("cannot read a frame of key %x and signals %d: %w", key, signals, ErrForeign)
	}
	r := reader{b: b[headBytes:], names: map[string]string{}}
	n := r.uvarint()
	if n > maxTraces || n*uint64(least) > uint64(len(r.b)) {
		return nil, errFrame
	}
	ts := make([]exchange.Trace, n)
	for i := range ts {
		r.trace(&ts[i])
	}
	if r.bad || len(r.b) > 0 {
		return nil, errFrame
	}
	return ts, nil
}

// reader walks a frame; what it cannot follow sets bad.
type reader struct {
	b     []byte
	bad   bool
	names map[string]string
}

func (r *reader) fail() { r.bad, r.b = true, nil }

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail()
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) word() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

func (r *reader) octet() byte {
	b := r.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (r *reader) name() string {
	n := r.uvarint()
	if n > maxName {
		r.fail()
		return ""
	}
	b := r.take(int(n))
	if s, ok := r.names[string(b)]; ok {
		return s
	}
	s := string(b)
	r.names[s] = s
	return s
}

func (r *reader) trace(t *exchange.Trace) {
	t.ID = r.word()
	t.Time = time.Unix(0, r.varint()).UTC()
	t.Account, t.Org, t.Model = r.name(), r.name(), r.name()
	t.SubAccount = r.word()
	if t.Capability = exchange.Capability(r.octet()); t.Capability >= exchange.Capabilities {
		r.fail()
	}
	t.Failed = r.octet() == 1
	t.ErrorCode = int16(r.varint())
	t.Input, t.Output = int32(r.varint()), int32(r.varint())
	left := r.octet()
	if left > exchange.MaxObservables {
		r.fail()
		return
	}
	for range left {
		t.Leave(exchange.Observable(r.word()))
	}
}
