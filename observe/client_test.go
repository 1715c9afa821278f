package observe

import (
	"math/rand/v2"
	"testing"

	"iolaus/exchange"
)

// What an observer remembers of clients changes nothing but the time it takes, also
// where somebody sends names that run into each other.
func TestClientsAreRemembered(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	float := func() *float64 {
		if r.IntN(2) == 0 {
			return nil
		}
		return number([]float64{0, 1, 0.7, 0.70001, 0.7004}[r.IntN(5)])
	}
	var old Observer
	for range 5000 {
		x := exchange.Exchange{Account: "a", UserAgent: pick("", "a", "b/1.2", "a\x00b", "a\x00"), TLS: pick("", "t", "\x00t", "b\x00t", "t\x00\x00"),
			Params: exchange.Params{Temperature: float(), TopP: float(), MaxTokens: r.IntN(3), N: r.IntN(2), Stream: r.IntN(2) == 0,
				Logprobs: r.IntN(2) == 0, Reasoning: pick("", "low", "\x00")}}
		if r.IntN(3) == 0 {
			x.Params.Seed = new(int64)
		}
		var fresh Observer
		var got, want exchange.Trace
		old.Observe(&x, &got)
		fresh.Observe(&x, &want)
		if got != want {
			t.Fatalf("%+v: got %v, want %v", x, got.Seen(), want.Seen())
		}
	}
}
