package sim

import (
	"strconv"
)

// A chatter is a person in conversation.
type chatter struct {
	seed    uint64
	lang    string
	second  string // another language that is used now and then, or ""
	sub     subject
	persona string
}

// kept is how many earlier turns a client sends again, besides the first.
const kept = 2

func (v *chatter) speak(c *composer, e *event) {
	if v.persona != "" {
		c.put(systemSpan, v.persona)
	}
	c.seed(v.seed, e.salt, 0)
	lang := v.lang
	if v.second != "" && c.chance(.25) {
		lang = v.second
	}
	turn := int(e.turn)
	for k := 0; k <= turn; k++ {
		if k > 0 && k < turn-kept {
			continue
		}
		c.seed(v.seed, e.salt, 2*k+1)
		c.write("user", func(b []byte) []byte {
			if k == 0 {
				return c.question(b, lang, v.sub)
			}
			return c.tongue(lang).say(b, c.dice, "more", v.sub)
		})
		c.seed(v.seed, e.salt, 2*k+2)
		role := "assistant"
		if k == turn {
			role = outputSpan
		}
		c.write(role, func(b []byte) []byte { return c.answer(b, lang, v.sub) })
	}
}

// A quoter sends a text that it found somewhere, with a line of its own now and then.
type quoter struct {
	seed uint64
	lang string
	text string
}

func (v *quoter) speak(c *composer, e *event) {
	c.seed(v.seed, e.salt, 0)
	c.write("user", func(b []byte) []byte {
		b = append(b, v.text...)
		if c.chance(.6) {
			b = append(b, '\n')
			b = c.tongue(v.lang).say(b, c.dice, choose(c.dice, []string{"say", "more", "topic"}), subject{})
		}
		return b
	})
	c.write(outputSpan, func(b []byte) []byte { return c.answer(b, v.lang, subject{}) })
}

// An asker puts a given task into own words: the same assignment, many students.
type asker struct {
	seed  uint64
	lang  string
	tasks []string
}

func (v *asker) speak(c *composer, e *event) {
	c.seed(v.seed, e.salt, 0)
	task := v.tasks[int(e.item)%len(v.tasks)]
	c.write("user", func(b []byte) []byte {
		t := c.tongue(v.lang)
		switch u := c.Float64(); {
		case u < .3:
			b = t.say(b, c.dice, "wish", subject{})
			b = append(b, "\n"...)
		case u < .45:
			b = t.say(b, c.dice, "say", subject{})
			b = append(b, "\n"...)
		}
		n := len(task)
		if c.chance(.3) {
			n = len(task)/2 + c.IntN(len(task)/2+1)
		}
		b = append(b, clip(task, n)...)
		if c.chance(.4) {
			b = append(b, "\n\n"...)
			b = t.say(b, c.dice, "wish", subject{})
		}
		return b
	})
	c.write(outputSpan, func(b []byte) []byte { return c.answer(b, v.lang, subject{}) })
}

// A walker sends an agent's run step by step, resending what came before.
type walker struct {
	seed   uint64
	frame  frame
	supply supply
	lang   string
	tools  []int // of the texts' tool box
}

func (v *walker) speak(c *composer, e *event) {
	p := v.supply.passage(c.texts, e.item)
	system := v.frame.system
	if system == "" && v.supply.kind == public {
		system = p.system
	}
	if system != "" {
		c.put(systemSpan, system)
	}
	steps := max(1, len(p.turns)/2)
	step := min(int(e.turn), steps-1)
	for k := 0; k <= 2*step; k++ {
		if k > 0 && k < 2*step-3 {
			continue // clients cut long histories
		}
		role := "user"
		if k%2 == 1 {
			role = "assistant"
		}
		c.turn(v, p, e, k, role)
	}
	c.reseed(v.supply.seed^uint64(e.item), uint64(2*step+1))
	c.write(outputSpan, func(b []byte) []byte {
		if 2*step+1 < len(p.turns) {
			return append(b, clip(p.turns[2*step+1], 300)...)
		}
		return c.answered(b, p, v.lang)
	})
	c.offer(v.tools)
}

// turn writes the k-th turn of a run.
func (c *composer) turn(v *walker, p *passage, e *event, k int, role string) {
	c.reseed(v.supply.seed^uint64(e.item), uint64(k))
	c.write(role, func(b []byte) []byte {
		if k == 0 {
			b = append(b, v.frame.before...)
		}
		text := p.text
		if k < len(p.turns) {
			text = p.turns[k]
		}
		if v.supply.kind == private {
			b = c.vary(b, text, .15)
		} else {
			b = append(b, text...)
		}
		if k == 0 {
			b = append(b, v.frame.after...)
		}
		return b
	})
}

// A coder is the user of a vendor's coding agent: the vendor's prompt and tools, the
// user's own environment, and a session that resends its history.
type coder struct {
	seed    uint64
	product int
	env     string // of the user's machine and project
	lang    string
	auto    bool // runs by itself, hour after hour
}

func (v *coder) speak(c *composer, e *event) {
	product := &c.texts.agents.products[v.product]
	c.write(systemSpan, func(b []byte) []byte {
		b = append(b, product.system...)
		b = append(b, v.env...)
		return append(strconv.AppendInt(append(b, "\ntoday: day "...), e.at/day%365, 10), "\n</env>"...)
	})
	turn := int(e.turn)
	box := c.texts.agents.tongue
	ask := turn - turn%4
	c.seed(v.seed, e.salt, 2*ask)
	c.write("user", func(b []byte) []byte { return v.task(b, c, ask) })
	for k := max(ask, turn-2); k < turn; k++ {
		c.seed(v.seed, e.salt, 2*k+1)
		c.write("assistant", func(b []byte) []byte { return box.say(b, c.dice, "act", subject{}) })
		c.seed(v.seed, e.salt, 2*k+2)
		c.write("tool", func(b []byte) []byte {
			b = box.say(b, c.dice, "output", subject{})
			for range c.IntN(4) {
				b = box.say(append(b, '\n'), c.dice, "output", subject{})
			}
			if set := c.texts.sets[codeText]; c.chance(.3) {
				b = c.vary(append(b, '\n'), clip(set[c.IntN(len(set))].text, 300), .2)
			}
			return b
		})
	}
	c.seed(v.seed, e.salt, 2*turn+1)
	c.write(outputSpan, func(b []byte) []byte {
		b = box.say(b, c.dice, "act", subject{})
		if set := c.texts.sets[codeText]; c.chance(.5) {
			b = append(b, "\n```\n"...)
			b = c.vary(b, clip(set[c.IntN(len(set))].text, 60+c.IntN(500)), .2)
			b = append(b, "\n```"...)
		}
		return b
	})
	if turn%4 != 3 {
		c.call(product)
	}
	c.offer(product.tools)
}

// task appends what the user wants, in the user's language now and then.
func (v *coder) task(b []byte, c *composer, ask int) []byte {
	section := "job"
	if ask > 0 && !v.auto {
		section = "next"
	}
	b = c.texts.agents.tongue.say(b, c.dice, section, subject{})
	if v.lang != "en" && c.chance(.5) {
		b = c.tongue(v.lang).say(append(b, '\n'), c.dice, "wish", subject{})
	}
	if set := c.texts.sets[codeText]; c.chance(.25) {
		b = append(b, "\n```\n"...)
		b = c.vary(b, clip(set[c.IntN(len(set))].text, 400), .2)
		b = append(b, "\n```"...)
	}
	return b
}
