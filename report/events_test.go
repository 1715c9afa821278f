package report

import (
	"strings"
	"testing"
	"time"
)

func TestEvents(t *testing.T) {
	got, err := Events("e.csv", strings.NewReader("date,kind,label,model\n# a comment\n2026-08-12, price, Half price\n2026-08-07T15:00:00+02:00,release,\"A new, better model\",northstar-2\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{time.Date(2026, 8, 7, 13, 0, 0, 0, time.UTC), "release", "A new, better model", "northstar-2"},
		{time.Date(2026, 8, 12, 0, 0, 0, 0, time.UTC), "price", "Half price", ""},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%v, want %v", got, want)
	}
	bad := func(text, says string) {
		t.Helper()
		if _, err := Events("e.csv", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want an error with %q", text, err, says)
		}
	}
	bad("2026-08-12,price\n", "e.csv line 1: it has 2 fields; write date,kind,label,model")
	bad("date,kind,label\n\n12.8.2026,price,x\n", `line 3: "12.8.2026" is no date`)
	bad("2026-08-12,\"price,x\n", "cannot read events e.csv")
}

// FuzzEvents: whatever comes, it is events in order of time or an error.
func FuzzEvents(f *testing.F) {
	f.Add("date,kind,label,model\n2026-08-12,price,Half price,\n")
	f.Add("\ufeff2026-08-07T15:00:00Z,release,\"A, b\",m\n#x\n")
	f.Fuzz(func(t *testing.T, text string) {
		es, err := Events("fuzz", strings.NewReader(text))
		if err != nil && es != nil {
			t.Error("events and an error")
		}
		for i := 1; i < len(es); i++ {
			if es[i].At.Before(es[i-1].At) {
				t.Error("not in order")
			}
		}
	})
}
