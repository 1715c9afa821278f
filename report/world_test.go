package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"iolaus/campaign"
	"iolaus/hunt"
)

var dayOne = time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)

// crafted is a report with one campaign of n accounts over some days: three waves of
// sign-ups, a schedule that they share and that stands still at times, bans, and
// heirs that begin hours later. The same seed gives the same report.
func crafted(n, days int, seed uint64) *Report {
	r := rand.New(rand.NewPCG(seed, 1))
	hours := 24 * days
	c := &campaign.Campaign{
		ID: "c-20260805-2562", DetectedAt: dayOne.Add(time.Duration(hours/7) * time.Hour), Score: 26.3, Owners: n * 4 / 5,
		Target: "reasoning elicitation", OutputTokens: uint64(n) * 91_000,
		Capabilities: map[string]float64{"reasoning elicitation": 0.61, "coding": 0.3, "other": 0.085, "rewriting": 0.005},
		Certificate:  campaign.Certificate{Holds: true, LogE: 19.4, Level: 0.00002, Test: 12, Alpha: 0.01, Basis: "permutation"},
		Purpose:      campaign.Purpose{Score: 5.4, Templated: 0.91, Fresh: 0.92, PerDay: 2563},
	}
	c.LookAlikes = []campaign.LookAlike{
		{Name: "one company or household", Finding: "the accounts belong to many owners by contract, company domain and card"},
		{Name: "users of one popular tool", Finding: "they also agree in identity and behaviour, which no tool brings along"},
		{Name: "a reseller and its customers", Finding: "they name 0.14 customers per exchange", Holds: true},
	}
	x := craft{Campaign: Campaign{Campaign: c}, r: r, hours: hours}
	for i := range n {
		x.head(i, []int{6, hours / 3, hours * 3 / 5}[i*3/n])
	}
	c.First, c.Last = dayOne.Add(6*time.Hour), dayOne.Add(time.Duration(hours-1)*time.Hour)
	c.Evidence = craftedEvidence(c)
	out := &Report{Tool: "0.1.0", From: dayOne, To: dayOne.Add(time.Duration(hours) * time.Hour), Accounts: 20 * n, Exchanges: uint64(9 * c.Exchanges), Campaigns: []Campaign{x.Campaign}}
	for h := range hours {
		out.Traffic = append(out.Traffic, Hour{Start: hourAt(h), Exchanges: uint32(n * (132 + 66*(h%24)/12) / 12), Active: uint32(n * (96 + 48*(h%24)/12) / 12)})
	}
	out.Events = []Event{{dayOne.Add(60 * time.Hour), "release", "A new reasoning model", "northstar-2"}, {dayOne.Add(200 * time.Hour), "price", "Batch answers at half the price", ""}}
	c.Pivots = []campaign.Pivot{craftedPivot(n, out.Events[0])}
	out.Campaigns[0].keep(out)
	out.Reading = craftedReading()
	return out
}

// A craft is a campaign in the making.
type craft struct {
	Campaign
	r     *rand.Rand
	hours int   // of the log
	free  []int // hours of bans that nobody carried on for yet
}

// still are the hours in which nobody is heard.
func still(h int) bool { return h%61 < 6 || h%24 == 3 }

// head adds an account that begins with its wave, or after a ban.
func (x *craft) head(i, wave int) {
	r, c := x.r, x.Campaign.Campaign
	begin := wave + r.IntN(4)
	for len(x.free) > 0 && x.free[0]+48 > x.hours {
		x.free = x.free[1:]
	}
	if len(x.free) > 0 && r.IntN(3) > 0 {
		begin = x.free[0] + 2 + r.IntN(20)
	}
	m := campaign.Member{Account: fmt.Sprintf("acct_%012x", r.Uint64()>>16), Links: map[string]float64{
		"content": 5 + 3*r.Float64(), "behaviour": 2 + 7*r.Float64(), "client": 4, "identity": 3*r.Float64() - 0.6, "infrastructure": 1 + 2*r.Float64(),
	}}
	end := x.hours
	if r.IntN(5) < 3 {
		end = min(x.hours, begin+24+r.IntN(x.hours/2+1))
		if end < x.hours {
			at := dayOne.Add(time.Duration(end) * time.Hour)
			m.Banned = &at
		}
	}
	if len(x.free) > 0 && begin > x.free[0] && begin < x.hours {
		x.inherit(m.Account, begin)
	}
	if m.Banned != nil && r.IntN(4) > 0 {
		x.free = append(x.free, end)
	}
	m.Added = later(c.DetectedAt, dayOne.Add(time.Duration(begin+5)*time.Hour))
	for h := begin; h < end; h++ {
		if !still(h) && (h == begin || r.IntN(10) < 4) {
			k := uint32(1 + r.ExpFloat64()*6)
			x.Hours = append(x.Hours, Hour{Account: uint32(i), Start: hourAt(h), Exchanges: k})
			c.Exchanges += int(k)
		}
	}
	c.Accounts = append(c.Accounts, m)
}

// inherit makes an account the heir of the first that was banned and has none.
func (x *craft) inherit(account string, begin int) {
	c, ban := x.Campaign.Campaign, x.free[0]
	i := slices.IndexFunc(c.Accounts, func(a campaign.Member) bool {
		return a.Banned != nil && a.Banned.Equal(dayOne.Add(time.Duration(ban)*time.Hour)) &&
			!slices.ContainsFunc(c.Heirs, func(h campaign.Heir) bool { return h.Replaces == a.Account })
	})
	c.Heirs = append(c.Heirs, campaign.Heir{Account: account, Replaces: c.Accounts[i].Account, Hours: float64(begin - ban)})
	x.free = x.free[1:]
}

// keep measures how the accounts keep time, as a ledger's reader does.
func (c *Campaign) keep(r *Report) {
	var busy hunt.Busy
	for _, h := range r.Traffic {
		for range h.Active {
			busy.Mark(h.Start)
		}
	}
	v := hunt.View{Accounts: make([]hunt.Account, len(c.Accounts)), Hours: make([]hunt.Hours, len(c.Accounts)), Busy: &busy, Now: uint32(r.To.Unix()) - 1}
	all := make([]uint32, len(c.Accounts))
	for i := range all {
		all[i] = uint32(i)
	}
	for _, h := range c.Hours {
		if a := &v.Accounts[h.Account]; a.First == 0 {
			a.First = h.Start
		}
		v.Hours[h.Account].Mark(h.Start)
	}
	c.Tempo, c.Beats = v.Beats(all)
	c.Purpose.Tempo = nil
	if c.Tempo.Dispatched() {
		c.Purpose.Tempo = &campaign.Tempo{Excess: c.Tempo.Excess, Silent: c.Tempo.Silent}
	}
}

// craftedPivot has four fifths of a third of the accounts move, half of them by noon.
func craftedPivot(n int, e Event) campaign.Pivot {
	p := campaign.Pivot{Model: e.Model, At: e.At, Active: n / 3, Moved: n * 4 / 15, Others: 0.11, Exchanges: 40 * n, Share: 0.47, OthersShare: 0.07}
	for h := range 24 {
		p.Course = append(p.Course, float64(p.Moved)/float64(max(1, p.Active))*float64(h+1)/24)
		p.OthersCourse = append(p.OthersCourse, 0.11*float64(h+1)/24)
	}
	return p
}

func craftedEvidence(c *campaign.Campaign) []campaign.Evidence {
	var names []string
	for _, a := range c.Accounts {
		names = append(names, a.Account)
	}
	some := func(part int) []string { return names[:max(2, len(names)/part)] }
	return []campaign.Evidence{
		{Observable: "payment#0b131d", Kind: "payment", Family: "identity", Nats: 6, Inside: 9, Accounts: some(4)},
		{Observable: "phrase#5179ed", Kind: "phrase", Family: "content", Nats: 4, Inside: 18, Outside: 7, Accounts: some(1)},
		{Observable: "system-prompt#199907", Kind: "system-prompt", Family: "content", Nats: 4, Inside: 18, Outside: 15, Accounts: some(2)},
		{Observable: "agent#8c9150", Kind: "agent", Family: "client", Nats: 3, Inside: 18, Outside: 18, Accounts: some(1), Label: "OpenAI/JS 4.20.1"},
		{Observable: "fail-over#2f4ac0", Kind: "fail-over", Family: "behaviour", Nats: 2.2, Inside: 3, Accounts: some(8)},
		{Observable: "succession#77aa01", Kind: "succession", Family: "behaviour", Nats: 6, Inside: 3, Accounts: some(9)},
		{Observable: "network#ad79f9", Kind: "network", Family: "infrastructure", Nats: 3, Inside: 18, Accounts: some(2)},
	}
}

func craftedReading() Reading {
	return Reading{Exchanges: 58_759, Repeated: 120, Registry: true, Rejected: map[string]int{"no account": 4, "not JSON": 17}, Signals: []Signal{
		{"network", "infrastructure", "the requester's address", "log the client's address as the gateway sees it", 1},
		{"client", "client", "user agent or TLS fingerprint", "log the user agent and a JA4 fingerprint", 1},
		{"tools", "client", "tools", "log tools", 0.22},
		{"system prompt", "content", "the system prompt", "log messages", 0.53},
		{"phrases", "content", "the newest user turn", "log messages", 1},
		{"protocol", "protocol", "reasoning signatures or response ids", "log response ids and signatures of thinking blocks", 0},
	}}
}

func craftedFrames() []Frame {
	return []Frame{
		{System: true, Accounts: 31, Exchanges: 7605, Pieces: []Piece{{Text: "you are a careful thinker"}, {Text: "support it with complete and transparent reasoning", New: true}, {Text: "answer within ", New: true}, {Slot: "number"}, {Text: " words"}}},
		{Accounts: 28, Exchanges: 6381, Pieces: []Piece{{Text: "here is the task"}, {Slot: "text that varies", New: true}, {Text: "show every step of your working", New: true}}},
	}
}

func hourAt(h int) uint32 { return uint32(dayOne.Add(time.Duration(h) * time.Hour).Unix()) }
