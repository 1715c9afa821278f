package observe

import (
	"github.com/zeebo/xxh3"

	"iolaus/exchange"
	"iolaus/sketch"
)

// system sees the lines of the system prompt.
//
// Sees: each masked line or sentence, whatever stands around it. Strong when
// the wording is nobody else's. Fooled by paraphrase for every account. Innocent
// look-alike: users of one agent product send its vendor's prompt word for word,
// so a popular line discounts itself, and it counts as one cause with the client.
type system struct{}

func (system) about() Signal {
	return Signal{"system prompt", exchange.Content, "the system prompt", "log messages, or a keyed hash of each line of the system prompt"}
}

func (system) observe(s *sight) bool {
	if s.prompt == nil {
		return false
	}
	for _, o := range s.prompt.left {
		s.trace.Leave(o)
	}
	return true
}

// A prompt is a system prompt, read once.
type prompt struct {
	left   []exchange.Observable
	points [exchange.Capabilities]int
}

// prompts remembers system prompts: a client sends the same one with every
// request.
type prompts struct {
	byHash map[uint64]*prompt
	text   sketch.Text
	words  words
}

const (
	maxPrompts = 1 << 12
	edgeUnits  = 6 // units taken from each end of a text; wrappers stand there
)

func (p *prompts) read(key sketch.Key, text string) *prompt {
	h := xxh3.HashString(text)
	if q := p.byHash[h]; q != nil {
		return q
	}
	if p.byHash == nil || len(p.byHash) >= maxPrompts {
		p.byHash = map[uint64]*prompt{}
	}
	p.text.Read(text)
	q := &prompt{points: p.words.count(p.text.Normal)}
	edges(p.text.Units, func(u sketch.Unit) {
		q.left = append(q.left, exchange.NewObservable(exchange.System, key.Mix(byte(exchange.System), u.Hash)))
	})
	p.byHash[h] = q
	return q
}

// edges calls fn with the telling units of both ends of a text.
func edges(units []sketch.Unit, fn func(sketch.Unit)) {
	n := 0
	i := 0
	for ; i < len(units) && n < edgeUnits; i++ {
		if !units[i].Weak() {
			fn(units[i])
			n++
		}
	}
	n = 0
	for j := len(units) - 1; j >= i && n < edgeUnits; j-- {
		if !units[j].Weak() {
			fn(units[j])
			n++
		}
	}
}
