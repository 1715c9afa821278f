package ledger

import "iolaus/exchange"

// people resolves accounts to owners before anything is linked: an honest firm
// with sixty accounts is one owner and cannot coincide with itself.
//
// A contract or a company's mail domain makes one owner of any number of
// accounts. A card makes one owner of the first few private accounts on it, as
// in a family; accounts beyond the household, and accounts that belong to
// different firms, stay apart, so that one payer behind many is a finding.
type people struct {
	household int
	byName    map[string]uint32
	byCard    map[exchange.Observable]card
	members   [][]uint32
}

type card struct {
	owner uint32
	size  int
}

// owner returns the owner of a new account.
func (p *people) owner(s SignUp) uint32 {
	if s.Owner != "" {
		if p.byName == nil {
			p.byName = map[string]uint32{}
		}
		id, ok := p.byName[s.Owner]
		if !ok {
			id = p.fresh()
			p.byName[s.Owner] = id
		}
		return id
	}
	if s.Payment == 0 {
		return p.fresh()
	}
	if p.byCard == nil {
		p.byCard = map[exchange.Observable]card{}
	}
	c, ok := p.byCard[s.Payment]
	if !ok {
		c.owner = p.fresh()
	} else if c.size >= p.household {
		return p.fresh()
	}
	c.size++
	p.byCard[s.Payment] = c
	return c.owner
}

func (p *people) fresh() uint32 {
	p.members = append(p.members, nil)
	return uint32(len(p.members) - 1)
}

func (p *people) add(owner, account uint32)      { p.members[owner] = append(p.members[owner], account) }
func (p *people) size(owner uint32) int          { return len(p.members[owner]) }
func (p *people) accounts(owner uint32) []uint32 { return p.members[owner] }
func (p *people) count() int                     { return len(p.members) }
