package route

import (
	"time"

	"iolaus/route/catalogue"
	"iolaus/route/policy"
)

// Notice stands on every report.
const Notice = "This report describes what logs, configuration and dated public sources say. It is not legal advice, " +
	"and it does not find that anybody broke a law: that is for people who know the whole case."

// A Report is what an audit found. Its JSON form is stable: fields are added,
// never renamed.
type Report struct {
	Notice    string          `json:"notice"`
	AsOf      time.Time       `json:"as_of"`
	Policy    PolicyNamed     `json:"policy"`
	Totals    Totals          `json:"totals"`
	Unknown   []Missing       `json:"unknown,omitempty"`
	Findings  []Finding       `json:"findings"`
	Workloads []WorkloadSeen  `json:"workloads"`
	Exposure  Exposure        `json:"exposure"`
	Questions []Answer        `json:"questions,omitempty"`
	Laws      []LawReached    `json:"laws"`
	Inputs    []Input         `json:"inputs,omitempty"`
	Rejected  map[string]int  `json:"rejected,omitempty"` // lines that could not be read, by reason
	Rules     []policy.Rule   `json:"-"`
	Sources   []SourceUsed    `json:"sources"`
	Places    map[string]Spot `json:"places,omitempty"` // of the countries and regions named, for drawing
}

// A Missing is a fact that lines of the log do not carry.
type Missing struct {
	Field string  `json:"field"`
	Lines int     `json:"lines"`
	Share float64 `json:"share"`
	Hides string  `json:"hides"` // what cannot be known without it
}

// An Input is a log that was read.
type Input struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// PolicyNamed says which policy was used.
type PolicyNamed struct {
	Name  string `json:"name"`
	File  string `json:"file"`
	Basis string `json:"basis"`
	Law   string `json:"law"`
	Home  string `json:"home"`
}

// Totals are the sizes of the log.
type Totals struct {
	Exchanges int       `json:"exchanges"`
	Failed    int       `json:"failed"`
	Workloads int       `json:"workloads"`
	Endpoints int       `json:"endpoints"`
	Cost      float64   `json:"cost_usd"`
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
	Outside   int       `json:"outside"`   // exchanges that went where the policy does not allow
	MayLeave  int       `json:"may_leave"` // that may have, or of which it is not known
}

// A WorkloadSeen is one sender with its ways.
type WorkloadSeen struct {
	Name     string     `json:"name"`
	Kind     string     `json:"kind"` // declared, or what names it: team, key, account, org
	Class    string     `json:"class"`
	Owner    string     `json:"owner,omitempty"`
	Purpose  string     `json:"purpose,omitempty"`
	Flows    []FlowSeen `json:"flows"`
	Unseen   []string   `json:"declared_not_seen,omitempty"` // declared services without traffic
	Count    int        `json:"exchanges"`
	Failed   int        `json:"failed"`
	Cost     float64    `json:"cost_usd"`
	Tokens   int64      `json:"tokens"`
	First    time.Time  `json:"first"`
	Last     time.Time  `json:"last"`
	Hours    [24]int    `json:"hours_utc"`
	Outside  float64    `json:"share_outside"`   // of exchanges, 0 to 1
	MayLeave float64    `json:"share_may_leave"` // 0 to 1
}

// Verdicts on a flow.
const (
	Allowed  = "allowed"
	Outside  = "outside"
	MayLeave = "may leave"
	Unknown  = "unknown"
)

// A FlowSeen is one way that requests went, declared against observed.
type FlowSeen struct {
	Provider  string           `json:"provider"`
	Service   string           `json:"service"`
	Kind      string           `json:"kind"`
	Host      string           `json:"host,omitempty"`
	Asked     string           `json:"model_asked,omitempty"`
	Served    string           `json:"model_served,omitempty"`
	Region    string           `json:"region,omitempty"`
	Country   string           `json:"country,omitempty"` // of the region or of the data at rest
	Runs      string           `json:"runs"`              // where it may have been served
	Scope     string           `json:"scope,omitempty"`
	Entity    string           `json:"entity,omitempty"`
	Parent    string           `json:"parent,omitempty"`
	Homes     []string         `json:"homes,omitempty"` // jurisdictions of the company on top
	Retention string           `json:"retention"`
	Training  string           `json:"training"`
	Subs      string           `json:"subprocessors"`
	Resells   string           `json:"resells"`
	Declared  string           `json:"declared"` // the policy's line, or what is missing
	Ground    string           `json:"ground,omitempty"`
	Verdict   string           `json:"verdict"`
	Count     int              `json:"exchanges"`
	Failed    int              `json:"failed"`
	Moved     int              `json:"after_failure"` // exchanges that came here by fail-over
	Cost      float64          `json:"cost_usd"`
	Tokens    int64            `json:"tokens"`
	First     time.Time        `json:"first"`
	Last      time.Time        `json:"last"`
	Clues     []catalogue.Clue `json:"clues"`
	Line      Line             `json:"line"` // the first line that went this way
}

// A Finding is something that the policy's owner should know.
type Finding struct {
	Rule        string    `json:"rule"`
	Severity    string    `json:"severity"`
	Title       string    `json:"title"`
	Workload    string    `json:"workload,omitempty"`
	Class       string    `json:"class,omitempty"`
	Subject     string    `json:"subject"` // the endpoint, document, route or field
	Message     string    `json:"message"` // what was seen
	Says        string    `json:"says"`    // what that means
	Article     string    `json:"article,omitempty"`
	Remedy      string    `json:"remedy"`
	Count       int       `json:"exchanges,omitempty"`
	Share       float64   `json:"share,omitempty"`   // of the workload's exchanges, or of all when it speaks of many senders
	Senders     int       `json:"senders,omitempty"` // how many, when it speaks of many
	First       time.Time `json:"first,omitzero"`
	Last        time.Time `json:"last,omitzero"`
	Evidence    []Line    `json:"evidence"`
	Fingerprint string    `json:"fingerprint"` // the same finding has the same one next time
	Known       bool      `json:"known,omitempty"`
}

// An Answer is what this audit can say to a question that a government asks.
type Answer struct {
	Number  int    `json:"number"`
	Asks    string `json:"asks"`
	Service string `json:"service"`
	Answer  string `json:"answer"`
}

// A LawReached is a statute whose country the data reached or whose company held it.
type LawReached struct {
	Country string `json:"country"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Says    string `json:"says"`
	Source  string `json:"source"`
}

// A SourceUsed is a source of the catalogue that this report rests on.
type SourceUsed struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url"`
	Date  string `json:"date"`
}

// A Spot is where a place lies on a map, in degrees.
type Spot struct {
	Name string  `json:"name"` // of the city or country
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}
