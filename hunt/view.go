package hunt

import "iolaus/exchange"

// A View is the ledger as the hunt reads it: columns, lent for the length of a
// step and never written. Times are Unix seconds of event time.
type View struct {
	Accounts []Account
	Trails   []Trail
	Edges    []Edge
	Owners   int      // distinct owners that made at least one exchange
	Grown    []uint32 // trails that a further owner left since the last step
	Touched  []uint32 // accounts that left anything new since the last step
	Now      uint32

	Hours []Hours // per account: when it was active; empty when not kept
	Busy  *Busy   // when the population was; nil when not kept
}

// An Account is the profile of one account.
type Account struct {
	Name    string
	Owner   uint32   // index of the resolved owner; accounts of one firm or household share it
	Carried []uint32 // edges
	Left    []uint32 // the trails of those edges, which are walked far more often
	Created uint32   // 0 when unknown
	Banned  uint32   // 0 while active or not yet known
	First   uint32   // first and last exchange
	Last    uint32
	Allowed bool // never accused, by a person's decision

	Exchanges    uint32
	Failures     uint32
	Templated    uint32 // exchanges that repeat a wording of this account's own around something new
	Fresh        uint32 // exchanges whose items nobody had asked before
	Substance    uint32 // exchanges that brought items long enough to compare
	Customers    uint32 // distinct sub-accounts, as far as counted
	Input        uint64 // tokens
	Output       uint64
	Capabilities [exchange.Capabilities]uint32
}

// intermediary says whether an account passes on the requests of customers of
// its own, who are named in them. What its customers do is not its habit: a
// reseller is not accused for them.
func (a *Account) intermediary() bool {
	return a.Customers >= 8 && 50*a.Customers >= a.Exchanges
}

// spared says whether an account is never a member of a finding.
func (a *Account) spared() bool { return a.Allowed || a.intermediary() }

// A Trail is one observable that at least two owners left.
type Trail struct {
	Observable exchange.Observable
	Owners     uint32 // distinct owners that left it
	Carriers   []uint32
	Common     bool // a hand-over of an item that many owners turned out to ask: it says nothing
}

// An Edge says how often and when one account left one observable.
type Edge struct {
	Account, Trail uint32
	Count          uint32
	First, Last    uint32
}
