package gateway

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"slices"
	"sync"
	"time"

	"iolaus/guard"
)

// A Feed is what changed in the measures against accounts.
type Feed struct {
	Made  map[string]*guard.Order // by account
	Ended []Ended
	Next  uint64 // to ask with next time
}

// Ended is a measure that is over before its time.
type Ended struct {
	Account string
	Order   guard.Order
}

// A decision is one entry of the pull feed, in the shape of CrowdSec's LAPI with
// scope "account".
type decision struct {
	ID       int64  `json:"id"`
	UUID     string `json:"uuid"`
	Origin   string `json:"origin"`
	Type     string `json:"type"`
	Scope    string `json:"scope"`
	Value    string `json:"value"`
	Duration string `json:"duration"`
	Scenario string `json:"scenario"`
}

// feeds remembers how far each follower has come.
type feeds struct {
	mu   sync.Mutex
	next map[uint64]uint64
}

// decisionTypes are the names under which bouncers act on measures; what has
// none is not in the feed.
func decisionType(m guard.Measure) string {
	switch m {
	case guard.Block:
		return "ban"
	case guard.Verify, guard.Hold:
		return "captcha"
	case guard.Slow:
		return "throttle"
	case guard.Withhold:
		return "withhold"
	}
	return ""
}

func asDecision(account string, o *guard.Order, now time.Time) decision {
	h := fnv.New64a()
	h.Write([]byte(o.ID))
	left := max(0, time.Unix(o.Until, 0).Sub(now)).Round(time.Second)
	return decision{ID: int64(h.Sum64() >> 11), UUID: o.ID, Origin: "iolaus", Type: decisionType(o.Measure), Scope: "account",
		Value: account, Duration: left.String(), Scenario: "iolaus/" + cmp.Or(o.Campaign, "by-order")}
}

func (d *decision) acts(o *guard.Order) bool { return d.Type != "" && !o.Shadow }

// decisions answers GET /v1/decisions?scope=account&value=NAME; null when there
// is none, as CrowdSec does.
func (g *Gateway) decisions(w http.ResponseWriter, req *http.Request) {
	if g.Orders == nil || req.Method != http.MethodGet {
		fault(w, http.StatusMethodNotAllowed, "use GET")
		return
	}
	v := req.URL.Query()
	var out []decision
	if scope := v.Get("scope"); scope == "" || scope == "account" {
		out = listed(g.Orders(0).Made, time.Now(), v.Get("value"))
	}
	w.Header()["Content-Type"] = jsonType
	json.NewEncoder(w).Encode(out)
}

func listed(made map[string]*guard.Order, now time.Time, only string) []decision {
	var out []decision
	for account, o := range made {
		if d := asDecision(account, o, now); d.acts(o) && (only == "" || only == account) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b decision) int { return cmp.Compare(a.Value, b.Value) })
	return out
}

// decisionStream answers GET /v1/decisions/stream?startup=true with all that is
// in force, and later calls with what changed since the follower's last one.
// Followers are told apart by their X-Api-Key.
func (g *Gateway) decisionStream(w http.ResponseWriter, req *http.Request) {
	if g.Orders == nil || req.Method != http.MethodGet {
		fault(w, http.StatusMethodNotAllowed, "use GET")
		return
	}
	h := fnv.New64a()
	h.Write([]byte(req.Header.Get("X-Api-Key")))
	h.Write([]byte(req.UserAgent()))
	who := h.Sum64()
	g.feeds.mu.Lock()
	defer g.feeds.mu.Unlock()
	if g.feeds.next == nil || len(g.feeds.next) > 4096 {
		g.feeds.next = map[uint64]uint64{}
	}
	since := g.feeds.next[who]
	if req.URL.Query().Get("startup") == "true" {
		since = 0
	}
	f := g.Orders(since)
	g.feeds.next[who] = f.Next
	now := time.Now()
	out := struct {
		New     []decision `json:"new"`
		Deleted []decision `json:"deleted"`
	}{listed(f.Made, now, ""), nil}
	for i := range f.Ended {
		e := &f.Ended[i]
		if d := asDecision(e.Account, &e.Order, now); d.acts(&e.Order) {
			d.Duration = "0s"
			out.Deleted = append(out.Deleted, d)
		}
	}
	w.Header()["Content-Type"] = jsonType
	json.NewEncoder(w).Encode(out)
}
