package sim

import (
	"fmt"
	"strings"

	"iolaus/exchange"
)

// agents is the make-believe market of coding agents: prompts, tools, vocabulary.
type agents struct {
	tongue   *tongue
	products []product
	tools    []exchange.Tool
}

// product is one vendor's agent.
type product struct {
	name   string
	system string
	tools  []int
	seals  bool
}

// loadAgents reads texts/agents.txt and composes each vendor's prompt from it.
func loadAgents(m *market) (*agents, error) {
	raw, err := embedded.ReadFile("texts/agents.txt")
	if err != nil {
		return nil, err
	}
	t, err := parseSections("agents", string(raw), "tool", "opening", "guideline")
	if err != nil {
		return nil, fmt.Errorf("cannot read agents.txt: %w", err)
	}
	a := &agents{tongue: t}
	for _, p := range t.sections["tool"] {
		name, schema, _ := strings.Cut(p[0].text, " ")
		a.tools = append(a.tools, exchange.Tool{Name: name, Schema: schema})
	}
	for _, i := range m.byClass[agentClient] {
		a.products = append(a.products, a.compose(m.all[i].name, newDice(hashName(m.all[i].name), 1)))
	}
	return a, nil
}

func (a *agents) compose(name string, d *dice) product {
	var b strings.Builder
	openings := a.tongue.sections["opening"]
	fmt.Fprintf(&b, openings[d.IntN(len(openings))][0].text, strings.ToUpper(name[:1])+name[1:])
	b.WriteString("\n\n# How to work\n")
	rules := a.tongue.sections["guideline"]
	for _, i := range d.Perm(len(rules))[:13] {
		b.WriteString("- " + rules[i][0].text + "\n")
	}
	b.WriteString("\n<env>")
	p := product{name: name, system: b.String(), seals: d.chance(.5)}
	p.tools = append(p.tools, d.Perm(len(a.tools))[:5]...)
	return p
}

// environment is what an agent tells the model about its user's machine.
func (a *agents) environment(d *dice, login string) string {
	dir := string(a.tongue.say(nil, d, "word", subject{})) + "-" + string(a.tongue.say(nil, d, "word", subject{}))
	home := choose(d, []string{"/home/", "/Users/", "/home/", "C:\\Users\\"})
	return fmt.Sprintf("\ncwd: %s%s/%s\nplatform: %s\nbranch: %s", home, login, dir,
		choose(d, []string{"linux", "darwin", "linux", "win32"}), choose(d, []string{"main", "main", "dev", "feature/" + dir, "master"}))
}

// offer adds tools of the tool box to the request.
func (c *composer) offer(list []int) {
	for _, i := range list {
		c.x.Tools = append(c.x.Tools, c.texts.agents.tools[i])
	}
}

// call makes the answer call one of the product's tools.
func (c *composer) call(p *product) {
	tool := &c.texts.agents.tools[choose(c.dice, p.tools)]
	b := append([]byte(nil), `{"path":"`...)
	b = c.texts.agents.tongue.say(b, c.dice, "path", subject{})
	c.x.Calls = append(c.x.Calls, exchange.Call{Name: tool.Name, Arguments: string(append(b, `"}`...))})
}
