package sim

import (
	"fmt"
	"maps"
)

// A crowd is a kind of innocent accounts. build adds about n of them.
type crowd struct {
	name  string
	share int // accounts in the default world
	build func(b *builder, n int)
}

// crowds is the whole list, in the order of building.
var crowds = [...]crowd{
	{"hobby", 3950, hobby},
	{"coder", 1980, coders},
	{"vpn", 520, vpn},
	{"family", 420, families},
	{"launch", 420, launch},
	{"viral", 200, viral},
	{"bot", 700, bots},
	{"etl", 190, pipelines},
	{"saas", 120, saas},
	{"plugin", 240, plugins},
	{"evalrun", 60, harnesses},
	{"recipe", 45, recipes},
	{"agentloop", 140, agentLoops},
	{"agentbulk", 45, agentBulk},
	{"reseller", 30, resellers},
	{"agency", 110, agencies},
	{"enterprise", 480, enterprises},
	{"enterprise_dark", 250, undeclared},
	{"class", 280, classes},
	{"returner", 30, returners},
	{"twokeys", 60, twoKeys},
}

// Crowds returns the default world's innocent crowds with their numbers of accounts.
func Crowds() map[string]int {
	m := make(map[string]int, len(crowds))
	for _, c := range crowds {
		m[c.name] = c.share
	}
	return m
}

func crowdNames() []string {
	names := make([]string, len(crowds))
	for i, c := range crowds {
		names[i] = c.name
	}
	return names
}

// enlarged returns the default crowds with some of them multiplied.
func enlarged(times map[string]float64) map[string]int {
	m := maps.Clone(Crowds())
	for name, f := range times {
		m[name] = int(float64(m[name]) * f)
	}
	return m
}

func owner(crowd string, n int) string { return fmt.Sprintf("%s-%05d", crowd, n) }

// groups calls fn with successive groups of accounts until n are used.
func (b *builder) groups(name string, n, lo, hi int, fn func(d *dice, group, first, size int)) {
	for g, used := 0, 0; used < n; g++ {
		d := b.dice(name+" group", g)
		size := min(d.between(lo, hi), n-used)
		fn(d, g, used, size)
		used += size
	}
}

// chats lets an account live as a person who chats, with the volumes of hobbyists.
func (b *builder) chats(a *actor) {
	k := b.chatDesk(a)
	b.talk(a, k, load{min(25, a.lognormal(.27, 1.25)), 1.5 + 4*a.Float64(), 80}, b.human(a))
}

// codes lets an account live as a user of a coding agent.
func (b *builder) codes(a *actor) {
	k := b.codeDesk(a, false)
	b.talk(a, k, load{min(120, a.lognormal(.7, 1.35)), 5 + 10*a.Float64(), 25}, b.human(a))
}

func hobby(b *builder, n int) {
	for i := range n {
		a := b.person("hobby", owner("hobby", i), i)
		b.chats(a)
		if a.chance(.06) {
			b.codes(a)
		}
	}
	b.homes = len(b.actors)
}

func coders(b *builder, n int) {
	for i := range n {
		a := b.person("coder", owner("coder", i), i)
		if a.chance(.3) {
			a.account.Plan = "pro"
		}
		b.codes(a)
		if a.chance(.25) {
			b.chats(a)
		}
	}
}

// vpn users share a provider's exits with strangers.
func vpn(b *builder, n int) {
	for i := range n {
		a := b.person("vpn", owner("vpn", i), i)
		exits := b.texts.places.exits(a.dice)
		exits = append(exits, b.texts.places.exits(a.dice)...)
		if a.chance(.12) { // rents the same residential proxies as others do
			exits = exits[:0]
			for range a.between(5, 30) {
				exits = append(exits, choose(a.dice, b.pool(street)))
			}
		}
		if a.chance(.6) {
			a.reroute(8*hour, exits...)
		} else {
			a.ways.list, a.ways.shares = a.ways.list[:1], []float64{.4}
			a.ways.add(.6, 8*hour, exits...)
		}
		if a.chance(.3) {
			b.codes(a)
		} else {
			b.chats(a)
		}
	}
}

// families share a card and a home line; flatmates and couples too.
func families(b *builder, n int) {
	b.groups("family", n, 2, 5, func(d *dice, g, first, size int) {
		var head *actor
		for i := range size {
			a := b.person("family", owner("family", g), first+i)
			if head == nil {
				head = a
				a.account.Payment = card(a.Uint64())
			} else {
				a.country, a.lang = head.country, head.lang
				a.account.Payment = head.account.Payment
				a.account.BillCountry, a.account.BINCountry = head.account.BillCountry, head.account.BINCountry
				a.account.PhoneCountry = head.country.code
				a.ways.list[0] = head.ways.list[0]
				a.ways.seed = head.ways.seed
			}
			if a.account.Plan == "free" {
				a.account.Plan = "pro"
			}
			b.chats(a)
			if a.chance(.2) {
				b.codes(a)
			}
		}
	})
}

// launch accounts sign up in the days after a new model's release and try it.
func launch(b *builder, n int) {
	t := b.released
	if t == 0 {
		t = b.start + 3*day
	}
	for i := range n {
		a := b.person("launch", owner("launch", i), i)
		b.signUp(a, min(b.end-hour, t+int64(a.ExpFloat64()*28*float64(hour))))
		k := b.chatDesk(a)
		a.desks[k].taste = taste{adopt: b.start}
		b.talk(a, k, load{min(30, a.lognormal(.8, 1)), 3, 70}, b.human(a))
	}
}

// viral: a text that went round the world in a few days, sent word for word.
func viral(b *builder, n int) {
	d := b.dice("viral text", 0)
	text := choose(d, b.texts.sets[personaText]).text
	begin := b.start + int64(d.between(2, max(3, b.spec.Days/2)))*day
	for i := range n {
		a := b.person("viral", owner("viral", i), i)
		b.chats(a)
		k := b.chatDesk(a)
		a.desks[k].voice = &quoter{seed: a.Uint64(), lang: a.lang, text: text}
		t := begin + int64(a.ExpFloat64()*40*float64(hour))
		for range a.geometric(3) {
			a.add(event{at: t, salt: a.Uint32(), item: -1, sub: -1, desk: k})
			t += int64(a.lognormal(400, 1.2) * float64(second))
		}
	}
}
