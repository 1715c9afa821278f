package eval

import (
	"fmt"
	"time"

	"github.com/zeebo/xxh3"
)

// unionFind accuses components of accounts that share a card, an address or a
// client: what fraud teams build first.
//
// Practice, not a paper; the caps that keep popular keys from joining everybody
// are the usual repair. Fooled by a card and an exit for each account. Hits
// families, agencies, VPN users and classes, whom the same keys join.
type unionFind struct{}

// Detect looks every six hours, with the keys known by then. Declared firms and
// company domains count as one owner, as in our detection.
func (unionFind) Detect(t *Tape, report func(string, []Report)) error {
	for _, keys := range []struct {
		name                     string
		payment, address, client bool
	}{
		{"payment", true, false, false},
		{"address", false, true, false},
		{"payment, address", true, true, false},
		{"payment, address, client", true, true, true},
	} {
		links := t.links(keys.payment, keys.address, keys.client)
		for _, limit := range []int{4, 10, 40, 200} {
			sizes := []int{200, 80, 40, 20, 10, 6, 4, 3}
			for i, r := range t.grow(links, limit, sizes) {
				report(fmt.Sprintf("%s; key of at most %d owners; at least %d together", keys.name, limit, sizes[i]), r)
			}
		}
	}
	return nil
}

// link says that an account used a key from a time on.
type link struct {
	key     int32 // numbered in order of appearance
	account uint32
	at      int64
}

// links lists the first use of every key by every account, by time. An account
// and its card appear with its first exchange.
func (t *Tape) links(payment, address, client bool) []link {
	type use struct {
		key     uint64
		account uint32
	}
	number := map[uint64]int32{}
	used := map[use]struct{}{}
	seen := make([]bool, len(t.Accounts))
	var out []link
	add := func(key uint64, a uint32, at int64) {
		if key == 0 {
			return
		}
		if _, ok := used[use{key, a}]; ok {
			return
		}
		used[use{key, a}] = struct{}{}
		n, ok := number[key]
		if !ok {
			n = int32(len(number))
			number[key] = n
		}
		out = append(out, link{n, a, at})
	}
	for i := range t.Events {
		e := &t.Events[i]
		if !seen[e.Account] {
			seen[e.Account] = true
			if p := t.Accounts[e.Account].Payment; p != "" && payment {
				add(xxh3.HashString(p), e.Account, e.At)
			}
		}
		if address {
			add(e.View.Address, e.Account, e.At)
		}
		if client {
			add(e.View.Client^0x5bd1, e.Account, e.At)
		}
	}
	return out
}

// grow joins accounts over keys of at most limit owners, step by step, and
// returns the reports for each least size.
func (t *Tape) grow(links []link, limit int, sizes []int) [][]Report {
	rolls := make([]*roll, len(sizes))
	for i := range rolls {
		rolls[i] = newRoll(t)
	}
	var holders [][]uint32
	f := newForest(len(t.Accounts))
	step := func(at int64) {
		f.clear()
		for _, h := range holders {
			if len(h) < 2 || len(h) > 16*limit || t.owners(h) > limit {
				continue
			}
			for _, a := range h[1:] {
				f.join(h[0], a)
			}
		}
		for _, c := range f.components() {
			n := t.owners(c)
			for i, least := range sizes {
				if n >= least {
					rolls[i].take(at, c)
				}
			}
		}
	}
	next := int64(0)
	for _, l := range links {
		if next == 0 {
			next = l.at + int64(6*time.Hour)
		}
		if l.at >= next {
			step(next)
			next += int64(6*time.Hour) * (1 + (l.at-next)/int64(6*time.Hour))
		}
		for int(l.key) >= len(holders) {
			holders = append(holders, nil)
		}
		holders[l.key] = append(holders[l.key], l.account)
	}
	if next != 0 {
		step(next)
	}
	out := make([][]Report, len(sizes))
	for i, r := range rolls {
		out[i] = r.reports
	}
	return out
}
