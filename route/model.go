package route

import "strings"

// differs says whether two names are known models and not the same one. Names
// that a gateway made up ("drafts", "fast") say nothing and never differ.
func differs(asked, served string) bool {
	if asked == "" || served == "" {
		return false
	}
	a, b := bare(asked), bare(served)
	if a == b || family(a) == "" || family(b) == "" {
		return false
	}
	return true
}

// bare strips what is not the model: the path before it, the region and vendor,
// the date and the revision.
func bare(name string) string {
	n := strings.ToLower(name)
	n = n[strings.LastIndexByte(n, '/')+1:]
	if i := strings.IndexByte(n, ':'); i > 0 {
		n = n[:i]
	}
	if i := strings.LastIndexByte(n, '.'); i > 0 && family(n) == "" {
		for i := strings.IndexByte(n, '.'); i > 0; i = strings.IndexByte(n, '.') {
			n = n[i+1:]
			if family(n) != "" {
				break
			}
		}
	}
	n = strings.NewReplacer("@", "-", "_", "-").Replace(n)
	words := strings.Split(n, "-")
	for len(words) > 1 {
		last := words[len(words)-1]
		if last == "latest" || last == "v1" || last == "v2" || (len(last) >= 4 && digits(last)) || dayPart(words) {
			words = words[:len(words)-1]
			continue
		}
		break
	}
	return strings.Join(words, "-")
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// dayPart says whether the last word belongs to a date such as 2024-08-06.
func dayPart(words []string) bool {
	n := len(words)
	if n >= 4 && len(words[n-1]) == 2 && digits(words[n-1]) && len(words[n-2]) == 2 && digits(words[n-2]) && len(words[n-3]) == 4 && digits(words[n-3]) {
		return true
	}
	return n >= 3 && len(words[n-1]) == 2 && digits(words[n-1]) && len(words[n-2]) == 4 && digits(words[n-2])
}

// family returns the line of models that a name belongs to, "" for none known.
func family(name string) string {
	for _, f := range [...]string{"gpt", "chatgpt", "o1", "o3", "o4", "claude", "gemini", "gemma", "mistral", "ministral", "mixtral", "magistral",
		"codestral", "llama", "qwen", "qwq", "deepseek", "kimi", "glm", "grok", "command", "nova", "titan", "phi", "minimax"} {
		if rest, ok := strings.CutPrefix(name, f); ok && (rest == "" || !('a' <= rest[0] && rest[0] <= 'z')) {
			return f
		}
	}
	return ""
}
