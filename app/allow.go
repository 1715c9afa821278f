package app

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Allow reads who is never accused: accounts or organisations, each with a
// reason, as CSV ("id,reason") or JSON lines ({"id":...,"reason":...}).
func Allow(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read allow list: %w", err)
	}
	defer f.Close()
	out := map[string]string{}
	add := func(line int, id, reason string) error {
		if id = strings.TrimSpace(id); id == "" || strings.TrimSpace(reason) == "" {
			return fmt.Errorf("cannot use allow list %s line %d: it needs an account or organisation and a reason", path, line)
		}
		out[id] = strings.TrimSpace(reason)
		return nil
	}
	b := bufio.NewReader(f)
	if first, err := b.Peek(1); err == nil && first[0] == '{' {
		return out, allowJSON(b, path, add)
	}
	return out, allowCSV(b, path, add)
}

func allowJSON(r io.Reader, path string, add func(int, string, string) error) error {
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var row struct{ ID, Reason string }
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			return fmt.Errorf("cannot use allow list %s line %d: %w", path, n, err)
		}
		if err := add(n, row.ID, row.Reason); err != nil {
			return err
		}
	}
	return sc.Err()
}

func allowCSV(r io.Reader, path string, add func(int, string, string) error) error {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = 2
	rows.Comment = '#'
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot use allow list %s: %w; each line is an account or organisation, a comma and a reason", path, err)
		}
		line, _ := rows.FieldPos(0)
		if line == 1 && row[0] == "id" {
			continue
		}
		if err := add(line, row[0], row[1]); err != nil {
			return err
		}
	}
}
