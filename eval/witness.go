package eval

import "iolaus/sim"

// A witness is a tape with its truth.
type witness struct {
	tape   *Tape
	truth  *truth
	script []Script // per account: of most of its texts

	exchanges int
	mark      uint64
}

func newWitness(t *Tape, rows []sim.Truth) *witness {
	w := &witness{tape: t, truth: newTruth(t, rows), script: make([]Script, len(t.Accounts)), exchanges: len(t.Events)}
	count := make([][Scripts]uint32, len(t.Accounts))
	for i := range t.Events {
		e := &t.Events[i]
		w.mark = mix(w.mark ^ uint64(e.At) ^ uint64(e.Account)<<40 ^ e.View.Prompt ^ e.View.Address ^ e.View.Client<<1)
		count[e.Account][e.View.Script]++
	}
	for a := range count {
		best := Unwritten
		for s := Latin; s < Scripts; s++ {
			if count[a][s] > count[a][best] || best == Unwritten && count[a][s] > 0 {
				best = s
			}
		}
		w.script[a] = best
	}
	return w
}

// groups names the parts of the population that an account belongs to.
func (w *witness) groups(a uint32) []groupKey {
	row, acc := &w.truth.rows[a], &w.tape.Accounts[a]
	g := []groupKey{{"crowd", row.Archetype}, {"script", w.script[a].String()}}
	named := func(by, name string) {
		if name != "" {
			g = append(g, groupKey{by, name})
		}
	}
	named("card country", acc.BINCountry)
	named("billing country", acc.BillCountry)
	named("language", row.Language)
	return g
}
