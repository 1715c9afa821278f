package source

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A rows is one reading of a file of records beside the log, such as a registry
// or a join: JSON objects, one a line or in a list, or a CSV table with a header.
type rows struct {
	kind   string // what the file is, for errors
	file   string
	line   int // of the record in hand
	reject func(Reject)

	object func(c *cursor)               // takes one object, which need not be whole
	row    func(header, values []string) // takes one row of a table, both of one length and lent
	fold   bool                          // a table's header may be in any case
}

func (r *rows) refuse(field, reason, remedy string) {
	if r.reject != nil {
		r.reject(Reject{File: r.file, Line: r.line, Field: field, Reason: reason, Remedy: remedy})
	}
}

// readFile reads the file, which may be compressed.
func (r *rows) readFile() error {
	f, err := os.Open(r.file)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", r.kind, err)
	}
	defer f.Close()
	z, done, err := decompress(bufio.NewReaderSize(f, headSize))
	if err != nil {
		return fmt.Errorf("cannot read %s %s: %w", r.kind, r.file, err)
	}
	defer done()
	return r.read(z)
}

// read reads records to the end of in.
func (r *rows) read(in io.Reader) error {
	buf := bufio.NewReaderSize(in, headSize)
	if mark, _ := buf.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		buf.Discard(len(mark))
	}
	head, _ := buf.Peek(headSize)
	head = bytes.TrimLeft(head, " \t\r\n")
	var err error
	switch {
	case isList(head):
		err = r.lines(&lister{r: buf})
	case len(head) > 0 && head[0] == '{':
		err = r.lines(buf)
	default:
		err = r.table(buf)
	}
	if err != nil {
		return fmt.Errorf("cannot read %s %s after line %d: %w", r.kind, r.file, r.line, err)
	}
	return nil
}

func (r *rows) lines(in io.Reader) error {
	sc := bufio.NewScanner(in)
	sc.Buffer(make([]byte, 1<<16), 1<<30) // CloudTrail writes a whole file as one line
	for sc.Scan() {
		r.line++
		line := bytes.TrimSpace(sc.Bytes())
		if len(line) == 0 {
			continue
		}
		c := cursor{b: line}
		if c.peek() == '{' {
			r.object(&c)
		}
		if !c.done() {
			r.refuse("", NotJSON, remedyJSON)
		}
	}
	return sc.Err()
}

func (r *rows) table(in io.Reader) error {
	t := csv.NewReader(in)
	t.ReuseRecord, t.FieldsPerRecord, t.LazyQuotes = true, -1, true
	var header []string
	for {
		record, err := t.Read()
		if err == io.EOF {
			return nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			r.line = bad.Line
			r.refuse("", BadRecord, "quote fields that hold quotes or line breaks")
			continue
		}
		if err != nil {
			return err
		}
		r.line, _ = t.FieldPos(0)
		for i, v := range record {
			record[i] = strings.TrimSpace(v)
		}
		if header != nil {
			n := min(len(record), len(header))
			r.row(header[:n], record[:n])
			continue
		}
		for _, name := range record {
			if r.fold {
				name = strings.ToLower(name)
			}
			header = append(header, strings.Clone(name))
		}
	}
}
