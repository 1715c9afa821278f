package main

import (
	"testing"

	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/sim"
)

// TestEvalFloor holds detection to the floor of exchanges lost on small worlds: it
// loses at least what somebody would who knows the labels and needs one trace, and
// he no more than he who needs two causes. A world without an operator has none.
func TestEvalFloor(t *testing.T) {
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := eval.Simulated{Texts: texts, Observer: evalObserver, SignUp: evalSignUp, Scale: .5}
	worlds, err := s.Quick()
	if err != nil {
		t.Fatal(err)
	}
	b := eval.Bout{Name: "small", Seeds: []uint64{2}, Ledger: evalLedger, Contenders: []eval.Contender{ours("ours", "", nil)}}
	for _, w := range worlds {
		if w.Name == "naive" || w.Name == "twins" || w.Name == "innocent" {
			b.Worlds = append(b.Worlds, w)
		}
	}
	board, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range board.Worlds {
		lost := board.Figures[i].Lost
		f := w.Floor
		switch {
		case f == nil:
			t.Errorf("%s has no floor", w.Name)
		case f.One.N != lost.N || f.Two.N != lost.N:
			t.Errorf("%s: floors of %d and %d operators, want %d", w.Name, f.One.N, f.Two.N, lost.N)
		case f.One.Median > f.Two.Median || f.One.P90 > f.Two.P90:
			t.Errorf("%s: with one trace at least %+v, with two causes %+v", w.Name, f.One, f.Two)
		case f.One.Median > lost.Median || f.One.P90 > lost.P90:
			t.Errorf("%s: detection loses %+v, less than the floor %+v", w.Name, lost, f.One)
		}
	}
}

// TestEvalLedger holds that each account and trace is told once, that every trace
// has two accounts, and that a second walk tells the same.
func TestEvalLedger(t *testing.T) {
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := sim.Named("demo")
	if err != nil {
		t.Fatal(err)
	}
	w, err := sim.New(spec, texts)
	if err != nil {
		t.Fatal(err)
	}
	tape := eval.NewTape(spec.Name, spec.Seed, w.Accounts, evalSignUp)
	r := eval.Reader{Observer: evalObserver()}
	var k eval.Taken
	if err := w.Each(func(x *exchange.Exchange) error {
		r.Read(x, &k)
		tape.Add(&k)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	type pair struct {
		account string
		trace   exchange.Observable
	}
	first, last := tape.Span()
	told, carriers := map[pair]exchange.Sighting{}, map[exchange.Observable]int{}
	seen := evalLedger(tape)
	for x := range seen {
		p := pair{x.Account, x.Observable}
		if _, twice := told[p]; twice {
			t.Fatalf("%s and %s are told twice", x.Account, x.Observable)
		}
		if x.First.Unix() < first.Unix() || x.Last.After(last) || x.Last.Before(x.First) {
			t.Errorf("%s left %s from %s to %s, in a log from %s to %s", x.Account, x.Observable, x.First, x.Last, first, last)
		}
		told[p] = x
		carriers[x.Observable]++
	}
	if len(told) == 0 {
		t.Fatal("nobody left anything")
	}
	for o, n := range carriers {
		if n < 2 {
			t.Errorf("%s is of %d account alone", o, n)
		}
	}
	again := 0
	for x := range seen {
		if again++; told[pair{x.Account, x.Observable}] != x {
			t.Fatalf("%s and %s are told otherwise the second time", x.Account, x.Observable)
		}
	}
	if again != len(told) {
		t.Errorf("%d are told, then %d", len(told), again)
	}
}
