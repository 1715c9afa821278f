// Package browser lets a test look at a page as a reader does: in a headless
// Chromium, with the page's requests and its script's faults watched.
//
// It is for tests alone. Without a Chromium they are skipped, or fail where one is
// demanded: a page that nobody drove is not known to work. It promises nothing
// about speed.
package browser

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one test may drive a browser on a slow, busy machine. It is
// there so that a browser that hangs is a failure with a name.
const patience = 6 * time.Minute

// A Reader looks at pages in a browser of its own. Whatever goes wrong fails its test.
type Reader struct {
	testing.TB
	Tab context.Context // of the browser, for actions beyond the methods

	mu    sync.Mutex
	asked []string
	wrong []string
}

// Open starts a browser, which ends with the test. On a machine without one the
// test is skipped, but fails when demanded says something, as CI does.
func Open(t testing.TB, demanded string) *Reader {
	t.Helper()
	name := installed()
	switch {
	case name == "" && demanded != "":
		t.Fatal("no Chromium where one is demanded: apt-get install chromium")
	case name == "":
		t.Skip("no Chromium on this machine: the page was not driven; apt-get install chromium")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(name), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("force-prefers-reduced-motion", true))
	if dir, err := os.MkdirTemp("", "iolaus-browser-"); err == nil {
		// A browser that is stopped leaves files behind, and may write until the last.
		opts = append(opts, chromedp.Env("TMPDIR="+dir))
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
	}
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	r := &Reader{TB: t, Tab: ctx}
	r.Do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, r.hear); err != nil {
		t.Fatalf("cannot watch the browser: %v", err)
	}
	return r
}

// installed is the path of a Chromium, "" where there is none.
func installed() string {
	for _, n := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

// hear notes what the page asks for and what fails in it.
func (r *Reader) hear(ev any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		r.asked = append(r.asked, ev.Request.URL)
	case *cdpruntime.EventExceptionThrown:
		r.wrong = append(r.wrong, ev.ExceptionDetails.Text)
	}
}

// Do runs actions in order.
func (r *Reader) Do(actions ...chromedp.Action[chromedp.Void]) {
	r.Helper()
	if err := chromedp.Do(r.Tab, actions...); err != nil {
		r.Fatalf("cannot drive the browser: %v", err)
	}
}

// Show opens a file in a window of a size in pixels.
func (r *Reader) Show(file string, width, height int64) {
	r.Helper()
	r.Do(chromedp.EmulateViewport(width, height), chromedp.Navigate("file://"+file))
}

// Number is what an expression in the page's script gives, a number.
func (r *Reader) Number(js string) float64 {
	r.Helper()
	n, err := chromedp.Run(r.Tab, chromedp.Evaluate[float64](js))
	if err != nil {
		r.Fatalf("cannot evaluate %s: %v", js, err)
	}
	return n
}

// Text is what an expression in the page's script gives, a string.
func (r *Reader) Text(js string) string {
	r.Helper()
	s, err := chromedp.Run(r.Tab, chromedp.Evaluate[string](js))
	if err != nil {
		r.Fatalf("cannot evaluate %s: %v", js, err)
	}
	return s
}

// Until waits until an expression in the page's script is true. It is asked of
// whatever document stands there, so a navigation that settles late is no matter.
func (r *Reader) Until(js string) {
	r.Helper()
	wait := `new Promise(done => { const look = () => (` + js + `) ? done(1) : requestAnimationFrame(look); look(); })`
	if _, err := chromedp.Run(r.Tab, chromedp.Evaluate[float64](wait, chromedp.EvalAwaitPromise)); err != nil {
		r.Fatalf("cannot wait for %s: %v", js, err)
	}
}

// Alone fails the test when a page asked for anything but itself, or when a
// script in it failed.
func (r *Reader) Alone() {
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
