package hunt

import (
	"math"

	"iolaus/exchange"
)

// Accounts that one queue feeds fall silent together, and start together again.
// One account's silence is noise; that of thirty, in hours in which each of them
// works on other days, has one cause. So rhythm is a fact about a set, never about
// an account: it supports what other evidence formed, and convicts nobody.

const (
	hoursKept = 16 * 24
	hourWords = hoursKept / 64
)

// Hours are the hours in which an account was active, of the last 16 days. The
// zero value has none.
type Hours struct {
	bits [hourWords]uint64 // by hour modulo hoursKept
	last uint32            // hours since 1970 of the newest; 0 for none
}

// Mark notes activity at a time, in Unix seconds, and says whether it is the first
// of its hour. Times come in order; one that is late by more than 16 days is passed over.
func (h *Hours) Mark(now uint32) (fresh bool) {
	hour := now / 3600
	if hour == h.last {
		return false
	}
	switch {
	case hour > h.last:
		h.clear(h.last+1, hour)
		h.last = hour
	case h.last-hour >= hoursKept:
		return false
	}
	at := hour % hoursKept
	fresh = h.bits[at/64]&(1<<(at%64)) == 0
	h.bits[at/64] |= 1 << (at % 64)
	return fresh
}

func (h *Hours) clear(from, to uint32) {
	if to-from >= hoursKept {
		h.bits = [hourWords]uint64{}
		return
	}
	for ; from <= to; from++ {
		at := from % hoursKept
		h.bits[at/64] &^= 1 << (at % 64)
	}
}

// at says whether the account was active in an hour that is kept.
func (h *Hours) at(hour uint32) bool {
	if hour > h.last || h.last-hour >= hoursKept {
		return false
	}
	at := hour % hoursKept
	return h.bits[at/64]&(1<<(at%64)) != 0
}

// Busy counts the accounts that were active in each hour, of the last 16 days.
type Busy struct {
	count [hoursKept]uint32
	last  uint32
}

// Mark notes one more account that was active in the hour of a time.
func (b *Busy) Mark(now uint32) {
	hour := now / 3600
	if hour > b.last {
		for h := max(b.last+1, hour-min(hour, hoursKept-1)); h <= hour; h++ {
			b.count[h%hoursKept] = 0
		}
		b.last = hour
	}
	if b.last-hour < hoursKept {
		b.count[hour%hoursKept]++
	}
}

// at is how many accounts were active in an hour.
func (b *Busy) at(hour uint32) uint32 {
	if hour > b.last || b.last-hour >= hoursKept {
		return 0
	}
	return b.count[hour%hoursKept]
}

// classes are the hours of a day, on working days and at weekends: what people and
// programs do by the clock is their own habit, and no sign of others.
const classes = 48

func classOf(hour uint32) int {
	c := int(hour % 24)
	if d := (hour/24 + 3) % 7; d >= 5 { // 1970 began on a Thursday
		c += 24
	}
	return c
}

// A Tempo is how a set's accounts keep time together. The zero Tempo says nothing.
type Tempo struct {
	Accounts int     // whose habits are known, of those looked at
	Hours    int     // in which some of them could be expected
	Excess   float64 // variance of how many are active, over what independent accounts with the same habits show: 1 is chance
	Falling  float64 // share of that variance in hours in which fewer were active than expected
	Silent   int     // hours in which hardly any was active and several could be expected
	Z        float64 // standard deviations by which Excess exceeds that of independent accounts
}

// Dispatched says whether the tempo is that of one queue: the accounts are active
// together far beyond chance, and it is their silence that tells. People who follow
// one timetable come together in some hours, and are each on their own in the others.
func (t Tempo) Dispatched() bool {
	return t.Z >= leastZ && t.Silent >= leastSilent && t.Falling >= leastFalling
}

const (
	leastDays    = 3   // of a class that an account must have lived through for a habit
	leastHours   = 24  // hours that a tempo is taken over
	leastBeat    = 0.3 // variance from which an hour counts
	silence      = 4   // accounts that must be expected in an hour before it can be silent
	leastZ       = 9
	leastSilent  = 3
	leastFalling = 0.4
	mostRead     = 256 // accounts of a set that are read, evenly picked
)

// A beats is how many of a set's accounts were active in each hour that is kept,
// and how many could be expected.
type beats struct {
	accounts               int
	seen, expected, spread [hoursKept]float64
}

// beatsOf reads a set's accounts.
func (v *View) beatsOf(accounts []uint32) *beats {
	b := &beats{}
	if len(v.Hours) == 0 {
		return b
	}
	now := v.Now / 3600
	from := now - min(now, hoursKept-1)
	pace := v.pace(from, now)
	stride := (len(accounts) + mostRead - 1) / mostRead
	for i := 0; i < len(accounts); i += stride {
		if v.beat(accounts[i], from, &pace, b) {
			b.accounts++
		}
	}
	return b
}

// Tempo measures how a set keeps time together, beyond each account's own hours and
// the population's.
func (v *View) Tempo(accounts []uint32) Tempo { return v.beatsOf(accounts).tempo() }

func (b *beats) tempo() Tempo {
	t := Tempo{Accounts: b.accounts}
	sum, all, low := 0.0, 0.0, 0.0
	for i, s := range b.spread {
		if s < leastBeat {
			continue
		}
		t.Hours++
		d := b.seen[i] - b.expected[i]
		sum += d * d
		all += s
		if d < 0 {
			low += d * d
		}
		if (Beat{Seen: b.seen[i], Expected: b.expected[i], Spread: s}).Silent() {
			t.Silent++
		}
	}
	if t.Hours < leastHours {
		return Tempo{}
	}
	t.Excess, t.Falling = sum/all, low/max(sum, 1e-9)
	t.Z = (t.Excess - 1) * math.Sqrt(float64(t.Hours)/2)
	return t
}

// concord is how two sets keep time with each other, from -1 to 1, apart from what
// their accounts do each for itself; false when either keeps none, or they have too
// few hours in common.
func concord(x, y *beats) (float64, bool) {
	tx, ty := x.tempo(), y.tempo()
	if tx.Z < leastZ || ty.Z < leastZ {
		return 0, false
	}
	xx, yy, xy, n := 0.0, 0.0, 0.0, 0
	for i := range x.spread {
		if x.spread[i] < leastBeat || y.spread[i] < leastBeat {
			continue
		}
		a, b := x.seen[i]-x.expected[i], y.seen[i]-y.expected[i]
		xx, yy, xy = xx+a*a, yy+b*b, xy+a*b
		n++
	}
	if n < leastHours || xx == 0 || yy == 0 {
		return 0, false
	}
	joint := math.Sqrt((1 - 1/tx.Excess) * (1 - 1/ty.Excess)) // what of the variance is the set's
	return max(-1, min(1, xy/math.Sqrt(xx*yy)/joint)), true
}

// hands is what their time says of two sets.
type hands uint8

const (
	unsaid hands = iota
	oneClock
	twoClocks
)

// How far the times of two sets must agree to be one queue's, and how far at most
// to be two: halves of one operator's accounts agree by 0.7 to 1, two operators'
// by 0.1 or less (seeds 2 of proxied, regrowth, twins and wording).
const (
	agreed   = 0.6
	differed = 0.25
)

// clocks says whether one queue feeds two sets, or two do.
func (h *Hunter) clocks(v *View, x, y []uint32) hands {
	if h.blind[exchange.Behaviour] {
		return unsaid
	}
	r, ok := concord(v.beatsOf(x), v.beatsOf(y))
	switch {
	case ok && r >= agreed:
		return oneClock
	case ok && r <= differed:
		return twoClocks
	}
	return unsaid
}

// beat adds an account to b, hour by hour of its life: how likely it was to be
// active by its own habits and the population's pace, and whether it was. The
// variance is what is left when a habit was learned from the same hours. False
// when nothing is known of its habits.
func (v *View) beat(a, from uint32, pace *[hoursKept]float64, b *beats) bool {
	h := &v.Hours[a]
	first, last := max(from, v.Accounts[a].First/3600), min(h.last, from+hoursKept-1)
	var days, active [classes]float64
	for hour := first; hour <= last; hour++ {
		c := classOf(hour)
		days[c]++
		if h.at(hour) {
			active[c]++
		}
	}
	known := false
	for hour := first; hour <= last; hour++ {
		c := classOf(hour)
		if days[c] < leastDays || active[c] == 0 {
			continue
		}
		known = true
		i := hour - from
		p := min(1, active[c]/days[c]*pace[i])
		b.expected[i] += p
		b.spread[i] += p * (1 - p) * (1 - 1/days[c])
		if h.at(hour) {
			b.seen[i]++
		}
	}
	return known
}

// pace is how busy the population was in each hour, over how busy it is in hours of
// this class: an outage of the gateway is nobody's silence.
func (v *View) pace(from, now uint32) (pace [hoursKept]float64) {
	var sum, n [classes]float64
	for hour := from; hour <= now; hour++ {
		if c := classOf(hour); v.Busy.at(hour) > 0 || sum[c] > 0 {
			sum[c] += float64(v.Busy.at(hour))
			n[c]++
		}
	}
	for hour := from; hour <= now; hour++ {
		if c := classOf(hour); sum[c] > 0 {
			pace[hour-from] = min(2, float64(v.Busy.at(hour))*n[c]/sum[c])
		}
	}
	return pace
}
