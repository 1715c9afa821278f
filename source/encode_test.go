package source

import (
	"math"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
)

// FuzzRoundTrip writes any exchange as a canonical line and reads the same back,
// but for bytes that are not UTF-8 and numbers that JSON cannot hold.
func FuzzRoundTrip(f *testing.F) {
	f.Add("id\x00", "text\n\"\\\u2028", "\xff你", int64(1785715249624), int64(-7), 0.25, true)
	f.Add("", "", "", int64(0), int64(0), math.NaN(), false)
	canon, err := formatNamed("canonical")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b, c string, ms, n int64, d float64, flag bool) {
		want := *anyExchange(a, b, c, ms, n, d, flag)
		line := AppendCanonical(nil, &want)
		mend(reflect.ValueOf(&want).Elem())
		read := 0
		back := decoder{f: canon, reject: func(field, reason, _ string) { t.Fatalf("%s %s: %q", field, reason, line) }}
		back.emit = func(x *exchange.Exchange) {
			read++
			if !reflect.DeepEqual(*x, want) {
				t.Fatalf("got  %+v\nwant %+v", *x, want)
			}
		}
		back.line(slices.Clone(line[:len(line)-1]))
		if read != 1 {
			t.Fatalf("read %d exchanges", read)
		}
	})
}

// anyExchange is one exchange with something in each field, made of a fuzzer's values.
func anyExchange(a, b, c string, ms, n int64, d float64, flag bool) *exchange.Exchange {
	at := time.UnixMilli(1500000000000 + ms&(1<<40-1)).UTC()
	k := int(n % 1e9)
	x := &exchange.Exchange{ID: a + "x", Time: at, FirstToken: at.Add(time.Millisecond), End: at.Add(time.Duration(k&0xffff) * time.Microsecond),
		Account: b + "x", Key: c, Org: a, Team: b, SubAccount: c + "y", Session: a, Address: netip.AddrFrom4([4]byte{byte(k), 1, 2, 3}),
		UserAgent: b, TLS: c, Provider: a, Operation: b, Model: c, Served: a, Endpoint: b, Region: c, System: a, Output: b, Finish: c,
		Params: exchange.Params{MaxTokens: k, N: k, Seed: &n, Stream: flag, Logprobs: !flag, Reasoning: a},
		Turns:  []exchange.Turn{{Role: a, Text: b}, {Role: b, Text: c}}, Tools: []exchange.Tool{{Name: c, Schema: a}},
		Calls: []exchange.Call{{Name: a, Arguments: c}}, Signatures: []exchange.Signature{{Value: b, Issued: flag}},
		Usage:  exchange.Usage{Input: k, Output: k, CacheRead: k, CacheWrite: k, Reasoning: k},
		Failed: flag, ErrorCode: k, Error: a, ResponseID: b, PreviousResponse: c, Truncated: flag,
		ServedRegion: a, Fallbacks: max(0, k), KeyName: b, TeamName: c}
	if !math.IsNaN(d) && !math.IsInf(d, 0) {
		x.Params.Temperature, x.Usage.Cost = &d, d
	}
	return x
}

// mend makes every string of an exchange UTF-8, as a line does.
func mend(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(string([]rune(v.String()))))
	case reflect.Slice:
		for i := range v.Len() {
			mend(v.Index(i))
		}
	case reflect.Struct:
		if v.Type().PkgPath() == "iolaus/exchange" {
			for i := range v.NumField() {
				mend(v.Field(i))
			}
		}
	}
}

// TestEveryField: no field of an exchange is forgotten by the canonical line.
func TestEveryField(t *testing.T) {
	var want exchange.Exchange
	fill(reflect.ValueOf(&want).Elem())
	want.SubAccount = "another" // one that is the account itself is none
	line := AppendCanonical(nil, &want)
	obeysSchema(t, string(line))
	canon, err := formatNamed("canonical")
	if err != nil {
		t.Fatal(err)
	}
	d := decoder{f: canon, reject: func(field, reason, _ string) { t.Fatalf("%s %s: %s", field, reason, line) }}
	d.emit = func(x *exchange.Exchange) {
		if !reflect.DeepEqual(*x, want) {
			t.Errorf("got  %+v\nwant %+v\nline %s", *x, want, line)
		}
	}
	d.line(slices.Clone(line[:len(line)-1]))
}

// fill gives every field a value.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(day))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.MustParseAddr("2001:db8::1")))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("s")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}
