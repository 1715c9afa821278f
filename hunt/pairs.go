package hunt

// A set's agreement need not show in any one trail: an operator whose accounts come
// from a large pool of exits and ask items of a long list shares each exit and each
// item among two or three of them. What shows is how many such meetings there are.
// Whether that is more than chance would bring is told as modularity does it (Newman
// 2006): were each account's share in the meetings of the whole population paired off
// at random, the set's accounts would meet each other as often as their shares ask.

// scarce is the number of owners up to which those who leave a trail meet in it.
const scarce = 12

// meetings is how many pairs of owners meet in a trail that n of them left.
func meetings(n int) float64 {
	if n > scarce {
		return 0
	}
	return float64(n) * float64(n-1) / 2
}

// meet is how surprising it is, in nats, that a set has so many meetings: met within
// it, of all that its owners have with anybody, of all that the population has.
// A trail that k of the set left counts as k-1 meetings, for they are not independent.
func meet(met, any, all float64) float64 {
	if all == 0 {
		return 0
	}
	return exceeds(met, any*any/(4*all))
}
