package eval

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// FuzzTruth reads any bytes as a truth: an error or rows that name accounts.
func FuzzTruth(f *testing.F) {
	f.Add([]byte(`{"account_id":"a","operator":"o","label":"campaign","archetype":"campaign","replaces":"b","exchanges":3,"extraction_exchanges":2}`))
	f.Add([]byte("{\"account_id\":\"a\"}\n{\"account_id\":1}"))
	f.Add([]byte("[]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := decodeTruth(bytes.NewReader(raw))
		for _, r := range rows {
			if err == nil && r.Account == "" {
				t.Error("a row without an account")
			}
		}
	})
}

// FuzzBoard reads any bytes as a scoreboard: what is read can be drawn up, and
// reads back as itself.
func FuzzBoard(f *testing.F) {
	small := Board{Suite: "s", Seeds: []uint64{1}, Worlds: []Scene{{Name: "w"}}, Contenders: []Entrant{{Name: "c"}},
		Figures: []Figures{{World: "w", Contender: "c", Operators: 1, Budgets: make([]Budget, len(budgets))}}, Studies: []Study{{World: "w"}}}
	raw, err := json.Marshal(small)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(strings.Replace(string(raw), `"operators":1`, `"operators":0`, 1)))
	f.Add([]byte(`{"worlds":[{}],"contenders":[{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := decodeBoard(raw)
		if err != nil || len(raw) > 1<<14 {
			return
		}
		if err := b.WriteMarkdown(io.Discard); err != nil {
			t.Error(err)
		}
		for name, svg := range b.Plots() {
			wellFormed(t, name, []byte(svg))
		}
		var out bytes.Buffer
		if err := b.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		again, err := decodeBoard(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		var second bytes.Buffer
		if err := again.WriteJSON(&second); err != nil || !bytes.Equal(out.Bytes(), second.Bytes()) {
			t.Error("a board does not read back as itself")
		}
	})
}
