package eval

import "fmt"

// sharedPrefix accuses accounts whose prompts begin alike: what one writes after
// reading that a campaign's requests shared a frame.
//
// Practice, not a paper; rolling hashes of prompt beginnings are also how caches
// and abuse rules find templates. Fooled by wording of one's own for each account
// and by items that come first. Hits users of a published recipe, of a SaaS
// template, of an evaluation harness, and a prompt that went viral.
type sharedPrefix struct{}

// Detect tries beginnings of three lengths in masked letters. A beginning counts
// for an account from its k-th use on; one that too many owners use is popular.
func (sharedPrefix) Detect(t *Tape, report func(string, []Report)) error {
	for length := len(prefixes) - 1; length >= 0; length-- {
		for _, uses := range []int{20, 8, 3} {
			habits := t.habits(length, uses)
			for _, least := range []int{100, 40, 20, 10, 5, 3} {
				for _, most := range []int{50, 200, 1000} {
					if most > least {
						report(fmt.Sprintf("first %d letters, %d uses; %d to %d owners", prefixes[length], uses, least, most), t.alike(habits, least, most))
					}
				}
			}
		}
	}
	return nil
}

// habit is an account's k-th use of a beginning.
type habit struct {
	prefix  uint64
	account uint32
	at      int64
}

func (t *Tape) habits(length, uses int) []habit {
	type use struct {
		prefix  uint64
		account uint32
	}
	count := map[use]int{}
	var out []habit
	for i := range t.Events {
		e := &t.Events[i]
		p := e.View.Prefix[length]
		if p == 0 {
			continue
		}
		k := use{p, e.Account}
		if count[k]++; count[k] == uses {
			out = append(out, habit{p, e.Account, e.At})
		}
	}
	return out
}

// alike accuses the accounts of a habit while it has least to most owners.
func (t *Tape) alike(habits []habit, least, most int) []Report {
	r := newRoll(t)
	holders := map[uint64][]uint32{}
	owners := map[uint64]map[uint32]struct{}{}
	for _, h := range habits {
		if owners[h.prefix] == nil {
			owners[h.prefix] = map[uint32]struct{}{}
		}
		owners[h.prefix][t.Owners[h.account]] = struct{}{}
		holders[h.prefix] = append(holders[h.prefix], h.account)
		if n := len(owners[h.prefix]); n >= least && n <= most {
			r.take(h.at, holders[h.prefix])
		}
	}
	return r.reports
}
