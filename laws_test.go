package iolaus_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLaws holds the code to those laws of ARCHITECTURE.md that a parser can see.
func TestLaws(t *testing.T) {
	var longest, tallest []size
	for _, p := range tree(t) {
		files := p.parse(t)
		if bad := path.Base(p.name); slices.Contains([]string{"utils", "util", "common", "types", "pkg", "helpers", "misc"}, bad) {
			t.Errorf("%s: a package named %s says nothing; name what it holds", p.name, bad)
		}
		packageComment(t, p.name, files)
		globals := globalsOf(files)
		for i := range files {
			f := &files[i]
			tallest = append(tallest, size{f.path, f.lines(f.File)})
			sleepless(t, f)
			if f.test {
				continue
			}
			if slices.Contains(core, p.name) {
				pure(t, f)
			}
			if !strings.HasPrefix(p.name, "cmd/") {
				handedDown(t, f)
			}
			unmoved(t, f, globals)
			for _, d := range f.Decls {
				documented(t, f, d)
				if fn, ok := d.(*ast.FuncDecl); ok {
					longest = append(longest, size{f.at(fn) + " " + fn.Name.Name, f.lines(fn)})
					if fn.Recv == nil && fn.Name.Name == "init" {
						t.Errorf("%s: init() runs unasked; let a caller call it", f.at(fn))
					}
				}
			}
		}
	}
	within(t, "file", tallest, 600)
	within(t, "function", longest, 110)
}

// TestLawsSimulator: nothing but scoring, the verbs and tests knows the simulator.
func TestLawsSimulator(t *testing.T) {
	for _, p := range tree(t) {
		if slices.Contains(p.imports, module+"sim") && p.name != "eval" && !strings.HasPrefix(p.name, "cmd/") {
			t.Errorf("%s imports sim: what detects must not know what makes worlds", p.name)
		}
	}
}

// pure refuses the clock, the disk, the network, chance and goroutines.
func pure(t *testing.T, f *file) {
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		root, _, _ := strings.Cut(p, "/")
		if (root == "os" || root == "net" || root == "syscall" || root == "log") && p != "net/netip" ||
			p == "crypto/rand" || p == "math/rand" || p == "io/fs" || p == "path/filepath" {
			t.Errorf("%s: the core imports %s; hand it down as a value", f.at(i), p)
		}
	}
	f.uses(func(at ast.Node, pkg, name string) {
		switch {
		case pkg == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}, name):
			t.Errorf("%s: the core reads the clock by time.%s; time comes from the log", f.at(at), name)
		case pkg == "math/rand/v2" && !slices.Contains([]string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Zipf", "Source"}, name):
			t.Errorf("%s: the core draws by rand.%s, which has no seed", f.at(at), name)
		}
	})
	ast.Inspect(f.File, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			t.Errorf("%s: the core starts a goroutine; let its caller do so", f.at(g))
		}
		return true
	})
}

// handedDown refuses flags and environment below cmd.
func handedDown(t *testing.T, f *file) {
	for _, i := range f.Imports {
		if p, _ := strconv.Unquote(i.Path.Value); p == "flag" || strings.HasPrefix(p, "github.com/spf13/") {
			t.Errorf("%s: imports %s below cmd; take a value", f.at(i), p)
		}
	}
	f.uses(func(at ast.Node, pkg, name string) {
		if pkg == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Args"}, name) {
			t.Errorf("%s: reads os.%s below cmd; take a value", f.at(at), name)
		}
	})
}

// sleepless refuses tests, and code, that wait for a guessed time.
func sleepless(t *testing.T, f *file) {
	f.uses(func(at ast.Node, pkg, name string) {
		if pkg == "time" && name == "Sleep" {
			t.Errorf("%s: time.Sleep; wait for what you wait for", f.at(at))
		}
	})
}

// globalsOf names the variables of a package.
func globalsOf(files []file) map[string]bool {
	out := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, s := range g.Specs {
					for _, n := range s.(*ast.ValueSpec).Names {
						out[n.Name] = true
					}
				}
			}
		}
	}
	return out
}

// unmoved refuses assignments to a package's variables.
func unmoved(t *testing.T, f *file, globals map[string]bool) {
	top := map[any]bool{}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, s := range g.Specs {
				top[s] = true
			}
		}
	}
	check := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.StarExpr:
				e = x.X
				continue
			case *ast.Ident:
				// No object: the name is declared in another file of the package.
				if globals[x.Name] && (x.Obj == nil || top[x.Obj.Decl]) && f.imported(x.Name) == "" {
					t.Errorf("%s: %s of the package is changed; keep state in a value", f.at(x), x.Name)
				}
			}
			return
		}
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				for _, e := range s.Lhs {
					check(e)
				}
			}
		case *ast.IncDecStmt:
			check(s.X)
		}
		return true
	})
}

// packageComment wants one comment on a package, short enough to be read.
func packageComment(t *testing.T, name string, files []file) {
	n := 0
	for i := range files {
		if f := &files[i]; f.Doc != nil && !f.test {
			n++
			if l := f.lines(f.Doc); l > 16 {
				t.Errorf("%s: the package comment has %d lines; 15 are read", f.path, l)
			}
		}
	}
	if n != 1 {
		t.Errorf("%s has %d package comments, not 1", name, n)
	}
}

// documented wants a comment on what is exported.
func documented(t *testing.T, f *file, d ast.Decl) {
	if f.Name.Name == "main" {
		return
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
			t.Errorf("%s: %s is exported and not documented", f.at(d), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					t.Errorf("%s: %s is exported and not documented", f.at(s), s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						t.Errorf("%s: %s is exported and not documented", f.at(s), n.Name)
					}
				}
			}
		}
	}
}

// receiver is the name of a method's type.
func receiver(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// A size is how long something is.
type size struct {
	what  string
	lines int
}

// within reports the five largest and fails those beyond the limit.
func within(t *testing.T, what string, all []size, limit int) {
	slices.SortFunc(all, func(a, b size) int { return b.lines - a.lines })
	for i, s := range all {
		if s.lines > limit {
			t.Errorf("%s has %d lines; a %s ends at %d", s.what, s.lines, what, limit)
		} else if i < 5 {
			t.Logf("%s: %d lines", s.what, s.lines)
		}
	}
	if n := len(all); n > 0 {
		t.Logf("%ss: median %d lines, p90 %d", what, all[n/2].lines, all[n/10].lines)
	}
}
