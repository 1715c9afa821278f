package sim

import (
	"os"
	"path/filepath"
	"testing"
)

// The data folder lies beside the repository; it is not part of it.
func TestLoadTexts(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no data folder beside the repository: ", dir)
	}
	if testing.Short() {
		t.Skip("reads all of the data folder")
	}
	texts, err := LoadTexts(dir)
	if err != nil {
		t.Fatal(err)
	}
	small := builtin(t)
	for k := range texts.sets {
		if len(texts.sets[k]) <= len(small.sets[k]) {
			t.Errorf("%s: %d texts from the folder, %d built in", genreNames[k], len(texts.sets[k]), len(small.sets[k]))
		}
	}
	if len(texts.rhythms) <= len(small.rhythms) || len(texts.rendered) < 4 {
		t.Errorf("%d rates, %d suites", len(texts.rhythms), len(texts.rendered))
	}
	checkWorld(t, named(t, texts, "quick-proxied", 2))
}

func TestLoadTextsWithoutFiles(t *testing.T) {
	texts, err := LoadTexts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	checkWorld(t, named(t, texts, "demo", 1))
}

func TestEmbeddedRatesAreUnevenlySpread(t *testing.T) {
	r := builtin(t).rhythms
	steady, bursty := 0, 0
	for i := range r {
		if r[i].steady() {
			steady++
		}
		if r[i].cv > 3 {
			bursty++
		}
	}
	if len(r) < 50 || steady < 5 || bursty < 5 {
		t.Errorf("%d rates, %d steady, %d bursty", len(r), steady, bursty)
	}
}
