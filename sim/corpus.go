package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/valyala/fastjson"

	"iolaus/exchange"
)

// corpusFile says how a file of the data folder is read.
type corpusFile struct {
	path  string
	genre genre
	read  func(*fastjson.Value) passage
}

// suites are evaluations as their harness renders them, kept apart from what they were made of.
var suites = [...]corpusFile{
	{"lookalike/lmeval_gsm8k_cot8.jsonl.gz", mathText, firstTurns},
	{"lookalike/lmeval_mmlu5.jsonl.gz", choiceText, firstTurns},
	{"lookalike/lmeval_humaneval_instruct.jsonl.gz", codeText, firstTurns},
	{"lookalike/bfcl_v4.jsonl.gz", toolText, withTools},
	{"lookalike/code_bench_raw.jsonl.gz", codeText, firstTurns},
}

var corpus = [...]corpusFile{
	{"benign/arena_hard.jsonl.gz", chatText, firstTurns},
	{"benign/awesome_prompts.jsonl.gz", personaText, firstTurns},
	{"lookalike/gsm8k_train_raw.jsonl.gz", mathText, firstTurns},
	{"lookalike/lmeval_mmlu5.jsonl.gz", choiceText, lastBlock},
	{"lookalike/code_bench_raw.jsonl.gz", codeText, firstTurns},
	{"attack/oss_instruct_calls.reconstructed.jsonl.gz", codeText, snippet},
	{"attack/gorilla_apibench.jsonl.gz", toolText, firstTurns},
	{"attack/gpteacher_toolformer.jsonl.gz", toolText, firstTurns},
	{"lookalike/bfcl_v4.jsonl.gz", toolText, withTools},
	{"attack/fireact_trajectories.jsonl.gz", agentText, run},
	{"lookalike/sweagent_demos.jsonl.gz", agentText, run},
	{"benign/specstory_minsky_sessions.jsonl.gz", agentText, run},
}

// LoadTexts reads the real texts and rates of a data folder. What the folder
// lacks is taken from the embedded sample.
func LoadTexts(dir string) (*Texts, error) {
	t, err := newTexts()
	if err != nil {
		return nil, err
	}
	for _, f := range corpus {
		if err := f.each(dir, func(p passage) { t.sets[f.genre] = append(t.sets[f.genre], p) }); err != nil {
			return nil, err
		}
	}
	for _, f := range suites {
		var set []passage
		if err := f.each(dir, func(p passage) { set = append(set, p) }); err != nil {
			return nil, err
		}
		if len(set) > 0 {
			t.rendered = append(t.rendered, set)
		}
	}
	if t.rhythms, err = readRhythms(dir); err != nil {
		return nil, err
	}
	if err := t.fillFromSample(); err != nil {
		return nil, err
	}
	t.index()
	return t, nil
}

func (t *Texts) fillFromSample() error {
	b, err := Builtin()
	if err != nil {
		return err
	}
	for k := range t.sets {
		if len(t.sets[k]) == 0 {
			t.sets[k] = b.sets[k]
		}
	}
	if len(t.rhythms) == 0 {
		t.rhythms = b.rhythms
	}
	return nil
}

// each reads one file; a missing file is not an error.
func (f corpusFile) each(dir string, fn func(passage)) error {
	name := filepath.Join(dir, filepath.FromSlash(f.path))
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read texts: %w", err)
	}
	defer file.Close()
	err = eachLine(file, func(v *fastjson.Value) {
		if p := f.read(v); p.text != "" && len(p.text) <= 6000 {
			fn(p)
		}
	})
	if err != nil {
		return fmt.Errorf("cannot read texts %s: %w", name, err)
	}
	return nil
}

// clip cuts text at a word near n bytes.
func clip(s string, n int) string {
	if s = strings.TrimSpace(s); len(s) <= n {
		return s
	}
	if i := strings.LastIndexAny(s[:n], " \n"); i > n/2 {
		return s[:i]
	}
	return strings.ToValidUTF8(s[:n], "")
}

func firstTurns(v *fastjson.Value) passage {
	var p passage
	for _, m := range v.GetArray("messages") {
		text := str(m, "content")
		switch role := str(m, "role"); {
		case role == "system" && p.system == "":
			p.system = text
		case role == "user" && p.text == "":
			p.text = text
		case role == "assistant" && p.answer == "":
			p.answer = clip(text, 500)
		}
	}
	return p
}

// lastBlock keeps the question after the worked examples.
func lastBlock(v *fastjson.Value) passage {
	p := firstTurns(v)
	if i := strings.LastIndex(p.text, "\n\n"); i >= 0 {
		p.text = p.text[i+2:]
	}
	return p
}

// snippet keeps the code between the fences.
func snippet(v *fastjson.Value) passage {
	p := firstTurns(v)
	_, code, _ := strings.Cut(p.text, "```\n")
	code, _, _ = strings.Cut(code, "```")
	return passage{text: clip(code, 700)}
}

func run(v *fastjson.Value) passage {
	var p passage
	for _, m := range v.GetArray("messages") {
		switch str(m, "role") {
		case "system":
			p.system = clip(str(m, "content"), 1500)
		case "user", "assistant", "tool":
			if len(p.turns) > 0 || str(m, "role") == "user" {
				p.turns = append(p.turns, clip(str(m, "content"), 400))
			}
		}
		if len(p.turns) == 12 {
			break
		}
	}
	if len(p.turns) > 0 {
		p.text = p.turns[0]
	}
	return p
}

// withTools reads a function-calling question; the functions stand in its system prompt.
func withTools(v *fastjson.Value) passage {
	p := firstTurns(v)
	var funcs []struct {
		Name       string          `json:"name"`
		Parameters json.RawMessage `json:"parameters"`
	}
	if json.Unmarshal([]byte(p.system), &funcs) == nil {
		p.system = ""
		for _, f := range funcs {
			if f.Name != "" {
				p.tools = append(p.tools, exchange.Tool{Name: f.Name, Schema: string(f.Parameters)})
			}
		}
	}
	return p
}
