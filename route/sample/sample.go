// Package sample makes logs of an organisation that does not exist, for showing
// and testing the route audit: 22 workloads over a dozen endpoints, with eight
// faults planted in known places.
//
// It promises the same log for the same size and seed, in every form that it
// writes. Names, hosts and models are invented or generic; nothing in it was
// seen anywhere.
package sample

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// A Request is one line of the log before it takes a form.
type Request struct {
	Start, End     time.Time
	ID, Trace      string
	Team, TeamName string
	Key            string
	Endpoint       string // api_base
	Host           string // server.address
	Provider       string // as LiteLLM names it
	GenAI          string // as OpenTelemetry names it
	Region         string
	Ran            string // Bedrock's inferenceRegion, when it is another
	Asked, Served  string
	Input, Output  int
	Cost           float64
	Failed         bool
	Code           int
}

// A route is one way that a workload's requests go.
type way struct {
	endpoint, host, provider, genAI, region string
	served                                  string
	ran                                     string // where a cross-region profile really ran, when not the region
	fails                                   float64
	then                                    *way // where the gateway goes after a failure
}

// A workload is a team with its habits.
type workload struct {
	team, asked string
	busy        float64 // weight
	night       bool    // runs as a batch at night
	ways        []way
}

func bedrock(region, model string) way {
	host := "bedrock-runtime." + region + ".amazonaws.com"
	return way{endpoint: "https://" + host, host: host, provider: "bedrock", genAI: "aws.bedrock", region: region, served: model}
}

func at(host, provider, genAI, region, model string) way {
	return way{endpoint: "https://" + host + "/v1", host: host, provider: provider, genAI: genAI, region: region, served: model}
}

const (
	sonnet  = "anthropic.claude-sonnet-4-5-20250929-v1:0"
	haiku   = "anthropic.claude-haiku-4-5-20251001-v1:0"
	gpt     = "gpt-4.1-2025-04-14"
	gptMini = "gpt-4.1-mini-2025-04-14"
)

// workloads lists who sends what where. Those with a comment carry a fault.
func workloads() []workload {
	azure := at("kauri-nz.openai.azure.com", "azure", "azure.ai.openai", "newzealandnorth", gpt)
	vertex := at("australia-southeast1-aiplatform.googleapis.com", "vertex_ai", "gcp.vertex_ai", "australia-southeast1", "gemini-2.5-flash")
	local := at("vllm.ml.svc.cluster.local:8000", "hosted_vllm", "hosted_vllm", "", "qwen3-32b")
	sydney := bedrock("ap-southeast-2", sonnet)
	abroad := bedrock("us-east-1", sonnet)
	flaky := sydney
	flaky.fails, flaky.then = 0.06, &abroad
	apac := bedrock("ap-southeast-2", "apac."+sonnet)
	apac.ran = "ap-southeast-1"
	swapped := azure
	swapped.served = gptMini
	return []workload{
		{"claims-triage", "claims-llm", 9, false, []way{sydney}},
		{"contact-centre-notes", "notes-llm", 12, false, []way{bedrock("ap-southeast-6", haiku)}},
		{"policy-search", "search-llm", 8, false, []way{azure}},
		{"staff-helpdesk", "helpdesk-llm", 10, false, []way{azure}},
		{"code-review", "code-llm", 14, false, []way{at("api.anthropic.com", "anthropic", "anthropic", "", "claude-sonnet-4-5-20250929")}},
		{"web-copy", "copy-llm", 3, false, []way{at("api.openai.com", "openai", "openai", "", gpt)}},
		{"translation-desk", "translate-llm", 6, false, []way{vertex}},
		{"research-digest", "digest-llm", 4, true, []way{at("au.api.openai.com", "openai", "openai", "", gptMini)}},
		{"document-intake", "intake-llm", 11, true, []way{vertex}},
		{"internal-search", "local-llm", 7, false, []way{local}},
		{"fraud-notes", "local-llm", 5, false, []way{local}},
		{"meeting-minutes", "minutes-llm", 6, false, []way{sydney}},
		{"hr-letters", "letters-llm", 3, false, []way{bedrock("ap-southeast-2", "au."+haiku)}},
		{"social-listening", "listen-llm", 4, true, []way{at("openrouter.ai/api", "openrouter", "openrouter", "", "llama-3.3-70b-instruct")}},
		{"billing-assistant", "billing-llm", 10, false, []way{flaky}},                                                                          // fail-over abroad
		{"complaints-summary", "complaints-llm", 5, false, []way{sydney}},                                                                      // expired evidence
		{"marketing-drafts", "drafts-llm", 5, false, []way{azure, at("openrouter.ai/api", "openrouter", "openrouter", "", "mistral-small")}},   // undeclared reseller
		{"legal-opinions", "gpt-4.1", 4, false, []way{azure, swapped}},                                                                         // swapped model
		{"clinical-coding", "coding-llm", 6, false, []way{apac}},                                                                               // cross-region profile
		{"grant-writer", "grants-llm", 3, false, []way{at("generativelanguage.googleapis.com", "gemini", "gcp.gemini", "", "gemini-2.5-pro")}}, // training on
		{"board-papers", "board-llm", 2, false, []way{at("au.api.openai.com", "openai", "openai", "", gpt)}},                                   // retention too long
		{"prototype-lab", "proto-llm", 3, false, []way{local, at("llm.tokenharbour.example", "openai", "openai", "", gpt)}},                    // unknown endpoint
	}
}

// begin is the first moment of every sample; span follows.
func begin() time.Time { return time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC) }

const span = 28 * 24 * time.Hour

// Requests calls yield for n requests in the order of time; a request that fails
// over counts once more.
func Requests(n int, seed uint64, yield func(*Request) error) error {
	rng := rand.New(rand.NewPCG(seed, 7))
	ws := workloads()
	total := 0.0
	for _, w := range ws {
		total += w.busy
	}
	for i := range n {
		w := pick(rng, ws, total)
		start := begin().Add(span/time.Duration(n)*time.Duration(i) + time.Duration(rng.IntN(900))*time.Millisecond)
		r := Request{Team: "team_" + w.team, TeamName: w.team, Key: fmt.Sprintf("%016x", keyOf(w.team)), Asked: w.asked}
		r.Trace = fmt.Sprintf("%016x%016x", rng.Uint64(), rng.Uint64())
		route := &w.ways[rng.IntN(len(w.ways))]
		failed := rng.Float64() < route.fails
		send(rng, &r, route, start, failed)
		if err := yield(&r); err != nil {
			return err
		}
		if failed {
			send(rng, &r, route.then, r.End.Add(300*time.Millisecond), false)
			if err := yield(&r); err != nil {
				return err
			}
		}
	}
	return nil
}

// pick draws a workload by weight. What a batch sends at night and what people
// send by day differ in the hours, which the order of time settles elsewhere.
func pick(rng *rand.Rand, ws []workload, total float64) *workload {
	x := rng.Float64() * total
	for i := range ws {
		if x -= ws[i].busy; x < 0 {
			return &ws[i]
		}
	}
	return &ws[len(ws)-1]
}

// send fills a request that goes one way.
func send(rng *rand.Rand, r *Request, w *way, start time.Time, failed bool) {
	r.ID = fmt.Sprintf("req-%016x", rng.Uint64())
	r.Start, r.End = start, start.Add(time.Duration(400+rng.IntN(4000))*time.Millisecond)
	r.Endpoint, r.Host, r.Provider, r.GenAI, r.Region = w.endpoint, w.host, w.provider, w.genAI, w.region
	r.Served, r.Ran, r.Failed, r.Code = w.served, w.ran, failed, 0
	r.Input, r.Output = 200+rng.IntN(1800), 40+rng.IntN(600)
	r.Cost = float64(r.Input)*3e-6 + float64(r.Output)*15e-6
	if failed {
		r.Output, r.Code, r.Cost, r.End = 0, 503, 0, start.Add(200*time.Millisecond)
	}
}

func keyOf(team string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(team) {
		h = (h ^ uint64(team[i])) * 1099511628211
	}
	return h
}
