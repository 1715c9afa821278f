package source

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// An Input is one file, pipe or other stream of lines, plain or compressed with
// gzip or zstd; its content decides, not its name.
type Input struct {
	Name string                        // as rejects name it
	Size int64                         // bytes as stored; 0 when unknown
	Open func() (io.ReadCloser, error) // called once, or twice when Again
	// Again is true when Open may be called a second time and then begins anew.
	Again bool
}

// Expand turns a command line's arguments into inputs: files, folders (with all
// their .jsonl, .ndjson, .json and .log files, plain or .gz or .zst), globs, and
// "-" for stdin. A file named twice is read once. An argument that matches
// nothing is an error: a log that was meant to be read must not be missing in silence.
func Expand(args []string, stdin io.Reader) ([]Input, error) {
	var in []Input
	seen := map[string]bool{}
	add := func(path string, size int64) {
		if clean := filepath.Clean(path); !seen[clean] {
			seen[clean] = true
			in = append(in, File(path, size))
		}
	}
	for _, arg := range args {
		if arg == "-" {
			if !seen["-"] {
				seen["-"] = true
				in = append(in, Input{Name: "stdin", Open: func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }})
			}
			continue
		}
		if err := expand(arg, add); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// File is the input at path; size may be 0 when it is not known.
func File(path string, size int64) Input {
	return Input{Name: path, Size: size, Again: size > 0, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

func expand(arg string, add func(string, int64)) error {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return expandDir(arg, add)
	case err == nil:
		add(arg, fileSize(info))
		return nil
	case !strings.ContainsAny(arg, "*?["):
		return fmt.Errorf("cannot read %s: %w", arg, err)
	}
	paths, err := filepath.Glob(arg)
	if err != nil {
		return fmt.Errorf("cannot expand %s: %w", arg, err)
	}
	if len(paths) == 0 {
		return fmt.Errorf("cannot read %s: no file matches", arg)
	}
	sort.Strings(paths)
	for _, p := range paths {
		if err := expand(p, add); err != nil {
			return err
		}
	}
	return nil
}

func expandDir(dir string, add func(string, int64)) error {
	found := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !isLog(d.Name()) {
			return nil
		}
		info, err := os.Stat(path) // follows links to files
		if err != nil || info.IsDir() {
			return err
		}
		found++
		add(path, fileSize(info))
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot read folder %s: %w", dir, err)
	}
	if found == 0 {
		return fmt.Errorf("cannot read folder %s: no .jsonl, .ndjson, .json or .log file in it (plain, .gz or .zst)", dir)
	}
	return nil
}

// fileSize is 0 for pipes and devices, which cannot be read twice.
func fileSize(info fs.FileInfo) int64 {
	if !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

func isLog(name string) bool {
	name = strings.ToLower(name)
	for _, z := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, z)
	}
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson", ".json", ".log":
		return true
	}
	return false
}
