package main

import (
	"iter"
	"time"

	"iolaus/app"
	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/ledger"
)

// evalLedger lets the ledger of detection read a tape, and says who left which
// trace that two owners left.
func evalLedger(t *eval.Tape) iter.Seq[exchange.Sighting] {
	l := ledger.New(ledger.Options{})
	l.Register(app.SignUps(evalKey(), t.Accounts))
	var x exchange.Trace
	for i := range t.Events {
		t.Trace(i, &x, [exchange.Families]bool{})
		l.View(x.Time) // bans are known from their time on
		l.Take(&x)
	}
	_, last := t.Span()
	v := l.View(last)
	return func(yield func(exchange.Sighting) bool) {
		for i := range v.Edges {
			e := &v.Edges[i]
			s := exchange.Sighting{Account: v.Accounts[e.Account].Name, Observable: v.Trails[e.Trail].Observable,
				First: time.Unix(int64(e.First), 0), Last: time.Unix(int64(e.Last), 0), Count: e.Count}
			if !yield(s) {
				return
			}
		}
	}
}
