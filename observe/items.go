package observe

import "iolaus/exchange"

// items sees the blocks of the newest turn as they were sent, numbers and all:
// among them is the payload, the piece of the operator's list.
//
// Sees: blocks between blank lines and labels. Strong when a rare block comes
// back from another account within moments, above all after a failure. Fooled by
// payloads that are reworded, too. Innocent look-alike: public benchmarks, a
// class's assignment, a viral prompt: many owners at any time.
type items struct{}

const (
	maxItems   = 4
	itemLetter = 32
)

func (items) about() Signal {
	return Signal{"items", exchange.Content, "the newest user turn", "log messages; a keyed hash of each block is enough"}
}

func (items) observe(s *sight) bool {
	if !s.text {
		return false
	}
	n := 0
	for _, seg := range s.newest.Segments {
		if seg.Label || seg.Letters < itemLetter {
			continue
		}
		s.leaveHash(exchange.Item, seg.Hash)
		if n++; n == maxItems {
			break
		}
	}
	return true
}
