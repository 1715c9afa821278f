package report

import (
	"bytes"
	"context"
	"image"
	paint "image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	printing "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"iolaus/report/browser"
)

// A reader looks at reports.
type reader struct{ *browser.Reader }

func newReader(t *testing.T) reader { return reader{browser.Open(t, os.Getenv("CI"))} }

// open shows a report and waits until its pictures are drawn.
func (r reader) open(x *Report, width, height int64) {
	r.Helper()
	file := filepath.Join(r.TempDir(), "report.html")
	if err := os.WriteFile(file, drawn(r, x), 0o644); err != nil {
		r.Fatal(err)
	}
	r.Show(file, width, height)
	r.Until(`document.documentElement.dataset.whole !== undefined`)
}

// keep stores a screenshot among the test's artefacts and, with -update, in testdata.
func (r reader) keep(name string) {
	r.Helper()
	r.store(name, chromedp.FullScreenshot(100))
}

// store is keep for any picture of the page.
func (r reader) store(name string, picture chromedp.Action[[]byte]) {
	r.Helper()
	shot, err := chromedp.Run(r.Tab, picture)
	if err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.ArtifactDir(), name), shot, 0o644); err != nil {
		r.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", "shots", name), r.small(shot), 0o644); err != nil {
			r.Fatal(err)
		}
	}
	if len(shot) < 20_000 {
		r.Errorf("%s has %d bytes: it is blank", name, len(shot))
	}
}

// small cuts a screenshot down to what a repository should hold: its top, in fewer
// colours.
func (r reader) small(shot []byte) []byte {
	r.Helper()
	m, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		r.Fatal(err)
	}
	b := m.Bounds()
	b.Max.Y = min(b.Max.Y, b.Min.Y+1700)
	out := image.NewNRGBA(b)
	paint.Draw(out, b, m, b.Min, paint.Src)
	for i, c := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = byte((int(c)*31 + 127) / 255 * 255 / 31)
		}
	}
	var buf bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&buf, out); err != nil {
		r.Fatal(err)
	}
	if buf.Len() > 300_000 {
		r.Errorf("a screenshot takes %d bytes", buf.Len())
	}
	return buf.Bytes()
}

// inked is the share of a canvas's pixels that anything was drawn on.
const inked = `(c => { const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return 4 * n / d.length })`

// work is a piece of script that says how many milliseconds it took; on a machine
// that is neither slow nor busy those are about unit.
const (
	work = `(t => { let x = 1; for (let i = 0; i < 5e7; i++) x = (x * 31 + i) | 0; return x && performance.now() - t })(performance.now())`
	unit = 200
)

// TestDrawsQuickly: five thousand accounts over three weeks are there in a second;
// on a machine that is slow or busy, in as much longer as other work takes there.
func TestDrawsQuickly(t *testing.T) {
	r := newReader(t)
	x := crafted(5000, 21, 2)
	best, pace := math.Inf(1), math.Inf(1)
	for range 3 {
		r.open(x, 1200, 900)
		best = min(best, r.Number(`+document.documentElement.dataset.whole`))
		pace = min(pace, r.Number(work))
	}
	t.Logf("5,000 accounts over 21 days: %.0f ms from the beginning of the navigation, where a unit of work takes %.0f ms", best, pace)
	if best > 1000*max(1, pace/unit) {
		t.Errorf("the page takes %.0f ms, more than a second", best)
	}
	if share := r.Number(inked + `(document.querySelector("canvas.rows"))`); share < 0.3 {
		t.Errorf("only %.2f of the picture is drawn", share)
	}
	r.Do(chromedp.EmulateViewport(1200, 900, chromedp.EmulateScale(0.5)))
	r.keep("many.png")
	r.Number(`(document.querySelector("[data-rows=names]").click(), 1)`)
	if rows := r.Number(`document.querySelector(".tall").offsetHeight`); rows < 60_000 {
		t.Errorf("one row each takes %.0f pixels", rows)
	}
	if size := r.Number(`document.querySelector("canvas.rows").height / devicePixelRatio`); size > 700 {
		t.Errorf("the canvas of all rows is %.0f pixels high: it is not virtual", size)
	}
	r.Alone()
}

// TestReads drives the page: light, dark, paper and telephone, pointer and keys.
func TestReads(t *testing.T) {
	r := newReader(t)
	x := crafted(48, 14, 3)
	x.Wording, x.Campaigns[0].Frames = true, craftedFrames()
	x.Dismissed = []Dismissal{{"c-20260804-00aa", 12, "contractor of ours, see ticket 4411", dayOne.Add(99 * time.Hour)}}
	r.open(x, 1200, 900)
	r.keep("light.png")
	before := r.Text(`getComputedStyle(document.body).backgroundColor`)
	r.Number(`(document.querySelector("#theme").click(), 1)`)
	if after := r.Text(`getComputedStyle(document.body).backgroundColor`); before == after {
		t.Errorf("the theme stays %s", after)
	}
	r.keep("dark.png")
	r.point(x)
	r.search(x)
	r.open(x, 390, 844)
	if wide := r.Number(`document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %.0f wide on a telephone of 390", wide)
	}
	r.keep("telephone.png")
	r.print(x)
	r.Alone()
}

// point checks that a cell tells what it is, by pointer and by key.
func (r reader) point(x *Report) {
	r.Helper()
	r.Number(`(() => { const s = document.querySelector(".stage"), b = s.getBoundingClientRect(); s.dispatchEvent(new PointerEvent("pointermove", {clientX: b.left + b.width / 2, clientY: b.top + 300, bubbles: true, pointerType: "mouse"})); return 1 })()`)
	if s := r.Text(`document.querySelector(".tip").hidden ? "" : document.querySelector(".tip").textContent`); !strings.Contains(s, "acct_") || !strings.Contains(s, "Aug") {
		r.Errorf("pointing at a cell says %q", s)
	}
	r.Number(`(() => { const s = document.querySelector(".stage"); s.focus(); for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) s.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})); return 1 })()`)
	if s := r.Text(`document.querySelector("[role=status]").textContent`); !strings.Contains(s, "evidence sufficed") {
		r.Errorf("the keys say %q", s)
	}
	r.Number(`(document.querySelector(".stage").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})), 1)`)
	if r.Number(`+document.querySelector(".tip").hidden`) != 1 {
		r.Error("Escape does not put the detail away")
	}
}

// search checks the table of accounts: finding, turning pages, sorting.
func (r reader) search(x *Report) {
	r.Helper()
	rows := `document.querySelectorAll(".people tbody tr").length`
	if n := r.Number(rows); n != 15 {
		r.Errorf("%v accounts on a page, want 15", n)
	}
	r.Number(`(document.querySelector('[data-go="1"]').click(), 1)`)
	if s := r.Text(`document.querySelector(".people .count").textContent`); !strings.HasPrefix(s, "16–30 of 48") {
		r.Errorf("the second page is %q", s)
	}
	r.Number(`(document.querySelectorAll(".people thead button")[3].click(), 1)`)
	if r.Number(`(t => +(t[0] >= t[1] && t[1] >= t[2]))([...document.querySelectorAll(".people tbody td:nth-child(4)")].map(e => +e.textContent.replaceAll(",", "")))`) != 1 {
		r.Error("sorted by exchanges, the busiest do not stand first")
	}
	name := x.Campaigns[0].Accounts[7].Account
	r.Number(`(i => { i.value = "` + name + `"; i.dispatchEvent(new Event("input")); return 1 })(document.querySelector(".people input"))`)
	if n := r.Number(rows); n != 1 {
		r.Errorf("%v accounts found for %s", n, name)
	}
}

// TestHeirsAreMarkedByWord: in the table of accounts an heir has a word and a
// tooltip, nobody else has, and a search for the word finds the heirs.
func TestHeirsAreMarkedByWord(t *testing.T) {
	r := newReader(t)
	x := crafted(12, 6, 1)
	x.Campaigns[0].Accounts[3].Heir = true
	name := x.Campaigns[0].Accounts[3].Account
	r.open(x, 1200, 900)
	if s := r.Text(`[...document.querySelectorAll(".people small.alone")].map(e => e.parentNode.firstChild.textContent + " " + e.textContent).join()`); s != name+" heir" {
		t.Errorf("marked is %q, want %s alone", s, name)
	}
	if s := r.Text(`document.querySelector(".people small.alone").title`); !strings.Contains(s, "no stated error rate") {
		t.Errorf("the tooltip is %q", s)
	}
	if n := r.Number(`document.querySelectorAll(".people tbody tr").length`); n != 12 {
		t.Errorf("%v accounts in the table, want 12", n)
	}
	r.Number(`(i => { i.value = "heir"; i.dispatchEvent(new Event("input")); return 1 })(document.querySelector(".people input"))`)
	if s := r.Text(`[...document.querySelectorAll(".people tbody th")].map(e => e.firstChild.textContent).join()`); s != name {
		t.Errorf("a search for heir finds %q, want %s", s, name)
	}
	r.Alone()
}

// print checks the page on paper: the picture is there, whole.
func (r reader) print(x *Report) {
	r.Helper()
	r.open(x, 720, 1020)
	pdf, err := chromedp.Run(r.Tab, func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		yes := true
		out, err := cdp.Call(ctx, t, printing.PrintToPDF, printing.PrintToPDFParams{PrintBackground: &yes, PreferCSSPageSize: &yes})
		return out.Data, err
	})
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) || len(pdf) < 20_000 {
		r.Fatalf("the page does not print: %d bytes, %v", len(pdf), err)
	}
	if err := os.WriteFile(filepath.Join(r.ArtifactDir(), "print.pdf"), pdf, 0o644); err != nil {
		r.Fatal(err)
	}
	if share := r.Number(inked + `(document.querySelector("canvas.paper"))`); share < 0.2 {
		r.Errorf("on paper only %.2f of the picture is drawn", share)
	}
	r.media(emulation.SetEmulatedMediaParams{Media: "print"})
	r.keep("print.png")
}

// media shows the page as on paper, or to somebody who prefers a theme.
func (r reader) media(m emulation.SetEmulatedMediaParams) {
	r.Helper()
	r.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, m)
		return err
	}))
}

// TestStrangersStayText: what strangers write does nothing in a real browser.
func TestStrangersStayText(t *testing.T) {
	r := newReader(t)
	r.open(hostile(t), 1200, 900)
	if s := r.Text(`document.title`); !strings.HasPrefix(s, "Campaigns") {
		t.Errorf("the title is %q", s)
	}
	if n := r.Number(`document.querySelectorAll("img, iframe").length`); n != 0 {
		t.Errorf("%v pictures were smuggled in", n)
	}
	if n := r.Number(`document.querySelectorAll(".people tbody tr").length`); n != 12 {
		t.Errorf("%v accounts in the table, want 12", n)
	}
	r.Alone()
}
