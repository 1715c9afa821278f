// Package observe turns one exchange, or one sign-up, into what it leaves behind.
//
// It judges nothing: an observable is a key that other accounts of the same
// operator would leave too, and hunt decides what a coincidence is worth. It
// keeps no text and no clear value; every key is hashed with the ledger's key.
// It refuses to look at country, language or script: no signal reads them.
//
// A signal is one file and says four things: what it sees, when it is strong,
// what fools it, and which innocent people look the same.
package observe

import (
	"encoding/binary"
	"maps"

	"iolaus/exchange"
	"iolaus/sketch"
)

// A signal leaves the observables of one kind of trace.
type signal interface {
	// observe leaves what it sees and says whether the log had what it needs.
	observe(s *sight) bool
	about() Signal
}

// Signal describes a signal to people.
type Signal struct {
	Name   string
	Family exchange.Family
	Needs  string // what the log must have
	Advice string // what to log to get it
}

const signalCount = 8

// signals is the whole list. Order is the order of explanation.
var signals = [signalCount]signal{network{}, client{}, tools{}, system{}, phrases{}, items{}, capability{}, protocol{}}

// Signals describes what an Observer looks for, in the order of Coverage. The
// sign-up signals of the registry are not among them.
func Signals() []Signal {
	out := make([]Signal, len(signals))
	for i, s := range signals {
		out[i] = s.about()
	}
	return out
}

// Coverage counts on how many exchanges each signal had what it needs.
type Coverage struct {
	Exchanges int
	Ran       [signalCount]int
}

// Add adds another observer's counts.
func (c *Coverage) Add(d Coverage) {
	c.Exchanges += d.Exchanges
	for i, n := range d.Ran {
		c.Ran[i] += n
	}
}

// An Observer turns exchanges into traces. Each goroutine has its own. The zero
// Observer works with the zero key.
type Observer struct {
	Key      sketch.Key
	Networks *Networks // names the networks of addresses; nil names none

	coverage Coverage
	newest   sketch.Text
	prompts  prompts
	names    map[string]string
	clients  clients
	placed   places
	buf      []byte
	words    words
	sight    sight // the exchange in hand
}

// sight is one exchange with what several signals read of it.
type sight struct {
	*Observer
	x      *exchange.Exchange
	trace  *exchange.Trace
	prompt *prompt // the system prompt; nil when there is none
	text   bool    // newest holds the newest turn
}

// leave leaves an observable made of a string.
func (s *sight) leave(k exchange.Kind, value string) {
	s.trace.Leave(exchange.NewObservable(k, s.Key.Hash(byte(k), value)))
}

// leaveHash leaves an observable made of a hash.
func (s *sight) leaveHash(k exchange.Kind, h uint64) {
	s.trace.Leave(exchange.NewObservable(k, s.Key.Mix(byte(k), h)))
}

// Observe fills t with what x leaves behind.
func (o *Observer) Observe(x *exchange.Exchange, t *exchange.Trace) {
	t.Time, t.Account, t.Org, t.Model = x.Time, o.name(x.Account), o.name(x.Org), o.name(x.Model)
	t.Failed, t.ErrorCode = x.Failed, int16(x.ErrorCode)
	t.Input, t.Output = int32(min(x.Usage.Input, 1<<30)), int32(min(x.Usage.Output, 1<<30))
	t.ID, t.SubAccount, t.Capability, t.Left = o.id(x), 0, exchange.Other, 0
	if x.SubAccount != "" {
		t.SubAccount = o.Key.Hash(kindCustomer, x.SubAccount)
	}
	s := &o.sight
	*s = sight{Observer: o, x: x, trace: t}
	if x.System != "" {
		s.prompt = o.prompts.read(o.Key, x.System)
	}
	if text := x.Newest(); text != "" {
		o.newest.Read(text)
		s.text = true
	}
	o.coverage.Exchanges++
	for i, sig := range signals {
		if sig.observe(s) {
			o.coverage.Ran[i]++
		}
	}
}

// id names an exchange, so that it is counted once however often it is logged:
// by its own id or, where the log has none, by what it is.
func (o *Observer) id(x *exchange.Exchange) uint64 {
	if x.ID != "" {
		return o.Key.Hash(kindID, x.ID)
	}
	b := append(append(o.buf[:0], x.Account...), 0)
	b = append(append(b, x.Model...), 0)
	b = binary.LittleEndian.AppendUint64(b, uint64(x.Time.UnixNano()))
	b = binary.LittleEndian.AppendUint32(b, uint32(x.Usage.Input))
	b = binary.LittleEndian.AppendUint32(b, uint32(x.Usage.Output))
	b = append(b, x.Newest()...)
	o.buf = b
	return o.Key.Hash(kindID, view(b))
}

// Version counts the changes of what the signals leave: observables of different
// versions do not compare.
const Version = 1

// Hash kinds beyond those of observables.
const (
	kindID       = 0xf0
	kindCustomer = 0xf1
)

// Coverage returns what the observer's signals had to work with so far.
func (o *Observer) Coverage() Coverage { return o.coverage }

// Labels names what is no secret of a person: programs and their versions, and
// the kinds of networks that lists know.
func (o *Observer) Labels() map[exchange.Observable]string {
	out := maps.Clone(o.clients.labels)
	if out == nil {
		out = map[exchange.Observable]string{}
	}
	maps.Copy(out, o.placed)
	return out
}

// Named counts what Labels would return, at no cost.
func (o *Observer) Named() int { return len(o.clients.labels) + len(o.placed) }

// maxNames bounds the strings an observer keeps so as not to copy them again.
const maxNames = 1 << 18

// name returns a copy of s that outlives the exchange, shared by equal strings.
func (o *Observer) name(s string) string {
	if s == "" {
		return ""
	}
	if n, ok := o.names[s]; ok {
		return n
	}
	if o.names == nil || len(o.names) >= maxNames {
		o.names = map[string]string{}
	}
	n := string(append([]byte(nil), s...))
	o.names[n] = n
	return n
}
