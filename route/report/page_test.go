package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"iolaus/report/browser"
	"iolaus/route"
	"iolaus/route/catalogue"
	"iolaus/route/gateway"
	"iolaus/route/policy"
	"iolaus/route/sample"
)

var asOf = time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC)

// kauri audits the sample without reading a log.
func kauri(t testing.TB, n int) *route.Report {
	t.Helper()
	c, err := catalogue.Load(asOf)
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "sample", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p, err := policy.Parse("policy.yaml", read("policy.yaml"), asOf, c)
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway.Config{}
	if err := g.Read("gateway.yaml", read("gateway.yaml")); err != nil {
		t.Fatal(err)
	}
	a := route.New(route.Options{Catalogue: c, Policy: p, AsOf: asOf, Gateway: g})
	err = sample.Requests(n, 1, func(r *sample.Request) error {
		a.Add(&route.Digest{Time: r.Start, ID: r.ID, Session: r.Trace, Team: r.Team, TeamName: r.TeamName, Key: r.Key, Endpoint: catalogue.Reduce(r.Endpoint),
			Provider: r.Provider, Region: r.Region, Model: r.Asked, Served: r.Served, Input: r.Input, Output: r.Output, Cost: r.Cost, Failed: r.Failed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.Report()
}

// hostile puts what a log line can hold wherever a report shows it.
func hostile(t testing.TB) *route.Report {
	r := kauri(t, 200)
	const bad = `"><script>document.title="broken"</script><img src=https://evil.example/x> =1+1`
	for i := range r.Workloads {
		w := &r.Workloads[i]
		w.Name, w.Purpose, w.Owner = bad+w.Name, bad, bad
		for j := range w.Flows {
			f := &w.Flows[j]
			f.Host, f.Asked, f.Served, f.Runs, f.Provider, f.Service = bad, bad, bad, bad, bad, bad
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Workload, f.Message, f.Subject = bad, bad, bad
		f.Evidence = append(f.Evidence, route.Line{In: "log", At: bad, Field: bad, Value: bad})
	}
	r.Policy.Name = bad
	return r
}

// TestPageAsksNothing: no address in the page is one that a browser fetches.
func TestPageAsksNothing(t *testing.T) {
	for _, r := range []*route.Report{kauri(t, 2400), hostile(t)} {
		var b bytes.Buffer
		if err := HTML(&b, r); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, s := range []string{"<img", "<link", "<iframe", "url(http", "@import", "fetch(", "XMLHttpRequest", "<script>document.title"} {
			if i := strings.Index(page, s); i >= 0 {
				t.Errorf("the page has %q: %s", s, page[max(0, i-60):min(len(page), i+60)])
			}
		}
	}
}

// TestSameBytes: the same report gives the same bytes in every form.
func TestSameBytes(t *testing.T) {
	forms := func() map[string][]byte {
		r := kauri(t, 600)
		out := map[string][]byte{}
		for name, write := range map[string]func(*bytes.Buffer) error{
			"html":  func(b *bytes.Buffer) error { return HTML(b, r) },
			"pdf":   func(b *bytes.Buffer) error { return PDF(b, r) },
			"json":  func(b *bytes.Buffer) error { return JSON(b, r) },
			"sarif": func(b *bytes.Buffer) error { return SARIF(b, r, "test") },
			"table": func(b *bytes.Buffer) error { return Table(b, r) },
			"csv":   func(b *bytes.Buffer) error { return FlowsCSV(b, r) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out[name] = b.Bytes()
		}
		return out
	}
	a, b := forms(), forms()
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs from one writing to the next", name)
		}
	}
}

func TestCSVIsSafe(t *testing.T) {
	var b bytes.Buffer
	r := hostile(t)
	r.Workloads[0].Name = "=cmd()"
	if err := FlowsCSV(&b, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+@") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, kauri(t, 2400), "test"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string `json:"ruleId"`
				RuleIndex int    `json:"ruleIndex"`
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					Physical struct {
						Artifact struct{ URI string } `json:"artifactLocation"`
					} `json:"physicalLocation"`
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 {
		t.Fatalf("not a log: %+v", log)
	}
	for _, res := range log.Runs[0].Results {
		if log.Runs[0].Tool.Driver.Rules[res.RuleIndex].ID != res.RuleID || res.Message.Text == "" || len(res.Locations) != 1 || res.Locations[0].Physical.Artifact.URI == "" {
			t.Errorf("a result without its rule, text or place: %+v", res)
		}
	}
}

// TestPageInBrowser drives the page: it asks for nothing, shows the map and the
// flow, filters, searches, changes its theme and fits a narrow screen.
func TestPageInBrowser(t *testing.T) {
	b := browser.Open(t, os.Getenv("CI"))
	for name, r := range map[string]*route.Report{"sample": kauri(t, 2400), "hostile": hostile(t)} {
		file := filepath.Join(t.TempDir(), "report.html")
		var page bytes.Buffer
		if err := HTML(&page, r); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		b.Show(file, 1200, 900)
		drive(t, b, name, r)
	}
	b.Alone()
}

// drive does what a reader does and checks what the reader sees.
func drive(t *testing.T, b *browser.Reader, name string, r *route.Report) {
	t.Helper()
	number := func(js string) int { t.Helper(); return int(b.Number(js)) }
	want := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s: %d, want %d", name, what, got, want)
		}
	}
	shown := `[...document.querySelectorAll(".finding")].filter(f => f.offsetParent !== null).length`
	want("title is the report's", number(`+document.title.startsWith("Route audit")`), 1)
	want("requests for resources", number(`performance.getEntriesByType("resource").length`), 0)
	want("findings shown", number(shown), len(r.Findings))
	want("workloads", number(`document.querySelectorAll(".workload").length`), min(pageMost, len(r.Workloads)))
	if number(`document.querySelectorAll(".world .stop").length`) == 0 && name == "sample" {
		t.Error("the map is empty")
	}
	if number(`document.querySelectorAll(".stream .link").length`) < len(r.Workloads) {
		t.Errorf("%s: the flow has too few links", name)
	}
	want("the notice", number(`+document.body.innerText.includes("not legal advice")`), 1)
	want("wider than the screen", number(`+(document.documentElement.scrollWidth > innerWidth)`), 0)

	click := func(sel string) { t.Helper(); b.Do(chromedp.Click(chromedp.CSS(sel))) }
	click(`button[data-show="high"]`)
	want("grave findings after the filter", number(shown), Count(r)["high"])
	click(`button[data-show="all"]`)
	if name == "sample" {
		b.Do(chromedp.SendKeys(chromedp.CSS("#find"), "tokenharbour"))
		want("findings that name the host", number(shown), 1)
	}
	light := `getComputedStyle(document.body).backgroundColor`
	before := b.Text(light)
	click("#theme")
	if after := b.Text(light); before == after {
		t.Errorf("%s: the theme stays %s", name, after)
	}
	b.Do(chromedp.EmulateViewport(390, 800))
	want("wider than a telephone", number(`+(document.documentElement.scrollWidth > innerWidth)`), 0)
	want("open workload", number(`document.querySelector(".workload summary").click() ?? +document.querySelector(".workload").open`), 1)
}
