package sim

import (
	"fmt"
	"strings"
)

// builtIn are the worlds that have a name, easiest first.
var builtIn = [...]struct {
	name, about string
	spec        func() Spec
}{
	{"demo", "small: about 630 accounts over 6 days, one operator behind a proxy", demo},
	{"naive", "one template, one /24, shared cards, sign-ups in a burst, one client", naive},
	{"proxied", "residential rotation, six variants of the template, forged clients", proxied},
	{"wording", "every account its own wording, its own card, clients as anybody's", wording},
	{"regrowth", "heads are banned every few days and replaced within hours", regrowth},
	{"twins", "two operators on one proxy pool with one bought template", twins},
	{"relay", "60 % resold to real end users, behind shell companies", relay},
	{"bare", "bare instructions, home lines, human hours, half cover", bare},
	{"slow", "2 to 6 requests per account and day, 80 % of them cover and harness replays", slow},
	{"framing", "an operator copies an innocent company's frames and clients", framing},
	{"innocent", "no operator; every crowd that looks suspicious is enlarged", innocent},
}

// Names lists the built-in worlds, easiest first.
func Names() []string {
	var names []string
	for _, w := range builtIn {
		names = append(names, w.name)
	}
	return names
}

// About says in a line what is special about a built-in world; "" when there is none of that name.
func About(name string) string {
	for _, w := range builtIn {
		if w.name == name {
			return w.about
		}
	}
	return ""
}

// Named returns a built-in world's spec with seed 1. "quick-" before a name is the same
// world at a tenth of its size over 10 days, for checks that must be fast.
func Named(name string) (Spec, error) {
	plain, quick := strings.CutPrefix(name, "quick-")
	for _, w := range builtIn {
		if w.name != plain {
			continue
		}
		s := w.spec()
		s.Name, s.Seed = name, 1
		if quick {
			s.Scale, s.Days = .1, 10
			for i := range s.Operators {
				s.Operators[i].Start = min(s.Operators[i].Start, 2)
			}
		}
		return s, nil
	}
	return Spec{}, fmt.Errorf("cannot find world %q: built in are %s, and each with quick- before it", name, strings.Join(Names(), ", "))
}

func demo() Spec {
	s := Spec{Days: 6, Scale: .06, Models: []Model{{"cedar-3", "base", 0}, {"cedar-3-mini", "mini", 0}, {"cedar-4", "base", 3}}}
	s.Operators = []Operator{{
		Name: "lerna", Heads: 12, PerDay: 60, Start: 1, Targets: []string{"reasoning", "tools"}, Frame: "variants", Variants: 3,
		Failover: .9, Network: "rotating", Payment: "shared", CardHeads: 2, Client: "forged", SignUp: "burst",
	}}
	return s
}

func naive() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 60, PerDay: 36, Start: 3, Probe: 1, Targets: []string{"reasoning", "coding"}, Failover: .8, Samples: 2,
		Network: "block", Payment: "shared", Mail: "pattern", SignUp: "burst", Client: "sdk", Dispatcher: "central",
	}}}
}

func proxied() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 110, PerDay: 26, Start: 3, Probe: 1.5, Targets: []string{"reasoning", "coding", "tools"}, Frame: "variants", Carry: .3,
		Failover: .7, Network: "rotating", Client: "forged", Payment: "shared", CardHeads: 3, Bans: .2, Regrow: 12,
	}}}
}

func wording() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 110, PerDay: 22, Start: 3, Probe: 1, Targets: []string{"reasoning", "grading", "coding"}, Frame: "own", Overlap: .08,
		Failover: .8, Network: "rotating", SignUp: "aged", Cover: .1,
	}}}
}

func regrowth() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 70, PerDay: 28, Start: 2, Targets: []string{"tools", "reasoning"}, Frame: "variants", Failover: .7, Carry: .5,
		Network: "rotating", Bans: 1.1, Regrow: 5, Client: "forged", Mail: "disposable",
	}}}
}

func twins() Spec {
	o := Operator{Heads: 70, PerDay: 25, Frame: "variants", Variants: 4, Kit: "harvester", Network: "rotating", Failover: .7, Payment: "shared", CardHeads: 4}
	x, y := o, o
	x.Name, x.Start, x.Targets = "lerna", 2, []string{"reasoning", "coding"}
	y.Name, y.Start, y.Targets, y.SignUp = "cerberus", 5, []string{"grading", "generation"}, "aged"
	y.Samples, y.Spread = 2, true
	return Spec{Operators: []Operator{x, y}}
}

func relay() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 90, PerDay: 30, Start: 3, Targets: []string{"reasoning", "coding"}, Frame: "variants", Failover: .8, Relay: .6,
		Network: "hosting", Mail: "company", Payment: "company", CardHeads: 18, SignUp: "staggered", Client: "population",
	}}}
}

func bare() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 140, PerDay: 12, Start: 3, Probe: 1, Targets: []string{"reasoning", "coding"}, Frame: "bare", Overlap: .05,
		Failover: .5, FailAfter: 20, Network: "sticky", Dispatcher: "human", SignUp: "aged", Cover: .5, CoverKind: "mixed",
	}}}
}

func slow() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 420, PerDay: 4, Start: 1, Targets: []string{"reasoning", "generation"}, Frame: "own", Overlap: .05,
		Failover: .5, FailAfter: 30, Network: "sticky", Dispatcher: "human", SignUp: "aged", Cover: .8, CoverKind: "mixed",
	}}}
}

func framing() Spec {
	return Spec{Operators: []Operator{{
		Name: "lerna", Heads: 80, PerDay: 22, Start: 4, Targets: []string{"reasoning", "grading"}, Copies: "enterprise_dark", Cover: .12,
		Failover: .7, Network: "rotating", Payment: "shared", CardHeads: 5,
	}}}
}

func innocent() Spec {
	return Spec{Crowds: enlarged(map[string]float64{
		"hobby": .7, "coder": .8, "vpn": 2, "family": 2, "launch": 2, "viral": 2.5, "bot": 1.2, "etl": 1.5, "saas": 1.5, "plugin": 2.5, "evalrun": 2.5,
		"recipe": 3, "agentloop": 1.5, "agentbulk": 2.5, "reseller": 3, "agency": 2, "enterprise": 1.8, "enterprise_dark": 2.5, "class": 2.2, "returner": 3,
	})}
}
