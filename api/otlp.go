package api

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"iolaus/exchange"
	"iolaus/source"
)

// OTLPTraces takes POST /v1/traces, OTLP/HTTP with protobuf or JSON: spans of
// the GenAI conventions are exchanges, other spans are accepted and not used.
func (s *Server) OTLPTraces(w http.ResponseWriter, req *http.Request) {
	s.otlp(w, req, func(b []byte) ([]byte, error) {
		m := &traces.TracesData{} // the export request has the same fields
		if err := proto.Unmarshal(b, m); err != nil {
			return nil, err
		}
		for _, r := range m.ResourceSpans {
			for _, sc := range r.ScopeSpans {
				for _, x := range sc.Spans {
					x.TraceId, x.SpanId, x.ParentSpanId = hexed(x.TraceId), hexed(x.SpanId), nil
				}
			}
		}
		return protojson.Marshal(m)
	}, "rejectedSpans")
}

// OTLPLogs takes POST /v1/logs: GenAI events.
func (s *Server) OTLPLogs(w http.ResponseWriter, req *http.Request) {
	s.otlp(w, req, func(b []byte) ([]byte, error) {
		m := &logs.LogsData{} // the export request has the same fields
		if err := proto.Unmarshal(b, m); err != nil {
			return nil, err
		}
		for _, r := range m.ResourceLogs {
			for _, sc := range r.ScopeLogs {
				for _, x := range sc.LogRecords {
					x.TraceId, x.SpanId = hexed(x.TraceId), hexed(x.SpanId)
				}
			}
		}
		return protojson.Marshal(m)
	}, "rejectedLogRecords")
}

// hexed is the bytes whose base64 is the hexadecimal form of id: OTLP/JSON
// writes ids in hexadecimal, where protobuf's JSON writes base64.
func hexed(id []byte) []byte {
	if len(id)%2 != 0 || len(id) == 0 {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(hex.EncodeToString(id))
	if err != nil {
		return nil
	}
	return b
}

// maxOTLP is how large an export may be when unpacked; it is held at once.
const maxOTLP = 64 << 20

func (s *Server) otlp(w http.ResponseWriter, req *http.Request, convert func([]byte) ([]byte, error), field string) {
	if req.Method != http.MethodPost {
		Fault(w, http.StatusMethodNotAllowed, "use POST")
		return
	}
	if why := s.Full(); why != "" {
		busy(w, http.StatusTooManyRequests, why)
		return
	}
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	body, done, err := s.plain(w, req)
	if err != nil {
		bodyFault(w, err)
		return
	}
	defer done()
	text, err := io.ReadAll(&bounded{body, min(maxOTLP, s.Limits.Plain)})
	if err != nil {
		bodyFault(w, err)
		return
	}
	if kind == "application/x-protobuf" {
		if text, err = convert(text); err != nil {
			Fault(w, http.StatusBadRequest, "cannot read the export: it is no OTLP message")
			return
		}
	} else if kind != "application/json" {
		Fault(w, http.StatusUnsupportedMediaType, "send application/x-protobuf or application/json")
		return
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		Fault(w, http.StatusBadRequest, "cannot read the export: it is no JSON")
		return
	}
	refused, why, err := s.export(req, compact.Bytes())
	if err != nil {
		code := http.StatusServiceUnavailable
		if errors.Is(err, ErrBusy) {
			code = http.StatusTooManyRequests
		}
		busy(w, code, err.Error())
		return
	}
	answerOTLP(w, kind, field, refused, why)
}

// answerOTLP says how many records were refused, if any: the export response,
// whose one field is a partial success of a number and a message.
func answerOTLP(w http.ResponseWriter, kind, field string, refused int, why string) {
	var b []byte
	switch {
	case kind == "application/json" && refused == 0:
		b = []byte("{}")
	case kind == "application/json":
		b, _ = json.Marshal(map[string]any{"partialSuccess": map[string]any{field: strconv.Itoa(refused), "errorMessage": why}})
	case refused > 0:
		p := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(refused))
		p = protowire.AppendString(protowire.AppendTag(p, 2, protowire.BytesType), why)
		b = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), p)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}

// export decodes and stores one export.
func (s *Server) export(req *http.Request, text []byte) (refused int, why string, err error) {
	w := s.borrowFor(req.Context())
	if w == nil {
		return 0, "", req.Context().Err()
	}
	defer s.giveBack(w)
	w.traces = w.traces[:0]
	now := time.Now()
	note := func(r source.Reject) {
		refused++
		why = r.Field + ": " + r.Reason + "; " + r.Remedy
		s.refuse(r.Reason)
	}
	if !w.lines.Begin(text) {
		return 0, "", nil // an empty export
	}
	w.lines.Decode(text, func(x *exchange.Exchange) {
		if reason, remedy := s.judgeTime(x.Time, now); reason != "" {
			note(source.Reject{Field: "time", Reason: reason, Remedy: remedy})
			return
		}
		w.traces = append(w.traces, exchange.Trace{})
		w.observe(x, &w.traces[len(w.traces)-1])
	}, note)
	if len(w.traces) == 0 {
		return refused, why, nil
	}
	if err := s.Store(req.Context(), w.traces); err != nil {
		return 0, "", err
	}
	s.Seen(w.traces)
	return refused, why, nil
}
