package ledger

import (
	"fmt"
	"testing"
	"time"

	"iolaus/exchange"
)

// TestAllow: a list holds for accounts that are known and for those to come, by
// name and by organisation, and a new list takes the place of the old one.
func TestAllow(t *testing.T) {
	l := New(Options{})
	l.Register([]SignUp{{Account: "a", Owner: "org:firm"}, {Account: "late", Owner: "org:firm"}})
	take := func(account, org string) {
		l.Take(&exchange.Trace{Time: day0, Account: account, Org: org})
	}
	state := func() string {
		s := ""
		for _, a := range l.View(day0.Add(time.Hour)).Accounts {
			s += fmt.Sprintf("%s %v ", a.Name, a.Allowed)
		}
		return s
	}
	for _, a := range []string{"a", "b", "firm"} {
		take(a, "")
	}
	take("c", "gateway's word")
	for _, c := range []struct {
		list map[string]string
		want string
	}{
		{map[string]string{"b": "tests us"}, "a false b true firm false c false "},
		{map[string]string{"firm": "a partner", "gateway's word": "us"}, "a true b false firm true c true "},
		{nil, "a false b false firm false c false "},
	} {
		if l.Allow(c.list); state() != c.want {
			t.Errorf("%v: %s, want %s", c.list, state(), c.want)
		}
	}
	l.Allow(map[string]string{"firm": "a partner", "d": "tests us"})
	take("late", "")
	take("d", "")
	take("e", "firm")
	if want := "a true b false firm true c false late true d true e true "; state() != want {
		t.Errorf("accounts to come: %s, want %s", state(), want)
	}
}
