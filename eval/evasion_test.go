package eval

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"iolaus/sim"
)

// TestControls replays a story in which every figure can be counted by hand.
func TestControls(t *testing.T) {
	s := newStory()
	people := s.join(10, "")
	heads := s.join(2, "lerna")
	for i := range 10 {
		s.send(people[0], time.Duration(i)*time.Hour, "hello")
		for _, h := range heads { // 10 each, one a day
			s.send(h, time.Duration(i)*24*time.Hour, "work")
		}
	}
	for i := range 60 { // one busy innocent beyond 50 a day
		s.send(people[1], time.Duration(i)*time.Minute, "loop")
	}
	s.accounts[people[2]].Payment = ""
	s.send(people[2], time.Hour, "free")
	for _, h := range heads {
		s.accounts[h].BINCountry = "CL"
	}
	at := start().Add(60 * time.Hour) // three of ten are out by then
	found := []Report{{ID: "x", Detected: at, Accounts: []Flag{{s.accounts[heads[0]].ID, at}}}}
	b := Bout{Name: "controls", Worlds: []World{s.world("w")}, Seeds: []uint64{1}, Contenders: []Contender{{Name: "ours", Method: MethodFunc(func(_ *Tape, report func(string, []Report)) error {
		report("", found)
		return nil
	})}}}
	list, err := b.Controls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		denied  float64
		touched int
	}{
		"account limit 200": {0, 0}, "account limit 50": {0, 1}, "address limit": {0, 0}, "region block": {1, 0}, "card at sign-up": {0, 1},
		"weekly ban wave": {3. / 20, 0}, "recognition": {7. / 20, 0}, "limits and card": {0, 2}, "limits and recognition": {7. / 20, 0}, "all": {7. / 20, 2},
	}
	if len(list) != len(want) {
		t.Fatalf("%d controls, want %d", len(list), len(want))
	}
	for _, d := range list {
		w := want[d.Control]
		if math.Abs(d.Denied-w.denied) > 1e-9 || d.Touched != w.touched || d.Haul != 20 || d.Benign != 3 {
			t.Errorf("%s: denied %.3f of %d, touched %d of %d; want %.3f of 20 and %d of 3", d.Control, d.Denied, d.Haul, d.Touched, d.Benign, w.denied, w.touched)
		}
	}
	var text strings.Builder
	if err := WriteControls(&text, list); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "controls.svg", []byte(PlotControls(list)))
}

// TestFrontier turns the knobs before a detector that finds nobody: every knob is
// wasted money, and the path ends where it began.
func TestFrontier(t *testing.T) {
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	v := Evade{
		Simulated: Simulated{Texts: texts, Observer: func() Observer { return silent{} }}, Seeds: []uint64{1}, Steps: 1,
		Spec:     sim.Spec{Name: "tiny", Days: 3, Crowds: map[string]int{"hobby": 5}, Operators: []sim.Operator{{Name: "lerna", Heads: 6, Start: .5}}},
		Detector: Contender{Name: "blind", Method: MethodFunc(func(_ *Tape, report func(string, []Report)) error { report("", nil); return nil })},
	}
	f, err := v.Frontier(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	turned := 0
	for _, k := range turns() {
		turned += len(k) - 1
	}
	if len(f.Single) != turned+1 {
		t.Errorf("%d single turns, want %d and the beginning", len(f.Single), turned)
	}
	for _, e := range f.Single {
		if e.Lost != 1 || e.Recall != 0 || !e.works() || e.Haul < 1 || e.Cost <= 0 || math.Abs(e.Price-1000*e.Cost/e.Haul) > 1e-6 {
			t.Errorf("%v: %+v", e.Turned, e)
		}
	}
	var text strings.Builder
	if err := f.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "frontier.svg", []byte(f.Plot()))
	again, err := v.Frontier(t.Context())
	a, _ := json.Marshal(f)
	c, _ := json.Marshal(again)
	if err != nil || string(a) != string(c) {
		t.Errorf("the same seeds gave another frontier: %v", err)
	}
}

// TestPrices checks one bill by hand.
func TestPrices(t *testing.T) {
	p := prices{account: 1, aged: 10, card: 5, sticky: 15, wording: 6, forge: 400, human: 300, cover: 500, request: .01}
	o := sim.Operator{SignUp: "aged", Payment: "own", Network: "sticky", Frame: "own", Client: "forged", Dispatcher: "human", Cover: .5}
	// 10 heads, aged and with a card, a line for two months, a wording each; 1,000 requests paid.
	if got, want := p.of(&o, 10, 2000, 1000, 2), 10.*10+10*5+10*15*2+10*6+400+300+500+1000*.01; math.Abs(got-want) > 1e-9 {
		t.Errorf("$%.2f, want $%.2f", got, want)
	}
}
