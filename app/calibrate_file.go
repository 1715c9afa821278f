package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"iolaus/hunt"
	"iolaus/observe"
)

// A CalibrationFile is a calibration as it stands in a file: JSON of one form, so
// that equal calibrations are equal bytes. It names no account: it holds counts,
// times and the names of models.
type CalibrationFile struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Tool    string `json:"tool"`    // version of the program that made it
	Signals int    `json:"signals"` // version of the signals that it saw

	Basis     string    `json:"basis"` // whose history it is
	From      time.Time `json:"from"`
	Until     time.Time `json:"until"`
	Slices    int       `json:"slices"`
	Span      int64     `json:"span_seconds"` // of the longest slice
	Step      int64     `json:"step_seconds"` // event time between hunts
	Registry  bool      `json:"registry"`     // whether there was a sign-up registry
	Accounts  int       `json:"accounts"`
	LeftOut   int       `json:"accounts_left_out"`
	Exchanges int       `json:"exchanges"`
	Hostile   float64   `json:"hostile_share"` // of the sets, counted off

	Segments []CalibrationSegment `json:"segments"`
	Traffic  Traffic              `json:"traffic"` // of the last slice
}

// A CalibrationSegment counts the sets of one segment.
type CalibrationSegment struct {
	Name    string `json:"name"`
	Looks   int    `json:"looks"`   // tests of a set
	Units   int    `json:"units"`   // sets in a slice of time
	Groups  int    `json:"sets"`    // distinct sets over all slices
	Reached int    `json:"reached"` // of them as far as an accusation
}

const (
	calibrationFormat  = "iolaus-calibration"
	calibrationVersion = 1
	mostHostile        = 0.5
	largestCalibration = 1 << 20 // bytes
	mostCounted        = 1 << 40
)

// Calibration is what the hunt makes of the file.
func (f *CalibrationFile) Calibration() *hunt.Calibration {
	c := &hunt.Calibration{Span: uint32(min(f.Span, math.MaxUint32)), Hostile: f.Hostile}
	for i, s := range f.Segments {
		c.Segments[i] = hunt.Tally{Groups: s.Groups, Reached: s.Reached}
	}
	return c
}

// Fits says why a calibration does not say anything about a detection: sets would
// be looked at otherwise.
func (f *CalibrationFile) Fits(d *Detection) error {
	step := d.Step
	if step <= 0 {
		step = time.Hour
	}
	switch {
	case f.Signals != observe.Version || f.Tool != Version:
		return fmt.Errorf("cannot use calibration: it was made by version %s with signals %d, this is %s with %d; calibrate again", f.Tool, f.Signals, Version, observe.Version)
	case time.Duration(f.Step)*time.Second != step:
		return fmt.Errorf("cannot use calibration: it hunted every %v; use --step %v, or calibrate again", time.Duration(f.Step)*time.Second, time.Duration(f.Step)*time.Second)
	case f.Registry != (len(d.Accounts) > 0):
		return fmt.Errorf("cannot use calibration: it was made with%s a sign-up registry; use --accounts alike, or calibrate again", map[bool]string{false: "out"}[f.Registry])
	}
	return nil
}

// Encode is the file's one form.
func (f *CalibrationFile) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(f)
	return b.Bytes(), err
}

// WriteFile writes the file, whole or not at all.
func (f *CalibrationFile) WriteFile(path string) error {
	raw, err := f.Encode()
	if err != nil {
		return fmt.Errorf("cannot write calibration: %w", err)
	}
	return replace(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

// ReadCalibration reads what WriteFile wrote, and nothing else.
func ReadCalibration(path string) (*CalibrationFile, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open calibration: %w", err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, largestCalibration+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read calibration %s: %w", path, err)
	}
	f, err := DecodeCalibration(raw)
	if err != nil {
		return nil, fmt.Errorf("cannot use calibration %s: %w; make it with iolaus calibrate", path, err)
	}
	return f, nil
}

// DecodeCalibration is strict: the one form of a valid file, or an error that
// names the field.
func DecodeCalibration(raw []byte) (*CalibrationFile, error) {
	if len(raw) > largestCalibration {
		return nil, fmt.Errorf("it has more than %d bytes", largestCalibration)
	}
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.Format != calibrationFormat {
		return nil, fmt.Errorf("it is not a calibration: format is not %q", calibrationFormat)
	}
	if head.Version != calibrationVersion {
		return nil, fmt.Errorf("version is %d; this program reads %d", head.Version, calibrationVersion)
	}
	var f CalibrationFile
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	if err := f.validate(); err != nil {
		return nil, err
	}
	if again, err := f.Encode(); err != nil || !bytes.Equal(again, raw) {
		return nil, errors.New("it is not in its one form: it was changed by hand")
	}
	return &f, nil
}

func (f *CalibrationFile) validate() error {
	for _, x := range []struct {
		field string
		n     int64
	}{
		{"slices", int64(f.Slices)}, {"span_seconds", f.Span}, {"step_seconds", f.Step}, {"accounts", int64(f.Accounts)}, {"exchanges", int64(f.Exchanges)},
	} {
		if x.n < 1 || x.n > mostCounted {
			return fmt.Errorf("%s: %d is not 1 to %d", x.field, x.n, int64(mostCounted))
		}
	}
	switch {
	case f.LeftOut < 0:
		return errors.New("accounts_left_out: below 0")
	case !(f.Hostile >= 0 && f.Hostile <= mostHostile):
		return fmt.Errorf("hostile_share: %g is not 0 to %g", f.Hostile, mostHostile)
	case f.Until.Before(f.From):
		return errors.New("until: before from")
	case len(f.Segments) != int(hunt.Segments):
		return fmt.Errorf("segments: %d of %d", len(f.Segments), hunt.Segments)
	}
	for i, s := range f.Segments {
		switch {
		case s.Name != hunt.Segment(i).String():
			return fmt.Errorf("segments: the name of number %d is not %q", i+1, hunt.Segment(i).String())
		case s.Reached < 0 || s.Reached > s.Groups || s.Groups > s.Units || s.Units > s.Looks || int64(s.Looks) > mostCounted:
			return fmt.Errorf("segments: %s: not 0 <= reached <= sets <= units <= looks", s.Name)
		}
	}
	return f.Traffic.validate()
}
