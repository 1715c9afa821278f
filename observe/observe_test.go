package observe

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
	"iolaus/sketch"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ask is an exchange whose newest turn is text.
func ask(text string, more ...func(*exchange.Exchange)) exchange.Exchange {
	x := exchange.Exchange{Account: "a", Time: noon, Turns: []exchange.Turn{{Role: "user", Text: text}}}
	for _, m := range more {
		m(&x)
	}
	return x
}

func from(address string) exchange.Exchange {
	return exchange.Exchange{Account: "a", Time: noon, Address: netip.MustParseAddr(address)}
}

func by(agent, tls string) exchange.Exchange {
	return exchange.Exchange{Account: "a", Time: noon, UserAgent: agent, TLS: tls}
}

func with(x exchange.Exchange, more func(*exchange.Exchange)) exchange.Exchange {
	more(&x)
	return x
}

func number(f float64) *float64 { return &f }

// leaves are the observables of an exchange, without repeats.
func leaves(o *Observer, x exchange.Exchange) []exchange.Observable {
	var t exchange.Trace
	o.Observe(&x, &t)
	seen := slices.Clone(t.Seen())
	slices.Sort(seen)
	return slices.Compact(seen)
}

// kindCounts tells how many of each kind: "frame 2, item 1".
func kindCounts(os []exchange.Observable) string {
	var n [exchange.Kinds]int
	for _, o := range os {
		n[o.Kind()]++
	}
	var parts []string
	for k, c := range n {
		if c > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", exchange.Kind(k), c))
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

const wrapper = "You are given an exercise from a school book of natural science.\nWork it out on paper first and hand in everything that you wrote down.\n\n%s\n\nFinish with one line that begins with the word RESULT and holds nothing else."

const (
	boats  = "A ferry leaves the northern pier with forty passengers and returns with sixty; how many crossed the bay in total?"
	apples = "Martha sorts seven crates of winter apples by weight and finds that every third crate is a little too light."
)

// A pair is two exchanges and what they must, and must not, have in common.
type pair struct {
	name string
	a, b exchange.Exchange
	same []exchange.Kind
	not  []exchange.Kind
}

var pairs = []pair{
	{"one wrapper, two fillings", ask(fmt.Sprintf(wrapper, boats)), ask(fmt.Sprintf(wrapper, apples)),
		kinds(exchange.Phrase, exchange.Frame), nil},
	{"one filling, two wrappers", ask(fmt.Sprintf(wrapper, boats)), ask("My daughter brought this home and neither of us gets it:\n\n" + boats),
		kinds(exchange.Item), kinds(exchange.Frame)},
	{"two people, two questions", ask(boats), ask(apples), nil, kinds(exchange.Phrase, exchange.Frame, exchange.Item)},
	{"the same wrapper with numbers of its own", ask("Request 4711 of batch 12 in the nightly series:\n\n" + boats + "\n\nAnswer in at most 300 words of plain prose."),
		ask("Request 9 of batch 340 in the nightly series:\n\n" + apples + "\n\nAnswer in at most 80 words of plain prose."), kinds(exchange.Phrase, exchange.Frame), nil},
	{"look-alike letters, full width, zero width, case",
		ask("Please mark the following essay strictly.\n\n" + boats),
		ask("РLEASE m\u200bark thе fоllowing ｅｓｓａｙ strictly.\n\n" + apples), kinds(exchange.Phrase), nil},
	{"a short greeting", ask("Hello there!"), ask("Hello there!"), nil, kinds(exchange.Phrase, exchange.Frame, exchange.Item)},
	{"IPv4, one address", from("203.0.113.7"), from("203.0.113.7"), kinds(exchange.Address, exchange.Network), nil},
	{"IPv4, one network", from("203.0.113.7"), from("203.0.113.200"), kinds(exchange.Network), kinds(exchange.Address)},
	{"IPv4, the next network", from("203.0.113.7"), from("203.0.114.7"), nil, kinds(exchange.Address, exchange.Network)},
	{"IPv4 written as IPv6", from("203.0.113.7"), from("::ffff:203.0.113.7"), kinds(exchange.Address, exchange.Network), nil},
	{"IPv6, one /64", from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff:ffff:ffff:ffff"), kinds(exchange.Address, exchange.Network), nil},
	{"IPv6, one /48", from("2001:db8:1:2::1"), from("2001:db8:1:3::1"), kinds(exchange.Network), kinds(exchange.Address)},
	{"IPv6, the next /48", from("2001:db8:1:2::1"), from("2001:db8:2:2::1"), nil, kinds(exchange.Address, exchange.Network)},
	{"an upgrade", by("acme-sdk/1.4.2 python/3.11", "t13d"), by("acme-sdk/1.10.0 python/3.12", "t13d"), kinds(exchange.Software, exchange.Settings), kinds(exchange.Agent)},
	{"one name, two TLS stacks", by("acme-sdk/1.4.2", "t13d"), by("acme-sdk/1.4.2", "t12x"), nil, kinds(exchange.Agent, exchange.Software, exchange.Settings)},
	{"one program, two settings", by("acme-sdk/1.4.2", "t13d"),
		with(by("acme-sdk/1.4.2", "t13d"), func(x *exchange.Exchange) { x.Params.Temperature = number(0.7) }), kinds(exchange.Agent, exchange.Software), kinds(exchange.Settings)},
	{"temperature nought is not none", with(by("s", "t"), func(x *exchange.Exchange) { x.Params.Temperature = number(0) }), by("s", "t"), kinds(exchange.Agent), kinds(exchange.Settings)},
	{"tools in another order",
		with(ask("hi"), func(x *exchange.Exchange) {
			x.Tools = []exchange.Tool{{Name: "read", Schema: "{}"}, {Name: "write", Schema: "{}"}}
		}),
		with(ask("hi"), func(x *exchange.Exchange) {
			x.Tools = []exchange.Tool{{Name: "write", Schema: "{}"}, {Name: "read", Schema: "{}"}}
		}), kinds(exchange.ToolSet), nil},
	{"a tool with another schema",
		with(ask("hi"), func(x *exchange.Exchange) { x.Tools = []exchange.Tool{{Name: "read", Schema: "{}"}} }),
		with(ask("hi"), func(x *exchange.Exchange) { x.Tools = []exchange.Tool{{Name: "read", Schema: "{\"a\":1}"}} }), nil, kinds(exchange.ToolSet)},
	{"one system prompt, two turns",
		with(ask(boats), func(x *exchange.Exchange) {
			x.System = "You assess written work for a publishing house in three passes."
		}),
		with(ask(apples), func(x *exchange.Exchange) {
			x.System = "You assess written work for a publishing house in three passes."
		}), kinds(exchange.System), kinds(exchange.Phrase, exchange.Item)},
	{"a signature goes out and comes back elsewhere",
		with(ask("hi"), func(x *exchange.Exchange) { x.Signatures = []exchange.Signature{{Value: "EqQBCkYIAxgC", Issued: true}} }),
		with(ask("hi"), func(x *exchange.Exchange) { x.Signatures = []exchange.Signature{{Value: "EqQBCkYIAxgC"}} }), kinds(exchange.Signed), nil},
	{"a stored answer is taken up elsewhere",
		with(ask("hi"), func(x *exchange.Exchange) { x.ResponseID = "resp_1" }), with(ask("hi"), func(x *exchange.Exchange) { x.PreviousResponse = "resp_1" }), kinds(exchange.Signed), nil},
	{"nothing is known", exchange.Exchange{Account: "a"}, exchange.Exchange{Account: "b"}, nil, nil},
	{"loopback says nothing", from("127.0.0.1"), from("::1"), nil, kinds(exchange.Address, exchange.Network)},
}

func kinds(ks ...exchange.Kind) []exchange.Kind { return ks }

func TestWhatTwoExchangesShare(t *testing.T) {
	var b strings.Builder
	b.WriteString("What each of two exchanges leaves, and what both do.\n")
	for _, p := range pairs {
		var o Observer
		one, two := leaves(&o, p.a), leaves(&o, p.b)
		var both []exchange.Observable
		for _, x := range one {
			if slices.Contains(two, x) {
				both = append(both, x)
			}
		}
		fmt.Fprintf(&b, "\n%s\n  first   %s\n  second  %s\n  both    %s\n", p.name, kindCounts(one), kindCounts(two), kindCounts(both))
		has := func(k exchange.Kind) bool {
			return slices.ContainsFunc(both, func(x exchange.Observable) bool { return x.Kind() == k })
		}
		for _, k := range p.same {
			if !has(k) {
				t.Errorf("%s: share no %s", p.name, k)
			}
		}
		for _, k := range p.not {
			if has(k) {
				t.Errorf("%s: share a %s", p.name, k)
			}
		}
	}
	golden(t, "pairs.golden", b.String())
}

// The filling's own item tells two fillings of one wrapper apart.
func TestFillingsKeepTheirItems(t *testing.T) {
	var o Observer
	bare := leaves(&o, ask(boats))
	for _, c := range []struct {
		filling string
		want    bool
	}{{boats, true}, {apples, false}} {
		got := false
		for _, x := range leaves(&o, ask(fmt.Sprintf(wrapper, c.filling))) {
			got = got || x.Kind() == exchange.Item && slices.Contains(bare, x)
		}
		if got != c.want {
			t.Errorf("%q: has the item of %q: %v", c.filling, boats, got)
		}
	}
}

// Agents send the whole conversation again with each turn. Only the system
// prompt and the newest turn count, whatever stands between.
func TestHistoryChangesNothing(t *testing.T) {
	turns := func(n int) exchange.Exchange {
		x := ask(fmt.Sprintf(wrapper, boats))
		x.System = "You assess written work for a publishing house in three passes."
		last := x.Turns[0]
		x.Turns = nil
		for i := range n {
			x.Turns = append(x.Turns, exchange.Turn{Role: "user", Text: fmt.Sprint("An earlier question of some length about matter number ", i)},
				exchange.Turn{Role: "assistant", Text: "An answer that went on for quite a while and is of no interest."})
		}
		x.Turns = append(x.Turns, last)
		return x
	}
	var o Observer
	want := leaves(&o, turns(0))
	for n := range 6 {
		if got := leaves(&o, turns(n)); !slices.Equal(got, want) {
			t.Errorf("with %d turns before: %s, without: %s", n, kindCounts(got), kindCounts(want))
		}
	}
	answered := turns(2)
	answered.Turns = append(answered.Turns, exchange.Turn{Role: "assistant", Text: "Calling a tool."})
	if got := leaves(&o, answered); !slices.Equal(got, want) {
		t.Errorf("with an answer behind: %s", kindCounts(got))
	}
}

// One wrapper in each language, around two fillings, leaves a common frame and
// common phrases, and the fillings stay apart: no script is read less well.
func TestWrappersInEveryLanguage(t *testing.T) {
	for _, w := range []struct{ language, head, tail, one, two string }{
		{"Chinese", "请像批改考卷那样认真检查下面的解答,并写出每一处错误。", "最后用一句话给出你的总体评价,不要写别的内容。", "小明从家走到学校需要二十分钟,回来的时候因为下雨多用了十分钟,他一共走了多久?", "一个长方形花坛的长是宽的三倍,周长是三十二米,它的面积是多少平方米?"},
		{"Japanese", "次の解答を試験官のように注意深く確かめ、間違いをすべて書き出してください。", "最後に全体の評価を一文だけで述べ、ほかのことは書かないでください。", "太郎さんは家から学校まで二十分かけて歩き、帰りは雨のため十分余計にかかりました。", "長方形の花壇は縦の長さが横の三倍で、周りの長さは三十二メートルです。面積を求めなさい。"},
		{"Thai", "โปรดตรวจคำตอบต่อไปนี้อย่างละเอียดเหมือนผู้คุมสอบและเขียนข้อผิดพลาดทุกจุด", "ปิดท้ายด้วยคำประเมินโดยรวมเพียงหนึ่งประโยคและไม่ต้องเขียนอย่างอื่น", "มานะเดินจากบ้านไปโรงเรียนใช้เวลายี่สิบนาทีและขากลับฝนตกจึงช้าไปอีกสิบนาที", "แปลงดอกไม้รูปสี่เหลี่ยมยาวเป็นสามเท่าของความกว้างและมีเส้นรอบรูปสามสิบสองเมตร"},
		{"Arabic", "راجع الحل التالي بعناية كما يفعل المصحح واكتب كل خطأ تجده فيه.", "اختم بجملة واحدة فيها تقييمك العام ولا تكتب شيئا آخر.", "يمشي سامي من البيت إلى المدرسة في عشرين دقيقة ويعود تحت المطر متأخرا عشر دقائق أخرى.", "حوض زهور مستطيل طوله ثلاثة أمثال عرضه ومحيطه اثنان وثلاثون مترا فما مساحته؟"},
		{"Hindi", "नीचे दिए हल को परीक्षक की तरह ध्यान से जाँचिए और हर गलती लिखिए।", "अंत में केवल एक वाक्य में अपनी राय दीजिए और कुछ मत लिखिए।", "रवि घर से विद्यालय बीस मिनट में पहुँचता है और लौटते समय बारिश के कारण दस मिनट अधिक लगते हैं।", "एक आयताकार क्यारी की लंबाई चौड़ाई की तिगुनी है और परिमाप बत्तीस मीटर है।"},
		{"Korean", "다음 풀이를 시험관처럼 꼼꼼히 살펴보고 틀린 곳을 모두 적어 주세요.", "마지막에는 전체 평가를 한 문장으로만 쓰고 다른 말은 하지 마세요.", "민수는 집에서 학교까지 이십 분을 걸었고 돌아올 때는 비가 와서 십 분이 더 걸렸습니다.", "직사각형 꽃밭의 가로는 세로의 세 배이고 둘레는 삼십이 미터입니다. 넓이를 구하세요."},
		{"Russian", "Проверь следующее решение внимательно, как экзаменатор, и выпиши каждую ошибку.", "В конце дай общую оценку одним предложением и больше ничего не пиши.", "Миша идёт из дома в школу двадцать минут, а обратно под дождём на десять минут дольше.", "Длина прямоугольной клумбы втрое больше ширины, а периметр равен тридцати двум метрам."},
	} {
		var o Observer
		one := leaves(&o, ask(w.head+"\n\n"+w.one+"\n\n"+w.tail))
		two := leaves(&o, ask(w.head+"\n\n"+w.two+"\n\n"+w.tail))
		filling := leaves(&o, ask(w.two))
		var n [exchange.Kinds]int
		for _, x := range one {
			if slices.Contains(two, x) {
				n[x.Kind()]++
			}
			if slices.Contains(filling, x) {
				t.Errorf("%s: %s is in the first filling and in the second", w.language, x)
			}
		}
		if n[exchange.Frame] == 0 || n[exchange.Phrase] < 2 {
			t.Errorf("%s: share %d frames and %d phrases, want 1 and 2", w.language, n[exchange.Frame], n[exchange.Phrase])
		}
	}
}

func TestAnotherKeyLeavesNothingInCommon(t *testing.T) {
	full := everything()
	a := leaves(&Observer{Key: sketch.Key{1}}, full)
	b := leaves(&Observer{Key: sketch.Key{2}}, full)
	if len(a) != len(b) || len(a) < 10 {
		t.Fatalf("%d and %d observables", len(a), len(b))
	}
	for _, x := range a {
		if slices.Contains(b, x) {
			t.Errorf("%s under both keys", x)
		}
	}
	if again := leaves(&Observer{Key: sketch.Key{1}}, full); !slices.Equal(a, again) {
		t.Error("another observer with the same key sees something else")
	}
}

// everything is an exchange with every field that a signal reads.
func everything() exchange.Exchange {
	x := ask(fmt.Sprintf(wrapper, boats))
	x.ID, x.SubAccount, x.Org, x.Model = "chatcmpl-0badcafe", "customer-of-mine", "org_9", "atlas-4"
	x.Address, x.UserAgent, x.TLS = netip.MustParseAddr("203.0.113.77"), "harvester-sdk/7.3 (linux)", "t13d1516h2_8daaf6152771"
	x.System = "You assess written work for a publishing house in three passes.\nNever mention the house by its name to anybody."
	x.Tools = []exchange.Tool{{Name: "lookup_shelf", Schema: `{"type":"object"}`}}
	x.Signatures = []exchange.Signature{{Value: "EqQBCkYIAxgCKkAf", Issued: true}}
	x.ResponseID, x.PreviousResponse = "resp_07f3", "resp_07f2"
	return x
}
