package sim

// business is what programs do for a living; the shares are guesses of a usual mix.
// Some of it asks for reasoning, grades answers or makes data: that alone is no guilt.
var business = [...][]string{
	{"role", "extract", "check", "format"},
	{"role", "summarise", "style", "format"},
	{"role", "classify", "format", "check"},
	{"role", "support", "style", "check"},
	{"role", "translate", "style"},
	{"role", "extract", "format", "style"},
	{"role", "code", "check", "format"},
	{"role", "reason", "format", "check"},
	{"role", "grade", "format", "check"},
	{"role", "generate", "check", "format"},
	{"summarise", "format"},
	{"classify", "format"},
	{"role", "agent", "check", "format"},
}

var businessShares = []float64{16, 14, 13, 12, 9, 8, 7, 6, 5, 4, 4, 4, 4}

// ownProgram is somebody's own application: own wording, own documents, or a
// published set now and then.
func (b *builder) ownProgram(a *actor, plain bool) *program {
	kind := a.weighted(businessShares)
	sub := b.field(a)
	v := &program{seed: a.Uint64(), lang: a.lang, frame: b.texts.wording(a.dice, brief{a.lang, business[kind], sub})}
	v.supply = supply{kind: documents, seed: a.Uint64(), lang: a.lang, sub: sub, length: min(40, int(a.lognormal(6, .9))+1)}
	switch {
	case kind == 6:
		v.supply = supply{kind: private, genre: codeText, seed: a.Uint64(), first: a.IntN(5000), stride: 1 + a.IntN(40)}
	case kind == 8:
		v.supply = supply{kind: graded, genre: choose(a.dice, []genre{mathText, chatText, toolText}), seed: a.Uint64(), first: a.IntN(5000), stride: 1 + a.IntN(40), lang: a.lang}
	case kind >= 7 && kind <= 9 && !plain && a.chance(.6):
		v.supply = supply{kind: choose(a.dice, []supplyKind{public, private}), genre: choose(a.dice, []genre{mathText, choiceText, chatText, toolText}), seed: a.Uint64(), first: a.IntN(5000), stride: 1 + a.IntN(40)}
	}
	return v
}

func (b *builder) field(d *actor) subject {
	t := b.texts.tongues[d.lang]
	if t == nil {
		t = b.texts.tongues["en"]
	}
	return subject{field: t.draw(d.dice, "field", subject{})}
}

// hosted puts an account onto rented machines for most of its traffic.
func (b *builder) hosted(a *actor, share float64) {
	g := b.texts.places
	if !a.chance(share) {
		return
	}
	switch u := a.Float64(); {
	case u < .6:
		a.reroute(0, g.host(a.dice))
	case u < .85: // functions in a cloud: another address every few minutes, shared with strangers
		a.reroute(20*minute, g.region(a.dice, 20+a.IntN(180))...)
	default:
		a.reroute(3*day, g.host(a.dice), g.host(a.dice))
	}
}

func bots(b *builder, n int) {
	for i := range n {
		a := b.person("bot", owner("bot", i), i)
		b.hosted(a, .7)
		k := b.programDesk(a, b.ownProgram(a, false), choose(a.dice, []class{sdkClient, sdkClient, rawClient}))
		if a.chance(.45) { // always on
			cal, r := b.machineLike(a, (*rhythm).steady)
			b.emitItems(a, k, flow{min(110, a.lognormal(5, 1.2)), r.cv, 0}, cal)
			continue
		}
		cal, r := b.machine(a)
		b.emitItems(a, k, flow{min(110, a.lognormal(2, 1.3)), r.cv, 0}, cal)
	}
}

// pipelines run at night or on some days over large lists.
func pipelines(b *builder, n int) {
	for i := range n {
		a := b.person("etl", owner("etl", i), i)
		b.hosted(a, .8)
		k := b.programDesk(a, b.ownProgram(a, false), choose(a.dice, []class{sdkClient, rawClient}))
		perDay := min(160, a.lognormal(9, 1))
		if a.chance(.4) {
			b.cron(a, k, perDay)
			continue
		}
		b.emitItems(a, k, flow{perDay, 1, 0}, b.window(a, a.IntN(24), a.between(1, 7), .3+.7*a.Float64()))
	}
}

// cron runs a job at a round hour of some days, one request after the other.
func (b *builder) cron(a *actor, k uint8, perDay float64) {
	at, every := int64(choose(a.dice, []int{0, 0, 1, 2, 3, 4, 6, 22}))-int64(a.country.offset), int64(choose(a.dice, []int{1, 1, 1, 7}))
	gap, fail, item := a.lognormal(4, .7)*float64(second), a.failures(perDay), int32(0)
	for d := b.start/day - 1; d*day < b.end; d++ {
		if d%every != 0 {
			continue
		}
		t := d*day + at*hour + int64(a.ExpFloat64()*1500)
		for range a.poisson(perDay * float64(every)) {
			a.send(event{at: t, salt: a.Uint32(), item: item, sub: -1, desk: k}, fail, nil)
			item++
			t += int64(gap * (.6 + a.ExpFloat64()*.4))
		}
	}
}

// saas: one account, a template, many end users of its own.
func saas(b *builder, n int) {
	for i := range n {
		a := b.person("saas", owner("saas", i), i)
		b.incorporate(a, b.companyDomain(a.dice, a.country), a.chance(.5))
		b.hosted(a, 1)
		v := b.ownProgram(a, true)
		v.supply.kind = documents
		k := b.programDesk(a, v, sdkClient)
		b.expose("saas", v.frame, a, k)
		cal, r := b.machine(a)
		b.emitItems(a, k, flow{min(170, a.lognormal(12, 1.1)), r.cv, a.between(5, 4000)}, cal)
	}
}

// incorporate makes an account a company's.
func (b *builder) incorporate(a *actor, domain string, declared bool) {
	a.account.EmailDomain = domain
	a.account.Plan = choose(a.dice, []string{"team", "team", "payg", "enterprise"})
	if a.account.Payment == "" {
		a.account.Payment = card(a.Uint64())
	}
	a.account.Verified = a.chance(.55)
	if declared {
		a.account.Org, a.account.OrgName = "org_"+hexString(hashName(domain), 8), domain
	}
}

// expose remembers what a company's program looks like from outside.
func (b *builder) expose(crowd string, f frame, a *actor, k uint8) {
	b.templates[crowd] = append(b.templates[crowd], template{f, a.desks[k].soft, a.desks[k].habit})
}

// plugins: unrelated users of a few popular open-source tools with a built-in prompt,
// whose parameters and client come with the tool.
func plugins(b *builder, n int) {
	const tools = 5
	for i := range n {
		a := b.person("plugin", owner("plugin", i), i)
		which := int(float64(tools) * a.Float64() * a.Float64())
		d := b.dice("plugin tool", which)
		lang := choose(d, []string{"en", "en", "zh", "es"})
		f := b.texts.wording(d, brief{lang: lang, intents: business[d.IntN(6)]})
		soft := b.texts.clients.pick(d, sdkClient)
		h := habitOf(d, sdkClient)
		v := &program{seed: a.Uint64(), lang: a.lang, frame: f}
		v.supply = supply{kind: documents, seed: a.Uint64(), lang: a.lang, length: min(30, int(a.lognormal(4, .9))+1)}
		k := a.addDesk(desk{voice: v, soft: soft.install(a.dice), habit: h, taste: b.taste(a.dice)})
		b.expose("plugin", f, a, k)
		b.emitItems(a, k, flow{min(60, a.lognormal(4, 1.2)), 2.5, 0}, b.human(a))
	}
}

// harnesses run public benchmarks as their tool renders them; items overlap between strangers.
func harnesses(b *builder, n int) {
	for i := range n {
		a := b.person("evalrun", owner("evalrun", i), i)
		b.hosted(a, .55)
		if a.chance(.25) {
			a.account.Programme = choose(a.dice, []string{"education", "startup"})
		}
		b.replays(a, min(4000, a.lognormal(330, 1)))
	}
}

// replays queues runs of evaluation suites, a few hours each.
func (b *builder) replays(a *actor, requests float64) {
	soft := b.texts.clients.pick(a.dice, sdkClient).install(a.dice)
	for requests > 0 {
		s := a.IntN(len(b.texts.rendered))
		v := &program{seed: a.Uint64(), lang: "en", supply: supply{kind: suite, suite: s, stride: 1}}
		h := habitOf(a.dice, sdkClient)
		h.temperature, h.maxTokens, h.stream = 0, choose(a.dice, []int{256, 512, 1024, 2048}), false
		k := a.addDesk(desk{voice: v, soft: soft, habit: h, taste: b.taste(a.dice)})
		size := min(int(requests), len(b.texts.rendered[s]), a.between(40, 900))
		t := b.start + int64(a.Float64()*float64(b.end-b.start))
		if b.released > 0 && a.chance(.35) { // how good is the new one?
			t = b.released + int64(a.ExpFloat64()*26*float64(hour))
		}
		gap := a.lognormal(2.5, .8) * float64(second)
		fail := a.failures(float64(size))
		for i := range size {
			a.send(event{at: t, salt: uint32(i), item: int32(i), sub: -1, desk: k}, fail, nil)
			t += int64(a.ExpFloat64() * gap)
		}
		requests -= float64(size) + 20
		if len(a.desks) > 60 {
			return
		}
	}
}

// recipes: independent people follow a published recipe for synthetic data, with its
// template and, often, its seeds in its order.
func recipes(b *builder, n int) {
	const published = 3
	for i := range n {
		a := b.person("recipe", owner("recipe", i), i)
		b.hosted(a, .4)
		which := a.IntN(published)
		d := b.dice("published recipe", which)
		intents := [][]string{{"role", "reason", "reason", "format"}, {"role", "generate", "check", "format"}, {"role", "code", "reason", "format"}}[which]
		f := b.texts.wording(d, brief{lang: "en", intents: intents})
		v := &program{seed: a.Uint64(), lang: "en", frame: f}
		v.supply = supply{kind: public, genre: []genre{mathText, chatText, codeText}[which], stride: 1}
		if a.chance(.4) {
			v.supply = supply{kind: private, genre: v.supply.genre, seed: a.Uint64(), stride: 1}
		} else if a.chance(.5) {
			v.supply.first = a.IntN(4000)
		}
		k := b.programDesk(a, v, sdkClient)
		if a.chance(.7) {
			a.desks[k].habit = habitOf(newDice(hashName("recipe"), uint64(which)), sdkClient)
		}
		b.expose("recipe", f, a, k)
		b.emitItems(a, k, flow{min(120, a.lognormal(13, .9)), 1.3, 0}, b.window(a, a.IntN(24), a.between(3, 20), .25+.5*a.Float64()))
	}
}

// agentLoops: coding agents left to run overnight on their owner's repository.
func agentLoops(b *builder, n int) {
	for i := range n {
		a := b.person("agentloop", owner("agentloop", i), i)
		b.hosted(a, .35)
		k := b.codeDesk(a, true)
		b.talk(a, k, load{min(130, a.lognormal(6, 1.1)), 30, 14}, b.window(a, (24+21-a.country.offset)%24, a.between(6, 11), .2+.6*a.Float64()))
	}
}

// agentBulk: tool-using agents run over public tasks by the hundred, for research or tests.
func agentBulk(b *builder, n int) {
	for i := range n {
		a := b.person("agentbulk", owner("agentbulk", i), i)
		b.hosted(a, .6)
		v := &walker{seed: a.Uint64(), lang: "en", tools: a.toolBox(b)}
		v.supply = supply{kind: choose(a.dice, []supplyKind{public, private}), genre: agentText, seed: a.Uint64(), first: a.IntN(1000), stride: 1}
		v.frame = b.texts.wording(a.dice, brief{lang: "en", intents: []string{"role", "agent", "check", "format"}})
		soft := b.texts.clients.pick(a.dice, sdkClient).install(a.dice)
		k := a.addDesk(desk{voice: v, soft: soft, habit: habitOf(a.dice, sdkClient), taste: b.taste(a.dice)})
		cal, _ := b.machine(a)
		b.walks(a, k, min(120, a.lognormal(15, .8)), cal)
	}
}

// toolBox draws a few tools for an own agent.
func (a *actor) toolBox(b *builder) []int {
	return a.Perm(len(b.texts.agents.tools))[:a.between(1, 4)]
}

// walks queues agent runs: a task of several steps each.
func (b *builder) walks(a *actor, k uint8, perDay float64, cal calendar) {
	fail := a.failures(perDay)
	const steps = 3
	for i, t := range cal.arrivals(a.dice, perDay/steps*b.days(a), 1.5) {
		salt := a.Uint32()
		for turn := range a.between(1, 5) {
			a.send(event{at: t, salt: salt, item: int32(i), turn: uint16(turn), sub: -1, desk: k}, fail, nil)
			t += int64(a.lognormal(7, .6) * float64(second))
		}
	}
}
