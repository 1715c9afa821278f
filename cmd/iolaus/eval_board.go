package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"iolaus/eval"
)

// evalProgress shows on a terminal how far a suite is.
func evalProgress(w io.Writer) func(done, total int, what string) {
	f, ok := w.(*os.File)
	on := ok && term.IsTerminal(int(f.Fd()))
	began := time.Now()
	return func(done, total int, what string) {
		spent := time.Since(began)
		left := time.Duration(float64(spent) / float64(done) * float64(total-done)).Round(time.Second)
		switch {
		case on && done < total:
			fmt.Fprintf(w, "\r\x1b[K%d of %d worlds, %s left; last %s", done, total, left, what)
		case on:
			fmt.Fprint(w, "\r\x1b[K")
		default:
			fmt.Fprintf(w, "%d of %d: %s, %s\n", done, total, what, spent.Round(time.Second))
		}
	}
}

// write prints the board, writes its files when there is a folder for them, and
// holds it to the golden scoreboard.
func (e *evaluation) write(w io.Writer, b *eval.Board) error {
	show := b.WriteMarkdown
	if e.asJSON {
		show = b.WriteJSON
	}
	if err := show(w); err != nil {
		return exitCode{exitBroken, err}
	}
	if e.out != "" {
		if err := b.Write(e.out); err != nil {
			return exitCode{exitBroken, err}
		}
	}
	if !e.check && !e.update {
		return nil
	}
	return e.hold(w, b)
}

// hold compares the board with the golden scoreboard.
func (e *evaluation) hold(w io.Writer, b *eval.Board) error {
	now := b.Golden()
	old, err := eval.ReadGolden(e.golden)
	if errors.Is(err, os.ErrNotExist) && e.update {
		old, err = &eval.Golden{}, nil
	}
	if err != nil {
		return exitCode{exitUsage, err}
	}
	worse := old.Worse(&now)
	for _, s := range worse {
		fmt.Fprintln(w, "worse:", s)
	}
	switch {
	case !e.update && len(worse) > 0:
		return exitCode{exitFound, fmt.Errorf("%d figures fell behind %s; mend them, or write down why in doc/decisions and run with --update --record FILE", len(worse), e.golden)}
	case !e.update:
		return nil
	case len(worse) > 0 && e.record == "":
		return exitCode{exitUsage, errors.New("cannot update the golden scoreboard: figures got worse; name the decision that says why with --record doc/decisions/NAME.md")}
	case e.record != "":
		if _, err := os.Stat(e.record); err != nil {
			return exitCode{exitUsage, fmt.Errorf("cannot update the golden scoreboard: %w", err)}
		}
	}
	now.Record = old.Record
	if len(worse) > 0 {
		now.Record = filepath.ToSlash(e.record)
	}
	return now.Write(e.golden)
}
