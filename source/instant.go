package source

import (
	"time"
)

// The years that a log's times may lie in: outside, it is a broken clock or another unit.
var (
	earliest = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	latest   = time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// badTime is what a time that is there and cannot be read becomes.
const badTime = -1

// instant reads the next value as a time and returns nanoseconds since 1970: a
// number or a numeric string of seconds, milliseconds, microseconds or
// nanoseconds (told apart by size), or RFC 3339 and its looser kin (blank for T,
// no zone means UTC). 0 when the value is absent, badTime when it is no time or out of range.
func (c *cursor) instant() int64 {
	switch c.peek() {
	case '{', '[':
		c.skip()
		return badTime
	}
	s := c.scalar()
	if s == "" {
		return 0
	}
	return instant(s)
}

func instant(s string) int64 {
	ns, ok := epoch(s)
	if !ok {
		ns, ok = calendar(s)
	}
	if !ok || ns < earliest || ns >= latest {
		return badTime
	}
	return ns
}

// epoch reads a decimal number of seconds or of a thousandth, millionth or
// billionth of it, without the rounding of a float.
func epoch(s string) (int64, bool) {
	var n int64
	i := 0
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		if i >= 19 {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	if i == 0 {
		return 0, false
	}
	scale := int64(time.Second)
	for limit := int64(1e11); scale > 1 && n >= limit; limit *= 1000 {
		scale /= 1000
	}
	if n > (1<<63-1)/scale {
		return 0, false
	}
	n *= scale
	if i < len(s) && s[i] == '.' {
		for i++; i < len(s) && s[i]-'0' <= 9; i++ {
			scale /= 10
			n += int64(s[i]-'0') * scale
		}
	}
	return n, i == len(s)
}

// calendar reads YYYY-MM-DD?HH:MM:SS[.fraction][zone].
func calendar(s string) (int64, bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' ||
		s[10] != 'T' && s[10] != ' ' && s[10] != 't' {
		return 0, false
	}
	var f [6]int
	for k, span := range [6][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		n, ok := digits(s[span[0]:span[1]])
		if !ok {
			return 0, false
		}
		f[k] = n
	}
	if f[1] < 1 || f[1] > 12 || f[2] < 1 || f[2] > 31 || f[3] > 23 || f[4] > 59 || f[5] > 60 {
		return 0, false
	}
	ns := time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, time.UTC).UnixNano()
	i := 19
	if i < len(s) && (s[i] == '.' || s[i] == ',') {
		scale := int64(time.Second)
		for i++; i < len(s) && s[i]-'0' <= 9; i++ {
			scale /= 10
			ns += int64(s[i]-'0') * scale
		}
	}
	off, ok := zone(s[i:])
	return ns - off, ok
}

// zone reads Z, UTC, +00:00, +0000, +00 or nothing, as nanoseconds east of Greenwich.
func zone(s string) (int64, bool) {
	if len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	switch s {
	case "", "Z", "z", "UTC", "+00:00":
		return 0, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, ok := digits(s[1:3])
	m, rest := 0, s[3:]
	if len(rest) > 0 && rest[0] == ':' {
		rest = rest[1:]
	}
	if ok && rest != "" {
		m, ok = digits(rest)
	}
	if !ok || h > 23 || m > 59 {
		return 0, false
	}
	off := int64(h)*int64(time.Hour) + int64(m)*int64(time.Minute)
	if s[0] == '-' {
		off = -off
	}
	return off, true
}

// moment turns nanoseconds into a time; 0 and badTime become the zero time.
func moment(ns int64) time.Time {
	if ns <= 0 {
		return time.Time{}
	}
	return time.Unix(ns/1e9, ns%1e9).UTC()
}
