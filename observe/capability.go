package observe

import "iolaus/exchange"

// capability sees what a request wants of the model.
//
// Sees: words of instruction in fifteen languages, at both ends of the newest
// turn and in the system prompt; tools and tool results. Strong for a pool of
// traffic, weak for one request. Fooled by instructions in a language the rules
// lack, and by rare words. Innocent look-alike: teachers grade, writers rewrite,
// every customer of a coding agent codes; so it tells what a set is for and
// never links accounts.
type capability struct{}

func (capability) about() Signal {
	return Signal{"capability", exchange.Content, "the newest user turn or tools", "log messages and tools"}
}

// ends is how many letters of each end of a turn are read for words of
// instruction.
const ends = 200

func (capability) observe(s *sight) bool {
	agentic := len(s.x.Tools) > 0 || len(s.x.Calls) > 0
	for _, t := range s.x.Turns {
		agentic = agentic || t.Role == "tool"
	}
	if !s.text && s.prompt == nil && !agentic {
		return false
	}
	var points [exchange.Capabilities]int
	if s.text {
		head, tail := clip(s.newest.Normal, ends)
		points = s.words.count(head, tail)
	}
	if s.prompt != nil {
		for c, k := range s.prompt.points {
			points[c] += k
		}
	}
	if agentic {
		points[exchange.Agentic] += 3
	}
	s.trace.Capability = strongest(points)
	return true
}

// strongest picks the capability with the most points; two are needed, and ties
// go to what campaigns were reported to want.
func strongest(points [exchange.Capabilities]int) exchange.Capability {
	best, top := exchange.Other, 1
	for _, c := range [...]exchange.Capability{exchange.Reasoning, exchange.Grading, exchange.Generation, exchange.Agentic, exchange.Coding, exchange.Rewriting} {
		if points[c] > top {
			best, top = c, points[c]
		}
	}
	return best
}
