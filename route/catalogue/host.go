package catalogue

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"sort"
	"strings"
)

// hostRule is a host pattern ready to match.
type hostRule struct {
	service *Service
	host    *Host
	re      *regexp.Regexp
	weight  int // letters that are fixed: the most particular rule goes first
}

// compile turns a pattern into a rule, or says what is wrong with it.
func compile(s *Service, h *Host) (hostRule, error) {
	if h.Match == "" || strings.ContainsAny(h.Match, " :?#") || strings.Contains(h.Match, "//") {
		return hostRule{}, fmt.Errorf("%q is not a host pattern", h.Match)
	}
	host, path, hasPath := strings.Cut(h.Match, "/")
	expr := regexp.QuoteMeta(strings.ToLower(host))
	expr = strings.ReplaceAll(expr, `\*\.`, `(?:[a-z0-9-]+\.)+`)
	if hasPath {
		expr += "/" + strings.ReplaceAll(regexp.QuoteMeta(path), `\*\*`, ".*")
	} else {
		expr += "(?:/.*)?"
	}
	named := false
	placeholder := regexp.MustCompile(`\\\{(region|any)\\\}`)
	expr = placeholder.ReplaceAllStringFunc(expr, func(m string) string {
		if strings.Contains(m, "region") && !named {
			named = true
			return `(?P<region>[a-z0-9-]+)`
		}
		return `[A-Za-z0-9_-]+`
	})
	if strings.ContainsAny(regexp.MustCompile(`\\[{}]`).FindString(expr), "{}") {
		return hostRule{}, fmt.Errorf("%q has a placeholder other than {region} and {any}", h.Match)
	}
	re, err := regexp.Compile("^" + expr + "$")
	if err != nil {
		return hostRule{}, fmt.Errorf("%q is not a host pattern: %w", h.Match, err)
	}
	fixed := len(regexp.MustCompile(`\{[a-z]+\}|\*`).ReplaceAllString(h.Match, ""))
	return hostRule{s, h, re, fixed}, nil
}

// hostsInOrder sorts the rules so that the first match is the most particular.
func hostsInOrder(rules []hostRule) {
	sort.SliceStable(rules, func(i, j int) bool {
		if rules[i].weight != rules[j].weight {
			return rules[i].weight > rules[j].weight
		}
		return rules[i].host.Match < rules[j].host.Match
	})
}

// split takes an endpoint apart: the host in small letters without port, and
// the path. Both are empty for an ARN or a text that is no address.
func split(endpoint string) (host, path string) {
	e := strings.TrimSpace(endpoint)
	if e == "" || strings.HasPrefix(e, "arn:") {
		return "", ""
	}
	if !strings.Contains(e, "://") {
		e = "//" + e
	}
	u, err := url.Parse(e)
	if err != nil || strings.ContainsAny(u.Hostname(), " _%") {
		return "", ""
	}
	host = strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if host == "" || strings.Contains(host, "..") || host[0] == '.' {
		return "", ""
	}
	if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ":") {
		return "", "" // neither a name nor an address of IPv6
	}
	if !strings.Contains(host, ".") && host != "localhost" && !strings.Contains(endpoint, "://") && u.Port() == "" {
		return "", "" // a bare word is a name, not a host
	}
	return host, u.Path
}

// private says whether a host can only be reached inside the reader's own
// network: it then cannot be anybody's public service.
func private(host string) bool {
	if host == "localhost" || (host != "" && !strings.ContainsAny(host, ".:")) {
		return true
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
	}
	for _, end := range []string{".internal", ".local", ".localdomain", ".svc", ".lan", ".home.arpa"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// Reduce shortens an endpoint to what tells where it is: the host, and the
// location in a path that carries one. ARNs stay whole. It keeps the number of
// different endpoints small when paths carry ids.
func Reduce(endpoint string) string {
	if strings.HasPrefix(endpoint, "arn:") {
		return endpoint
	}
	host, path := split(endpoint)
	if host == "" {
		return endpoint
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if _, rest, ok := strings.Cut(path, "/locations/"); ok {
		location, _, _ := strings.Cut(rest, "/")
		return "https://" + host + "/v1/projects/-/locations/" + location + "/-"
	}
	return "https://" + host
}
