// Package guard answers the gateway's next request from a published snapshot:
// what is in force against an account, and whether an unknown one carries a
// known campaign's habits.
//
// It promises an answer in constant time, without allocation, without a lock
// that waits and without reading a clock; and that allow-lists win. What it
// knows was computed elsewhere; it knows nothing of how campaigns are found.
//
// It refuses to decide alone: the measures, their times and their reasons come
// with the snapshot, and in shadow an answer is said and not done.
package guard

import (
	"sync/atomic"
	"time"

	"iolaus/exchange"
)

// A Measure is a rung of the ladder, mildest first.
type Measure uint8

// The ladder.
const (
	None     Measure = iota
	Observe          // look closer, change nothing
	Label            // tell the gateway, which may log or route
	Slow             // answer later
	Verify           // require verification before the next request
	Withhold         // answer without reasoning traces or tools
	Hold             // keep for a person's review
	Block            // refuse
	Measures = 8
)

var measureNames = [Measures]string{"none", "observe", "label", "slow", "verify", "withhold", "hold", "block"}

// String returns the measure's name as policies and answers write it.
func (m Measure) String() string {
	if m < Measures {
		return measureNames[m]
	}
	return "unknown"
}

// MeasureNamed is the inverse of String; false when there is no such measure.
func MeasureNamed(name string) (Measure, bool) {
	for m, n := range measureNames {
		if n == name {
			return Measure(m), true
		}
	}
	return None, false
}

// An Order is one measure in force against one account or organisation. It is
// a value that is shared and never changed.
type Order struct {
	ID       string // names it in the journal and for lifting
	Measure  Measure
	Shadow   bool // say it, do not do it
	Delay    time.Duration
	Campaign string
	Reason   string
	Policy   string // version of the policy that made it
	Lift     string // who may lift it
	Since    int64  // Unix seconds
	Until    int64  // Unix seconds; nothing holds for ever
}

// An Answer is what the guard says to one request.
type Answer struct {
	Order           // the zero Order when nothing is in force
	Recognised bool // by fingerprint, in this request or moments ago
	Nats       float32
	Kinds      uint32 // when recognised: one bit for each exchange.Kind that stayed the same
	Allowed    bool   // an allow-list won
}

// Same lists the kinds of observables by which an account was recognised.
func (a *Answer) Same() (kinds []exchange.Kind) {
	for k := exchange.Kind(1); k < exchange.Kinds; k++ {
		if a.Kinds>>k&1 != 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Acts says whether the gateway is to do anything.
func (a *Answer) Acts() bool { return a.Measure > Label && !a.Shadow }

// A Request is what a gateway says of the request it holds.
type Request struct {
	Account string
	Org     string
	Seen    []exchange.Observable // what the request leaves; may be empty
}

// A Guard answers requests. The zero value knows nothing and lets all pass.
// Its methods may be called from many goroutines.
type Guard struct {
	snapshot atomic.Pointer[Snapshot]
	recent   [recentSlots]slot
}

// Publish makes a snapshot the one that answers.
func (g *Guard) Publish(s *Snapshot) { g.snapshot.Store(s) }

// Snapshot is the one that answers now; nil before the first.
func (g *Guard) Snapshot() *Snapshot { return g.snapshot.Load() }

// Decide answers one request at a time of the caller's clock. The account of a
// request that carries a known campaign's habits is remembered for the next.
func (g *Guard) Decide(r *Request, now time.Time) Answer {
	s := g.snapshot.Load()
	if s == nil {
		return Answer{}
	}
	if s.Allowed(r.Account) || s.Allowed(r.Org) {
		return Answer{Allowed: true}
	}
	at := now.Unix()
	if o := s.Order(r.Account, r.Org, at); o != nil {
		return Answer{Order: *o}
	}
	if s.Known(r.Account) {
		return Answer{}
	}
	return g.recognise(s, r, at)
}
