package eval

import (
	"time"

	"iolaus/exchange"
)

// A Tape is one world as it was seen: the registry and, in the order of event
// time, what is left of every exchange. It holds no text. Detectors read it and
// never write it.
type Tape struct {
	Name     string
	Seed     uint64
	Accounts []exchange.Account // the registry, and who appears without an entry
	Events   []Event

	SignUps [][]exchange.Observable // per account: identity observables of the registry
	Owners  []uint32                // per account: who owns it, as far as the registry tells; firms own many

	index       map[string]uint32
	observables []exchange.Observable
	models      []string
	modelIndex  map[string]uint32
	orgs        []string
	orgIndex    map[string]uint32
}

// An Event is one exchange, reduced to hashes and numbers.
type Event struct {
	At      int64  // Unix nanoseconds
	Account uint32 // index into Tape.Accounts
	View    View

	id, customer uint64
	from         uint32 // first observable
	left         uint8
	capability   exchange.Capability
	failed       bool
	code         int16
	model, org   uint32
	input        int32
	output       int32
}

// Failed says whether the request was refused or broke.
func (e *Event) Failed() bool { return e.failed }

// Capability is what the request wants of the model.
func (e *Event) Capability() exchange.Capability { return e.capability }

// Tokens are the request's and the answer's.
func (e *Event) Tokens() (input, output int) { return int(e.input), int(e.output) }

// A Taken is one exchange on its way to a Tape. Taking it in may happen on any
// goroutine; adding it to the tape happens in the order of time.
type Taken struct {
	Trace exchange.Trace
	View  View
}

// An Observer turns an exchange into what it leaves behind.
type Observer interface {
	Observe(x *exchange.Exchange, t *exchange.Trace)
}

// A Reader takes exchanges in. Each goroutine has its own.
type Reader struct {
	Observer Observer

	viewer viewer
}

// Read fills out from x.
func (r *Reader) Read(x *exchange.Exchange, out *Taken) {
	r.Observer.Observe(x, &out.Trace)
	r.viewer.view(x, &out.View)
}

// A SignUp is what a registry entry tells: its consistent owner, "" for a private
// person, and the observables that it leaves.
type SignUp func(*exchange.Account) (owner string, left []exchange.Observable)

// NewTape returns an empty tape of a world with this registry; signUp may be nil.
func NewTape(name string, seed uint64, accounts []exchange.Account, signUp SignUp) *Tape {
	t := &Tape{Name: name, Seed: seed, Accounts: accounts[:len(accounts):len(accounts)], index: make(map[string]uint32, len(accounts)),
		modelIndex: map[string]uint32{}, orgIndex: map[string]uint32{}}
	for i := range accounts {
		t.index[accounts[i].ID] = uint32(i)
	}
	t.SignUps = make([][]exchange.Observable, len(accounts))
	t.Owners = make([]uint32, len(accounts))
	owners := map[string]uint32{}
	for i := range accounts {
		t.Owners[i] = uint32(i)
		if signUp == nil {
			continue
		}
		owner, left := signUp(&accounts[i])
		t.SignUps[i] = left
		if first, ok := owners[owner]; ok {
			t.Owners[i] = first
		} else if owner != "" {
			owners[owner] = uint32(i)
		}
	}
	return t
}

// Add appends one exchange; they come in the order of time.
func (t *Tape) Add(k *Taken) {
	x := &k.Trace
	a, ok := t.index[x.Account]
	if !ok {
		a = uint32(len(t.Accounts))
		t.index[x.Account] = a
		t.Accounts = append(t.Accounts, exchange.Account{ID: x.Account})
		t.SignUps, t.Owners = append(t.SignUps, nil), append(t.Owners, a)
	}
	t.Events = append(t.Events, Event{
		At: x.Time.UnixNano(), Account: a, View: k.View, id: x.ID, customer: x.SubAccount,
		from: uint32(len(t.observables)), left: x.Left, capability: x.Capability, failed: x.Failed, code: x.ErrorCode,
		model: intern(&t.models, t.modelIndex, x.Model), org: intern(&t.orgs, t.orgIndex, x.Org),
		input: x.Input, output: x.Output,
	})
	t.observables = append(t.observables, x.Seen()...)
}

func intern(list *[]string, index map[string]uint32, s string) uint32 {
	i, ok := index[s]
	if !ok {
		i = uint32(len(*list))
		index[s] = i
		*list = append(*list, s)
	}
	return i
}

// Seen returns the observables that event i left.
func (t *Tape) Seen(i int) []exchange.Observable {
	e := &t.Events[i]
	return t.observables[e.from : e.from+uint32(e.left)]
}

// Trace fills x with event i as the observer left it, without the observables of
// the families in without.
func (t *Tape) Trace(i int, x *exchange.Trace, without [exchange.Families]bool) {
	e := &t.Events[i]
	x.ID, x.Time = e.id, time.Unix(0, e.At).UTC()
	x.Account, x.Org, x.SubAccount = t.Accounts[e.Account].ID, t.orgs[e.org], e.customer
	x.Model, x.Capability = t.models[e.model], e.capability
	x.Failed, x.ErrorCode, x.Input, x.Output = e.failed, e.code, e.input, e.output
	x.Left = 0
	for _, o := range t.Seen(i) {
		if !without[o.Family()] {
			x.Leave(o)
		}
	}
}

// Span returns the time of the first and the last event.
func (t *Tape) Span() (first, last time.Time) {
	if len(t.Events) == 0 {
		return
	}
	return t.time(0), t.time(len(t.Events) - 1)
}

func (t *Tape) time(i int) time.Time { return time.Unix(0, t.Events[i].At).UTC() }
