package eval

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"iolaus/sim"
)

// A turn is one position of one of the operator's knobs.
type turn struct {
	knob, name string
	set        func(*sim.Operator)
}

// turns lists every knob from its cheapest to its most careful position. The
// first position of each is how the operator of the frontier begins.
func turns() [][]turn {
	knob := func(name string, positions ...turn) []turn {
		for i := range positions {
			positions[i].knob = name
		}
		return positions
	}
	at := func(name string, set func(*sim.Operator)) turn { return turn{name: name, set: set} }
	return [][]turn{
		knob("wording", at("one template", func(o *sim.Operator) { o.Frame = "template" }), at("six variants", func(o *sim.Operator) { o.Frame = "variants" }),
			at("own for each head", func(o *sim.Operator) { o.Frame = "own" }), at("bare", func(o *sim.Operator) { o.Frame = "bare" })),
		knob("network", at("one block", func(o *sim.Operator) { o.Network = "block" }), at("hosting", func(o *sim.Operator) { o.Network = "hosting" }),
			at("rotating homes", func(o *sim.Operator) { o.Network = "rotating" }), at("a home for each head", func(o *sim.Operator) { o.Network = "sticky" })),
		knob("payment", at("six heads a card", func(o *sim.Operator) { o.Payment, o.CardHeads = "shared", 6 }), at("two heads a card", func(o *sim.Operator) { o.Payment, o.CardHeads = "shared", 2 }),
			at("a card each", func(o *sim.Operator) { o.Payment = "own" }), at("shell companies", func(o *sim.Operator) { o.Payment, o.Mail, o.CardHeads = "company", "company", 18 })),
		knob("sign-up", at("burst", func(o *sim.Operator) { o.SignUp = "burst" }), at("staggered", func(o *sim.Operator) { o.SignUp = "staggered" }), at("aged accounts", func(o *sim.Operator) { o.SignUp = "aged" })),
		knob("client", at("one program", func(o *sim.Operator) { o.Client = "sdk" }), at("forged name", func(o *sim.Operator) { o.Client = "forged" }), at("as anybody's", func(o *sim.Operator) { o.Client = "population" })),
		knob("fail-over", at("80 % of failures", func(o *sim.Operator) { o.Failover = .8 }), at("none", func(o *sim.Operator) { o.Failover = 0 })),
		knob("hours", at("around the clock", func(o *sim.Operator) { o.Dispatcher = "central" }), at("people's", func(o *sim.Operator) { o.Dispatcher = "human" })),
		knob("pace", at("40 a day", func(o *sim.Operator) { o.PerDay = 40 }), at("15 a day", func(o *sim.Operator) { o.PerDay = 15 }), at("5 a day", func(o *sim.Operator) { o.PerDay = 5 })),
		knob("cover", at("none", func(o *sim.Operator) { o.Cover = 0 }), at("30 %", func(o *sim.Operator) { o.Cover, o.CoverKind = .3, "mixed" }), at("80 %", func(o *sim.Operator) { o.Cover, o.CoverKind = .8, "mixed" })),
		knob("resale", at("none", func(o *sim.Operator) { o.Relay = 0 }), at("60 % to real users", func(o *sim.Operator) { o.Relay = .6 })),
	}
}

// prices are the stated assumptions of the cost model, in US dollars. They are
// orders of magnitude, from what such goods are publicly offered for; the ranking
// matters, not the cent.
type prices struct {
	account, aged       float64 // one account; one that is months old
	card, company       float64 // a card that pays; a company with mail and bank
	block, hosting      float64 // a server's network a month; one hosting exit and head a month
	rotating, sticky    float64 // residential: per 1,000 requests; one line and head a month
	template, wording   float64 // engineering: another template; a wording of its own for a head
	forge, human, cover float64 // engineering, once: a client's disguise; people's hours; a cover generator
	request             float64 // what the provider charges for one request, cover included
}

func assumed() prices {
	return prices{account: 1, aged: 10, card: 5, company: 400, block: 20, hosting: 2, rotating: 2, sticky: 15, template: 40, wording: 6, forge: 400, human: 300, cover: 500, request: .01}
}

// An Evasion is one way to set the knobs, what it costs and what it gets.
type Evasion struct {
	Turned []string `json:"turned"` // positions other than the first
	Recall float64  `json:"recall"`
	Lost   float64  `json:"exchanges_lost"` // share, over all seeds together
	Benign int      `json:"benign_flagged"`
	Haul   float64  `json:"haul"`     // exchanges of the work itself before detection, a campaign
	Cost   float64  `json:"cost"`     // of a campaign, US dollars
	Price  float64  `json:"per_1000"` // cost per 1,000 exchanges of work kept; -1 when none were
}

// works says whether an evasion leaves the operator most of his haul.
func (e *Evasion) works() bool { return e.Lost >= .5 }

// A Frontier is how far each knob goes, and the cheapest way past.
type Frontier struct {
	Seeds  []uint64  `json:"seeds"`
	Single []Evasion `json:"single"` // one knob turned at a time; first none
	Path   []Evasion `json:"path"`   // knobs turned together, the one that pays most next
}

// Evade turns the knobs of an operator in a world of the given size.
type Evade struct {
	Simulated
	Detector Contender
	Spec     sim.Spec // the world; its one operator is replaced
	Seeds    []uint64
	Steps    int // of the path; default 4
	Progress func(done, total int, what string)
}

// Frontier turns every knob alone, then those that pay most together.
func (v *Evade) Frontier(ctx context.Context) (*Frontier, error) {
	knobs := turns()
	base := make([]int, len(knobs))
	settings := [][]int{base}
	for k := range knobs {
		for p := 1; p < len(knobs[k]); p++ {
			s := slices.Clone(base)
			s[k] = p
			settings = append(settings, s)
		}
	}
	steps := cmp.Or(v.Steps, 4)
	total, done := len(settings)*(steps+1), 0
	out := &Frontier{Seeds: v.Seeds}
	single, err := v.all(ctx, settings, &done, total)
	if err != nil {
		return nil, err
	}
	out.Single = single
	at, best := base, single[0]
	out.Path = append(out.Path, best)
	for range steps {
		var next [][]int
		for k := range knobs {
			for p := at[k] + 1; p < len(knobs[k]); p++ {
				s := slices.Clone(at)
				s[k] = p
				next = append(next, s)
			}
		}
		if len(next) == 0 {
			break
		}
		list, err := v.all(ctx, next, &done, total)
		if err != nil {
			return nil, err
		}
		i := cheapest(list)
		if list[i].price() >= best.price() {
			break
		}
		at, best = next[i], list[i]
		out.Path = append(out.Path, best)
	}
	return out, nil
}

// price orders evasions: what keeps nothing is dearest.
func (e *Evasion) price() float64 {
	if e.Price < 0 {
		return 1e12
	}
	return e.Price
}

func cheapest(list []Evasion) int {
	best := 0
	for i := range list {
		if list[i].price() < list[best].price() {
			best = i
		}
	}
	return best
}

// all tries settings on all seeds.
func (v *Evade) all(ctx context.Context, settings [][]int, done *int, total int) ([]Evasion, error) {
	out := make([]Evasion, len(settings))
	finished := make(chan string)
	told := make(chan struct{})
	go func() {
		for what := range finished {
			if *done++; v.Progress != nil {
				v.Progress(*done, total, what)
			}
		}
		close(told)
	}()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range settings {
		g.Go(func() (err error) {
			out[i], err = v.try(ctx, settings[i])
			finished <- strings.Join(out[i].Turned, ", ")
			return err
		})
	}
	err := g.Wait()
	close(finished)
	<-told
	return out, err
}

// try runs one setting of the knobs on every seed.
func (v *Evade) try(ctx context.Context, setting []int) (Evasion, error) {
	spec := v.Spec
	o := spec.Operators[0]
	var e Evasion
	for k, p := range setting {
		t := turns()[k][p]
		t.set(&o)
		if p > 0 {
			e.Turned = append(e.Turned, t.knob+": "+t.name)
		}
	}
	spec.Operators = []sim.Operator{o}
	record := v.recorder(spec)
	work, haul, kept, caught, guilty := 0, 0, 0.0, 0, 0
	for _, seed := range v.Seeds {
		tape, rows, err := record(ctx, seed)
		if err != nil {
			return e, err
		}
		err = v.Detector.Method.Detect(tape, func(_ string, found []Report) {
			s := newTruth(tape, rows).score(found)
			caught, guilty, e.Benign = caught+s.caught, guilty+s.guilty, e.Benign+s.BenignFlagged
			for i := range s.Operators {
				haul += s.Operators[i].haul
				kept += s.Operators[i].HaulLeaked * float64(s.Operators[i].haul)
			}
		})
		if err != nil {
			return e, err
		}
		for i := range rows {
			work += rows[i].Extraction
		}
	}
	n := float64(len(v.Seeds))
	e.Recall, e.Lost = ratio(caught, guilty), kept/max(1, float64(haul))
	e.Haul = kept / n * ratio(work, haul)
	e.Cost = assumed().of(&o, float64(guilty)/n, float64(haul)/n, kept/n, float64(spec.Days)/30)
	e.Price = -1
	if e.Haul >= 1 {
		e.Price = 1000 * e.Cost / e.Haul
	}
	return e, nil
}

// of is the cost of one campaign of so many heads and exchanges over so many
// months, of which the operator paid for those until detection.
func (p prices) of(o *sim.Operator, heads, haul, paid, months float64) float64 {
	cost := heads*p.account + paid*p.request*(1-o.Relay) // resold requests are paid for by their users
	if o.SignUp == "aged" {
		cost += heads * (p.aged - p.account)
	}
	switch o.Payment {
	case "shared":
		cost += heads / float64(max(1, o.CardHeads)) * p.card
	case "own":
		cost += heads * p.card
	case "company":
		cost += max(1, heads/6) * p.company
	}
	switch o.Network {
	case "block":
		cost += p.block * months
	case "hosting":
		cost += heads * p.hosting * months
	case "rotating":
		cost += haul / 1000 * p.rotating
	case "sticky":
		cost += heads * p.sticky * months
	}
	switch o.Frame {
	case "template":
		cost += p.template
	case "variants":
		cost += 6 * p.template
	case "own":
		cost += heads * p.wording
	}
	if o.Client != "sdk" {
		cost += p.forge
	}
	if o.Dispatcher == "human" {
		cost += p.human
	}
	if o.Cover > 0 {
		cost += p.cover
	}
	return cost
}

// WriteMarkdown writes the frontier as tables, what still works first and
// cheapest first.
func (f *Frontier) WriteMarkdown(w io.Writer) error {
	var s strings.Builder
	p := assumed()
	fmt.Fprintf(&s, "## The evasion frontier\n\nSeeds %s. An evasion works when the operator keeps at least half of the exchanges he would get. Haul is the exchanges of the work itself before each account was flagged, cover and resale apart.\n\n", list(f.Seeds))
	fmt.Fprintf(&s, "Assumed, in US dollars: account %g, aged %g; card %g; company %g; block %g and hosting exit %g a month; rotating homes %g per 1,000 requests; home line %g a month; template %g; wording of its own %g; forged client %g; people's hours %g; cover %g; request %g.\n\n",
		p.account, p.aged, p.card, p.company, p.block, p.hosting, p.rotating, p.sticky, p.template, p.wording, p.forge, p.human, p.cover, p.request)
	s.WriteString("### One knob at a time\n\n")
	single := slices.Clone(f.Single[1:])
	slices.SortStableFunc(single, func(x, y Evasion) int {
		return cmp.Or(cmp.Compare(order(x.works()), order(y.works())), cmp.Compare(x.price(), y.price()))
	})
	evasionTable(&s, append([]Evasion{f.Single[0]}, single...))
	s.WriteString("\n### Together: the knob that pays most is turned next\n\n")
	evasionTable(&s, f.Path)
	_, err := io.WriteString(w, s.String())
	return err
}

func order(works bool) int {
	if works {
		return 0
	}
	return 1
}

func evasionTable(s *strings.Builder, list []Evasion) {
	s.WriteString("| turned | recall | exchanges lost | haul | cost | per 1,000 | innocents flagged |\n|---|---|---|---|---|---|---|\n")
	for i := range list {
		e := &list[i]
		name := strings.Join(e.Turned, "; ")
		fmt.Fprintf(s, "| %s | %.3f | %s | %.0f | $%.0f | %s | %d |\n", cmp.Or(name, "nothing"), e.Recall, percent(e.Lost), e.Haul, e.Cost, only(e.Price >= 0, "$%.0f", e.Price), e.Benign)
	}
}
