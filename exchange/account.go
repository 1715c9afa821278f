package exchange

import "time"

// An Account is one sign-up, as the registry knows it at the end of the log.
// Every field but ID may be missing.
type Account struct {
	ID           string
	Created      time.Time
	EmailDomain  string
	EmailPattern string // shape of the local part, for example "aaaa.aaa99"
	Payment      string // fingerprint of the card or bank account
	BINCountry   string
	PhoneCountry string
	BillCountry  string
	Org          string
	OrgName      string
	Programme    string // none, education, startup, security_research
	Verified     bool
	Plan         string
	Banned       time.Time // zero while active; unknown to any reader before that time
}
