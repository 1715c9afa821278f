package route

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/route/catalogue"
	"iolaus/route/gateway"
	"iolaus/route/policy"
)

var asOf = time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC)

// strict is a policy with one declared workload and little patience.
const strict = `version: 1
name: test
basis: nz
home: NZ
default: personal
identify: [team, key]
classes:
  - {name: personal, regions: [NZ, AU], homes: [NZ, AU, US], cross_region: within, fallbacks: within, resellers: forbidden, training: forbidden}
  - {name: still, regions: [NZ, AU], fallbacks: forbidden}
workloads:
  - name: claims
    match: {team: claims}
    class: personal
    uses: [{service: bedrock, regions: [ap-southeast-2], evidence: [dpa]}]
  - name: still
    match: {team: still}
    class: still
    uses: [{service: bedrock}]
evidence:
  - {id: dpa, kind: dpa, date: 2026-01-01, file: dpa.txt, sha256: "0000000000000000000000000000000000000000000000000000000000000000", says: {training: never}}
`

func auditor(t testing.TB, change func(*Options)) *Auditor {
	t.Helper()
	c, err := catalogue.Load(asOf)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse("test.yaml", []byte(strict), asOf, c)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Catalogue: c, Policy: p, AsOf: asOf}
	if change != nil {
		change(&o)
	}
	return New(o)
}

var start = time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)

// sent is one exchange of the claims team to Bedrock in a region.
func sent(second int, region string) Digest {
	return Digest{Time: start.Add(time.Duration(second) * time.Second), ID: fmt.Sprint("r", second), Session: fmt.Sprint("s", second), Team: "claims", Key: "k",
		Endpoint: "https://bedrock-runtime." + region + ".amazonaws.com", Provider: "bedrock", Region: region, Model: "m-llm", Served: "anthropic.claude-x"}
}

// found lists rule and subject of the findings, without the low ones.
func found(r *Report) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity != "low" {
			out = append(out, f.Rule+" "+f.Workload)
		}
	}
	sort.Strings(out)
	return out
}

func wantFound(t *testing.T, a *Auditor, want ...string) {
	t.Helper()
	sort.Strings(want)
	if got := found(a.Report()); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func add(a *Auditor, ds ...Digest) *Auditor {
	for i := range ds {
		a.Add(&ds[i])
	}
	return a
}

func TestFailover(t *testing.T) {
	failed := sent(0, "ap-southeast-2")
	failed.Failed = true
	abroad, late := sent(1, "us-east-1"), sent(300, "us-east-1")
	abroad.Session, late.Session = failed.Session, failed.Session
	near := sent(1, "ap-southeast-4")
	near.Session = failed.Session

	wantFound(t, add(auditor(t, nil), failed, abroad), "fail-over-abroad claims")
	wantFound(t, add(auditor(t, nil), failed, late), "region-outside claims")                                                    // too late to belong to the failure
	wantFound(t, add(auditor(t, nil), failed, sent(1, "us-east-1")), "region-outside claims")                                    // another session
	wantFound(t, add(auditor(t, nil), failed, near))                                                                             // a fall-back within the allowed regions
	wantFound(t, add(auditor(t, nil), failed, sent(1, "ap-southeast-2")))                                                        // the same place again
	wantFound(t, add(auditor(t, nil), failed, abroad, sent(5, "us-east-1")), "fail-over-abroad claims", "region-outside claims") // both

	counted := sent(2, "us-east-1")
	counted.Fallbacks = 1
	wantFound(t, add(auditor(t, nil), counted), "fail-over-abroad claims")

	failed.Team, near.Team = "still", "still"
	wantFound(t, add(auditor(t, nil), failed, near), "fail-over-abroad still") // a class that forbids any
}

func TestDocumentChanged(t *testing.T) {
	for name, docs := range map[string]map[string]string{
		"changed": {"dpa": "1111111111111111111111111111111111111111111111111111111111111111"}, "missing": {"dpa": ""}} {
		a := auditor(t, func(o *Options) { o.Documents = docs })
		if got := found(add(a, sent(0, "ap-southeast-2")).Report()); fmt.Sprint(got) != "[evidence-changed claims]" {
			t.Errorf("%s: found %v", name, got)
		}
	}
	a := auditor(t, func(o *Options) {
		o.Documents = map[string]string{"dpa": "0000000000000000000000000000000000000000000000000000000000000000"}
	})
	wantFound(t, add(a, sent(0, "ap-southeast-2")))
}

// TestHomeOfTheParent: a subsidiary elsewhere does not hide its parent.
func TestHomeOfTheParent(t *testing.T) {
	d := Digest{Time: start, ID: "r", Team: "lab", Endpoint: "https://dashscope-intl.aliyuncs.com", Provider: "dashscope", Model: "q", Served: "qwen-plus"}
	a := add(auditor(t, nil), d)
	for _, f := range a.Report().Findings {
		if f.Rule == "home-outside" && len(f.Evidence) > 1 {
			return
		}
	}
	t.Errorf("found %v", found(a.Report()))
}

// TestSwitchedOff: a rule that the policy switches off finds nothing.
func TestSwitchedOff(t *testing.T) {
	a := auditor(t, func(o *Options) {
		o.Policy.Severity = map[string]string{"region-outside": "off", "home-unknown": "high"}
	})
	wantFound(t, add(a, sent(0, "us-east-1")))
}

// TestMemoryIsBounded: a log in which each line has another model, endpoint path
// and session does not grow the audit beyond workloads times endpoints.
func TestMemoryIsBounded(t *testing.T) {
	a := auditor(t, nil)
	digest := NewDigester()
	var d Digest
	for i := range 50_000 {
		x := exchange.Exchange{ID: fmt.Sprint(i), Time: start.Add(time.Duration(i) * time.Second), Team: "claims", Session: fmt.Sprint("s", i), Failed: true,
			Endpoint: fmt.Sprintf("https://bedrock-runtime.ap-southeast-2.amazonaws.com/model/%d/invoke", i), Model: fmt.Sprint("m", i)}
		digest(&x, &d)
		a.Add(&d)
	}
	w := a.named[" claims"]
	if len(w.flows) > 2*flowsMost+1 || len(a.failures.last) > failuresMost || len(a.places) > interned || w.count != 50_000 {
		t.Errorf("%d flows, %d failures, %d places, %d exchanges", len(w.flows), len(a.failures.last), len(a.places), w.count)
	}
	if r := a.Report(); r.Totals.Endpoints != 1 {
		t.Errorf("%d endpoints", r.Totals.Endpoints)
	}
}

// TestTwiceIsTheSame: each exchange told twice, or in another order among those
// without failures, changes counts and shares of nothing but the counts.
func TestTwiceIsTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var ds []Digest
	for i := range 500 {
		d := sent(i, [...]string{"ap-southeast-2", "us-east-1", "eu-west-1"}[rng.IntN(3)])
		if rng.IntN(4) == 0 {
			d.Team, d.Endpoint, d.Region = "other", "https://api.example.com", ""
		}
		ds = append(ds, d)
	}
	once := add(auditor(t, nil), ds...).Report()
	twice := auditor(t, nil)
	for i := range ds {
		twice.Add(&ds[i])
		twice.Add(&ds[i])
	}
	shuffled := append([]Digest(nil), ds...)
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for name, r := range map[string]*Report{"twice": twice.Report(), "shuffled": add(auditor(t, nil), shuffled...).Report()} {
		if !reflect.DeepEqual(found(once), found(r)) {
			t.Errorf("%s: found %v, once %v", name, found(r), found(once))
		}
		for i, w := range r.Workloads {
			if w.Name != once.Workloads[i].Name || w.Outside != once.Workloads[i].Outside || w.MayLeave != once.Workloads[i].MayLeave {
				t.Errorf("%s: workload %+v, once %+v", name, w.Outside, once.Workloads[i].Outside)
			}
		}
	}
}

// TestHiddenAddress: an address that the configuration takes from the
// environment is not taken for the provider's own.
func TestHiddenAddress(t *testing.T) {
	g := &gateway.Config{}
	if err := g.Read("gateway.yaml", []byte("model_list:\n  - model_name: m-llm\n    litellm_params: {model: openai/x, api_base: os.environ/BASE}\n")); err != nil {
		t.Fatal(err)
	}
	a := auditor(t, func(o *Options) { o.Gateway = g })
	wantFound(t, add(a, sent(0, "ap-southeast-2")), "possible-route claims")
}

func TestDiffers(t *testing.T) {
	for _, c := range []struct {
		asked, served string
		want          bool
	}{
		{"gpt-4o", "gpt-4o-2024-08-06", false}, {"gpt-4o", "gpt-4o-mini-2024-07-18", true}, {"gpt-4o", "openai/gpt-4o", false},
		{"claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", false}, {"claude-sonnet-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0", true},
		{"claude-3-5-sonnet@20240620", "claude-3-5-sonnet", false}, {"drafts", "gpt-4o", false}, {"gpt-4o", "my-deployment", false},
		{"gemini-2.5-flash", "gemini-2.5-pro", true}, {"llama-3.3-70b-instruct", "qwen3-32b", true}, {"", "gpt-4o", false}, {"gpt-4o", "", false},
		{"mistral-small-latest", "mistral-small-2506", false}, {"gpt-5.6-luna", "gpt-5.6-luna", false},
	} {
		if got := differs(c.asked, c.served); got != c.want {
			t.Errorf("differs(%q, %q) = %v; bare %q and %q", c.asked, c.served, got, bare(c.asked), bare(c.served))
		}
	}
}

// TestManyUndeclared: a log of a whole public service has findings by place, not
// by sender, and each says how many senders it speaks of.
func TestManyUndeclared(t *testing.T) {
	a := auditor(t, nil)
	for i := range 300 {
		d := sent(i, "us-east-1")
		d.Team, d.Key = "", fmt.Sprint("key", i%60)
		a.Add(&d)
	}
	r := a.Report()
	for _, f := range r.Findings {
		if f.Rule == "region-outside" && f.Senders == 60 && f.Count == 300 && f.Share == 1 && len(r.Findings) < 10 {
			return
		}
	}
	t.Errorf("%d findings: %+v", len(r.Findings), r.Findings[0])
}

// TestUndeclaredSubsumes: a service that nobody declared is one finding, not one
// more for each thing that nobody asked about it.
func TestUndeclaredSubsumes(t *testing.T) {
	d := sent(0, "")
	d.Endpoint, d.Provider, d.Region = "https://api.mistral.ai", "mistral", ""
	d.Model, d.Served = "m-llm", "mistral-large"
	a := add(auditor(t, nil), d)
	got := found(a.Report())
	if fmt.Sprint(got) != "[home-outside claims undeclared-service claims]" {
		t.Errorf("found %v", got)
	}
}
