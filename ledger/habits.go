package ledger

import "iolaus/exchange"

// habits remembers edges by account and observable: accounts leave the same
// address, client and wording again and again, and need not be looked up in the
// large tables each time. It is a direct-mapped cache of fixed size: an entry
// that is overwritten costs a look-up, and an edge never changes.
type habits struct{ slots []habit }

type habit struct {
	o       exchange.Observable // zero for none
	account uint32
	edge    uint32 // or, marked several, the lone of an observable that is not shared
}

const habitSlots = 1 << 17

// of returns the place for an account's observable.
func (h *habits) of(a uint32, o exchange.Observable) *habit {
	if h.slots == nil {
		h.slots = make([]habit, habitSlots)
	}
	return &h.slots[mix(uint64(o)^uint64(a)*0x9e3779b97f4a7c15)&(habitSlots-1)]
}
