package hunt_test

import (
	"testing"

	"iolaus/hunt"
)

// TestBeatsAreTheTempo: the hours that are handed out are those that the tempo was
// taken from, and say the same.
func TestBeatsAreTheTempo(t *testing.T) {
	for name, when := range map[string]timetable{"one queue": dispatcher(2), "people": people, "cron": cron} {
		v, accounts := played(t, 2, 40, when)
		tempo, beats := v.Beats(accounts)
		if tempo != v.Tempo(accounts) {
			t.Errorf("%s: %+v, want %+v", name, tempo, v.Tempo(accounts))
		}
		hours, silent := 0, 0
		for i, b := range beats {
			if i > 0 && b.Hour != beats[i-1].Hour+1 {
				t.Fatalf("%s: hour %d after hour %d", name, b.Hour, beats[i-1].Hour)
			}
			if b.Counts() {
				hours++
			}
			if b.Silent() {
				silent++
			}
		}
		if hours != tempo.Hours || silent != tempo.Silent {
			t.Errorf("%s: %d hours count and %d are silent, the tempo has %d and %d", name, hours, silent, tempo.Hours, tempo.Silent)
		}
		if b := beats[len(beats)-1]; b.Hour != v.Now/3600 {
			t.Errorf("%s: the last hour is %d, want %d", name, b.Hour, v.Now/3600)
		}
	}
	if _, beats := (&hunt.View{}).Beats(nil); beats != nil {
		t.Errorf("a view without hours has %d", len(beats))
	}
}
