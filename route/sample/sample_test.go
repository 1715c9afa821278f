package sample

import (
	"bytes"
	"flag"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"
)

var update = flag.Bool("update", false, "write the sample files anew")

// shippedSize is how many requests the files beside this test hold; a few more
// lines are the attempts after a failure.
const shippedSize = 2400

// TestShippedFiles: the logs that ship are what the code makes.
func TestShippedFiles(t *testing.T) {
	for name, form := range map[string]func(io.Writer, *Request) error{"litellm.jsonl.gz": LiteLLM, "otlp.jsonl.gz": OTLP, "bedrock.jsonl.gz": Bedrock} {
		var want bytes.Buffer
		if err := Requests(shippedSize, 1, func(r *Request) error { return form(&want, r) }); err != nil {
			t.Fatal(err)
		}
		if *update {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			z.Write(want.Bytes())
			z.Close()
			if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z)
		f.Close()
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what the code makes (%v); go test ./route/sample -update writes it", name, err)
		}
	}
}
