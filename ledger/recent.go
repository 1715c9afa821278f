package ledger

import "iolaus/exchange"

// recent holds who asked which item last, for as long as a hand-over takes. It
// is a direct-mapped cache of fixed size: an entry that is overwritten costs a
// missed hand-over, never a wrong one.
type recent struct{ slots []asked }

type asked struct {
	item    exchange.Observable
	at      uint32
	account uint32
	failed  bool
}

const (
	recentSlots = 1 << 16
	// failoverWithin is how long after a failure the same rare item counts as
	// handed over; echoWithin the same without a failure. Between innocents of
	// different owners the first was not seen at all, the second is hundreds of
	// times rarer than chance use of a popular text.
	failoverWithin = 120
	echoWithin     = 60
	// rareItem is the number of owners beyond which an item is popular and its
	// repetition means nothing.
	rareItem = 3
	// commonItem is the number of owners beyond which an item that was handed over
	// turns out to be popular: the first who ask what all will ask are few, too.
	commonItem = 8
)

// handOver leaves a shared trace where an item that another owner asked moments
// ago is asked again: central queues hold the items of all their accounts.
func (l *Ledger) handOver(a uint32, item exchange.Observable, now uint32, failed bool) {
	if l.recent.slots == nil {
		l.recent.slots = make([]asked, recentSlots)
	}
	r := &l.recent.slots[mix(uint64(item))&(recentSlots-1)]
	last := *r
	*r = asked{item, now, a, failed}
	if last.item != item || l.accounts[last.account].Owner == l.accounts[a].Owner {
		return
	}
	if s := l.shared.find(uint64(item)); s != nil && l.trails[s.val].Owners > rareItem {
		return
	}
	kind := exchange.Echo
	switch since := now - last.at; {
	case last.failed && since <= failoverWithin:
		kind = exchange.Failover
	case since <= echoWithin:
	default:
		return
	}
	o := handedOver(kind, item)
	l.sight(last.account, o, now)
	l.sight(a, o, now)
}

// handedOver is the trace of an item's hand-over.
func handedOver(kind exchange.Kind, item exchange.Observable) exchange.Observable {
	return exchange.NewObservable(kind, mix(uint64(item)))
}

// common takes back what the hand-overs of an item said, for it is a popular one.
func (l *Ledger) common(item exchange.Observable) {
	for _, k := range [...]exchange.Kind{exchange.Failover, exchange.Echo} {
		if s := l.shared.find(uint64(handedOver(k, item))); s != nil {
			l.trails[s.val].Common = true
		}
	}
}
