package enforce

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"iolaus/guard"
)

// An Event is one line of the journal of measures.
type Event struct {
	At       time.Time     `json:"at"`
	What     string        `json:"what"` // made, lifted
	By       string        `json:"by"`   // "policy", or the person
	ID       string        `json:"id"`
	Account  string        `json:"account,omitempty"`
	Org      string        `json:"org,omitempty"`
	Measure  string        `json:"measure,omitempty"`
	Shadow   bool          `json:"shadow,omitempty"`
	Delay    time.Duration `json:"delay,omitempty"`
	Campaign string        `json:"campaign,omitempty"`
	Reason   string        `json:"reason"`
	Policy   string        `json:"policy,omitempty"`
	Lift     string        `json:"lift,omitempty"`
	Until    time.Time     `json:"until,omitzero"`
}

// A Book keeps the measures in force, and every change in a file. Its methods
// may be called from many goroutines.
type Book struct {
	mu     sync.Mutex
	f      *os.File
	number int
	by     map[subject]*guard.Order
	where  map[string]subject // by id
	lifted map[pardon]bool
	gone   []Gone
	serial uint64            // counts changes
	made   map[string]uint64 // serial at which each id was made
}

// subject is whom a measure is against: an account or an organisation.
type subject struct {
	name string
	org  bool
}

// pardon is an account that a person freed of one campaign.
type pardon struct{ account, campaign string }

// Gone is a measure that ended, for those who follow by changes.
type Gone struct {
	Serial  uint64
	Account string
	Order   guard.Order
}

// keepGone is how many ended measures are remembered for followers.
const keepGone = 1 << 16

// Open reads the journal of measures at path and appends to it from then on.
func Open(path string) (*Book, error) {
	b := &Book{by: map[subject]*guard.Order{}, where: map[string]subject{}, lifted: map[pardon]bool{}, made: map[string]uint64{}}
	if err := b.load(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open the journal of measures: %w", err)
	}
	b.f = f
	return b, b.whole()
}

// whole ends a torn last line, so that the next one stands for itself.
func (b *Book) whole() error {
	info, err := b.f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	var last [1]byte
	if _, err := b.f.ReadAt(last[:], info.Size()-1); err != nil {
		return fmt.Errorf("cannot read the journal of measures: %w", err)
	}
	if last[0] != '\n' {
		_, err = b.f.WriteString("\n")
	}
	return err
}

func (b *Book) load(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot open the journal of measures: %w", err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var e Event
		if json.Unmarshal(sc.Bytes(), &e) == nil { // a torn line never took effect
			b.apply(&e)
		}
	}
	return sc.Err()
}

// apply makes an event's effect.
func (b *Book) apply(e *Event) {
	b.number++
	b.serial++
	s := subject{e.Account, false}
	if e.Org != "" {
		s = subject{e.Org, true}
	}
	switch e.What {
	case "made":
		m, _ := guard.MeasureNamed(e.Measure)
		b.drop(s)
		b.by[s] = &guard.Order{ID: e.ID, Measure: m, Shadow: e.Shadow, Delay: e.Delay, Campaign: e.Campaign, Reason: e.Reason,
			Policy: e.Policy, Lift: e.Lift, Since: e.At.Unix(), Until: e.Until.Unix()}
		b.where[e.ID], b.made[e.ID] = s, b.serial
	case "lifted":
		b.drop(s)
		if !s.org && e.Campaign != "" {
			b.lifted[pardon{s.name, e.Campaign}] = true
		}
	}
}

// drop ends what is in force against s.
func (b *Book) drop(s subject) {
	o := b.by[s]
	if o == nil {
		return
	}
	delete(b.by, s)
	delete(b.where, o.ID)
	b.tell(s, o)
}

// tell enters an end for those who follow, once.
func (b *Book) tell(s subject, o *guard.Order) {
	if _, known := b.made[o.ID]; !known {
		return
	}
	delete(b.made, o.ID)
	if s.org {
		return // followers follow accounts
	}
	if b.gone = append(b.gone, Gone{b.serial, s.name, *o}); len(b.gone) > keepGone {
		b.gone = b.gone[len(b.gone)-keepGone/2:]
	}
}

// write puts events on the disk and then into effect.
func (b *Book) write(es []Event) error {
	if len(es) == 0 {
		return nil
	}
	var text []byte
	for i := range es {
		line, err := json.Marshal(&es[i])
		if err != nil {
			return fmt.Errorf("cannot write a measure: %w", err)
		}
		text = append(append(text, line...), '\n')
	}
	if _, err := b.f.Write(text); err != nil {
		return fmt.Errorf("cannot write the journal of measures: %w", err)
	}
	if err := b.f.Sync(); err != nil {
		return fmt.Errorf("cannot write the journal of measures: %w", err)
	}
	for i := range es {
		b.apply(&es[i])
	}
	return nil
}

func (b *Book) id(now time.Time, n int) string {
	return fmt.Sprintf("m-%s-%d", now.UTC().Format("20060102"), b.number+n+1)
}

// Issue makes the measures that a policy has for claims, as far as they are not
// in force, not lifted by a person, and not against somebody allowed. A measure
// that has ended is made again only for who has been active since.
func (b *Book) Issue(now time.Time, p *Policy, allowed map[string]string, claims []Claim) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var es []Event
	for i := range claims {
		c := &claims[i]
		if allowed[c.Account] != "" || b.lifted[pardon{c.Account, c.Campaign}] {
			continue
		}
		o := p.order(c)
		if o == nil {
			continue
		}
		if old := b.by[subject{c.Account, false}]; old != nil {
			over := old.Until <= now.Unix()
			if !over && (old.Measure >= o.Measure && old.Shadow == o.Shadow || old.Policy == "") || over && c.Last.Unix() <= old.Until {
				continue
			}
		}
		es = append(es, Event{At: now, What: "made", By: "policy", ID: b.id(now, len(es)), Account: c.Account,
			Measure: o.Measure.String(), Shadow: o.Shadow, Delay: o.Delay, Campaign: o.Campaign, Reason: o.Reason,
			Policy: o.Policy, Lift: o.Lift, Until: now.Add(time.Duration(o.Until) * time.Second)})
	}
	return b.write(es)
}

// Command makes a measure by a person's order, against an account or an
// organisation. It needs a person, a reason and an end.
func (b *Book) Command(now time.Time, e Event) (Event, error) {
	m, ok := guard.MeasureNamed(e.Measure)
	switch {
	case e.By == "" || e.By == "policy":
		return e, errors.New("a measure by order needs the person: by")
	case e.Reason == "":
		return e, errors.New("a measure needs a reason")
	case (e.Account == "") == (e.Org == ""):
		return e, errors.New("a measure is against one account or one org")
	case !ok || m == guard.None:
		return e, fmt.Errorf("measure %q is none of observe, label, slow, verify, withhold, hold, block", e.Measure)
	case !e.Until.After(now) || e.Until.Sub(now) > longest:
		return e, fmt.Errorf("until must lie within %s from now: every measure ends", longest)
	case m == guard.Slow && (e.Delay <= 0 || e.Delay > longestLag):
		return e, fmt.Errorf("measure slow needs a delay of at most %s", longestLag)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e.At, e.What, e.ID, e.Policy = now, "made", b.id(now, 0), ""
	if e.Lift == "" {
		e.Lift = e.By
	}
	return e, b.write([]Event{e})
}

// ErrNone is wrapped when there is no such measure.
var ErrNone = errors.New("no such measure in force")

// Lift ends a measure by a person's word; it is not made again for the same
// campaign.
func (b *Book) Lift(now time.Time, id, by, reason string) error {
	if by == "" || reason == "" {
		return errors.New("lifting a measure needs the person and a reason: by, reason")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.where[id]
	if !ok {
		return fmt.Errorf("cannot lift %s: %w", id, ErrNone)
	}
	e := Event{At: now, What: "lifted", By: by, ID: id, Account: s.name, Reason: reason, Campaign: b.by[s].Campaign}
	if s.org {
		e.Account, e.Org = "", s.name
	}
	return b.write([]Event{e})
}

// Orders are the measures in force by account and by organisation.
func (b *Book) Orders(now time.Time) (accounts, orgs map[string]*guard.Order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	accounts, orgs = map[string]*guard.Order{}, map[string]*guard.Order{}
	for s, o := range b.by {
		switch {
		case o.Until <= now.Unix():
		case s.org:
			orgs[s.name] = o
		default:
			accounts[s.name] = o
		}
	}
	return accounts, orgs
}

// Since are the measures against accounts that were made, and that ended, after
// a serial; and the serial to ask with next. Serial 0 gives all in force, and
// what ended against others and would hold yet or until a day ago.
func (b *Book) Since(now time.Time, serial uint64) (made map[string]*guard.Order, ended []Gone, next uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expire(now)
	made = map[string]*guard.Order{}
	for s, o := range b.by {
		if !s.org && o.Until > now.Unix() && b.made[o.ID] > serial {
			made[s.name] = o
		}
	}
	for _, g := range b.gone {
		if serial > 0 && g.Serial > serial || serial == 0 && made[g.Account] == nil && g.Order.Until > now.Unix()-day {
			ended = append(ended, g)
		}
	}
	return made, ended, b.serial
}

// day is how long, in seconds, a measure that is over is kept: it tells a pause
// from a return.
const day = 86400

// expire tells what is over, and forgets it after a day.
func (b *Book) expire(now time.Time) {
	for s, o := range b.by {
		if _, untold := b.made[o.ID]; untold && o.Until <= now.Unix() {
			b.serial++
			b.tell(s, o)
		}
		if o.Until+day <= now.Unix() {
			b.drop(s)
		}
	}
}

// Close closes the journal.
func (b *Book) Close() error { return b.f.Close() }
