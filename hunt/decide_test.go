package hunt

import (
	"math"
	"testing"
)

// TestCertain: a few hands that nothing certifies are accused on a clear purpose
// alone. The first line is what innocents of the even populations came to: a
// developer's two keys and a stranger who uses the same tool behind the same exit.
func TestCertain(t *testing.T) {
	for _, c := range []struct {
		name    string
		hands   int
		purpose float64
		logE    float64
		want    bool
	}{
		{"two keys of a developer and a stranger", 3, 2.49, 8.8, false},
		{"four friends with one script", 4, 2.9, 8.8, false},
		{"three heads of one queue", 3, 3.8, 11.1, true},
		{"four heads that copy a company, and are certified", 4, 2.1, 20, true},
		{"a dozen accounts", 12, 2.1, 5, true},
	} {
		h := New(Options{})
		cert := Certificate{LogE: c.logE, Level: math.Exp(-17.4)}
		if got := h.certain(&Purpose{Score: c.purpose}, c.hands, cert); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestDealt: a class asks as evenly as a dispatcher deals, for an hour.
func TestDealt(t *testing.T) {
	even := func(each uint32) float64 {
		v := &View{}
		var ms []Member
		for a := range uint32(12) {
			v.Accounts = append(v.Accounts, Account{Exchanges: each + a%2, First: 1e9, Last: 1e9 + 3600})
			ms = append(ms, Member{Account: a})
		}
		return evenness(v, ms)
	}
	if class, heads := even(6), even(40); class != 0 || heads < 0.9 {
		t.Errorf("a class's hour %.2f, want 0; forty requests each %.2f, want nearly 1", class, heads)
	}
}
