package hunt

import (
	"slices"

	"iolaus/exchange"
)

// holds says whether a kind of trail shows a common hand: what is said in common
// may be fashion, what is paid, routed and handed over in common is not.
func holds(k exchange.Kind) bool {
	switch k {
	case exchange.Payment, exchange.Address, exchange.Network, exchange.Failover, exchange.Succession, exchange.Signed:
		return true
	}
	return false
}

// hang parts accounts into those that hang together by trails of a common hand,
// among the given weights, largest part first. A class and an operator that use
// the same words are two parts, and each is judged for itself.
func (h *Hunter) hang(v *View, ws []Weight, accounts []uint32) [][]uint32 {
	place := make(map[uint32]int, len(accounts))
	root := make([]int, len(accounts))
	for i, a := range accounts {
		place[a], root[i] = i, i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, w := range ws {
		t := &v.Trails[w.Trail]
		if w.Nats <= 0 || !holds(t.Observable.Kind()) {
			continue
		}
		first := -1
		for _, e := range t.Carriers {
			i, ok := place[v.Edges[e].Account]
			switch {
			case !ok:
			case first < 0:
				first = i
			default:
				root[find(i)] = find(first)
			}
		}
	}
	parts := map[int][]uint32{}
	for i, a := range accounts {
		parts[find(i)] = append(parts[find(i)], a)
	}
	out := make([][]uint32, 0, len(parts))
	for _, p := range parts {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b []uint32) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return slices.Compare(a, b)
	})
	return out
}

// hands counts the owners of a set, a couple as one: two who hand over to each
// other and to nobody else are a developer with two keys until more is known.
func (h *Hunter) hands(v *View, accounts []uint32) int {
	partner := make([]int, len(accounts)) // 0 none, -1 several, else 1 + the place of the only one
	note := func(i, j int) {
		switch partner[i] {
		case 0:
			partner[i] = 1 + j
		case 1 + j:
		default:
			partner[i] = -1
		}
	}
	for _, t := range h.ties(v, accounts) {
		if t.handed {
			note(t.a, t.b)
			note(t.b, t.a)
		}
	}
	couples := 0
	for i, p := range partner {
		if p > i+1 && partner[p-1] == 1+i && v.Accounts[accounts[i]].Owner != v.Accounts[accounts[p-1]].Owner {
			couples++
		}
	}
	return h.owners(v, accounts) - couples
}
