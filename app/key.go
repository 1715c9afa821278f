package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"iolaus/sketch"
)

// Key reads the key that hashes every observable, and makes one in dir when
// there is none yet. file overrides the place; it must exist then.
func Key(dir, file string) (sketch.Key, error) {
	path := file
	if path == "" {
		path = filepath.Join(dir, "key")
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && file == "" {
		return newKey(path)
	}
	var k sketch.Key
	if err != nil {
		return k, fmt.Errorf("cannot read key: %w", err)
	}
	b, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(b) != len(k) {
		return k, fmt.Errorf("cannot use key %s: it must hold %d hexadecimal digits; restore it from your backup, or remove it and run again over all logs", path, 2*len(k))
	}
	copy(k[:], b)
	return k, nil
}

func newKey(path string) (sketch.Key, error) {
	var k sketch.Key
	if _, err := rand.Read(k[:]); err != nil {
		return k, fmt.Errorf("cannot make a key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return k, fmt.Errorf("cannot write key: %w", err)
	}
	_, err = fmt.Fprintf(f, "%x\n", k[:])
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return k, fmt.Errorf("cannot write key %s: %w", path, err)
	}
	return k, nil
}
