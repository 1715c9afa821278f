package sketch

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func masked(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0 && r < slotEnd {
			return rune(" NQCLMI"[r])
		}
		return r
	}, string(Mask(nil, Normalize(nil, s))))
}

func TestMask(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Keep numbers as they are", "keep numbers as they are"},
		{"12 eggs cost $3.50, at 10:30.", "N eggs cost $N, at N."},
		{"values 1, 2, 3 and 4", "values N and N"},
		{`say "hello there" or 'bye'`, "say Q" + " or Q"},
		{"it's the users' turn", "it's the users' turn"},
		{"run `ls -l` then ```go\nx := 1\n``` done", "run C then C done"},
		{"open ```\ncut short", "open ```\ncut short"},
		{"review this: ```\none two three four\n``` thanks", "review this: C thanks"},
		{"```\nthe whole prompt stands between fences, and a 7\n```", "```\nthe whole prompt stands between fences, and a N\n```"},
		{"\"the whole prompt stands between quotes, and that hides nothing\"", "\"the whole prompt stands between quotes, and that hides nothing\""},
		{"see https://example.org/a?b=1&c=2.", "see L."},
		{"mail john.smith42@mail.example.com now", "mail M now"},
		{"id 550e8400-e29b-41d4-a716-446655440000 end", "id I end"},
		{"sha 3f2a9c77b1d0 end", "sha I end"},
		{"on 2024-01-02 with covid-19 face-2-face", "on N with covid-N face-N-face"},
		{"in /home/user/src/main.go here", "in L here"},
		{"and/or 3/4", "and/or N"},
		{"gpt4 v2", "gptN vN"},
		{"\"\"\"a\nb\"\"\" after", "Q after"},
		{"5\" pipe", "N\" pipe"},
		{"token sk9a8b7c6d5e x", "token I x"},
	} {
		if got := masked(c.in); got != c.want {
			t.Errorf("Mask(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func unitTexts(s string) (out []string) {
	m := Mask(nil, Normalize(nil, s))
	for _, u := range appendUnits(nil, m) {
		out = append(out, string(m[u.Start:u.End]))
	}
	return out
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"1. 2) ---", nil},
		{"Keep it short. Be kind!\n- End with one answer.", []string{"keep it short", "be kind", "end with one answer"}},
		{"1. First rule\n2) Second rule\na) Third rule\n• Fourth rule", []string{"first rule", "second rule", "third rule", "fourth rule"}},
		{"Translate to French: the cat", []string{"translate to french", "the cat"}},
		{"请回答问题。给出理由！谢谢", []string{"请回答问题", "给出理由", "谢谢"}},
		{"อ่านข้อความ แล้วสรุป", []string{normal("อ่านข้อความ"), normal("แล้วสรุป")}},
		{"प्रश्न पढ़ें। उत्तर लिखें।", []string{normal("प्रश्न पढ़ें"), normal("उत्तर लिखें")}},
	} {
		if got := unitTexts(c.in); !slices.Equal(got, c.want) {
			t.Errorf("units of %q = %q, want %q", c.in, got, c.want)
		}
	}
}

func hashes(s string) (out []uint64) {
	var x Text
	x.Read(s)
	for _, u := range x.Units {
		if !u.Weak() {
			out = append(out, u.Hash)
		}
	}
	slices.Sort(out)
	return out
}

func TestUnitsAreTheSameInAnyOrder(t *testing.T) {
	for _, s := range samples {
		lines := strings.Split(s, "\n\n")
		want := hashes(s)
		if len(want) == 0 {
			t.Errorf("no strong unit in %q", s)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			if got := hashes(strings.Join(lines, "\n\n")); !slices.Equal(got, want) {
				t.Errorf("shuffled %q: %x, want %x", lines, got, want)
			}
		}
	}
}

func TestDisguisesShareUnits(t *testing.T) {
	plain := "Solve the problem step by step, and don't skip any of them. Present the result as a table."
	want := hashes(plain)
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(plain) }
	wide := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, plain)
	for name, s := range map[string]string{
		"upper case":   strings.ToUpper(plain),
		"full width":   wide,
		"look-alikes":  swap("a", "а", "e", "е", "o", "ο", "p", "р", "S", "Ѕ", "i", "і"),
		"zero width":   swap("t", "t\u200b", "n", "\u2060n", "e", "e\u00ad"),
		"direction":    "\u202e" + plain + "\u202c",
		"accents":      swap("e", "é", "a", "a\u0301", "n", "ñ"),
		"apostrophe":   swap("'", "’"),
		"white space":  swap(" ", " \t\u00a0", ". ", ".\r\n"),
		"bullets":      "1) " + swap(". ", ".\n- "),
		"emphasis":     swap("Solve", "**Solve", "them", "them**"),
		"mathematical": swap("s", "𝐬", "t", "𝘵", "b", "𝚋"),
		"order":        "Present the result as a table. Solve the problem step by step, and don't skip any of them.",
	} {
		if got := hashes(s); !slices.Equal(got, want) {
			t.Errorf("%s: units %q", name, unitTexts(s))
		}
	}
}

func TestEveryScriptLeavesAsMuch(t *testing.T) {
	for _, s := range samples {
		var x Text
		x.Read(s)
		strong := 0
		for _, u := range x.Units {
			if !u.Weak() {
				strong++
			}
		}
		if strong < 2 || x.Item == 0 || x.Lead == 0 {
			t.Errorf("%q leaves %d units, item %x, lead %x, trail %x%s", s, strong, x.Item, x.Lead, x.Trail, show(&x))
		}
	}
}

// wrappers put a payload into prompts as operators do.
var wrappers = []func(string) string{
	func(p string) string { return "Solve the problem step by step and show all work.\n\n" + p },
	func(p string) string { return p + "\n\nExplain your reasoning before you answer.\n- Keep it short." },
	func(p string) string {
		return "Read carefully what the customer writes.\n\nCustomer:\n" + p + "\n\nAnswer:"
	},
	func(p string) string { return "---\n" + p + "\n\nExtract the facts.\n- Leave missing fields empty." },
	func(p string) string { return "Question - " + p },
	func(p string) string { return "### Input\n" + p + "\n### Response" },
	func(p string) string { return "<input>\n" + p + "\n</input>\nRate the text above." },
	func(p string) string { return "请回答下面的问题，并写出推理过程。\n\n问题：" + p },
	func(p string) string {
		return "โปรดตอบคำถามต่อไปนี้\n\nคำถาม: " + p
	},
	func(p string) string { return "The problem is as follows:\n\n# " + strings.ReplaceAll(p, "\n", "\n# ") },
}

var payloads = []string{
	"A farmer has 17 sheep and all but 9 run away, so how many are left on the farm? He then buys 12 more at 30 dollars each.",
	"小明有12个苹果，他给了小红5个，又买了8个，请问现在他一共有多少个苹果？",
	"東京の夏は年々暑くなっており、屋外で働く人の健康が心配されています。",
	"ร้านกาแฟแห่งนี้เปิดมาแล้ว 15 ปี และมีลูกค้าประจำมากกว่า 300 คนทุกเดือน",
}

func TestItemSurvivesItsWrapper(t *testing.T) {
	var x Text
	for _, p := range payloads {
		x.Read(p)
		item := x.Item
		if item == 0 {
			t.Fatalf("no item in %q", p)
		}
		for i, wrap := range wrappers {
			if x.Read(wrap(p)); x.Item != item {
				t.Errorf("wrapper %d: item of %q changed; segments %s", i, wrap(p), show(&x))
			}
			if x.Read(wrap(p + "7")); x.Item == item {
				t.Errorf("wrapper %d: a number more is the same item", i)
			}
		}
	}
}

func TestAnchorSurvivesWithoutBlankLine(t *testing.T) {
	var x Text
	for _, p := range payloads {
		x.Read(p)
		want := x.Anchor()
		x.Read("Solve this.\n" + p + "\nThink first.")
		if got := x.Anchor(); got != want || got == 0 {
			t.Errorf("anchor of %q changed", p)
		}
	}
}

func show(x *Text) (out string) {
	for _, s := range x.Segments {
		out += fmt.Sprintf("\n  %v %d %q", s.Label, s.Letters, x.Normal[s.Start:s.End])
	}
	return out
}

func TestFrameSurvivesItsFilling(t *testing.T) {
	for i, wrap := range wrappers {
		leads, trails := map[uint64]int{}, map[uint64]int{}
		for _, p := range payloads {
			var x Text
			x.Read(wrap(p))
			leads[x.Lead]++
			trails[x.Trail]++
		}
		if bare := i == 4 || i == 5; bare { // only short labels: everybody's
			continue
		}
		if (leads[0] > 0 || len(leads) > 1) && (trails[0] > 0 || len(trails) > 1) {
			t.Errorf("wrapper %d: leads %x, trails %x", i, leads, trails)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	for _, w := range wrappers {
		f.Add(w(payloads[0]))
	}
	f.Add("`'\"```\"\"\" @ :// / 1@.x a0b1c2d3e4 \u0e01 \u0e01 \u061f\u06d4\u0964")
	f.Fuzz(func(t *testing.T, s string) {
		var x Text
		x.Read(s)
		last := int32(0)
		for _, u := range x.Units {
			if u.Start < last || u.End <= u.Start || int(u.End) > len(x.Masked) {
				t.Fatalf("unit %+v in %q", u, x.Masked)
			}
			last = u.End
		}
		x.Anchor()
		last = 0
		for _, s := range x.Segments {
			if s.Start < last || s.End <= s.Start || int(s.End) > len(x.Normal) {
				t.Fatalf("segment %+v in %q", s, x.Normal)
			}
			last = s.End
		}
	})
}

// FuzzRaw feeds Mask and appendUnits what Normalize would never give them.
func FuzzRaw(f *testing.F) {
	f.Add([]byte("\xe0\xb8 \xe1\xd8"))
	f.Fuzz(func(t *testing.T, b []byte) {
		appendUnits(nil, Mask(nil, b))
		appendSegments(nil, b, nil)
	})
}

func TestReadDoesNotAllocate(t *testing.T) {
	var x Text
	for _, s := range samples {
		x.Read(s)
	}
	if n := testing.AllocsPerRun(10, func() {
		for _, s := range samples {
			x.Read(s)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
