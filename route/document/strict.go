package document

import (
	"bytes"
	"fmt"

	"github.com/goccy/go-yaml"
)

// Strict decodes one YAML document into a value whose fields are all that may be
// said: an unknown key is the decoder's error, which yaml.FormatError shows with
// its line; io.EOF is an empty text.
func Strict(data []byte, into any) error {
	return bear(func() error { return yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into) })
}

// bear makes what the library cannot bear, and panics at, an error of the file.
func bear(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot be read as YAML: %v", r)
		}
	}()
	return read()
}
