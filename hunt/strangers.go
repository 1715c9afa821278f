package hunt

import "iolaus/exchange"

// Caps bound what one family can contribute for one account, in nats: they hold
// wherever a finding's fingerprint is used.
func Caps() (caps [exchange.Families]float64) { return familyCaps }

// Least is the log-odds from which an account can belong to a finding.
func (h *Hunter) Least(f *Finding) float64 {
	return max(h.opt.Membership, coreShare*median(f.Members))
}

// seasoned is the number of exchanges from which an account outside the findings
// says whose wording it is: also of him who uses it.
const seasoned = 24

// Stranger says whether an account was seen long enough and belongs to no finding.
func (h *Hunter) Stranger(v *View, a uint32) bool {
	return v.Accounts[a].Exchanges >= seasoned && (int(a) >= len(h.home) || h.home[a] < 0)
}

// beganAt is when accounts first used the wording that links them.
func beganAt(v *View, ws []Weight, in map[uint32]bool) uint32 {
	first := ^uint32(0)
	for _, x := range ws {
		t := &v.Trails[x.Trail]
		if t.Observable.Family() != exchange.Content || x.Nats < present {
			continue
		}
		for _, e := range t.Carriers {
			if edge := &v.Edges[e]; edge.First < first && in[edge.Account] {
				first = edge.First
			}
		}
	}
	return first
}

// earlier is by how much somebody must have been before the operator to have been
// the first: a head that was missed may have been there a little before the others.
const earlier = 86400

// fewOthers is how many long-known accounts outside may leave what is a finding's own.
const fewOthers = 2

// holders counts who leaves a trail of a finding's fingerprint.
type holders struct {
	wording       bool
	all           int
	inside        int    // members; who was banned is heard as a head that was missed
	heirs         int    // members by the program alone, and the kin
	outside       int    // the others; of wording only the long-known
	first, oldest uint32 // when members first left it, and kin
	early         uint32 // when anybody else did
}

func (h *Hunter) holders(v *View, f *Finding, trail uint32, kin map[uint32]bool) holders {
	t := &v.Trails[trail]
	c := holders{wording: t.Observable.Family() == exchange.Content, all: len(t.Carriers), first: ^uint32(0), oldest: ^uint32(0), early: ^uint32(0)}
	for _, e := range t.Carriers {
		a, first := v.Edges[e].Account, v.Edges[e].First
		x := &v.Accounts[a]
		switch {
		case int(a) < len(h.home) && h.home[a] == int32(f.ID):
			heir := f.Members[f.index[a]].Heir
			c.heirs += one(heir)
			c.inside += one(!heir)
			c.first = min(c.first, first)
		case x.Banned != 0:
			c.inside++
			c.first = min(c.first, first)
		case kin[a]:
			c.heirs++
			c.oldest = min(c.oldest, first)
		case int(a) < len(h.home) && h.home[a] >= 0: // found otherwise: no customer
		default:
			c.early = min(c.early, first)
			c.outside += one(!c.wording || x.Exchanges >= seasoned)
		}
	}
	return c
}

// rare says whether hardly anybody outside leaves the trail. Not nobody, for the
// hunt has not found every head: of all who leave it one in six may be outside,
// and of long-known accounts two, if it is wording. Heirs do not beget heirs: when
// they are many times those who were found otherwise, the program may have got
// into other hands.
func (c *holders) rare() bool {
	return 6*c.outside <= c.all && (c.outside <= fewOthers || !c.wording) && c.heirs <= crowded*c.inside
}

// crowded is how many times the other members who leave a trail its heirs may be.
const crowded = 2

// Exclusive says whether a trail of a finding's fingerprint is hardly anybody
// else's. Wording that anybody outside used before the operator did is not his: it
// was copied.
func (h *Hunter) Exclusive(v *View, f *Finding, trail uint32) bool {
	c := h.holders(v, f, trail, nil)
	return !(c.wording && c.early < f.began-earlier) && c.rare()
}

// ours says whether a trail of a finding's fingerprint is hardly anybody else's, if
// the kin are the finding's. That is asked of more than Exclusive is: a client, too,
// must be nobody's from before, and no kin may have left it days before any member did:
// a company that was copied later is not the operator's, however many copy it.
func (h *Hunter) ours(v *View, f *Finding, trail uint32, kin map[uint32]bool) bool {
	c := h.holders(v, f, trail, kin)
	return !h.before(v, f, trail, &c) && !(c.wording && uint64(c.oldest)+2*earlier < uint64(c.first)) && c.rare()
}

// before says whether somebody else may have left wording or a client before the
// operator did.
func (h *Hunter) before(v *View, f *Finding, trail uint32, c *holders) bool {
	if !c.wording && v.Trails[trail].Observable.Family() != exchange.Client {
		return false
	}
	return c.early < max(f.began-earlier, h.began+watched)
}

// mayBeOurs says whether there can be kin with whom ours holds: as many of those
// outside as may be heirs, and the few others that there may be.
func (h *Hunter) mayBeOurs(v *View, f *Finding, trail uint32) bool {
	t := &v.Trails[trail]
	if int(t.Owners) > coverage*max(len(f.Members), 16) {
		return false
	}
	c := h.holders(v, f, trail, nil)
	others := c.all / 6
	if c.wording {
		others = min(others, fewOthers)
	}
	return !h.before(v, f, trail, &c) && c.outside <= others+max(0, crowded*c.inside-c.heirs)
}
