package ledger

import "iolaus/hunt"

// rhythm remembers in which hours each account was active, and how many were.
type rhythm struct {
	hours []hunt.Hours // per account
	busy  hunt.Busy
}

// beat notes an exchange of account a.
func (r *rhythm) beat(a, now uint32) {
	for int(a) >= len(r.hours) {
		r.hours = append(r.hours, hunt.Hours{})
	}
	if r.hours[a].Mark(now) {
		r.busy.Mark(now)
	}
}
