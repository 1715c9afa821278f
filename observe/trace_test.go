package observe

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode"
	"unsafe"

	"iolaus/exchange"
	"iolaus/sketch"
)

// memory is every byte of a trace, and of the names it points to.
func memory(t *exchange.Trace) []byte {
	b := bytes.Clone(unsafe.Slice((*byte)(unsafe.Pointer(t)), unsafe.Sizeof(*t)))
	return append(b, t.Account+"\x00"+t.Org+"\x00"+t.Model...)
}

// A trace names the account, its organisation and the model. Of anything else no
// four bytes in a row are to be found in it, nor in the labels but for programs.
func TestNoClearValueInATrace(t *testing.T) {
	o := Observer{Key: sketch.Key{7}}
	x := everything()
	var trace exchange.Trace
	o.Observe(&x, &trace)
	b := memory(&trace)
	a := x.Address.As4()
	secrets := []string{x.ID, x.SubAccount, x.TLS, x.UserAgent, x.System, x.Turns[0].Text, x.Tools[0].Name, x.Tools[0].Schema, x.Signatures[0].Value, x.ResponseID, x.PreviousResponse, x.Address.String(), string(a[:])}
	for _, s := range secrets {
		for i := 0; i+4 <= len(s); i++ {
			if bytes.Contains(b, []byte(s[i:i+4])) {
				t.Errorf("the trace holds %q of %q", s[i:i+4], s)
			}
		}
	}
	// An unkeyed hash of an address can be tried out.
	var text sketch.Text
	text.Read(x.Turns[0].Text)
	for _, u := range text.Units {
		if bytes.Contains(b, binary.LittleEndian.AppendUint64(nil, u.Hash)[:6]) {
			t.Error("the trace holds an unkeyed hash")
		}
	}
	for obs, l := range o.Labels() {
		if k := obs.Kind(); k != exchange.Agent && k != exchange.Software && k != exchange.Address && k != exchange.Network {
			t.Errorf("%s has a label: %q", obs, l)
		}
	}
}

func TestLabels(t *testing.T) {
	nets, err := ReadNetworks("test", strings.NewReader("# a list\n\n203.0.113.0/24, hosting\n198.51.100.9,vpn\n2001:db8::/32,proxy\n"))
	if err != nil {
		t.Fatal(err)
	}
	o := Observer{Networks: nets}
	label := func(x exchange.Exchange, k exchange.Kind) string {
		for _, obs := range leaves(&o, x) {
			if obs.Kind() == k {
				return o.Labels()[obs]
			}
		}
		return "?"
	}
	long := strings.Repeat("agent ", 1000)
	for _, c := range []struct {
		x    exchange.Exchange
		kind exchange.Kind
		want string
	}{
		{by("acme-sdk/1.4.2 (linux)", ""), exchange.Agent, "acme-sdk/1.4.2 (linux)"},
		{by("acme-sdk/1.4.2 (linux)", ""), exchange.Software, "acme-sdk/ (linux)"},
		{by("evil\x1b[31m\r\n\u202eagent\x00", ""), exchange.Agent, "evil[31magent"},
		{by(long, ""), exchange.Agent, long[:80]},
		{from("203.0.113.7"), exchange.Address, "hosting"},
		{from("203.0.113.7"), exchange.Network, "hosting"},
		{from("198.51.100.9"), exchange.Address, "vpn"},
		{from("198.51.100.10"), exchange.Address, ""},
		{from("2001:db8:7::1"), exchange.Address, "proxy"},
		{from("::ffff:203.0.113.7"), exchange.Address, "hosting"},
	} {
		if got := label(c.x, c.kind); got != c.want {
			t.Errorf("%q %v %s: got %q, want %q", c.x.UserAgent, c.x.Address, c.kind, got, c.want)
		}
	}
}

func TestBadNetworks(t *testing.T) {
	for _, c := range []string{"203.0.113.0/24", "203.0.113.0/24,", "nonsense,vpn", "203.0.113.0/33,vpn", "\n,vpn"} {
		if _, err := ReadNetworks("list.csv", strings.NewReader(c)); err == nil || !strings.Contains(err.Error(), "list.csv line ") {
			t.Errorf("%q: got %v", c, err)
		}
	}
	if KnownNetworks().Kind(netip.MustParseAddr("127.0.0.1")) != "" {
		t.Error("loopback is somebody's hosting")
	}
}

func TestCoverage(t *testing.T) {
	var o Observer
	for _, x := range []exchange.Exchange{{Account: "a"}, everything(), from("203.0.113.7"), by("s", ""), ask("hello")} {
		var trace exchange.Trace
		o.Observe(&x, &trace)
	}
	c := o.Coverage()
	c.Add(c)
	if c.Exchanges != 10 {
		t.Errorf("%d exchanges, want 10", c.Exchanges)
	}
	want := map[string]int{"network": 4, "client": 4, "tools": 2, "system prompt": 2, "phrases": 4, "items": 4, "capability": 4, "protocol": 2}
	for i, s := range Signals() {
		if c.Ran[i] != want[s.Name] {
			t.Errorf("%s ran on %d, want %d", s.Name, c.Ran[i], want[s.Name])
		}
		if s.Needs == "" || s.Advice == "" || s.Family.String() == "unknown" {
			t.Errorf("%s says too little: %+v", s.Name, s)
		}
	}
}

// Where the log has no ids, an exchange is what it is: the same line twice is
// one, and whatever tells two apart makes two.
func TestIDsOfExchangesWithoutOne(t *testing.T) {
	id := func(x exchange.Exchange) uint64 {
		var trace exchange.Trace
		(&Observer{Key: sketch.Key{3}}).Observe(&x, &trace)
		return trace.ID
	}
	seen := map[uint64]string{}
	for name, x := range map[string]exchange.Exchange{
		"plain":         ask("hello"),
		"account":       with(ask("hello"), func(x *exchange.Exchange) { x.Account = "b" }),
		"model":         with(ask("hello"), func(x *exchange.Exchange) { x.Model = "m" }),
		"time":          with(ask("hello"), func(x *exchange.Exchange) { x.Time = noon.Add(time.Nanosecond) }),
		"text":          ask("hello!"),
		"input tokens":  with(ask("hello"), func(x *exchange.Exchange) { x.Usage.Input = 1 }),
		"output tokens": with(ask("hello"), func(x *exchange.Exchange) { x.Usage.Output = 1 }),
		"an id":         with(ask("hello"), func(x *exchange.Exchange) { x.ID = "1" }),
	} {
		got := id(x)
		if got == 0 || got != id(x) {
			t.Errorf("%s: the id is not stable", name)
		}
		if old, ok := seen[got]; ok {
			t.Errorf("%s and %s have one id", name, old)
		}
		seen[got] = name
	}
	x := ask("hello", func(x *exchange.Exchange) { x.ID = "1" })
	y := ask("other", func(x *exchange.Exchange) { x.ID = "1"; x.Time = noon.Add(time.Hour) })
	if id(x) != id(y) {
		t.Error("an id of its own is not enough")
	}
}

// The newest seals are left first, and ids before seals: in a long history the
// old ones are those that are dropped.
func TestProtocolInALongHistory(t *testing.T) {
	x := everything()
	var lines []string
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("Line %s of the instructions speaks about matter %s at some length.", word(i), word(i*7+1)))
	}
	x.System = strings.Join(lines, "\n")
	x.Turns[0].Text = strings.Join(lines[:20], "\n\n")
	x.Signatures = nil
	for i := range 30 {
		x.Signatures = append(x.Signatures, exchange.Signature{Value: fmt.Sprint("seal ", i), Issued: i == 29})
	}
	var o Observer
	got := leaves(&o, x)
	if len(got) != exchange.MaxObservables {
		t.Fatalf("%d observables; the case should fill a trace", len(got))
	}
	for _, v := range []string{x.ResponseID, x.PreviousResponse, "seal 29", "seal 28"} {
		want := exchange.NewObservable(exchange.Signed, o.Key.Hash(byte(exchange.Signed), v))
		found := false
		for _, g := range got {
			found = found || g == want
		}
		if !found {
			t.Errorf("%q was dropped", v)
		}
	}
}

func word(i int) string {
	return string(rune('a'+i%26)) + string(rune('k'+i%13)) + string(rune('e'+i*5%17)) + "ra"
}

func FuzzObserve(f *testing.F) {
	f.Add("acct", "id", "agent/1", "tls", "You are.", "Hello.\n\nWorld", "tool", "{}", "sig", []byte{203, 0, 113, 7}, int64(12), 3)
	f.Add("", "", "\x1b[2J\u202e", "", strings.Repeat("A line of text that is long enough to tell. ", 90), "", "", "", "", bytes.Repeat([]byte{0xff}, 16), int64(-1), -1<<40)
	f.Fuzz(func(t *testing.T, account, id, agent, tls, system, turn, tool, schema, sig string, address []byte, at int64, n int) {
		x := exchange.Exchange{
			Account: account, ID: id, UserAgent: agent, TLS: tls, System: system, Time: time.Unix(0, at),
			Turns: []exchange.Turn{{Role: "user", Text: turn}, {Role: "tool", Text: turn}}, Tools: []exchange.Tool{{Name: tool, Schema: schema}},
			ResponseID: sig, SubAccount: sig, Usage: exchange.Usage{Input: n, Output: -n}, ErrorCode: n,
		}
		x.Address, _ = netip.AddrFromSlice(address)
		for range uint8(n) % 64 {
			x.Signatures = append(x.Signatures, exchange.Signature{Value: sig})
		}
		o := Observer{Key: sketch.Key{1}, Networks: KnownNetworks()}
		var one, two exchange.Trace
		o.Observe(&x, &one)
		o.Observe(&x, &two)
		if one != two {
			t.Fatal("the second reading differs from the first")
		}
		if one.Account != account || one.ID == 0 {
			t.Fatalf("account %q, id %d", one.Account, one.ID)
		}
		for _, s := range one.Seen() {
			if s == 0 || s.Family() >= exchange.Families {
				t.Fatalf("a nameless observable: %x", uint64(s))
			}
		}
		for _, l := range o.Labels() {
			for _, r := range l {
				if !unicode.IsPrint(r) {
					t.Fatalf("label %q", l)
				}
			}
		}
	})
}
