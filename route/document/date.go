package document

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A Date is a calendar day, written as 2026-11-24. The zero Date is "not given".
type Date struct {
	time.Time
	bad string // what stood there, when it is no day: Read says so with its line
}

// UnmarshalText reads a day.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		d.bad = string(b)
		return nil
	}
	*d = Date{Time: t}
	return nil
}

// MarshalText writes the day; the zero Date is empty.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String returns the day, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

// badDates records every date in v that is no day. Path is where v stands.
func (f *File) badDates(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			f.badDates(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.badDates(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Date]() {
			if bad := v.Field(1).String(); bad != "" {
				f.Wrong(path, "write a day such as 2026-11-24", "%q is not a date", bad)
			}
			return
		}
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name != "" && name != "-" {
				f.badDates(strings.TrimPrefix(path+"."+name, "."), v.Field(i))
			}
		}
	}
}
