package guard

import (
	"sync"

	"iolaus/exchange"
)

// score is what speaks for one print, by family: the three strongest views.
type score struct {
	print uint32
	nats  [exchange.Families][views]float32
	own   [exchange.Families][views]float32 // what hardly anybody outside was seen to leave
	kinds uint32                            // one bit for each exchange.Kind that spoke
}

const (
	views    = 3  // of one family that count: in full, a half and a quarter
	contests = 16 // prints that one request can be compared with
	present  = 2.3
)

// tally scores a request's observables against all prints that share any.
type tally struct {
	n   int
	all [contests]score
}

func (t *tally) add(p *Prints, seen []exchange.Observable) {
	for _, o := range seen {
		if o == 0 {
			continue
		}
		f := o.Family()
		if f >= exchange.Families {
			continue
		}
		for _, m := range p.of(o) {
			if s := t.score(m.print); s != nil {
				insert(&s.nats[f], m.nats)
				s.kinds |= 1 << o.Kind()
				if m.own && o.Kind() != exchange.Item {
					insert(&s.own[f], m.nats)
				}
			}
		}
	}
}

func (t *tally) score(print uint32) *score {
	for i := range t.n {
		if t.all[i].print == print {
			return &t.all[i]
		}
	}
	if t.n == contests {
		return nil
	}
	s := &t.all[t.n]
	t.n++
	*s = score{print: print}
	return s
}

// insert keeps the strongest, in order.
func insert(a *[views]float32, n float32) {
	for i := range a {
		if n > a[i] {
			a[i], n = n, a[i]
		}
	}
}

// pool adds up the views with falling return, up to each family's cap.
func pool(nats *[exchange.Families][views]float32, caps *[exchange.Families]float32) (out [exchange.Families]float32) {
	for f := range nats {
		share := float32(1)
		for _, n := range nats[f] {
			out[f] += n * share
			if f != int(exchange.Behaviour) {
				share /= 2
			}
		}
		out[f] = min(out[f], caps[f])
	}
	return out
}

// nearly is the log-odds from which own wording fits: two pieces of it nearly at
// their most.
const nearly = 5.5

// program says whether an account runs the campaign's own program, as the hunt
// does: several pieces of wording that hardly anybody else uses, and beside it a
// client, an exit, a mail domain that hardly anybody else has.
func program(own *[exchange.Families]float32) bool {
	other := float32(0)
	for f, n := range own {
		if f != int(exchange.Content) {
			other += n
		}
	}
	return own[exchange.Content] >= nearly && other >= present
}

// linked says whether a score makes an account one of the campaign's: two
// independent causes, of which addresses with a common client are not enough.
func linked(s *[exchange.Families]float32, least float32) (float32, bool) {
	total, causes := float32(0), 0
	for _, n := range s {
		total += n
	}
	if s[exchange.Content] >= present || s[exchange.Client] >= present {
		causes++
	}
	for _, f := range [...]exchange.Family{exchange.Identity, exchange.Infrastructure, exchange.Behaviour, exchange.Protocol} {
		if s[f] >= present {
			causes++
		}
	}
	strong := s[exchange.Content] >= present || s[exchange.Behaviour] >= present || s[exchange.Protocol] >= present
	return total, causes >= 2 && strong && total >= least
}

// recentSlots is how many unknown accounts are remembered between their first
// requests.
const recentSlots = 1 << 14

// slot remembers one unknown account. Who finds it taken does without.
type slot struct {
	mu         sync.Mutex
	account    uint64
	print      uint32
	version    uint64 // of the snapshot that print belongs to
	recognised bool
	since      int64
	nats       [exchange.Families]float32
	own        [exchange.Families]float32
	kinds      uint32
}

// recognise scores an unknown account with what its request leaves and what its
// last ones left.
func (g *Guard) recognise(s *Snapshot, r *Request, at int64) Answer {
	if s.Prints.Len() == 0 || r.Account == "" {
		return Answer{}
	}
	var t tally
	t.add(s.Prints, r.Seen)
	h := hashName(r.Account)
	m := &g.recent[h>>40&(recentSlots-1)]
	if !m.mu.TryLock() {
		return t.best(s, nil, at)
	}
	if m.account != h || m.version != s.Version && int(m.print) >= s.Prints.Len() {
		if t.n == 0 {
			m.mu.Unlock()
			return Answer{}
		}
		m.account, m.print, m.version, m.recognised, m.since = h, none, s.Version, false, 0
		m.nats, m.own, m.kinds = [exchange.Families]float32{}, [exchange.Families]float32{}, 0
	}
	a := t.best(s, m, at)
	m.mu.Unlock()
	return a
}

const none = 1<<32 - 1

// best is the print that fits best, together with what m remembers of it.
func (t *tally) best(s *Snapshot, m *slot, at int64) Answer {
	p := s.Prints
	if m != nil && m.recognised && at < m.since+p.prints[m.print].Order.Until {
		total, _ := linked(&m.nats, 0)
		return p.answer(m.print, total, m.since, m.kinds)
	}
	var top, owned [exchange.Families]float32
	best, print, is, kinds := float32(0), uint32(none), false, uint32(0)
	for i := range t.n {
		x := &t.all[i]
		f, own, said := pool(&x.nats, &p.caps), pool(&x.own, &p.caps), x.kinds
		if m != nil && m.print == x.print {
			said |= m.kinds
			for k := range f {
				f[k], own[k] = max(f[k], m.nats[k]), max(own[k], m.own[k])
			}
		}
		total, ok := linked(&f, p.prints[x.print].Least)
		ok = ok || program(&own)
		if ok && !is || ok == is && total > best {
			best, print, is, top, owned, kinds = total, x.print, ok, f, own, said
		}
	}
	if m != nil && print != none {
		m.print, m.nats, m.own, m.kinds, m.version = print, top, owned, kinds, s.Version
		if is {
			m.recognised, m.since = true, at
		}
	}
	if !is {
		return Answer{Nats: best}
	}
	return p.answer(print, best, at, kinds)
}

// answer turns a recognition into an order that counts from since.
func (p *Prints) answer(print uint32, nats float32, since int64, kinds uint32) Answer {
	o := p.prints[print].Order
	o.Since, o.Until = since, since+o.Until
	return Answer{Order: o, Recognised: true, Nats: nats, Kinds: kinds}
}
