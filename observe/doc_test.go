package observe

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// comments are the comments of the package's types and functions, by name.
func comments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				out[d.Name.Name] = d.Doc.Text()
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						out[s.Name.Name] = d.Doc.Text()
					}
				}
			}
		}
	}
	return out
}

// fourLines takes a signal's comment apart.
var fourLines = regexp.MustCompile(`Sees: (.*\.) Strong (.*\.) Fooled by (.*\.) Innocent look-alike: (.*)\.`)

// section is a signal's part of doc/signals.md.
func section(t *testing.T, heading, comment, needs string) string {
	t.Helper()
	m := fourLines.FindStringSubmatch(strings.Join(strings.Fields(comment), " "))
	if m == nil {
		t.Fatalf("%s: its comment does not say what it sees, when it is strong, what fools it and who looks the same", heading)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| | |\n|---|---|\n", heading)
	for i, name := range []string{"sees", "strong", "fooled by", "innocent look-alike"} {
		fmt.Fprintf(&b, "| %s | %s |\n", name, strings.TrimSuffix(m[i+1], "."))
	}
	fmt.Fprintf(&b, "| needs | %s |\n\n", needs)
	return b.String()
}

// doc/signals.md says what the comments say.
func TestSignalsAreDocumented(t *testing.T) {
	said := comments(t)
	var b strings.Builder
	for _, s := range signals {
		a := s.about()
		b.WriteString(section(t, fmt.Sprintf("%s (%s)", a.Name, a.Family), said[reflect.TypeOf(s).Name()], a.Needs+"; to get it: "+a.Advice))
	}
	b.WriteString("## From each sign-up\n\n")
	b.WriteString(section(t, "sign-up (identity)", said["ReadSignUp"], "the registry, each field for itself; to get it: `--accounts FILE`"))
	const path, begin, end = "../doc/signals.md", "rewrites what stands between these marks -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i, j := bytes.Index(text, []byte(begin)), bytes.Index(text, []byte(end))
	if i < 0 || j < i {
		t.Fatalf("%s has no place for the signals", path)
	}
	want := "\n" + b.String()
	if got := string(text[i+len(begin) : j]); got == want {
		return
	} else if !*update {
		t.Fatalf("%s is out of step with the comments; go test ./observe -update mends it", path)
	}
	out := string(text[:i+len(begin)]) + want + string(text[j:])
	if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}
