package hunt

import (
	"testing"

	"iolaus/exchange"
)

// TestOwnWording: what is an operator's own stays so when the hunt has missed some
// of his heads; what an innocent company, a recipe's readers or a kit's users share
// with him is not his own.
func TestOwnWording(t *testing.T) {
	const day = 86400
	const began = 10 * day
	type others struct {
		n       int
		first   uint32 // their first exchange, and their first use of the wording
		client  bool   // the operator's
		company bool   // all of one owner
		young   bool   // not seen long enough to be asked
	}
	for _, c := range []struct {
		name string
		kind exchange.Kind
		old  uint32 // the first exchange of all
		who  others
		want Wording
	}{
		{"nobody else", exchange.Phrase, 0, others{}, Own},
		{"heads that were missed", exchange.Phrase, 0, others{n: 40, first: began + day, client: true}, Own},
		{"heads that began a little before those that were found", exchange.Phrase, 0, others{n: 10, first: began - 3600, client: true}, Own},
		{"users of a kit, more than there are heads", exchange.Phrase, 0, others{n: 70, first: began + day, client: true}, Shared},
		{"readers of a recipe, with clients of their own", exchange.Phrase, 0, others{n: 20, first: began + day}, Shared},
		{"a few with clients of their own", exchange.Phrase, 0, others{n: 10, first: began + day}, Own},
		{"one who was there before: it was copied", exchange.System, 0, others{n: 1, first: began - 2*day, client: true}, Copied},
		{"one who was there before and has not been seen long", exchange.System, 0, others{n: 1, first: began - 2*day, young: true}, Copied},
		{"a company that grows with a client like it", exchange.Phrase, 0, others{n: 40, first: began + day, client: true, company: true}, Shared},
		{"no history to tell who was first", exchange.Phrase, began - 3600, others{n: 40, first: began + day, client: true}, Shared},
		{"others who are too new to say anything", exchange.Phrase, 0, others{n: 40, first: began + day, young: true}, Own},
		{"an item of a list", exchange.Item, 0, others{}, Shared},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := &View{Trails: []Trail{{Observable: exchange.NewObservable(c.kind, 1)}, {Observable: exchange.NewObservable(exchange.Agent, 2)}}}
			f, h := &Finding{Weights: []Weight{{Trail: 0, Nats: 4}, {Trail: 1, Nats: 3}}}, New(Options{})
			add := func(owner, first, exchanges uint32, client bool, home int32) {
				a := uint32(len(v.Accounts))
				v.Accounts = append(v.Accounts, Account{Owner: owner, First: first, Exchanges: exchanges})
				h.home = append(h.home, home)
				leave := func(trail uint32) {
					e := uint32(len(v.Edges))
					v.Edges = append(v.Edges, Edge{Account: a, Trail: trail, First: first})
					v.Trails[trail].Carriers = append(v.Trails[trail].Carriers, e)
					v.Accounts[a].Carried = append(v.Accounts[a].Carried, e)
				}
				if leave(0); client {
					leave(1)
				}
			}
			v.Accounts, h.home = append(v.Accounts, Account{First: c.old}), append(h.home, -1) // somebody else
			for i := range uint32(60) {
				add(1000+i, began+60*i, 100, true, 0)
				f.add(Member{Account: uint32(len(v.Accounts) - 1)})
			}
			for i := range uint32(c.who.n) {
				owner, exchanges := 2000+i, uint32(100)
				if c.who.company {
					owner = 1
				}
				if c.who.young {
					exchanges = seasoned - 1
				}
				add(owner, c.who.first+i, exchanges, c.who.client, -1)
			}
			if got := h.Strangers(v).Whose(f)(0); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
