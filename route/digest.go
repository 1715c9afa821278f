package route

import (
	"strings"
	"time"

	"iolaus/exchange"
	"iolaus/route/catalogue"
)

// A Digest is what the audit takes from one exchange: where it went, for whom,
// how much. It holds no text of prompts or answers.
type Digest struct {
	Time                                       time.Time
	ID, Session                                string
	Team, TeamName, Key, KeyName, Account, Org string
	Endpoint, Provider, Region, Served, Model  string
	ServedRegion                               string
	Input, Output, Fallbacks, ErrorCode        int
	Cost                                       float64
	Failed, Texts                              bool // Texts: the log line holds a prompt or an answer
}

// interned is how many different strings a digester remembers before it starts
// anew: enough for the names in any log, too few to grow with its length.
const interned = 1 << 16

// NewDigester returns a function that fills a Digest from an exchange whose
// strings may be reused afterwards. The function is for one goroutine; make one
// for each.
func NewDigester() func(x *exchange.Exchange, d *Digest) {
	names := map[string]string{}
	intern := func(s string) string {
		if s == "" {
			return ""
		}
		if v, ok := names[s]; ok {
			return v
		}
		if len(names) >= interned {
			clear(names)
		}
		v := strings.Clone(s)
		names[v] = v
		return v
	}
	places := map[string]string{}
	place := func(s string) string {
		if v, ok := places[s]; ok {
			return v
		}
		if len(places) >= interned {
			clear(places)
		}
		v := strings.Clone(catalogue.Reduce(s))
		places[strings.Clone(s)] = v
		return v
	}
	return func(x *exchange.Exchange, d *Digest) {
		*d = Digest{
			Time: x.Time, ID: strings.Clone(x.ID), Session: strings.Clone(x.Session),
			Team: intern(x.Team), TeamName: intern(x.TeamName), Key: intern(x.Key), KeyName: intern(x.KeyName),
			Account: intern(x.Account), Org: intern(x.Org),
			Endpoint: place(x.Endpoint), Provider: intern(x.Provider), Region: intern(x.Region),
			ServedRegion: intern(x.ServedRegion), Model: intern(x.Model), Served: intern(x.Served),
			Input: x.Usage.Input, Output: x.Usage.Output, Cost: x.Usage.Cost,
			Fallbacks: x.Fallbacks, ErrorCode: x.ErrorCode, Failed: x.Failed,
			Texts: texts(x),
		}
	}
}

// texts says whether the line holds what people wrote or models answered, and
// not only a gateway's mark that it was taken out.
func texts(x *exchange.Exchange) bool {
	for i := range x.Turns {
		if !redacted(x.Turns[i].Text) {
			return true
		}
	}
	return !redacted(x.System) || !redacted(x.Output)
}

func redacted(s string) bool {
	return s == "" || s == "redacted-by-litellm"
}
