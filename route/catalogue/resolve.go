package catalogue

import "strings"

// A Trace is what one log line says of where a request went; empty fields are
// facts that the log does not carry.
type Trace struct {
	Endpoint, Provider, Region, ServedRegion, Model string
}

// A Clue names the field that told something and its value.
type Clue struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Tells string `json:"tells"`
}

// A Place is where a request went, as far as the log and the catalogue tell.
type Place struct {
	Service *Service // nil when unknown
	Entity  *Company // the company that runs the service
	Parent  *Company // the one that controls it
	Host    string   // of the endpoint
	Region  string   // the provider's name for it
	Country string   // of the region, or where the data is kept
	Served  string   // country in which it was served, when the log itself says so
	Runs    Reach    // where it may have been served
	Scope   string   // what kind of promise that is: region, profile, endpoint, default
	Clues   []Clue
	Private bool // an address of the reader's own network
}

// Provider returns the provider's name, or "" when unknown.
func (p *Place) Provider() string {
	if p.Service == nil {
		return ""
	}
	return p.Service.Provider
}

// Homes lists the jurisdictions that the company on top answers to.
func (p *Place) Homes() []string { return p.Parent.Homes() }

// Resolve says where a request went. It never guesses: a host that no file
// knows leaves Service nil even when the log names a provider, since anybody
// can offer another's interface.
func (c *Catalogue) Resolve(t Trace) *Place {
	p := &Place{}
	arn := t.Endpoint
	if !strings.HasPrefix(arn, "arn:") {
		arn = t.Model[max(0, strings.Index(t.Model, "arn:")):]
	}
	var rule *Host
	host, path := split(t.Endpoint)
	switch {
	case host != "":
		p.Host = host
		rule = c.byHost(p, host, path)
	case strings.HasPrefix(arn, "arn:"):
		c.byArn(p, arn)
	case t.Provider != "":
		if s := c.byName[strings.ToLower(t.Provider)]; s != nil {
			p.Service = s
			p.clue("provider", t.Provider, "service "+s.ID+" by its name only; the log names no endpoint")
		}
	}
	c.region(p, t)
	c.reach(p, rule, t, arn)
	p.Entity, p.Parent = c.Home(p.Service)
	return p
}

func (p *Place) clue(field, value, tells string) {
	p.Clues = append(p.Clues, Clue{field, value, tells})
}

func (c *Catalogue) byHost(p *Place, host, path string) *Host {
	address := host + strings.TrimSuffix(path, "/")
	for i := range c.hosts {
		r := &c.hosts[i]
		m := r.re.FindStringSubmatch(address)
		if m == nil {
			m = r.re.FindStringSubmatch(host)
		}
		if m == nil {
			continue
		}
		p.Service = r.service
		p.clue("endpoint", host, "service "+r.service.ID)
		p.Region = r.host.Region
		if at := r.re.SubexpIndex("region"); at > 0 {
			p.Region = strings.ToLower(m[at])
			p.clue("endpoint", address, "region "+p.Region)
		}
		return r.host
	}
	if private(host) {
		p.Private = true
		p.Service = c.Services["self-hosted"]
		p.clue("endpoint", host, "an address of your own network")
	}
	return nil
}

// byArn reads arn:partition:service:region:account:resource.
func (c *Catalogue) byArn(p *Place, arn string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return
	}
	if s := c.byARN[parts[2]]; s != nil {
		p.Service, p.Region = s, parts[3]
		p.clue("arn", arn, "service "+s.ID)
		if parts[3] != "" {
			p.clue("arn", arn, "region "+parts[3])
		}
	}
}

// region settles the region and its country; the log's own field is believed
// before the host, since it is written where the request was served.
func (c *Catalogue) region(p *Place, t Trace) {
	if t.Region != "" {
		p.Region = strings.ToLower(t.Region)
		p.clue("region", t.Region, "region "+p.Region)
	}
	p.Country = c.countryOf(p.Service, p.Region)
	if t.ServedRegion != "" {
		if p.Served = c.countryOf(p.Service, strings.ToLower(t.ServedRegion)); p.Served != "" {
			p.clue("served region", t.ServedRegion, "served in "+p.Served)
		}
	}
}

// countryOf maps a provider's region to a country, or reads a bare country code.
func (c *Catalogue) countryOf(s *Service, region string) string {
	if region == "" {
		return ""
	}
	if s != nil {
		if cloud := c.Clouds[s.Cloud]; cloud != nil {
			if r, ok := cloud.Regions[strings.ReplaceAll(region, " ", "")]; ok {
				return r.Country
			}
		}
	}
	if code := strings.ToUpper(region); Country(code) {
		return code
	}
	return ""
}

// reach settles where the request may have been served, from the most telling
// to the least: what the log says, the model's name, the endpoint, the service,
// the region itself.
func (c *Catalogue) reach(p *Place, rule *Host, t Trace, arn string) {
	if p.Service == nil {
		return
	}
	if p.Country == "" {
		p.Country = stored(rule, p.Service)
	}
	if p.Served != "" {
		p.Runs, p.Scope = NewReach([]string{p.Served}), "log"
		return
	}
	if s, opaque := scopeOf(p.Service, t.Model, arn); s != nil {
		p.Runs, p.Scope = NewReach(s.Runs), s.Name
		p.clue("model", t.Model, s.Name+": served in "+p.Runs.String())
		return
	} else if opaque {
		p.Scope = "profile that the log does not spell out"
		return
	}
	switch {
	case rule != nil && rule.Runs != nil:
		p.Runs, p.Scope = NewReach(rule.Runs.Is), "endpoint"
	case p.Service.Runs != nil && p.Region == "":
		p.Runs, p.Scope = NewReach(p.Service.Runs.Is), "service"
	case p.Service.Cloud != "" && p.Country != "" && p.Service.Runs == nil:
		p.Runs, p.Scope = NewReach([]string{p.Country}), "region"
	case p.Service.Runs != nil:
		p.Runs, p.Scope = NewReach(p.Service.Runs.Is), "service"
	}
}

func stored(rule *Host, s *Service) string {
	if rule != nil && rule.Stored != nil {
		return rule.Stored.Is
	}
	if s.Stored != nil {
		return s.Stored.Is
	}
	return ""
}

// scopeOf finds what the model's name or ARN says of its reach. An application
// profile hides its regions behind an opaque id.
func scopeOf(s *Service, model, arn string) (_ *Scope, opaque bool) {
	name := model
	if strings.HasPrefix(arn, "arn:") {
		if strings.Contains(arn, ":application-inference-profile/") {
			return nil, true
		}
		name = arn[strings.LastIndexByte(arn, '/')+1:]
	}
	var best *Scope
	for rest, more := name, true; more; _, rest, more = strings.Cut(rest, "/") {
		for i := range s.Models {
			if sc := &s.Models[i]; strings.HasPrefix(rest, sc.Prefix) && (best == nil || len(sc.Prefix) > len(best.Prefix)) {
				best = sc
			}
		}
	}
	return best, false
}
