package route

import "iolaus/route/catalogue"

// An absence is a fact that lines of the log do not carry.
type absence struct {
	field  string
	misses string // what cannot be known without it
	lines  int
	owners map[*workload]bool
	seen   Line
}

// note counts what the line does not tell.
func (a *Auditor) note(d *Digest, w *workload) {
	if d.Endpoint == "" && d.Provider == "" {
		a.missing(d, w, "endpoint", "which host, and so which company, received the data")
	} else if d.Endpoint == "" && !arn(d.Model) {
		a.missing(d, w, "endpoint", "which host received the data; the provider is only a name")
	}
	if d.Served == "" && d.Model != "" && !arn(d.Model) && !d.Failed {
		a.missing(d, w, "served model", "whether another model answered than the one that was asked for, since the line tells only one name")
	}
	if d.Session == "" && d.Fallbacks == 0 {
		a.missing(d, w, "session", "whether an answer came after a failure elsewhere")
	}
	if d.Model == "" {
		a.missing(d, w, "model", "which model was asked for")
	}
	if d.Team == "" && d.TeamName == "" && d.Key == "" && d.Account == "" {
		a.missing(d, w, "sender", "whose traffic it is")
	}
}

func (a *Auditor) missing(d *Digest, w *workload, field, misses string) {
	m := a.noted[field]
	if m == nil {
		m = &absence{field: field, misses: misses, owners: map[*workload]bool{}, seen: lineOf(d, nil)}
		a.noted[field] = m
	}
	m.lines++
	m.owners[w] = true
}

func arn(s string) bool { return len(s) > 4 && s[:4] == "arn:" }

// A Line is one piece of evidence: where it stands, which field, what it says.
type Line struct {
	In    string `json:"in"`              // log, policy, catalogue or gateway
	At    string `json:"at"`              // request id and time, or file and line, or source and date
	Field string `json:"field,omitempty"` // as the audit names it
	Value string `json:"value,omitempty"`
}

// String returns the line as a report prints it.
func (l Line) String() string {
	s := l.In + " " + l.At
	if l.Field != "" {
		s += ": " + l.Field + " = " + l.Value
	}
	return s
}

// lineOf points at an exchange and the field that told where it went.
func lineOf(d *Digest, p *catalogue.Place) Line {
	l := Line{In: "log", At: d.Time.UTC().Format("2006-01-02T15:04:05Z") + " id " + firstOf(d.ID, "(none)")}
	switch {
	case d.Endpoint != "":
		l.Field, l.Value = "endpoint", d.Endpoint
	case arn(d.Model):
		l.Field, l.Value = "model", d.Model
	case d.Provider != "":
		l.Field, l.Value = "provider", d.Provider
	case d.Model != "":
		l.Field, l.Value = "model", d.Model
	}
	return l
}
