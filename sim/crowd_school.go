package sim

import "strings"

// classes: one school address, a burst of sign-ups, the same assignment for all.
func classes(b *builder, n int) {
	b.groups("class", n, 18, 60, func(d *dice, g, first, size int) {
		teacher := b.person("class", owner("class", g), first)
		tasks := make([]string, d.between(3, 8))
		genre := choose(d, []genre{mathText, choiceText, codeText, mathText})
		for i := range tasks {
			tasks[i] = choose(d, b.texts.sets[genre]).text
		}
		begin := b.start + int64(d.between(-20, max(1, b.spec.Days-4)))*day + 9*hour
		campus := inside(d, choose(d, teacher.country.homes))
		domain := b.companyDomain(d, teacher.country)
		if d.chance(.6) {
			name, _, _ := strings.Cut(domain, ".")
			domain = name + ".edu"
		}
		own := d.chance(.6)
		for i := range size {
			a := teacher
			if i > 0 {
				a = b.person("class", owner("class", g), first+i)
				a.country, a.lang = teacher.country, teacher.lang
				a.account.BillCountry, a.account.PhoneCountry, a.account.BINCountry = a.country.code, a.country.code, a.country.code
			}
			b.student(a, student{tasks, begin, campus, domain, own})
		}
	})
}

// student is what a class has in common.
type student struct {
	tasks  []string
	begin  int64
	campus addr
	domain string
	own    bool // mail addresses of the school
}

func (b *builder) student(a *actor, s student) {
	b.signUp(a, s.begin+int64(a.ExpFloat64()*float64(30*minute)))
	if s.own {
		a.account.EmailDomain = s.domain
	}
	a.account.Programme = "education"
	if a.account.Payment != "" && a.chance(.8) {
		a.account.Payment, a.account.Plan = "", "free"
	}
	a.ways.list, a.ways.shares = a.ways.list[:1], []float64{.45}
	a.ways.add(.55, 0, s.campus)
	k := b.chatDesk(a)
	a.desks[k].voice = &asker{seed: a.Uint64(), lang: a.lang, tasks: s.tasks}
	for week := s.begin; week < b.end; week += 7 * day {
		t := week + int64(a.ExpFloat64()*8*float64(hour))
		for i := range len(s.tasks) {
			if a.chance(.7) {
				a.add(event{at: t, salt: a.Uint32(), item: int32(i), sub: -1, desk: k})
				t += int64(a.lognormal(240, 1) * float64(second))
			}
		}
	}
	if a.chance(.5) {
		b.chats(a)
	}
}
