package document

import (
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ReadAll parses the YAML documents of a file that is not ours, such as a
// gateway's configuration: keys that nobody here knows are its own business.
func ReadAll(name string, data []byte) ([]*File, error) {
	parsed, err := parse(data)
	if err != nil {
		return nil, problem(name, err, nil)
	}
	var out []*File
	for _, doc := range parsed.Docs {
		if doc.Body != nil {
			out = append(out, &File{Name: name, root: doc.Body})
		}
	}
	if len(out) == 0 {
		return nil, &Problem{File: name, What: "is empty", Remedy: "give the gateway's configuration"}
	}
	return out, nil
}

// parse reads YAML; what the parser cannot bear is an error of the file, too.
func parse(data []byte) (f *ast.File, err error) {
	err = bear(func() (err error) { f, err = parser.ParseBytes(data, 0); return err })
	return f, err
}

// Decode fills into with what it knows of the document and leaves the rest.
func (f *File) Decode(into any) error {
	if err := fill(f, into); err != nil {
		return problem(f.Name, err, nil)
	}
	return nil
}

// fill decodes a document; one that the decoder cannot bear is an error of the
// file, too, and ends nothing else.
func fill(f *File, into any, options ...yaml.DecodeOption) error {
	return bear(func() error { return yaml.NodeToValue(f.root, into, options...) })
}
