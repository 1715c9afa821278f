// Package iolaus_test holds the tree to ARCHITECTURE.md: the table of packages in
// both directions, and the laws that a parser can see.
package iolaus_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "iolaus/"

// core are the packages that are pure: the same input gives the same output, on
// every machine and at every time.
var core = []string{"exchange", "sketch", "observe", "hunt", "lockstep", "campaign", "guard"}

// A row is one package of ARCHITECTURE.md's table.
type row struct {
	holds string
	may   []string // packages of ours
	all   bool
}

// table reads the table of packages.
func table(t *testing.T) map[string]row {
	t.Helper()
	f, err := os.Open("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, in := map[string]row{}, false
	for sc := bufio.NewScanner(f); sc.Scan(); {
		cells := strings.Split(strings.Trim(sc.Text(), "|"), "|")
		switch {
		case !strings.HasPrefix(sc.Text(), "|"):
			in = false
		case strings.TrimSpace(cells[0]) == "package":
			in = true
		case in && !strings.HasPrefix(cells[0], "---"):
			if len(cells) != 3 {
				t.Fatalf("ARCHITECTURE.md: row %q has %d cells, not 3", sc.Text(), len(cells))
			}
			name := strings.TrimSpace(cells[0])
			if _, twice := rows[name]; twice {
				t.Errorf("ARCHITECTURE.md lists %s twice", name)
			}
			r := row{holds: strings.TrimSpace(cells[1])}
			for _, m := range strings.Fields(cells[2]) {
				switch m {
				case "-":
				case "all":
					r.all = true
				default:
					r.may = append(r.may, m)
				}
			}
			rows[name] = r
		}
	}
	if len(rows) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of packages")
	}
	return rows
}

// A pack is one package of the tree.
type pack struct {
	name    string // its path below the module
	dir     string
	imports []string // by code that is no test
	files   []string // its code, without tests
	tests   []string
}

// tree lists the packages of the module, but for this one.
func tree(t *testing.T) []pack {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("cannot list packages: %v", err)
	}
	var packs []pack
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir                              string
			Imports                                      []string
			GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packs
		} else if err != nil {
			t.Fatal(err)
		}
		name, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue
		}
		packs = append(packs, pack{name: name, dir: p.Dir, imports: p.Imports,
			files: slices.Concat(p.GoFiles, p.CgoFiles), tests: slices.Concat(p.TestGoFiles, p.XTestGoFiles)})
	}
}

// TestMap holds the tree to the table, in both directions.
func TestMap(t *testing.T) {
	rows, seen := table(t), map[string]bool{}
	for _, p := range tree(t) {
		seen[p.name] = true
		r, listed := rows[p.name]
		if !listed {
			t.Errorf("%s is not in ARCHITECTURE.md: give it a row, and say what it may import", p.name)
			continue
		}
		if r.holds == "" {
			t.Errorf("ARCHITECTURE.md does not say what %s holds", p.name)
		}
		for _, i := range p.imports {
			i, ours := strings.CutPrefix(i, module)
			if !ours {
				continue
			}
			if r.all && !strings.HasPrefix(i, "cmd/") || slices.Contains(r.may, i) {
				continue
			}
			t.Errorf("%s imports %s, which ARCHITECTURE.md does not allow it", p.name, i)
		}
	}
	for name, r := range rows {
		if !seen[name] {
			t.Errorf("ARCHITECTURE.md lists %s, which is not in the tree", name)
		}
		for _, m := range r.may {
			if _, listed := rows[m]; !listed {
				t.Errorf("ARCHITECTURE.md lets %s import %s, which it does not list", name, m)
			}
		}
	}
}

// TestMapDependencies wants a line in doc/decisions/dependencies.md for every
// module that the code or its tests import.
func TestMapDependencies(t *testing.T) {
	said, err := os.ReadFile("doc/decisions/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatalf("cannot read go.mod: %v", err)
	}
	var mod struct{ Require []struct{ Path string } }
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	var modules []string
	for _, r := range mod.Require {
		modules = append(modules, r.Path)
	}
	missing := map[string]string{}
	for _, p := range tree(t) {
		for _, f := range p.parse(t) {
			for _, i := range f.Imports {
				full, _ := strconv.Unquote(i.Path.Value)
				m := moduleOf(modules, full)
				if m != "" && !strings.Contains(string(said), "`"+m+"`") {
					missing[m] = f.path
				}
			}
		}
	}
	for m, where := range missing {
		t.Errorf("%s imports %s, for which doc/decisions/dependencies.md has no line", where, m)
	}
}

// moduleOf is the module that holds a package; "" for the standard library.
func moduleOf(modules []string, pkg string) string {
	best := ""
	for _, m := range modules {
		if (pkg == m || strings.HasPrefix(pkg, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best
}

// A file is one parsed file of the tree.
type file struct {
	*ast.File
	fset *token.FileSet
	path string // below the root
	test bool
}

// parse reads all files of a package, tests included, and returns its code first.
func (p *pack) parse(t *testing.T) []file {
	t.Helper()
	var out []file
	for i, name := range slices.Concat(p.files, p.tests) {
		fset := token.NewFileSet()
		// Objects tell a package's variables from a function's own.
		f, err := parser.ParseFile(fset, filepath.Join(p.dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file{f, fset, path.Join(p.name, name), i >= len(p.files)})
	}
	return out
}

// at names a place for people.
func (f *file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(n.Pos()).Line)
}

// lines is the number of lines that a node covers.
func (f *file) lines(n ast.Node) int {
	return f.fset.Position(n.End()).Line - f.fset.Position(n.Pos()).Line + 1
}

// imported is the path that a package's name stands for in a file; "" for none.
func (f *file) imported(name string) string {
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		if i.Name != nil && i.Name.Name == name || i.Name == nil && (path.Base(p) == name || path.Base(path.Dir(p)) == name) {
			return p
		}
	}
	return ""
}

// uses calls fn for each selector on an imported package, such as time.Now.
func (f *file) uses(fn func(at ast.Node, pkg, name string)) {
	ast.Inspect(f.File, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil {
				if p := f.imported(x.Name); p != "" {
					fn(s, p, s.Sel.Name)
				}
			}
		}
		return true
	})
}
