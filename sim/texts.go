package sim

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"github.com/valyala/fastjson"

	"iolaus/exchange"
)

// genre is what a real text was written for.
type genre uint8

const (
	chatText    genre = iota // a person's question
	personaText              // a published "act as" prompt
	mathText                 // a word problem with its solution
	choiceText               // a multiple-choice question
	codeText                 // a function to write or a snippet
	toolText                 // a request that wants a tool
	agentText                // the turns of an agent's run
	genres
)

var genreNames = [genres]string{"chat", "persona", "math", "mcq", "code", "tool", "agent"}

// passage is one real text.
type passage struct {
	text, answer string
	system       string          // as published, when it had one
	turns        []string        // of an agent's run, user first
	tools        []exchange.Tool // offered with it
}

// Texts are the real texts, phrases and arrival rates that worlds are made of.
// They are read once, never changed, and may be shared by many worlds.
type Texts struct {
	sets      [genres][]passage
	rendered  [][]passage // evaluation suites as harnesses send them
	sentences map[string][]string
	words     []string
	tongues   map[string]*tongue
	rhythms   []rhythm
	places    *geography
	clients   *market
	agents    *agents
}

// Builtin returns the sample that ships with the program.
func Builtin() (*Texts, error) {
	t, err := newTexts()
	if err != nil {
		return nil, err
	}
	if err := t.readSample(); err != nil {
		return nil, fmt.Errorf("cannot read the embedded texts: %w", err)
	}
	if t.rhythms, err = embeddedRhythms(); err != nil {
		return nil, fmt.Errorf("cannot read the embedded rates: %w", err)
	}
	t.index()
	return t, nil
}

func newTexts() (*Texts, error) {
	t := &Texts{}
	var err error
	if t.tongues, err = loadTongues(); err != nil {
		return nil, err
	}
	if t.places, err = loadGeography(); err != nil {
		return nil, err
	}
	if t.clients, err = loadMarket(); err != nil {
		return nil, err
	}
	if t.agents, err = loadAgents(t.clients); err != nil {
		return nil, err
	}
	return t, nil
}

// readSample reads texts/sample.jsonl.gz: k is the genre, q and a are text and answer, t the turns.
func (t *Texts) readSample() error {
	raw, err := embedded.ReadFile("texts/sample.jsonl.gz")
	if err != nil {
		return err
	}
	return eachLine(bytes.NewReader(raw), func(v *fastjson.Value) {
		p := passage{text: str(v, "q"), answer: str(v, "a")}
		for _, turn := range v.GetArray("t") {
			p.turns = append(p.turns, string(turn.GetStringBytes()))
		}
		if len(p.turns) > 0 {
			p.text = p.turns[0]
		}
		for k, name := range genreNames {
			if name == str(v, "k") {
				t.sets[k] = append(t.sets[k], p)
			}
		}
	})
}

// eachLine calls fn for every JSON line of a gzip stream.
func eachLine(r io.Reader, fn func(*fastjson.Value)) error {
	z, err := gzip.NewReader(bufio.NewReaderSize(r, 1<<16))
	if err != nil {
		return err
	}
	scan := bufio.NewScanner(z)
	scan.Buffer(make([]byte, 1<<16), 64<<20)
	var p fastjson.Parser
	for n := 1; scan.Scan(); n++ {
		v, err := p.ParseBytes(scan.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		fn(v)
	}
	return scan.Err()
}

func str(v *fastjson.Value, keys ...string) string { return string(v.GetStringBytes(keys...)) }

// index cuts the prose into sentences by language and collects words to vary them with.
func (t *Texts) index() {
	t.sentences = map[string][]string{}
	for _, k := range []genre{chatText, personaText, mathText, toolText} {
		for i := range t.sets[k] {
			p := &t.sets[k][i]
			t.cut(p.text)
			t.cut(p.answer)
		}
	}
	for i, s := range t.sentences["en"] {
		if i%3 == 0 {
			for _, w := range strings.Fields(s) {
				if len(w) >= 4 && len(w) <= 11 && plainWord(w) {
					t.words = append(t.words, w)
				}
			}
		}
	}
	if len(t.rendered) == 0 {
		t.rendered = [][]passage{t.sets[mathText], t.sets[choiceText], t.sets[codeText]}
	}
}

func (t *Texts) cut(text string) {
	for _, l := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '。' || r == '？' || r == '！' }) {
		for l != "" {
			s := l
			if i := strings.Index(l, ". "); i >= 0 && len(l) > 90 {
				s, l = l[:i+1], l[i+2:]
			} else {
				l = ""
			}
			if s = strings.TrimSpace(s); len(s) >= 24 && len(s) <= 260 {
				lang := script(s)
				t.sentences[lang] = append(t.sentences[lang], s)
			}
		}
	}
}

func plainWord(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// script guesses a language from the letters; Latin text counts as English.
func script(s string) string {
	var han, kana, hangul, cyrillic, thai, arabic, hindi int
	for _, r := range s {
		switch {
		case r < 0x400:
		case r < 0x530:
			cyrillic++
		case r >= 0x600 && r < 0x700:
			arabic++
		case r >= 0x900 && r < 0x980:
			hindi++
		case r >= 0xe00 && r < 0xe80:
			thai++
		case r >= 0x3040 && r < 0x3100:
			kana++
		case r >= 0x4e00 && r < 0xa000:
			han++
		case r >= 0xac00 && r < 0xd7b0:
			hangul++
		}
	}
	switch {
	case kana > 3:
		return "ja"
	case han > 5:
		return "zh"
	case hangul > 5:
		return "ko"
	case cyrillic > 8:
		return "ru"
	case thai > 8:
		return "th"
	case arabic > 8:
		return "ar"
	case hindi > 8:
		return "hi"
	}
	return "en"
}
