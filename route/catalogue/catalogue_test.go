package catalogue

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write goldens anew")

var today = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func shipped(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(today)
	if err != nil {
		t.Fatalf("the catalogue that ships is wrong:\n%v", err)
	}
	return c
}

func TestResolve(t *testing.T) {
	c := shipped(t)
	for _, f := range []struct {
		name                           string
		in                             Trace
		service, region, country, runs string
	}{
		{"region in the host", Trace{Endpoint: "https://bedrock-runtime.ap-southeast-2.amazonaws.com/model/x/invoke"}, "bedrock", "ap-southeast-2", "AU", "AU"},
		{"host without a scheme", Trace{Endpoint: "bedrock-runtime.ap-southeast-6.amazonaws.com"}, "bedrock", "ap-southeast-6", "NZ", "NZ"},
		{"profile of the Union", Trace{Endpoint: "bedrock-runtime.eu-west-1.amazonaws.com", Model: "eu.anthropic.claude-x"}, "bedrock", "eu-west-1", "IE", "EU"},
		{"global profile", Trace{Provider: "aws.bedrock", Region: "ap-southeast-2", Model: "global.anthropic.claude-x"}, "bedrock", "ap-southeast-2", "AU", "anywhere"},
		{"profile as ARN", Trace{Model: "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x"}, "bedrock", "us-east-1", "US", "US"},
		{"profile that hides its regions", Trace{Model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"}, "bedrock", "us-east-1", "US", "unknown"},
		{"the log says where it was served", Trace{Provider: "bedrock", Region: "ap-southeast-2", ServedRegion: "ap-northeast-1", Model: "apac.x"}, "bedrock", "ap-southeast-2", "AU", "JP"},
		{"Azure by header", Trace{Endpoint: "https://r.openai.azure.com/openai/deployments/d", Region: "Australia East"}, "azure-openai", "australia east", "AU", "anywhere"},
		{"Azure without a region", Trace{Endpoint: "https://r.openai.azure.com"}, "azure-openai", "", "", "anywhere"},
		{"Azure deployment type in the name", Trace{Endpoint: "https://r.openai.azure.com", Model: "azure/eu/gpt-4o"}, "azure-openai", "", "", "EU"},
		{"Azure Global Standard", Trace{Endpoint: "https://r.openai.azure.com", Model: "global-standard/gpt-4o", Region: "swedencentral"}, "azure-openai", "swedencentral", "SE", "anywhere"},
		{"Vertex regional", Trace{Endpoint: "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/x"}, "vertex", "europe-west4", "NL", "NL"},
		{"Vertex global", Trace{Endpoint: "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/x"}, "vertex", "global", "", "anywhere"},
		{"mainland", Trace{Endpoint: "https://dashscope.aliyuncs.com/compatible-mode/v1"}, "model-studio", "cn-beijing", "CN", "CN"},
		{"international", Trace{Endpoint: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"}, "model-studio", "ap-southeast-1", "SG", "anywhere but CN"},
		{"workspace host", Trace{Endpoint: "https://ws1.eu-central-1.maas.aliyuncs.com"}, "model-studio", "eu-central-1", "DE", "anywhere"},
		{"OpenAI in Europe", Trace{Endpoint: "https://eu.api.openai.com/v1"}, "openai", "", "", "EEA, CH"},
		{"Anthropic limited by the answer", Trace{Endpoint: "https://api.anthropic.com", ServedRegion: "us"}, "anthropic", "", "", "US"},
		{"own network by name", Trace{Endpoint: "http://vllm.ml.svc.cluster.local:8000/v1"}, "self-hosted", "", "", "unknown"},
		{"own network by address", Trace{Endpoint: "http://10.2.3.4:8000/v1", Provider: "openai"}, "self-hosted", "", "", "unknown"},
		{"nobody knows the host", Trace{Endpoint: "https://api.example.com/v1", Provider: "openai"}, "", "", "", "unknown"},
		{"a host that only looks alike", Trace{Endpoint: "https://api.openai.com.example.net/v1"}, "", "", "", "unknown"},
		{"a name only", Trace{Provider: "mistral"}, "mistral", "", "", "unknown"},
		{"nothing", Trace{Model: "gpt"}, "", "", "", "unknown"},
	} {
		p := c.Resolve(f.in)
		service := ""
		if p.Service != nil {
			service = p.Service.ID
		}
		if service != f.service || p.Region != f.region || p.Country != f.country || p.Runs.String() != f.runs {
			t.Errorf("%s: got service %q, region %q, country %q, runs %q; want %q, %q, %q, %q", f.name,
				service, p.Region, p.Country, p.Runs, f.service, f.region, f.country, f.runs)
		}
		if p.Service != nil && len(p.Clues) == 0 {
			t.Errorf("%s: a service without a clue", f.name)
		}
	}
}

func TestHomes(t *testing.T) {
	c := shipped(t)
	for id, want := range map[string]string{"bedrock": "US", "mistral": "FR", "deepseek": "CN", "model-studio": "KY CN", "openrouter": ""} {
		_, parent := c.Home(c.Services[id])
		if got := strings.Join(parent.Homes(), " "); got != want {
			t.Errorf("%s answers to %q, want %q", id, got, want)
		}
	}
}

func TestReach(t *testing.T) {
	for _, f := range []struct {
		reach, allowed string
		want           bool
	}{
		{"AU", "NZ AU", true}, {"AU JP", "NZ AU", false}, {"anywhere", "NZ AU", false}, {"anywhere", "anywhere", true},
		{"EU", "EEA", true}, {"EEA", "EU", false}, {"anywhere -CN", "EEA", false}, {"", "NZ", false}, {"EEA CH", "EEA CH GB", true},
	} {
		if got := NewReach(strings.Fields(f.reach)).Within(strings.Fields(f.allowed)); got != f.want {
			t.Errorf("%q within %q is %v", f.reach, f.allowed, got)
		}
	}
}

// TestOwnFileOverrides: a file of the user's own adds a service, changes one fact
// and leaves the others.
func TestOwnFileOverrides(t *testing.T) {
	own := Input{"own.yaml", []byte(`version: 1
sources:
  - {id: contract-17, title: "our contract", date: 2026-05-01}
services:
  - id: openai
    retention: {is: 0, source: contract-17, note: "zero data retention"}
  - id: harbour
    name: Harbour
    provider: Harbour
    kind: router
    source: contract-17
    hosts: [{match: "llm.harbour.example", stored: {is: NZ, source: contract-17}}]
`)}
	c, err := Load(today, own)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Services["openai"]
	if s.Retention.Is != 0 || s.Training == nil || s.Training.Is != "opt-in" || s.Provider != "OpenAI" {
		t.Errorf("openai is %+v", s)
	}
	if p := c.Resolve(Trace{Endpoint: "https://llm.harbour.example/v1"}); p.Service == nil || p.Service.ID != "harbour" || p.Country != "NZ" {
		t.Errorf("the own service was not found: %+v", p)
	}
}

func TestStale(t *testing.T) {
	c := shipped(t)
	old := c.Stale(today, 400*24*time.Hour)
	for _, s := range old {
		if strings.HasPrefix(s.Source, "law-") {
			t.Errorf("the statute %s is called stale", s.Source)
		}
	}
	if len(old) == 0 || len(c.Stale(today.AddDate(3, 0, 0), 400*24*time.Hour)) <= len(old) {
		t.Error("facts do not grow old")
	}
}

// TestMistakes: each file in testdata has one kind of mistake; what is said of
// it is the golden beside it.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Load(today, Input{filepath.Base(name), raw})
		if err == nil {
			t.Errorf("%s was read without a word", name)
			continue
		}
		golden := strings.TrimSuffix(name, ".yaml") + ".golden"
		got := err.Error() + "\n"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || got != string(want) {
			t.Errorf("%s (%v)\n got: %s\nwant: %s", golden, err, got, want)
		}
	}
}

// FuzzParse: no input breaks the reader, and what it accepts can be asked.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"services", "companies", "laws", "aws"} {
		raw, err := data.ReadFile("data/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse(today, Input{"fuzz.yaml", raw})
		if err != nil {
			return
		}
		for _, s := range c.Services {
			c.Home(s)
		}
		c.Resolve(Trace{Endpoint: "https://a.b.example", Model: "m"})
	})
}

// FuzzResolve: any endpoint gives an answer, and the same one when it is reduced first.
func FuzzResolve(f *testing.F) {
	f.Add("https://aiplatform.googleapis.com/v1/projects/p/locations/us-central1/x", "openai", "us.anthropic.x")
	f.Add("arn:aws:bedrock:us-east-1:1:inference-profile/us.x", "", "")
	f.Add("http://[::1]:80/%zz", "x", "arn:")
	c := shipped(f)
	f.Fuzz(func(t *testing.T, endpoint, provider, model string) {
		a := c.Resolve(Trace{Endpoint: endpoint, Provider: provider, Model: model})
		b := c.Resolve(Trace{Endpoint: Reduce(endpoint), Provider: provider, Model: model})
		if a.Service != b.Service || a.Region != b.Region {
			t.Errorf("%q is %v %q, and %q reduced is %v %q", endpoint, a.Service, a.Region, Reduce(endpoint), b.Service, b.Region)
		}
	})
}
