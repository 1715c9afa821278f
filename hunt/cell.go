package hunt

import (
	"slices"

	"iolaus/exchange"
)

// An operator's accounts need not all speak alike: a variant of a template that no
// member of a finding uses yet is in no fingerprint. A cell is such a part of an
// operator: newcomers with wording that nobody else uses, of whom several take over
// what failed on the finding's members, or leave it to them. Wording holds the cell
// together and the queue ties it to the finding. These are two causes, but of the
// cell and not of each account; so its accounts are heirs.
const (
	witnesses = 2 // of a wording, at least: who uses it and hands over with the finding
	unseen    = 8 // times as many may use it who do not
	mainly    = 8 // of so many of a witness's exchanges at least one shows it: cover is no wording of a cell
)

// cells adds to a finding the accounts of its cells.
func (h *Hunter) cells(v *View, f *Finding) {
	if len(f.Members) < parents {
		return
	}
	tied := slices.DeleteFunc(h.handers(v, f), func(a uint32) bool { return !h.mayInherit(v, f, a) })
	if len(tied) < witnesses {
		return
	}
	shown := map[uint32]int{} // by account: pieces of wording of a cell
	for _, t := range h.cellWording(v, f, tied) {
		for _, e := range v.Trails[t].Carriers {
			if a := v.Edges[e].Account; h.mayInherit(v, f, a) && v.asksSo(e) {
				shown[a]++
			}
		}
	}
	var cell []uint32
	for a, n := range shown {
		if n >= pieces {
			cell = append(cell, a)
		}
	}
	if len(cell) == 0 {
		return
	}
	slices.Sort(cell)
	h.inherit(v, f, h.sameHand(v, f, cell, tied))
}

// handers lists the accounts outside the findings with which members hand items over.
func (h *Hunter) handers(v *View, f *Finding) []uint32 {
	var out []uint32
	for _, m := range f.Members {
		for _, a := range h.handed.links[m.Account] {
			if x := &v.Accounts[a]; h.home[a] < 0 && !x.spared() {
				out = append(out, a)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	slices.Sort(out)
	in := f.set()
	return slices.DeleteFunc(slices.Compact(out), func(a uint32) bool { return !h.handsOver(v, a, in) })
}

// cellWording lists the wording of cells: of each piece there are witnesses.
func (h *Hunter) cellWording(v *View, f *Finding, tied []uint32) []uint32 {
	if h.blind[exchange.Content] {
		return nil
	}
	seen := map[uint32]int{}
	for _, a := range tied {
		x := &v.Accounts[a]
		for i, t := range x.Left {
			o := v.Trails[t].Observable
			if o.Family() == exchange.Content && o.Kind() != exchange.Item && mainly*v.Edges[x.Carried[i]].Count >= x.Exchanges {
				seen[t]++
			}
		}
	}
	var out []uint32
	for t, n := range seen {
		if n >= witnesses && h.ofOneCell(v, f, t, n) {
			out = append(out, t)
		}
	}
	return out
}

// ofOneCell says whether a wording, of which there are so many witnesses, is hardly
// anybody's but a finding's and newcomers', and of not many more newcomers than
// there are witnesses. Nobody left it before the operator began, nor in the log's
// first days, when nobody can be told to be new, and no other finding leaves it.
func (h *Hunter) ofOneCell(v *View, f *Finding, trail uint32, witnesses int) bool {
	t := &v.Trails[trail]
	since := max(f.began-earlier, h.began+watched)
	newcomers, outside := 0, 0
	for _, e := range t.Carriers {
		a := v.Edges[e].Account
		switch {
		case h.home[a] == int32(f.ID) || v.Accounts[a].Banned != 0:
		case h.home[a] >= 0 || v.Edges[e].First < since:
			return false
		case h.mayInherit(v, f, a) && v.asksSo(e):
			newcomers++
		default:
			outside++
		}
	}
	return 6*outside <= len(t.Carriers) && newcomers <= unseen*witnesses
}

// sameHand leaves of a cell those whom the finding's hand moves: where hand-overs
// tell two hands in the two, only who hands over with the finding is its own.
func (h *Hunter) sameHand(v *View, f *Finding, cell, tied []uint32) []uint32 {
	groups := h.divide(v, append(f.accounts(), cell...))
	if len(groups) == 1 {
		return cell
	}
	members := func(g []uint32) (n int) {
		for _, a := range g {
			n += one(h.home[a] == int32(f.ID))
		}
		return n
	}
	own := slices.MaxFunc(groups, func(a, b []uint32) int { return members(a) - members(b) })
	return slices.DeleteFunc(cell, func(a uint32) bool {
		_, hands := slices.BinarySearch(tied, a)
		return !hands || !slices.Contains(own, a)
	})
}

// mayInherit says whether an account can be an heir: who is in a finding, who was
// there before the operator, who is allowed or passes on others' requests is none.
func (h *Hunter) mayInherit(v *View, f *Finding, a uint32) bool {
	x := &v.Accounts[a]
	return h.home[a] < 0 && x.First >= f.began && !x.spared()
}

// asksSo says whether a wording is how an account asks, not something that it asked, too.
func (v *View) asksSo(edge uint32) bool {
	e := &v.Edges[edge]
	return seldom*e.Count >= v.Accounts[e.Account].Exchanges
}
