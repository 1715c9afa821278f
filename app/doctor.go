package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"math"
	"slices"
	"time"

	"iolaus/exchange"
	"iolaus/observe"
	"iolaus/source"
)

// Exam says what to look at before a log is searched. The zero value reads all
// of it without a registry.
type Exam struct {
	Lines    int                // first lines of each input that are read; 0 reads all
	Accounts []exchange.Account // the sign-up registry; nil when there is none
	Source   source.Options     // as detect would be given
}

// A Checkup is what a log allows to see.
type Checkup struct {
	Files     []FileCheck     `json:"files"`
	Lines     int             `json:"lines"`     // read, without blank ones
	Exchanges int             `json:"exchanges"` // usable
	Whole     bool            `json:"whole"`     // every input was read to its end
	Rejected  []RejectCheck   `json:"rejected"`  // most frequent reason first
	First     time.Time       `json:"first"`     // event time
	Last      time.Time       `json:"last"`
	Late      LateCheck       `json:"late"`
	Repeated  int             `json:"repeated"`    // exchanges whose id came before
	Accounts  int             `json:"accounts"`    // distinct
	KeyStands int             `json:"key_stands"`  // exchanges whose account is only the key
	Keys      int             `json:"keys"`        // distinct
	Orgs      int             `json:"orgs"`        // distinct
	Models    int             `json:"models"`      // distinct
	Customers int             `json:"customers"`   // exchanges that name the account's own customer
	InOrg     int             `json:"in_org"`      // exchanges whose key belongs to an organisation
	Failed    int             `json:"failed"`      // exchanges that failed
	Cut       int             `json:"cut"`         // exchanges whose texts the log cut
	Signals   []SignalCheck   `json:"signals"`     // in the order of explanation
	Registry  *RegistryCheck  `json:"registry"`    // nil when none was given
	Weak      []Weakness      `json:"weaknesses"`  // gravest first
	Verdict   string          `json:"verdict"`     // Usable, WeaklyUsable or Unusable
	Kinds     map[string]bool `json:"independent"` // kinds of evidence that fail independently, and whether the log has them
}

// The verdicts of a Checkup.
const (
	Usable       = "usable"
	WeaklyUsable = "usable but weak"
	Unusable     = "unusable"
)

// A FileCheck is one input.
type FileCheck struct {
	Name      string `json:"name"`
	Format    string `json:"format"`  // "" when none fits
	Account   string `json:"account"` // the field that is the account
	Lines     int    `json:"lines"`
	Exchanges int    `json:"exchanges"`
	Others    int    `json:"others"` // sound records that are no exchange
	Rejected  int    `json:"rejected"`
	Whole     bool   `json:"whole"` // read to its end
}

// A RejectCheck is one reason why lines are not used.
type RejectCheck struct {
	Reason   string          `json:"reason"`
	Count    int             `json:"count"`
	Examples []source.Reject `json:"examples"` // the first of them
}

// A LateCheck is how far the order of lines is from the order of time.
type LateCheck struct {
	Lines int           `json:"lines"` // that begin before a line above them
	Most  time.Duration `json:"most_ns"`
}

// A SignalCheck is one signal and the share of exchanges it can work on.
type SignalCheck struct {
	Name   string  `json:"name"`
	Family string  `json:"family"`
	Share  float64 `json:"share"`
	Needs  string  `json:"needs"`
	Advice string  `json:"advice"`
}

// A RegistryCheck is what the sign-up registry knows of the log's accounts.
type RegistryCheck struct {
	Rows    int `json:"rows"`
	Known   int `json:"known"`   // accounts of the log that it lists
	Created int `json:"created"` // ... with a time of sign-up
	Payment int `json:"payment"` // ... with a card or bank fingerprint
	Mail    int `json:"mail"`    // ... with a mail domain
	Owned   int `json:"owned"`   // ... whose contract or company is known
}

// A Weakness is what limits a search, and what would help.
type Weakness struct {
	Grave  bool   `json:"grave"` // the log is unusable for it
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

// Run examines inputs one after another. The error is for a run that could not
// be completed; faults of the log are in the Checkup.
func (e Exam) Run(ctx context.Context, in []source.Input) (*Checkup, error) {
	x := &examiner{exam: e, c: &Checkup{Whole: true}, ids: map[uint64]struct{}{}, reasons: map[string]*RejectCheck{},
		accounts: map[string]struct{}{}, models: map[string]struct{}{}, keys: map[uint64]struct{}{}, orgs: map[string]struct{}{}}
	for _, i := range in {
		if err := x.file(ctx, i); err != nil {
			return nil, err
		}
	}
	x.finish()
	return x.c, nil
}

// An examiner adds up what it sees of several inputs.
type examiner struct {
	exam     Exam
	c        *Checkup
	o        observe.Observer
	trace    exchange.Trace
	ids      map[uint64]struct{}
	reasons  map[string]*RejectCheck
	accounts map[string]struct{}
	models   map[string]struct{}
	orgs     map[string]struct{}
	keys     map[uint64]struct{}
}

const (
	examples = 3       // rejects that are shown of each reason
	maxIDs   = 1 << 21 // ids among which repeats are looked for
	peek     = 1 << 20 // stored bytes that tell an input's format
	leap     = time.Hour
)

// file examines one input. One goroutine decodes, so that lines come in their order.
func (x *examiner) file(ctx context.Context, in source.Input) error {
	f := FileCheck{Name: in.Name}
	raw, err := in.Open()
	if err == nil {
		defer raw.Close()
		buf := bufio.NewReaderSize(raw, peek)
		first, _ := buf.Peek(peek)
		told := source.Input{Name: in.Name, Again: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(first)), nil }}
		if f.Format, f.Account, _ = source.Tell(told); x.exam.Source.Format != "" {
			f.Format = x.exam.Source.Format
		}
		in = source.Input{Name: in.Name, Size: in.Size, Open: func() (io.ReadCloser, error) { return io.NopCloser(buf), nil }}
	}
	passed := 0
	if x.exam.Lines > 0 {
		in = counted(source.Head(in, x.exam.Lines), &passed)
	}
	o := x.exam.Source
	o.Workers = 1
	o.Reject = func(r source.Reject) { f.Rejected++; x.reject(r) }
	order := &order{}
	stats, err := source.Scan(ctx, []source.Input{in}, o, func() func(*exchange.Exchange, *int64) {
		return func(e *exchange.Exchange, out *int64) { x.look(e); order.next(e.Time.UnixNano(), &x.c.Late) }
	}, func(t time.Time, _ *int64) error { x.span(t); return nil })
	if err != nil {
		return err
	}
	if x.exam.Source.Account != "" {
		f.Account = x.exam.Source.Account
	}
	f.Lines, f.Exchanges, f.Others = stats.Lines, stats.Exchanges, stats.Others
	f.Whole = x.exam.Lines == 0 || passed < x.exam.Lines
	x.c.Lines += f.Lines
	x.c.Exchanges += f.Exchanges
	x.c.Whole = x.c.Whole && f.Whole
	x.c.Files = append(x.c.Files, f)
	return nil
}

// counted adds the line ends that are read of an input to n.
func counted(in source.Input, n *int) source.Input {
	open := in.Open
	in.Open = func() (io.ReadCloser, error) {
		r, err := open()
		return &lineCounter{r, n}, err
	}
	return in
}

type lineCounter struct {
	io.ReadCloser
	n *int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	*l.n += bytes.Count(p[:n], []byte{'\n'})
	return n, err
}

func (x *examiner) reject(r source.Reject) {
	c := x.reasons[r.Reason]
	if c == nil {
		c = &RejectCheck{Reason: r.Reason}
		x.reasons[r.Reason] = c
	}
	if c.Count++; len(c.Examples) < examples {
		c.Examples = append(c.Examples, r)
	}
}

// look takes one exchange into account.
func (x *examiner) look(e *exchange.Exchange) {
	c, t := x.c, &x.trace
	x.o.Observe(e, t)
	x.accounts[t.Account] = struct{}{}
	if t.Model != "" {
		x.models[t.Model] = struct{}{}
	}
	if t.Org != "" {
		x.orgs[t.Org] = struct{}{}
		c.InOrg++
	}
	if e.Key != "" {
		x.keys[x.o.Key.Hash(0, e.Key)] = struct{}{}
		if e.Key == e.Account {
			c.KeyStands++
		}
	}
	if e.SubAccount != "" {
		c.Customers++
	}
	if e.Failed {
		c.Failed++
	}
	if e.Truncated {
		c.Cut++
	}
	if _, again := x.ids[t.ID]; again {
		c.Repeated++
	} else if len(x.ids) < maxIDs {
		x.ids[t.ID] = struct{}{}
	}
}

func (x *examiner) span(t time.Time) {
	if c := x.c; c.First.IsZero() || t.Before(c.First) {
		c.First = t
	}
	if x.c.Last.Before(t) {
		x.c.Last = t
	}
}

// An order follows the times of one input's lines. The time reached is that of
// the latest line; if it is further ahead than a leap, that of the one before it,
// so that one wrong clock makes nothing late.
type order struct {
	reached int64
	last    [8]int64
	n       int
}

func (o *order) next(t int64, c *LateCheck) {
	if late := o.reached - t; o.n > 0 && late > 0 {
		c.Lines++
		c.Most = max(c.Most, time.Duration(late))
	}
	o.last[o.n%len(o.last)] = t
	o.n++
	first, second := int64(math.MinInt64), int64(math.MinInt64)
	for _, l := range o.last[:min(o.n, len(o.last))] {
		if l > first {
			first, second = l, first
		} else {
			second = max(second, l)
		}
	}
	if o.n == 1 || first-second <= int64(leap) {
		second = first
	}
	o.reached = max(o.reached, second)
}

// finish draws the conclusions.
func (x *examiner) finish() {
	c := x.c
	c.Accounts, c.Keys, c.Orgs, c.Models = len(x.accounts), len(x.keys), len(x.orgs), len(x.models)
	for _, r := range x.reasons {
		c.Rejected = append(c.Rejected, *r)
	}
	slices.SortFunc(c.Rejected, func(a, b RejectCheck) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Reason, b.Reason))
	})
	cover := x.o.Coverage()
	for i, s := range observe.Signals() {
		share := 0.0
		if cover.Exchanges > 0 {
			share = float64(cover.Ran[i]) / float64(cover.Exchanges)
		}
		c.Signals = append(c.Signals, SignalCheck{s.Name, s.Family.String(), share, s.Needs, s.Advice})
	}
	if x.exam.Accounts != nil {
		c.Registry = x.registry()
	}
	c.judge()
}

// registry compares the sign-ups with the accounts of the log.
func (x *examiner) registry() *RegistryCheck {
	r := &RegistryCheck{Rows: len(x.exam.Accounts)}
	for i := range x.exam.Accounts {
		a := &x.exam.Accounts[i]
		if _, in := x.accounts[a.ID]; !in {
			continue
		}
		r.Known++
		s := observe.ReadSignUp(x.o.Key, a)
		for n, has := range map[*int]bool{&r.Created: !a.Created.IsZero(), &r.Payment: s.Payment != 0, &r.Mail: a.EmailDomain != "", &r.Owned: s.Owner != ""} {
			if has {
				*n++
			}
		}
	}
	return r
}
