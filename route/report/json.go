package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"iolaus/route"
	"iolaus/route/policy"
)

// JSON writes the report as one indented JSON object.
func JSON(w io.Writer, r *route.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// ReadJSON reads what JSON wrote, for a baseline.
func ReadJSON(src io.Reader) (*route.Report, error) {
	r := &route.Report{}
	if err := json.NewDecoder(src).Decode(r); err != nil {
		return nil, fmt.Errorf("cannot read the baseline: %w; give a report.json of an earlier audit", err)
	}
	if r.Findings == nil || r.AsOf.IsZero() {
		return nil, fmt.Errorf("cannot read the baseline: it has no findings or no date; give a report.json of an earlier audit")
	}
	return r, nil
}

// Mark sets Known on each finding that an earlier report has too.
func Mark(r, earlier *route.Report) {
	was := map[string]bool{}
	for _, f := range earlier.Findings {
		was[f.Fingerprint] = true
	}
	for i := range r.Findings {
		r.Findings[i].Known = was[r.Findings[i].Fingerprint]
	}
}

// FindingsCSV writes one row for each finding.
func FindingsCSV(w io.Writer, r *route.Report) error {
	c := csv.NewWriter(w)
	c.Write([]string{"severity", "rule", "workload", "class", "subject", "message", "article", "exchanges", "share", "first", "last", "evidence", "remedy", "fingerprint", "known"})
	for _, f := range r.Findings {
		var lines []string
		for _, l := range f.Evidence {
			lines = append(lines, l.String())
		}
		c.Write(safe(f.Severity, f.Rule, f.Workload, f.Class, f.Subject, f.Message, f.Article, strconv.Itoa(f.Count), strconv.FormatFloat(f.Share, 'f', 4, 64),
			minute(f.First), minute(f.Last), strings.Join(lines, " | "), f.Remedy, f.Fingerprint, strconv.FormatBool(f.Known)))
	}
	c.Flush()
	return c.Error()
}

// FlowsCSV writes one row for each way of each workload.
func FlowsCSV(w io.Writer, r *route.Report) error {
	c := csv.NewWriter(w)
	c.Write([]string{"workload", "kind", "class", "provider", "service", "host", "region", "country", "may_run_in", "entity", "parent", "homes", "model_asked",
		"model_served", "retention", "training", "subprocessors", "resells", "declared", "ground", "verdict", "exchanges", "failed", "after_failure", "cost_usd",
		"tokens", "first", "last", "evidence"})
	for _, wl := range r.Workloads {
		for _, f := range wl.Flows {
			c.Write(safe(wl.Name, wl.Kind, wl.Class, f.Provider, f.Service, f.Host, f.Region, f.Country, f.Runs, f.Entity, f.Parent, strings.Join(f.Homes, " "), f.Asked,
				f.Served, f.Retention, f.Training, f.Subs, f.Resells, f.Declared, f.Ground, f.Verdict, strconv.Itoa(f.Count), strconv.Itoa(f.Failed), strconv.Itoa(f.Moved),
				strconv.FormatFloat(f.Cost, 'f', 6, 64), strconv.FormatInt(f.Tokens, 10), minute(f.First), minute(f.Last), f.Line.String()))
		}
	}
	c.Flush()
	return c.Error()
}

// safe keeps a spreadsheet from running a cell that a log line filled.
func safe(cells ...string) []string {
	for i, s := range cells {
		if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
			cells[i] = "'" + s
		}
	}
	return cells
}

// SARIF writes the findings in the Static Analysis Results Interchange Format
// 2.1.0. Known findings are "unchanged", others "new". A finding points at the
// policy or the configuration when one of its lines does, else at the log.
func SARIF(w io.Writer, r *route.Report, version string) error {
	type object = map[string]any
	var rules []object
	index := map[string]int{}
	for i, rule := range policy.Rules() {
		index[rule.ID] = i
		rules = append(rules, object{"id": rule.ID, "name": rule.ID, "shortDescription": object{"text": rule.Title}, "fullDescription": object{"text": rule.Says},
			"help": object{"text": rule.Remedy}, "defaultConfiguration": object{"level": level(rule.Severity)}})
	}
	results := []object{}
	for _, f := range r.Findings {
		state := "new"
		if f.Known {
			state = "unchanged"
		}
		text := f.Message
		if f.Workload != "" {
			text = f.Workload + ": " + text
		}
		if f.Article != "" {
			text += " [" + f.Article + "]"
		}
		results = append(results, object{"ruleId": f.Rule, "ruleIndex": index[f.Rule], "level": level(f.Severity), "message": object{"text": text},
			"locations": locations(f, r), "partialFingerprints": object{"iolaus/v1": f.Fingerprint}, "baselineState": state,
			"properties": object{"workload": f.Workload, "subject": f.Subject, "exchanges": f.Count, "severity": f.Severity, "evidence": f.Evidence}})
	}
	log := object{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": []object{{
		"tool":       object{"driver": object{"name": "iolaus route audit", "version": version, "rules": rules}},
		"results":    results,
		"properties": object{"notice": r.Notice, "policy": r.Policy.Name, "asOf": r.AsOf.Format("2006-01-02")},
	}}}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(log)
}

func level(severity string) string {
	switch severity {
	case "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "note"
}

// locations names the file that a reader would change.
func locations(f route.Finding, r *route.Report) []map[string]any {
	type object = map[string]any
	for _, l := range f.Evidence {
		if l.In != "policy" && l.In != "gateway" {
			continue
		}
		file, line, ok := cutLine(l.At)
		if ok {
			return []object{{"physicalLocation": object{"artifactLocation": object{"uri": file}, "region": object{"startLine": line}}}}
		}
	}
	name := "log"
	if len(r.Inputs) > 0 {
		name = r.Inputs[0].Name
	}
	return []object{{"physicalLocation": object{"artifactLocation": object{"uri": name}}}}
}

func cutLine(at string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(at[i+1:])
	return at[:i], n, err == nil && n > 0
}
