package gateway

import (
	"fmt"
	"strings"

	"iolaus/route/document"
)

// meta is the head of a Kubernetes resource.
type meta struct {
	Kind     string `yaml:"kind"`
	Metadata struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
}

type envoyRoute struct {
	Spec struct {
		Rules []struct {
			Matches []struct {
				Headers []struct {
					Name  string `yaml:"name"`
					Type  string `yaml:"type"`
					Value string `yaml:"value"`
				} `yaml:"headers"`
			} `yaml:"matches"`
			Backends []struct {
				Name     string `yaml:"name"`
				Model    string `yaml:"modelNameOverride"`
				Priority int    `yaml:"priority"`
			} `yaml:"backendRefs"`
		} `yaml:"rules"`
	} `yaml:"spec"`
}

type envoyService struct {
	Spec struct {
		Schema struct {
			Name string `yaml:"name"`
		} `yaml:"schema"`
		Backend struct {
			Name string `yaml:"name"`
		} `yaml:"backendRef"`
	} `yaml:"spec"`
	provider string
}

type envoyBackend struct {
	Spec struct {
		Endpoints []struct {
			FQDN struct {
				Hostname string `yaml:"hostname"`
			} `yaml:"fqdn"`
			IP struct {
				Address string `yaml:"address"`
			} `yaml:"ip"`
		} `yaml:"endpoints"`
	} `yaml:"spec"`
}

type envoyPolicy struct {
	Spec struct {
		Targets []struct {
			Name string `yaml:"name"`
		} `yaml:"targetRefs"`
		AWS struct {
			Region string `yaml:"region"`
		} `yaml:"awsCredentials"`
		GCP struct {
			Region string `yaml:"region"`
		} `yaml:"gcpCredentials"`
	} `yaml:"spec"`
}

// envoyFiles are the resources of one file, by name.
type envoyFiles struct {
	routes   []routeAt
	services map[string]*envoyService
	backends map[string]*envoyBackend
	regions  map[string]string // by AIServiceBackend
}

type routeAt struct {
	envoyRoute
	name string
	file *document.File
}

// envoy reads the resources of the Envoy AI Gateway.
func (c *Config) envoy(files []*document.File) error {
	e := envoyFiles{services: map[string]*envoyService{}, backends: map[string]*envoyBackend{}, regions: map[string]string{}}
	for _, f := range files {
		if err := e.take(f); err != nil {
			return err
		}
	}
	for _, r := range e.routes {
		for i, rule := range r.Spec.Rules {
			path := fmt.Sprintf("spec.rules[%d]", i)
			at := Where{r.file.Name, r.file.Line(path)}
			groups, wild := modelsOf(rule.Matches)
			if wild != "" {
				c.Wildcards = append(c.Wildcards, Wildcard{r.name + " rule " + fmt.Sprint(i+1), wild, at})
			}
			for b, ref := range rule.Backends {
				s := e.services[ref.Name]
				if s == nil {
					return &document.Problem{File: r.file.Name, Line: r.file.Line(fmt.Sprintf("%s.backendRefs[%d]", path, b)), Field: path,
						What: fmt.Sprintf("names the AIServiceBackend %q, which no file has", ref.Name), Remedy: "give the file that holds it too"}
				}
				for _, group := range groups {
					for _, host := range e.hosts(s) {
						c.Deployments = append(c.Deployments, Deployment{Group: group, Model: first(ref.Model, group), Provider: s.provider,
							Endpoint: host, Region: e.regions[ref.Name], Priority: ref.Priority,
							At: Where{r.file.Name, r.file.Line(fmt.Sprintf("%s.backendRefs[%d]", path, b))}})
					}
				}
			}
		}
	}
	return nil
}

// take files one resource under its kind.
func (e *envoyFiles) take(f *document.File) error {
	var m meta
	if err := f.Decode(&m); err != nil {
		return err
	}
	switch m.Kind {
	case "AIGatewayRoute":
		r := routeAt{name: m.Metadata.Name, file: f}
		if err := f.Decode(&r.envoyRoute); err != nil {
			return err
		}
		e.routes = append(e.routes, r)
	case "AIServiceBackend":
		s := &envoyService{}
		if err := f.Decode(s); err != nil {
			return err
		}
		s.provider = providerOf(s.Spec.Schema.Name)
		e.services[m.Metadata.Name] = s
	case "Backend":
		b := &envoyBackend{}
		if err := f.Decode(b); err != nil {
			return err
		}
		e.backends[m.Metadata.Name] = b
	case "BackendSecurityPolicy":
		var p envoyPolicy
		if err := f.Decode(&p); err != nil {
			return err
		}
		for _, t := range p.Spec.Targets {
			e.regions[t.Name] = first(p.Spec.AWS.Region, p.Spec.GCP.Region)
		}
	}
	return nil
}

// hosts lists the addresses behind a service; one empty address when the file
// does not have them.
func (e *envoyFiles) hosts(s *envoyService) []string {
	var out []string
	if b := e.backends[s.Spec.Backend.Name]; b != nil {
		for _, ep := range b.Spec.Endpoints {
			if h := first(ep.FQDN.Hostname, ep.IP.Address); h != "" {
				out = append(out, "https://"+h)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, "")
	}
	return out
}

// modelsOf lists the model names that a rule takes, * for any, and says what is
// open about it.
func modelsOf(matches []struct {
	Headers []struct {
		Name  string `yaml:"name"`
		Type  string `yaml:"type"`
		Value string `yaml:"value"`
	} `yaml:"headers"`
}) (groups []string, wild string) {
	for _, m := range matches {
		named := false
		for _, h := range m.Headers {
			if !strings.EqualFold(h.Name, "x-ai-eg-model") && !strings.EqualFold(h.Name, "x-aigw-model") {
				continue
			}
			named = true
			if strings.EqualFold(h.Type, "RegularExpression") {
				groups = append(groups, "*")
				wild = fmt.Sprintf("callers may ask for any model that fits the expression %q", h.Value)
				continue
			}
			groups = append(groups, h.Value)
		}
		if !named {
			groups = append(groups, "*")
			wild = "callers may ask for any model: a match without a model name"
		}
	}
	if len(matches) == 0 {
		return []string{"*"}, "callers may ask for any model: the rule has no matches"
	}
	return groups, wild
}

// providerOf translates a schema's name to the provider's.
func providerOf(schema string) string {
	switch schema {
	case "AWSBedrock", "AWSAnthropic":
		return "bedrock"
	case "AzureOpenAI":
		return "azure"
	case "GCPVertexAI", "GCPAnthropic":
		return "vertex_ai"
	case "Anthropic":
		return "anthropic"
	case "Cohere":
		return "cohere"
	}
	return "openai"
}
