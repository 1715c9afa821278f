// Package hunt finds sets of accounts that one operator runs and tests what
// they are for.
//
// It promises that cost follows what changed, never all pairs of accounts; that
// evidence is capped by family and that nobody is accused on one family alone;
// that each member is tested for itself; and that the same sightings give the
// same findings. One place, decide, turns evidence into an accusation. It keeps
// no clock and reads no text, and country, language and script are not among
// the things it can see.
package hunt

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"iolaus/exchange"
)

// Options tune a Hunter; the zero value is ready to use.
type Options struct {
	// Coincidence is how improbable, in nats after correction for the number of
	// comparisons, a set's agreement in a second family must be. Default 12.
	Coincidence float64
	// Membership is the log-odds an account needs for itself, above the prior
	// that an account belongs to any one set. Default 9.5.
	Membership float64
	// Stranger bounds the innocents that may be taken along in a set, as a share
	// of its members expected by chance. Default 0.01.
	Stranger float64
	// Alpha bounds the expected share of innocent sets among the certified ones,
	// see doc/error-control.md. Default 0.01.
	Alpha float64
	// Certified keeps sets from accusation that are not certified. Else they are
	// accused on the same evidence otherwise, and say that they are not.
	Certified bool
	// Calibration certifies by how innocent sets fared, not by the permutation
	// null; nil for the null.
	Calibration *Calibration
	// Looked is told of every set that was put to the test; nil tells nobody.
	Looked func(*View, Look)
	// Extraction is the score that the set's pooled traffic needs. Default 2.
	Extraction float64
	// Volume is the number of pooled exchanges below which the hunt abstains:
	// with few exchanges, guessing harms customers. Default 60.
	Volume int
	// Owners is the least number of distinct owners in a campaign. Default 3.
	Owners int
	// Without are families of evidence that the hunt is blind to, to measure what
	// each is worth.
	Without []exchange.Family
	// Sample bounds how many owners of a large set are read to weigh its
	// trails. Default 128.
	Sample int
}

func (o Options) withDefaults() Options {
	o.Coincidence = cmp.Or(o.Coincidence, 12)
	o.Membership = cmp.Or(o.Membership, 9.5)
	o.Stranger = cmp.Or(o.Stranger, 0.01)
	o.Alpha = cmp.Or(o.Alpha, 0.01)
	o.Extraction = cmp.Or(o.Extraction, 2)
	o.Volume = cmp.Or(o.Volume, 60)
	o.Owners = cmp.Or(o.Owners, 3)
	o.Sample = cmp.Or(o.Sample, 128)
	return o
}

// A Member is an account of a finding.
type Member struct {
	Account uint32
	Added   uint32 // when the evidence for this account sufficed
	Heir    bool   // it runs the finding's program; nothing else links it yet
	Score   Score
}

// A Finding is a set of accounts that one operator runs, and its purpose.
type Finding struct {
	ID          int
	Detected    uint32
	Score       float64 // log-odds of the set: the median member's, and the purpose's
	Members     []Member
	Weights     []Weight // its fingerprint, strongest first
	Purpose     Purpose
	Certificate Certificate

	index   map[uint32]int // account -> place in Members
	fit     int            // members when the weights were last fitted
	null    *null
	owners  int    // owners that the weights were fitted to
	fresh   uint32 // time of the last fit
	began   uint32 // when members first used the wording that links them
	changed bool   // since findings were last compared with each other
}

// A Hunter looks for findings step by step. It is not safe for concurrent use.
type Hunter struct {
	opt      Options
	findings []*Finding
	tried    []uint32 // per trail: owners when a set was last proposed from it
	marks    [][]mark // per trail: the findings whose fingerprint holds it
	marked   []bool   // per trail: there are any
	home     []int32  // per account: its finding, or -1
	near     []near
	proposed map[uint64]uint32 // signature of a set -> when it was last looked at

	error  ledgerOfError
	groups Groups                     // of the sets tested, when there is a calibration
	began  uint32                     // time of the first step
	mass   [causes]float64            // stakes on all trails of each cause
	met    [exchange.Families]float64 // meetings in all trails, by cause
	staked []uint8                    // per trail: its stake
	handed web                        // accounts between which items were handed over
	routed web                        // accounts that share address after address

	work  bench
	blind [exchange.Families]bool // Options.Without
}

// mark is one trail's weight in one finding's fingerprint.
type mark struct {
	finding int32
	nats    float32
	own     bool // hardly anybody else leaves it
	may     bool // it may be own yet, with the heirs that come before the next step
}

// New returns a Hunter that has seen nothing.
func New(o Options) *Hunter {
	o = o.withDefaults()
	h := &Hunter{
		opt:    o,
		error:  ledgerOfError{alpha: o.Alpha},
		handed: web{formed: exchange.Behaviour, need: 1, widest: mostTied},
		routed: web{formed: exchange.Infrastructure, need: 3, widest: 12},
	}
	for _, f := range o.Without {
		h.blind[f] = true
	}
	h.work.blind = h.blind
	return h
}

// Findings returns what has been found so far; it belongs to the hunter.
func (h *Hunter) Findings() []*Finding { return h.findings }

// Step hunts in what has changed since the last step.
func (h *Hunter) Step(v *View) {
	h.began = cmp.Or(h.began, v.Now)
	h.fitTo(v)
	h.weighStakes(v)
	h.link(v)
	h.join(v)
	for _, t := range h.seeds(v) {
		h.propose(v, t, 0)
	}
	h.weave(v)
	h.revisit(v)
	h.fuse(v)
}

// Close brings the purposes of all findings up to date, at the end of a run.
func (h *Hunter) Close(v *View) {
	for _, f := range h.findings {
		if len(f.Members) > 0 {
			f.Purpose = h.purposeOf(v, f.Members)
		}
	}
}

// near is a trail whose set fell short for lack of evidence or volume so far.
type near struct {
	trail uint32
	since uint32
	short float64 // nats by which the coincidence fell short, at least
	looks uint8   // how often it was looked at; each time it waits twice as long
}

const (
	patience = 12 * 3600 // event time until a set that fell short is looked at again
	maxLooks = 3         // after which it waits no longer than eight times that
	maxNear  = 128
	almost   = 8 // nats by which a set may fall short and still be looked at again
)

// revisit proposes again what fell short some time ago: a set may be complete
// before the evidence about it is.
func (h *Hunter) revisit(v *View) {
	due := h.near
	h.near = nil
	for _, n := range due {
		if v.Now-n.since < patience<<n.looks {
			h.near = append(h.near, n)
			continue
		}
		h.propose(v, n.trail, min(n.looks+1, maxLooks))
	}
	if len(h.near) > maxNear {
		slices.SortStableFunc(h.near, func(a, b near) int { return cmp.Compare(a.short, b.short) })
		h.near = h.near[:maxNear]
	}
}

func (h *Hunter) fitTo(v *View) {
	for len(h.tried) < len(v.Trails) {
		h.tried = append(h.tried, 0)
		h.marks = append(h.marks, nil)
		h.marked = append(h.marked, false)
		h.staked = append(h.staked, 0)
	}
	for len(h.home) < len(v.Accounts) {
		h.home = append(h.home, -1)
	}
	h.work.fitTo(v)
}

// weighStakes keeps the sums of the stakes on all trails and of the meetings in them.
func (h *Hunter) weighStakes(v *View) {
	for _, t := range v.Grown {
		tr := &v.Trails[t]
		now := stake(int(tr.Owners))
		h.mass[causeIndex[tr.Observable.Family()]] += float64(now) - float64(h.staked[t])
		h.met[causeOf(tr.Observable.Family())] += meetings(int(tr.Owners)) - meetings(1+int(h.staked[t]))
		h.staked[t] = now
	}
}

// seeds picks the trails from which sets are worth proposing: those that grew
// by half since they were last tried. Each trail is tried a number of times
// that is logarithmic in its owners.
func (h *Hunter) seeds(v *View) []uint32 {
	var out []uint32
	for _, t := range v.Grown {
		tr := &v.Trails[t]
		if int(tr.Owners) < max(2, h.opt.Owners) || !rules[tr.Observable.Kind()].seed || h.blind[tr.Observable.Family()] {
			continue
		}
		if 2*tr.Owners >= 3*h.tried[t] {
			out = append(out, t)
		}
	}
	// Strong kinds first: what they find need not be found again. Ties go by
	// the observable, so that the order of arrival does not matter.
	slices.SortFunc(out, func(a, b uint32) int {
		x, y := &v.Trails[a], &v.Trails[b]
		return cmp.Or(
			cmp.Compare(rules[y.Observable.Kind()].cap, rules[x.Observable.Kind()].cap),
			cmp.Compare(y.Owners, x.Owners),
			cmp.Compare(x.Observable, y.Observable))
	})
	return out
}

// propose forms a set from one trail, tests it on the other families, and
// accuses it if everything holds.
func (h *Hunter) propose(v *View, trail uint32, looks uint8) {
	tr := &v.Trails[trail]
	h.tried[trail] = tr.Owners
	accounts, uses := h.carriers(v, trail)
	if tr.Observable.Family() == exchange.Content && uses < habitual*len(accounts) {
		return // a text that went round, or a piece of a list
	}
	formed := tr.Observable.Family()
	if h.known(accounts) || h.recent(v, accounts) {
		return
	}
	// Whatever is looked at from here on has been tested, and costs its share of
	// the error rate.
	cert := h.certificate()
	if !h.agree(v, formed, accounts) {
		return
	}
	if short := h.test(v, formed, accounts, cert); short < almost {
		h.near = append(h.near, near{trail, v.Now, short, looks})
	}
}

// link notes the new links between two accounts.
func (h *Hunter) link(v *View) {
	h.handed.spin(v, h.handOver)
	h.routed.spin(v, func(t *Trail) bool {
		return t.Observable.Kind() == exchange.Address && !h.blind[exchange.Infrastructure]
	})
}

// weave proposes sets from what hangs together by links between two accounts.
func (h *Hunter) weave(v *View) {
	for _, w := range [...]*web{&h.handed, &h.routed} {
		for _, accounts := range w.sets() {
			if h.owners(v, accounts) >= h.opt.Owners && !h.known(accounts) && !h.recent(v, accounts) {
				h.test(v, w.formed, accounts, h.certificate())
			}
		}
	}
}

// certificate opens a test.
func (h *Hunter) certificate() Certificate {
	level, test := h.error.next()
	return Certificate{LogE: math.Inf(-1), Level: level, Test: test, Alpha: h.opt.Alpha}
}

// test puts a set that was formed on one family to the test on the others. It
// returns how many nats the set fell short by: 0 when only volume or members
// are missing, and more than any set falls short by when it was accused.
func (h *Hunter) test(v *View, formed exchange.Family, accounts []uint32, cert Certificate) (short float64) {
	set := h.work.weighSet(v, accounts, h.opt.Sample)
	cert.LogE = h.eValue(causeIndex[formed], &set)
	cert, group := h.calibrate(v, accounts, cert)
	short = h.opt.Coincidence - h.coincidence(formed, &set)
	reached := short <= 0 && h.certify(group, func() bool {
		first := set
		return h.decide(v, &set, h.settle(v, &set), cert) ||
			formed == exchange.Behaviour && (cert.Suffices() || short <= -beyond) && h.decide(v, &first, h.queued(v, &first), cert)
	})
	if h.opt.Looked != nil {
		h.opt.Looked(v, Look{Accounts: accounts, Segment: segmentOf(v, accounts), Reached: reached, Short: short})
	}
	if reached {
		return math.Inf(1)
	}
	return max(0, short)
}

// beyond is by how many nats a set's coincidence must exceed what is asked of it, if it
// is not certified, so that its members are judged as one queue's.
const beyond = 40

// habitual is how often its carriers must have used a wording on average before
// a set is proposed from it.
const habitual = 2

// carriers lists the accounts that left a trail, and how often they did.
func (h *Hunter) carriers(v *View, trail uint32) (accounts []uint32, uses int) {
	accounts = h.work.accounts[:0]
	for _, e := range v.Trails[trail].Carriers {
		accounts = append(accounts, v.Edges[e].Account)
		uses += int(v.Edges[e].Count)
	}
	h.work.accounts = accounts
	return accounts, uses
}

// recent says whether much the same set was proposed a short while ago, from
// another trail: sets are compared by two of their minima under random order,
// which agree with the square of the sets' similarity (Broder 1997).
func (h *Hunter) recent(v *View, accounts []uint32) bool {
	x, y := uint64(math.MaxUint64), uint64(math.MaxUint64)
	for _, a := range accounts {
		z := uint64(a+1) * 0x9e3779b97f4a7c15
		z ^= z >> 29
		x, y = min(x, z*0xbf58476d1ce4e5b9), min(y, z*0x94d049bb133111eb)
	}
	sig := x ^ bits.RotateLeft64(y, 17) ^ uint64(bits.Len(uint(len(accounts))))
	if at, ok := h.proposed[sig]; ok && v.Now-at < repose {
		return true
	}
	if h.proposed == nil || len(h.proposed) > maxProposed {
		h.proposed = map[uint64]uint32{}
	}
	h.proposed[sig] = v.Now
	return false
}

const (
	repose      = 4 * 3600 // event time in which much the same set is looked at once
	maxProposed = 1 << 16
)

// known says whether most of the accounts are already in one finding.
func (h *Hunter) known(accounts []uint32) bool {
	n := 0
	for _, a := range accounts {
		if h.home[a] >= 0 {
			n++
		}
	}
	return 4*n >= 3*len(accounts)
}

// agree is a cheap look before the dear one: do a few pairs of the set share a
// trail of another cause?
func (h *Hunter) agree(v *View, formed exchange.Family, accounts []uint32) bool {
	cause := causeOf(formed)
	const pairs = 12
	step := max(1, len(accounts)/pairs)
	for i := 0; i+1 < len(accounts); i += step {
		a, b := accounts[i], accounts[i+1]
		if v.Accounts[a].Owner != v.Accounts[b].Owner && h.work.share(v, a, b, cause) {
			return true
		}
	}
	return false
}

// causeOf groups the families by what can explain them at once: client and
// content come from one program.
func causeOf(f exchange.Family) exchange.Family {
	if f == exchange.Client {
		return exchange.Content
	}
	return f
}

// coincidence is the agreement of the set in the causes other than the one it
// was formed on: of each the most surprising trail, corrected for how many were
// compared, or all meetings, if they surprise more; causes are independent, so their
// surprises add up.
func (h *Hunter) coincidence(formed exchange.Family, s *set) float64 {
	sum := 0.0
	for c, b := range s.best {
		if c != int(causeOf(formed)) {
			sum += max(0, b-logOf(s.tests[c]), meet(s.met[c], s.meets[c], h.met[c]))
		}
	}
	return sum
}
