package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"iolaus/exchange"
)

var day = time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)

// canonicalLine is one small exchange.
func canonicalLine(at time.Time, id string) string {
	return string(AppendCanonical(nil, &exchange.Exchange{ID: id, Time: at, Account: "a",
		Turns: []exchange.Turn{{Role: "user", Text: "line " + id + "\n" + strings.Repeat("x", len(id)*7%40)}}}))
}

// at is canonicalLine at some minutes of a day.
func at(minutes int) string {
	return canonicalLine(day.Add(time.Duration(minutes)*time.Minute), fmt.Sprint("m", minutes))
}

// shuffled returns n lines in the order of time, and the same lines in an order
// in which none is more than disorder behind the newest before it.
func shuffled(r *rand.Rand, n int, disorder time.Duration) (sorted, late []string) {
	type line struct {
		t, key int64
		s      string
	}
	var all []line
	t := day
	for i := range n {
		t = t.Add(time.Duration(r.ExpFloat64() * float64(5*time.Minute)))
		if r.IntN(200) == 0 {
			t = t.Add(time.Duration(r.Int64N(int64(3 * 24 * time.Hour)))) // nights and holidays
		}
		at := t.Truncate(time.Second) // so that some share their time
		all = append(all, line{at.UnixNano(), at.UnixNano() + r.Int64N(int64(disorder)+1),
			canonicalLine(at, fmt.Sprintf("id%d-%d", r.IntN(1000), i))})
	}
	id := func(s string) string { return s[:strings.Index(s, `","time`)] }
	slices.SortFunc(all, func(a, b line) int {
		return max(-1, min(1, int(a.t-b.t)))*2 + strings.Compare(id(a.s), id(b.s))
	})
	for _, l := range all {
		sorted = append(sorted, l.s)
	}
	slices.SortStableFunc(all, func(a, b line) int { return max(-1, min(1, int(a.key-b.key))) })
	for _, l := range all {
		late = append(late, l.s)
	}
	return sorted, late
}

// packed compresses b in one of three ways.
func packed(tb testing.TB, b []byte, how int) []byte {
	var out bytes.Buffer
	var w io.WriteCloser
	switch how {
	case 0:
		return b
	case 1:
		w = gzip.NewWriter(&out)
	default:
		z, err := zstd.NewWriter(&out)
		if err != nil {
			tb.Fatal(err)
		}
		w = z
	}
	w.Write(b)
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// TestOrder: however lines are shuffled within the disorder, spread over files,
// compressed, cut into blocks and decoded by whomever, the emission is the same.
func TestOrder(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		disorder := time.Duration(r.IntN(12*60)) * time.Minute
		sorted, late := shuffled(r, 100+r.IntN(3000), disorder)
		files := make([][]byte, 1+r.IntN(6)*r.IntN(6))
		spread := r.IntN(3)
		for i, line := range late {
			at := i * len(files) / len(late) // one after the other
			switch spread {
			case 1:
				at = i % len(files)
			case 2:
				at = r.IntN(len(files))
			}
			files[at] = append(files[at], line...)
		}
		var in []Input
		for i, f := range files {
			in = append(in, memory(fmt.Sprint(i), packed(t, f, r.IntN(3))))
		}
		o := Options{Disorder: max(disorder, 1), Workers: 1 + r.IntN(4), Block: 1 << (6 + r.IntN(15))}
		got, rejects, stats := scanAll(t, o, in...)
		if want := strings.Join(sorted, ""); got != want || len(rejects) > 0 {
			t.Errorf("seed %d, %+v, %d files spread %d: %d of %d lines in another order, rejects %v",
				seed, o, len(files), spread, stats.Exchanges, len(sorted), rejects[:min(3, len(rejects))])
		}
		if stats.Files != len(files) || stats.Lines != len(sorted) {
			t.Errorf("seed %d: stats %+v of %d files and %d lines", seed, stats, len(files), len(sorted))
		}
	}
}

// reasons counts rejects, and lists their lines.
func reasons(rejects []Reject) string {
	var s []string
	for _, r := range rejects {
		s = append(s, fmt.Sprintf("%s:%d %s", r.File, r.Line, r.Reason))
	}
	return strings.Join(s, ", ")
}

// minutes is n lines, a minute apart.
func minutes(from, n int) (lines []string) {
	for i := range n {
		lines = append(lines, at(from+i))
	}
	return lines
}

// TestClock: which line is to blame when times disagree.
func TestClock(t *testing.T) {
	const year = 365 * 24 * 60
	cases := []struct {
		name  string
		lines []string
		want  string // rejects
	}{
		{"one line years ahead", slices.Insert(minutes(0, 1000), 500, at(3*year)), "log:501 ahead"},
		{"the first line ahead", slices.Insert(minutes(0, 1000), 0, at(3*year)), "log:1 ahead"},
		{"ahead near the end", slices.Insert(minutes(0, 1000), 990, at(year)), "log:991 ahead"},
		{"ahead in a short log", slices.Insert(minutes(0, 10), 5, at(year)), "log:6 ahead"},
		{"the last line, which nothing contradicts", append(minutes(0, 1000), at(year)), ""},
		{"days between few lines", []string{at(0), at(5000), at(9000), at(90000), at(99000)}, ""},
		{"a holiday, and on", append(minutes(0, 500), minutes(9000, 500)...), ""},
		{"late by the disorder", append(minutes(0, 1000), at(1000-360)), ""},
		{"late beyond it", append(minutes(0, 1000), at(0)), "log:1001 late"},
		{"a clock a day behind", slices.Insert(minutes(2000, 1000), 700, at(1260), at(1261)), "log:701 late, log:702 late"},
	}
	for _, c := range cases {
		got, rejects, stats := scanAll(t, Options{Block: 4096}, memory("log", []byte(strings.Join(c.lines, ""))))
		if reasons(rejects) != c.want {
			t.Errorf("%s: rejects %q, want %q", c.name, reasons(rejects), c.want)
		}
		if n := len(c.lines) - len(rejects); strings.Count(got, "\n") != n || stats.Exchanges != n {
			t.Errorf("%s: %d exchanges (stats %d), want %d", c.name, strings.Count(got, "\n"), stats.Exchanges, n)
		}
	}
	burst := slices.Insert(minutes(0, 1000), 400, minutes(2*year, 50)...)
	_, rejects, stats := scanAll(t, Options{}, memory("log", []byte(strings.Join(burst, ""))))
	if stats.Rejected[Ahead] != 50 || len(rejects) != 50 {
		t.Errorf("a burst of 50 lines ahead: %v", stats.Rejected)
	}
}

// deepRequest nests everything that a decoder enters.
func deepRequest() string {
	s := `{"time":"2026-08-03T00:00:49Z","account":"a"`
	for _, k := range []string{"request", "response"} {
		for _, inner := range []string{`{"messages":`, `{"content":[`, `{"output":`, `{"toolConfig":`, `{"message":`, `{"tools":[{"function":`, `[{"delta":`} {
			s += `,"` + k + `":` + strings.Repeat(inner, 20000) + "1"
			closing := ""
			for j := len(inner) - 1; j >= 0; j-- {
				if c := strings.IndexByte("{[", inner[j]); c >= 0 {
					closing += "}]"[c : c+1]
				}
			}
			s += strings.Repeat(closing, 20000)
		}
	}
	return s + "}\n"
}

// TestFaults: what breaks a file costs what is broken and is told.
func TestFaults(t *testing.T) {
	good := strings.Join(minutes(0, 200), "")
	half := packed(t, []byte(good), 1)
	r := rand.New(rand.NewPCG(1, 2))
	var noise []byte
	for i := range 10000 {
		noise = append(noise, canonicalLine(day.Add(time.Duration(i)*time.Second), fmt.Sprint(r.Uint64(), r.Uint64(), r.Uint64()))...)
	}
	halfZ := packed(t, noise, 2)
	broken := Input{Name: "gone", Open: func() (io.ReadCloser, error) { return nil, errors.New("gone") }}
	cases := []struct {
		name string
		in   Input
		o    Options
		n    int // exchanges; -1 is some, not all
		want string
	}{
		{"empty", memory("f", nil), Options{}, 0, ""},
		{"blank lines", memory("f", []byte("\n \r\n\t\n")), Options{}, 0, ""},
		{"an empty list", memory("f", []byte(" [ ]\n")), Options{}, 0, ""},
		{"a list", memory("f", []byte("["+strings.TrimSpace(strings.ReplaceAll(good, "\n", ",\n"))+"]")), Options{}, 200, ""},
		{"a list written over many lines", memory("f", []byte("[\n"+strings.ReplaceAll(strings.ReplaceAll(good, "\n", ",\n"), ",\"", ",\n  \"")+"{}]")), Options{}, 200, "f:201 no-time"},
		{"mark, CRLF, no last newline", memory("f", []byte("\xef\xbb\xbf"+strings.TrimSpace(strings.ReplaceAll(good, "\n", "\r\n")))), Options{}, 200, ""},
		{"cut gzip", memory("f", half[:len(half)-len(half)/4]), Options{Block: 1024}, -1, "f:%d unreadable"},
		{"gzip without trailer", memory("f", half[:len(half)-8]), Options{}, 200, "f:201 unreadable"},
		{"cut zstd", memory("f", halfZ[:len(halfZ)/2]), Options{}, -1, "f:%d unreadable"},
		{"not there", broken, Options{}, 0, "gone:0 unreadable"},
		{"another kind of file", memory("f", []byte("PK\x03\x04 zip\nand so on\n")), Options{}, 0, "f:0 unknown-format"},
		{"a tail of zeros", memory("f", []byte(good+strings.Repeat("\x00", 5000))), Options{}, 200, "f:201 not-json"},
		{"a giant line", memory("f", []byte(at(0)+`{"x":"`+strings.Repeat("y", 9000)+"\"}\n"+good)), Options{MaxLine: 4000, Block: 512}, 201, "f:2 too-long"},
		{"a giant first line", memory("f", []byte(`{"x":"`+strings.Repeat("y", 900000)+"\"}\n"+good)), Options{MaxLine: 400000, Format: "canonical"}, 200, "f:1 too-long"},
		{"deep nesting", memory("f", []byte(strings.Replace(at(0), `"account"`, `"x":`+strings.Repeat("[", 200000)+strings.Repeat("]", 200000)+`,"account"`, 1))), Options{}, 1, ""},
		{"deep nesting of what is read", memory("f", []byte(deepRequest())), Options{Format: "pair"}, 1, ""},
		{"bytes that are not UTF-8", memory("f", []byte(strings.Replace(at(0), "line", "l\xffne", 1))), Options{}, 1, ""},
	}
	for _, c := range cases {
		_, rejects, stats := scanAll(t, c.o, c.in, memory("other", []byte(at(50))))
		got := stats.Exchanges - 1 // the other file's is always there
		if c.n >= 0 && got != c.n || c.n < 0 && (got <= 0 || got >= 10000) {
			t.Errorf("%s: %d exchanges, want %d", c.name, got, c.n)
		}
		want := c.want
		if strings.Contains(want, "%d") && len(rejects) == 1 {
			want = fmt.Sprintf(want, rejects[0].Line)
		}
		if reasons(rejects) != want {
			t.Errorf("%s: rejects %q, want %q", c.name, reasons(rejects), want)
		}
	}
}

// endless is a log without an end.
type endless struct {
	n    int
	rest []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = []byte(at(e.n))
		e.n++
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *endless) Close() error { return nil }

// TestStop: an ended context and an error of emit stop a run, with true stats.
func TestStop(t *testing.T) {
	log := Input{Name: "log", Again: true, Open: func() (io.ReadCloser, error) { return &endless{}, nil }}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	stats, err := Scan(ctx, []Input{log}, Options{Block: 1024}, canonicalWork,
		func(time.Time, *[]byte) error {
			if n++; n == 100 {
				cancel()
			}
			return nil
		})
	if err != context.Canceled || stats.Exchanges != n || n < 100 {
		t.Errorf("cancelled: %v, %+v after %d", err, stats, n)
	}
	stop := errors.New("enough")
	n = 0
	stats, err = Scan(context.Background(), []Input{log}, Options{Block: 1024}, canonicalWork,
		func(time.Time, *[]byte) error {
			if n++; n == 100 {
				return stop
			}
			return nil
		})
	if err != stop || stats.Exchanges != 99 { // the last was not taken
		t.Errorf("stopped: %v, %+v", err, stats)
	}
	pipe, w := io.Pipe() // never delivers its end
	defer w.Close()
	ctx, cancel = context.WithCancel(context.Background())
	go func() { w.Write([]byte(strings.Join(minutes(0, 4000), ""))); cancel() }()
	in, err := Expand([]string{"-"}, pipe)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Scan(ctx, in, Options{}, canonicalWork, func(time.Time, *[]byte) error { return nil }); err != context.Canceled {
		t.Errorf("a silent pipe: %v", err)
	}
}

// TestAccount: Options.Account takes any field.
func TestAccount(t *testing.T) {
	line := `{"id":"1","startTime":1785715249,"call_type":"x","metadata":{"a.b":{"c":"deep"},"user_api_key_user_id":"u","n":5},"t":1}` + "\n"
	for path, want := range map[string]string{"": "u", "metadata.a.b.c": "deep", "metadata.n": "5", "t": "1", "metadata.none": "", "id.x": ""} {
		got, rejects, _ := scanAll(t, Options{Account: path}, memory("f", []byte(line)))
		if want == "" {
			if len(rejects) != 1 || rejects[0].Reason != NoAccount || rejects[0].Field != path {
				t.Errorf("%s: %+v", path, rejects)
			}
		} else if !strings.Contains(got, `"account":"`+want+`"`) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if _, err := Scan(context.Background(), nil, Options{Format: "no such"}, canonicalWork, func(time.Time, *[]byte) error { return nil }); err == nil {
		t.Error("an unknown format was accepted")
	}
}

// recycled keeps its memory.
type recycled struct{ b []byte }

func (r *recycled) Reset() { r.b = r.b[:0] }

// TestResults: a fresh result is zero, a resetting one is reset.
func TestResults(t *testing.T) {
	log := []byte(strings.Join(minutes(0, 3000), ""))
	_, err := Scan(context.Background(), []Input{memory("log", log)}, Options{Block: 1024, Disorder: time.Minute},
		func() func(*exchange.Exchange, *int) {
			return func(_ *exchange.Exchange, n *int) {
				if *n != 0 {
					t.Error("a result was not zero")
				}
				*n = 7
			}
		}, func(time.Time, *int) error { return nil })
	if err != nil {
		t.Error(err)
	}
	_, err = Scan(context.Background(), []Input{memory("log", log)}, Options{Block: 1024, Disorder: time.Minute},
		func() func(*exchange.Exchange, *recycled) {
			return func(x *exchange.Exchange, r *recycled) {
				if len(r.b) != 0 {
					t.Error("a result was not reset")
				}
				r.b = append(r.b, x.ID...)
			}
		}, func(_ time.Time, r *recycled) error {
			if !bytes.HasPrefix(r.b, []byte("m")) {
				t.Errorf("result %q", r.b)
			}
			return nil
		})
	if err != nil {
		t.Error(err)
	}
}

// TestLive: what comes through a pipe is emitted while the pipe is open.
func TestLive(t *testing.T) {
	for how := range 2 {
		pipe, w := io.Pipe()
		in, err := Expand([]string{"-"}, pipe)
		if err != nil {
			t.Fatal(err)
		}
		first := make(chan bool)
		go func() {
			w.Write(packed(t, []byte(strings.Join(minutes(0, 1000), "")), how))
			<-first // some line was emitted before the end
			w.Close()
		}()
		n := 0
		stats, err := Scan(context.Background(), in, Options{}, canonicalWork, func(time.Time, *[]byte) error {
			if n++; n == 1 {
				close(first)
			}
			return nil
		})
		if err != nil || stats.Exchanges != 1000 {
			t.Errorf("%v, %+v", err, stats)
		}
	}
}

// TestProgress: the last word is that all was read.
func TestProgress(t *testing.T) {
	log := packed(t, []byte(strings.Join(minutes(0, 3000), "")), 2)
	var last Progress
	scanAll(t, Options{Progress: func(p Progress) {
		if p.Read < last.Read || p.Exchanges < last.Exchanges || p.Frontier.Before(last.Frontier) && !p.Frontier.IsZero() {
			t.Errorf("progress went back from %+v to %+v", last, p)
		}
		last = p
	}}, memory("a", log), memory("b", log))
	if n := int64(2 * len(log)); last.Read != n || last.Total != n || last.Exchanges != 6000 || last.Rejected != 0 {
		t.Errorf("the last progress is %+v, want all of %d bytes", last, n)
	}
}
