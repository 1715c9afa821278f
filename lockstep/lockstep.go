// Package lockstep finds accounts that touch the same objects together, again
// and again, in a log that says no more than who touched what, and when.
//
// It promises that nothing is found where chance explains it: how busy each
// account is, how popular each object, and on which day each was active are kept
// when chance is reckoned, and the share of wrong links is bounded. Cost grows
// with the touches and with the pairs that meet, never with all pairs of accounts.
//
// It refuses to say what a network is for. Coordination is no offence: a media
// house posts on thirty pages at once. Nothing here accuses anybody.
package lockstep

import (
	"cmp"
	"slices"
	"time"
)

// A Touch is one line of the log: an account touched an object. Accounts are
// numbered from 0; Object is any hash of it; Time is in Unix seconds.
type Touch struct {
	Account uint32
	Object  uint64
	Time    int64
}

// Options tune Find; the zero value is ready to use.
type Options struct {
	// Windows are how far apart two touches may be to be together; a link needs
	// one of them. Default 10 s, 60 s and 10 min.
	Windows []time.Duration
	// Objects is on how many objects two accounts must have met at least. Default 3.
	Objects int
	// Accounts is how many accounts make a network. Default 3.
	Accounts int
	// Error bounds the share of links that chance made among those reported, over
	// all windows. Default 0.05.
	Error float64
	// Owner tells which accounts are one owner's; links within an owner are left
	// out. nil gives each account an owner of its own.
	Owner func(account uint32) uint32
}

func (o Options) withDefaults() Options {
	if len(o.Windows) == 0 {
		o.Windows = []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute}
	}
	o.Objects = cmp.Or(o.Objects, 3)
	o.Accounts = cmp.Or(o.Accounts, 3)
	o.Error = cmp.Or(o.Error, 0.05)
	if o.Owner == nil {
		o.Owner = func(a uint32) uint32 { return a }
	}
	return o
}

// A Network is a set of accounts that hang together by links beyond chance.
type Network struct {
	Accounts []uint32      // ascending
	Links    int           // pairs of accounts that meet beyond chance
	Objects  int           // on which linked accounts met
	Own      int           // of Objects: those that nobody else touched
	Window   time.Duration // the narrowest that shows most of the links
	Lag      time.Duration // median distance of linked accounts' touches within Window
	First    int64         // meeting, Unix seconds
	Last     int64
	Surprise float64 // median over the links, in nats: how improbable by chance
}

// A Result is what Find found.
type Result struct {
	Networks []Network // largest first
	Pairs    int       // linked accounts in groups too small for a network
	Links    int       // in Networks and pairs
	Accounts int       // of the log
	Objects  int       // of the log
	Tested   int       // pairs that met on enough objects, in the widest window
}

// Find looks for networks. The order of touches does not matter; the same
// touches give the same networks.
func Find(touches []Touch, o Options) Result {
	o = o.withDefaults()
	t := newTable(touches)
	r := Result{Accounts: t.accounts, Objects: t.objects}
	links := map[uint64]link{}
	for _, w := range o.Windows {
		found, tested := validated(t, int64(w/time.Second), &o)
		r.Tested = max(r.Tested, tested)
		for _, l := range found {
			if old, ok := links[l.pair]; !ok || l.nats > old.nats {
				l.window = w
				if ok {
					l.window = min(w, old.window)
				}
				links[l.pair] = l
			}
		}
	}
	all := make([]link, 0, len(links))
	for _, l := range links {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b link) int { return cmp.Compare(a.pair, b.pair) })
	r.Links = len(all)
	for _, part := range parts(all) {
		n := describe(t, part)
		if len(n.Accounts) < o.Accounts {
			r.Pairs++
			continue
		}
		r.Networks = append(r.Networks, n)
	}
	slices.SortStableFunc(r.Networks, func(a, b Network) int {
		return cmp.Or(cmp.Compare(len(b.Accounts), len(a.Accounts)), cmp.Compare(b.Links, a.Links),
			slices.Compare(a.Accounts, b.Accounts))
	})
	return r
}
