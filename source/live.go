package source

import (
	"bytes"

	"iolaus/exchange"
)

// Lines decodes lines as they come, one at a time, for ways in that are no
// files. It belongs to one goroutine. Of its Options, Format, Account, Brief,
// Join and MaxLine count.
type Lines struct {
	d       decoder
	forced  *format
	maxLine int
	take    func(*exchange.Exchange)
	refuse  func(Reject)
	taken   int
}

// NewLines returns a decoder of lines; without Options.Format each Begin tells.
func NewLines(o Options) (*Lines, error) {
	o = o.withDefaults()
	l := &Lines{maxLine: o.MaxLine}
	l.d.path, l.d.known, l.d.brief = o.Account, o.Join, o.Brief
	l.d.emit = func(x *exchange.Exchange) { l.taken++; l.take(x) }
	l.d.reject = func(field, reason, remedy string) {
		l.refuse(Reject{Field: field, Reason: reason, Remedy: remedy})
	}
	if o.Format != "" {
		f, err := formatNamed(o.Format)
		if err != nil {
			return nil, err
		}
		l.forced = f
	}
	return l, nil
}

// Begin looks at the first lines of a batch, to know its format; false when no
// format fits. It leaves them as they are.
func (l *Lines) Begin(head []byte) bool {
	l.d.f = l.forced
	if l.d.f == nil {
		l.d.f = detect(head)
	}
	return l.d.f != nil
}

// Decode reads one line, without its end, and writes over it. Each exchange in
// it goes to take, which may keep nothing of it; each fault goes to refuse. It
// returns the number of exchanges; a sound line may hold none.
func (l *Lines) Decode(line []byte, take func(*exchange.Exchange), refuse func(Reject)) int {
	l.take, l.refuse, l.taken = take, refuse, 0
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return 0
	}
	switch {
	case l.d.f == nil:
		refuse(Reject{Reason: UnknownFormat, Remedy: "send canonical lines, or name the format"})
	case len(line) > l.maxLine:
		refuse(Reject{Reason: TooLong, Remedy: remedyTooLong})
	default:
		l.d.line(line)
	}
	return l.taken
}
