package observe

import "iolaus/exchange"

// protocol sees reasoning signatures and response ids, as they are issued and
// as they come back.
//
// Sees: the seal on a piece of hidden reasoning and the id of a stored answer.
// Strong when what was issued to one account is presented by another: near
// certain. Fooled by never sending them. Innocent look-alike: one customer who
// moves a conversation to his second account; owners are resolved first.
type protocol struct{}

func (protocol) about() Signal {
	return Signal{"protocol", exchange.Protocol, "reasoning signatures or response ids", "log response ids, previous_response_id and signatures of thinking blocks"}
}

func (protocol) observe(s *sight) bool {
	x := s.x
	if x.ResponseID != "" {
		s.leave(exchange.Signed, x.ResponseID)
	}
	if x.PreviousResponse != "" {
		s.leave(exchange.Signed, x.PreviousResponse)
	}
	for i := len(x.Signatures) - 1; i >= 0; i-- { // a long history's newest are those that fit
		s.leave(exchange.Signed, x.Signatures[i].Value)
	}
	return len(x.Signatures) > 0 || x.PreviousResponse != "" || x.ResponseID != ""
}
