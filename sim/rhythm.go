package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/valyala/fastjson"
)

const weekHours = 168

// rhythm is how a real client's requests arrive: how many, how unevenly, and when in
// the week. Worlds scale the volume; shape and unevenness stay as measured.
type rhythm struct {
	daily float64            // requests a day as measured
	cv    float64            // coefficient of variation of inter-arrival times
	hours [weekHours]float32 // relative load by hour of week
}

// steady says whether the client was there in nearly every hour, without great bursts.
func (r *rhythm) steady() bool {
	top, there := float32(0), 0
	for _, h := range r.hours {
		top = max(top, h)
	}
	for _, h := range r.hours {
		if h > top*.08 {
			there++
		}
	}
	return there > weekHours*9/10 && r.cv < 2
}

func embeddedRhythms() ([]rhythm, error) {
	raw, err := embedded.ReadFile("texts/rates.jsonl.gz")
	if err != nil {
		return nil, err
	}
	var out []rhythm
	err = eachLine(bytes.NewReader(raw), func(v *fastjson.Value) {
		r := rhythm{daily: v.GetFloat64("daily"), cv: v.GetFloat64("cv")}
		for i, h := range v.GetArray("hours") {
			if i < weekHours {
				r.hours[i] = float32(h.GetFloat64())
			}
		}
		out = append(out, r)
	})
	return out, err
}

// readRhythms reads ServeGen's client windows (timing/servegen_client_windows.jsonl.gz);
// none when the file is missing.
func readRhythms(dir string) ([]rhythm, error) {
	name := filepath.Join(dir, "timing", "servegen_client_windows.jsonl.gz")
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read rates: %w", err)
	}
	defer f.Close()
	clients := map[string]*gathered{}
	var order []string
	err = eachLine(f, func(v *fastjson.Value) {
		key := str(v, "category") + "/" + str(v, "model") + "/" + strconv.Itoa(v.GetInt("client"))
		g := clients[key]
		if g == nil {
			g = &gathered{}
			clients[key] = g
			order = append(order, key)
		}
		g.add(v)
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read rates %s: %w", name, err)
	}
	var out []rhythm
	for _, key := range order {
		if g := clients[key]; len(g.cvs) >= 12 && g.total >= 50 {
			slices.Sort(g.cvs)
			g.daily, g.cv = g.total/14, g.cvs[len(g.cvs)/2]
			out = append(out, g.rhythm)
		}
	}
	return out, nil
}

// gathered is a client's windows, summed.
type gathered struct {
	rhythm
	total float64
	cvs   []float64
}

func (g *gathered) add(v *fastjson.Value) {
	rate := v.GetFloat64("rate")
	g.total += rate * v.GetFloat64("win")
	g.hours[v.GetInt("t")/3600%weekHours] += float32(rate)
	if cv := v.GetFloat64("cv"); cv > 0 {
		g.cvs = append(g.cvs, cv)
	}
}

// calendar is a world's expected load hour by hour for one account: cumulative, so
// that arrivals can be mapped onto it.
type calendar struct {
	start int64 // unix milliseconds
	sums  []float64
}

// newCalendar lays weights over the hours from start on.
func newCalendar(start int64, hours int, weight func(hour int, at int64) float64) calendar {
	c := calendar{start, make([]float64, hours+1)}
	for i := range hours {
		c.sums[i+1] = c.sums[i] + max(0, weight(i, start+int64(i)*hour))
	}
	return c
}

// arrivals draws times with the calendar's shape, an expected count and a coefficient
// of variation between arrivals: a renewal process with gamma gaps in the calendar's own time.
func (c calendar) arrivals(d *dice, count, cv float64) []int64 {
	total := c.sums[len(c.sums)-1]
	if total <= 0 || count <= 0 {
		return nil
	}
	shape := 1 / math.Max(.04, cv*cv)
	scale := 1 / shape
	at := d.Float64() * d.gamma(shape+1) * scale // as if it had been going on before
	out := make([]int64, 0, int(count)+2)
	h := 0
	limit := int(count*4) + 40
	for at < count && len(out) < limit {
		x := at / count * total
		for h < len(c.sums)-2 && c.sums[h+1] < x {
			h++
		}
		w := c.sums[h+1] - c.sums[h]
		f := d.Float64()
		if w > 0 {
			f = math.Min(1, (x-c.sums[h])/w)
		}
		t := c.start + int64(h)*hour + int64(f*float64(hour))
		if n := len(out); n > 0 { // a client sends one after the other, or few at once
			t = max(t, out[n-1]+int64(d.ExpFloat64()*1800))
		}
		out = append(out, t)
		at += d.gamma(shape) * scale
	}
	return out
}
