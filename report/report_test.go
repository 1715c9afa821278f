package report

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"flag"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"iolaus/campaign"
)

var update = flag.Bool("update", false, "rewrite goldens and committed screenshots")

func drawn(t testing.TB, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// outline writes what a page says, a block a line, without its style and script.
func outline(t *testing.T, page []byte) string {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			if s := strings.Join(strings.Fields(n.Data), " "); s != "" {
				b.WriteString(s + " ")
			}
			return
		case n.Data == "style" || n.Data == "script":
			return
		}
		block := strings.Contains(" h1 h2 h3 p li tr dt div section figcaption summary ", " "+n.Data+" ")
		if block && !strings.HasSuffix(b.String(), "\n") {
			b.WriteString("\n")
		}
		if strings.HasPrefix(n.Data, "h") && len(n.Data) == 2 {
			b.WriteString("\n" + strings.Repeat("#", int(n.Data[1]-'0')) + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if block {
			b.WriteString("\n")
		}
	}
	walk(root)
	var out []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		out = append(out, strings.TrimSpace(line))
	}
	text := strings.Join(out, "\n")
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(text) + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if got != string(want) {
		t.Errorf("the page says something else than %s; compare after -update:\n%s", path, got)
	}
}

// TestSays reads the whole page as a reader would.
func TestSays(t *testing.T) {
	r := crafted(36, 14, 3)
	r.Dismissed = []Dismissal{{"c-20260804-00aa", 12, "contractor of ours, see ticket 4411", dayOne.Add(99 * time.Hour)}}
	golden(t, "page.golden", outline(t, drawn(t, r)))
	r.Wording, r.Campaigns[0].Frames = true, craftedFrames()
	page := outline(t, drawn(t, r))
	for _, s := range []string{"This copy shows wording of prompts.", "support it with complete and transparent reasoning", "answer within number words", "text that varies"} {
		if !strings.Contains(page, s) {
			t.Errorf("the page with wording does not say %q", s)
		}
	}
}

// TestSaysNothing: a log without a campaign, and a result without a ledger or a
// reading, have honest pages, too.
func TestSaysNothing(t *testing.T) {
	golden(t, "none.golden", outline(t, drawn(t, &Report{Tool: "0.1.0", Reading: craftedReading()})))
	r := crafted(5, 4, 1)
	bare := &Report{Campaigns: []Campaign{{Campaign: r.Campaigns[0].Campaign}}}
	page := outline(t, drawn(t, bare))
	for _, s := range []string{"there is no picture", "does not say what the log held"} {
		if !strings.Contains(page, s) {
			t.Errorf("the bare page does not say %q:\n%s", s, page)
		}
	}
	drawn(t, &Report{Campaigns: []Campaign{{Campaign: &campaign.Campaign{}}}})
}

// TestHeirsAreMarked: the page says how many accounts are heirs and that no error
// rate covers them, and its data names their rows; of others it says nothing.
func TestHeirsAreMarked(t *testing.T) {
	const said = "accounts are members by the campaign's program alone, and nothing else links them yet; no stated error rate covers heirs."
	r := crafted(20, 9, 3)
	if page := outline(t, drawn(t, r)); strings.Contains(page, "program alone") {
		t.Error("without heirs the page tells of them")
	}
	c := &r.Campaigns[0]
	marked := map[string]bool{}
	for _, i := range []int{4, 11} {
		c.Accounts[i].Heir, marked[c.Accounts[i].Account] = true, true
	}
	if page := outline(t, drawn(t, r)); !strings.Contains(page, "2 of 20 "+said) {
		t.Errorf("the page does not say 2 of 20 %s\n%s", said, page)
	}
	p, err := draw(c, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range p.Alone {
		if name := p.Names[row]; !marked[name] {
			t.Errorf("%s is marked", name)
		}
	}
	if len(p.Alone) != len(marked) {
		t.Errorf("%d rows are marked, want %d", len(p.Alone), len(marked))
	}
}

// hostile puts what strangers can write wherever a page shows it.
func hostile(t testing.TB) *Report {
	const bad = `"><script>document.title="broken"</script><img src=https://evil.example/x onerror=alert(1)>'` + "`</script>\u2028{{.}}"
	r := crafted(12, 6, 1)
	c := r.Campaigns[0].Campaign
	for i := range c.Accounts {
		c.Accounts[i].Account = bad + c.Accounts[i].Account
	}
	for i := range c.Heirs {
		c.Heirs[i] = campaign.Heir{Account: bad + c.Heirs[i].Account, Replaces: bad + c.Heirs[i].Replaces, Hours: c.Heirs[i].Hours}
	}
	for i := range c.Evidence {
		c.Evidence[i].Label, c.Evidence[i].Observable = bad, bad
	}
	for i := range c.LookAlikes {
		c.LookAlikes[i].Name, c.LookAlikes[i].Finding = bad, bad
	}
	c.Target, c.Capabilities = bad, map[string]float64{bad: 1}
	r.Events[0] = Event{r.Events[0].At, bad, bad, bad}
	r.Dismissed = []Dismissal{{bad, 3, bad, dayOne}}
	r.Reading.Rejected = map[string]int{bad: 3}
	r.Reading.Signals[5].Needs = bad
	r.Wording, r.Campaigns[0].Frames = true, []Frame{{Accounts: 2, Pieces: []Piece{{Text: bad}, {Slot: bad}}}}
	return r
}

// TestEscapes: what strangers write stays text.
func TestEscapes(t *testing.T) {
	root, err := html.Parse(bytes.NewReader(drawn(t, hostile(t))))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script":
				scripts++
			case "img", "iframe", "object", "embed", "base", "form", "video", "audio", "image":
				t.Errorf("the page has a <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || (a.Key == "src" || a.Key == "href") && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," {
					t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	if scripts != 2 {
		t.Errorf("%d scripts, want the page's own and its data", scripts)
	}
	// No part of the page's own text may name an address either.
	for _, own := range []string{pageHTML, pageCSS, pageJS} {
		for _, s := range []string{"http://", "https://", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "innerHTML"} {
			if strings.Contains(own, s) {
				t.Errorf("the page's own text has %q", s)
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	if a, b := drawn(t, crafted(60, 9, 4)), drawn(t, crafted(60, 9, 4)); !bytes.Equal(a, b) {
		t.Error("the same report gives different bytes")
	}
}

// TestSize: a page can be sent by mail.
func TestSize(t *testing.T) {
	for _, c := range []struct{ accounts, days, most int }{{36, 21, 100 << 10}, {5000, 21, 2 << 20}} {
		if n := len(drawn(t, crafted(c.accounts, c.days, 2))); n > c.most {
			t.Errorf("%d accounts over %d days take %d bytes, more than %d", c.accounts, c.days, n, c.most)
		} else {
			t.Logf("%d accounts over %d days take %d bytes", c.accounts, c.days, n)
		}
	}
}

// TestPack: the packed matrix gives the counts back, exactly when they are small
// and within a twentieth when not.
func TestPack(t *testing.T) {
	r := crafted(40, 7, 9)
	r.Campaigns[0].Hours[3].Exchanges = 7_000_000
	p, err := draw(&r.Campaigns[0], r)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(p.Counts)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := io.ReadAll(flate.NewReader(bytes.NewReader(raw)))
	if err != nil || len(codes) != len(p.Names)*p.Columns {
		t.Fatalf("%d codes for %d rows of %d (%v)", len(codes), len(p.Names), p.Columns, err)
	}
	for y, row := range p.cells {
		for x, n := range row {
			code := codes[y*p.Columns+x]
			got := float64(code)
			if code > 15 {
				got = 16 * math.Pow(1.1, float64(code)-16)
			}
			if n < 16 && got != float64(n) || math.Abs(got-float64(n)) > 0.05*float64(n)+0.01 {
				t.Fatalf("%d comes back as %.1f", n, got)
			}
		}
	}
}

// TestLineages: an heir stands right below the account it carries on for, and
// nobody is left out or drawn twice.
func TestLineages(t *testing.T) {
	r := crafted(120, 14, 6)
	p, err := draw(&r.Campaigns[0], r)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Heirs) == 0 || len(p.Names) != 120 {
		t.Fatalf("%d heirs, %d rows", len(p.Heirs), len(p.Names))
	}
	seen := map[string]bool{}
	for _, n := range p.Names {
		if seen[n] {
			t.Errorf("%s has two rows", n)
		}
		seen[n] = true
	}
	for _, h := range p.Heirs {
		if h[1] != h[0]+1 {
			t.Errorf("row %d carries on for row %d", h[1], h[0])
		}
	}
	// A ring of heirs, which no log makes, must not hang or lose a row.
	c := r.Campaigns[0].Campaign
	c.Heirs = []campaign.Heir{{Account: c.Accounts[0].Account, Replaces: c.Accounts[1].Account}, {Account: c.Accounts[1].Account, Replaces: c.Accounts[0].Account}}
	if p, err = draw(&r.Campaigns[0], r); err != nil || len(p.Names) != 120 {
		t.Errorf("a ring of heirs leaves %d rows (%v)", len(p.Names), err)
	}
}

// TestSilence: standing still together is seen; where the log is silent, or
// everybody is, nothing is.
func TestSilence(t *testing.T) {
	quiet := func(change func(*Report)) [][2]int {
		r := crafted(50, 10, 5)
		change(r)
		p, err := draw(&r.Campaigns[0], r)
		if err != nil {
			t.Fatal(err)
		}
		return p.Quiet
	}
	own := quiet(func(*Report) {})
	if len(own) < 3 {
		t.Fatalf("%d silences, want those of every 61 hours", len(own))
	}
	for _, q := range own[1:] {
		if q[0]%61 > 6 && q[0]%24 != 3 {
			t.Errorf("a silence from hour %d, where the schedule has none", q[0])
		}
	}
	for name, factor := range map[string]float64{"the log is empty then": 0, "all others are at rest then": 0.12} {
		got := quiet(func(r *Report) {
			for i := range r.Traffic {
				if i%61 < 6 || i%24 == 3 {
					r.Traffic[i].Exchanges = uint32(factor * float64(r.Traffic[i].Exchanges))
				}
			}
		})
		if len(got) > len(own)/3 {
			t.Errorf("%s: %d silences of %d are still told", name, len(got), len(own))
		}
	}
}

// TestNoSilence: accounts that each go their own way, in spells of hours as people do,
// stand still together so seldom that a hundred logs tell of a few silences at most.
func TestNoSilence(t *testing.T) {
	told, columns := 0, 0
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		r := crafted(30, 14, 1)
		c := &r.Campaigns[0]
		c.Hours = nil
		for i := range c.Accounts {
			for h := rnd.IntN(40); h < 14*24; h += 1 + int(rnd.ExpFloat64()*30) {
				for end := h + 1 + rnd.IntN(6); h < min(end, 14*24); h++ {
					c.Hours = append(c.Hours, Hour{Account: uint32(i), Start: hourAt(h), Exchanges: 3})
				}
			}
		}
		p, err := draw(c, r)
		if err != nil {
			t.Fatal(err)
		}
		told += len(p.Quiet)
		columns += p.Columns
	}
	if told > 5 {
		t.Errorf("%d silences are told of accounts that know nothing of each other, in %d hours", told, columns)
	}
}

func TestWords(t *testing.T) {
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f(odds(0), "even")
	f(odds(2.303), "about 10 to 1")
	f(odds(8), "about 3,000 to 1")
	f(odds(14), "over a million to 1")
	f(odds(35), "over a trillion to 1")
	f(odds(-4.6), "about 100 to 1 against")
	f(percent(0), "0 %")
	f(percent(0.001), "under 1 %")
	f(percent(0.999), "over 99 %")
	f(percent(1), "100 %")
	f(large(12_817), "12,817")
	f(large(4_339_057), "4.3 million")
	f(lasting(time.Hour), "1 hour")
	f(lasting(90*time.Minute), "1.5 hours")
	f(lasting(72*time.Hour), "3 days")
	f(listed([]string{"a", "b", "c"}), "a, b and c")
	f(shorten("日本語です", 3), "日本語…")
	f(span(dayOne, dayOne.AddDate(0, 0, 20)), "3 to 23 Aug 2026")
}

func BenchmarkHTML(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		r := crafted(n, 21, 1)
		b.Run(comma(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := HTML(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
