package hunt

import (
	"cmp"
	"math"
	"slices"

	"iolaus/exchange"
)

// set is a group of owners under test and how its trails compare with the rest.
type set struct {
	accounts []uint32
	owners   int                        // owners read
	all      int                        // owners of the set, of which a sample may have been read
	seen     []Weight                   // the trails that speak for membership, strongest first
	tests    [exchange.Families]int     // trails that two owners left, by cause
	best     [exchange.Families]float64 // the most surprising of them, by cause
	met      [exchange.Families]float64 // meetings within the set, by cause
	meets    [exchange.Families]float64 // its owners' meetings with anybody
	bets     [causes]float64            // log of the sum of the trails' e-values by their stakes, by cause
	null     *null                      // how innocents compare; nil until looked at
}

func logOf(n int) float64 { return math.Log(float64(max(n, 1))) }

// bench is scratch memory: stamps instead of maps, reused by every proposal.
type bench struct {
	accounts []uint32
	found    []found  // per trail, valid when epoch matches now
	epoch    []uint32 // per trail: the set it was counted for
	now      uint32
	touched  []uint32
	byOwner  []uint64 // owner<<32 | account
	nats     [exchange.Families][]float64
	weight   []float32                  // per trail, valid when epoch matches now
	couple   []bool                     // per trail: only two of the set left it
	shared   []bool                     // per trail: common to nearly all of the set
	common   [exchange.Families]float64 // nats lost by whoever shows none of those
	pool     []uint32
	pooled   []uint32 // per account: epoch
	place    []int    // per account, valid when pooled matches now
	raws     []raw    // per account, valid when readAt matches reading
	readAt   []uint32
	reading  uint32
	blind    [exchange.Families]bool // Options.Without

	logFactorial []float64
}

// found is how far a trail was met among the accounts of a set.
type found struct {
	inside uint32 // owners of the set that left it
	owner  uint32 // the one counted last
	uses   uint32 // sightings by the set's accounts, but for those on lone
	lone   uint32 // 1 + the first edge, while it is the only one; 0 afterwards
}

func (b *bench) fitTo(v *View) {
	if n := len(v.Trails) - len(b.found); n > 0 {
		b.found = append(b.found, make([]found, n)...)
		b.epoch = append(b.epoch, make([]uint32, n)...)
		b.weight = append(b.weight, make([]float32, n)...)
		b.shared = append(b.shared, make([]bool, n)...)
		b.couple = append(b.couple, make([]bool, n)...)
	}
	if n := len(v.Accounts) - len(b.pooled); n > 0 {
		b.pooled = append(b.pooled, make([]uint32, n)...)
		b.place = append(b.place, make([]int, n)...)
		b.raws = append(b.raws, make([]raw, n)...)
		b.readAt = append(b.readAt, make([]uint32, n)...)
	}
}

// worthABet is the surprise, in nats, below which a trail cannot add to an
// e-value that matters.
const worthABet = 4

// share says whether two accounts left a rare trail of another cause.
func (b *bench) share(v *View, x, y uint32, not exchange.Family) bool {
	b.now++
	for _, t := range v.Accounts[x].Left {
		b.epoch[t] = b.now
	}
	rare := uint32(max(16, v.Owners/30))
	for _, t := range v.Accounts[y].Left {
		if b.epoch[t] != b.now {
			continue
		}
		tr := &v.Trails[t]
		if f := tr.Observable.Family(); causeOf(f) != not && tr.Owners <= rare && !b.blind[f] {
			return true
		}
	}
	return false
}

// weighSet reads up to sample owners of the accounts and weighs every trail
// that two of them left.
func (b *bench) weighSet(v *View, accounts []uint32, sample int) set {
	b.byOwner = b.byOwner[:0]
	for _, a := range accounts {
		b.byOwner = append(b.byOwner, uint64(v.Accounts[a].Owner)<<32|uint64(a))
	}
	slices.Sort(b.byOwner)
	b.byOwner = slices.Compact(b.byOwner)
	s := set{accounts: accounts}
	for c := range s.bets {
		s.bets[c] = math.Inf(-1)
	}
	for i := range b.byOwner {
		if i == 0 || b.byOwner[i]>>32 != b.byOwner[i-1]>>32 {
			s.all++
		}
	}
	stride := max(1, (s.all+sample-1)/sample)
	b.now++
	b.touched = b.touched[:0]
	nth, last := -1, uint32(math.MaxUint32)
	for _, oa := range b.byOwner {
		owner, a := uint32(oa>>32), uint32(oa)
		if owner != last {
			last = owner
			nth++
			if nth%stride == 0 {
				s.owners++
			}
		}
		if nth%stride == 0 {
			b.count(v, owner, a)
		}
	}
	for _, t := range b.touched {
		k, tr := int(b.found[t].inside), &v.Trails[t]
		if b.blind[tr.Observable.Family()] || tr.Common {
			continue
		}
		c := causeOf(tr.Observable.Family())
		if tr.Owners <= scarce {
			s.met[c] += float64(k - 1)
			s.meets[c] += float64(k) * float64(tr.Owners-1)
		}
		if k < 2 {
			continue
		}
		n := b.outside(k, s, int(tr.Owners))
		nats := weigh(tr.Observable.Kind(), k, s.owners, n, v.Owners-s.all+s.owners)
		if tr.Observable.Family() == exchange.Content && tr.Observable.Kind() != exchange.Item {
			nats *= habit(float64(b.found[t].uses) / float64(k))
		}
		s.tests[c]++
		rare := surprise(k, s.owners, int(tr.Owners), v.Owners)
		if i := causeIndex[tr.Observable.Family()]; rare > worthABet {
			s.bets[i] = logAdd(s.bets[i], b.bet(k, s.owners, int(tr.Owners), v.Owners)+math.Log(float64(stake(int(tr.Owners)))))
		}
		if nats > 0 {
			s.best[c] = max(s.best[c], rare)
			s.seen = append(s.seen, Weight{t, uint32(k), nats})
		}
	}
	slices.SortFunc(s.seen, func(x, y Weight) int {
		switch {
		case x.Nats > y.Nats:
			return -1
		case x.Nats < y.Nats:
			return 1
		}
		return cmp.Or(cmp.Compare(y.Inside, x.Inside),
			cmp.Compare(v.Trails[x.Trail].Observable, v.Trails[y.Trail].Observable))
	})
	return s
}

// outside corrects a trail's owners for those of the set that were not read.
func (b *bench) outside(k int, s set, n int) int {
	if s.all == s.owners {
		return n
	}
	unread := float64(k) / float64(s.owners) * float64(s.all-s.owners)
	return max(k, n-int(unread))
}

// count notes what an account of the set left. Most trails are met once, and
// nobody asks how often those were used.
func (b *bench) count(v *View, owner, a uint32) {
	carried := v.Accounts[a].Carried
	for i, t := range v.Accounts[a].Left {
		f := &b.found[t]
		if b.epoch[t] != b.now {
			b.epoch[t] = b.now
			*f = found{inside: 1, owner: owner, lone: carried[i] + 1}
			b.touched = append(b.touched, t)
			continue
		}
		if f.owner != owner {
			f.owner = owner
			f.inside++
		}
		if f.lone > 0 {
			f.uses, f.lone = v.Edges[f.lone-1].Count, 0
		}
		f.uses += v.Edges[carried[i]].Count
	}
}

// loadSet loads the weights of a set that is under test.
func (b *bench) loadSet(v *View, s *set) { b.load(v, s.seen, s.owners, v.Owners-s.all+s.owners) }

// load puts a fingerprint's weights where score finds them. The fingerprint was
// fitted to s owners of all.
func (b *bench) load(v *View, ws []Weight, s, all int) {
	b.now++
	b.common = [exchange.Families]float64{}
	for _, w := range ws {
		if w.Nats <= 0 {
			continue
		}
		b.epoch[w.Trail] = b.now
		b.weight[w.Trail] = float32(w.Nats)
		b.couple[w.Trail] = w.Inside == 2
		b.shared[w.Trail] = false
		tr := &v.Trails[w.Trail]
		f := tr.Observable.Family()
		if f != exchange.Content && f != exchange.Client {
			continue
		}
		inside := float64(w.Inside) / float64(s)
		if inside < everyone {
			continue
		}
		b.shared[w.Trail] = true
		outside := float64(max(0, int(tr.Owners)-int(w.Inside))) / float64(max(1, all-s))
		b.common[f] = max(b.common[f], math.Log((1-outside)/(1-inside+missed)))
	}
}

const (
	everyone = 0.8  // share of a set's owners from which a trail is common to it
	missed   = 0.05 // how often a member may fail to show what is common, at least
	settled  = 5    // exchanges after which an account has shown what it is
)

// score adds up, by family, what an account carries of the loaded fingerprint.
// Who shows nothing of what is common to the set loses by that.
func (b *bench) score(v *View, a uint32) Score { return b.scoreOf(v, a, false) }

// scoreOf is score, with or without the trails that only two of the set left.
func (b *bench) scoreOf(v *View, a uint32, alone bool) Score {
	for f := range b.nats {
		b.nats[f] = b.nats[f][:0]
	}
	var shows [exchange.Families]bool
	for _, t := range v.Accounts[a].Left {
		if b.epoch[t] == b.now && !(alone && b.couple[t]) {
			f := v.Trails[t].Observable.Family()
			b.nats[f] = keep(b.nats[f], float64(b.weight[t]), f)
			shows[f] = shows[f] || b.shared[t]
		}
	}
	var s Score
	for f := range b.nats {
		s[f] = pool(exchange.Family(f), b.nats[f])
		if b.common[f] > 0 && !shows[f] {
			s[f] -= b.common[f] * min(1, float64(v.Accounts[a].Exchanges)/settled)
		}
	}
	return s
}

// keep puts a weight in its place among the greatest of its family, as many of
// them as pool adds up.
func keep(nats []float64, w float64, f exchange.Family) []float64 {
	i := len(nats)
	switch {
	case f == exchange.Behaviour: // all count in full
		return append(nats, w)
	case i < pooledAtMost:
		nats = append(nats, w)
	default:
		if i--; w <= nats[i] {
			return nats
		}
	}
	for ; i > 0 && nats[i-1] < w; i-- {
		nats[i] = nats[i-1]
	}
	nats[i] = w
	return nats
}

// pooledAtMost is how many weights of a family pool adds up before a further one
// counts less than a thousandth.
const pooledAtMost = 10

// partners counts the owners of the set, up to two, with whom an account shares
// what only two of the set left.
func (b *bench) partners(v *View, a uint32, inside map[uint32]bool) int {
	first, own := uint32(math.MaxUint32), v.Accounts[a].Owner
	for _, t := range v.Accounts[a].Left {
		if b.epoch[t] != b.now || !b.couple[t] || len(v.Trails[t].Carriers) > mostTied {
			continue
		}
		for _, c := range v.Trails[t].Carriers {
			x := v.Edges[c].Account
			o := v.Accounts[x].Owner
			if o == own || !inside[x] || o == first {
				continue
			}
			if first != math.MaxUint32 {
				return 2
			}
			first = o
		}
	}
	if first == math.MaxUint32 {
		return 0
	}
	return 1
}
