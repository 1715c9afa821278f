package sim

// returners were banned wrongly and sign up again within days, to go on as before.
func returners(b *builder, n int) {
	for i := 0; i < n; i += 2 {
		first := b.person("returner", owner("returner", i/2), i)
		ban := b.start + int64((.1+.6*first.Float64())*float64(b.end-b.start))
		b.signUp(first, min(first.account.Created.UnixMilli(), ban-2*day))
		first.until, first.account.Banned = ban, at(ban)
		k := first.between(0, 2)
		b.habitual(first, k)
		if i+1 >= n {
			return
		}
		again := b.person("returner", owner("returner", i/2), i+1)
		again.country, again.lang, again.ways = first.country, first.lang, first.ways
		b.signUp(again, ban+int64(again.lognormal(9, 1.2)*float64(hour)))
		again.truth.Replaces = first.account.ID
		again.account.PhoneCountry, again.account.BillCountry, again.account.BINCountry = first.account.PhoneCountry, first.account.BillCountry, first.account.BINCountry
		if again.chance(.6) {
			again.account.Payment = first.account.Payment
		}
		again.desks = append(again.desks, first.desks...)
		b.habitual(again, k)
	}
}

// twoKeys are people with two accounts under different mail addresses and cards, whose
// router sends to the one what the other refuses.
func twoKeys(b *builder, n int) {
	b.groups("twokeys", n, 2, 2, func(d *dice, g, first, size int) {
		var pair []*actor
		for i := range size {
			a := b.person("twokeys", owner("twokeys", g), first+i)
			if i > 0 {
				a.country, a.lang, a.ways = pair[0].country, pair[0].lang, pair[0].ways
				a.account.BillCountry, a.account.PhoneCountry = pair[0].account.BillCountry, pair[0].account.PhoneCountry
			}
			pair = append(pair, a)
		}
		k := b.programDesk(pair[0], b.ownProgram(pair[0], false), sdkClient)
		for _, a := range pair[1:] {
			a.desks = append(a.desks, pair[0].desks...)
		}
		perDay := min(60, d.lognormal(5, 1))
		cal, r := b.machine(pair[0])
		fail := pair[0].failures(perDay)
		for i, t := range cal.arrivals(d, perDay*b.days(pair[0]), min(r.cv, 6)) {
			which := d.IntN(len(pair))
			e := event{at: t, salt: d.Uint32(), item: int32(i), sub: -1, desk: k}
			pair[which].send(e, fail, func(e event) bool {
				e.at += int64(d.lognormal(2, .6) * float64(second))
				pair[(which+1)%len(pair)].add(e)
				return len(pair) > 1
			})
		}
	})
}

// habitual lets an account chat, code or run its own program; desks it has already are kept.
func (b *builder) habitual(a *actor, kind int) {
	k, had := uint8(0), len(a.desks) > 0
	switch {
	case kind == 0:
		if !had {
			k = b.chatDesk(a)
		}
		b.talk(a, k, load{min(25, a.lognormal(3, .8)), 3, 80}, b.human(a))
	case kind == 1:
		if !had {
			k = b.codeDesk(a, false)
		}
		b.talk(a, k, load{min(80, a.lognormal(6, .8)), 9, 25}, b.human(a))
	default:
		if !had {
			k = b.programDesk(a, b.ownProgram(a, false), sdkClient)
		}
		cal, r := b.machine(a)
		b.emitItems(a, k, flow{min(90, a.lognormal(12, .9)), r.cv, 0}, cal)
	}
}
