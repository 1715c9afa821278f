// Package sim makes worlds with known truth: what a gateway would log of innocent
// crowds and of operators that extract a model's capabilities, over real texts and
// real arrival rates.
//
// It promises the same world, byte for byte, for the same spec and texts; events in
// the order of time; and people, countries, languages and scripts drawn in the same
// way for the guilty and the innocent. No public data has both prompts and labels of
// fraud networks, so joint behaviour is composed: after what was reported of such
// campaigns, not after what a detector sees. It refuses to be known by any
// detector: nothing but scoring and tests may import it.
package sim

import (
	"container/heap"
	"fmt"
	"slices"
	"time"

	"iolaus/exchange"
)

// Truth tells who is behind an account.
type Truth struct {
	Account    string
	Operator   string // or the innocent owner
	Label      string // benign or campaign
	Archetype  string // the crowd, or campaign
	Replaces   string // the banned account whose place this one takes
	Language   string // the account's main language; not written to truth.jsonl
	Exchanges  int    // that succeeded
	Extraction int    // ... of the campaign's work
}

// A World is a plan of everything that will happen. It is played by Each.
type World struct {
	Spec     Spec               // with its defaults filled in
	Accounts []exchange.Account // by time of sign-up, as known at the end
	Truth    []Truth            // in the same order

	texts  *Texts
	actors []*actor
	models [][]release // by tier, oldest first
	total  int
}

// release is a model from a time on.
type release struct {
	name string
	at   int64
}

// New plans the world of a spec. Its texts are composed when it is played.
func New(spec Spec, texts *Texts) (*World, error) {
	spec = spec.withDefaults()
	if err := spec.validate(); err != nil {
		return nil, err
	}
	b := newBuilder(spec, texts)
	for _, c := range crowds {
		if n := spec.Crowds[c.name]; n > 0 {
			c.build(b, max(1, int(float64(n)*spec.Scale+.5)))
		}
	}
	for i := range spec.Operators {
		b.campaign(&spec.Operators[i])
	}
	return b.world(), nil
}

// world closes the plan: events in order, totals counted.
func (b *builder) world() *World {
	w := &World{Spec: b.spec, texts: b.texts, models: b.models}
	slices.SortStableFunc(b.actors, func(x, y *actor) int { return x.account.Created.Compare(y.account.Created) })
	for _, a := range b.actors {
		slices.SortStableFunc(a.events, func(x, y event) int { return int(min(1, max(-1, x.at-y.at))) })
		for i := range a.events {
			if a.events[i].code == 0 {
				a.truth.Exchanges++
				if a.events[i].work {
					a.truth.Extraction++
				}
			}
		}
		w.total += len(a.events)
		a.truth.Account, a.truth.Language = a.account.ID, a.lang
		a.dice = nil
		w.Accounts = append(w.Accounts, a.account)
		w.Truth = append(w.Truth, a.truth)
	}
	w.actors = b.actors
	return w
}

// Len is the number of exchanges that Each emits.
func (w *World) Len() int { return w.total }

// Each plays the world in the order of time. The exchange is reused: whoever keeps
// it copies it; its strings stay valid. It may be played any number of times.
func (w *World) Each(emit func(*exchange.Exchange) error) error {
	q := make(queue, 0, len(w.actors))
	for i, a := range w.actors {
		if len(a.events) > 0 {
			q = append(q, cursor{a.events[0].at, int32(i), 0})
		}
	}
	heap.Init(&q)
	x := &exchange.Exchange{}
	c := &composer{dice: newDice(0, 0), texts: w.texts, x: x}
	for len(q) > 0 {
		top := &q[0]
		a := w.actors[top.actor]
		w.play(c, a, int(top.next))
		if err := emit(x); err != nil {
			return fmt.Errorf("cannot play world %q: %w", w.Spec.Name, err)
		}
		if top.next++; int(top.next) < len(a.events) {
			top.at = a.events[top.next].at
			heap.Fix(&q, 0)
		} else {
			heap.Pop(&q)
		}
	}
	return nil
}

// cursor is an actor's place in its events; queue orders cursors by time.
type cursor struct {
	at    int64
	actor int32
	next  int32
}

type queue []cursor

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].actor < q[j].actor
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(cursor)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// play composes one event into the composer's exchange.
func (w *World) play(c *composer, a *actor, i int) {
	e := &a.events[i]
	k := &a.desks[e.desk]
	x := c.x
	x.Reset()
	k.voice.speak(c, e)
	c.finish()
	if k.seals {
		c.seal(a, e)
	}
	id := mix(a.seed + uint64(i)*0x9e3779b97f4a7c15)
	c.reseed(id, 3)
	x.ID = "chatcmpl-" + hexString(id, 16)
	x.Time = at(e.at)
	x.Account, x.Key, x.KeyName, x.Org = a.account.ID, a.key, a.alias, a.account.Org
	session := uint64(e.salt) << 20
	if k.batch {
		session = uint64(e.at / (5 * hour))
	}
	x.Session = hexString(mix(a.seed^session), 16)
	if e.sub >= 0 {
		x.SubAccount = subAccount(a.seed, e.sub)
	}
	ways := k.ways
	if ways == nil {
		ways = &a.ways
	}
	x.Address = ways.at(e.at)
	x.UserAgent, x.TLS = k.soft.agent, k.soft.tls
	x.Provider, x.Operation = "cedar", "chat"
	x.Model = w.model(c, k, e.at)
	k.habit.set(&x.Params, e.salt)
	w.answer(c, e)
}

// model draws what is asked for: mostly the desk's tier, new releases once adopted.
func (w *World) model(c *composer, k *desk, t int64) string {
	tier := k.taste.tier
	if c.chance(.04) {
		tier = c.IntN(len(w.models))
	}
	if len(w.models[tier]) == 0 {
		tier = 0
	}
	name := w.models[tier][0].name
	for _, r := range w.models[tier][1:] {
		if r.at <= t && k.taste.adopt <= t {
			name = r.name
		}
	}
	return name
}

// answer sets times, tokens and outcome.
func (w *World) answer(c *composer, e *event) {
	x := c.x
	in := tokens(x.System)
	for i := range x.Turns {
		in += tokens(x.Turns[i].Text)
	}
	for i := range x.Tools {
		in += tokens(x.Tools[i].Schema) + 12
	}
	x.Usage.Input = in + 7
	if e.code != 0 {
		x.Failed, x.ErrorCode, x.Error = true, int(e.code), errorClass(e.code)
		x.Output, x.Calls = "", x.Calls[:0]
		x.End = x.Time.Add(time.Duration(80+c.IntN(900)) * time.Millisecond)
		return
	}
	x.Served = x.Model
	shown := tokens(x.Output) + 20*len(x.Calls)
	x.Usage.Output = int(float64(shown+8) * (1 + 2.5*c.Float64()*c.Float64()))
	x.Usage.Cost = float64(x.Usage.Input)*2e-6 + float64(x.Usage.Output)*8e-6
	first := time.Duration(c.lognormal(520, .45)) * time.Millisecond
	x.FirstToken = x.Time.Add(first)
	x.End = x.FirstToken.Add(time.Duration(float64(x.Usage.Output)*c.lognormal(13, .3)) * time.Millisecond)
	x.Finish = "stop"
	switch {
	case len(x.Calls) > 0:
		x.Finish = "tool_calls"
	case x.Params.MaxTokens > 0 && x.Usage.Output >= x.Params.MaxTokens:
		x.Finish, x.Usage.Output = "length", x.Params.MaxTokens
	}
}

func errorClass(code uint16) string {
	switch code {
	case 429:
		return "RateLimitError"
	case 400:
		return "BadRequestError"
	case 403:
		return "PermissionDeniedError"
	case 408:
		return "Timeout"
	case 503:
		return "ServiceUnavailableError"
	}
	return "InternalServerError"
}

func subAccount(seed uint64, i int32) string {
	return "u" + hexString(mix(seed+uint64(i)*31), 8)
}
