package observe

import (
	_ "embed"
	"strings"
	"sync"
	"time"

	"iolaus/exchange"
	"iolaus/sketch"
)

// SignUp is what a registry entry leaves behind, and who consistently owns it.
type SignUp struct {
	// Owner is a contract or a company's mail domain; "" for a private person.
	Owner string
	// Payment is the card or bank account; 0 for none.
	Payment exchange.Observable
	// Left holds the other identity observables.
	Left []exchange.Observable
}

// ReadSignUp turns a registry entry into observables.
//
// Sees: card fingerprint, shape of the e-mail's local part, throw-away mail
// domain, hour of the sign-up. Strong when one card pays for accounts of many
// firms. Fooled by a card for each account. Innocent look-alike: families and
// agencies share cards, launches bring bursts of sign-ups, many people write
// first.last99: a shape or an hour supports and never convicts.
func ReadSignUp(key sketch.Key, a *exchange.Account) SignUp {
	var s SignUp
	domain := strings.ToLower(strings.TrimSpace(a.EmailDomain))
	switch {
	case a.Org != "":
		s.Owner = "org:" + a.Org
	case domain != "" && classify(domain) == company:
		s.Owner = "domain:" + domain
	}
	leave := func(k exchange.Kind, v string) {
		s.Left = append(s.Left, exchange.NewObservable(k, key.Hash(byte(k), v)))
	}
	if a.Payment != "" {
		s.Payment = exchange.NewObservable(exchange.Payment, key.Hash(byte(exchange.Payment), a.Payment))
	}
	if s.Owner != "" {
		return s // a firm's people look alike because they are one firm's
	}
	if domain != "" && classify(domain) == throwAway {
		leave(exchange.EmailName, domain)
	}
	if a.EmailPattern != "" {
		leave(exchange.EmailShape, a.EmailPattern)
	}
	if !a.Created.IsZero() {
		leave(exchange.SignUp, a.Created.UTC().Truncate(time.Hour).Format("2006010215"))
	}
	return s
}

type domainClass uint8

const (
	company domainClass = iota
	freeMail
	throwAway
)

//go:embed mail/free.txt
var freeList string

//go:embed mail/disposable.txt
var throwAwayList string

// mailLists are the lists of mail services, read once.
var mailLists = sync.OnceValue(func() map[string]domainClass {
	m := map[string]domainClass{}
	for _, d := range strings.Fields(freeList) {
		m[d] = freeMail
	}
	for _, d := range strings.Fields(throwAwayList) {
		m[d] = throwAway
	}
	return m
})

// classify tells a company's domain from a mail service's. Unknown is company:
// its accounts are then one owner, and one owner alone is never accused.
func classify(domain string) domainClass { return mailLists()[domain] }
