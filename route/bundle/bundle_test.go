package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// chacha gives the tests keys that are the same in each run.
type chacha struct{ *rand.ChaCha8 }

func (c chacha) Read(b []byte) (int, error) { return c.ChaCha8.Read(b) }

func sealed(t testing.TB) ([]byte, ed25519.PrivateKey) {
	t.Helper()
	key, err := NewKey(chacha{rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Seal(key, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), "a notice", []Member{
		{"report.json", []byte(`{"findings":[]}`)}, {"page.html", bytes.Repeat([]byte("text "), 200)}, {"empty", nil}})
	if err != nil {
		t.Fatal(err)
	}
	return raw, key
}

func TestRoundTrip(t *testing.T) {
	raw, key := sealed(t)
	m, members, signer, err := Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(members) != 3 || members[0].Name != "report.json" || string(members[0].Data) != `{"findings":[]}` || m.Notice != "a notice" {
		t.Errorf("got %+v, %d members", m, len(members))
	}
	if !signer.Equal(key.Public()) {
		t.Error("another signer")
	}
	again, _ := sealed(t)
	if !bytes.Equal(raw, again) {
		t.Error("the same members and key give different bundles")
	}
}

// TestAnyByte: a change of any byte, in any way that keeps the length, is found;
// so is any cut and anything added.
func TestAnyByte(t *testing.T) {
	raw, _ := sealed(t)
	for i := range raw {
		for _, bit := range []byte{1, 0x20, 0x80, 0xff} {
			raw[i] ^= bit
			if _, _, _, err := Open(raw); !errors.Is(err, ErrChanged) {
				t.Errorf("byte %d changed by %#x was not found: %v", i, bit, err)
			}
			raw[i] ^= bit
		}
	}
	for i := range raw {
		if _, _, _, err := Open(raw[:i]); !errors.Is(err, ErrChanged) {
			t.Errorf("a cut at %d was not found", i)
		}
	}
	for _, more := range []string{"\n", "x", "\x00"} {
		if _, _, _, err := Open(append(append([]byte(nil), raw...), more...)); !errors.Is(err, ErrChanged) {
			t.Errorf("%q added was not found", more)
		}
		if _, _, _, err := Open(append([]byte(more), raw...)); !errors.Is(err, ErrChanged) {
			t.Errorf("%q put before was not found", more)
		}
	}
}

// TestAnybodyCanOpen: a bundle is a zip archive to every other tool.
func TestAnybodyCanOpen(t *testing.T) {
	raw, _ := sealed(t)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) != 4 || z.File[0].Name != "manifest.json" {
		t.Fatalf("%v, %+v", err, z)
	}
}

func TestKeys(t *testing.T) {
	_, key := sealed(t)
	private, public, err := WriteKey(key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadKey(private)
	if err != nil || !got.Equal(key) {
		t.Errorf("the key came back otherwise: %v", err)
	}
	for _, b := range [][]byte{public, private} {
		if k, err := ReadPublic(b); err != nil || !k.Equal(key.Public()) {
			t.Errorf("the public key came back otherwise: %v", err)
		}
	}
	for _, bad := range []string{"", "no pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", string(public)} {
		if _, err := ReadKey([]byte(bad)); err == nil {
			t.Errorf("%q was read as a key", bad)
		}
	}
}

// FuzzOpen: nothing but what was sealed verifies, and nothing breaks the reader.
func FuzzOpen(f *testing.F) {
	raw, _ := sealed(f)
	f.Add(raw)
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, key, err := Open(b); err == nil && key == nil {
			t.Error("verified without a key")
		}
	})
}
