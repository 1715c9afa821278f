package route

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"

	"iolaus/route/policy"
)

// add merges a breach into its finding: same rule, workload and subject are one.
func (b *builder) add(w *workload, f *flow, br breach) {
	count := br.count
	if count == 0 {
		count = f.count
	}
	name := w.name
	if b.crowd && w.declared == nil {
		name = nobody
	}
	fd := b.finding(br.rule, name, w.class.Name, br)
	if fd == nil {
		return
	}
	fd.Count += count
	if name == nobody {
		b.merge(fd, w)
	} else {
		fd.Share = share(fd.Count, w.count)
	}
	if fd.First.IsZero() || f.first.Before(fd.First) {
		fd.First = f.first
	}
	if f.last.After(fd.Last) {
		fd.Last = f.last
	}
}

// merge counts a sender among those of a finding about many.
func (b *builder) merge(fd *Finding, w *workload) {
	if b.merged[fd] == nil {
		b.merged[fd] = map[*workload]bool{}
	}
	b.merged[fd][w] = true
	fd.Senders, fd.Share = len(b.merged[fd]), share(fd.Count, b.a.total.count)
}

// finding returns the finding of that rule, workload and subject, made when it
// is not there; nil when the policy switches the rule off.
func (b *builder) finding(rule, name, class string, br breach) *Finding {
	r := policy.RuleNamed(rule)
	if r == nil {
		panic("BUG: a finding of the unknown rule " + rule)
	}
	severity := firstOf(b.a.o.Policy.Severity[rule], r.Severity)
	if severity == "off" {
		return nil
	}
	key := fingerprint(rule, name, br.subject)
	if fd := b.findings[key]; fd != nil {
		return fd
	}
	fd := &Finding{Rule: rule, Severity: severity, Title: r.Title, Workload: name, Class: class, Subject: br.subject, Message: br.message,
		Says: r.Says, Article: b.a.basis().Articles[rule], Remedy: r.Remedy, Evidence: some(br.lines), Fingerprint: key}
	b.findings[key] = fd
	b.order = append(b.order, fd)
	return fd
}

func some(lines []Line) []Line {
	out := []Line{}
	for _, l := range lines {
		if l.In != "" {
			out = append(out, l)
		}
	}
	return out
}

func fingerprint(rule, workload, subject string) string {
	sum := sha256.Sum256([]byte(rule + "\x00" + workload + "\x00" + subject))
	return hex.EncodeToString(sum[:10])
}

// undeclared reports senders that nobody declared.
func (b *builder) undeclared() {
	if len(b.undecl) > undeclaredMost {
		n, names := 0, []string{}
		for i, w := range b.undecl {
			n += w.count
			if i < 5 {
				names = append(names, w.name)
			}
		}
		fd := b.finding("undeclared-workload", everyone, "", breach{subject: "undeclared workloads",
			message: fmt.Sprintf("%d senders are not declared; the busiest are %s", len(b.undecl), list(names)), lines: []Line{b.undecl[0].order[0].seen}})
		if fd != nil {
			fd.Count, fd.First, fd.Last = n, b.a.total.first, b.a.total.last
		}
		return
	}
	for _, w := range b.undecl {
		fd := b.finding("undeclared-workload", w.name, w.class.Name, breach{subject: w.kind + " " + w.name,
			message: fmt.Sprintf("%s %q is in no workload of the policy and was judged as class %s", w.kind, w.name, w.class.Name), lines: []Line{w.order[0].seen}})
		if fd != nil {
			fd.Count, fd.Share, fd.First, fd.Last = w.count, 1, w.first, w.last
		}
	}
}

// absences reports what the log does not carry, once for each field.
func (b *builder) absences() {
	for _, field := range sortedKeys(b.a.noted) {
		m := b.a.noted[field]
		b.r.Unknown = append(b.r.Unknown, Missing{field, m.lines, share(m.lines, b.a.total.count), m.misses})
		fd := b.finding("not-visible", everyone, "", breach{subject: field,
			message: fmt.Sprintf("%s is not visible in this log for %d of %d exchanges (%d workloads): it cannot be known %s",
				field, m.lines, b.a.total.count, len(m.owners), m.misses), lines: []Line{m.seen}})
		if fd != nil {
			fd.Count, fd.Share, fd.First, fd.Last = m.lines, share(m.lines, b.a.total.count), b.a.total.first, b.a.total.last
		}
	}
	if b.textLines > 0 {
		fd := b.finding("texts-in-log", everyone, "", breach{subject: "texts",
			message: fmt.Sprintf("%d of %d lines hold prompts or answers", b.textLines, b.a.total.count), lines: []Line{b.textSeen}})
		if fd != nil {
			fd.Count, fd.Share = b.textLines, share(b.textLines, b.a.total.count)
		}
	}
}

// sorted orders the findings: gravest first, then by workload and rule.
func (b *builder) sorted() []Finding {
	rank := map[string]int{"high": 0, "medium": 1, "low": 2}
	sort.SliceStable(b.order, func(i, j int) bool {
		x, y := b.order[i], b.order[j]
		if rank[x.Severity] != rank[y.Severity] {
			return rank[x.Severity] < rank[y.Severity]
		}
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Rule+x.Workload+x.Subject < y.Rule+y.Workload+y.Subject
	})
	out := []Finding{}
	for _, f := range b.order {
		out = append(out, *f)
	}
	return out
}
