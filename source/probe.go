package source

import (
	"bytes"
	"fmt"
	"strings"

	"iolaus/exchange"
)

// A probe is the top level of one line, for telling formats apart.
type probe struct {
	fields map[string]string // raw values by name
}

func (p *probe) has(name string) bool { _, ok := p.fields[name]; return ok }

// holds says that the raw value of a field mentions s.
func (p *probe) holds(name, s string) bool { return strings.Contains(p.fields[name], s) }

// probeLine reads the top level of a line; nil when it is no JSON object. It
// leaves the line as it is.
func probeLine(line []byte) *probe {
	c := cursor{b: bytes.Clone(line)}
	if c.peek() != '{' {
		return nil
	}
	p := &probe{fields: map[string]string{}}
	c.object()
	var k string
	for c.key(&k) {
		p.fields[strings.Clone(k)] = string(c.raw())
	}
	if !c.done() {
		return nil
	}
	return p
}

// detect names the format of the lines in head: that which fits the first line
// that any fits, bare or inside what a container's or a collector's log wraps
// around it. nil when there is none.
func detect(head []byte) *format {
	all := formats()
	for line := range bytes.Lines(head) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		p := probeLine(line)
		if p == nil {
			continue
		}
		if f := fitting(all, p); f != nil {
			return f
		}
		for _, w := range wrappers {
			if !p.has(w) {
				continue
			}
			inner, _ := unwrap(bytes.Clone(line), w)
			if p := probeLine(inner); p != nil {
				if f := fitting(all, p); f != nil {
					f.wrap = w
					return f
				}
			}
		}
	}
	return nil
}

// fitting is the first format that fits.
func fitting(all []format, p *probe) *format {
	for i := range all {
		if all[i].fits(p) {
			return &all[i]
		}
	}
	return nil
}

// wrappers are the fields in which container and collector logs carry a line.
var wrappers = [...]string{"log", "message", "msg", "MESSAGE", "textPayload", "jsonPayload", "standard_logging_object"}

// unwrap returns the line that a field of an outer line carries, as a string or
// as an object; nil when it carries none. It is sound when the outer line is a
// JSON object. The line is written over.
func unwrap(line []byte, field string) (inner []byte, sound bool) {
	c := cursor{b: line}
	var k string
	for ok := c.object(); ok && c.key(&k); {
		switch {
		case k != field:
			c.skip()
		case c.peek() == '"':
			inner = bytes.TrimSpace(bytesOf(c.quoted()))
		default:
			inner = c.raw()
		}
	}
	if len(inner) == 0 || inner[0] != '{' {
		inner = nil
	}
	return inner, c.i > 0 && c.done()
}

// formatNamed is the inverse of Formats.
func formatNamed(name string) (*format, error) {
	for _, f := range formats() {
		if f.name == name {
			return &f, nil
		}
	}
	return nil, fmt.Errorf("cannot read format %q: known are %s", name, strings.Join(Formats(), ", "))
}

// earliestIn is the earliest time of the first lines of head, 0 when none has one.
func earliestIn(head []byte, f *format, account string) int64 {
	var lowest int64
	d := &decoder{f: f, path: account, reject: func(_, _, _ string) {}}
	n := 0
	d.emit = func(*exchange.Exchange) {
		if n++; lowest == 0 || d.start < lowest {
			lowest = d.start
		}
	}
	for line := range bytes.Lines(head) {
		if line[len(line)-1] != '\n' {
			break // may be cut
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			d.line(bytes.Clone(line))
		}
		if n >= vote {
			break
		}
	}
	return lowest
}
