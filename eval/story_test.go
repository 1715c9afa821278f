package eval

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/sim"
)

// story makes small worlds for tests, told as who sends what and when.
type story struct {
	accounts []exchange.Account
	truth    []sim.Truth
	sent     []exchange.Exchange
	dice     *rand.Rand
}

func newStory() *story { return &story{dice: rand.New(rand.NewPCG(7, 7))} }

// silent is an observer that sees nothing: baselines need no signals.
type silent struct{}

func (silent) Observe(x *exchange.Exchange, t *exchange.Trace) {
	*t = exchange.Trace{Time: x.Time, Account: x.Account, Model: x.Model, Failed: x.Failed}
}

func start() time.Time { return time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC) }

// join signs up n accounts with a card and an address each.
func (s *story) join(n int, operator string) []int {
	var out []int
	for range n {
		i := len(s.accounts)
		id := fmt.Sprintf("a%03d", i)
		s.accounts = append(s.accounts, exchange.Account{ID: id, Created: start(), Payment: "card-" + id, BINCountry: "NZ", BillCountry: "NZ"})
		label, who := "benign", id
		if operator != "" {
			label, who = Guilty, operator
		}
		s.truth = append(s.truth, sim.Truth{Account: id, Operator: who, Label: label, Archetype: label, Language: "en", Exchanges: 1})
		out = append(out, i)
	}
	return out
}

// send is one request after so long.
func (s *story) send(a int, after time.Duration, prompt string) *exchange.Exchange {
	s.sent = append(s.sent, exchange.Exchange{
		ID: fmt.Sprint(len(s.sent)), Time: start().Add(after), Account: s.accounts[a].ID, Model: "cedar",
		Address: netip.AddrFrom4([4]byte{10, 1, byte(a >> 8), byte(a)}), UserAgent: fmt.Sprintf("client/%d", a%5),
		Turns: []exchange.Turn{{Role: "user", Text: prompt}},
	})
	return &s.sent[len(s.sent)-1]
}

// words draws a prompt from a vocabulary of the given size.
func (s *story) words(n, vocabulary int) string {
	text := ""
	for range n {
		for k := s.dice.IntN(vocabulary) + 26; k > 0; k /= 26 {
			text += string(rune('a' + k%26))
		}
		text += " "
	}
	return text
}

// chatter lets accounts send so many prompts of their own at any time of ten days.
func (s *story) chatter(accounts []int, each int) {
	for _, a := range accounts {
		for range each {
			s.send(a, time.Duration(s.dice.Int64N(int64(240*time.Hour))), s.words(20, 4000))
		}
	}
}

// world is the story as a world of a bout.
func (s *story) world(name string) World {
	return World{Name: name, Record: func(_ context.Context, seed uint64) (*Tape, []sim.Truth, error) {
		return s.tape(seed), s.truth, nil
	}}
}

func (s *story) tape(seed uint64) *Tape {
	t := NewTape("story", seed, s.accounts, nil)
	sent := append([]exchange.Exchange(nil), s.sent...)
	sortByTime(sent)
	r := Reader{Observer: silent{}}
	var k Taken
	for i := range sent {
		r.Read(&sent[i], &k)
		t.Add(&k)
	}
	return t
}

func sortByTime(x []exchange.Exchange) {
	for i := 1; i < len(x); i++ {
		for j := i; j > 0 && x[j].Time.Before(x[j-1].Time); j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
}

// best is a contender's highest recall on a story at zero innocents flagged.
func best(t *testing.T, s *story, name string) float64 {
	t.Helper()
	for _, c := range Baselines() {
		if c.Name != name {
			continue
		}
		b := Bout{Name: "story", Worlds: []World{s.world("story")}, Seeds: []uint64{1}, Contenders: []Contender{c}}
		board, err := b.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return board.Figures[0].hindsight()
	}
	t.Fatalf("there is no baseline %q", name)
	return 0
}
