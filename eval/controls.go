package eval

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A control decides which exchanges are refused. Worlds are replayed as they
// are: an operator who would answer a control by changing his ways is a knob of
// the frontier, not of this table.
type control struct {
	name, about string
	refuse      func(s *scene) []bool // per event
}

// scene is one world on which controls are tried.
type scene struct {
	*witness
	found []Report // ours
}

// controls are tried alone and together, in the order of the table.
func controls() []control {
	limit := func(n int, by func(*Event) uint64) func(*scene) []bool {
		return func(s *scene) []bool { return s.beyond(n, by) }
	}
	account := func(e *Event) uint64 { return uint64(e.Account) + 1 }
	address := func(e *Event) uint64 { return e.View.Address }
	list := []control{
		{"account limit 200", "at most 200 requests per account and day", limit(200, account)},
		{"account limit 50", "at most 50 requests per account and day", limit(50, account)},
		{"address limit", "at most 500 requests per address and day", limit(500, address)},
		{"region block", "nobody whose card is from the country that most heads' cards are from, chosen in hindsight", (*scene).region},
		{"card at sign-up", "nobody without a card on file, firms under contract apart", (*scene).cardless},
		{"weekly ban wave", "once a week, the accounts that iolaus has found by then", (*scene).wave},
		{"recognition", "every account from the moment at which iolaus finds it", (*scene).recognised},
	}
	pick := func(names ...string) func(*scene) []bool {
		return func(s *scene) []bool {
			out := make([]bool, len(s.tape.Events))
			for _, c := range list {
				if slices.Contains(names, c.name) {
					for i, no := range c.refuse(s) {
						out[i] = out[i] || no
					}
				}
			}
			return out
		}
	}
	return append(list,
		control{"limits and card", "account limit 50, address limit and a card at sign-up", pick("account limit 50", "address limit", "card at sign-up")},
		control{"limits and recognition", "account limit 200 and recognition", pick("account limit 200", "recognition")},
		control{"all", "all of the above but the region block", pick("account limit 50", "address limit", "card at sign-up", "weekly ban wave", "recognition")},
	)
}

// beyond refuses what goes beyond n of one kind in a day.
func (s *scene) beyond(n int, by func(*Event) uint64) []bool {
	out := make([]bool, len(s.tape.Events))
	count := map[uint64]int{}
	day := int64(-1)
	for i := range s.tape.Events {
		e := &s.tape.Events[i]
		if d := e.At / int64(24*time.Hour); d != day {
			day = d
			clear(count)
		}
		k := by(e)
		count[k]++
		out[i] = k != 0 && count[k] > n
	}
	return out
}

// accounts refuses everything that some accounts send from some time on.
func (s *scene) accounts(from func(a uint32) (int64, bool)) []bool {
	out := make([]bool, len(s.tape.Events))
	since := make([]int64, len(s.tape.Accounts))
	for a := range since {
		since[a] = 1<<63 - 1
		if at, ok := from(uint32(a)); ok {
			since[a] = at
		}
	}
	for i := range s.tape.Events {
		out[i] = s.tape.Events[i].At >= since[s.tape.Events[i].Account]
	}
	return out
}

func (s *scene) region() []bool {
	count := map[string]int{}
	top := ""
	for _, a := range s.truth.listed {
		if c := s.tape.Accounts[a].BINCountry; s.truth.guilty(a) && c != "" {
			if count[c]++; count[c] > count[top] || count[c] == count[top] && c < top {
				top = c
			}
		}
	}
	return s.accounts(func(a uint32) (int64, bool) { return 0, top != "" && s.tape.Accounts[a].BINCountry == top })
}

func (s *scene) cardless() []bool {
	return s.accounts(func(a uint32) (int64, bool) {
		acc := &s.tape.Accounts[a]
		return 0, acc.Payment == "" && acc.Org == "" && s.tape.Owners[a] == a
	})
}

func (s *scene) recognised() []bool {
	flags := s.truth.score(s.found).flags
	return s.accounts(func(a uint32) (int64, bool) {
		at, ok := flags[a]
		return int64(at * 1e9), ok
	})
}

func (s *scene) wave() []bool {
	const week = int64(7 * 24 * time.Hour)
	flags := s.truth.score(s.found).flags
	start := int64(0)
	if len(s.tape.Events) > 0 {
		start = s.tape.Events[0].At
	}
	return s.accounts(func(a uint32) (int64, bool) {
		at, ok := flags[a]
		weeks := (int64(at*1e9)-start)/week + 1
		return start + weeks*week, ok
	})
}

// A Denial is what one control does in one world.
type Denial struct {
	World   string `json:"world"`
	Control string `json:"control"`
	About   string `json:"about"`

	Haul    int     `json:"haul"` // the operators' exchanges that would succeed
	Denied  float64 `json:"haul_denied"`
	Dearer  float64 `json:"accounts_needed"` // heads for the same haul, times what it is without the control; -1 when all is denied
	Benign  int     `json:"benign"`          // innocent accounts with an exchange
	Touched int     `json:"benign_touched"`  // ... that were refused at least once
	Lost    float64 `json:"benign_refused"`  // share of innocent exchanges refused
}

// Controls tries each control on every world at the reported seeds; the first
// contender is who finds.
func (b *Bout) Controls(ctx context.Context) ([]Denial, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	list := controls()
	var out []Denial
	done := 0
	for w := range b.Worlds {
		sums := make([]denied, len(list))
		for _, seed := range b.Seeds {
			s, err := b.scene(ctx, &b.Worlds[w], seed)
			if err != nil {
				return nil, err
			}
			for i := range list {
				sums[i].add(s, list[i].refuse(s))
			}
			if done++; b.Progress != nil {
				b.Progress(done, len(b.Worlds)*len(b.Seeds), fmt.Sprintf("%s, seed %d", b.Worlds[w].Name, seed))
			}
		}
		for i := range list {
			out = append(out, sums[i].close(b.Worlds[w].Name, &list[i]))
		}
	}
	return out, nil
}

func (b *Bout) scene(ctx context.Context, w *World, seed uint64) (*scene, error) {
	tape, rows, err := w.Record(ctx, seed)
	if err != nil {
		return nil, err
	}
	s := &scene{witness: newWitness(tape, rows)}
	err = b.Contenders[0].Method.Detect(tape, func(_ string, found []Report) { s.found = found })
	return s, err
}

// denied adds up one control.
type denied struct {
	haul, stopped, benign, touched, sent, refused int
}

func (d *denied) add(s *scene, refuse []bool) {
	met := map[uint32]bool{}
	for i, no := range refuse {
		e := &s.tape.Events[i]
		if s.truth.rows[e.Account].Account == "" {
			continue
		}
		if s.truth.guilty(e.Account) {
			if !e.failed {
				d.haul++
				if no {
					d.stopped++
				}
			}
			continue
		}
		d.sent++
		if no {
			d.refused++
		}
		met[e.Account] = met[e.Account] || no
	}
	d.benign += len(met)
	for _, hit := range met {
		if hit {
			d.touched++
		}
	}
}

func (d *denied) close(world string, c *control) Denial {
	x := Denial{World: world, Control: c.name, About: c.about, Haul: d.haul, Denied: ratio(d.stopped, d.haul), Benign: d.benign, Touched: d.touched, Lost: ratio(d.refused, d.sent), Dearer: -1}
	if d.stopped < d.haul {
		x.Dearer = float64(d.haul) / float64(d.haul-d.stopped)
	} else if d.haul == 0 {
		x.Dearer = 1
	}
	return x
}

// WriteControls writes what controls do, as tables: one over all worlds, then
// the haul denied in each.
func WriteControls(w io.Writer, list []Denial) error {
	var s strings.Builder
	var names, worlds []string
	for _, d := range list {
		if !slices.Contains(names, d.Control) {
			names = append(names, d.Control)
		}
		if !slices.Contains(worlds, d.World) {
			worlds = append(worlds, d.World)
		}
	}
	s.WriteString("## Does any control stop it?\n\nThe worlds are replayed as they are. The haul is what the operators would get; innocents touched were refused at least once.\n\n")
	s.WriteString("| control | |")
	for _, n := range worlds {
		fmt.Fprintf(&s, " %s |", n)
	}
	s.WriteString(" innocents touched | their exchanges refused |\n|---|---|")
	s.WriteString(strings.Repeat("---|", len(worlds)+2) + "\n")
	for _, c := range names {
		benign, touched, lost, n := 0, 0, 0.0, 0.0
		row := ""
		for _, d := range list {
			if d.Control != c {
				continue
			}
			benign, touched = benign+d.Benign, touched+d.Touched
			lost, n = lost+d.Lost, n+1
			row += " " + only(d.Haul > 0, "%s, %s", percent(d.Denied), dearer(d.Dearer)) + " |"
			row = strings.Replace(row, "| |", "|", 1)
		}
		i := slices.IndexFunc(list, func(d Denial) bool { return d.Control == c })
		fmt.Fprintf(&s, "| %s | %s |%s %d of %d | %.2f %% |\n", c, list[i].About, row, touched, benign, 100*lost/cmp.Or(n, 1))
	}
	s.WriteString("\nIn each world: the share of the haul denied, and how many times the accounts an operator needs for the same haul.\n")
	_, err := io.WriteString(w, s.String())
	return err
}

func dearer(x float64) string {
	if x < 0 {
		return "∞"
	}
	return fmt.Sprintf("×%.2f", x)
}
