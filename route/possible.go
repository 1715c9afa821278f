package route

import (
	"fmt"
	"strings"

	"iolaus/route/catalogue"
	"iolaus/route/gateway"
)

// possible reports what the gateway's configuration allows and the log has not
// shown.
func (b *builder) possible() {
	g := b.a.o.Gateway
	if g == nil {
		return
	}
	for _, w := range g.Wildcards {
		b.finding("wildcard-route", everyone, "", breach{subject: w.Pattern, message: w.What,
			lines: []Line{{In: "gateway", At: where(w.At), Field: "route", Value: w.Pattern}}})
	}
	for _, w := range b.a.inOrder() {
		for _, group := range w.groups() {
			for _, t := range g.Targets(group) {
				b.target(w, group, t)
			}
		}
	}
}

// groups lists the model names that a workload asked for, in order of first use.
func (w *workload) groups() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range w.order {
		if m := f.key.model; m != "" && !seen[m] {
			seen[m] = true
			out = append(out, m)
		}
	}
	return out
}

func where(w gateway.Where) string { return fmt.Sprintf("%s:%d", w.File, w.Line) }

// target judges one deployment as if the workload's requests went there.
func (b *builder) target(w *workload, group string, t gateway.Target) {
	if name := t.Hidden(); name != "" {
		b.finding("possible-route", w.name, w.class.Name, breach{subject: group + " -> $" + name,
			message: fmt.Sprintf("a request for %s may end at an address that the configuration takes from the environment variable %s: the file does not say where that is", group, name),
			lines:   []Line{{In: "gateway", At: where(t.At), Field: "api_base", Value: t.Endpoint}}})
		return
	}
	p := b.a.place(catalogue.Trace{Endpoint: catalogue.Reduce(t.Endpoint), Provider: t.Provider, Region: t.Region, Model: t.Model})
	if w.went(p) {
		return
	}
	at := Line{In: "gateway", At: where(t.By), Field: firstOf(t.Via, "deployment of "+group), Value: firstOf(t.Endpoint, t.Provider) + " " + t.Model}
	f := &flow{key: flowKey{endpoint: t.Endpoint, provider: t.Provider, region: t.Region, model: t.Model}, place: p, seen: at}
	j := b.a.judge(w, f)
	rule := "possible-route"
	if t.Via != "" {
		rule = "possible-fallback"
	}
	var why []string
	var lines []Line
	for _, br := range j.out {
		if !breachOfPlace(br.rule) {
			continue
		}
		why = append(why, br.message)
		lines = append(lines, br.lines...)
	}
	if len(why) == 0 {
		return
	}
	lines = append([]Line{at}, lines...)
	if t.Via != "" {
		lines = append(lines, Line{In: "gateway", At: where(t.At), Field: "deployment", Value: t.Group})
	}
	subject := firstOf(p.Host, t.Provider, "unknown")
	if p.Service != nil {
		subject = j.subject()
	}
	b.finding(rule, w.name, w.class.Name, breach{subject: group + " -> " + subject,
		message: fmt.Sprintf("a request for %s may end at %s (%s): %s", group, subject, firstOf(t.Via, "load-balanced"), strings.Join(why, "; ")),
		lines:   unique(lines)})
}

// breachOfPlace: rules that matter for a route nobody has taken yet.
func breachOfPlace(rule string) bool {
	switch rule {
	case "unknown-endpoint", "undeclared-reseller", "undeclared-service", "region-outside", "cross-region", "home-outside", "training-on":
		return true
	}
	return false
}

// went says whether the log shows the workload at that place already.
func (w *workload) went(p *catalogue.Place) bool {
	for _, f := range w.order {
		q := f.place
		if q.Service == p.Service && q.Host == p.Host && (q.Region == p.Region || p.Region == "") {
			return true
		}
		if q.Service != nil && q.Service == p.Service && p.Host == "" && (p.Region == "" || q.Region == p.Region) {
			return true
		}
	}
	return false
}

func unique(lines []Line) []Line {
	var out []Line
	seen := map[Line]bool{}
	for _, l := range lines {
		if !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	}
	return out
}
