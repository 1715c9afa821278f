package observe

import (
	"iolaus/exchange"
	"iolaus/sketch"
)

// phrases sees the lines of the newest turn, and what stands before and after
// its payload.
//
// Sees: masked lines, sentences and framing blocks at both ends of the turn, so
// that one wrapper around many fillings leaves the same traces each time. Strong
// when the wording is rare and comes with ever new fillings. Fooled by a wrapper
// of its own for every account. Innocent look-alike: a published recipe, a
// prompt that went viral, a course's assignment, an evaluation harness.
type phrases struct{}

func (phrases) about() Signal {
	return Signal{"phrases", exchange.Content, "the newest user turn", "log messages; a keyed hash of each line is enough"}
}

func (phrases) observe(s *sight) bool {
	if !s.text {
		return false
	}
	edges(s.newest.Units, func(u sketch.Unit) { s.leaveHash(exchange.Phrase, u.Hash) })
	if s.newest.Lead != 0 {
		s.leaveHash(exchange.Frame, s.newest.Lead)
	}
	if s.newest.Trail != 0 && s.newest.Trail != s.newest.Lead {
		s.leaveHash(exchange.Frame, s.newest.Trail)
	}
	return true
}
