package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"iolaus/eval"
)

// innocent asks whom detection harms on worlds without operators.
func (e *evaluation) innocent(c *cobra.Command) error {
	s, err := e.simulated()
	if err != nil {
		return err
	}
	b := &eval.Bout{Name: "innocent", Jobs: e.jobs, Keep: e.keep, Again: e.again, Progress: evalProgress(c.ErrOrStderr()), Contenders: []eval.Contender{ours("iolaus", "this project, with its defaults", nil)}}
	for seed := uint64(1); seed < 42; seed += 2 {
		b.Seeds = append(b.Seeds, seed)
	}
	if len(e.seeds) > 0 {
		// Even seeds may be played to rehearse; the result says so.
		if b.Seeds, err = seedsOf(e.seeds, e.seeds[0]%2); err != nil {
			return err
		}
	}
	world, err := s.Innocent()
	if err != nil {
		return err
	}
	b.Worlds = []eval.World{world}
	board, err := b.Run(c.Context())
	if err != nil {
		return exitCode{exitBroken, err}
	}
	in := eval.InnocentsOf(board)
	var md bytes.Buffer
	js, err := json.MarshalIndent(&in, "", " ")
	if err = errors.Join(err, in.WriteMarkdown(&md)); err != nil {
		return exitCode{exitBroken, err}
	}
	js = append(js, '\n')
	text := md.Bytes()
	if e.asJSON {
		text = js
	}
	if _, err = c.OutOrStdout().Write(text); err != nil {
		return exitCode{exitBroken, err}
	}
	if e.out != "" {
		err = errors.Join(os.MkdirAll(e.out, 0o777), os.WriteFile(filepath.Join(e.out, "innocent.md"), md.Bytes(), 0o666), os.WriteFile(filepath.Join(e.out, "innocent.json"), js, 0o666))
		if err != nil {
			return exitCode{exitBroken, fmt.Errorf("cannot write innocent: %w", err)}
		}
	}
	if faults := in.Faults(); e.check && len(faults) > 0 {
		return exitCode{exitFound, errors.New(strings.Join(faults, "; "))}
	}
	return nil
}
