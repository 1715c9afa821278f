package sim

// enterprises declare themselves: an organisation, its domain, its egress, and among
// other work an assistant of its own.
func enterprises(b *builder, n int) {
	b.groups("enterprise", n, 12, 150, func(d *dice, g, first, size int) {
		b.firm("enterprise", g, first, size, true)
	})
}

// undeclared firms did not: only domain, egress and template are common to the accounts.
func undeclared(b *builder, n int) {
	b.groups("enterprise_dark", n, 5, 60, func(d *dice, g, first, size int) {
		b.firm("enterprise_dark", g, first, size, false)
	})
}

// firm adds a company's accounts: people who chat and code, and an internal template.
func (b *builder) firm(crowd string, group, first, size int, declared bool) {
	d := b.dice(crowd+" firm", group)
	var boss *actor
	var egress []addr
	var internal frame
	var soft *software
	domain, oneCard := "", d.chance(.7)
	for i := range size {
		a := b.person(crowd, owner(crowd, group), first+i)
		if boss == nil {
			boss = a
			domain = b.companyDomain(d, a.country)
			internal = b.texts.wording(d, brief{lang: a.lang, intents: business[d.IntN(6)]})
			soft = b.texts.clients.pick(d, choose(d, []class{sdkClient, chatClient, rawClient}))
			for range d.between(1, 3) {
				egress = append(egress, inside(d, choose(d, a.country.homes)))
			}
		} else {
			a.country, a.lang = boss.country, boss.lang
		}
		b.incorporate(a, domain, declared)
		a.account.BillCountry, a.account.BINCountry = boss.account.BillCountry, boss.account.BINCountry
		if oneCard {
			a.account.Payment = boss.account.Payment
		}
		b.signUp(a, boss.account.Created.UnixMilli()+int64(a.ExpFloat64()*20*float64(day)))
		a.ways.list, a.ways.shares = a.ways.list[:1], []float64{.2}
		a.ways.add(.8, 5*day, egress...)
		b.employee(a, internal, soft, crowd)
	}
}

// employee gives a member of a firm its work.
func (b *builder) employee(a *actor, internal frame, soft *software, crowd string) {
	switch u := a.Float64(); {
	case u < .35:
		b.chats(a)
	case u < .6:
		b.codes(a)
	default:
		v := &program{seed: a.Uint64(), lang: a.lang, frame: internal}
		v.supply = supply{kind: documents, seed: a.Uint64(), lang: a.lang, length: min(30, int(a.lognormal(4, .9))+1)}
		k := a.addDesk(desk{voice: v, soft: soft.install(a.dice), habit: habitOf(newDice(hashName(a.account.EmailDomain), 2), soft.class), taste: b.taste(a.dice)})
		b.expose(crowd, internal, a, k)
		b.emitItems(a, k, flow{min(60, a.lognormal(3.5, 1.1)), 2.5, 0}, b.human(a))
		if a.chance(.3) {
			b.chats(a)
		}
	}
}

// agencies work for several clients: one card, an account and a program per client.
func agencies(b *builder, n int) {
	b.groups("agency", n, 3, 9, func(d *dice, g, first, size int) {
		var boss *actor
		for i := range size {
			a := b.person("agency", owner("agency", g), first+i)
			if boss == nil {
				boss = a
				b.incorporate(a, b.companyDomain(d, a.country), false)
			}
			a.country, a.ways = boss.country, boss.ways
			a.account.Payment, a.account.Plan = boss.account.Payment, boss.account.Plan
			a.account.BillCountry, a.account.BINCountry = boss.account.BillCountry, boss.account.BINCountry
			if d.chance(.7) {
				a.account.EmailDomain = boss.account.EmailDomain
			}
			if a.chance(.4) {
				a.reroute(0, b.texts.places.host(a.dice))
			}
			k := b.programDesk(a, b.ownProgram(a, false), sdkClient)
			cal, r := b.machine(a)
			b.emitItems(a, k, flow{min(80, a.lognormal(5, 1.1)), r.cv, choose(a.dice, []int{0, 0, 300})}, cal)
		}
	})
}

// resellers have contracts, many customers of their own (end_user), and a few accounts
// between which they fail over and balance; the owner is the same throughout.
func resellers(b *builder, n int) {
	b.groups("reseller", n, 2, 6, func(d *dice, g, first, size int) {
		team := make([]*actor, size)
		for i := range size {
			a := b.person("reseller", owner("reseller", g), first+i)
			team[i] = a
			if i > 0 {
				a.country = team[0].country
			} else {
				b.incorporate(a, b.companyDomain(d, a.country), d.chance(.5))
			}
			a.account.EmailDomain, a.account.Payment, a.account.Plan = team[0].account.EmailDomain, team[0].account.Payment, team[0].account.Plan
			a.account.Org, a.account.OrgName = team[0].account.Org, team[0].account.OrgName
			a.account.BillCountry, a.account.BINCountry = team[0].account.BillCountry, team[0].account.BINCountry
			a.ways.list = nil
			a.reroute(0, b.texts.places.host(d), b.texts.places.host(d))
		}
		b.resell(d, team)
	})
}

// resell spreads customers' conversations over a reseller's accounts, a failed
// request going to the next account within seconds.
func (b *builder) resell(d *dice, team []*actor) {
	proxy := b.texts.clients.pick(d, sdkClient).install(d)
	customers := d.between(20, 120)
	voices := make([]desk, min(customers, 40))
	for i := range voices {
		c := b.customer(d)
		c.soft = proxy
		voices[i] = c
	}
	for _, a := range team {
		a.desks = append(a.desks, voices...)
	}
	rate := min(140, d.lognormal(22, .7))
	for i, a := range team {
		cal, r := b.machine(a)
		fail := a.failures(rate)
		for _, t := range cal.arrivals(a.dice, rate*b.days(a)/2.5, min(r.cv, 5)) {
			who := a.IntN(customers)
			salt := a.Uint32()
			for turn := range min(12, a.geometric(2.5)) {
				e := event{at: t, salt: salt, turn: uint16(turn), item: int32(salt >> 1), sub: int32(who), desk: uint8(who % len(voices))}
				a.send(e, fail, func(e event) bool {
					if len(team) < 2 || a.chance(.3) {
						return false
					}
					e.at += int64(a.lognormal(2.5, .7) * float64(second))
					if e.turn > 0 {
						e.seal = uint32(a.seed)
					}
					team[(i+1+a.IntN(len(team)-1))%len(team)].add(e)
					return true
				})
				t += int64(a.lognormal(60, .8) * float64(second))
			}
		}
	}
}

// customer is an end user behind somebody else's account: a person who chats, codes or runs a program.
func (b *builder) customer(d *dice) desk {
	g := b.texts.places
	c := &g.countries[d.weighted(g.weights)]
	a := &actor{dice: d, country: c, lang: c.languages[d.weighted(c.shares)]}
	switch u := d.Float64(); {
	case u < .62:
		b.chatDesk(a)
	case u < .87:
		b.codeDesk(a, false)
	default:
		v := b.ownProgram(a, false)
		v.supply.kind = documents
		a.addDesk(desk{voice: v, soft: b.texts.clients.pick(d, sdkClient).install(d), habit: habitOf(d, sdkClient), taste: b.taste(d)})
	}
	return a.desks[0]
}
