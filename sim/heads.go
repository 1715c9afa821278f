package sim

// newHead signs an account up that works from a time on.
func (c *campaign) newHead(from int64, replaces string) *head {
	b := c.b
	n := c.count
	c.count++
	a := b.person("campaign "+c.Name, c.Name, n)
	a.truth = Truth{Operator: c.Name, Label: "campaign", Archetype: "campaign", Replaces: replaces}
	h := &head{actor: a}
	b.signUp(a, c.joined(h, from, replaces != ""))
	if c.SignUp == "aged" && a.chance(.3) {
		c.former(h, from)
	}
	a.from, a.until = from, c.until
	c.pay(h, n)
	c.mail(h, n)
	c.route(h)
	c.heads = append(c.heads, h)
	return h
}

// joined draws the time of sign-up.
func (c *campaign) joined(h *head, from int64, successor bool) int64 {
	switch c.SignUp {
	case "burst":
		if successor {
			return from - int64(h.lognormal(25, .6)*float64(minute))
		}
		return c.from - 20*hour + int64(h.Float64()*float64(5*hour))
	case "aged": // bought: anybody's age, long asleep
		return min(from-2*hour, c.b.usualSignUp(h.dice))
	}
	if h.chance(.35) {
		return min(from-hour, c.b.usualSignUp(h.dice))
	}
	return from - int64(h.ExpFloat64()*25*float64(day)) - hour
}

// former lets a bought account's first owner chat until the sale.
func (c *campaign) former(h *head, sale int64) {
	a := h.actor
	if a.until = sale - int64(h.ExpFloat64()*float64(2*day)); a.until <= a.from {
		return
	}
	k := c.b.chatDesk(a)
	ways := a.ways
	a.desks[k].ways = &ways
	c.b.talk(a, k, load{min(8, a.lognormal(.5, 1)), 3, 80}, c.b.human(a))
}

// pay settles how a head is paid for.
func (c *campaign) pay(h *head, n int) {
	switch c.Payment {
	case "shared":
		h.account.Payment = c.cards[n/c.CardHeads%len(c.cards)]
	case "company":
		h.account.Payment = c.cards[n%c.Companies%len(c.cards)]
	case "none":
		h.account.Payment, h.account.Plan = "", "free"
		return
	default:
		h.account.Payment = card(h.Uint64())
	}
	if h.account.Plan == "free" {
		h.account.Plan = "payg"
	}
}

// mail settles a head's address.
func (c *campaign) mail(h *head, n int) {
	switch c.Mail {
	case "pattern":
		h.account.EmailDomain, h.account.EmailPattern = c.domain, c.shape
	case "disposable": // where they are let in
		if h.chance(.6) {
			h.account.EmailDomain = choose(h.dice, throwAways[:])
		}
	case "company":
		f := &c.firms[n%len(c.firms)]
		h.account.EmailDomain = f.domain
		h.account.BillCountry, h.account.BINCountry = f.country, f.country
		h.account.Plan = choose(h.dice, []string{"team", "payg", "pro", "enterprise"})
		h.account.Verified = h.chance(.4)
	}
}

// route settles where a head comes from.
func (c *campaign) route(h *head) {
	switch c.Network {
	case "block":
		var list []addr
		for range 3 {
			list = append(list, v4(c.block+uint32(h.between(2, 250))))
		}
		h.reroute(day, list...)
	case "hosting":
		h.reroute(0, c.b.texts.places.host(h.dice))
	case "rotating": // sticky sessions of hours, from the part of the pool that the vendor hands out
		pool := c.b.pool(c.Pool)
		var mine []addr
		for range h.between(6, 40) {
			mine = append(mine, choose(h.dice, pool))
		}
		h.reroute(int64(h.lognormal(5, .8)*float64(hour)), mine...)
	}
}

// street is the pool that everybody can rent.
const street = "street"

// pool is a residential proxy's exits: homes of strangers all over the world, some of
// them homes of this world's innocents, who installed an app and know nothing.
func (b *builder) pool(name string) []addr {
	if list, ok := b.pools[name]; ok {
		return list
	}
	d := b.dice("pool "+name, 0)
	g := b.texts.places
	var list []addr
	for range 900 {
		if b.homes > 0 && d.chance(.3) {
			if a := choose(d, b.actors[:b.homes]).ways.list[0].addrs[0]; a.Is4() {
				list = append(list, a)
				continue
			}
		}
		c := &g.countries[d.weighted(g.weights)]
		list = append(list, inside(d, choose(d, c.homes)))
	}
	b.pools[name] = list
	return list
}

// disguise adds cover traffic and resold end users to a head, in the shares asked for.
func (c *campaign) disguise(h *head) {
	b := c.b
	days := b.days(h.actor)
	if c.Relay > 0 && days > 0 {
		c.resell(h, c.PerDay*c.Relay*h.lognormal(1, .3))
	}
	if c.Cover == 0 || days == 0 {
		return
	}
	rate := c.PerDay * c.Cover * h.lognormal(1, .3)
	kind := c.CoverKind
	if kind == "mixed" {
		kind = choose(h.dice, []string{"chat", "coding", "harness", "chat"})
	}
	work := h.desks[h.work[0]]
	switch kind {
	case "harness":
		v := &program{seed: h.Uint64(), lang: "en", supply: supply{kind: suite, suite: h.IntN(len(b.texts.rendered)), stride: 1, first: h.IntN(1000)}}
		k := h.addDesk(desk{voice: v, soft: work.soft, habit: work.habit, taste: b.taste(h.dice)})
		b.emitItems(h.actor, k, flow{rate, 3, 0}, b.human(h.actor))
	case "coding":
		b.talk(h.actor, b.codeDesk(h.actor, false), load{rate, 8, 25}, b.human(h.actor))
	default:
		k := b.chatDesk(h.actor)
		h.desks[k].soft = work.soft
		b.talk(h.actor, k, load{rate, 3, 80}, b.human(h.actor))
	}
}

// resell mixes real end users into a head: people who bought access somewhere and
// chat or code through it, without end_user marks.
func (c *campaign) resell(h *head, rate float64) {
	b := c.b
	users := h.between(4, 14)
	for range users {
		k := b.customer(h.dice)
		k.soft = h.desks[h.work[0]].soft
		h.relay = append(h.relay, h.addDesk(k))
	}
	cal := b.human(h.actor)
	fail := h.failures(rate)
	for _, t := range cal.arrivals(h.dice, rate*b.days(h.actor)/2.5, 2) {
		k := choose(h.dice, h.relay)
		salt := h.Uint32()
		for turn := range min(12, h.geometric(2.5)) {
			h.send(event{at: t, salt: salt, turn: uint16(turn), item: int32(salt >> 1), sub: -1, desk: k}, fail, nil)
			t += int64(h.lognormal(60, .8) * float64(second))
		}
	}
}
