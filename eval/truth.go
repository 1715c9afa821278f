package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"iolaus/sim"
)

// Guilty is the label of an operator's account; every other label is innocent.
const Guilty = "campaign"

// ReadTruth reads a truth.jsonl, as sim writes it.
func ReadTruth(path string) ([]sim.Truth, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read truth: %w", err)
	}
	defer f.Close()
	rows, err := decodeTruth(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("cannot read truth %s: %w", path, err)
	}
	return rows, nil
}

func decodeTruth(r io.Reader) ([]sim.Truth, error) {
	var out []sim.Truth
	d := json.NewDecoder(r)
	for {
		var row struct {
			Account    string `json:"account_id"`
			Operator   string `json:"operator"`
			Label      string `json:"label"`
			Archetype  string `json:"archetype"`
			Replaces   string `json:"replaces"`
			Exchanges  int    `json:"exchanges"`
			Extraction int    `json:"extraction_exchanges"`
		}
		err := d.Decode(&row)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w; a row is an object with account_id, operator and label", len(out)+1, err)
		}
		if row.Account == "" {
			return nil, fmt.Errorf("row %d: account_id is missing", len(out)+1)
		}
		out = append(out, sim.Truth{
			Account: row.Account, Operator: row.Operator, Label: row.Label, Archetype: row.Archetype,
			Replaces: row.Replaces, Exchanges: row.Exchanges, Extraction: row.Extraction,
		})
	}
}

// truth is the truth of a tape by account index; accounts that it does not know
// have an empty label.
type truth struct {
	rows    []sim.Truth // in the order of the tape's accounts
	listed  []uint32    // in the order of the truth
	created []float64   // seconds
	times   [][]float64 // seconds of each account's successful exchanges
	index   map[string]uint32
}

func newTruth(t *Tape, rows []sim.Truth) *truth {
	u := &truth{rows: make([]sim.Truth, len(t.Accounts)), created: make([]float64, len(t.Accounts)), times: make([][]float64, len(t.Accounts)), index: t.index}
	for _, r := range rows {
		a, ok := t.index[r.Account]
		if !ok {
			continue
		}
		u.rows[a] = r
		u.listed = append(u.listed, a)
	}
	for a := range t.Accounts {
		if c := t.Accounts[a].Created; !c.IsZero() {
			u.created[a] = seconds(c)
		}
	}
	for i := range t.Events {
		if e := &t.Events[i]; !e.failed {
			u.times[e.Account] = append(u.times[e.Account], float64(e.At)/1e9)
		}
	}
	return u
}

func (u *truth) guilty(a uint32) bool { return u.rows[a].Label == Guilty }

// crews lists the operators in the order of their names, and the accounts of each
// that made an exchange.
func (u *truth) crews() (order []string, members map[string][]uint32) {
	members = map[string][]uint32{}
	for _, a := range u.listed {
		if !u.guilty(a) || u.rows[a].Exchanges == 0 {
			continue
		}
		op := u.rows[a].Operator
		if members[op] == nil {
			order = append(order, op)
		}
		members[op] = append(members[op], a)
	}
	slices.Sort(order)
	return order, members
}
