package eval

import (
	"fmt"
	"time"
)

// rateLimit accuses accounts that ask too often: what every gateway has.
//
// Practice, not a paper. Fooled by spreading the traffic over more accounts; the
// campaigns reported so far ran from 2 to 1,100 requests per account and day.
// Hits overnight agent loops, batch pipelines and evaluation harnesses.
type rateLimit struct{}

// Detect tries windows of an hour and a day, by fixed intervals as limits are
// commonly kept, with limits from the loosest to the tightest.
func (rateLimit) Detect(t *Tape, report func(string, []Report)) error {
	for _, w := range []time.Duration{time.Hour, 24 * time.Hour} {
		peaks := t.peaks(w)
		for limit := 20000; limit >= 10; limit = limit * 2 / 3 {
			report(fmt.Sprintf("%d per %s", limit, span(w)), t.over(peaks, limit))
		}
	}
	return nil
}

// peak is the moment at which an account's count within a window reached a new
// height.
type peak struct {
	account uint32
	count   int
	at      int64
}

// peaks lists each account's records within windows of this length, by time.
func (t *Tape) peaks(window time.Duration) []peak {
	type state struct {
		slot        int64
		count, best int
	}
	now := make([]state, len(t.Accounts))
	var out []peak
	for i := range t.Events {
		e := &t.Events[i]
		s := &now[e.Account]
		if slot := e.At / int64(window); slot != s.slot {
			s.slot, s.count = slot, 0
		}
		if s.count++; s.count > s.best {
			s.best = s.count
			out = append(out, peak{e.Account, s.count, e.At})
		}
	}
	return out
}

// over reports every account whose count exceeded the limit, each for itself.
func (t *Tape) over(peaks []peak, limit int) []Report {
	var out []Report
	for _, p := range peaks {
		if p.count == limit+1 {
			out = append(out, t.alone(p.account, p.at))
		}
	}
	return out
}

// alone is a report of one account.
func (t *Tape) alone(a uint32, at int64) Report {
	when := time.Unix(0, at).UTC()
	id := t.Accounts[a].ID
	return Report{ID: id, Detected: when, Score: 1, Accounts: []Flag{{id, when}}}
}

// span names a window.
func span(d time.Duration) string {
	switch d {
	case time.Minute:
		return "a minute"
	case time.Hour:
		return "an hour"
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}
