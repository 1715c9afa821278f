package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestTells: an hour of the tempo tells what it holds, by pointer and by key; what
// lies outside it tells nothing.
func TestTells(t *testing.T) {
	r := newReader(t)
	r.open(crafted(60, 16, 2), 1200, 900)
	readout := `document.querySelector(".readout").textContent`
	hint := r.Text(readout)
	r.Number(`(() => { const c = document.querySelector(".cells"), b = c.getBoundingClientRect(); c.dispatchEvent(new PointerEvent("pointermove", {clientX: b.left + b.width * 12.5 / 24, clientY: b.top + b.height * 8.5 / 16, bubbles: true, pointerType: "mouse"})); return 1 })()`)
	if s := r.Text(readout); !strings.HasPrefix(s, "Tue 11 Aug, 12:00: ") || !strings.Contains(s, "could be expected") {
		t.Errorf("pointing at noon of the ninth day says %q", s)
	}
	key := func(keys ...string) string {
		for _, k := range keys {
			r.Number(`(document.querySelector(".cells").dispatchEvent(new KeyboardEvent("keydown", {key: "` + k + `", bubbles: true})), 1)`)
		}
		return r.Text(readout)
	}
	if s := key("ArrowLeft", "ArrowDown"); !strings.HasPrefix(s, "Wed 12 Aug, 11:00: ") {
		t.Errorf("an hour back and a day on it says %q", s)
	}
	for range 20 {
		key("ArrowDown")
	}
	if s := key("ArrowRight"); !strings.HasPrefix(s, "Tue 18 Aug, 23:00: ") {
		t.Errorf("beyond the end it says %q", s)
	}
	if s := key("Escape"); s != hint {
		t.Errorf("after Escape it says %q, want %q", s, hint)
	}
	if n := r.Number(`document.querySelectorAll(".cells .at:not([hidden])").length`); n != 0 {
		t.Errorf("%v marks are left after Escape", n)
	}
	r.store("tempo.png", chromedp.Screenshot(".card.tempo"))
	r.store("after.png", chromedp.Screenshot("article.after"))
	r.Alone()
}

// TestNames: whatever takes the keyboard or is a picture has a name, and every table
// says what it is.
func TestNames(t *testing.T) {
	r := newReader(t)
	r.open(crafted(60, 16, 2), 1200, 900)
	named := `!(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim())`
	for what, query := range map[string]string{"pictures": `[role=img]`, "things that take the keyboard": `[tabindex="0"], button, select, input, a`} {
		if s := r.Text(`[...document.querySelectorAll('` + query + `')].filter(e => e.offsetParent && ` + named + `).map(e => e.outerHTML.slice(0, 80)).join("\n")`); s != "" {
			t.Errorf("%s without a name:\n%s", what, s)
		}
	}
	if s := r.Text(`[...document.querySelectorAll("thead th:not([scope])")].map(e => e.textContent).join(", ")`); s != "" {
		t.Errorf("headings of tables without a scope: %s", s)
	}
	r.Number(`(document.querySelectorAll(".people thead button")[3].click(), 1)`)
	if s := r.Text(`document.querySelectorAll(".people thead th")[3].getAttribute("aria-sort")`); s != "descending" {
		t.Errorf("sorted by exchanges, the heading says %q", s)
	}
}

// TestFits: nothing sticks out of a narrow window or a sheet of A4, whatever a name
// is, and long tables scroll on their own; nor does a figure out of its card.
func TestFits(t *testing.T) {
	r := newReader(t)
	x := crafted(400, 16, 2)
	y := crafted(60, 12, 5)
	y.Campaigns[0].ID = "c-20260805-" + strings.Repeat("long", 12)
	y.Campaigns[0].Accounts[3].Account = strings.Repeat("account", 20)
	x.Campaigns = append(x.Campaigns, y.Campaigns...)
	x.Events[1].Label = strings.Repeat("unbreakable", 12)
	x.Wording, x.Campaigns[0].Frames = true, craftedFrames()
	sticks := `[...document.querySelectorAll("main *")].filter(e => { if (!e.offsetParent || e.closest(".scroll, .sr, nav, .stage, svg")) return false; const b = e.getBoundingClientRect(); return b.width && (b.right > innerWidth + 1 || b.left < -1) }).map(e => e.outerHTML.slice(0, 90)).slice(0, 4).join("\n")`
	spills := `[...document.querySelectorAll(".meter b, .need b, .glance td, .ends, .hours")].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent + ": " + e.scrollWidth + " in " + e.clientWidth).slice(0, 4).join("\n")`
	for _, width := range []int64{320, 400, 768, 1200} {
		r.open(x, width, 844)
		if wide := r.Number(`document.documentElement.scrollWidth`); wide > float64(width) {
			t.Errorf("the page is %.0f wide in a window of %d:\n%s", wide, width, r.Text(sticks))
		}
		if s := r.Text(spills); s != "" {
			t.Errorf("in a window of %d spills:\n%s", width, s)
		}
	}
	const paper = 695 // pixels of A4 between the margins
	r.open(x, paper, 1000)
	r.media(emulation.SetEmulatedMediaParams{Media: "print"})
	r.Number(`(dispatchEvent(new Event("beforeprint")), 1)`)
	if s := r.Text(sticks + ` + [...document.querySelectorAll(".people table")].map(e => e.getBoundingClientRect().right > innerWidth ? "\ntable of accounts" : "").join("")`); s != "" {
		t.Errorf("on paper sticks out:\n%s", s)
	}
	if s := r.Text(spills); s != "" {
		t.Errorf("on paper spills:\n%s", s)
	}
	if n := r.Number(`[...document.querySelectorAll("button, select, input, details.how")].filter(e => e.offsetParent && !e.closest("thead")).length`); n != 0 {
		t.Errorf("%v things to press are on paper", n)
	}
}

// TestPrefers: the page follows the reader's theme by itself, and the button overrides it.
func TestPrefers(t *testing.T) {
	r := newReader(t)
	ground := func() string { return r.Text(`getComputedStyle(document.body).backgroundColor`) }
	seen := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		r.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		r.open(crafted(40, 8, 2), 1200, 900)
		seen[scheme] = ground()
		r.Number(`(document.querySelector("#theme").click(), 1)`)
		seen["not "+scheme] = ground()
	}
	if seen["light"] == seen["dark"] || seen["not light"] != seen["dark"] || seen["not dark"] != seen["light"] {
		t.Errorf("grounds are %s", fmt.Sprint(seen))
	}
}
