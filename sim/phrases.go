package sim

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed texts
var embedded embed.FS

// tongue is one language's bank of phrases: sections of lines with choices.
type tongue struct {
	code     string
	spaced   bool // words are separated by spaces
	sections map[string][]phrase
}

// phrase is a compiled line: a sequence of parts.
type phrase []part

// part is a piece of text, a draw from a section, or a choice among phrases.
type part struct {
	text    string
	section string
	choice  []phrase
}

// subject fixes a phrase's slots, so that a frame speaks of one field throughout.
type subject struct{ field, topic string }

// loadTongues reads every file of texts/phrases.
func loadTongues() (map[string]*tongue, error) {
	names, err := fs.Glob(embedded, "texts/phrases/*.txt")
	if err != nil {
		return nil, err
	}
	all := make(map[string]*tongue, len(names))
	for _, name := range names {
		raw, err := embedded.ReadFile(name)
		if err != nil {
			return nil, err
		}
		code := strings.TrimSuffix(path.Base(name), ".txt")
		t, err := parseTongue(code, string(raw))
		if err != nil {
			return nil, fmt.Errorf("cannot read phrases %s: %w", name, err)
		}
		all[code] = t
	}
	return all, nil
}

// needed are the sections that every language has.
var needed = [...]string{
	"field", "topic", "thing", "ask", "say", "more", "role", "reason", "format", "field2", "check", "style", "extract",
	"summarise", "translate", "classify", "support", "grade", "generate", "code", "agent", "label", "after", "wish", "reply",
}

func parseTongue(code, raw string) (*tongue, error) {
	return parseSections(code, raw, needed[:]...)
}

// literal are the sections whose lines are taken as they stand.
var literal = [...]string{"tool", "opening", "guideline"}

func parseSections(code, raw string, sections ...string) (*tongue, error) {
	t := &tongue{code: code, spaced: code != "zh" && code != "ja" && code != "th", sections: map[string][]phrase{}}
	section := ""
	scan := bufio.NewScanner(strings.NewReader(raw))
	for n := 1; scan.Scan(); n++ {
		line := strings.TrimRight(scan.Text(), " ")
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case line[0] == '[' && line[len(line)-1] == ']':
			section = line[1 : len(line)-1]
		case slices.Contains(literal[:], section):
			t.sections[section] = append(t.sections[section], phrase{{text: line}})
		default:
			p, rest, err := parsePhrase(line, false)
			if err != nil || rest != "" {
				return nil, fmt.Errorf("line %d: unbalanced braces in %q", n, line)
			}
			t.sections[section] = append(t.sections[section], p)
		}
	}
	for _, s := range sections {
		if len(t.sections[s]) == 0 {
			return nil, fmt.Errorf("section [%s] is missing", s)
		}
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, scan.Err()
}

// check refuses draws from sections that are not there or that lead back to themselves.
func (t *tongue) check() error {
	state := map[string]int{"n": 2, "few": 2, "name": 2} // 1: on the way, 2: checked
	var visit func(string) error
	var phrases func([]phrase) error
	phrases = func(list []phrase) error {
		for _, p := range list {
			for i := range p {
				if err := phrases(p[i].choice); err != nil {
					return err
				}
				if s := p[i].section; s != "" {
					if err := visit(s); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
	visit = func(s string) error {
		switch {
		case state[s] == 2:
			return nil
		case state[s] == 1:
			return fmt.Errorf("section [%s] draws from itself", s)
		case len(t.sections[s]) == 0:
			return fmt.Errorf("section [%s] is drawn from and missing", s)
		}
		state[s] = 1
		err := phrases(t.sections[s])
		state[s] = 2
		return err
	}
	for s := range t.sections {
		if err := visit(s); err != nil {
			return err
		}
	}
	return nil
}

// parsePhrase compiles s up to its end, or inside a choice up to '|' or '}'.
func parsePhrase(s string, inside bool) (phrase, string, error) {
	var p phrase
	for s != "" {
		i := strings.IndexAny(s, "{}|<")
		if i < 0 || (i == 0 && inside && s[0] != '{' && s[0] != '<') {
			break
		}
		if i > 0 {
			p = append(p, part{text: s[:i]})
			s = s[i:]
			continue
		}
		var err error
		var q part
		if q, s, err = parsePart(s); err != nil {
			return nil, s, err
		}
		p = append(p, q)
	}
	if s != "" && !inside {
		p = append(p, part{text: s})
		s = ""
	} else if inside {
		if i := strings.IndexAny(s, "}|"); i > 0 {
			p = append(p, part{text: s[:i]})
			s = s[i:]
		} else if i < 0 {
			return nil, s, fmt.Errorf("unbalanced")
		}
	}
	return p, s, nil
}

// parsePart compiles what begins with a special character.
func parsePart(s string) (part, string, error) {
	switch s[0] {
	case '<':
		if tag := "<answer>"; strings.HasPrefix(s, tag) { // means itself
			return part{text: tag}, s[len(tag):], nil
		}
		if j := strings.IndexByte(s, '>'); j > 1 {
			return part{section: s[1:j]}, s[j+1:], nil
		}
		return part{text: s[:1]}, s[1:], nil
	case '{':
		var c []phrase
		for {
			p, rest, err := parsePhrase(s[1:], true)
			if err != nil || rest == "" {
				return part{}, s, fmt.Errorf("unbalanced")
			}
			c = append(c, p)
			s = rest
			if s[0] == '}' {
				return part{choice: c}, s[1:], nil
			}
		}
	}
	return part{}, s, fmt.Errorf("unbalanced")
}

// say appends a draw from a section.
func (t *tongue) say(b []byte, d *dice, section string, sub subject) []byte {
	lines := t.sections[section]
	if len(lines) == 0 {
		return b
	}
	return t.expand(b, d, lines[d.IntN(len(lines))], sub)
}

func (t *tongue) expand(b []byte, d *dice, p phrase, sub subject) []byte {
	for i := range p {
		q := &p[i]
		switch {
		case q.choice != nil:
			b = t.expand(b, d, q.choice[d.IntN(len(q.choice))], sub)
		case q.section == "":
			b = append(b, q.text...)
		case q.section == "n":
			b = strconv.AppendInt(b, int64(number(d)), 10)
		case q.section == "few":
			b = strconv.AppendInt(b, int64(2+d.IntN(14)), 10)
		case q.section == "name":
			b = append(b, choose(d, givenNames[:])...)
		case q.section == "field" && sub.field != "":
			b = append(b, sub.field...)
		case q.section == "topic" && sub.topic != "" && d.chance(.7):
			b = append(b, sub.topic...)
		default:
			b = t.say(b, d, q.section, sub)
		}
	}
	return b
}

// draw returns a draw from a section as a string of its own.
func (t *tongue) draw(d *dice, section string, sub subject) string {
	return string(t.say(nil, d, section, sub))
}

// number draws the small numbers that people write, with a tail.
func number(d *dice) int {
	switch d.IntN(4) {
	case 0:
		return 2 + d.IntN(9)
	case 1:
		return 5 * (1 + d.IntN(20))
	case 2:
		return 10 + d.IntN(90)
	}
	return 100 + d.IntN(2400)
}

var givenNames = [...]string{
	"Ana", "Omar", "Yuki", "Lena", "Chidi", "Priya", "Tom", "Mei", "Igor", "Sara", "João", "Aylin", "Jun", "Nadia", "Kofi", "Eva", "Linh", "Paul", "Rosa", "Ivan",
	"Hana", "Bilal", "Greta", "Diego", "Noor", "Mika", "Arun", "Zoë", "Pedro", "Olga", "Minh", "Fatima", "Lars", "Kemal", "Siti", "Marta", "Dae", "Ines", "Raj", "Elif",
}
