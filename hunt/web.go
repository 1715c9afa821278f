package hunt

import (
	"slices"

	"iolaus/exchange"
)

// A web links accounts two by two where a single trail is too small to propose a
// set from: an item handed over joins two heads, a rotating proxy pool joins two
// heads again and again. Sets are proposed from what hangs together.
type web struct {
	formed exchange.Family
	links  [][]uint32        // per account
	seen   map[uint64]uint16 // pairs of accounts -> shared trails, until they are linked
	need   uint16            // shared trails that make a link
	widest int               // carriers of a trail up to which it is taken apart into pairs
	done   []uint32          // per trail: carriers taken apart so far
	fresh  []uint32          // accounts with new links
}

const (
	maxPairs = 1 << 22
	maxWeb   = 600 // accounts of a proposed set; larger ones are found from within
	maxLinks = 64  // per account
)

// spin takes apart what grew.
func (w *web) spin(v *View, links func(*Trail) bool) {
	for len(w.links) < len(v.Accounts) {
		w.links = append(w.links, nil)
	}
	for len(w.done) < len(v.Trails) {
		w.done = append(w.done, 0)
	}
	w.fresh = w.fresh[:0]
	for _, t := range v.Grown {
		tr := &v.Trails[t]
		if len(tr.Carriers) > w.widest || !links(tr) {
			continue
		}
		for i := int(w.done[t]); i < len(tr.Carriers); i++ {
			for j := range i {
				w.pair(v, v.Edges[tr.Carriers[i]].Account, v.Edges[tr.Carriers[j]].Account)
			}
		}
		w.done[t] = uint32(len(tr.Carriers))
	}
}

func (w *web) pair(v *View, a, b uint32) {
	if v.Accounts[a].Owner == v.Accounts[b].Owner {
		return
	}
	a, b = min(a, b), max(a, b)
	key := uint64(a)<<32 | uint64(b)
	if w.seen == nil || len(w.seen) > maxPairs {
		w.seen = map[uint64]uint16{}
	}
	w.seen[key]++
	if w.seen[key] != w.need {
		return
	}
	for _, p := range [...][2]uint32{{a, b}, {b, a}} {
		if len(w.links[p[0]]) < maxLinks {
			w.links[p[0]] = append(w.links[p[0]], p[1])
			w.fresh = append(w.fresh, p[0])
		}
	}
}

// sets returns what hangs together around the accounts with new links.
func (w *web) sets() [][]uint32 {
	slices.Sort(w.fresh)
	visited := map[uint32]bool{}
	var out [][]uint32
	for _, a := range slices.Compact(w.fresh) {
		if visited[a] {
			continue
		}
		visited[a] = true
		set := []uint32{a}
		for i := 0; i < len(set) && len(set) < maxWeb; i++ {
			for _, b := range w.links[set[i]] {
				if !visited[b] {
					visited[b] = true
					set = append(set, b)
				}
			}
		}
		slices.Sort(set)
		out = append(out, set)
	}
	return out
}
