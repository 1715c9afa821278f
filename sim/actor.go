package sim

import (
	"time"

	"iolaus/exchange"
)

// An event is one request to come. Its text is composed when the world is played:
// equal voices, salts and turns give equal texts, on whatever account.
type event struct {
	at   int64  // unix milliseconds
	salt uint32 // conversation or text
	item int32  // position in the voice's list
	sub  int32  // the account's own customer; -1 is none
	turn uint16 // of the conversation
	code uint16 // HTTP status of a failure; 0 is success
	desk uint8  // of the actor
	seal uint32 // low bits of the seed of the account whose reasoning is presented; 0 is the account itself
	work bool   // extraction, for the truth
}

// A desk is one thing that an account does: what is said, with which client.
type desk struct {
	voice voice
	soft  client
	habit habit
	taste taste
	ways  *lines // nil: the account's own
	batch bool   // one session id for hours of requests
	seals bool   // its answers carry sealed reasoning, presented again in the next turn
}

// habit is how a client sets a request's parameters; a negative number is "not set".
type habit struct {
	temperature float64
	topP        float64
	maxTokens   int
	stream      bool
	n           int
	seeded      bool
	effort      string
}

// taste is which models are asked for.
type taste struct {
	tier  int   // index into the tiers of the world's models
	adopt int64 // when newly released models are tried
}

// An actor is one account with everything that makes it act.
type actor struct {
	*dice
	seed    uint64
	country *country
	lang    string
	account exchange.Account
	truth   Truth
	key     string
	alias   string
	ways    lines
	desks   []desk
	events  []event
	from    int64 // it acts between from and until only
	until   int64
	outages []span64 // of the provider, the same for all
}

// span64 is a stretch of time in unix milliseconds.
type span64 struct{ from, until int64 }

func (a *actor) addDesk(k desk) uint8 {
	a.desks = append(a.desks, k)
	return uint8(len(a.desks) - 1)
}

// add queues an event if the actor is alive and signed up then.
func (a *actor) add(e event) {
	if e.at >= a.from && e.at < a.until {
		a.events = append(a.events, e)
	}
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// temperatures, tokenLimits: what people leave in their code.
var (
	temperatures = [...]float64{0, .1, .2, .3, .5, .7, .7, .8, 1, 1}
	tokenLimits  = [...]int{256, 512, 800, 1000, 1024, 2000, 2048, 4096, 4096, 8192, 16000}
	efforts      = [...]string{"low", "medium", "high"}
)

// habitOf draws the settings of an installation. Each class of client has its
// defaults; most people keep them.
func habitOf(d *dice, c class) habit {
	h := habit{temperature: -1, topP: -1, maxTokens: 0}
	switch c {
	case chatClient:
		h.stream = d.chance(.9)
		if d.chance(.55) {
			h.temperature = choose(d, []float64{.7, .7, .8, 1, 1, .5, .3})
		}
		if d.chance(.3) {
			h.maxTokens = choose(d, tokenLimits[3:])
		}
		if d.chance(.2) {
			h.topP = choose(d, []float64{.9, .95, 1})
		}
	case agentClient:
		h.stream = d.chance(.93)
		h.temperature = choose(d, []float64{-1, 0, 1, 1, .2})
		h.maxTokens = choose(d, []int{8192, 16000, 32000, 4096})
		if d.chance(.3) {
			h.effort = choose(d, efforts[:])
		}
	default:
		h.stream = d.chance(.15)
		if d.chance(.66) {
			h.temperature = choose(d, temperatures[:])
		}
		if d.chance(.55) {
			h.maxTokens = choose(d, tokenLimits[:])
		}
		if d.chance(.12) {
			h.topP = choose(d, []float64{.8, .9, .95, 1})
		}
		h.seeded = d.chance(.05)
		if d.chance(.08) {
			h.effort = choose(d, efforts[:])
		}
	}
	return h
}

// set writes the settings into a request.
func (h *habit) set(p *exchange.Params, salt uint32) {
	if h.temperature >= 0 {
		t := h.temperature
		p.Temperature = &t
	}
	if h.topP >= 0 {
		v := h.topP
		p.TopP = &v
	}
	if h.seeded {
		v := int64(salt % 100000)
		p.Seed = &v
	}
	p.MaxTokens, p.Stream, p.N, p.Reasoning = h.maxTokens, h.stream, h.n, h.effort
}
