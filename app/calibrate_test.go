package app

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"iolaus/hunt"
	"iolaus/observe"
)

func sampleCalibration() *CalibrationFile {
	f := &CalibrationFile{
		Format: calibrationFormat, Version: calibrationVersion, Tool: Version, Signals: observe.Version, Basis: "declared good",
		From: time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 8, 24, 0, 0, 0, 0, time.UTC),
		Slices: 3, Span: 7 * 86400, Step: 3600, Registry: true, Accounts: 900, LeftOut: 12, Exchanges: 50_000, Hostile: 0.05,
		Traffic: Traffic{Owners: 500, Cells: []TrafficCell{
			{"failures", "none", 500}, {"model", "cedar-3", 300}, {"model", "cedar-3-mini", 200}, {"use", "coding", 500}, {"volume", "light", 480}, {"volume", "steady", 20},
		}},
	}
	for s := range hunt.Segments {
		f.Segments = append(f.Segments, CalibrationSegment{s.String(), 90, 40, 30, int(s)})
	}
	return f
}

// TestCalibrationFile holds that a file is read as it was written, byte for byte,
// and that nothing else is.
func TestCalibrationFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	if err := sampleCalibration().WriteFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := ReadCalibration(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(path)
	if again, _ := f.Encode(); !bytes.Equal(again, raw) {
		t.Error("reading and writing changes a calibration")
	}
	if got := f.Calibration().Segments[hunt.Heavy]; got != (hunt.Tally{Groups: 30, Reached: 2}) {
		t.Errorf("heavy use: %v", got)
	}
	for want, change := range map[string][2]string{
		"version is 2":         {`"version": 1`, `"version": 2`},
		"format is not":        {`"iolaus-calibration"`, `"a-calibration"`},
		"unknown field":        {`"slices": 3`, `"slices": 3, "extra": 1`},
		"one form":             {`"slices": 3`, `"slices":  3`},
		"hostile_share":        {`0.05`, `0.9`},
		"reached <= sets":      {`"reached": 2`, `"reached": 31`},
		"span_seconds":         {`"span_seconds": 604800`, `"span_seconds": 0`},
		"not after the one":    {`"cedar-3-mini"`, `"cedar-3"`},
		"499 of 500 owners":    {`"owners": 480`, `"owners": 479`},
		"cell 2 is none":       {`"cedar-3"`, `"cedar\u001b3"`},
		"is not \"light\"":     {`"light"`, `"feather"`},
		"invalid character":    {"}\n", "}x\n"},
		"until: before from":   {`2026-08-24`, `2026-07-24`},
		"accounts: 0 is not 1": {`"accounts": 900`, `"accounts": 0`},
	} {
		bad := bytes.Replace(raw, []byte(change[0]), []byte(change[1]), 1)
		if want == "invalid character" {
			bad = append(bytes.Clone(raw), 'x')
			want = "" // whichever way it is put
		}
		if _, err := DecodeCalibration(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q for %q: %v, want %q", change[1], change[0], err, want)
		}
	}
}

// TestCalibrationFits holds that a calibration is refused where sets would be
// looked at otherwise than in its history.
func TestCalibrationFits(t *testing.T) {
	d := Detection{}
	f := sampleCalibration()
	if err := f.Fits(&d); err == nil || !strings.Contains(err.Error(), "--accounts") {
		t.Errorf("without the registry it was made with: %v", err)
	}
	f.Registry = false
	if err := f.Fits(&d); err != nil {
		t.Error(err)
	}
	d.Step = time.Minute
	if err := f.Fits(&d); err == nil || !strings.Contains(err.Error(), "--step 1h") {
		t.Errorf("at another step: %v", err)
	}
	d.Step, f.Signals = 0, observe.Version+1
	if err := f.Fits(&d); err == nil || !strings.Contains(err.Error(), "calibrate again") {
		t.Errorf("with other signals: %v", err)
	}
}

// TestDrift holds that the warning comes as seldom as it says while traffic stays
// what it was, and comes when a model release moves it.
func TestDrift(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	cells := []string{"cedar-3", "cedar-3-mini", "cedar-3-max"}
	draw := func(owners int, released float64) *Traffic {
		count := map[string]int{}
		for range owners {
			m := cells[min(len(cells)-1, int(rng.ExpFloat64()))]
			if rng.Float64() < released {
				m = "cedar-4"
			}
			count[m]++
		}
		out := &Traffic{Owners: owners}
		for m, n := range count {
			out.Cells = append(out.Cells, TrafficCell{"model", m, n})
		}
		for _, f := range []string{"failures", "use", "volume"} {
			out.Cells = append(out.Cells, TrafficCell{f, "all", owners})
		}
		return out
	}
	const runs = 2000
	warned := 0
	for range runs {
		if len(draw(300, 0).Drifted(draw(200, DriftTolerance))) > 0 {
			warned++
		}
	}
	if float64(warned) > DriftError*runs {
		t.Errorf("%d of %d runs at the edge of the tolerance were warned, more than %g", warned, runs, DriftError)
	}
	now := draw(2000, 0.4)
	got := draw(2000, 0).Drifted(now)
	if len(got) == 0 || got[0].Feature != "model" || got[0].Cell != "" {
		t.Errorf("a release that four in ten moved to: %v", got)
	}
	if got := draw(0, 0).Drifted(now); got != nil {
		t.Errorf("an empty history drifted: %v", got)
	}
}

func FuzzDecodeCalibration(f *testing.F) {
	raw, _ := sampleCalibration().Encode()
	f.Add(raw)
	f.Add([]byte(`{"format":"iolaus-calibration","version":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := DecodeCalibration(raw)
		if err != nil {
			return
		}
		if again, err := c.Encode(); err != nil || !bytes.Equal(again, raw) {
			t.Error("a calibration that was read is not written as it was")
		}
		for s := range hunt.Segments {
			if e := c.Calibration().Largest(s); !(e > 0) {
				t.Errorf("%v: largest e-value %v", s, e)
			}
		}
	})
}
