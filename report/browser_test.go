package report

import (
	"bytes"
	"context"
	"image"
	paint "image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	printing "github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts a headless Chromium, or skips where there is none outside CI.
func browser(t *testing.T) context.Context {
	t.Helper()
	name := ""
	for _, n := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(n); err == nil {
			name = p
			break
		}
	}
	if name == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium in CI: apt-get install chromium")
		}
		t.Skip("no Chromium on this machine: the page was not driven; apt-get install chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(name), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("force-prefers-reduced-motion", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// A reader looks at pages in a browser.
type reader struct {
	*testing.T
	ctx   context.Context
	mu    sync.Mutex
	asked []string
	wrong []string
}

func newReader(t *testing.T) *reader {
	r := &reader{T: t, ctx: browser(t)}
	err := chromedp.Listen(r.ctx, func(ev any) {
		r.mu.Lock()
		defer r.mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			r.asked = append(r.asked, ev.Request.URL)
		case *cdpruntime.EventExceptionThrown:
			r.wrong = append(r.wrong, ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// open shows a report and waits until its pictures are drawn.
func (r *reader) open(x *Report, width, height int64) {
	r.Helper()
	file := filepath.Join(r.TempDir(), "report.html")
	if err := os.WriteFile(file, drawn(r, x), 0o644); err != nil {
		r.Fatal(err)
	}
	if err := chromedp.Do(r.ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate("file://"+file)); err != nil {
		r.Fatal(err)
	}
	if _, err := chromedp.Run(r.ctx, chromedp.Poll[bool](`document.documentElement.dataset.whole !== undefined`)); err != nil {
		r.Fatal(err)
	}
}

func (r *reader) number(js string) float64 {
	r.Helper()
	n, err := chromedp.Run(r.ctx, chromedp.Evaluate[float64](js))
	if err != nil {
		r.Fatalf("%s: %v", js, err)
	}
	return n
}

func (r *reader) text(js string) string {
	r.Helper()
	s, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](js))
	if err != nil {
		r.Fatalf("%s: %v", js, err)
	}
	return s
}

// heard fails the test when the page asked for anything or its script failed.
func (r *reader) heard() {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.asked) == 0 {
		r.Error("the watch on requests saw nothing, not even the page")
	}
	for _, url := range r.asked {
		if !strings.HasPrefix(url, "file://") && !strings.HasPrefix(url, "about:") && url != "data:," {
			r.Errorf("the page asked for %s", url)
		}
	}
	if len(r.wrong) > 0 {
		r.Errorf("the page's script failed: %v", r.wrong)
	}
}

// keep stores a screenshot among the test's artefacts and, with -update, in testdata.
func (r *reader) keep(name string) {
	r.Helper()
	shot, err := chromedp.Run(r.ctx, chromedp.FullScreenshot(100))
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
func (r *reader) small(shot []byte) []byte {
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

// TestDrawsQuickly: five thousand accounts over three weeks are there in a second.
func TestDrawsQuickly(t *testing.T) {
	r := newReader(t)
	x := crafted(5000, 21, 2)
	best := 1e9
	for range 3 { // the machine may be busy with something else
		r.open(x, 1200, 900)
		best = min(best, r.number(`+document.documentElement.dataset.whole`))
	}
	t.Logf("5,000 accounts over 21 days: %.0f ms from the beginning of the navigation", best)
	if best > 1000 {
		t.Errorf("the page takes %.0f ms, more than a second", best)
	}
	if share := r.number(inked + `(document.querySelector("canvas.rows"))`); share < 0.3 {
		t.Errorf("only %.2f of the picture is drawn", share)
	}
	if err := chromedp.Do(r.ctx, chromedp.EmulateViewport(1200, 900, chromedp.EmulateScale(0.5))); err != nil {
		t.Fatal(err)
	}
	r.keep("many.png")
	r.number(`(document.querySelector("[data-rows=names]").click(), 1)`)
	if rows := r.number(`document.querySelector(".tall").offsetHeight`); rows < 60_000 {
		t.Errorf("one row each takes %.0f pixels", rows)
	}
	if size := r.number(`document.querySelector("canvas.rows").height / devicePixelRatio`); size > 700 {
		t.Errorf("the canvas of all rows is %.0f pixels high: it is not virtual", size)
	}
	r.heard()
}

// TestReads drives the page: light, dark, paper and telephone, pointer and keys.
func TestReads(t *testing.T) {
	r := newReader(t)
	x := crafted(48, 14, 3)
	x.Wording, x.Campaigns[0].Frames = true, craftedFrames()
	x.Dismissed = []Dismissal{{"c-20260804-00aa", 12, "contractor of ours, see ticket 4411", dayOne.Add(99 * time.Hour)}}
	r.open(x, 1200, 900)
	r.keep("light.png")
	before := r.text(`getComputedStyle(document.body).backgroundColor`)
	r.number(`(document.querySelector("#theme").click(), 1)`)
	if after := r.text(`getComputedStyle(document.body).backgroundColor`); before == after {
		t.Errorf("the theme stays %s", after)
	}
	r.keep("dark.png")
	r.point(x)
	r.search(x)
	r.open(x, 390, 844)
	if wide := r.number(`document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %.0f wide on a telephone of 390", wide)
	}
	r.keep("telephone.png")
	r.print(x)
	r.heard()
}

// point checks that a cell tells what it is, by pointer and by key.
func (r *reader) point(x *Report) {
	r.Helper()
	r.number(`(() => { const s = document.querySelector(".stage"), b = s.getBoundingClientRect(); s.dispatchEvent(new PointerEvent("pointermove", {clientX: b.left + b.width / 2, clientY: b.top + 300, bubbles: true, pointerType: "mouse"})); return 1 })()`)
	if s := r.text(`document.querySelector(".tip").hidden ? "" : document.querySelector(".tip").textContent`); !strings.Contains(s, "acct_") || !strings.Contains(s, "Aug") {
		r.Errorf("pointing at a cell says %q", s)
	}
	r.number(`(() => { const s = document.querySelector(".stage"); s.focus(); for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) s.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})); return 1 })()`)
	if s := r.text(`document.querySelector("[role=status]").textContent`); !strings.Contains(s, "evidence sufficed") {
		r.Errorf("the keys say %q", s)
	}
	r.number(`(document.querySelector(".stage").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})), 1)`)
	if r.number(`+document.querySelector(".tip").hidden`) != 1 {
		r.Error("Escape does not put the detail away")
	}
}

// search checks the table of accounts: finding, turning pages, sorting.
func (r *reader) search(x *Report) {
	r.Helper()
	rows := `document.querySelectorAll(".people tbody tr").length`
	if n := r.number(rows); n != 15 {
		r.Errorf("%v accounts on a page, want 15", n)
	}
	r.number(`(document.querySelector('[data-go="1"]').click(), 1)`)
	if s := r.text(`document.querySelector(".people .count").textContent`); !strings.HasPrefix(s, "16–30 of 48") {
		r.Errorf("the second page is %q", s)
	}
	r.number(`(document.querySelectorAll(".people thead button")[3].click(), 1)`)
	if r.number(`(t => +(t[0] >= t[1] && t[1] >= t[2]))([...document.querySelectorAll(".people tbody td:nth-child(4)")].map(e => +e.textContent.replaceAll(",", "")))`) != 1 {
		r.Error("sorted by exchanges, the busiest do not stand first")
	}
	name := x.Campaigns[0].Accounts[7].Account
	r.number(`(i => { i.value = "` + name + `"; i.dispatchEvent(new Event("input")); return 1 })(document.querySelector(".people input"))`)
	if n := r.number(rows); n != 1 {
		r.Errorf("%v accounts found for %s", n, name)
	}
}

// print checks the page on paper: the picture is there, whole.
func (r *reader) print(x *Report) {
	r.Helper()
	r.open(x, 720, 1020)
	pdf, err := chromedp.Run(r.ctx, func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
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
	if share := r.number(inked + `(document.querySelector("canvas.paper"))`); share < 0.2 {
		r.Errorf("on paper only %.2f of the picture is drawn", share)
	}
	err = chromedp.Do(r.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	if err != nil {
		r.Fatal(err)
	}
	r.keep("print.png")
}

// TestStrangersStayText: what strangers write does nothing in a real browser.
func TestStrangersStayText(t *testing.T) {
	r := newReader(t)
	r.open(hostile(t), 1200, 900)
	if s := r.text(`document.title`); !strings.HasPrefix(s, "Campaigns") {
		t.Errorf("the title is %q", s)
	}
	if n := r.number(`document.querySelectorAll("img, iframe").length`); n != 0 {
		t.Errorf("%v pictures were smuggled in", n)
	}
	if n := r.number(`document.querySelectorAll(".people tbody tr").length`); n != 12 {
		t.Errorf("%v accounts in the table, want 12", n)
	}
	r.heard()
}
