package eval

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestBaselines lets every baseline find what it is for, and shows what its
// comment says it is fooled by.
func TestBaselines(t *testing.T) {
	for _, c := range []struct {
		baseline, story string
		tell            func(s *story, heads []int)
		want            bool
	}{
		{"rate limit", "three heads at 200 an hour", func(s *story, heads []int) {
			for i := range 600 {
				s.send(heads[i%3], time.Duration(i)*6*time.Second, s.words(20, 4000))
			}
			for _, h := range heads[3:] {
				s.truth[h].Exchanges = 0
			}
		}, true},
		{"rate limit", "twelve heads at the pace of anybody", func(s *story, heads []int) { s.chatter(heads, 25) }, false},
		{"union-find", "one card", func(s *story, heads []int) {
			for _, h := range heads {
				s.accounts[h].Payment = "stolen"
			}
			s.chatter(heads, 10)
		}, true},
		{"union-find", "a card and an exit each", func(s *story, heads []int) { s.chatter(heads, 10) }, false},
		{"SynchroTrap", "the same prompts within seconds", func(s *story, heads []int) {
			for i := range 20 {
				p := s.words(20, 4000)
				for k, h := range heads {
					s.send(h, time.Duration(i)*7*time.Hour+time.Duration(k)*time.Second, p)
				}
			}
		}, true},
		{"SynchroTrap", "a list in shards", func(s *story, heads []int) {
			for i := range 20 {
				for k, h := range heads {
					s.send(h, time.Duration(i)*7*time.Hour+time.Duration(k)*time.Second, s.words(20, 4000))
				}
			}
		}, false},
		{"PRADA", "two kinds of queries in each head", func(s *story, heads []int) {
			for _, h := range heads {
				base := s.words(30, 4000)
				for i := range 160 {
					p := base + fmt.Sprint(i)
					if i%2 == 0 {
						p = s.words(30, 4000)
					}
					s.send(h, time.Duration(i)*time.Hour+time.Duration(h)*time.Second, p)
				}
			}
		}, true},
		{"MMD window", "every head on one narrow thing", func(s *story, heads []int) {
			for _, h := range heads {
				for i := range 120 {
					s.send(h, 50*time.Hour+time.Duration(i)*time.Hour, s.words(20, 12))
				}
			}
		}, true},
		{"MMD window", "the same, spread below a window each", func(s *story, heads []int) {
			for _, h := range heads {
				for i := range 40 {
					s.send(h, 50*time.Hour+time.Duration(i)*time.Hour, s.words(20, 12))
				}
			}
		}, false},
		{"shared prefix", "one template", func(s *story, heads []int) {
			for _, h := range heads {
				for i := range 12 {
					s.send(h, time.Duration(i)*20*time.Hour, "You are a careful teacher. Explain each step of the following task: "+s.words(20, 4000))
				}
			}
		}, true},
		{"shared prefix", "every head its own wording", func(s *story, heads []int) {
			for _, h := range heads {
				own := s.words(30, 4000)
				for i := range 12 {
					s.send(h, time.Duration(i)*20*time.Hour, own+s.words(20, 4000))
				}
			}
		}, false},
	} {
		t.Run(c.baseline+", "+c.story, func(t *testing.T) {
			s := newStory()
			s.chatter(s.join(60, ""), 25)
			heads := s.join(12, "lerna")
			c.tell(s, heads)
			got := best(t, s, c.baseline)
			if c.want && got < .9 || !c.want && got > .1 {
				t.Errorf("recall at zero innocents is %.3f; found should be %v", got, c.want)
			}
		})
	}
}

// TestShapiroWilk checks the example of the paper of 1965, and the two ends.
func TestShapiroWilk(t *testing.T) {
	if w := shapiroWilk([]float64{148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236}); w < .788 || w > .790 {
		t.Errorf("W of the men's weights is %.4f, published as 0.79", w)
	}
	r := rand.New(rand.NewPCG(1, 1))
	var normal, two []float64
	for i := range 400 {
		normal = append(normal, r.NormFloat64())
		two = append(two, float64(i%2)+.01*r.NormFloat64())
	}
	if w := shapiroWilk(trimmed(normal)); w < .98 {
		t.Errorf("W of a normal sample is %.3f", w)
	}
	if w := shapiroWilk(trimmed(two)); w > .75 {
		t.Errorf("W of two points is %.3f", w)
	}
	if w := shapiroWilk([]float64{1, 1, 1, 1, 1}); w != 0 {
		t.Errorf("W of equal values is %.3f", w)
	}
}
