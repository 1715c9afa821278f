// Package exchange is the vocabulary of Iolaus: what a gateway logs, who is
// behind it as far as the registry says, and what was seen of whom.
//
// It promises plain values without behaviour that could surprise: no clock, no
// I/O, no imports of ours. Time is always event time, taken from the log, so
// that a replay gives what live traffic would have given. It refuses to judge.
package exchange

import (
	"net/netip"
	"time"
)

// An Exchange is one request to a model and its response, in the canonical form
// that every log format is translated to. Absent facts are zero values: a log
// without prompts, addresses or client fields is normal.
//
// A source may reuse an Exchange and the bytes behind its strings for the next
// line; whoever keeps a string beyond the call clones it.
type Exchange struct {
	ID         string    // request id as the gateway assigned it; repeats are counted once
	Time       time.Time // start of the request
	FirstToken time.Time // zero when unknown or not streamed
	End        time.Time // zero when unknown

	Account    string // whom the provider bills or bans
	Key        string // API key, hashed by the gateway
	Org        string // organisation the gateway attributes the key to
	Team       string
	SubAccount string // the account's own customer (end_user, safety_identifier)
	Session    string // trace, conversation or session id

	Address   netip.Addr // of the requester, unmapped; the zero Addr when unknown
	UserAgent string
	TLS       string // JA4 or another TLS fingerprint

	Provider  string // who served it, as the log names them
	Operation string // chat, responses, embeddings, ...
	Model     string // asked for
	Served    string // answered, where the log tells it apart
	Endpoint  string // URL, host or ARN the request was sent to
	Region    string // where it was served, as the log names it
	Params    Params

	System string // system prompt or instructions
	Turns  []Turn // without the system prompt, oldest first
	Tools  []Tool // offered by the client
	Output string // text of the answer
	Calls  []Call // tools the answer calls
	Finish string // stop, length, tool_calls, ...

	Usage     Usage
	Failed    bool
	ErrorCode int    // HTTP status of a failure; 0 when unknown
	Error     string // class of the failure, never its text

	ResponseID       string      // issued with this answer
	PreviousResponse string      // presented with this request
	Signatures       []Signature // of reasoning, issued or presented
	Truncated        bool        // the log cut the texts

	ServedRegion string // where inference ran, when the log tells it apart from Region
	Fallbacks    int    // other deployments that the gateway tried before this answer
	KeyName      string // the key's readable alias
	TeamName     string // the team's readable alias
}

// Params are the request's settings; a nil pointer is "not set".
type Params struct {
	Temperature *float64
	TopP        *float64
	MaxTokens   int
	N           int // answers asked for
	Seed        *int64
	Stream      bool
	Logprobs    bool
	Reasoning   string // effort or level asked for
}

// A Turn is one message of the conversation.
type Turn struct {
	Role string // user, assistant, tool
	Text string
}

// A Tool is a function that the client offers to the model.
type Tool struct {
	Name   string
	Schema string // its parameters, raw JSON
}

// A Call is a tool call of the answer.
type Call struct {
	Name      string
	Arguments string // raw JSON
}

// A Signature is a provider's seal on a piece of hidden reasoning. It is issued
// to one account in an answer and comes back in that account's next request.
type Signature struct {
	Value  string
	Issued bool // true in an answer, false when presented in a request
}

// Usage counts tokens and money. Input includes cached tokens, as in OpenTelemetry;
// sources whose format excludes them add them.
type Usage struct {
	Input, Output, CacheRead, CacheWrite, Reasoning int
	Cost                                            float64 // US dollars
}

// Newest returns the text of the last turn that the user wrote, or "" when
// there is none: agent loops resend their history, and only its end is new.
func (x *Exchange) Newest() string {
	for i := len(x.Turns) - 1; i >= 0; i-- {
		if x.Turns[i].Role == "user" {
			return x.Turns[i].Text
		}
	}
	return ""
}

// Reset clears x for the next line and keeps its slices' memory.
func (x *Exchange) Reset() {
	*x = Exchange{
		Turns:      x.Turns[:0],
		Tools:      x.Tools[:0],
		Calls:      x.Calls[:0],
		Signatures: x.Signatures[:0],
	}
}
