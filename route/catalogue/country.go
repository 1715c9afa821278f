package catalogue

import (
	"sort"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Anywhere is the reach of an endpoint that promises no place.
const Anywhere = "anywhere"

// Country says whether code is an assigned ISO 3166-1 alpha-2 code, in capitals.
func Country(code string) bool {
	if len(code) != 2 || code != strings.ToUpper(code) {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.Canonicalize() == r
}

// CountryName returns the English name of a country or group code; a word that
// is neither is returned as it is.
func CountryName(code string) string {
	switch code {
	case "EU":
		return "European Union"
	case "EEA":
		return "European Economic Area"
	case Anywhere, "":
		return code
	}
	if !Country(code) {
		return code
	}
	r, _ := language.ParseRegion(code)
	return display.English.Regions().Name(r)
}

// Members lists the countries of a group; nil when code is not a group.
// Sources: the treaties' own lists of members, as of 2026.
func Members(group string) []string {
	eu := []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
		"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
	switch group {
	case "EU":
		return eu
	case "EEA":
		return append(eu, "IS", "LI", "NO")
	}
	return nil
}

// IsPlace says whether word names a country or a group of countries.
func IsPlace(word string) bool { return Country(word) || Members(word) != nil }

// A Reach is the set of countries in which a request may be served: those in In,
// or all but those in Not when Anywhere is set. The zero Reach is unknown.
type Reach struct {
	Anywhere bool     `json:"anywhere,omitempty"`
	In       []string `json:"in,omitempty"`
	Not      []string `json:"not,omitempty"`
}

// NewReach reads a list such as [US], [EU, CH] or [anywhere, -CN].
func NewReach(words []string) Reach {
	var r Reach
	for _, w := range words {
		switch not, minus := strings.CutPrefix(w, "-"); {
		case minus:
			r.Not = append(r.Not, not)
		case w == Anywhere:
			r.Anywhere = true
		case Members(w) != nil:
			r.In = append(r.In, Members(w)...)
		default:
			r.In = append(r.In, w)
		}
	}
	sort.Strings(r.In)
	return r
}

// Known is false for the zero Reach.
func (r Reach) Known() bool { return r.Anywhere || len(r.In) > 0 }

// Within says whether every country of r is among the allowed ones, which may
// name groups. An unknown reach is within nothing.
func (r Reach) Within(allowed []string) bool {
	if contains(allowed, Anywhere) {
		return true
	}
	if r.Anywhere || len(r.In) == 0 {
		return false
	}
	for _, c := range r.In {
		if !Allowed(c, allowed) {
			return false
		}
	}
	return true
}

// Allowed says whether a country is one of the places, directly or by group.
func Allowed(country string, places []string) bool {
	for _, p := range places {
		if p == country || p == Anywhere || contains(Members(p), country) {
			return true
		}
	}
	return false
}

// String names the countries, the groups where they are whole.
func (r Reach) String() string {
	if r.Anywhere {
		if len(r.Not) > 0 {
			return "anywhere but " + strings.Join(r.Not, ", ")
		}
		return Anywhere
	}
	if len(r.In) == 0 {
		return "unknown"
	}
	rest, out := r.In, []string(nil)
	for _, g := range []string{"EEA", "EU"} {
		if m := Members(g); len(rest) >= len(m) && NewReach(m).Within(rest) {
			out = append(out, g)
			rest = without(rest, m)
		}
	}
	return strings.Join(append(out, rest...), ", ")
}

func without(list, gone []string) []string {
	var out []string
	for _, v := range list {
		if !contains(gone, v) {
			out = append(out, v)
		}
	}
	return out
}
