package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// An Event is something outside the log that its traffic may answer to: a model's
// release, a wave of bans, a change of price.
type Event struct {
	At    time.Time
	Kind  string
	Label string
	Model string
}

// Release says whether the event is that of a model that is named.
func (e Event) Release() bool { return strings.EqualFold(e.Kind, "release") && e.Model != "" }

// Events reads a CSV of date, kind, label and model, of which the last may be
// missing; a first line of headings is skipped. name is for errors. Events come
// back in order of time.
func Events(name string, r io.Reader) ([]Event, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.TrimLeadingSpace, c.Comment = -1, true, '#'
	var out []Event
	for first := true; ; first = false {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			slices.SortStableFunc(out, func(a, b Event) int { return a.At.Compare(b.At) })
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read events %s: %w", name, err)
		}
		line, _ := c.FieldPos(0)
		if first && strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(row[0], "\ufeff")), "date") {
			continue
		}
		if len(row) < 3 || len(row) > 4 {
			return nil, fmt.Errorf("cannot read events %s line %d: it has %d fields; write date,kind,label,model", name, line, len(row))
		}
		at, err := moment(row[0])
		if err != nil {
			return nil, fmt.Errorf("cannot read events %s line %d: %q is no date; write 2026-08-05 or 2026-08-05T14:00:00Z", name, line, row[0])
		}
		e := Event{At: at, Kind: strings.TrimSpace(row[1]), Label: strings.TrimSpace(row[2])}
		if len(row) == 4 {
			e.Model = strings.TrimSpace(row[3])
		}
		out = append(out, e)
	}
}

func moment(s string) (time.Time, error) {
	s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
	for _, layout := range [...]string{time.DateOnly, time.RFC3339, "2006-01-02 15:04", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("no date")
}
