package eval

import (
	"bytes"
	"encoding/json"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
)

// left is a sighting told in a line: who, what, after how many hours first.
type left struct {
	who  int
	kind exchange.Kind
	hash uint64
	hour int
}

// sightings are what a ledger of a story would hold.
func (s *story) sightings(lines []left) iter.Seq[exchange.Sighting] {
	return func(yield func(exchange.Sighting) bool) {
		for _, l := range lines {
			at := start().Add(time.Duration(l.hour) * time.Hour)
			if !yield(exchange.Sighting{Account: s.accounts[l.who].ID, Observable: exchange.NewObservable(l.kind, l.hash), First: at, Last: at, Count: 1}) {
				return
			}
		}
	}
}

// TestFloor counts by hand what of ten exchanges, one an hour, a head gets away
// with before one telling trace, and before two of independent causes.
func TestFloor(t *testing.T) {
	s := newStory()
	people := s.join(3, "")
	firm := s.join(3, "")
	head, mate, third := s.join(1, "lerna")[0], s.join(1, "cerberus")[0], s.join(1, "cerberus")[0]
	for i := range 10 {
		s.send(head, time.Duration(i+1)*time.Hour, "work")
	}
	for _, a := range slices.Concat(people, firm, []int{mate, third}) {
		s.send(a, 0, "hello")
	}
	tape := s.tape(1)
	for _, a := range firm {
		tape.Owners[a] = tape.Owners[firm[0]]
	}
	w := newWitness(tape, s.truth)
	const frame, agent, system, address, network, card, signed = exchange.Frame, exchange.Agent, exchange.System, exchange.Address, exchange.Network, exchange.Payment, exchange.Signed
	for _, c := range []struct {
		name     string
		seen     []left
		one, two int
	}{
		{"nothing", nil, 10, 10},
		{"nobody else leaves it", []left{{head, frame, 1, 3}}, 10, 10},
		{"innocents alone leave it, too", []left{{head, frame, 1, 3}, {people[0], frame, 1, 0}}, 10, 10},
		{"one cause at the third", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}}, 2, 10},
		{"another at the seventh", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {head, address, 2, 7}, {third, address, 2, 0}}, 2, 6},
		{"program and its words are one", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {head, agent, 2, 5}, {mate, agent, 2, 0}, {head, system, 3, 6}, {mate, system, 3, 0}}, 2, 10},
		{"two of one family are one", []left{{head, address, 1, 3}, {mate, address, 1, 0}, {head, network, 2, 5}, {mate, network, 2, 0}}, 2, 10},
		{"the third cause is too late", []left{{head, card, 1, 1}, {mate, card, 1, 0}, {head, signed, 2, 4}, {mate, signed, 2, 0}, {head, frame, 3, 9}, {mate, frame, 3, 0}}, 0, 3},
		{"a popular trace", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {people[0], frame, 1, 0}, {people[1], frame, 1, 0}}, 10, 10},
		{"... though innocents come last", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {people[0], frame, 1, 20}, {people[1], frame, 1, 20}}, 10, 10},
		{"one innocent for two heads", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {people[0], frame, 1, 0}}, 2, 10},
		{"a firm is one owner", []left{{head, frame, 1, 3}, {mate, frame, 1, 0}, {firm[0], frame, 1, 0}, {firm[1], frame, 1, 0}, {firm[2], frame, 1, 0}}, 2, 10},
		{"the second head comes later", []left{{head, frame, 1, 3}, {mate, frame, 1, 5}, {third, frame, 1, 8}}, 4, 10},
		{"the second head comes too late", []left{{head, frame, 1, 3}, {mate, frame, 1, 11}}, 10, 10},
		{"a later trace counts sooner", []left{{head, frame, 1, 2}, {mate, frame, 1, 9}, {head, address, 2, 6}, {mate, address, 2, 0}}, 5, 8},
	} {
		for _, order := range [][]left{c.seen, reversed(c.seen)} {
			f := floorOf(w, s.sightings(order))
			if len(f.One) != 2 || f.One[1] != float64(c.one)/10 || f.Two[1] != float64(c.two)/10 {
				t.Errorf("%s: lost %v and %v, want of the second operator %d and %d of 10", c.name, f.One, f.Two, c.one, c.two)
			}
		}
	}
}

func reversed(lines []left) []left {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	return lines
}

// TestFloorOrdered holds of any sightings: one trace is never later than two
// causes; shares are shares; one more innocent never makes anything sooner, one more
// head that left everything at once never later.
func TestFloorOrdered(t *testing.T) {
	s := newStory()
	people := s.join(20, "")
	heads := append(s.join(6, "lerna"), s.join(5, "cerberus")...)
	early := s.join(1, "orthrus")[0]
	s.chatter(slices.Concat(people, heads, []int{early}), 12)
	w := newWitness(s.tape(1), s.truth)
	r := rand.New(rand.NewPCG(11, 11))
	soon := func(what string, x, y []float64) {
		for i := range x {
			if x[i] < 0 || x[i] > y[i] || y[i] > 1 {
				t.Errorf("%s: %v and %v", what, x, y)
			}
		}
	}
	told := 0.0
	for range 200 {
		var seen, more, fewer []left
		for range r.IntN(120) {
			seen = append(seen, left{r.IntN(len(s.accounts) - 1), exchange.Kind(1 + r.IntN(int(exchange.Kinds)-1)), uint64(r.IntN(3)), r.IntN(240)})
		}
		more, fewer = slices.Clone(seen), slices.Clone(seen)
		for _, l := range seen {
			more = append(more, left{early, l.kind, l.hash, 0})
			fewer = append(fewer, left{people[r.IntN(len(people))], l.kind, l.hash, 0})
		}
		seen, more, fewer = once(seen), once(more), once(fewer)
		f, g, h := floorOf(w, s.sightings(seen)), floorOf(w, s.sightings(more)), floorOf(w, s.sightings(fewer))
		soon("one trace before two causes", f.One, f.Two)
		soon("with a head more, one trace", g.One, f.One)
		soon("with a head more, two causes", g.Two, f.Two)
		soon("with innocents more, one trace", f.One, h.One)
		soon("with innocents more, two causes", f.Two, h.Two)
		told += 3 - f.One[0] - f.One[1] - f.One[2]
	}
	if told == 0 {
		t.Error("no trace ever told anything")
	}
}

// once keeps the first of several sightings of one account and trace.
func once(lines []left) []left {
	type key struct {
		who  int
		kind exchange.Kind
		hash uint64
	}
	best := map[key]left{}
	for _, l := range lines {
		k := key{l.who, l.kind, l.hash}
		if o, ok := best[k]; !ok || l.hour < o.hour {
			best[k] = l
		}
	}
	var out []left
	for _, l := range best {
		out = append(out, l)
	}
	return out
}

// TestFloorCauses holds the floor to detection's own count of causes: whatever
// families there are, any two of different causes suffice, and no single one.
func TestFloorCauses(t *testing.T) {
	for f := range exchange.Family(exchange.Families) {
		if _, two := known([]hint{{1, f}, {2, f}}); two < 10 {
			t.Errorf("%s alone is two causes", f)
		}
		for g := range exchange.Family(exchange.Families) {
			var both hunt.Score
			both[f], both[g] = 100, 100
			one, two := known([]hint{{2, g}, {1, f}})
			if one != 1 || (two == 2) != (both.Independent() == 2) {
				t.Errorf("%s and %s: one cause at %g, two at %g", f, g, one, two)
			}
		}
	}
}

// TestFloorKept sees a world again that was kept without a floor, asks nobody
// again for it, and draws up the same board from what is kept and from its JSON.
func TestFloorKept(t *testing.T) {
	s, reports := made()
	dir := t.TempDir()
	asked, walked := 0, 0
	run := func(l Ledger, again ...string) *Board {
		b := Bout{Name: "story", Worlds: []World{s.world("w")}, Seeds: []uint64{1, 3}, Jobs: 1, Keep: dir, Again: again, Ledger: l,
			Contenders: []Contender{{Name: "ours", Groups: true, Method: MethodFunc(func(_ *Tape, report func(string, []Report)) error {
				asked++
				report("", reports)
				return nil
			})}}}
		board, err := b.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return board
	}
	ledger := func(*Tape) iter.Seq[exchange.Sighting] {
		walked++
		return s.sightings([]left{{20, exchange.Frame, 1, 0}, {21, exchange.Frame, 1, 0}, {22, exchange.Frame, 1, 0}, {20, exchange.Payment, 1, 0}, {21, exchange.Payment, 1, 0}})
	}
	if old := run(nil); old.Worlds[0].Floor != nil || asked != 2 {
		t.Errorf("without a ledger: floor %v, asked %d times; want none and 2", old.Worlds[0].Floor, asked)
	}
	first := run(ledger)
	want := Floor{One: Spread{.5, 1, 4}, Two: Spread{4. / 6, 1, 4}}
	if f := first.Worlds[0].Floor; f == nil || *f != want || asked != 2 || walked != 2 {
		t.Errorf("with one: floor %+v, want %+v; asked %d times and walked %d, want 2 and 2", f, want, asked, walked)
	}
	if second := run(ledger); *second.Worlds[0].Floor != want || walked != 2 {
		t.Error("a kept floor is counted again, or is another")
	}
	if run(ledger, "ours"); asked != 4 || walked != 4 {
		t.Errorf("again: asked %d times and walked %d, want 4 and 4", asked, walked)
	}
	if err := first.Write(dir); err != nil {
		t.Fatal(err)
	}
	read, err := ReadBoard(filepath.Join(dir, "scoreboard.json"))
	if err != nil || *read.Worlds[0].Floor != want {
		t.Fatalf("read back %+v, %v", read, err)
	}
}

// TestFloorTable shows the floor beside what was lost, a dash where it was not
// counted, and nothing on a board of before there were floors.
func TestFloorTable(t *testing.T) {
	b := Board{Contenders: []Entrant{{Name: "ours"}}, Worlds: []Scene{{Name: "a", Floor: &Floor{Spread{.01, .02, 3}, Spread{.041, .05, 3}}}, {Name: "b"}, {Name: "calm", Floor: &Floor{}}},
		Figures: []Figures{{World: "a", Contender: "ours", Operators: 3, Lost: Spread{.1, .2, 3}}, {World: "b", Contender: "ours", Operators: 1, Lost: Spread{1, 1, 1}}, {World: "calm", Contender: "ours"}}}
	for i := range b.Figures {
		b.Figures[i].Budgets = make([]Budget, len(budgets))
	}
	var text strings.Builder
	if err := b.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	want := "| world | ours | at least: one trace | at least: two causes |\n|---|---|---|---|\n| a | 10.0 % / 20.0 % | 1.0 % / 2.0 % | 4.1 % / 5.0 % |\n| b | 100.0 % / 100.0 % | – | – |\n\n"
	if !strings.Contains(text.String(), want) {
		t.Errorf("want\n%s\nin\n%s", want, text.String())
	}
	for i := range b.Worlds {
		b.Worlds[i].Floor = nil
	}
	raw, err := json.Marshal(b)
	if err != nil || bytes.Contains(raw, []byte("at_least")) {
		t.Fatalf("%s, %v", raw, err)
	}
	old, err := decodeBoard(raw)
	if err != nil {
		t.Fatal(err)
	}
	text.Reset()
	if err := old.WriteMarkdown(&text); err != nil || strings.Contains(text.String(), "at least") {
		t.Errorf("%v\n%s", err, text.String())
	}
}
