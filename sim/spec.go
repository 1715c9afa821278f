package sim

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"iolaus/route/document"
)

// A Spec describes a world. Equal specs and texts give equal worlds, byte for byte.
type Spec struct {
	Name      string         `yaml:"name"`
	Seed      uint64         `yaml:"seed"`
	Start     time.Time      `yaml:"start"`     // default 2026-08-03T00:00:00Z
	Days      int            `yaml:"days"`      // default 21
	Scale     float64        `yaml:"scale"`     // multiplies all counts of accounts; default 1
	Crowds    map[string]int `yaml:"crowds"`    // accounts per innocent crowd; default: Crowds()
	Operators []Operator     `yaml:"operators"` // none: an innocent world
	Models    []Model        `yaml:"models"`    // what can be asked for; default: three models and a release on day 9
}

// A Model can be asked for from its release on.
type Model struct {
	Name string  `yaml:"name"`
	Tier string  `yaml:"tier"` // base, mini or max
	Day  float64 `yaml:"day"`  // of release; 0 or less is before the start
}

// An Operator runs a campaign: accounts (heads) that send one list of work. Every
// knob has a plain default, so that a spec names only what is special.
type Operator struct {
	Name       string   `yaml:"name"`
	Heads      int      `yaml:"heads"`      // accounts at once; default 40
	PerDay     float64  `yaml:"per_day"`    // requests a day and head, cover and relay included; default 40
	Start      float64  `yaml:"start"`      // day of the first work; default 2
	Days       float64  `yaml:"for_days"`   // default: to the end
	Probe      float64  `yaml:"probe"`      // days in which a tenth of the heads try it out
	Targets    []string `yaml:"targets"`    // of tools, coding, reasoning, grading, generation; default reasoning and coding
	Language   string   `yaml:"language"`   // of the wrapper; default: drawn like anybody's
	Frame      string   `yaml:"frame"`      // template (default), variants, own or bare
	Variants   int      `yaml:"variants"`   // of the template; default 6
	Kit        string   `yaml:"kit"`        // templates bought under this name, not written
	List       string   `yaml:"list"`       // private (default) or public
	Overlap    float64  `yaml:"overlap"`    // share of items that a second head asks too
	Samples    int      `yaml:"samples"`    // answers taken per item; default 1
	Spread     bool     `yaml:"spread"`     // ... each from another head
	Failover   float64  `yaml:"failover"`   // share of failed requests repeated on another head
	FailAfter  float64  `yaml:"fail_after"` // ... after so many seconds (median); default 4
	Network    string   `yaml:"network"`    // block (one /24), hosting, rotating (default) or sticky
	Pool       string   `yaml:"pool"`       // proxy pool's name; equal names share it; default: street, which some innocents rent too
	Payment    string   `yaml:"payment"`    // shared, own (default), none or company
	CardHeads  int      `yaml:"card_heads"` // heads per shared card; default 6
	Mail       string   `yaml:"mail"`       // pattern, disposable, free (default) or company
	SignUp     string   `yaml:"sign_up"`    // burst, staggered (default) or aged
	Client     string   `yaml:"client"`     // sdk, forged or population (default)
	Dispatcher string   `yaml:"dispatcher"` // central, shifts (default: a central queue, heads in shifts) or human
	Cover      float64  `yaml:"cover"`      // share of requests that are other people's kind of traffic
	CoverKind  string   `yaml:"cover_kind"` // chat (default), coding, harness or mixed
	Relay      float64  `yaml:"relay"`      // share of requests that are resold to real end users
	NoPivot    bool     `yaml:"no_pivot"`   // does not move to a new model on its release
	Bans       float64  `yaml:"bans"`       // bans per head and week
	Regrow     float64  `yaml:"regrow"`     // hours until a successor works; 0: none
	Copies     string   `yaml:"copies"`     // frames and clients of one firm or tool of a crowd: saas, plugin, recipe, enterprise or enterprise_dark
	Carry      float64  `yaml:"carry"`      // share of handed-over agent runs that present the first head's reasoning signature
	Companies  int      `yaml:"companies"`  // shell companies, for mail and payment; default one per six heads
}

// ReadSpec reads a spec as YAML or JSON; unknown fields are errors.
func ReadSpec(r io.Reader) (Spec, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return Spec{}, fmt.Errorf("cannot read spec: %w", err)
	}
	var s Spec
	if err := document.Strict(raw, &s); err != nil {
		return Spec{}, fmt.Errorf("cannot read spec: %w", err)
	}
	return s, s.withDefaults().validate()
}

// defaultStart is the day on which worlds begin: a Monday.
func defaultStart() time.Time { return time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC) }

func (s Spec) withDefaults() Spec {
	if s.Start.IsZero() {
		s.Start = defaultStart()
	}
	if s.Days == 0 {
		s.Days = 21
	}
	if s.Scale == 0 {
		s.Scale = 1
	}
	if s.Crowds == nil {
		s.Crowds = Crowds()
	}
	if s.Models == nil {
		s.Models = []Model{{"cedar-3", "base", 0}, {"cedar-3-mini", "mini", 0}, {"cedar-3-max", "max", 0}, {"cedar-4", "base", 9}}
	}
	s.Operators = slices.Clone(s.Operators)
	for i := range s.Operators {
		s.Operators[i] = s.Operators[i].withDefaults(i, s)
	}
	return s
}

func (o Operator) withDefaults(i int, s Spec) Operator {
	text, number, count := unset[string], unset[float64], unset[int]
	text(&o.Name, fmt.Sprintf("operator-%d", i+1))
	text(&o.Frame, "template")
	text(&o.List, "private")
	text(&o.Network, "rotating")
	text(&o.Pool, street)
	text(&o.Payment, "own")
	text(&o.Mail, "free")
	text(&o.SignUp, "staggered")
	text(&o.Client, "population")
	text(&o.Dispatcher, "shifts")
	text(&o.CoverKind, "chat")
	number(&o.PerDay, 40)
	number(&o.Start, 2)
	number(&o.Days, float64(s.Days))
	number(&o.FailAfter, 4)
	count(&o.Heads, 40)
	count(&o.Variants, 6)
	count(&o.Samples, 1)
	count(&o.CardHeads, 6)
	if s.Scale != 1 {
		o.Heads = max(min(o.Heads, 12), int(math.Round(float64(o.Heads)*s.Scale)))
	}
	count(&o.Companies, max(1, o.Heads/6))
	if len(o.Targets) == 0 {
		o.Targets = []string{"reasoning", "coding"}
	}
	return o
}

// unset gives a field its default.
func unset[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

func (s Spec) validate() error {
	if s.Days < 1 || s.Days > 400 || s.Scale <= 0 {
		return fmt.Errorf("cannot make world %q: days must be 1 to 400 and scale above 0", s.Name)
	}
	for name, n := range s.Crowds {
		if n < 0 || !slices.ContainsFunc(crowds[:], func(c crowd) bool { return c.name == name }) {
			return fmt.Errorf("cannot make world %q: crowds: %q with %d accounts; crowds are %v", s.Name, name, n, crowdNames())
		}
	}
	for _, m := range s.Models {
		if m.Name == "" || tierOf(m.Tier) < 0 {
			return fmt.Errorf("cannot make world %q: model %q: tier %q is not base, mini or max", s.Name, m.Name, m.Tier)
		}
	}
	if !slices.ContainsFunc(s.Models, func(m Model) bool { return m.Day <= 0 && m.Tier == "base" }) {
		return fmt.Errorf("cannot make world %q: no base model is out before the start", s.Name)
	}
	for _, o := range s.Operators {
		if err := o.validate(s); err != nil {
			return fmt.Errorf("cannot make world %q: operator %q: %w", s.Name, o.Name, err)
		}
	}
	return nil
}

func (o Operator) validate(s Spec) error {
	for _, f := range []struct {
		field, value string
		allowed      []string
	}{
		{"frame", o.Frame, []string{"template", "variants", "own", "bare"}},
		{"list", o.List, []string{"private", "public"}},
		{"network", o.Network, []string{"block", "hosting", "rotating", "sticky"}},
		{"payment", o.Payment, []string{"shared", "own", "none", "company"}},
		{"mail", o.Mail, []string{"pattern", "disposable", "free", "company"}},
		{"sign_up", o.SignUp, []string{"burst", "staggered", "aged"}},
		{"client", o.Client, []string{"sdk", "forged", "population"}},
		{"dispatcher", o.Dispatcher, []string{"central", "shifts", "human"}},
		{"cover_kind", o.CoverKind, []string{"chat", "coding", "harness", "mixed"}},
		{"copies", o.Copies, []string{"", "saas", "plugin", "recipe", "enterprise", "enterprise_dark"}},
	} {
		if !slices.Contains(f.allowed, f.value) {
			return fmt.Errorf("%s: %q is none of %q", f.field, f.value, f.allowed)
		}
	}
	for _, t := range o.Targets {
		if _, ok := targets[t]; !ok {
			return fmt.Errorf("targets: %q is none of tools, coding, reasoning, grading, generation", t)
		}
	}
	if o.Cover < 0 || o.Relay < 0 || o.Cover+o.Relay >= 1 {
		return errors.New("cover and relay must leave room for work: their sum below 1")
	}
	if o.Start >= float64(s.Days) {
		return fmt.Errorf("start: day %g is after the last day", o.Start)
	}
	return nil
}

// tierOf is the tier's index, or -1.
func tierOf(name string) int { return slices.Index([]string{"base", "mini", "max"}, name) }
