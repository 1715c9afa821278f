package route

import (
	"fmt"

	"iolaus/route/catalogue"
	"iolaus/route/policy"
)

// stores judges where the organisation's own gateway keeps requests.
func (b *builder) stores() {
	p := b.a.o.Policy
	strictest := p.Class(p.Default)
	for i, s := range p.Stores {
		if len(strictest.Regions) > 0 && !catalogue.Allowed(s.Country, strictest.Regions) {
			b.finding("log-store", everyone, strictest.Name, breach{subject: s.Name,
				message: fmt.Sprintf("%s keeps requests in %s; allowed are %s", s.Name, catalogue.CountryName(s.Country), list(strictest.Regions)),
				lines:   []Line{b.a.policyLine(fmt.Sprintf("stores[%d]", i), "country", s.Country)}})
		}
	}
	if b.a.o.Gateway == nil {
		return
	}
	for _, s := range b.a.o.Gateway.Stores {
		if b.storeDeclared(s.Name) {
			continue
		}
		b.finding("log-store", everyone, "", breach{subject: s.Name,
			message: fmt.Sprintf("the gateway's configuration %s, and the policy's stores do not say where that is", s.What),
			lines:   []Line{{In: "gateway", At: fmt.Sprintf("%s:%d", s.At.File, s.At.Line), Field: s.Name, Value: s.What}}})
	}
}

func (b *builder) storeDeclared(name string) bool {
	for _, s := range b.a.o.Policy.Stores {
		if policy.Like(s.Name, name) {
			return true
		}
	}
	return false
}
