package lockstep

import (
	"slices"
	"time"
)

// parts groups links that hang together, in the order of their first account.
func parts(links []link) [][]link {
	root := map[uint32]uint32{}
	var find func(a uint32) uint32
	find = func(a uint32) uint32 {
		r, ok := root[a]
		if !ok || r == a {
			root[a] = a
			return a
		}
		r = find(r)
		root[a] = r
		return r
	}
	for _, l := range links {
		a, b := find(uint32(l.pair>>32)), find(uint32(l.pair))
		root[max(a, b)] = min(a, b)
	}
	place := map[uint32]int{}
	var out [][]link
	for _, l := range links {
		r := find(uint32(l.pair))
		i, ok := place[r]
		if !ok {
			i = len(out)
			place[r] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], l)
	}
	return out
}

// describe says what can be seen of a network.
func describe(t *table, links []link) Network {
	n := Network{Links: len(links)}
	linked, inside := map[uint64]bool{}, map[uint32]bool{}
	var nats []float64
	var windows []time.Duration
	for _, l := range links {
		linked[l.pair] = true
		nats = append(nats, l.nats)
		windows = append(windows, l.window)
		for _, a := range [...]uint32{uint32(l.pair >> 32), uint32(l.pair)} {
			if !inside[a] {
				inside[a] = true
				n.Accounts = append(n.Accounts, a)
			}
		}
	}
	slices.Sort(n.Accounts)
	slices.Sort(nats)
	slices.Sort(windows)
	n.Surprise, n.Window = nats[len(nats)/2], windows[len(windows)/2]
	var lags []int64
	for o := range len(t.starts) - 1 {
		n.visit(t, o, inside, linked, &lags)
	}
	if len(lags) > 0 {
		slices.Sort(lags)
		n.Lag = time.Duration(lags[len(lags)/2]) * time.Second
	}
	return n
}

// visit adds what one object shows of the network.
func (n *Network) visit(t *table, o int, inside map[uint32]bool, linked map[uint64]bool, lags *[]int64) {
	var rows []Touch
	own := true
	for i := t.starts[o]; i < t.starts[o+1]; i++ {
		if inside[t.rows[i].Account] {
			rows = append(rows, t.rows[i])
		} else {
			own = false
		}
	}
	met := false
	first := 0
	for j := range rows {
		for rows[j].Time-rows[first].Time > int64(n.Window/time.Second) {
			first++
		}
		for i := max(first, j-crowded); i < j; i++ {
			if !linked[pairOf(rows[i].Account, rows[j].Account)] {
				continue
			}
			met = true
			*lags = append(*lags, rows[j].Time-rows[i].Time)
			if n.First == 0 || rows[i].Time < n.First {
				n.First = rows[i].Time
			}
			n.Last = max(n.Last, rows[j].Time)
		}
	}
	if met {
		n.Objects++
		if own {
			n.Own++
		}
	}
}
