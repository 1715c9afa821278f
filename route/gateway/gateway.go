// Package gateway reads the configuration of gateways for what could happen: the
// deployments behind each model name, the fall-backs, the wildcards, and where
// requests are kept.
//
// It promises file and line for each thing it reports. It refuses to judge, and
// to read keys and secrets: it looks at names, addresses and regions only.
package gateway

// A Config is what one or more configuration files allow.
type Config struct {
	Deployments []Deployment
	Fallbacks   []Fallback
	Wildcards   []Wildcard
	Stores      []Store
	Files       []string
}

// A Deployment is one way to serve a model name.
type Deployment struct {
	Group    string // the name that callers ask for; * for any
	Model    string // what is asked of the provider
	Provider string
	Endpoint string // address; empty for the provider's own
	Region   string
	Priority int // 0 first; higher ones are fall-backs
	At       Where
}

// A Fallback sends requests for From to To when From fails; From is * for any.
type Fallback struct {
	From string
	To   []string
	Kind string // general, context, content or default
	At   Where
}

// A Wildcard lets the caller choose the destination.
type Wildcard struct {
	Pattern string
	What    string
	At      Where
}

// A Store is where the gateway keeps or sends requests.
type Store struct {
	Name string
	What string
	At   Where
}

// Where is a place in a file.
type Where struct {
	File string
	Line int
}

// A Target is a deployment that a request for a group may end at.
type Target struct {
	Deployment
	Via string // empty when direct; else the fall-back that leads there
	By  Where  // of the fall-back, or of the deployment when direct
}

// Targets lists where a request for a model name may end, its own deployments
// first, then those of its fall-backs, each once.
func (c *Config) Targets(group string) []Target {
	if c == nil {
		return nil
	}
	var out []Target
	seen := map[string]bool{}
	var visit func(group, via string, by Where)
	visit = func(group, via string, by Where) {
		if seen[group] {
			return
		}
		seen[group] = true
		lowest := c.lowest(group)
		for _, d := range c.Deployments {
			if !covers(d.Group, group) {
				continue
			}
			t := Target{d, via, by}
			if via == "" {
				t.By = d.At
			}
			if d.Priority > lowest && via == "" {
				t.Via, t.By = "priority", d.At
			}
			out = append(out, t)
		}
		for _, f := range c.Fallbacks {
			if f.From != group && f.From != "*" {
				continue
			}
			for _, to := range f.To {
				visit(to, f.Kind+" fall-back from "+group, f.At)
			}
		}
	}
	visit(group, "", Where{})
	return out
}

func (c *Config) lowest(group string) int {
	low, found := 0, false
	for _, d := range c.Deployments {
		if covers(d.Group, group) && (!found || d.Priority < low) {
			low, found = d.Priority, true
		}
	}
	return low
}

// covers says whether a pattern of model names fits one.
func covers(pattern, name string) bool {
	if pattern == name || pattern == "*" {
		return true
	}
	if n := len(pattern); n > 0 && pattern[n-1] == '*' {
		return len(name) >= n-1 && name[:n-1] == pattern[:n-1]
	}
	return false
}
