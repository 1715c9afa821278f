package sim

import (
	"bytes"
	"unicode/utf8"

	"iolaus/exchange"
)

// A voice writes the texts of one request and its answer.
type voice interface {
	speak(c *composer, e *event)
}

// composer writes one exchange's texts into one buffer, which becomes one string.
type composer struct {
	*dice
	texts *Texts
	x     *exchange.Exchange
	buf   []byte
	spans []span
}

// span is a piece of the buffer, or a text that needs no composing.
type span struct {
	role  string
	a, b  int
	fixed string
}

const (
	systemSpan = "\x00system"
	outputSpan = "\x00output"
)

// seed makes what follows depend on the voice, the conversation and a part of it alone.
func (c *composer) seed(voice uint64, salt uint32, part int) {
	c.reseed(voice^uint64(salt)*0x9e3779b97f4a7c15, uint64(part))
}

// write appends a text of a role, composed by fn.
func (c *composer) write(role string, fn func(b []byte) []byte) {
	a := len(c.buf)
	c.buf = fn(c.buf)
	c.spans = append(c.spans, span{role: role, a: a, b: len(c.buf)})
}

// put appends a text of a role as it is.
func (c *composer) put(role, text string) {
	c.spans = append(c.spans, span{role: role, fixed: text})
}

// finish turns the spans into the exchange's texts.
func (c *composer) finish() {
	all := string(c.buf)
	for i := range c.spans {
		s := &c.spans[i]
		text := s.fixed
		if s.b > s.a {
			text = all[s.a:s.b]
		}
		switch s.role {
		case systemSpan:
			c.x.System = text
		case outputSpan:
			c.x.Output = text
		default:
			c.x.Turns = append(c.x.Turns, exchange.Turn{Role: s.role, Text: text})
		}
	}
	c.buf, c.spans = c.buf[:0], c.spans[:0]
}

func (c *composer) tongue(lang string) *tongue {
	if t := c.texts.tongues[lang]; t != nil {
		return t
	}
	return c.texts.tongues["en"]
}

// vary appends text with its numbers changed and a share of its words replaced, as
// another document of the same kind would differ.
func (c *composer) vary(b []byte, text string, share float64) []byte {
	for i := 0; i < len(text); {
		ch := text[i]
		switch {
		case ch >= '1' && ch <= '9' && c.chance(.5):
			b = append(b, byte('1'+c.IntN(9)))
			i++
		case ch >= 'a' && ch <= 'z' && (i == 0 || text[i-1] == ' '):
			j := i
			for j < len(text) && text[j] >= 'a' && text[j] <= 'z' {
				j++
			}
			if j-i >= 4 && len(c.texts.words) > 0 && c.chance(share) {
				b = append(b, choose(c.dice, c.texts.words)...)
			} else {
				b = append(b, text[i:j]...)
			}
			i = j
		default:
			b = append(b, ch)
			i++
		}
	}
	return b
}

// sentence appends one sentence in a language: a real one, varied, where there are
// enough of them, else one made of phrases.
func (c *composer) sentence(b []byte, lang string, sub subject) []byte {
	if real := c.texts.sentences[lang]; lang == "en" && len(real) > 0 && c.chance(.6) {
		return c.vary(b, choose(c.dice, real), .15)
	}
	t := c.tongue(lang)
	b = t.say(b, c.dice, "say", sub)
	if c.chance(.6) { // people do not speak in stock phrases: join two
		b = append(trimStop(b), ',')
		if t.spaced {
			b = append(b, ' ')
		}
		b = t.say(b, c.dice, "say", sub)
	}
	return b
}

// trimStop takes a sentence's full stop away.
func trimStop(b []byte) []byte {
	for _, stop := range [...]string{".", "。", "।"} {
		b = bytes.TrimSuffix(b, []byte(stop))
	}
	return b
}

// document appends n sentences.
func (c *composer) document(b []byte, lang string, sub subject, n int) []byte {
	t := c.tongue(lang)
	for i := range n {
		if i > 0 {
			switch {
			case c.chance(.2):
				b = append(b, '\n')
			case t.spaced:
				b = append(b, ' ')
			}
		}
		b = c.sentence(b, lang, sub)
	}
	return b
}

// question appends what a person asks: mostly own words, sometimes a real prompt varied.
func (c *composer) question(b []byte, lang string, sub subject) []byte {
	t := c.tongue(lang)
	u := c.Float64()
	if u > .975 { // found somewhere, and sent as it is by many
		set := c.texts.sets[choose(c.dice, []genre{chatText, personaText})]
		p := &set[int(float64(len(set))*c.Float64()*c.Float64()*c.Float64())]
		if l := script(p.text); l == "en" || l == lang {
			return append(b, p.text...)
		}
	}
	switch {
	case lang == "en" && u < .3:
		p := &c.texts.sets[chatText][c.IntN(len(c.texts.sets[chatText]))]
		b = c.vary(b, clip(p.text, 120+c.IntN(300)), .15)
		if c.chance(.4) {
			b = t.say(append(b, ' '), c.dice, "say", sub)
		}
		return b
	case u < .45:
		b = t.say(b, c.dice, "ask", sub)
		b = append(b, "\n\n"...)
		return c.document(b, lang, sub, min(16, c.geometric(3.5)))
	case u < .65:
		b = c.sentence(b, lang, sub)
		if t.spaced {
			b = append(b, ' ')
		}
	case u < .8:
		b = t.say(b, c.dice, "ask", sub)
		if t.spaced {
			b = append(b, ' ')
		}
		return c.sentence(b, lang, sub)
	}
	return t.say(b, c.dice, "ask", sub)
}

// answer appends a short answer in a language.
func (c *composer) answer(b []byte, lang string, sub subject) []byte {
	t := c.tongue(lang)
	b = t.say(b, c.dice, "reply", sub)
	for range min(9, c.geometric(3.5)-1) {
		if t.spaced {
			b = append(b, ' ')
		}
		b = c.sentence(b, lang, sub)
	}
	return b
}

// answered appends a passage's own answer, or an answer made up.
func (c *composer) answered(b []byte, p *passage, lang string) []byte {
	if p == nil || p.answer == "" {
		return c.answer(b, lang, subject{})
	}
	return c.vary(b, clip(p.answer, 360), .05)
}

// seal adds the provider's seals on hidden reasoning: the last answer's is presented,
// a new one is issued.
func (c *composer) seal(a *actor, e *event) {
	if e.turn > 0 {
		issuer := e.seal
		if issuer == 0 {
			issuer = uint32(a.seed)
		}
		c.x.Signatures = append(c.x.Signatures, exchange.Signature{Value: sealed(issuer, e.salt, int(e.turn)-1)})
	}
	if e.code == 0 {
		c.x.Signatures = append(c.x.Signatures, exchange.Signature{Value: sealed(uint32(a.seed), e.salt, int(e.turn)), Issued: true})
	}
}

func sealed(issuer, salt uint32, turn int) string {
	return "sig_" + hexString(mix(uint64(issuer)<<32|uint64(salt))+uint64(turn)*0x9e3779b97f4a7c15, 40)
}

// tokens estimates how many tokens a text has: four Latin letters, or one and a half
// of a script without spaces.
func tokens(s string) int {
	ascii := 0
	for i := 0; i < len(s); i++ {
		if s[i] < utf8.RuneSelf {
			ascii++
		}
	}
	return (ascii + (len(s)-ascii)*2/3 + 3) / 4
}
