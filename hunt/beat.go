package hunt

// A Beat is one hour of a set's accounts: how many were active, beside how many
// could be expected of accounts that each keep their own hours, and how far that
// number strays by chance.
type Beat struct {
	Hour           uint32 // hours since 1970
	Seen, Expected float64
	Spread         float64 // variance
}

// Counts says whether enough accounts were due for the hour to say anything.
func (b Beat) Counts() bool { return b.Spread >= leastBeat }

// Silent says whether hardly any account was active where several could be expected.
func (b Beat) Silent() bool {
	return b.Counts() && b.Expected >= silence && b.Seen <= 0.1*b.Expected
}

// Beats is Tempo with the hours that it was taken from, oldest first: those of the
// last 16 days that the view has lived through.
func (v *View) Beats(accounts []uint32) (Tempo, []Beat) {
	b := v.beatsOf(accounts)
	if len(v.Hours) == 0 {
		return Tempo{}, nil
	}
	now := v.Now / 3600
	from := now - min(now, hoursKept-1)
	out := make([]Beat, 0, hoursKept)
	for hour := from; hour <= now; hour++ {
		i := hour - from
		out = append(out, Beat{Hour: hour, Seen: b.seen[i], Expected: b.expected[i], Spread: b.spread[i]})
	}
	return b.tempo(), out
}

// LeastTempo is what a Tempo needs to be told as that of one queue, and over how
// many hours at least.
func LeastTempo() Tempo {
	return Tempo{Z: leastZ, Silent: leastSilent, Falling: leastFalling, Hours: leastHours}
}
