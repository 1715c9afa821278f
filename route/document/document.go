// Package document reads the YAML files that people write by hand: the
// catalogue of endpoints, the policies, a gateway's configuration.
//
// It promises that a mistake is an error that names the file, the line, the
// field and what to do about it; that every mistake found is reported, not only
// the first; and that an unknown key is a mistake. It refuses to guess what was
// meant, though it says which key is nearest.
package document

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// A Problem is one mistake in a file. Line is 1-based and 0 when the mistake
// belongs to the file as a whole.
type Problem struct {
	File   string
	Line   int
	Field  string // YAML path, for example services[3].hosts[0].match
	What   string
	Remedy string
}

// Error returns "file:line: field: what; remedy".
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.What)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// A File is a document that was read, kept so that later checks can name lines.
type File struct {
	Name     string
	root     ast.Node
	problems []error
}

// Read parses data strictly into the struct that into points to. A syntax
// error, an unknown key, a repeated key or a value of the wrong kind is a
// *Problem.
func Read(name string, data []byte, into any) (*File, error) {
	parsed, err := parse(data)
	if err != nil {
		return nil, problem(name, err, nil)
	}
	f := &File{Name: name}
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if f.root != nil {
			return nil, &Problem{File: name, Line: line(doc.Body), What: "has more than one YAML document", Remedy: "keep one"}
		}
		f.root = doc.Body
	}
	if f.root == nil {
		return nil, &Problem{File: name, What: "is empty", Remedy: "write at least \"version: 1\""}
	}
	if err := fill(f, into, yaml.Strict()); err != nil {
		return nil, problem(name, err, into)
	}
	f.badDates("", reflect.ValueOf(into))
	if err := f.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Line returns the line on which the value at path starts, or that of its
// nearest parent that exists. Path is as in Problem.Field.
func (f *File) Line(path string) int {
	for {
		p, err := yaml.PathString("$" + dotted(path))
		if err == nil {
			if node, err := p.FilterNode(f.root); err == nil && node != nil {
				return line(node)
			}
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return line(f.root)
		}
		path = path[:cut]
	}
}

// Wrong records a mistake at path; Err returns them all.
func (f *File) Wrong(path, remedy, format string, args ...any) {
	f.problems = append(f.problems, &Problem{
		File: f.Name, Line: f.Line(path), Field: path, What: fmt.Sprintf(format, args...), Remedy: remedy,
	})
}

// Err joins the recorded mistakes, in the order in which they were found; nil
// when there are none.
func (f *File) Err() error { return errors.Join(f.problems...) }

func dotted(path string) string {
	if path == "" || path[0] == '[' {
		return path
	}
	return "." + path
}

func line(n ast.Node) int {
	// A mapping's own token is the colon of its first pair; its start is the key.
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return line(n.Values[0])
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken().Position.Line
	case *ast.SequenceNode:
		if len(n.Values) > 0 {
			return line(n.Values[0])
		}
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// problem translates an error of the YAML reader.
func problem(name string, err error, into any) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return &Problem{File: name, What: err.Error(), Remedy: "see doc/route.md for the form"}
	}
	p := &Problem{File: name, What: y.GetMessage(), Remedy: "see doc/route.md for the form"}
	var kind *yaml.TypeError
	if errors.As(err, &kind) {
		p.What, p.Remedy = fmt.Sprintf("is %s where %s belongs", kindName(kind.SrcType), kindName(kind.DstType)), "write "+kindName(kind.DstType)
	}
	if t := y.GetToken(); t != nil {
		p.Line = t.Position.Line
		if key, ok := strings.CutPrefix(p.What, "unknown field "); ok {
			key = strings.Trim(key, `"`)
			p.Field, p.What, p.Remedy = key, "is not a key that this file knows", "remove it"
			if near := Near(key, keysOf(into)); near != "" {
				p.Remedy = fmt.Sprintf("remove it, or write %q if that was meant", near)
			}
		}
	}
	return p
}

// kindName says in words what a Go type holds.
func kindName(t reflect.Type) string {
	if t == nil {
		return "nothing"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "a mapping"
}
