package exchange

import "time"

// A Family is a source of evidence that fails independently of the others: an
// operator who hides one gives no help in hiding the next. Evidence is capped
// per family, so that ten views of one fact count once.
type Family uint8

// The six families, in the order in which they are explained.
const (
	Identity       Family = iota // payment, e-mail, sign-up
	Infrastructure               // address, network
	Client                       // user agent, TLS, SDK, parameters, tool schemas
	Content                      // frames, phrases, items, capabilities
	Behaviour                    // fail-over, succession, rhythm
	Protocol                     // reasoning signatures and response ids out of their account
	Families       = 6
)

var familyNames = [Families]string{"identity", "infrastructure", "client", "content", "behaviour", "protocol"}

// String returns the family's name as it stands in evidence and reports.
func (f Family) String() string {
	if int(f) < len(familyNames) {
		return familyNames[f]
	}
	return "unknown"
}

// A Kind says what an observable is a view of.
type Kind uint8

// The kinds. Their numbers are stored in ledgers: append, never reorder.
const (
	Payment    Kind = iota + 1 // card or bank fingerprint
	EmailName                  // private e-mail domain
	SignUp                     // shape of the e-mail, in one burst of sign-ups
	Address                    // one IPv4 address or one IPv6 /64
	Network                    // IPv4 /24 or IPv6 /48
	Agent                      // user agent together with the TLS fingerprint
	Settings                   // user agent, parameters and TLS: how the client is set up
	ToolSet                    // names and schemas of the tools offered
	System                     // masked frame of the system prompt
	Phrase                     // one masked line or sentence of a prompt
	Frame                      // masked beginning or end of the newest turn
	Item                       // the payload: a prompt without its wrapper
	Failover                   // an item that failed elsewhere moments before
	Echo                       // an item asked elsewhere within a minute
	Succession                 // frame continued after a ban
	Signed                     // reasoning signature or response id of another account
	Kinds
)

type kindInfo struct {
	name   string
	family Family
}

var kinds = [Kinds]kindInfo{
	Payment: {"payment", Identity}, EmailName: {"email-domain", Identity}, SignUp: {"sign-up", Identity},
	Address: {"address", Infrastructure}, Network: {"network", Infrastructure},
	Agent: {"agent", Client}, Settings: {"settings", Client}, ToolSet: {"tool-set", Client},
	System: {"system-prompt", Content}, Phrase: {"phrase", Content}, Frame: {"frame", Content}, Item: {"item", Content},
	Failover: {"fail-over", Behaviour}, Echo: {"echo", Behaviour}, Succession: {"succession", Behaviour},
	Signed: {"signature", Protocol},
}

// String returns the kind's name as it stands in evidence and reports.
func (k Kind) String() string {
	if k < Kinds && kinds[k].name != "" {
		return kinds[k].name
	}
	return "unknown"
}

// Family returns the family that the kind belongs to.
func (k Kind) Family() Family {
	if k < Kinds {
		return kinds[k].family
	}
	return Families
}

// KindNamed is the inverse of String; false when there is no such kind.
func KindNamed(name string) (Kind, bool) {
	for k := Kind(1); k < Kinds; k++ {
		if kinds[k].name == name {
			return k, true
		}
	}
	return 0, false
}

// An Observable is a trace that an account leaves and that other accounts of the
// same operator would leave too. Key is a keyed hash: without the key of the
// ledger it says nothing about the address, card or prompt behind it.
type Observable struct {
	Kind Kind
	Key  uint64
}

// A Sighting is what is remembered of one account and one observable.
type Sighting struct {
	Account     string
	Observable  Observable
	First, Last time.Time
	Count       uint32
}
