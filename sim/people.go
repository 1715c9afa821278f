package sim

import (
	"strings"
	"time"

	"iolaus/exchange"
)

// builder collects the actors of a world that is being planned.
type builder struct {
	spec       Spec
	texts      *Texts
	start, end int64
	actors     []*actor
	models     [][]release
	released   int64 // when the first new model comes out, or 0
	templates  map[string][]template
	pools      map[string][]addr // proxy pools by name
	outages    []span64          // when the provider failed most requests
	homes      int               // actors whose home lines proxies borrow from
}

// template is what an innocent program looks like from outside, for those who copy it.
type template struct {
	frame frame
	soft  client
	habit habit
}

func newBuilder(spec Spec, texts *Texts) *builder {
	b := &builder{spec: spec, texts: texts, start: spec.Start.UnixMilli(), templates: map[string][]template{}, pools: map[string][]addr{}}
	b.end = b.start + int64(spec.Days)*day
	b.models = make([][]release, 3)
	for _, m := range spec.Models {
		r := release{m.Name, b.start + int64(m.Day*float64(day))}
		b.models[tierOf(m.Tier)] = append(b.models[tierOf(m.Tier)], r)
		if m.Day > 0 && (b.released == 0 || r.at < b.released) {
			b.released = r.at
		}
	}
	d := b.dice("outages", 0)
	for range d.poisson(float64(spec.Days) / 9) {
		t := b.start + int64(d.Float64()*float64(b.end-b.start))
		b.outages = append(b.outages, span64{t, t + int64(d.lognormal(22, .6)*float64(minute))})
	}
	return b
}

// dice returns the dice of a group or an account: they depend on the world's seed,
// a name and a number alone.
func (b *builder) dice(name string, n int) *dice {
	return newDice(b.spec.Seed^hashName(name), uint64(n)*0x51_7cc1b727220a95+1)
}

// person signs up an ordinary account of a crowd: country, language, mail, card and
// ways onto the network as anybody's.
func (b *builder) person(archetype, owner string, n int) *actor {
	d := b.dice(archetype, n)
	g := b.texts.places
	a := &actor{dice: d, seed: d.Uint64(), from: b.start, until: b.end}
	a.country = &g.countries[d.weighted(g.weights)]
	a.lang = a.country.languages[d.weighted(a.country.shares)]
	a.truth = Truth{Operator: owner, Label: "benign", Archetype: archetype}
	a.key = hexString(mix(a.seed+1), 32)
	a.alias = choose(d, aliases[:])
	a.ways.seed = mix(a.seed + 2)
	a.outages = b.outages
	a.account = exchange.Account{ID: "acct_" + hexString(mix(a.seed+3), 12), Programme: "none", Plan: choose(d, plans[:])}
	b.signUp(a, b.usualSignUp(d))
	b.register(a)
	b.connect(a)
	if !strings.HasPrefix(archetype, "campaign") && archetype != "returner" && a.chance(.004) { // banned, rightly or not, for other reasons
		a.until = b.start + int64(a.Float64()*float64(b.end-b.start))
		if a.until > a.from {
			a.account.Banned = at(a.until)
		}
	}
	b.actors = append(b.actors, a)
	return a
}

var (
	aliases = [...]string{"default", "default", "default", "personal", "work", "dev", "prod", "test", "my-key", "laptop", "api", "main", "key1", "backend", "notebook", "cli", "project"}
	plans   = [...]string{"payg", "payg", "payg", "payg", "pro", "pro", "pro", "free", "free", "team"}
)

// usualSignUp draws a time of sign-up: years to hours ago, some within the window.
func (b *builder) usualSignUp(d *dice) int64 {
	if d.chance(.14) {
		return b.start + int64(d.Float64()*float64(b.end-b.start))
	}
	return b.start - int64(min(800, d.ExpFloat64()*230)*float64(day))
}

func (b *builder) signUp(a *actor, t int64) {
	a.account.Created = at(t).Truncate(time.Second)
	a.from = max(a.from, t+int64(a.ExpFloat64()*float64(40*minute)))
}

// register fills in mail, card and countries.
func (b *builder) register(a *actor) {
	a.account.EmailDomain = b.freeMail(a)
	if a.chance(.035) {
		a.account.EmailDomain = b.companyDomain(a.dice, a.country)
	}
	a.account.EmailPattern = localPattern(a.dice)
	code := a.country.code
	other := func(p float64) string {
		if a.chance(p) {
			return b.texts.places.countries[a.weighted(b.texts.places.weights)].code
		}
		return code
	}
	a.account.BillCountry, a.account.PhoneCountry, a.account.BINCountry = other(.02), other(.04), other(.05)
	if a.account.Plan != "free" || a.chance(.15) {
		a.account.Payment = card(a.Uint64())
	}
	a.account.Verified = a.chance(.13)
	if a.chance(.03) {
		a.account.Programme = choose(a.dice, []string{"startup", "education", "education", "security_research"})
	}
}

func card(seed uint64) string { return "card_" + hexString(mix(seed), 14) }

var (
	freeMails  = [...]string{"gmail.com", "outlook.com", "icloud.com", "hotmail.com", "yahoo.com", "proton.me"}
	freeShares = [...]float64{62, 11, 8, 6, 6, 5}
	throwAways = [...]string{"sharklasers.com", "guerrillamail.com", "mailinator.com", "tempmailo.com", "emailondeck.com", "10mail.org", "dropmail.me"}
	syllables  = [...]string{"al", "ber", "cor", "dan", "el", "fin", "gra", "hol", "ir", "jun", "kel", "lor", "mar", "nor", "oxi", "pen", "qui", "ras", "sol", "tek", "ul", "ven", "wes", "xan", "yor", "zen", "bright", "cloud", "stone", "green", "data", "net"}
	domainEnds = [...]string{"com", "com", "com", "io", "net", "co", "ai", "org"}
)

func (b *builder) freeMail(a *actor) string {
	switch u := a.Float64(); {
	case u < .012:
		return choose(a.dice, throwAways[:])
	case u < .25 && len(a.country.mails) > 0:
		return choose(a.dice, a.country.mails)
	}
	return freeMails[a.weighted(freeShares[:])]
}

// companyDomain makes up a company's domain.
func (b *builder) companyDomain(d *dice, c *country) string {
	var s strings.Builder
	for range 3 + d.IntN(2) {
		s.WriteString(choose(d, syllables[:]))
	}
	if d.chance(.35) {
		return s.String() + "." + c.tld
	}
	return s.String() + "." + choose(d, domainEnds[:])
}

// localPattern draws the shape of a mail address's local part: a for letters, 9 for digits.
func localPattern(d *dice) string {
	letters := func(lo, hi int) string { return strings.Repeat("a", d.between(lo, hi)) }
	s := letters(3, 9)
	switch u := d.Float64(); {
	case u < .3:
		s += "." + letters(3, 10)
	case u < .36:
		s += "_" + letters(3, 8)
	case u < .6:
		s += letters(2, 8)
	}
	if d.chance(.4) {
		s += strings.Repeat("9", choose(d, []int{1, 2, 2, 2, 3, 4, 4}))
	}
	return s
}

// connect gives an account its home line, phone and perhaps an office.
func (b *builder) connect(a *actor) {
	g := b.texts.places
	home := []line{{[]addr{g.home(a.dice, a.country)}, 0}}
	if a.chance(.35) { // the provider changes the address now and then
		home[0].addrs = append(home[0].addrs, g.home(a.dice, a.country), g.home(a.dice, a.country))
		home[0].period = int64(a.between(3, 14)) * day
	}
	phone := 0.0
	if a.chance(.45) {
		phone = .05 + .4*a.Float64()
	}
	office := 0.0
	if a.chance(.2) {
		office = .2 + .3*a.Float64()
	}
	a.ways.add(1-phone-office, home[0].period, home[0].addrs...)
	if phone > 0 {
		a.ways.add(phone, 2*hour, g.mobile(a.dice, a.country)...)
	}
	if office > 0 {
		a.ways.add(office, 0, inside(a.dice, choose(a.dice, a.country.homes)))
	}
}

// reroute replaces an account's ways by one line.
func (a *actor) reroute(period int64, addrs ...addr) {
	a.ways.list, a.ways.shares = nil, nil
	a.ways.add(1, period, addrs...)
}
