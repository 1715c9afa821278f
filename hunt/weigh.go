package hunt

import (
	"math"
	"slices"

	"iolaus/exchange"
)

// rule says how far one kind of observable may speak, in log-odds (nats), and
// from how strong a lift over the rest of the population on it speaks at all.
type rule struct {
	cap   float64
	lift  float64
	share float64 // of the set's owners that must leave it before it speaks in full
	seed  bool    // whether a set may be proposed from it
}

// rules weigh the kinds. Caps follow what each can mean at best: a card is held
// by somebody, an exit is rented to many, a sign-up hour is a coincidence, a
// failed prompt that comes back from another account needs a common queue.
var rules = [exchange.Kinds]rule{
	exchange.Payment:    {6, 5, 0, true},
	exchange.EmailName:  {2.5, 8, 0.2, false},
	exchange.EmailShape: {2, 5, 0.2, false},
	exchange.SignUp:     {2, 8, 0.2, false},
	exchange.Address:    {4, 8, 0.3, true},
	exchange.Network:    {3, 8, 0.3, true},
	exchange.Agent:      {3, 5, 0.2, true},
	exchange.Software:   {2, 5, 0.2, false},
	exchange.Settings:   {3, 5, 0.2, true},
	exchange.ToolSet:    {3, 5, 0.2, true},
	exchange.System:     {4, 5, 0.2, true},
	exchange.Phrase:     {4, 5, 0.2, true},
	exchange.Frame:      {4, 5, 0.2, true},
	exchange.Item:       {1.6, 8, 0, false},
	exchange.Failover:   {2.2, 5, 0, true},
	exchange.Echo:       {0.5, 5, 0, true},
	exchange.Succession: {2.2, 5, 0, false},
	exchange.Signed:     {10, 2, 0, true},
}

// familyCaps bound what one family can contribute for one account, so that ten
// views of one fact count once.
var familyCaps = [exchange.Families]float64{
	exchange.Identity: 7, exchange.Infrastructure: 5, exchange.Client: 4,
	exchange.Content: 8, exchange.Behaviour: 9, exchange.Protocol: 12,
}

// A Weight is what one trail says for membership in a set.
type Weight struct {
	Trail  uint32
	Inside uint32  // owners of the set that left it
	Nats   float64 // log-odds for an account that carries it
}

// weigh compares how common a trail is inside a set and outside. k of the set's
// s owners and n of all N owners left it. The set's own share is counted
// without the account in question, so that nobody is evidence against himself.
func weigh(kind exchange.Kind, k, s, n, all int) float64 {
	r := rules[kind]
	if k < 2 || s < 2 || r.cap == 0 || k < company && s >= crowd && !private(kind) {
		return 0
	}
	inside := float64(k-1) / float64(s-1)
	outside := (float64(n-k) + 0.5) / (float64(max(all-s, 1)) + 1)
	lift := inside / outside
	if lift < r.lift {
		return 0
	}
	full := 1.0
	if inside < r.share {
		full = partial + (1-partial)*inside/r.share
	}
	return min(r.cap*full, math.Log(lift))
}

// In a set of a crowd of owners it takes the company of others before a trail
// speaks: two that have something in common only with each other are a couple
// inside the set, not a part of it.
const (
	company = 3
	crowd   = 8
)

// private kinds join two at a time by their nature.
func private(k exchange.Kind) bool {
	return k == exchange.Payment || k == exchange.Address || k == exchange.Item || k.Family() == exchange.Behaviour || k.Family() == exchange.Protocol
}

// partial is what a trail may still say of a set in which hardly anybody left
// it: a piece of a pool of addresses, one variant of a template.
const partial = 0.4

// habit is how far a wording counts that those who share it used so often on
// average: what each used once is a text that went round, or a piece of a public
// list; what they use again and again is how they write.
func habit(uses float64) float64 { return min(1, max(0.15, (uses-1)/2)) }

// surprise bounds from above how likely k or more of s owners left a trail that
// n of all owners left, if the set were drawn without regard to it; in nats.
// Chernoff's bound holds for the hypergeometric law (Hoeffding 1963).
func surprise(k, s, n, all int) float64 {
	return exceeds(float64(k), float64(n)*float64(s)/float64(max(all, 1)))
}

// exceeds is Chernoff's bound, in nats, on how likely a count comes to k or more
// where mean is expected; 0 when there is nothing to expect or no more than that.
func exceeds(k, mean float64) float64 {
	if k <= mean || mean == 0 {
		return 0
	}
	return k*math.Log(k/mean) - k + mean
}

// pool adds the weights of one family with falling return: the second view of
// it counts half, the third a quarter, and so on up to the family's cap.
func pool(f exchange.Family, nats []float64) float64 {
	slices.SortFunc(nats, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	sum, share, fall := 0.0, 1.0, 0.5
	if f == exchange.Behaviour {
		fall = 1 // each hand-over is an event of its own
	}
	for _, w := range nats {
		sum += w * share
		share *= fall
		if share < 1e-3 {
			break
		}
	}
	return min(familyCaps[f], sum)
}

// A Score is what speaks for one account's membership, by family, in nats.
type Score [exchange.Families]float64

// Total is the sum over the families.
func (s Score) Total() float64 {
	t := 0.0
	for _, x := range s {
		t += x
	}
	return t
}

// present is the log-odds from which a family counts as having spoken.
const present = 2.3 // ten to one

// Independent counts the causes that speak. What a program sends and what it is
// called have one cause, the program: client and content count as one.
func (s Score) Independent() int {
	n := 0
	if s[exchange.Content] >= present || s[exchange.Client] >= present {
		n++
	}
	for _, f := range [...]exchange.Family{exchange.Identity, exchange.Infrastructure, exchange.Behaviour, exchange.Protocol} {
		if s[f] >= present {
			n++
		}
	}
	return n
}

// Linked says whether the score can make an account a member: two independent
// causes, of which addresses with a common client are not enough. Exits are
// rented to many and libraries are used by many. Where the log has no texts, it
// takes three families that have nothing to do with each other.
func (s Score) Linked(threshold float64) bool {
	if s.Independent() < 2 || s.Total() < threshold {
		return false
	}
	strong := s[exchange.Content] >= present || s[exchange.Behaviour] >= present || s[exchange.Protocol] >= present
	return strong || s[exchange.Identity] >= present && s[exchange.Infrastructure] >= present && s[exchange.Client] >= present
}
