package eval

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestBoosted learns what no single column tells: whether two signs differ.
func TestBoosted(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	draw := func(n int) (s sample) {
		for range n {
			x, y := float32(r.NormFloat64()), float32(r.NormFloat64())
			s.rows = append(s.rows, []float32{x, y, float32(r.NormFloat64())})
			s.label = append(s.label, (x > 0) != (y > 0))
		}
		return s
	}
	b := learn(draw(3000))
	test := draw(1000)
	right := 0
	scratch := make([]uint8, 3)
	for i, row := range test.rows {
		if (b.score(row, scratch) > 0) == test.label[i] {
			right++
		}
	}
	if right < 950 {
		t.Errorf("%d of 1000 right", right)
	}
}

// TestBound counts heads with a trace that innocents do not outnumber.
func TestBound(t *testing.T) {
	s := newStory()
	people := s.join(30, "")
	s.chatter(people, 3)
	heads := s.join(6, "lerna")
	s.chatter(heads, 3)
	for _, h := range heads[:3] { // three share a prompt that nobody else sends
		s.send(h, 30*time.Hour, "a rare prompt of the list")
	}
	for _, h := range heads[3:5] { // two share one with one innocent: still even odds
		s.send(h, 40*time.Hour, "a prompt that one other person sends")
	}
	s.send(people[0], 41*time.Hour, "a prompt that one other person sends")
	for _, h := range append(people[:20:20], heads...) { // all share a popular one
		s.send(h, 50*time.Hour, "a prompt that went viral")
	}
	for i := range s.sent { // clients would link by chance in so small a world
		s.sent[i].UserAgent = "one client"
	}
	x := newSheet(newWitness(s.tape(1), s.truth))
	if o := x.Bound[0]; o.Accounts != 6 || o.Even != 5 || o.Alone != 3 {
		t.Errorf("of %d heads %d link at even odds, %d alone; want 5 and 3 of 6", o.Accounts, o.Even, o.Alone)
	}
}
