package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"iolaus/sim"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

// TestExact checks published limits.
func TestExact(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 10, 0, .3085}, {1, 10, .0025, .4450}, {5, 10, .1871, .8129}, {10, 10, .6915, 1}, {0, 300000, 0, 1.2296e-5}, {0, 0, 0, 1},
	} {
		low, high := exact(c.k, c.n)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

func TestSpread(t *testing.T) {
	never := math.Inf(1)
	for _, c := range []struct {
		in   []float64
		want Spread
	}{
		{nil, Spread{}},
		{[]float64{3}, Spread{3, 3, 1}},
		{[]float64{4, 1, 3, 2}, Spread{2, 4, 4}},
		{[]float64{never, 1, 2}, Spread{2, -1, 3}},
		{[]float64{never, never, 2}, Spread{-1, -1, 3}},
	} {
		if got := spreadOf(c.in); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.in, got, c.want)
		}
	}
}

// made is a story with an operator of two templates, and reports on it.
func made() (*story, []Report) {
	s := newStory()
	s.chatter(s.join(20, ""), 5)
	s.chatter(s.join(6, "lerna"), 10)
	s.chatter(s.join(5, "cerberus"), 10)
	at := func(h int) time.Time { return start().Add(time.Duration(h) * time.Hour) }
	return s, []Report{
		{ID: "x", Detected: at(20), Score: 3, Accounts: []Flag{{"a020", at(20)}, {"a021", at(22)}, {"a022", at(90)}, {"a023", at(20)}, {"a003", at(30)}}},
		{ID: "y", Detected: at(60), Score: 3, Accounts: []Flag{{"a026", at(60)}, {"a027", at(60)}, {"a028", at(61)}}},
	}
}

// TestOrder holds that the order of reports, of their accounts and of the truth
// does not matter.
func TestOrder(t *testing.T) {
	s, reports := made()
	tape := s.tape(1)
	want := Grade(tape, s.truth, reports)
	r := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		truth := append([]sim.Truth(nil), s.truth...)
		r.Shuffle(len(truth), func(i, j int) { truth[i], truth[j] = truth[j], truth[i] })
		r.Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
		for _, x := range reports {
			r.Shuffle(len(x.Accounts), func(i, j int) { x.Accounts[i], x.Accounts[j] = x.Accounts[j], x.Accounts[i] })
		}
		got := Grade(tape, truth, reports)
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		if !bytes.Equal(a, b) || !reflect.DeepEqual(got.flags, want.flags) {
			t.Fatalf("the score depends on the order:\n%s\n%s", a, b)
		}
	}
}

// board runs one fixed detector over a story.
func board(t *testing.T, jobs int) *Board {
	t.Helper()
	s, reports := made()
	calm := newStory()
	calm.chatter(calm.join(30, ""), 5)
	b := Bout{
		Name: "story", Worlds: []World{s.world("two operators"), calm.world("innocent")}, Tune: []uint64{2, 4}, Seeds: []uint64{1, 3}, Jobs: jobs,
		Contenders: append([]Contender{{Name: "ours", About: "a fixed answer", Groups: true, Method: MethodFunc(func(t *Tape, report func(string, []Report)) error {
			if t.Accounts[len(t.Accounts)-1].ID == "a030" {
				report("", reports)
			} else {
				report("", nil)
			}
			return nil
		})}}, Baselines()...),
	}
	b.Worlds[0].About, b.Worlds[0].Study = "two operators that only chat", true
	out, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSameFigures holds that the same seeds give the same bytes, however many
// worlds are in memory at a time.
func TestSameFigures(t *testing.T) {
	var one, many bytes.Buffer
	if err := errors.Join(board(t, 1).WriteJSON(&one), board(t, 4).WriteJSON(&many)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), many.Bytes()) {
		t.Error("figures differ between runs")
	}
}

// TestMarkdown compares the scoreboard's text with a readable golden.
func TestMarkdown(t *testing.T) {
	b := board(t, 2)
	var got bytes.Buffer
	if err := b.WriteMarkdown(&got); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "board.golden.md")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the scoreboard differs from %s; run with -update and read the difference:\n%s", golden, got.String())
	}
}

// TestWrite draws up a board from its own JSON, and looks that every plot is XML.
func TestWrite(t *testing.T) {
	dir, again := t.TempDir(), t.TempDir()
	b := board(t, 2)
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	read, err := ReadBoard(filepath.Join(dir, "scoreboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Write(again); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 7 {
		t.Fatalf("%d files, %v; want 7", len(files), err)
	}
	for _, f := range files {
		x, err1 := os.ReadFile(filepath.Join(dir, f.Name()))
		y, err2 := os.ReadFile(filepath.Join(again, f.Name()))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs when drawn up from JSON", f.Name())
		}
		if strings.HasSuffix(f.Name(), ".svg") {
			wellFormed(t, f.Name(), x)
		}
	}
}

// TestGoOn keeps what was seen: a second run sees no world again, a run of other
// contenders sees only what they need, and the figures are the same.
func TestGoOn(t *testing.T) {
	dir := t.TempDir()
	s, reports := made()
	recorded, asked := 0, 0
	run := func(contenders []Contender, again ...string) []byte {
		w := s.world("w")
		record := w.Record
		w.Study, w.Record = true, func(ctx context.Context, seed uint64) (*Tape, []sim.Truth, error) {
			recorded++
			return record(ctx, seed)
		}
		b := Bout{Name: "story", Worlds: []World{w}, Tune: []uint64{2, 4}, Seeds: []uint64{1}, Jobs: 1, Keep: dir, Again: again, Contenders: contenders}
		board, err := b.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := board.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	ours := Contender{Name: "ours", Groups: true, Method: MethodFunc(func(_ *Tape, report func(string, []Report)) error {
		asked++
		report("", reports)
		return nil
	})}
	everybody := append([]Contender{ours}, Baselines()...)
	run(Baselines())
	if recorded != 3 || asked != 0 {
		t.Errorf("the baselines alone: %d worlds recorded, want 3", recorded)
	}
	first := run(everybody)
	if recorded != 4 || asked != 1 {
		t.Errorf("with ours: %d worlds recorded and ours asked %d times, want 4 and 1", recorded, asked)
	}
	if second := run(everybody); recorded != 4 || !bytes.Equal(first, second) {
		t.Errorf("a second run recorded %d worlds more, or gave other figures", recorded-4)
	}
	if run(everybody, "ours"); recorded != 5 || asked != 2 {
		t.Errorf("again: %d worlds recorded and ours asked %d times, want 5 and 2", recorded, asked)
	}
}

func wellFormed(t *testing.T, name string, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func TestGolden(t *testing.T) {
	base := Golden{Worlds: []Mark{{World: "w", Mark: "1", Recall: .5, CampaignRecall: 1, BenignFlagged: 1, Lost: .2, AdjustedRand: .9}}}
	for _, c := range []struct {
		name string
		edit func(*Mark)
		want int
	}{
		{"the same", func(*Mark) {}, 0},
		{"better", func(m *Mark) { m.Recall, m.BenignFlagged, m.Lost = .6, 0, .1 }, 0},
		{"within slack", func(m *Mark) { m.Recall, m.Lost = .496, .2019 }, 0},
		{"recall", func(m *Mark) { m.Recall = .49 }, 1},
		{"one more innocent", func(m *Mark) { m.BenignFlagged = 2 }, 1},
		{"lost", func(m *Mark) { m.Lost = .21 }, 1},
		{"another world", func(m *Mark) { m.Mark = "2" }, 1},
		{"gone", func(m *Mark) { m.World = "v" }, 1},
	} {
		now := Golden{Worlds: []Mark{base.Worlds[0]}}
		c.edit(&now.Worlds[0])
		if got := base.Worse(&now); len(got) != c.want {
			t.Errorf("%s: %q, want %d", c.name, got, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "golden.json")
	if err := base.Write(path); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadGolden(path); err != nil || !reflect.DeepEqual(*got, base) {
		t.Errorf("read %+v, %v", got, err)
	}
}

// TestSeeds refuses to report a seed that settings were chosen on.
func TestSeeds(t *testing.T) {
	s, _ := made()
	b := Bout{Name: "story", Worlds: []World{s.world("w")}, Tune: []uint64{2}, Seeds: []uint64{2}, Contenders: Baselines()}
	if _, err := b.Run(t.Context()); err == nil {
		t.Error("a seed was both tuned on and reported")
	}
}
