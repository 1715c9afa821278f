package app

import (
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/ledger"
	"iolaus/observe"
	"iolaus/sim"
)

// traffic is a world to hunt in, observed in advance. It holds no pointers but its
// names': the collector of a server does not look through its traffic.
type traffic struct {
	ups    []ledger.SignUp
	traces []told
	names  []string
	known  map[string]uint32
}

// told is a trace without its names.
type told struct {
	at                  int64
	id, customer        uint64
	account, org, model uint32
	capability          exchange.Capability
	failed              bool
	code                int16
	input, output       int32
	left                uint8
	observables         [exchange.MaxObservables]exchange.Observable
}

func (w *traffic) name(s string) uint32 {
	n, ok := w.known[s]
	if !ok {
		n = uint32(len(w.names))
		w.names, w.known[s] = append(w.names, s), n
	}
	return n
}

func (w *traffic) tell(t *exchange.Trace) {
	w.traces = append(w.traces, told{t.Time.UnixNano(), t.ID, t.SubAccount, w.name(t.Account), w.name(t.Org), w.name(t.Model),
		t.Capability, t.Failed, t.ErrorCode, t.Input, t.Output, t.Left, t.Observables})
}

func (w *traffic) trace(i int) exchange.Trace {
	t := &w.traces[i]
	return exchange.Trace{ID: t.id, Time: time.Unix(0, t.at).UTC(), SubAccount: t.customer, Account: w.names[t.account], Org: w.names[t.org], Model: w.names[t.model],
		Capability: t.capability, Failed: t.failed, ErrorCode: t.code, Input: t.input, Output: t.output, Left: t.left, Observables: t.observables}
}

func watched(t *testing.T) *traffic {
	t.Helper()
	texts, err := sim.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := sim.Named(map[bool]string{true: "quick-regrowth", false: "regrowth"}[*latencyPairs == 1])
	if err != nil {
		t.Fatal(err)
	}
	spec.Days = 8
	w, err := sim.New(spec, texts)
	if err != nil {
		t.Fatal(err)
	}
	all, o := &traffic{known: map[string]uint32{}}, observe.Observer{}
	for i := range w.Accounts {
		a := &w.Accounts[i]
		s := observe.ReadSignUp(o.Key, a)
		all.ups = append(all.ups, ledger.SignUp{Account: a.ID, Created: a.Created, Banned: a.Banned, Owner: s.Owner, Payment: s.Payment, Left: s.Left})
	}
	var one exchange.Trace
	err = w.Each(func(x *exchange.Exchange) error {
		one.Reset()
		o.Observe(x, &one)
		all.tell(&one)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hunt takes the world in and hunts at every step, again and again, until it is told
// to stop; like a server it publishes once a second. It returns how often it hunted.
func (w *traffic) hunt(t *testing.T, stop <-chan struct{}) (steps int) {
	for {
		f := bench(t)
		f.l.ledger.Register(w.ups)
		for i := range w.traces {
			select {
			case <-stop:
				return steps
			default:
			}
			had, x := f.l.steps, w.trace(i)
			err := f.l.admit(&x, true)
			if err == nil && f.l.steps != had {
				steps++
				f.hunted(time.Now())
				err = f.settle(false)
			}
			if err != nil {
				t.Error(err)
				return steps
			}
		}
	}
}
