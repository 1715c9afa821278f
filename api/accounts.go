package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"iolaus/source"
)

// Accounts takes PUT /v1/accounts: rows of the sign-up registry, JSON lines or
// CSV with a header. What it says takes effect with an account's first exchange.
func (s *Server) Accounts(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPut && req.Method != http.MethodPost {
		Fault(w, http.StatusMethodNotAllowed, "use PUT")
		return
	}
	if why := s.Full(); why != "" {
		busy(w, http.StatusTooManyRequests, why)
		return
	}
	body, done, err := s.plain(w, req)
	if err != nil {
		bodyFault(w, err)
		return
	}
	defer done()
	bad := []source.Reject{}
	as, err := source.Accounts("body", body, func(r source.Reject) {
		s.refuse(r.Reason)
		if len(bad) < 100 {
			bad = append(bad, r)
		}
	})
	if err != nil {
		bodyFault(w, err)
		return
	}
	if err := s.Register(as); err != nil {
		busy(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	JSON(w, map[string]any{"stored": len(as), "refused": bad})
}

// maxSignUp is how large one sign-up may be.
const maxSignUp = 64 << 10

// SignUp takes POST /v1/signup: one row of the registry, for a new account. It
// enters the row, and answers whether the sign-up carries a campaign's habits.
// With "exchange", a canonical line, what the first request leaves counts too.
func (s *Server) SignUp(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost {
		Fault(w, http.StatusMethodNotAllowed, "use POST")
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxSignUp))
	if err != nil {
		bodyFault(w, err)
		return
	}
	if !json.Valid(text) {
		Fault(w, http.StatusBadRequest, "send one JSON object with account_id and what the registry knows")
		return
	}
	var line bytes.Buffer
	json.Compact(&line, text)
	var why source.Reject
	as, err := source.Accounts("body", &line, func(r source.Reject) {
		if r.Reason != source.UnknownField {
			why = r
		}
	})
	if err != nil || len(as) != 1 {
		Fault(w, http.StatusBadRequest, "cannot use the sign-up: "+why.Reason+" "+why.Field+"; send one JSON object with account_id")
		return
	}
	if err := s.Register(as); err != nil {
		busy(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	JSON(w, s.Judge(&as[0]))
}
