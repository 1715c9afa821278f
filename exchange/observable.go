package exchange

import (
	"fmt"
	"time"
)

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
	EmailShape                 // shape of the local part of the e-mail
	SignUp                     // hour of the sign-up
	Address                    // one IPv4 address or one IPv6 /64
	Network                    // IPv4 /24 or IPv6 /48
	Agent                      // user agent together with the TLS fingerprint
	Software                   // user agent without its version, with the TLS fingerprint
	Settings                   // software together with the parameters of the request
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
	Payment: {"payment", Identity}, EmailName: {"email-domain", Identity}, EmailShape: {"email-shape", Identity}, SignUp: {"sign-up", Identity},
	Address: {"address", Infrastructure}, Network: {"network", Infrastructure},
	Agent: {"agent", Client}, Software: {"software", Client}, Settings: {"settings", Client}, ToolSet: {"tool-set", Client},
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
// same operator would leave too: the kind in the top byte, below it 56 bits of a
// keyed hash. Without the key of the ledger it says nothing about the address,
// card or prompt behind it. The zero Observable is none.
type Observable uint64

// NewObservable packs a kind and a keyed hash, of which the low 56 bits count.
func NewObservable(k Kind, hash uint64) Observable {
	return Observable(uint64(k)<<56 | hash&(1<<56-1))
}

// Kind returns what the observable is a view of.
func (o Observable) Kind() Kind { return Kind(o >> 56) }

// Family returns the family of the observable's kind.
func (o Observable) Family() Family { return o.Kind().Family() }

// String returns the kind and the first digits of the hash, as evidence names it.
func (o Observable) String() string {
	return fmt.Sprintf("%s#%06x", o.Kind(), uint64(o)>>32&0xffffff)
}

// A Sighting is what is remembered of one account and one observable.
type Sighting struct {
	Account     string
	Observable  Observable
	First, Last time.Time
	Count       uint32
}
