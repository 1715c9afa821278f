package eval

import (
	"cmp"
	"context"
	"fmt"

	"iolaus/exchange"
	"iolaus/sim"
)

// names are the worlds of the scoreboard, easiest first.
var names = [...]string{"naive", "proxied", "wording", "regrowth", "twins", "framing", "relay", "bare", "slow", "innocent"}

// Simulated says how simulated worlds are made.
type Simulated struct {
	Texts    *sim.Texts
	Observer func() Observer // makes one; each goroutine has its own
	SignUp   SignUp
	Scale    float64 // multiplies the numbers of accounts of the full worlds; default 1
}

// Quick returns the small worlds, a fifth of the size over 10 days: twice what sim
// calls quick, so that operators have more than a dozen heads.
func (s Simulated) Quick() ([]World, error) {
	s.Scale = 2 * cmp.Or(s.Scale, 1)
	return s.worlds("quick-")
}

// Full returns the worlds at their size, 21 days long.
func (s Simulated) Full() ([]World, error) { return s.worlds("") }

func (s Simulated) worlds(prefix string) ([]World, error) {
	var out []World
	for _, n := range names {
		spec, err := sim.Named(prefix + n)
		if err != nil {
			return nil, err
		}
		if s.Scale > 0 {
			spec.Scale = cmp.Or(spec.Scale, 1) * s.Scale
		}
		out = append(out, World{Name: n, About: sim.About(n), Study: n == "bare" || n == "slow", Record: s.recorder(spec)})
	}
	return out, nil
}

// recorder plays a world of a spec onto a tape.
func (s Simulated) recorder(spec sim.Spec) func(context.Context, uint64) (*Tape, []sim.Truth, error) {
	return func(ctx context.Context, seed uint64) (*Tape, []sim.Truth, error) {
		spec := spec
		spec.Seed = seed
		w, err := sim.New(spec, s.Texts)
		if err != nil {
			return nil, nil, err
		}
		t := NewTape(spec.Name, seed, w.Accounts, s.SignUp)
		t.Events = make([]Event, 0, w.Len())
		r := Reader{Observer: s.Observer()}
		var k Taken
		n := 0
		err = w.Each(func(x *exchange.Exchange) error {
			if n++; n%4096 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			r.Read(x, &k)
			t.Add(&k)
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("cannot record %s, seed %d: %w", spec.Name, seed, err)
		}
		return t, w.Truth, nil
	}
}
