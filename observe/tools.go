package observe

import "iolaus/exchange"

// tools sees the set of tools that a client offers to the model.
//
// Sees: names and schemas, in any order. Strong when the set is hand-made and
// rare. Fooled by renaming a parameter. Innocent look-alike: users of one agent
// product, whose tools come with its system prompt and its client.
type tools struct{}

func (tools) about() Signal {
	return Signal{"tools", exchange.Client, "tool definitions of the request", "log tools with their schemas"}
}

func (tools) observe(s *sight) bool {
	if len(s.x.Tools) == 0 {
		return false
	}
	var sum uint64 // order-free
	for _, t := range s.x.Tools {
		s.buf = append(append(append(s.buf[:0], t.Name...), 0), t.Schema...)
		sum += s.Key.Hash(byte(exchange.ToolSet), view(s.buf))
	}
	s.leaveHash(exchange.ToolSet, sum)
	return true
}
