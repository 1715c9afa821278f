package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestBaseline: what an earlier report has is known, what it lacks is new.
func TestBaseline(t *testing.T) {
	was, is := kauri(t, 2400), kauri(t, 2400)
	gone := was.Findings[0]
	was.Findings = was.Findings[1:]
	var b bytes.Buffer
	if err := JSON(&b, was); err != nil {
		t.Fatal(err)
	}
	earlier, err := ReadJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	Mark(is, earlier)
	n := Count(is)
	if n["new"] != 1 || n["known"] != len(is.Findings)-1 || is.Findings[0].Known || is.Findings[0].Fingerprint != gone.Fingerprint {
		t.Errorf("%v", n)
	}
	for _, bad := range []string{"", "{}", "[]", `{"findings":[]}`, `{"as_of":"soon"}`} {
		if _, err := ReadJSON(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read as a baseline", bad)
		}
	}
}

// FuzzReadJSON: no file breaks the reader of baselines.
func FuzzReadJSON(f *testing.F) {
	var b bytes.Buffer
	if err := JSON(&b, kauri(f, 60)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, err := ReadJSON(bytes.NewReader(raw)); err == nil && r.AsOf.IsZero() {
			t.Error("a report without a day")
		}
	})
}
