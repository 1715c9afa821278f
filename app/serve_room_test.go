package app

import "testing"

// TestRoomHolds: the heap is let grow to half of what the process may have, and
// never less than Go lets it.
func TestRoomHolds(t *testing.T) {
	for _, live := range []int64{0, 1 << 20, 100 << 20, 1 << 30, 3 << 30, 1 << 40} {
		for _, bound := range []int64{1, 64 << 20, 4 << 30, 1 << 62} {
			p := growth(live, bound)
			in := max(live, 4<<20)
			goal := float64(in) * (1 + float64(p)/100)
			if p < 100 || p > 100 && goal > float64(bound)/2 {
				t.Errorf("%d in use of %d: may grow by %d %%, to %.0f", live, bound, p, goal)
			}
			if goal < 0.98*float64(bound)/2 {
				t.Errorf("%d in use of %d: collected at %.0f already", live, bound, goal)
			}
		}
	}
}
