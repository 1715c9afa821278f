package app

import (
	"cmp"
	"context"
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

// seasoned is from how many exchanges on the hunt's word on an account stands:
// until then the guard compares it with what is known at every request.
const seasoned = 24

// printCaps bound what one family can say at the gateway; as in the hunt.
func printCaps() [exchange.Families]float32 {
	return [exchange.Families]float32{exchange.Identity: 7, exchange.Infrastructure: 5, exchange.Client: 4,
		exchange.Content: 8, exchange.Behaviour: 9, exchange.Protocol: 12}
}

const (
	leastNats  = 9    // for membership, as in the hunt
	coreShare  = 0.55 // of the median member's nats
	mostTraits = 512  // of one fingerprint
)

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
	found, member := make([]finding, len(cs)), make([]bool, len(v.Accounts))
	for i, x := range cs {
		for _, m := range fs[i].Members {
			member[m.Account] = true
		}
		found[i] = finding{fs[i], x, casebook.Covers(ds, Keys(x), Names(x)) == nil}
		if found[i].raised {
			claims = append(claims, claimsOf(x, fs[i], &v)...)
		}
	}
	standing, outside := guard.NewAccounts(len(v.Accounts)), make([]bool, len(v.Accounts))
	for i := range v.Accounts {
		if outside[i] = v.Accounts[i].Exchanges >= seasoned && !member[i]; outside[i] {
			standing.Add(v.Accounts[i].Name)
		}
	}
	prints := printsOf(len(f.l.hunter.Findings()), found, &v, outside, &c.Enforce)
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

// printsOf makes the fingerprints, one for each of n findings that there ever
// were, so that a print keeps its number.
func printsOf(n int, found []finding, v *hunt.View, outside []bool, p *enforce.Policy) []guard.Print {
	out := make([]guard.Print, n)
	for _, f := range found {
		if !f.raised {
			continue
		}
		least := max(leastNats, coreShare*medianNats(f.Finding))
		order, ok := p.Newcomer(f.campaign.ID, least)
		if !ok {
			order = guard.Order{Measure: guard.Observe, Shadow: true, Campaign: f.campaign.ID, Until: 3600}
		}
		x := guard.Print{Campaign: f.campaign.ID, Least: float32(least), Order: order}
		for _, w := range f.Weights[:min(len(f.Weights), mostTraits)] {
			if w.Nats > 0 {
				x.Traits = append(x.Traits, guard.Trait{Observable: v.Trails[w.Trail].Observable, Nats: float32(w.Nats), Own: ownOf(v, w.Trail, outside)})
			}
		}
		out[f.ID] = x
	}
	return out
}

// ownOf says whether hardly any long-known account outside the campaigns leaves
// a trail: at most one for every five that leave it inside. Not none: the hunt
// has not found every head.
func ownOf(v *hunt.View, trail uint32, outside []bool) bool {
	out := 0
	for _, e := range v.Trails[trail].Carriers {
		if outside[v.Edges[e].Account] {
			out++
		}
	}
	return 6*out <= len(v.Trails[trail].Carriers)
}

func medianNats(f *hunt.Finding) float64 {
	all := make([]float64, len(f.Members))
	for i, m := range f.Members {
		all[i] = m.Score.Total()
	}
	slices.Sort(all)
	return all[len(all)/2]
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

// admitNewcomer makes the policy's measure for an account that was recognised.
func (s *Server) admitNewcomer(q *guard.Request) {
	now := time.Now()
	a := s.guard.Decide(q, now)
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
	s.records.note(successionOf(s.found.Load(), q.Account, &a, now))
	s.publishOrders()
}

// successionOf says who seems to be replaced by a newcomer: the head of the
// campaign that was banned last.
func successionOf(found *[]*campaign.Campaign, account string, a *guard.Answer, now time.Time) *record {
	r := &record{At: now, Account: account, Measure: a.Measure.String(), Shadow: a.Shadow, Campaign: a.Campaign, Nats: float64(a.Nats), Recognised: true, First: true}
	if found == nil {
		return r
	}
	for _, c := range *found {
		if c.ID != a.Campaign {
			continue
		}
		for i := range c.Accounts {
			if b := c.Accounts[i].Banned; b != nil && (r.ReplacedBanned == nil || b.After(*r.ReplacedBanned)) {
				r.Replaces, r.ReplacedBanned = c.Accounts[i].Account, b
			}
		}
	}
	return r
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
			s.newcomer(&q)
		}
	}
}

// newcomer hands a recognised account on, if there is room; the next request
// brings it again.
func (s *Server) newcomer(q *guard.Request) {
	select {
	case s.fresh <- guard.Request{Account: q.Account, Org: q.Org, Seen: slices.Clone(q.Seen)}:
	default:
	}
}

// record counts an answer and writes down what is not "none".
func (s *Server) record(q *guard.Request, a *guard.Answer, spent time.Duration) {
	s.meters.answered(a, spent)
	if a.Recognised {
		s.newcomer(q)
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

// feed is what changed in the measures.
func (s *Server) feed(serial uint64) gateway.Feed {
	made, ended, next := s.book.Since(time.Now(), serial)
	f := gateway.Feed{Made: made, Next: next}
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
