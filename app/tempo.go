package app

import (
	"time"

	"iolaus/hunt"
	"iolaus/ledger"
	"iolaus/ledger/duckdb"
)

// A metre measures from the ledger how accounts keep time, as the hunt did at the
// end of the run.
type metre struct {
	now  time.Time // of the last exchange
	busy hunt.Busy
}

// crowd takes in how many accounts were active in each hour, oldest first. The hunt
// looks back 16 days, so what is older is passed over.
func (m *metre) crowd(hours []duckdb.Busy) {
	const kept = 16 * 24 * time.Hour
	for _, h := range hours {
		if m.now.Sub(time.Unix(int64(h.Hour), 0)) > kept {
			continue
		}
		for range h.Accounts {
			m.busy.Mark(h.Hour)
		}
	}
}

// beats is how accounts keep time together. Hours come by account and time.
func (m *metre) beats(members []ledger.Profile, hours []ledger.Hour) (hunt.Tempo, []hunt.Beat) {
	v := hunt.View{Accounts: make([]hunt.Account, len(members)), Hours: make([]hunt.Hours, len(members)), Busy: &m.busy, Now: uint32(m.now.Unix())}
	place, all := make(map[uint32]int, len(members)), make([]uint32, len(members))
	for i := range members {
		v.Accounts[i] = members[i].Account
		place[members[i].ID], all[i] = i, uint32(i)
	}
	for _, h := range hours {
		if i, ok := place[h.Account]; ok && h.Exchanges > 0 {
			v.Hours[i].Mark(h.Hour)
		}
	}
	return v.Beats(all)
}
