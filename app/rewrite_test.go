package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/source"
)

// rewritten is an input that reads a log and gives its exchanges as lines that
// write makes of them.
func rewritten(log source.Input, write func([]byte, *exchange.Exchange) []byte) source.Input {
	type lines struct{ text []byte }
	open := func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() {
			out := bufio.NewWriterSize(w, 1<<16)
			_, err := source.Scan(context.Background(), []source.Input{log}, source.Options{},
				func() func(*exchange.Exchange, *lines) {
					return func(x *exchange.Exchange, l *lines) { l.text = write(nil, x) }
				},
				func(_ time.Time, l *lines) error { _, err := out.Write(l.text); return err })
			if err == nil {
				err = out.Flush()
			}
			w.CloseWithError(err)
		}()
		return r, nil
	}
	return source.Input{Name: "rewritten.jsonl", Open: open}
}

// trail is what a log like CloudTrail's knows of the requests: from where, with what.
func trail(t *testing.T, log source.Input) *source.Known {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trail.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	type line struct{ text string }
	_, err = source.Scan(context.Background(), []source.Input{log}, source.Options{},
		func() func(*exchange.Exchange, *line) {
			return func(x *exchange.Exchange, l *line) {
				l.text = fmt.Sprintf(`{"requestID":%q,"sourceIPAddress":%q,"userAgent":%q}`+"\n", x.ID, x.Address, x.UserAgent)
			}
		},
		func(_ time.Time, l *line) error { _, err := f.WriteString(l.text); return err })
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	known, err := source.Join([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// TestRewritten holds that a labelled world's operator is found whichever format
// its log is in, and no innocent: OTLP lines, with new and with old names of their
// attributes, give the campaign that LiteLLM's give, and Bedrock's, which have no
// address and no client, at least nine heads in ten; with a trail that has them, all.
func TestRewritten(t *testing.T) {
	world := filepath.Join("..", "..", "shared", "worlds", "naive")
	if _, err := os.Stat(world); err != nil || testing.Short() {
		t.Skipf("reads %s seven times, which must be there and takes a minute", world)
	}
	accounts, err := source.Registry(filepath.Join(world, "accounts.jsonl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := eval.ReadTruth(filepath.Join(world, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	heads := map[string]bool{}
	for _, row := range truth {
		if row.Label == "campaign" {
			heads[row.Account] = true
		}
	}
	find := func(name string, in source.Input, join *source.Known) (campaigns []string, found int) {
		r := NewRun(Detection{Accounts: accounts})
		if _, err := r.Read(context.Background(), []source.Input{in}, source.Options{Brief: true, Join: join}); err != nil {
			t.Fatal(err)
		}
		cs, err := r.Finish()
		if err != nil {
			t.Fatal(err)
		}
		var sizes []int
		for _, c := range cs {
			sizes = append(sizes, len(c.Accounts))
			for _, a := range Names(c) {
				if found++; !heads[a] {
					t.Errorf("%s: innocent %s flagged", name, a)
				}
			}
		}
		t.Logf("%s: %d of %d heads, in campaigns of %v", name, found, len(heads), sizes)
		return names(cs), found
	}
	in, err := source.Expand([]string{filepath.Join(world, "exchanges.jsonl.gz")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := find("litellm", in[0], nil)
	for name, write := range map[string]func([]byte, *exchange.Exchange) []byte{"otel": source.AppendOTel, "otel, old names": source.AppendOTelOld} {
		if got, _ := find(name, rewritten(in[0], write), nil); !slices.Equal(got, want) {
			t.Errorf("%s: other campaigns", name)
		}
	}
	if _, found := find("bedrock", rewritten(in[0], source.AppendBedrock), nil); 10*found < 9*len(heads) {
		t.Errorf("bedrock: %d of %d heads", found, len(heads))
	}
	if cs, found := find("bedrock, joined", rewritten(in[0], source.AppendBedrock), trail(t, in[0])); found < len(heads) || len(cs) != 1 {
		t.Errorf("bedrock, joined: %d of %d heads in %d campaigns", found, len(heads), len(cs))
	}
}
