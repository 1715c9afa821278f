package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"iolaus/eval"
	"iolaus/sim"
)

// frontier turns the operator's knobs.
func (e *evaluation) frontier(c *cobra.Command) error {
	s, err := e.simulated()
	if err != nil {
		return err
	}
	seeds := []uint64{1, 3}
	if len(e.seeds) > 0 {
		if seeds, err = seedsOf(e.seeds, 1); err != nil {
			return err
		}
	}
	v := eval.Evade{
		Simulated: s, Detector: ours("iolaus", "", nil), Seeds: seeds, Progress: evalProgress(c.ErrOrStderr()),
		Spec: sim.Spec{Name: "frontier", Days: 10, Scale: .1, Operators: []sim.Operator{{Name: "lerna", Heads: 400, Start: 2}}},
	}
	if e.scale > 0 {
		v.Spec.Scale *= e.scale
	}
	f, err := v.Frontier(c.Context())
	if err != nil {
		return exitCode{exitBroken, err}
	}
	return e.deliver(c.OutOrStdout(), "frontier", f, f.WriteMarkdown, f.Plot())
}

// controls replays worlds under controls.
func (e *evaluation) controls(c *cobra.Command) error {
	s, err := e.simulated()
	if err != nil {
		return err
	}
	b := &eval.Bout{Name: "controls", Seeds: []uint64{1, 3, 5}, Progress: evalProgress(c.ErrOrStderr()), Contenders: []eval.Contender{ours("iolaus", "", nil)}}
	if b.Worlds, err = s.Quick(); err != nil {
		return err
	}
	if err = e.narrow(b); err != nil {
		return err
	}
	list, err := b.Controls(c.Context())
	if err != nil {
		return exitCode{exitBroken, err}
	}
	return e.deliver(c.OutOrStdout(), "controls", list, func(w io.Writer) error { return eval.WriteControls(w, list) }, eval.PlotControls(list))
}

// deliver prints a result, and writes it as Markdown, JSON and a plot when there
// is a folder for it.
func (e *evaluation) deliver(w io.Writer, name string, v any, text func(io.Writer) error, plot string) error {
	js, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return exitCode{exitBroken, err}
	}
	if e.asJSON {
		_, err = fmt.Fprintf(w, "%s\n", js)
	} else {
		err = text(w)
	}
	if err != nil || e.out == "" {
		return err
	}
	err = os.MkdirAll(e.out, 0o777)
	if err == nil {
		var f *os.File
		if f, err = os.Create(filepath.Join(e.out, name+".md")); err == nil {
			err = errors.Join(text(f), f.Close())
		}
	}
	err = errors.Join(err, os.WriteFile(filepath.Join(e.out, name+".json"), append(js, '\n'), 0o666), os.WriteFile(filepath.Join(e.out, name+".svg"), []byte(plot), 0o666))
	if err != nil {
		return exitCode{exitBroken, fmt.Errorf("cannot write %s: %w", name, err)}
	}
	return nil
}
