package journal

import (
	"bytes"
	"strings"
	"testing"
)

// TestMark holds that a grown input is known again, at every size, and another
// or a shorter one is not.
func TestMark(t *testing.T) {
	text := strings.Repeat("a line of a log\n", 9000)
	for _, size := range []int{0, 1, 100, headBytes - 1, headBytes, headBytes + 1, len(text) - 1} {
		h, err := Head(strings.NewReader(text), int64(size))
		if err != nil {
			t.Fatal(err)
		}
		m := Mark{Size: int64(size), Head: h}
		if ok, err := m.Begins(strings.NewReader(text), int64(len(text))); !ok || err != nil {
			t.Errorf("an input grown from %d bytes is not known: %v", size, err)
		}
		other := []byte(text)
		other[min(size, headBytes)/2] ^= 1
		if ok, _ := m.Begins(bytes.NewReader(other), int64(len(other))); ok && size > 0 {
			t.Errorf("another input passes for one of %d bytes", size)
		}
		if ok, err := m.Begins(strings.NewReader(text), int64(size)-1); ok || err != nil {
			t.Errorf("an input that shrank from %d bytes passes: %v", size, err)
		}
	}
	if _, err := Head(strings.NewReader("short"), 10); err == nil {
		t.Error("an input shorter than told")
	}
}
