package observe

import (
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/sketch"
)

func TestSignUps(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 34, 56, 0, time.UTC)
	for _, c := range []struct {
		name    string
		account exchange.Account
		owner   string
		payment bool
		left    string
	}{
		{"no registry", exchange.Account{ID: "a"}, "", false, "nothing"},
		{"free mail", exchange.Account{EmailDomain: "gmail.com", EmailPattern: "aaaa.aaa99", Created: at, Payment: "fp"}, "", true, "email-shape 1, sign-up 1"},
		{"free mail, written otherwise", exchange.Account{EmailDomain: " GMail.com "}, "", false, "nothing"},
		{"throw-away mail", exchange.Account{EmailDomain: "mailinator.com", EmailPattern: "aaa999"}, "", false, "email-domain 1, email-shape 1"},
		{"a company's domain", exchange.Account{EmailDomain: "Acme-Robotics.example", EmailPattern: "aaaa", Created: at, Payment: "fp"}, "domain:acme-robotics.example", true, "nothing"},
		{"a contract before the domain", exchange.Account{Org: "org_7", EmailDomain: "acme-robotics.example"}, "org:org_7", false, "nothing"},
		{"a contract with throw-away mail", exchange.Account{Org: "org_7", EmailDomain: "mailinator.com", Created: at}, "org:org_7", false, "nothing"},
		{"only a card", exchange.Account{Payment: "fp"}, "", true, "nothing"},
	} {
		s := ReadSignUp(sketch.Key{1}, &c.account)
		if s.Owner != c.owner || (s.Payment != 0) != c.payment || kindCounts(s.Left) != c.left {
			t.Errorf("%s: owner %q, payment %v, left %s", c.name, s.Owner, s.Payment != 0, kindCounts(s.Left))
		}
	}
}

// Countries, names, plans and programmes of a sign-up are not looked at.
func TestSignUpReadsNoCountry(t *testing.T) {
	base := exchange.Account{EmailDomain: "gmail.com", EmailPattern: "aaaa99", Payment: "fp", Created: noon}
	other := base
	other.BINCountry, other.PhoneCountry, other.BillCountry, other.OrgName, other.Programme, other.Plan = "DE", "BR", "NG", "Acme", "education", "pro"
	a, b := ReadSignUp(sketch.Key{1}, &base), ReadSignUp(sketch.Key{1}, &other)
	if a.Owner != b.Owner || a.Payment != b.Payment || kindCounts(a.Left) != kindCounts(b.Left) || a.Left[0] != b.Left[0] {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestSignUpsOfOneHourAndCard(t *testing.T) {
	of := func(key sketch.Key, payment string, minute int) SignUp {
		return ReadSignUp(key, &exchange.Account{EmailDomain: "gmail.com", Payment: payment, Created: noon.Add(time.Duration(minute) * time.Minute)})
	}
	a, b, c := of(sketch.Key{1}, "card", 0), of(sketch.Key{1}, "card", 59), of(sketch.Key{1}, "other", 60)
	if a.Payment != b.Payment || a.Left[0] != b.Left[0] {
		t.Error("one card and one hour do not meet")
	}
	if a.Payment == c.Payment || a.Left[0] == c.Left[0] {
		t.Error("two cards or two hours meet")
	}
	if d := of(sketch.Key{2}, "card", 0); d.Payment == a.Payment || d.Left[0] == a.Left[0] {
		t.Error("another key gives the same observables")
	}
}

// A mail service taken for a company would make one owner of its customers, a
// company taken for a mail service would let its people look like strangers.
func TestMailLists(t *testing.T) {
	for domain, want := range map[string]domainClass{
		"gmail.com": freeMail, "outlook.com": freeMail, "qq.com": freeMail, "163.com": freeMail, "yandex.ru": freeMail, "naver.com": freeMail,
		"yahoo.co.jp": freeMail, "web.de": freeMail, "proton.me": freeMail, "rediffmail.com": freeMail, "uol.com.br": freeMail, "orange.fr": freeMail,
		"mailinator.com": throwAway, "guerrillamail.com": throwAway, "yopmail.com": throwAway,
		"siemens.com": company, "ox.ac.uk": company, "u-tokyo.ac.jp": company,
	} {
		if got := classify(domain); got != want {
			t.Errorf("%s: class %d, want %d", domain, got, want)
		}
	}
	for d := range mailLists() {
		if d != strings.ToLower(d) || !strings.Contains(d, ".") {
			t.Errorf("the lists hold %q", d)
			break
		}
	}
}
