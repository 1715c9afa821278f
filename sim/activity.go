package sim

import (
	"math"
	"slices"
)

// habits of the day: relative activity by local hour.
var (
	workHours    = [24]float64{1, .5, .3, .2, .2, .4, 1, 3, 7, 10, 11, 11, 8, 9, 10, 10, 9, 8, 5, 4, 4, 4, 3, 2}
	eveningHours = [24]float64{3, 1.5, .8, .4, .3, .4, 1, 2, 3, 3.5, 4, 4, 4.5, 4, 4, 4, 4.5, 5.5, 7, 8.5, 10, 10.5, 9, 6}
	nightHours   = [24]float64{9, 8, 6, 4, 2, 1, .6, .6, 1, 1.5, 2, 2, 2.5, 3, 3, 3, 3, 3.5, 4, 5, 6.5, 8, 9, 9.5}
)

// human lays an account's load over its days: local hours, weekday or weekend, and
// days without.
func (b *builder) human(a *actor) calendar {
	curve := &eveningHours
	weekend := .9
	switch u := a.Float64(); {
	case u < .42:
		curve, weekend = &workHours, .3
	case u < .52:
		curve = &nightHours
	}
	shift := a.country.offset + a.between(-1, 1)
	daily := .35 + .6*a.Float64()
	seed := a.Uint64()
	return b.between(a.from, a.until, func(_ int, t int64) float64 {
		local := t + int64(shift)*hour
		d := local / day
		if float64(mix(seed^uint64(d))>>11)/(1<<53) > daily {
			return 0
		}
		w := curve[local/hour%24]
		if wd := (d + 4) % 7; wd == 0 || wd == 6 {
			w *= weekend
		}
		return w
	})
}

// machine lays a real client's hours of the week over the account's life, shifted as
// if it stood somewhere else.
func (b *builder) machine(a *actor) (calendar, *rhythm) {
	return b.machineLike(a, func(*rhythm) bool { return true })
}

// machineLike is machine with a client of a kind, if one is found in some tries.
func (b *builder) machineLike(a *actor, like func(*rhythm) bool) (calendar, *rhythm) {
	r := &b.texts.rhythms[a.IntN(len(b.texts.rhythms))]
	for range 30 {
		if like(r) {
			break
		}
		r = &b.texts.rhythms[a.IntN(len(b.texts.rhythms))]
	}
	shift := a.IntN(weekHours)
	return b.between(a.from, a.until, func(i int, t int64) float64 {
		return float64(r.hours[(int(t/hour)+shift)%weekHours]) + .01
	}), r
}

// window is active for some hours from a given hour of the day on: a nightly job.
func (b *builder) window(a *actor, from, hours int, everyDay float64) calendar {
	seed := a.Uint64()
	return b.between(a.from, a.until, func(_ int, t int64) float64 {
		h := int(t/hour+48-int64(from)) % 24
		if h >= hours || float64(mix(seed^uint64((t-int64(from)*hour)/day))>>11)/(1<<53) > everyDay {
			return 0
		}
		return 1
	})
}

func (b *builder) between(from, until int64, weight func(int, int64) float64) calendar {
	from, until = max(from, b.start), min(until, b.end)
	if until <= from {
		return calendar{from, []float64{0}}
	}
	hours := int((until - from + hour - 1) / hour)
	return newCalendar(from, hours, weight)
}

// days is how long the account is there, in days.
func (b *builder) days(a *actor) float64 {
	return math.Max(0, float64(min(a.until, b.end)-max(a.from, b.start))/float64(day))
}

// failures is an account's share of failed requests: low, more for the busy.
func (a *actor) failures(perDay float64) float64 {
	return min(.12, a.lognormal(.006, .7)*(1+math.Log1p(perDay)*.7))
}

// failure draws an HTTP status.
func failure(d *dice) uint16 {
	return choose(d, []uint16{429, 429, 429, 429, 429, 429, 429, 429, 500, 500, 503, 503, 408, 400})
}

// send queues a request that fails with a probability; most clients then repeat it,
// on the account itself unless elsewhere takes it.
func (a *actor) send(e event, fail float64, elsewhere func(event) bool) {
	down := slices.ContainsFunc(a.outages, func(o span64) bool { return e.at >= o.from && e.at < o.until })
	if down {
		fail = .75
	}
	if a.dice.chance(fail) {
		failed := e
		if failed.code = failure(a.dice); down {
			failed.code = choose(a.dice, []uint16{500, 503, 503})
		}
		a.add(failed)
		if failed.code == 400 || a.chance(.25) {
			return
		}
		if elsewhere != nil && elsewhere(e) {
			return
		}
		e.at += int64(a.lognormal(9, 1) * float64(second))
		if down { // until it is over
			e.at += int64(a.ExpFloat64() * float64(20*minute))
		}
	}
	a.add(e)
}

// load is how much an account converses: requests a day, turns of a conversation,
// seconds between them.
type load struct{ perDay, turns, pause float64 }

// talk queues conversations: sessions by the calendar, turns in each with pauses.
func (b *builder) talk(a *actor, desk uint8, l load, cal calendar) {
	perDay, turns, pause := l.perDay, l.turns, l.pause
	count := perDay / turns * b.days(a)
	fail := a.failures(perDay)
	cv := min(6, b.texts.rhythms[a.IntN(len(b.texts.rhythms))].cv)
	for _, t := range cal.arrivals(a.dice, count, cv) {
		salt := a.Uint32()
		for turn := range min(60, a.geometric(turns)) {
			a.send(event{at: t, salt: salt, turn: uint16(turn), item: -1, sub: -1, desk: desk}, fail, nil)
			t += int64(a.lognormal(pause, .8) * float64(second))
		}
	}
}

// flow is how a program sends: requests a day, unevenness, and how many customers of
// its own it serves (0: none are named).
type flow struct {
	perDay, cv float64
	customers  int
}

// emitItems queues one request per arrival, walking a list of items.
func (b *builder) emitItems(a *actor, desk uint8, f flow, cal calendar) {
	perDay, cv, customers := f.perDay, f.cv, f.customers
	fail := a.failures(perDay)
	item := int32(0)
	for _, t := range cal.arrivals(a.dice, perDay*b.days(a), min(cv, 8)) {
		e := event{at: t, salt: a.Uint32(), item: item, sub: -1, desk: desk}
		if customers > 0 {
			e.sub = int32(float64(customers) * a.Float64() * a.Float64())
		}
		a.send(e, fail, nil)
		item++
	}
}

// adopts draws when an account moves to new models: some at once, most in weeks.
func (b *builder) adopts(d *dice) int64 {
	if b.released == 0 {
		return b.start
	}
	if d.chance(.3) { // told by the news
		return b.released + int64(d.ExpFloat64()*1.2*float64(day))
	}
	return b.released + int64(d.ExpFloat64()*11*float64(day))
}

func (b *builder) taste(d *dice) taste {
	return taste{tier: d.weighted([]float64{62, 24, 14}), adopt: b.adopts(d)}
}

// chatDesk is a person's conversations with a chat client.
func (b *builder) chatDesk(a *actor) uint8 {
	v := &chatter{seed: a.Uint64(), lang: a.lang}
	if a.chance(.2) {
		v.second = "en"
	}
	t := b.texts.tongues[a.lang]
	if t != nil && a.chance(.5) {
		v.sub.topic = t.draw(a.dice, "topic", subject{})
	}
	if a.chance(.14) {
		v.persona = choose(a.dice, b.texts.sets[personaText]).text
		if l := script(v.persona); l != "en" && l != a.lang {
			v.persona = ""
		}
	} else if t != nil && a.chance(.2) {
		v.persona = t.draw(a.dice, "role", subject{}) + " " + t.draw(a.dice, "style", subject{})
	}
	c := chatClient
	if a.chance(.22) {
		c = choose(a.dice, []class{sdkClient, rawClient, sdkClient})
	}
	return a.addDesk(desk{voice: v, soft: b.texts.clients.pick(a.dice, c).install(a.dice), habit: habitOf(a.dice, c), taste: b.taste(a.dice)})
}

// codeDesk is a person's work with a vendor's coding agent.
func (b *builder) codeDesk(a *actor, auto bool) uint8 {
	m := b.texts.clients
	i := a.weighted(m.weights[agentClient])
	soft := &m.all[m.byClass[agentClient][i]]
	login := choose(a.dice, []string{"dev", "me", "user", "admin"})
	if a.chance(.85) {
		login = choose(a.dice, givenNames[:])
	}
	v := &coder{seed: a.Uint64(), product: i, lang: a.lang, auto: auto, env: b.texts.agents.environment(a.dice, login)}
	// parameters are the vendor's, not the user's
	return a.addDesk(desk{voice: v, soft: soft.install(a.dice), habit: habitOf(newDice(hashName(soft.name), 9), agentClient), taste: b.taste(a.dice),
		seals: b.texts.agents.products[i].seals})
}

// programDesk is a program that an account runs: own frame, own list, one client.
func (b *builder) programDesk(a *actor, v *program, c class) uint8 {
	return a.addDesk(desk{voice: v, soft: b.texts.clients.pick(a.dice, c).install(a.dice), habit: habitOf(a.dice, c), taste: b.taste(a.dice), batch: a.chance(.3)})
}
