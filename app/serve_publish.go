package app

import (
	"cmp"
	"context"
	"math"
	"path/filepath"
	"slices"
	"time"

	"iolaus/campaign"
	"iolaus/casebook"
	"iolaus/enforce"
	"iolaus/exchange"
	"iolaus/gateway"
	"iolaus/guard"
	"iolaus/hunt"
	"iolaus/observe"
)

// printCaps bound what one family can say at the gateway, as in the hunt.
func printCaps() (caps [exchange.Families]float32) {
	for f, n := range hunt.Caps() {
		caps[f] = float32(n)
	}
	return caps
}

// mostTraits is how many traits of one fingerprint the guard holds.
const mostTraits = 512

// publish gives the guard what the last hunts found, and makes the measures
// that the policy has for it.
func (f *follower) publish() error {
	v := f.l.view()
	f.l.hunter.Close(&v)
	cs, fs := f.l.found(&v, f.labels.get())
	c := f.config.Load()
	ds, err := casebook.Read(filepath.Join(c.Data, CasebookFile))
	if err != nil {
		return err
	}
	var claims []enforce.Claim
	found := make([]finding, len(cs))
	for i, x := range cs {
		found[i] = finding{fs[i], x, casebook.Covers(ds, Keys(x), Names(x)) == nil}
		if found[i].raised {
			claims = append(claims, claimsOf(x, fs[i], &v)...)
		}
	}
	standing := guard.NewAccounts(len(v.Accounts))
	for i := range v.Accounts {
		if f.l.hunter.Stranger(&v, uint32(i)) {
			standing.Add(v.Accounts[i].Name)
		}
	}
	prints := f.printsOf(found, &v, &c.Enforce)
	if err := f.book.Issue(time.Now(), &c.Enforce, c.allowed, claims); err != nil {
		return err
	}
	f.found.Store(&cs)
	f.mu.Lock()
	f.prints, f.standing = guard.NewPrints(prints, printCaps()), standing
	f.mu.Unlock()
	f.publishOrders()
	select {
	case <-f.results: // an older one that was not written yet
	default:
	}
	select {
	case f.results <- cs:
	default:
	}
	return nil
}

// claimsOf says of each member that it belongs to the campaign.
func claimsOf(x *campaign.Campaign, f *hunt.Finding, v *hunt.View) []enforce.Claim {
	out := make([]enforce.Claim, 0, len(f.Members))
	for _, m := range f.Members {
		a := &v.Accounts[m.Account]
		out = append(out, enforce.Claim{Account: a.Name, Campaign: x.ID, Nats: m.Score.Total(), Last: time.Unix(int64(a.Last), 0)})
	}
	return out
}

// finding is a finding, the campaign made of it, and whether it stands: people
// have not dismissed it.
type finding struct {
	*hunt.Finding
	campaign *campaign.Campaign
	raised   bool
}

// printsOf makes the fingerprints, one for each finding that there ever was, so
// that a print keeps its number.
func (f *follower) printsOf(found []finding, v *hunt.View, p *enforce.Policy) []guard.Print {
	out := make([]guard.Print, len(f.l.hunter.Findings()))
	for _, x := range found {
		if !x.raised {
			continue
		}
		least := f.l.hunter.Least(x.Finding)
		order, ok := p.Newcomer(x.campaign.ID, least)
		if !ok {
			order = guard.Order{Measure: guard.Observe, Shadow: true, Campaign: x.campaign.ID, Until: 3600}
		}
		print := guard.Print{Campaign: x.campaign.ID, Least: float32(least), Order: order}
		for _, w := range x.Weights[:min(len(x.Weights), mostTraits)] {
			if w.Nats > 0 {
				print.Traits = append(print.Traits, guard.Trait{Observable: v.Trails[w.Trail].Observable, Nats: float32(w.Nats), Own: f.l.hunter.Exclusive(v, x.Finding, w.Trail)})
			}
		}
		out[x.ID] = print
	}
	return out
}

// publishOrders gives the guard the measures in force beside what it knows.
func (s *Server) publishOrders() {
	accounts, orgs := s.book.Orders(time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.guard.Publish(&guard.Snapshot{Version: s.version, Orders: accounts, Orgs: orgs, Allow: s.config.Load().allowed, Standing: s.standing, Prints: s.prints})
	s.meters.published.Add(1)
}

// announce takes recognitions into the book and publishes changes of orders.
func (s *Server) announce(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.news:
			s.publishOrders()
		case q := <-s.fresh:
			s.admitNewcomer(&q)
		}
	}
}

// A newcomer is a request by which an account was recognised, and when it was
// made: of a replayed log, long ago.
type newcomer struct {
	guard.Request
	at time.Time
}

// admitNewcomer makes the policy's measure for an account that was recognised.
func (s *Server) admitNewcomer(q *newcomer) {
	now := time.Now()
	a := s.guard.Decide(&q.Request, now)
	if !a.Recognised {
		return // in force already, or gone
	}
	c := s.config.Load()
	err := s.book.Issue(now, &c.Enforce, c.allowed, []enforce.Claim{{Account: q.Account, Campaign: a.Campaign, Nats: float64(a.Nats), Last: now, Newcomer: true}})
	if err != nil {
		s.log.Error("cannot write a measure", "error", err)
		return
	}
	s.meters.recognised.Add(1)
	r := &record{At: now, Account: q.Account, Measure: a.Measure.String(), Shadow: a.Shadow, Campaign: a.Campaign, Nats: float64(a.Nats), Recognised: true, First: true}
	for _, k := range a.Same() {
		r.Same = append(r.Same, k.String())
	}
	r.succeeds(s.all(), q.at)
	s.records.note(r)
	s.publishOrders()
}

// mourning is how long after a ban a newcomer counts as the banned head's successor.
const mourning = 72 * time.Hour

// succeeds says whose place a newcomer seems to take: of the head of its campaign
// that was banned last before it came.
func (r *record) succeeds(found []*campaign.Campaign, at time.Time) {
	for _, c := range found {
		if c.ID != r.Campaign {
			continue
		}
		for i := range c.Accounts {
			b := c.Accounts[i].Banned
			if b == nil || b.After(at) || at.Sub(*b) > mourning || r.ReplacedBanned != nil && !b.After(*r.ReplacedBanned) {
				continue
			}
			r.Replaces, r.ReplacedBanned, r.After = c.Accounts[i].Account, b, math.Round(100*at.Sub(*b).Hours())/100
		}
	}
}

// seen compares what came in with the fingerprints, so that the gateway knows
// at the next request.
func (s *Server) seen(ts []exchange.Trace) {
	snap := s.guard.Snapshot()
	if snap == nil || snap.Prints.Len() == 0 {
		return
	}
	now := time.Now()
	for i := range ts {
		q := guard.Request{Account: ts[i].Account, Org: ts[i].Org, Seen: ts[i].Seen()}
		if a := s.guard.Decide(&q, now); a.Recognised {
			s.newcomer(&q, ts[i].Time)
		}
	}
}

// newcomer hands a recognised account on, if there is room; the next request
// brings it again.
func (s *Server) newcomer(q *guard.Request, at time.Time) {
	select {
	case s.fresh <- newcomer{guard.Request{Account: q.Account, Org: q.Org, Seen: slices.Clone(q.Seen)}, at}:
	default:
	}
}

// record counts an answer and writes down what is not "none".
func (s *Server) record(q *guard.Request, a *guard.Answer, spent time.Duration) {
	s.meters.answered(a, spent)
	if a.Recognised {
		s.newcomer(q, time.Now())
	}
	if a.Measure > guard.None {
		s.records.note(&record{At: time.Now(), Account: q.Account, Org: q.Org, Measure: a.Measure.String(), Shadow: a.Shadow, Campaign: a.Campaign,
			Order: a.ID, Recognised: a.Recognised, Nats: float64(a.Nats)})
	}
}

// judgeSignUp compares a sign-up with the fingerprints.
func (s *Server) judgeSignUp(a *exchange.Account) any {
	up := observe.ReadSignUp(s.key, a)
	seen := up.Left
	if up.Payment != 0 {
		seen = append(slices.Clone(seen), up.Payment)
	}
	q := guard.Request{Account: a.ID, Org: a.Org, Seen: seen}
	began := time.Now()
	answer := s.guard.Decide(&q, began)
	s.record(&q, &answer, time.Since(began))
	out := map[string]any{"account": a.ID, "measure": answer.Measure.String(), "act": answer.Acts(), "recognised": answer.Recognised, "log_odds": answer.Nats}
	if answer.Measure > guard.None {
		out["campaign"], out["reason"], out["shadow"] = answer.Campaign, answer.Reason, answer.Shadow
		out["until"] = time.Unix(answer.Until, 0).UTC()
	}
	return out
}

// feed is what changed in the measures. What is in force against somebody allowed
// is over for those who follow, and told each time: the list may be new.
func (s *Server) feed(serial uint64) gateway.Feed {
	now := time.Now()
	made, ended, next := s.book.Since(now, serial)
	f := gateway.Feed{Made: made, Next: next}
	if allowed := s.config.Load().allowed; len(allowed) > 0 {
		force, _ := s.book.Orders(now)
		for account := range allowed {
			if o := force[account]; o != nil {
				delete(made, account)
				f.Ended = append(f.Ended, gateway.Ended{Account: account, Order: *o})
			}
		}
	}
	for _, g := range ended {
		f.Ended = append(f.Ended, gateway.Ended{Account: g.Account, Order: g.Order})
	}
	return f
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
