package sim

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
	firms  []shell
	victim []template // what it copies
	shape  string     // of pattern mail addresses
	domain string
	block  uint32 // first address of the /24
	cursor [8]int32
	recent []job
	count  int // accounts made so far
}

// shell is a company on paper.
type shell struct{ domain, country string }

// head is one of its accounts.
type head struct {
	*actor
	work  []uint8 // desks, by target
	relay []uint8 // desks of real end users
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
	c.copy()
	for range c.Heads/c.CardHeads + 1 {
		c.cards = append(c.cards, card(d.Uint64()))
	}
	for range c.Companies {
		at := &b.texts.places.countries[d.weighted(b.texts.places.weights)]
		c.firms = append(c.firms, shell{b.companyDomain(d, at), at.code})
	}
	c.shape = localPattern(d) + "99"
	c.domain = choose(d, freeMails[:])
	c.block = uint32(0)
	a := b.texts.places.host(d).As4()
	c.block = uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8
	c.rest()
}

// copy takes over one innocent firm's or tool's frame, settings and clients.
func (c *campaign) copy() {
	list := c.b.templates[c.Copies]
	if len(list) == 0 {
		return
	}
	t := choose(c.d, list)
	for _, x := range list {
		if x.frame == t.frame {
			c.victim = append(c.victim, x)
		}
	}
	for i := range c.frames {
		c.frames[i] = t.frame
	}
	for i := range c.habits {
		c.habits[i] = t.habit
	}
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
	if len(c.victim) > 0 {
		return choose(h.dice, c.victim).soft, c.habits
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
