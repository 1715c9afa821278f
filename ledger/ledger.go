// Package ledger remembers which account left which observable, and a profile
// of every account.
//
// It promises that memory grows with accounts and with observables that two
// owners share; what only one owner ever left is kept in two generations of
// bounded size. What it takes in is event time and must be in time order. It
// knows no text: keys are hashes already. Durable engines are its children.
package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
)

// Options bound and tune a Ledger; the zero value is ready to use.
type Options struct {
	// Singles is how many observables of a single owner one generation holds.
	// Default 4 million, about 200 MB for both generations.
	Singles int
	// Household is how many accounts on one card count as one owner, as in a
	// family. Accounts beyond it are owners of their own. Default 4.
	Household int
	// Drained is set when somebody calls Drain; otherwise nothing is kept for it.
	Drained bool
}

func (o Options) withDefaults() Options {
	if o.Singles <= 0 {
		o.Singles = 4 << 20
	}
	if o.Household <= 0 {
		o.Household = 4
	}
	return o
}

// A SignUp is what the registry says of an account, as observables.
type SignUp struct {
	Account string
	Created time.Time
	Banned  time.Time
	Owner   string // consistent owner: contract or company domain; "" for a private person
	Payment exchange.Observable
	Left    []exchange.Observable // further identity observables
}

// A Ledger is the memory of one run. It is not safe for concurrent use.
type Ledger struct {
	opt      Options
	signUps  map[string]SignUp
	names    map[string]uint32
	accounts []hunt.Account
	trails   []hunt.Trail
	edges    []hunt.Edge

	shared table[uint32] // observable -> trail
	single singles       // observable -> the first account of its only owner, or the trail since then
	pairs  table[uint32] // account and trail -> edge
	held   table[uint32] // owner and trail, for owners of many accounts
	habits habits
	recent recent
	heirs  heirs
	people people
	bans   []ban // to come, by time
	allow  map[string]string

	customers young[struct{}] // account and customer, to count distinct ones
	grown     []uint32
	touched   []uint32
	marked    []bool // per account: already in touched
	grownMark []bool // per trail: already in grown
	changes   changes
	rhythm    rhythm
	now       uint32
}

// New returns an empty ledger.
func New(o Options) *Ledger {
	o = o.withDefaults()
	l := &Ledger{opt: o, signUps: map[string]SignUp{}, names: map[string]uint32{}}
	l.single.limit, l.customers.limit = o.Singles, o.Singles/4
	l.people.household = o.Household
	l.changes.kept = o.Drained
	return l
}

// Register tells what the registry knows of accounts. It takes effect with an
// account's first exchange: an account that does nothing leaves nothing.
func (l *Ledger) Register(ups []SignUp) {
	for _, s := range ups {
		l.signUps[s.Account] = s
		if !s.Banned.IsZero() {
			l.bans = append(l.bans, ban{uint32(s.Banned.Unix()), s.Account})
		}
	}
	slices.SortFunc(l.bans, func(a, b ban) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.account, b.account)) })
}

// Allow says which accounts and organisations are never accused, each with the
// reason, in place of what it said before. It holds for accounts that are known
// already and for those to come.
func (l *Ledger) Allow(list map[string]string) {
	l.allow = list
	for i := range l.accounts {
		_, l.accounts[i].Allowed = list[l.accounts[i].Name]
	}
	for name := range list {
		if owner, ok := l.people.byName["org:"+name]; ok {
			for _, a := range l.people.accounts(owner) {
				l.accounts[a].Allowed = true
			}
		}
	}
}

// allowed says whether a new account is never accused.
func (l *Ledger) allowed(account, owner string) bool {
	_, byName := l.allow[account]
	org, found := strings.CutPrefix(owner, "org:")
	_, byOrg := l.allow[org]
	return byName || found && byOrg
}

// ban is a date that the ledger will learn when it comes.
type ban struct {
	at      uint32
	account string
}

// Take remembers one exchange. Traces come in time order.
func (l *Ledger) Take(t *exchange.Trace) {
	now := uint32(t.Time.Unix())
	l.now = max(l.now, now)
	a := l.account(t, now)
	l.changes.act(a, now, t.Failed)
	l.rhythm.beat(a, now)
	p := &l.accounts[a]
	p.Last = now
	p.Exchanges++
	p.Input += uint64(t.Input)
	p.Output += uint64(t.Output)
	p.Capabilities[t.Capability]++
	if t.Failed {
		p.Failures++
	}
	if t.SubAccount != 0 {
		if _, old := l.customers.put(t.SubAccount ^ mix(uint64(a)+1) | 1); !old {
			p.Customers++
		}
	}
	habit, items, fresh := false, 0, 0
	for _, o := range t.Seen() {
		n, with := l.sight(a, o, now)
		switch o.Kind() {
		case exchange.Phrase, exchange.System:
			habit = habit || n >= habitual
		case exchange.Item:
			items++
			if !with {
				fresh++
			}
			l.handOver(a, o, now, t.Failed)
		}
	}
	p = &l.accounts[a]
	if items > 0 {
		p.Substance++
	}
	if fresh > 0 {
		p.Fresh++
		if habit {
			p.Templated++
		}
	}
}

// habitual is how often an account must have used a wording before it counts as
// a habit of that account.
const habitual = 4

// sight remembers that account a left o. It returns how often a has left it, and
// whether others of another owner have, too.
func (l *Ledger) sight(a uint32, o exchange.Observable, now uint32) (n uint32, with bool) {
	known := l.habits.of(a, o)
	if known.o == o && known.account == a {
		if known.edge&several == 0 {
			return l.again(known.edge, now, now, 1), true
		}
		if s := &l.single.many[known.edge&index]; s.count > 0 {
			s.count++
			s.last = now
			return s.count, false
		}
	}
	s := l.single.now.seek(uint64(o))
	if s.key == 0 {
		if t := l.single.gone(&l.shared, o); t != nil {
			return l.follow(a, t.val, known, o, now), true
		}
		if l.single.full() {
			l.single.turn()
			clear(l.habits.slots)
			s = l.single.now.seek(uint64(o))
		}
		if !l.single.carry(s, o) {
			l.single.now.fill(s, uint64(o))
			s.val = note{a, now}
			return 1, false
		}
	}
	if s.val.ref&shared != 0 {
		return l.follow(a, s.val.ref&^shared, known, o, now), true
	}
	before := l.single.lone(s.val)
	if l.accounts[before.ref].Owner == l.accounts[a].Owner {
		n, at := l.single.again(&s.val, now)
		*known = habit{o, a, at}
		return n, false
	}
	l.share(a, o, &s.val, before, now)
	return 1, true
}

// follow remembers that account a left what makes a trail.
func (l *Ledger) follow(a, trail uint32, known *habit, o exchange.Observable, now uint32) uint32 {
	n, edge := l.edge(a, trail, now, now, 1)
	*known = habit{o, a, edge}
	if n == 1 && len(l.heirs.orphaned) > 0 {
		l.inherit(a, trail, now)
	}
	return n
}

// share makes a trail of what account a left as the first of a second owner.
func (l *Ledger) share(a uint32, o exchange.Observable, n *note, before lone, now uint32) {
	trail := uint32(len(l.trails))
	l.single.share(n, trail)
	l.trails = append(l.trails, hunt.Trail{Observable: o})
	l.grownMark = append(l.grownMark, false)
	s, _ := l.shared.put(uint64(o))
	s.val = trail
	l.edge(before.ref, trail, before.first, before.last, before.count)
	l.edge(a, trail, now, now, 1)
	if banned := l.accounts[before.ref].Banned; banned != 0 && before.count >= ownHabit && wording(o.Kind()) {
		l.succeed(a, before.ref, banned, now)
	}
}

// again adds count sightings to an edge, and returns how many there are.
func (l *Ledger) again(id, first, last, count uint32) uint32 {
	l.changes.pend(id, first, count)
	e := &l.edges[id]
	e.Count += count
	e.Last = max(e.Last, last)
	return e.Count
}

// edge adds count sightings of a trail by an account. It returns how many there
// are, and where.
func (l *Ledger) edge(a, trail, first, last, count uint32) (n, id uint32) {
	s, old := l.pairs.put(pair(a, trail))
	if old {
		return l.again(s.val, first, last, count), s.val
	}
	l.touch(a)
	id = uint32(len(l.edges))
	s.val = id
	l.changes.pend(id, first, count)
	l.edges = append(l.edges, hunt.Edge{Account: a, Trail: trail, Count: count, First: first, Last: last})
	t := &l.trails[trail]
	t.Carriers = append(t.Carriers, id)
	p := &l.accounts[a]
	p.Carried, p.Left = append(p.Carried, id), append(p.Left, trail)
	if l.firstOfOwner(a, trail) {
		t.Owners++
		if t.Observable.Kind() == exchange.Item && t.Owners == commonItem+1 {
			l.common(t.Observable)
		}
		if !l.grownMark[trail] {
			l.grownMark[trail] = true
			l.grown = append(l.grown, trail)
		}
	}
	return count, id
}

// manyAccounts is the size from which an owner's trails are kept in a table
// instead of being looked up account by account.
const manyAccounts = 16

// firstOfOwner says whether a is the first account of its owner on the trail.
func (l *Ledger) firstOfOwner(a, trail uint32) bool {
	owner := l.accounts[a].Owner
	mates := l.people.accounts(owner)
	if len(mates) >= manyAccounts {
		_, old := l.held.put(pair(owner, trail))
		return !old
	}
	for _, b := range mates {
		if b != a && l.pairs.find(pair(b, trail)) != nil {
			return false
		}
	}
	return true
}

// pair packs two indexes into a key that is never zero.
func pair(a, b uint32) uint64 { return uint64(a)<<32 | (uint64(b) + 1) }

// fill enters the trails of an owner that has just become one of many accounts.
func (l *Ledger) fill(owner uint32) {
	for _, b := range l.people.accounts(owner) {
		for _, t := range l.accounts[b].Left {
			l.held.put(pair(owner, t))
		}
	}
}

func (l *Ledger) touch(a uint32) {
	if !l.marked[a] {
		l.marked[a] = true
		l.touched = append(l.touched, a)
	}
}

// account returns the index of a name; a new account brings what the registry
// knows of it.
func (l *Ledger) account(t *exchange.Trace, now uint32) uint32 {
	name := t.Account
	if a, ok := l.names[name]; ok {
		return a
	}
	a := uint32(len(l.accounts))
	up := l.signUps[name]
	if up.Owner == "" && t.Org != "" {
		up.Owner = "org:" + t.Org // the gateway's word, where the registry is silent
	}
	p := hunt.Account{Name: name, First: now, Last: now, Allowed: l.allowed(name, up.Owner)}
	if !up.Created.IsZero() {
		p.Created = uint32(max(0, up.Created.Unix()))
	}
	p.Owner = l.people.owner(up)
	l.names[name] = a
	l.accounts = append(l.accounts, p)
	l.marked = append(l.marked, false)
	if l.people.add(p.Owner, a); l.people.size(p.Owner) == manyAccounts {
		l.fill(p.Owner)
	}
	if up.Payment != 0 {
		l.sight(a, up.Payment, now)
	}
	for _, o := range up.Left {
		l.sight(a, o, now)
	}
	return a
}

// View lends the ledger's columns to the hunt. Bans become visible at their
// time, not before.
func (l *Ledger) View(now time.Time) hunt.View {
	at := uint32(now.Unix())
	for len(l.bans) > 0 && l.bans[0].at <= at {
		if a, ok := l.names[l.bans[0].account]; ok {
			l.accounts[a].Banned = l.bans[0].at
			l.orphan(a, l.bans[0].at)
		}
		l.bans = l.bans[1:]
	}
	return hunt.View{
		Accounts: l.accounts, Trails: l.trails, Edges: l.edges,
		Owners: l.people.count(), Grown: l.grown, Touched: l.touched, Now: at,
		Hours: l.rhythm.hours, Busy: &l.rhythm.busy,
	}
}

// Clear forgets which trails grew and which accounts were touched; it follows
// each step of the hunt.
func (l *Ledger) Clear() {
	for _, t := range l.grown {
		l.grownMark[t] = false
	}
	for _, a := range l.touched {
		l.marked[a] = false
	}
	l.grown, l.touched = l.grown[:0], l.touched[:0]
}
