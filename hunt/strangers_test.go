package hunt

import (
	"testing"

	"iolaus/exchange"
)

// TestExclusive: what is an operator's own stays so when the hunt has missed some
// of his heads that were banned; what an innocent company, a recipe's readers or a
// kit's users share with him is not his own.
func TestExclusive(t *testing.T) {
	const day = 86400
	const began = 10 * day
	type others struct {
		n      int
		first  uint32 // their first exchange, and their first use of the trail
		young  bool   // not seen long enough to be asked
		banned bool
	}
	for _, c := range []struct {
		name string
		kind exchange.Kind
		who  others
		want bool
	}{
		{"nobody else", exchange.Phrase, others{}, true},
		{"heads that were banned before they were found", exchange.Phrase, others{n: 40, first: began - 2*day, banned: true}, true},
		{"two that were missed", exchange.Phrase, others{n: 2, first: began + day}, true},
		{"a head that began a little before those that were found", exchange.Phrase, others{n: 1, first: began - 3600}, true},
		{"users of a kit", exchange.Phrase, others{n: 70, first: began + day}, false},
		{"readers of a recipe", exchange.Phrase, others{n: 3, first: began + day}, false},
		{"one who was there before: it was copied", exchange.System, others{n: 1, first: began - 2*day}, false},
		{"one who was there before and has not been seen long", exchange.System, others{n: 1, first: began - 2*day, young: true}, false},
		{"others who are too new to say anything", exchange.Phrase, others{n: 40, first: began + day, young: true}, true},
		{"a client that few others have", exchange.Agent, others{n: 10, first: began - 2*day}, true},
		{"a company's client", exchange.Agent, others{n: 20, first: began - 2*day}, false},
		{"a company's client, of new people", exchange.Agent, others{n: 20, first: began + day, young: true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := &View{Trails: []Trail{{Observable: exchange.NewObservable(c.kind, 1)}, {Observable: exchange.NewObservable(exchange.Phrase, 2)}}}
			f, h := &Finding{Weights: []Weight{{Trail: 0, Nats: 4}, {Trail: 1, Nats: 4}}}, New(Options{})
			add := func(first, exchanges, banned uint32, home int32, trails ...uint32) {
				a := uint32(len(v.Accounts))
				v.Accounts = append(v.Accounts, Account{Owner: a, First: first, Exchanges: exchanges, Banned: banned})
				h.home = append(h.home, home)
				for _, trail := range trails {
					e := uint32(len(v.Edges))
					v.Edges = append(v.Edges, Edge{Account: a, Trail: trail, First: first})
					v.Trails[trail].Carriers = append(v.Trails[trail].Carriers, e)
					v.Accounts[a].Carried = append(v.Accounts[a].Carried, e)
					v.Accounts[a].Left = append(v.Accounts[a].Left, trail)
				}
			}
			for i := range uint32(60) {
				add(began+60*i, 100, 0, 0, 0, 1)
				f.add(Member{Account: uint32(len(v.Accounts) - 1)})
			}
			for i := range uint32(c.who.n) {
				exchanges, banned := uint32(100), uint32(0)
				if c.who.young {
					exchanges = seasoned - 1
				}
				if c.who.banned {
					banned = began + day
				}
				add(c.who.first+i, exchanges, banned, -1, 0)
			}
			f.began = beganAt(v, f.Weights, f.set())
			if got := h.Exclusive(v, f, 0); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
