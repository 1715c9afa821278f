package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"iolaus/campaign"
	"iolaus/hunt"
)

// TestTempoClaims: one queue's time is told as such; accounts that keep their own
// hours are not, and are not cleared either; of a few days nothing is claimed and
// nothing drawn.
func TestTempoClaims(t *testing.T) {
	r := crafted(60, 16, 2)
	c := &r.Campaigns[0]
	if x := tempoOf(c, r); !x.Told || !x.Queue || x.Counted != "" || x.Silent == "" || len(x.Days) != 16 {
		t.Errorf("one queue: told %v, queue %v, counts %q, %d days", x.Told, x.Queue, x.Counted, len(x.Days))
	}
	c.Purpose.Tempo = nil
	if x := tempoOf(c, r); !strings.Contains(x.Counted, "did not count") {
		t.Errorf("what did not count is said to: %q", x.Counted)
	}
	c.Hours = nil
	for i := range c.Accounts {
		for h := range 16 * 24 {
			if (h+7*i)%24 < 9 && (h*31+i*17)%5 < 2 {
				c.Hours = append(c.Hours, Hour{Account: uint32(i), Start: hourAt(h), Exchanges: 3})
			}
		}
	}
	c.keep(r)
	x := tempoOf(c, r)
	if !x.Told || x.Queue || x.Counted != "" || !strings.Contains(x.Why, "does not clear them") {
		t.Errorf("own hours: told %v, queue %v: %s", x.Told, x.Queue, x.Why)
	}
	few := crafted(20, 3, 2)
	if x := tempoOf(&few.Campaigns[0], few); x.Told || x.Queue || x.Shades != nil || !strings.Contains(x.Why, "nothing is claimed") {
		t.Errorf("three days: %+v", x)
	}
	page := outline(t, drawn(t, few))
	if !strings.Contains(page, "Too little to judge") || strings.Contains(page, "σ") {
		t.Errorf("the page of three days claims a tempo:\n%s", page)
	}
}

// TestTempoCells: the picture has a cell for each hour that counts, an outline for
// each that is silent, and hands out what was seen and expected, from midnight on.
func TestTempoCells(t *testing.T) {
	for _, start := range []uint32{0, 5, 23} {
		var beats []hunt.Beat
		counts, silent := 0, 0
		for h := range uint32(100) {
			b := hunt.Beat{Hour: 24*20_000 + start + h, Seen: float64(h % 9), Expected: 5, Spread: 2}
			if h < 30 || h%7 == 0 {
				b.Spread = 0
			}
			beats = append(beats, b)
			if b.Counts() {
				counts++
			}
			if b.Silent() {
				silent++
			}
		}
		var x tempo
		x.lay(beats)
		cells := 0
		for _, s := range x.Shades {
			cells += strings.Count(s.Path, "M")
		}
		if cells != counts || strings.Count(x.Silent, "M") != silent {
			t.Errorf("start %d: %d cells and %d outlines, want %d and %d", start, cells, strings.Count(x.Silent, "M"), counts, silent)
		}
		data := strings.Split(strings.TrimSuffix(x.Data, ";"), ";")
		if x.Begin%(24*3600) != 0 || len(x.Days) != (len(data)+23)/24 {
			t.Errorf("start %d: %d hours from %d in %d days", start, len(data), x.Begin, len(x.Days))
		}
		last := beats[len(beats)-1]
		if at := uint32(x.Begin/3600) + uint32(len(data)) - 1; at != last.Hour || data[len(data)-1] != "0,5.0" {
			t.Errorf("start %d: ends at %d with %q, want %d", start, at, data[len(data)-1], last.Hour)
		}
	}
}

func TestShades(t *testing.T) {
	for z, want := range map[float64]string{-9: "less2", -1.1: "less1", 0: "even", -1: "even", 1: "more1", 2.5: "more2", 40: "more2"} {
		if got := shadeNames[shadeAt(z)]; got != want {
			t.Errorf("%g standard deviations are %s, want %s", z, got, want)
		}
	}
}

// TestVolumeAfter: what is said of the volume after an event, and that nothing is
// claimed where a side is short or next to nothing was taken.
func TestVolumeAfter(t *testing.T) {
	steady := func(perHour float64, from, to int) map[int64]float64 {
		out := map[int64]float64{}
		for h := from; h < to; h++ {
			out[int64(hourAt(h))] = perHour
		}
		return out
	}
	f := func(name string, own map[int64]float64, from, event, to int, want string) {
		t.Helper()
		at := func(h int) time.Time { return dayOne.Add(time.Duration(h) * time.Hour) }
		v := around{at: at(event), from: at(from), to: at(to), own: own, all: steady(100, 0, 240)}
		if got := v.say(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	doubled := steady(10, 0, 240)
	for h := 120; h < 144; h++ {
		doubled[int64(hourAt(h))] = 20
	}
	f("doubled", doubled, 0, 120, 240, "480 exchanges in the day after, where the 3 days before had 240 to 240: 2.0 times its mean, everybody else 0.9 times")
	f("one day before", doubled, 90, 120, 240, "480 exchanges in the day after, 240 in the day before: 2.0 times its mean, everybody else 0.9 times")
	f("young", doubled, 100, 120, 240, "it had begun less than a day before; there is too little to compare with")
	f("unborn", doubled, 130, 120, 240, "it had not begun; there is nothing before to compare with")
	f("cut off", doubled, 0, 120, 130, "the log ends less than a day after it; nothing is claimed")
	f("next to nothing", steady(.25, 0, 240), 0, 120, 240, "it had taken 18 exchanges in the 3 days before; that is too little to compare with")
}

// TestModelAfter: who moved is told where enough were active, and nowhere else.
func TestModelAfter(t *testing.T) {
	r := crafted(36, 14, 3)
	c := &r.Campaigns[0]
	says := func() string {
		page := outline(t, drawn(t, r))
		_, after, _ := strings.Cut(page, "### After outside events")
		after, _, _ = strings.Cut(after, "###")
		return after
	}
	if s := says(); !strings.Contains(s, "9 of the 12 accounts that were active in the day after asked for it, 75 %; of everybody else 11 %") {
		t.Errorf("a move is not told:\n%s", s)
	}
	c.Pivots[0].Active, c.Pivots[0].Moved = 4, 4
	if s := says(); !strings.Contains(s, "too few to say whether they moved") || strings.Contains(s, "100 %") {
		t.Errorf("of four accounts it is said:\n%s", s)
	}
	c.Pivots[0].Active, c.Pivots[0].Moved = 12, 9
	end := r.To
	r.To = r.Events[0].At.Add(5 * time.Hour)
	if s := says(); !strings.Contains(s, "The log ends before that day does.") || !strings.Contains(s, "nothing is claimed") {
		t.Errorf("of a day that is not over it is said:\n%s", s)
	}
	r.To = r.Events[0].At
	if s := says(); strings.Contains(s, "Which model") {
		t.Errorf("at the log's end it is said:\n%s", s)
	}
	r.To = end
	c.Pivots = nil
	if s := says(); !strings.Contains(s, "Who moved to it is told when iolaus detect is given these events.") {
		t.Errorf("without figures it is said:\n%s", s)
	}
	r.Events = nil
	if s := says(); !strings.Contains(s, "No outside events are known.") {
		t.Errorf("without events it is said:\n%s", s)
	}
}

// TestFlags: an event has the same number in the picture and below it, whatever lies
// outside the picture.
func TestFlags(t *testing.T) {
	r := crafted(36, 14, 3)
	r.Events = append([]Event{{At: dayOne.AddDate(-1, 0, 0), Kind: "release", Label: "long ago"}}, r.Events...)
	p, err := draw(&r.Campaigns[0], r)
	if err != nil {
		t.Fatal(err)
	}
	as := aftermathsOf(&r.Campaigns[0], r, p)
	if len(as) != 2 || len(p.Events) != 2 {
		t.Fatalf("%d events below, %d in the picture", len(as), len(p.Events))
	}
	for i, a := range as {
		if a.Number != i+1 || a.Label != p.Events[i].Label {
			t.Errorf("number %d is %q, in the picture %q", a.Number, a.Label, p.Events[i].Label)
		}
	}
	r.Campaigns[0].Pivots = []campaign.Pivot{{Model: "northstar-2", At: r.Events[1].At, Active: 9, Moved: 3}}
	drawn(t, r) // a result of an older version has no course
}

// TestSteps: what is not known is not drawn, neither as nothing nor as something.
func TestSteps(t *testing.T) {
	f := func(values []float64, filled bool, want string) {
		t.Helper()
		if got := steps(values, 2, filled); got != want {
			t.Errorf("%v: %q, want %q", values, got, want)
		}
	}
	void := math.NaN()
	f([]float64{1, 2}, true, "M0 100V51.0H1V2.0H2V100Z")
	f([]float64{1, 9}, false, "M0 51.0V51.0H1V2.0H2")
	f([]float64{void, 1, void, 0, void}, true, "M1 100V51.0H2V100ZM3 100V100.0H4V100Z")
	f([]float64{1, void, 2}, false, "M0 51.0V51.0H1M2 2.0V2.0H3")
	f(nil, true, "")
	f([]float64{void}, false, "")
}
