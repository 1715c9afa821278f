package ledger

import "iolaus/exchange"

// heirs watches who goes on where a banned account stopped.
//
// Sees: the habits of wording of an account that was banned, left by an account
// that began after the ban, within three days. Strong when the wording was the
// banned account's own. Fooled by a new wording for every successor. Innocent
// look-alike: a customer who was banned by mistake and signs up again; he has
// one predecessor and no other links, and two alone are never a set.
type heirs struct {
	orphaned map[uint32]orphan // trail -> the last banned account that had it as a habit
	common   map[uint64]int    // heir and banned account -> habits in common so far
}

type orphan struct{ account, since uint32 }

const (
	mourning = 72 * 3600 // how long after a ban an heir is recognised
	likeness = 3         // habits in common that make an heir
	ownHabit = 4         // uses that make a wording a habit
)

// orphan marks the habits of an account that has just been banned.
func (l *Ledger) orphan(a, at uint32) {
	if l.heirs.orphaned == nil {
		l.heirs.orphaned, l.heirs.common = map[uint32]orphan{}, map[uint64]int{}
	}
	rare := uint32(max(4, l.people.count()/1000))
	for _, e := range l.accounts[a].Carried {
		x := &l.edges[e]
		t := &l.trails[x.Trail]
		if x.Count >= ownHabit && t.Owners <= rare && wording(t.Observable.Kind()) {
			l.heirs.orphaned[x.Trail] = orphan{a, at}
		}
	}
}

func wording(k exchange.Kind) bool {
	return k == exchange.System || k == exchange.Phrase || k == exchange.Frame
}

// inherit books that an account left, for the first time, a trail that another
// may have left behind.
func (l *Ledger) inherit(a, trail uint32, now uint32) {
	if o, ok := l.heirs.orphaned[trail]; ok {
		l.succeed(a, o.account, o.since, now)
	}
}

// succeed counts a habit that an account has in common with a banned one, and
// leaves a shared trace when there are enough.
func (l *Ledger) succeed(a, banned, since, now uint32) {
	if l.accounts[a].First < since || now-since > mourning || l.accounts[a].Owner == l.accounts[banned].Owner {
		return
	}
	if l.heirs.common == nil {
		l.heirs.common = map[uint64]int{}
	}
	k := pair(a, banned)
	l.heirs.common[k]++
	if l.heirs.common[k] != likeness {
		return
	}
	o := exchange.NewObservable(exchange.Succession, mix(uint64(banned)+1))
	l.sight(banned, o, now)
	l.sight(a, o, now)
}
