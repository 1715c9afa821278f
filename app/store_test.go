package app

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"iolaus/ledger/journal"
	"iolaus/sketch"
)

// TestForeignStore: a journal of another key is refused, with and without
// --rebuild, and the refusal leaves nothing open.
func TestForeignStore(t *testing.T) {
	w := smallWorld(t, nil)
	w.lines = w.lines[:100]
	dir := t.TempDir()
	store, err := OpenStore(dir, sketch.Key{}, false)
	if err != nil {
		t.Fatal(err)
	}
	w.detect(t, 1, store)
	writers := func() int {
		buf := make([]byte, 4<<20)
		return bytes.Count(buf[:runtime.Stack(buf, true)], []byte("journal.(*writer).run("))
	}
	before := writers()
	for _, rebuild := range []bool{false, true} {
		if _, err := OpenStore(dir, sketch.Key{1}, rebuild); !errors.Is(err, journal.ErrForeign) {
			t.Errorf("rebuild %v: %v, want a foreign journal", rebuild, err)
		}
	}
	if n := writers(); n != before {
		t.Errorf("%d writers of a journal are left running", n-before)
	}
	if store, err = OpenStore(dir, sketch.Key{}, true); err != nil {
		t.Fatal(err)
	}
	w.abandon(t, store)
}
