package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"

	"iolaus/source"
)

// progress shows on a terminal how far a run is; elsewhere it is silent.
type progress struct {
	w     io.Writer
	on    bool
	began time.Time
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, on: ok && term.IsTerminal(int(f.Fd())), began: time.Now()}
}

func (p *progress) show(s source.Progress) {
	if !p.on {
		return
	}
	spent := time.Since(p.began)
	line := fmt.Sprintf("%s exchanges, %s/s", humanize.Comma(int64(s.Exchanges)), humanize.Comma(int64(float64(s.Exchanges)/spent.Seconds())))
	if s.Total > 0 && s.Read > 0 {
		share := float64(s.Read) / float64(s.Total)
		left := time.Duration(float64(spent) * (1 - share) / share)
		line = fmt.Sprintf("%3.0f %%  %s, %s left", 100*share, line, left.Round(time.Second))
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

func (p *progress) clear() {
	if p.on {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// sorted lists a map's keys, largest count first.
func sorted(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	return keys
}
