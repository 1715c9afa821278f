package gateway

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"iolaus/route/document"
)

// litellmFile is what is read of LiteLLM's config.yaml.
type litellmFile struct {
	Models []struct {
		Name   string `yaml:"model_name"`
		Params struct {
			Model    string `yaml:"model"`
			Base     string `yaml:"api_base"`
			Provider string `yaml:"custom_llm_provider"`
			AWS      string `yaml:"aws_region_name"`
			Bedrock  string `yaml:"aws_bedrock_runtime_endpoint"`
			Vertex   string `yaml:"vertex_location"`
			Region   string `yaml:"region_name"`
			Order    int    `yaml:"order"`
		} `yaml:"litellm_params"`
	} `yaml:"model_list"`
	Router   litellmRouting `yaml:"router_settings"`
	Settings litellmRouting `yaml:"litellm_settings"`
	General  struct {
		Store    bool  `yaml:"store_prompts_in_spend_logs"`
		Pass     []any `yaml:"pass_through_endpoints"`
		Database any   `yaml:"database_url"`
	} `yaml:"general_settings"`
}

type litellmRouting struct {
	Fallbacks []map[string]words `yaml:"fallbacks"`
	Context   []map[string]words `yaml:"context_window_fallbacks"`
	Content   []map[string]words `yaml:"content_policy_fallbacks"`
	Default   words              `yaml:"default_fallbacks"`
	Success   words              `yaml:"success_callback"`
	Failure   words              `yaml:"failure_callback"`
	Both      words              `yaml:"callbacks"`
	Cache     bool               `yaml:"cache"`
	Params    struct {
		Type string `yaml:"type"`
		Host string `yaml:"host"`
	} `yaml:"cache_params"`
}

// words is a list that may be written as one word. Items that are not words,
// such as a fall-back with its own parameters, count by their model.
type words []string

// UnmarshalYAML reads a word, or a list of words or of mappings with a model.
func (w *words) UnmarshalYAML(read func(any) error) error {
	var any any
	if err := read(&any); err != nil {
		return err
	}
	switch v := any.(type) {
	case string:
		*w = words{v}
	case []interface{}:
		for _, item := range v {
			switch item := item.(type) {
			case string:
				*w = append(*w, item)
			case map[string]interface{}:
				if m, ok := item["model"].(string); ok {
					*w = append(*w, m)
				}
			}
		}
	}
	return nil
}

// litellm reads a config.yaml.
func (c *Config) litellm(f *document.File) error {
	var doc litellmFile
	if err := f.Decode(&doc); err != nil {
		return err
	}
	at := func(path string) Where { return Where{f.Name, f.Line(path)} }
	for i, m := range doc.Models {
		path := fmt.Sprintf("model_list[%d]", i)
		if m.Name == "" || m.Params.Model == "" {
			return &document.Problem{File: f.Name, Line: f.Line(path), Field: path, What: "has no model_name or no litellm_params.model",
				Remedy: "give the file that the gateway runs with"}
		}
		p := m.Params
		d := Deployment{Group: m.Name, Model: p.Model, Provider: p.Provider, Endpoint: first(p.Base, p.Bedrock),
			Region: word(first(p.AWS, p.Vertex, p.Region)), Priority: p.Order, At: at(path)}
		if d.Provider == "" {
			if name, rest, ok := strings.Cut(p.Model, "/"); ok {
				d.Provider, d.Model = name, rest
			}
		}
		c.Deployments = append(c.Deployments, d)
		if strings.Contains(m.Name, "*") {
			c.Wildcards = append(c.Wildcards, Wildcard{m.Name,
				fmt.Sprintf("callers may ask for any model that fits %q; it is sent to %s", m.Name, first(d.Endpoint, p.Model)), at(path)})
		}
	}
	c.litellmRouting("router_settings", &doc.Router, at)
	c.litellmRouting("litellm_settings", &doc.Settings, at)
	if len(doc.General.Pass) > 0 {
		c.Wildcards = append(c.Wildcards, Wildcard{"pass_through_endpoints",
			fmt.Sprintf("%d pass-through endpoints forward requests unseen by the model list", len(doc.General.Pass)), at("general_settings.pass_through_endpoints")})
	}
	if doc.General.Store {
		c.Stores = append(c.Stores, Store{"spend logs", "stores prompts and answers in the gateway's database", at("general_settings.store_prompts_in_spend_logs")})
	}
	return nil
}

func (c *Config) litellmRouting(name string, r *litellmRouting, at func(string) Where) {
	for _, k := range []struct {
		key, kind string
		list      []map[string]words
	}{{"fallbacks", "general", r.Fallbacks}, {"context_window_fallbacks", "context-window", r.Context}, {"content_policy_fallbacks", "content-policy", r.Content}} {
		for i, m := range k.list {
			for _, from := range slices.Sorted(maps.Keys(m)) {
				c.Fallbacks = append(c.Fallbacks, Fallback{from, m[from], k.kind, at(fmt.Sprintf("%s.%s[%d]", name, k.key, i))})
			}
		}
	}
	if len(r.Default) > 0 {
		c.Fallbacks = append(c.Fallbacks, Fallback{"*", r.Default, "default", at(name + ".default_fallbacks")})
	}
	sent := map[string]bool{}
	for _, k := range []struct {
		key  string
		list words
	}{{"success_callback", r.Success}, {"failure_callback", r.Failure}, {"callbacks", r.Both}} {
		for _, w := range k.list {
			if !sent[w] && !strings.Contains(w, ".") { // a dotted word is the reader's own code
				sent[w] = true
				c.Stores = append(c.Stores, Store{w, "sends each request to " + w, at(name + "." + k.key)})
			}
		}
	}
	if r.Cache {
		c.Stores = append(c.Stores, Store{"cache " + first(r.Params.Type, "local"), "keeps answers in a cache" + before(" at ", word(r.Params.Host)), at(name + ".cache")})
	}
}

// environment begins the value of a setting that the file does not hold.
const environment = "os.environ/"

// Hidden returns the environment variable that the address comes from, or "".
func (d *Deployment) Hidden() string {
	name, ok := strings.CutPrefix(d.Endpoint, environment)
	if !ok {
		return ""
	}
	return name
}

// word drops references to the environment: their value is not in the file.
func word(s string) string {
	if strings.HasPrefix(s, environment) {
		return ""
	}
	return s
}

func before(lead, s string) string {
	if s == "" {
		return ""
	}
	return lead + s
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
