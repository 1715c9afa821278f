package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"iolaus/app"
	"iolaus/eval"
	"iolaus/exchange"
	"iolaus/hunt"
	"iolaus/observe"
	"iolaus/sim"
	"iolaus/sketch"
	"iolaus/source"
)

// evalKey keys the hashes of an evaluation: its worlds hold no one's data.
func evalKey() sketch.Key { return sketch.Key{} }

func evalObserver() eval.Observer { return &observe.Observer{Key: evalKey()} }

func evalSignUp(a *exchange.Account) (owner string, left []exchange.Observable) {
	s := observe.ReadSignUp(evalKey(), a)
	if s.Payment != 0 {
		s.Left = append(s.Left, s.Payment)
	}
	return s.Owner, s.Left
}

// ours is detection as the detect command runs it, without some families.
func ours(name, about string, without []exchange.Family) eval.Contender {
	var drop [exchange.Families]bool
	for _, f := range without {
		drop[f] = true
	}
	return eval.Contender{Name: name, About: about, Groups: true, Method: eval.MethodFunc(func(t *eval.Tape, report func(string, []eval.Report)) error {
		run := app.NewRun(app.Detection{Accounts: registryWithout(t.Accounts, drop), Key: evalKey(), Hunt: hunt.Options{Without: without}})
		var x exchange.Trace
		for i := range t.Events {
			t.Trace(i, &x, drop)
			if err := run.Take(&x); err != nil {
				return err
			}
		}
		cs, err := run.Finish()
		if err != nil {
			return err
		}
		var out []eval.Report
		for _, c := range cs {
			r := eval.Report{ID: c.ID, Detected: c.DetectedAt, Score: c.Score}
			for _, m := range c.Accounts {
				r.Accounts = append(r.Accounts, eval.Flag{Account: m.Account, Added: m.Added})
			}
			out = append(out, r)
		}
		report("", out)
		return nil
	})}
}

// registryWithout is the registry as a detector blind to identity sees it.
func registryWithout(accounts []exchange.Account, drop [exchange.Families]bool) []exchange.Account {
	if !drop[exchange.Identity] {
		return accounts
	}
	out := make([]exchange.Account, len(accounts))
	for i, a := range accounts {
		a.Payment, a.EmailPattern, a.BINCountry, a.PhoneCountry = "", "", "", ""
		out[i] = a
	}
	return out
}

// loggedWorlds finds the worlds in a folder: itself, or the folders below it.
func loggedWorlds(dir string) ([]eval.World, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", sim.TruthFile))
	if err != nil {
		return nil, fmt.Errorf("cannot list worlds: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, sim.TruthFile)); err == nil {
		found = append(found, filepath.Join(dir, sim.TruthFile))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("cannot find a world in %s: a world is a folder with %s, %s and a log", dir, sim.TruthFile, sim.AccountsFile)
	}
	var out []eval.World
	for _, f := range found {
		d := filepath.Dir(f)
		out = append(out, eval.World{Name: filepath.Base(d), Record: func(ctx context.Context, _ uint64) (*eval.Tape, []sim.Truth, error) {
			return recordLogs(ctx, d)
		}})
	}
	return out, nil
}

// recordLogs reads a world's log onto a tape.
func recordLogs(ctx context.Context, dir string) (*eval.Tape, []sim.Truth, error) {
	rows, err := eval.ReadTruth(filepath.Join(dir, sim.TruthFile))
	if err != nil {
		return nil, nil, err
	}
	accounts, err := source.Registry(filepath.Join(dir, sim.AccountsFile), func(source.Reject) {})
	if err != nil {
		return nil, nil, err
	}
	logs, err := filepath.Glob(filepath.Join(dir, "exchanges.*"))
	if err != nil || len(logs) == 0 {
		return nil, nil, fmt.Errorf("cannot find the log of world %s: %w", dir, errors.Join(err, os.ErrNotExist))
	}
	in, err := source.Expand(logs, nil)
	if err != nil {
		return nil, nil, err
	}
	t := eval.NewTape(filepath.Base(dir), 0, accounts, evalSignUp)
	_, err = source.Scan(ctx, in, source.Options{}, func() func(*exchange.Exchange, *eval.Taken) {
		r := eval.Reader{Observer: evalObserver()}
		return r.Read
	}, func(_ time.Time, k *eval.Taken) error {
		t.Add(k)
		return nil
	})
	return t, rows, err
}
