package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime"
	"slices"
	"strings"
	"time"

	"iolaus/api"
	"iolaus/campaign"
	"iolaus/enforce"
)

// handler is everything that is answered, each behind its right.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	on := func(right string) func(pattern string, h http.HandlerFunc) {
		return func(pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, s.guarded(right, h)) }
	}
	write, read, admin := on("write"), on("read"), on("admin")
	write("/v1/exchanges", s.api.Exchanges)
	write("/v1/traces", s.api.OTLPTraces)
	write("/v1/logs", s.api.OTLPLogs)
	write("/v1/accounts", s.api.Accounts)
	write("/v1/signup", s.api.SignUp)
	write("POST /v1/flush", s.flush)
	s.gate.Handle(on("decide"))
	read("GET /v1/campaigns", s.campaigns)
	read("GET /v1/campaigns/{id}", s.campaign)
	read("GET /v1/measures", s.measures)
	admin("POST /v1/measures", s.command)
	admin("DELETE /v1/measures/{id}", s.lift)
	read("GET /metrics", s.metrics)
	admin("GET /debug/pprof/", pprof.Index)
	admin("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", s.readyz)
	return mux
}

// guarded lets a request in by its token. Without tokens only this machine's
// own programs are let in: no browser, and no name but loopback's.
func (s *Server) guarded(right string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		c := s.config.Load()
		if len(c.tokens) == 0 {
			if req.Header["Origin"] != nil || !localHost(req.Host) {
				api.Fault(w, http.StatusForbidden, "without tokens only programs on this machine are let in; set tokens")
				return
			}
			h(w, req)
			return
		}
		t := c.tokens[sha256.Sum256([]byte(presented(req)))]
		switch {
		case t == nil:
			w.Header().Set("WWW-Authenticate", "Bearer")
			api.Fault(w, http.StatusUnauthorized, "send a token: Authorization: Bearer TOKEN, or X-Api-Key: TOKEN")
		case !slices.Contains(t.May, right):
			api.Fault(w, http.StatusForbidden, "this token may not "+right)
		default:
			h(w, req)
		}
	}
}

func presented(req *http.Request) string {
	if t, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	return req.Header.Get("X-Api-Key")
}

// localHost says whether a request names this machine as itself: another name
// means that a page elsewhere was made to point here.
func localHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return host == "localhost" || host == "iolaus" || ip != nil && ip.IsLoopback()
}

// readyz says whether decisions rest on all that is known, and if not, why.
func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	why := ""
	switch t := s.trouble.Load(); {
	case s.stopping.Load():
		why = "stopping"
	case t != nil:
		why = "the run stopped and begins anew: " + *t
	case !s.ready.Load():
		why = "reading the journal"
	case s.full() != "":
		why = s.full()
	}
	if why != "" {
		api.Fault(w, http.StatusServiceUnavailable, why)
		return
	}
	w.Write([]byte("ready\n"))
}

// flush answers when everything stored so far was taken in and hunted in.
func (s *Server) flush(w http.ResponseWriter, req *http.Request) {
	st, err := s.stream.State(req.Context())
	if err != nil {
		api.Fault(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	done := make(chan error, 1)
	ask := wish{done: done}
	if st.Frames > 0 {
		ask.upTo = st.Last
	}
	select {
	case s.flushes <- ask:
	case <-req.Context().Done():
		return
	}
	select {
	case err := <-done:
		if err != nil {
			api.Fault(w, http.StatusServiceUnavailable, err.Error())
			return
		}
		api.JSON(w, map[string]any{"campaigns": len(*s.found.Load())})
	case <-req.Context().Done():
	}
}

func (s *Server) all() []*campaign.Campaign {
	if cs := s.found.Load(); cs != nil {
		return *cs
	}
	return nil
}

func (s *Server) campaigns(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines(w, s.all())
}

func (s *Server) campaign(w http.ResponseWriter, req *http.Request) {
	for _, c := range s.all() {
		if c.ID == req.PathValue("id") {
			api.JSON(w, map[string]any{"campaign": c, "explanation": c.Explain(), "evidence": c.Evidence})
			return
		}
	}
	api.Fault(w, http.StatusNotFound, "there is no such campaign")
}

// measureRow is one measure in force.
type measureRow struct {
	ID       string    `json:"id"`
	Account  string    `json:"account,omitempty"`
	Org      string    `json:"org,omitempty"`
	Measure  string    `json:"measure"`
	Shadow   bool      `json:"shadow"`
	Campaign string    `json:"campaign,omitempty"`
	Reason   string    `json:"reason"`
	Policy   string    `json:"policy,omitempty"`
	Lift     string    `json:"lift"`
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
}

func (s *Server) measures(w http.ResponseWriter, _ *http.Request) {
	accounts, orgs := s.book.Orders(time.Now())
	var rows []measureRow
	for _, name := range sortedKeys(accounts) {
		o := accounts[name]
		rows = append(rows, measureRow{o.ID, name, "", o.Measure.String(), o.Shadow, o.Campaign, o.Reason, o.Policy, o.Lift, time.Unix(o.Since, 0).UTC(), time.Unix(o.Until, 0).UTC()})
	}
	for _, name := range sortedKeys(orgs) {
		o := orgs[name]
		rows = append(rows, measureRow{o.ID, "", name, o.Measure.String(), o.Shadow, o.Campaign, o.Reason, o.Policy, o.Lift, time.Unix(o.Since, 0).UTC(), time.Unix(o.Until, 0).UTC()})
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines(w, rows)
}

// command makes a measure by a person's order:
// {"by":"...","reason":"...","account" or "org":"...","measure":"block","until":"2026-...Z"}.
func (s *Server) command(w http.ResponseWriter, req *http.Request) {
	var e enforce.Event
	d := json.NewDecoder(http.MaxBytesReader(w, req.Body, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		api.Fault(w, http.StatusBadRequest, "cannot read the order: "+err.Error())
		return
	}
	if name := e.Account + e.Org; s.config.Load().allowed[name] != "" {
		api.Fault(w, http.StatusConflict, name+" is on the allow list: "+s.config.Load().allowed[name])
		return
	}
	made, err := s.book.Command(time.Now(), e)
	if err != nil {
		api.Fault(w, http.StatusBadRequest, err.Error())
		return
	}
	s.publishOrders()
	api.JSON(w, made)
}

// lift ends a measure: ?by=PERSON&reason=WHY.
func (s *Server) lift(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	err := s.book.Lift(time.Now(), req.PathValue("id"), q.Get("by"), q.Get("reason"))
	switch {
	case errors.Is(err, enforce.ErrNone):
		api.Fault(w, http.StatusNotFound, err.Error())
	case err != nil:
		api.Fault(w, http.StatusBadRequest, err.Error())
	default:
		s.publishOrders()
		api.JSON(w, map[string]string{"lifted": req.PathValue("id")})
	}
}

func (s *Server) metrics(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithTimeout(req.Context(), time.Second)
	defer cancel()
	accounts, orgs := s.book.Orders(time.Now())
	more := []gauge{
		{"iolaus_campaigns", "gauge", "Campaigns that stand.", float64(len(s.all()))},
		{"iolaus_measures", "gauge", "Measures in force, in shadow or not.", float64(len(accounts) + len(orgs))},
		{"iolaus_goroutines", "gauge", "Goroutines of the process.", float64(runtime.NumGoroutine())},
		{"iolaus_ready", "gauge", "Whether decisions rest on all that is known.", map[bool]float64{true: 1}[s.ready.Load()]},
	}
	if st, err := s.stream.State(ctx); err == nil {
		more = append(more,
			gauge{"iolaus_stream_bytes", "gauge", "What the stream holds.", float64(st.Bytes)},
			gauge{"iolaus_stream_frames", "gauge", "Frames the stream holds.", float64(st.Frames)},
			gauge{"iolaus_stream_bytes_limit", "gauge", "From which the stream refuses.", float64(st.Max)},
			gauge{"iolaus_stream_waiting", "gauge", "Requests that wait to be stored.", float64(st.Waiting)})
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s.meters.write(w, more)
}
