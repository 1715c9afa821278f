package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"iolaus/exchange"
)

// lineOf is a canonical line.
func lineOf(i int) string {
	return fmt.Sprintf(`{"id":"r%d","time":"2026-08-03T00:00:%02dZ","account":"a"}`, i, i) + "\n"
}

func inputOf(b []byte) Input {
	return Input{Name: "in", Again: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func TestHead(t *testing.T) {
	var plain bytes.Buffer
	for i := range 9 {
		plain.WriteString(lineOf(i))
	}
	var packed bytes.Buffer
	z, err := zstd.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(plain.Bytes())
	z.Close()
	list := "[" + strings.ReplaceAll(strings.TrimSpace(plain.String()), "\n", ",\n ") + "]"
	for name, b := range map[string][]byte{"plain": plain.Bytes(), "zstd": packed.Bytes(), "list": []byte(list)} {
		for _, want := range []int{1, 4, 9, 20} {
			ids := ""
			stats, err := Scan(context.Background(), []Input{Head(inputOf(b), want)}, Options{Workers: 1},
				func() func(*exchange.Exchange, *string) {
					return func(x *exchange.Exchange, out *string) { *out = strings.Clone(x.ID) }
				},
				func(_ time.Time, id *string) error { ids += *id; return nil })
			if err != nil {
				t.Fatal(err)
			}
			if n := min(want, 9); stats.Exchanges != n || ids != "r0r1r2r3r4r5r6r7r8"[:2*n] || len(stats.Rejected) > 0 {
				t.Errorf("%s: Head(%d) gave %d exchanges (%s), rejected %v", name, want, stats.Exchanges, ids, stats.Rejected)
			}
		}
	}
}

func TestTell(t *testing.T) {
	for in, want := range map[string]string{
		lineOf(1):                   "canonical account",
		"no json\n" + lineOf(1):     "canonical account",
		`{"hello":"world"}` + "\n":  " ",
		"":                          " ",
		"{\"cut\":\"in the middle ": " ",
	} {
		format, account, err := Tell(inputOf([]byte(in)))
		if got := format + " " + account; err != nil || got != want {
			t.Errorf("Tell(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	broken := Input{Name: "in", Open: func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }}
	if _, _, err := Tell(broken); err == nil {
		t.Error("Tell of an input that cannot be opened gave no error")
	}
}
