package sim

import "strings"

// A frame is what a program wraps around each text that it sends.
type frame struct {
	system, before, after string
}

// brief is what a frame says, before it is put into words.
type brief struct {
	lang    string
	intents []string // sections of the phrase bank, in order
	sub     subject
}

// wording puts a brief into words: sentences, order, layout and place are the writer's own.
func (t *Texts) wording(d *dice, b brief) frame {
	tongue := t.tongues[b.lang]
	if tongue == nil {
		tongue = t.tongues["en"]
	}
	if b.sub.field == "" {
		b.sub.field = tongue.draw(d, "field", subject{})
	}
	lines := make([]string, 0, len(b.intents))
	for _, s := range b.intents {
		lines = append(lines, tongue.draw(d, s, b.sub))
	}
	if len(lines) > 3 && d.chance(.5) {
		i := 1 + d.IntN(len(lines)-2)
		lines[i], lines[i+1] = lines[i+1], lines[i]
	}
	text := layout(d, tongue, lines)
	label, after := "", ""
	if d.chance(.7) {
		label = tongue.draw(d, "label", b.sub) + choose(d, []string{"\n", " ", "\n\n"})
	}
	if d.chance(.35) {
		after = "\n\n" + tongue.draw(d, "after", b.sub)
	}
	switch u := d.Float64(); {
	case u < .68:
		return frame{system: text, before: label, after: after}
	case u < .9:
		return frame{before: text + "\n\n" + label, after: after}
	}
	return frame{before: label, after: "\n\n" + text}
}

// layout joins lines as a paragraph, as lines or as a list.
func layout(d *dice, t *tongue, lines []string) string {
	space := ""
	if t.spaced {
		space = " "
	}
	switch d.IntN(4) {
	case 0:
		return strings.Join(lines, space)
	case 1:
		return strings.Join(lines, "\n")
	case 2:
		return lines[0] + "\n\n" + strings.Join(lines[1:], "\n")
	}
	mark := choose(d, []string{"- ", "* ", "• "})
	return lines[0] + "\n" + mark + strings.Join(lines[1:], "\n"+mark)
}

// supplyKind is where a program's texts come from.
type supplyKind uint8

const (
	documents supplyKind = iota // its own documents
	public                      // a published set, word for word
	private                     // a list of its own in the manner of a published set
	suite                       // an evaluation as its harness sends it
	graded                      // a question of a published set with a candidate's answer
)

// A supply is a list of texts, addressed by position.
type supply struct {
	kind          supplyKind
	genre         genre
	suite         int
	seed          uint64
	first, stride int
	lang          string
	sub           subject
	length        int // sentences of a document
}

func (s *supply) passage(t *Texts, i int32) *passage {
	set := t.sets[s.genre]
	if s.kind == suite {
		set = t.rendered[s.suite%len(t.rendered)]
	}
	n := (s.first + int(i)*max(1, s.stride)) % len(set)
	return &set[(n+len(set))%len(set)]
}

// text appends the i-th text and returns the passage behind it, if there is one.
func (s *supply) text(b []byte, c *composer, i int32) ([]byte, *passage) {
	if s.kind == documents {
		c.reseed(s.seed, uint64(i))
		return c.document(b, s.lang, s.sub, 1+c.IntN(max(1, s.length))), nil
	}
	p := s.passage(c.texts, i)
	switch s.kind {
	case private:
		c.reseed(s.seed, uint64(i))
		return c.vary(b, clip(p.text, 1200), .22), p
	case graded:
		c.reseed(s.seed, uint64(i))
		b = append(b, clip(p.text, 900)...)
		b = append(b, "\n\nA: "...)
		return c.answered(b, p, s.lang), p
	}
	return append(b, p.text...), p
}

// A program sends the texts of a supply in a frame, one request each.
type program struct {
	seed   uint64
	frame  frame
	supply supply
	lang   string
	wish   bool // a short request in own words instead of a frame
}

func (v *program) speak(c *composer, e *event) {
	var p *passage
	if v.frame.system != "" {
		c.put(systemSpan, v.frame.system)
	}
	a := len(c.buf)
	c.buf = append(c.buf, v.frame.before...)
	c.buf, p = v.supply.text(c.buf, c, e.item)
	c.buf = append(c.buf, v.frame.after...)
	c.seed(v.seed, e.salt, 1)
	if v.wish && c.chance(.8) {
		c.buf = append(c.buf, choose(c.dice, []string{"\n", " ", "\n\n"})...)
		c.buf = c.tongue(v.lang).say(c.buf, c.dice, "wish", subject{})
	}
	c.spans = append(c.spans, span{role: "user", a: a, b: len(c.buf)})
	if p != nil {
		if p.system != "" && v.frame.system == "" && v.supply.kind == suite {
			c.put(systemSpan, p.system)
		}
		c.x.Tools = append(c.x.Tools, p.tools...)
	}
	c.write(outputSpan, func(b []byte) []byte { return c.answered(b, p, v.lang) })
}
