package hunt_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/ledger"
)

// timetable is when a group's accounts work: how likely each is to be active in an
// hour, by the account's own draw and the hour of the log.
type timetable func(rng *rand.Rand, account, hour int) float64

// dispatcher works in blocks of 14 hours and rests for five, for all at once.
func dispatcher(shift int) timetable {
	return func(_ *rand.Rand, _, hour int) float64 {
		if (hour+shift)%19 >= 14 {
			return 0
		}
		return 0.5
	}
}

// people work by their own clock.
func people(_ *rand.Rand, account, hour int) float64 {
	if h := (hour + 7*account) % 24; h >= 15 {
		return 0
	}
	return 0.4
}

// office works from nine to six, on working days; some are ill.
func office(rng *rand.Rand, account, hour int) float64 {
	day := hour / 24
	if h := hour % 24; h < 9 || h >= 18 || day%7 >= 5 || (day+account)%9 == 0 {
		return 0
	}
	return 0.6
}

// cron runs at fixed hours each night.
func cron(_ *rand.Rand, account, hour int) float64 {
	if h := hour % 24; h >= 1 && h <= 4 {
		return 0.9
	}
	return 0.05
}

// class has lessons, on other days and at other hours each week.
func class(_ *rand.Rand, account, hour int) float64 {
	switch hour {
	case 34, 35, 85, 86, 132, 133, 202, 203, 252, 253, 300, 301:
		return 0.8
	}
	if h := hour % 24; h >= 16 && h <= 20 {
		return 0.12 // homework
	}
	return 0
}

// tempoOf is how a group keeps time that was played among a population.
func tempoOf(t *testing.T, seed uint64, n int, when timetable) hunt.Tempo {
	t.Helper()
	v, accounts := played(t, seed, n, when)
	return v.Tempo(accounts)
}

// played plays 16 days of a group among a population of people, with an outage of
// the gateway on the seventh day, and returns what the hunt sees, and the group.
func played(t *testing.T, seed uint64, n int, when timetable) (*hunt.View, []uint32) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	day0 := time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC) // a Monday
	l := ledger.New(ledger.Options{})
	const crowd = 200
	var x exchange.Trace
	for hour := range 16 * 24 {
		if hour >= 150 && hour < 157 {
			continue
		}
		for a := range crowd + n {
			p := people(rng, a, hour)
			if a >= crowd {
				p = when(rng, a-crowd, hour)
			}
			if rng.Float64() < p {
				x = exchange.Trace{Time: day0.Add(time.Duration(hour)*time.Hour + time.Duration(a)*time.Second), Account: string(rune('a'+a/200)) + time.Duration(a).String()}
				l.Take(&x)
			}
		}
	}
	v := l.View(day0.Add(16 * 24 * time.Hour))
	var accounts []uint32
	for i := range v.Accounts {
		if v.Accounts[i].Name[0] != 'a' {
			accounts = append(accounts, uint32(i))
		}
	}
	return &v, accounts
}

func TestOneQueueIsTold(t *testing.T) {
	for seed := range uint64(4) {
		for _, n := range []int{16, 60} {
			if got := tempoOf(t, seed, n, dispatcher(int(seed))); !got.Dispatched() {
				t.Errorf("seed %d: %d accounts of one dispatcher: %+v", seed, n, got)
			}
		}
	}
}

func TestOwnHoursAreNoQueue(t *testing.T) {
	for name, when := range map[string]timetable{"people": people, "office": office, "cron": cron, "class": class} {
		for seed := range uint64(4) {
			for _, n := range []int{16, 60} {
				if got := tempoOf(t, seed, n, when); got.Dispatched() {
					t.Errorf("seed %d: %d of %s: %+v", seed, n, name, got)
				}
			}
		}
	}
}

func TestHoursAreThoseMarked(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var h hunt.Hours
	marked := map[uint32]bool{}
	hour := uint32(500_000)
	for range 2000 {
		hour += uint32(rng.IntN(3) * rng.IntN(3))
		if fresh := h.Mark(hour*3600 + 17); fresh == marked[hour] {
			t.Fatalf("hour %d: first %v, was marked %v", hour, fresh, marked[hour])
		}
		marked[hour] = true
	}
	if h.Mark((hour + 5000) * 3600); h.Mark(hour * 3600) {
		t.Error("an hour long gone was marked")
	}
}

func BenchmarkMark(b *testing.B) {
	var h hunt.Hours
	var busy hunt.Busy
	b.ReportAllocs()
	now := uint32(1_785_700_000)
	for b.Loop() {
		if now += 40; h.Mark(now) {
			busy.Mark(now)
		}
	}
}
