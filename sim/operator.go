package sim

import (
	"math"
	"slices"
)

// target is a capability that is extracted: what the wrapper says and what fills it.
type target struct {
	intents []string
	genres  []genre
	graded  bool
	walks   bool // agent runs of several steps
}

var targets = map[string]target{
	"tools":      {intents: []string{"role", "agent", "reason", "format"}, genres: []genre{agentText}, walks: true},
	"coding":     {intents: []string{"role", "code", "reason", "check"}, genres: []genre{codeText}},
	"reasoning":  {intents: []string{"role", "reason", "reason", "format"}, genres: []genre{mathText, choiceText}},
	"grading":    {intents: []string{"role", "grade", "grade", "format"}, genres: []genre{mathText, toolText}, graded: true},
	"generation": {intents: []string{"role", "generate", "check", "format"}, genres: []genre{chatText, toolText, mathText}},
}

// campaign is an operator at work on a world.
type campaign struct {
	*Operator
	b      *builder
	d      *dice
	lang   string
	heads  []*head
	cal    calendar // the dispatcher's
	from   int64
	until  int64
	frames []frame // of the template's variants, target by target
	soft   *software
	habits []habit // of the operator's program, by target
	tls    string
	cards  []string
	firms  []string
	shape  string // of pattern mail addresses
	domain string
	block  uint32 // first address of the /24
	cursor [8]int32
	recent []job
	count  int // accounts made so far
}

// head is one of its accounts.
type head struct {
	*actor
	rate  float64 // work requests a day
	work  []uint8 // desks, by target
	relay []uint8 // desks of real end users
	cover []uint8
}

// job is one item of the list for one target.
type job struct {
	target int
	item   int32
	salt   uint32
}

// campaign plans an operator: accounts, succession, work, cover and relay.
func (b *builder) campaign(o *Operator) {
	c := &campaign{Operator: o, b: b, d: b.dice("operator "+o.Name, 0)}
	c.from = b.start + int64(o.Start*float64(day))
	c.until = min(b.end, c.from+int64(o.Days*float64(day)))
	c.prepare()
	probe := int64(o.Probe * float64(day))
	for i := range o.Heads {
		from := c.from
		if i >= max(1, o.Heads/10) {
			from += probe + int64(c.d.Float64()*float64(10*hour))
		}
		h := c.newHead(from, "")
		for c.Bans > 0 {
			ban := h.from + int64((.15+c.d.ExpFloat64()*7/c.Bans)*float64(day))
			if ban >= c.until {
				break
			}
			h.until, h.account.Banned = ban, at(ban)
			if c.Regrow <= 0 {
				break
			}
			next := ban + int64(c.d.lognormal(c.Regrow, .6)*float64(hour))
			if next >= c.until-2*hour {
				break
			}
			h = c.newHead(next, h.account.ID)
		}
	}
	for _, h := range c.heads {
		c.give(h)
	}
	c.dispatch()
	for _, h := range c.heads {
		c.disguise(h)
	}
}

// prepare draws what the operator has in common.
func (c *campaign) prepare() {
	b, d := c.b, c.d
	wording := d
	if c.Kit != "" {
		wording = b.dice("kit "+c.Kit, 0)
	}
	if c.lang = c.Language; c.lang == "" { // as likely as among anybody
		p := &b.texts.places.countries[wording.weighted(b.texts.places.weights)]
		c.lang = p.languages[wording.weighted(p.shares)]
	}
	for range c.Variants {
		for _, name := range c.Targets {
			c.frames = append(c.frames, b.texts.wording(wording, brief{lang: c.lang, intents: targets[name].intents}))
		}
	}
	c.soft = b.texts.clients.pick(d, sdkClient)
	for range c.Targets {
		c.habits = append(c.habits, habitOf(d, sdkClient))
	}
	c.tls = c.soft.install(d).tls
	if list := b.templates[c.Copies]; len(list) > 0 {
		t := choose(d, list)
		for i := range c.frames {
			c.frames[i] = t.frame
		}
		for i := range c.habits {
			c.habits[i] = t.habit
		}
	}
	for range c.Heads/c.CardHeads + 1 {
		c.cards = append(c.cards, card(d.Uint64()))
	}
	for range c.Companies {
		c.firms = append(c.firms, b.companyDomain(d, &b.texts.places.countries[d.weighted(b.texts.places.weights)]))
	}
	c.shape = localPattern(d) + "99"
	c.domain = choose(d, freeMails[:])
	c.block = uint32(0)
	a := b.texts.places.host(d).As4()
	c.block = uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8
	c.rest()
}

// rest lays out the dispatcher's hours: it works in blocks, and pauses for all.
func (c *campaign) rest() {
	seed := c.d.Uint64()
	block := int64(c.d.between(9, 20))
	pause := int64(c.d.between(2, 7))
	jitter := int64(0)
	c.cal = c.b.between(c.from, c.until, func(i int, t int64) float64 {
		cycle := block + pause
		n := (int64(i) + jitter) / cycle
		on := block + int64(mix(seed+uint64(n))%5) - 2
		if (int64(i)+jitter)%cycle >= on {
			return 0
		}
		return .6 + .8*float64(mix(seed^uint64(i)*77)>>11)/(1<<53)
	})
}

// give sets a head up: desks for the work, in frame and client as the knobs say.
func (c *campaign) give(h *head) {
	b := c.b
	soft, habits := c.client(h)
	variant := 0
	if c.Frame == "variants" {
		variant = h.IntN(c.Variants)
	}
	for i, name := range c.Targets {
		t := targets[name]
		f := c.frames[variant*len(c.Targets)+i]
		switch c.Frame {
		case "own":
			f = b.texts.wording(h.dice, brief{lang: c.lang, intents: t.intents})
		case "bare":
			f = frame{}
		}
		s := supply{kind: private, genre: t.genres[0], seed: mix(c.listSeed() + uint64(i)), stride: 1, first: i * 131, lang: c.lang}
		if c.List == "public" {
			s.kind = public
		}
		if t.graded {
			s.kind = graded
		}
		k := desk{soft: soft, habit: habits[i], taste: c.taste(h), batch: h.chance(.3)}
		if t.walks {
			k.voice = &walker{seed: mix(c.listSeed() + 7), frame: f, supply: s, lang: c.lang, tools: newTools(c, i)}
			k.seals = c.Carry > 0
		} else {
			k.voice = &program{seed: mix(c.listSeed() + 7), lang: c.lang, frame: f, supply: s, wish: c.Frame == "bare"}
		}
		h.work = append(h.work, h.addDesk(k))
	}
}

func newTools(c *campaign, i int) []int {
	d := newDice(hashName(c.Name+c.Kit), uint64(i)+c.b.spec.Seed)
	return d.Perm(len(c.b.texts.agents.tools))[:3]
}

func (c *campaign) listSeed() uint64 { return c.b.spec.Seed ^ hashName("list "+c.Name) }

// client draws what a head's requests look like.
func (c *campaign) client(h *head) (client, []habit) {
	m := c.b.texts.clients
	switch c.Client {
	case "sdk":
		return c.soft.install(newDice(hashName(c.Name), c.b.spec.Seed)), c.habits
	case "forged": // the user agent says one thing, the handshake another
		s := m.pick(h.dice, choose(h.dice, []class{chatClient, agentClient, sdkClient}))
		return client{s.install(h.dice).agent, c.tls}, c.habits
	}
	if list := c.b.templates[c.Copies]; len(list) > 0 {
		t := choose(h.dice, list)
		return t.soft, c.habits
	}
	k := choose(h.dice, []class{sdkClient, sdkClient, rawClient, chatClient})
	var own []habit
	for range c.Targets {
		own = append(own, habitOf(h.dice, k))
	}
	return m.pick(h.dice, k).install(h.dice), own
}

// taste: campaigns want the best model that is out, and a new one within a day.
func (c *campaign) taste(h *head) taste {
	t := taste{tier: 0, adopt: c.b.adopts(h.dice)}
	if h.chance(.15) {
		t.tier = 2
	}
	if !c.NoPivot && c.b.released > 0 && h.chance(.6) { // the rest of its work stays on the cheaper one
		t.adopt = c.b.released + int64(c.d.Float64()*3*float64(hour)) + 2*hour
	}
	return t
}

// dispatch hands the list out: every head's working times, merged, take the next items.
func (c *campaign) dispatch() {
	type slot struct {
		at   int64
		head int
	}
	var slots []slot
	per := 0.0
	for _, name := range c.Targets {
		if targets[name].walks {
			per += 3
		} else {
			per++
		}
	}
	per /= float64(len(c.Targets)) // requests that an item takes
	for i, h := range c.heads {
		share := 1 - c.Cover - c.Relay
		h.rate = c.PerDay * share * h.lognormal(1, .5)
		cal, cv := c.cal, 1.2
		if c.Dispatcher == "human" {
			cal, cv = c.b.human(h.actor), 2.2
		} else {
			cal = c.alive(h)
		}
		for _, t := range cal.arrivals(h.dice, h.rate/per*c.b.days(h.actor), cv) {
			slots = append(slots, slot{t, i})
		}
	}
	slices.SortFunc(slots, func(x, y slot) int {
		if x.at != y.at {
			return int(min(1, max(-1, x.at-y.at)))
		}
		return x.head - y.head
	})
	var queue []job
	for _, s := range slots {
		if len(queue) == 0 || !c.Spread {
			queue = append(queue[:0], c.next()...)
		}
		n := 1
		if !c.Spread {
			n = len(queue)
		}
		for k, j := range queue[:n] {
			c.do(c.heads[s.head], j, s.at+int64(k)*int64(c.d.between(1500, 6000)))
		}
		queue = queue[n:]
	}
}

// next takes an item off the list, or one that another head has had already; with
// sampling it comes several times.
func (c *campaign) next() []job {
	var j job
	if len(c.recent) > 50 && c.d.chance(c.Overlap) {
		j = choose(c.d, c.recent)
	} else {
		j.target = c.d.IntN(len(c.Targets))
		j.item = c.cursor[j.target]
		c.cursor[j.target]++
		j.salt = c.d.Uint32()
		if len(c.recent) < 400 {
			c.recent = append(c.recent, j)
		} else {
			c.recent[c.d.IntN(400)] = j
		}
	}
	out := []job{j}
	for range c.Samples - 1 {
		out = append(out, j)
	}
	return out
}

// do queues one job on a head, a failure of it perhaps on another.
func (c *campaign) do(h *head, j job, t int64) {
	e := event{at: t, salt: j.salt, item: j.item, sub: -1, desk: h.work[j.target], work: true}
	steps := 1
	if targets[c.Targets[j.target]].walks {
		steps = 2 + int(j.salt%3)
	}
	fail := h.failures(c.PerDay)
	for step := range steps {
		e.turn = uint16(step)
		h.send(e, fail, func(e event) bool {
			other := c.handOver(h, e, j)
			if other != nil && steps > 1 && c.d.chance(c.Carry) {
				h, e.desk = other, other.work[j.target] // the run goes on there
			}
			return other != nil
		})
		e.desk = h.work[j.target]
		e.at += int64(h.lognormal(6, .5) * float64(second))
	}
}

// handOver repeats a failed request on another living head within seconds; nil when
// none takes it. In a run of several steps it presents what the first head was given.
func (c *campaign) handOver(h *head, e event, j job) *head {
	if !c.d.chance(c.Failover) {
		return nil
	}
	for range 8 {
		other := choose(c.d, c.heads)
		if other == h || other.from > e.at || other.until <= e.at+minute {
			continue
		}
		e.at += int64(c.d.lognormal(c.FailAfter, .6) * float64(second))
		e.desk = other.work[j.target]
		if e.turn > 0 {
			e.seal = uint32(h.seed)
		}
		other.add(e)
		return other
	}
	return nil
}

// alive limits the dispatcher's calendar to a head's life and, by knob, to its shifts:
// some hours of some days.
func (c *campaign) alive(h *head) calendar {
	out := calendar{c.cal.start, slices.Clone(c.cal.sums)}
	seed, first, length := h.Uint64(), int64(h.IntN(24)), int64(h.between(3, 11))
	rest := .25 + .4*h.Float64()
	for i := 1; i < len(out.sums); i++ {
		w := c.cal.sums[i] - c.cal.sums[i-1]
		a, z := out.start+int64(i-1)*hour, out.start+int64(i)*hour
		w *= math.Max(0, float64(min(z, h.until)-max(a, h.from))/float64(hour))
		if c.Dispatcher == "shifts" {
			n := (a/hour + 24 - first) / 24
			if (a/hour+24-first)%24 >= length || float64(mix(seed+uint64(n))>>11)/(1<<53) < rest {
				w = 0
			}
		}
		out.sums[i] = out.sums[i-1] + w
	}
	return out
}
