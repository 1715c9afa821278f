package policy

import (
	"embed"
	"fmt"
	"io/fs"

	"iolaus/route/document"
)

//go:embed law/*.yaml examples/*.yaml schema.json
var data embed.FS

// A Basis is a body of law, or an organisation's own rules, that a policy rests
// on: its grounds for sending data abroad and what it says to each rule.
type Basis struct {
	ID        string            `yaml:"id"`
	Name      string            `yaml:"name"`
	Source    string            `yaml:"source"` // address of the text
	Date      document.Date     `yaml:"date"`   // of the reading
	Grounds   []Ground          `yaml:"grounds"`
	Decided   []string          `yaml:"decided"`  // countries with a decision of adequacy
	Articles  map[string]string `yaml:"articles"` // by rule: the article and what it asks
	Questions []Question        `yaml:"questions"`
}

// A Ground is a reason that the law accepts for disclosing or transferring.
type Ground struct {
	ID      string `yaml:"id" json:"id"`
	Article string `yaml:"article" json:"article"`
	Says    string `yaml:"says" json:"says"`
	Agent   bool   `yaml:"agent" json:"agent,omitempty"`     // holds only while the provider does not use the data for itself
	Decided bool   `yaml:"decided" json:"decided,omitempty"` // holds only for the countries in Decided of its basis
}

// A Question is one that a government asks of its agencies about a cloud service.
type Question struct {
	Number int    `yaml:"number" json:"number"`
	Asks   string `yaml:"asks" json:"asks"`
	About  string `yaml:"about" json:"about"` // the fact that answers it: home, regions, jurisdictions, choice, dependencies, laws, applies, equivalent, requests
}

// Ground returns the ground of that id, nil when the basis has none such.
func (b *Basis) Ground(id string) *Ground {
	for i := range b.Grounds {
		if b.Grounds[i].ID == id {
			return &b.Grounds[i]
		}
	}
	return nil
}

func (b *Basis) groundNames() []string {
	var out []string
	for _, g := range b.Grounds {
		out = append(out, g.ID)
	}
	return out
}

// Bases lists what a policy may rest on.
func Bases() []string { return []string{"nz", "eu", "au", "internal"} }

// Law returns the basis of that id.
func Law(id string) (*Basis, error) {
	for _, known := range Bases() {
		if known == id {
			b := &Basis{}
			raw, err := data.ReadFile("law/" + id + ".yaml")
			if err != nil {
				return nil, fmt.Errorf("cannot read the law %s: %w", id, err)
			}
			if _, err := document.Read("law/"+id+".yaml", raw, b); err != nil {
				return nil, err
			}
			return b, nil
		}
	}
	return nil, fmt.Errorf("%q is not a known basis", id)
}

// Schema returns the JSON Schema of a policy file.
func Schema() []byte {
	b, err := data.ReadFile("schema.json")
	if err != nil {
		panic("BUG: the schema that ships is missing")
	}
	return b
}

// Example returns a policy that ships: nz, eu, au or internal.
func Example(name string) ([]byte, error) {
	b, err := fs.ReadFile(data, "examples/"+name+".yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot find the example %q: there are nz, eu, au and internal", name)
	}
	return b, nil
}
