package journal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"iolaus/exchange"
)

var (
	day0 = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	ours = Identity{Key: "k1", Signals: 3, Tool: "v0"}
)

// randomTrace fills every field of a trace, now and then with its extremes.
func randomTrace(rng *rand.Rand, at time.Time) exchange.Trace {
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	t := exchange.Trace{
		ID: rng.Uint64(), Time: at, Account: fmt.Sprint("account-", rng.IntN(40)), Org: pick("", "o1", "o2"),
		Model: pick("", "m-large", "m-small", "m\x00\xff"), Capability: exchange.Capability(rng.IntN(int(exchange.Capabilities))),
		Failed: rng.IntN(5) == 0, Input: int32(rng.Uint32()), Output: int32(rng.IntN(2000)),
	}
	if rng.IntN(3) == 0 {
		t.SubAccount = 1 + rng.Uint64N(30)
	}
	if t.Failed {
		t.ErrorCode = int16(rng.IntN(1 << 16))
	}
	for range rng.IntN(exchange.MaxObservables + 1) {
		t.Leave(exchange.NewObservable(exchange.Kind(1+rng.IntN(int(exchange.Kinds)-1)), mul(rng.Uint64N(500))))
	}
	return t
}

func mul(x uint64) uint64 { return x * 0x9e3779b97f4a7c15 }

// record is what a journal should give back: per step its traces.
type record struct {
	steps [][]exchange.Trace
	ends  []time.Time
}

// fill appends steps to a journal and remembers them.
func fill(t *testing.T, j *Journal, rng *rand.Rand, want *record, at time.Time, steps int) time.Time {
	t.Helper()
	return fillUpTo(t, j, rng, want, at, steps, 60)
}

// fillUpTo does so with less than most traces a step.
func fillUpTo(t *testing.T, j *Journal, rng *rand.Rand, want *record, at time.Time, steps, most int) time.Time {
	t.Helper()
	for range steps {
		var step []exchange.Trace
		for range rng.IntN(most) {
			at = at.Add(time.Duration(rng.IntN(400)) * time.Second)
			if rng.IntN(20) == 0 {
				at = at.Add(time.Duration(rng.IntN(1e9)))
			}
			x := randomTrace(rng, at)
			if err := j.Append(&x); err != nil {
				t.Fatal(err)
			}
			step = append(step, x)
		}
		at = at.Add(time.Minute)
		mark := Mark{Name: fmt.Sprint("log", rng.IntN(3)), Size: 100, Head: rng.Uint64(), Offset: int64(rng.IntN(100)), Line: 7, Newest: at}
		if err := j.Commit(at, []Mark{mark}); err != nil {
			t.Fatal(err)
		}
		want.steps, want.ends = append(want.steps, step), append(want.ends, at)
	}
	return at
}

// check replays dir and compares it with the first steps of want.
func check(t *testing.T, dir string, want record, steps int) State {
	t.Helper()
	var got [][]exchange.Trace
	state, err := Replay(dir, ours, func(step uint64, x *exchange.Trace) error {
		for uint64(len(got)) < step {
			got = append(got, nil)
		}
		got[step-1] = append(got[step-1], *x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if state.Step != uint64(steps) {
		t.Fatalf("%d steps, want %d; cut %v", state.Step, steps, state.Cut)
	}
	for len(got) < steps {
		got = append(got, nil)
	}
	n := uint64(0)
	for i := range steps {
		n += uint64(len(got[i]))
		if !slices.Equal(got[i], want.steps[i]) {
			t.Fatalf("step %d is not what was appended", i+1)
		}
	}
	if state.Traces != n || len(got) != steps || steps > 0 && !state.Until.Equal(want.ends[steps-1]) {
		t.Fatalf("state %+v of %d steps and %d traces", state, steps, n)
	}
	return state
}

// TestRoundTrip holds that a journal gives back what was appended, over several
// runs and days.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 1))
		dir := filepath.Join(t.TempDir(), "traces")
		var want record
		at := day0
		for range 4 {
			j, err := Open(dir, ours)
			if err != nil {
				t.Fatal(err)
			}
			at = fill(t, j, rng, &want, at, rng.IntN(30))
			if err := j.Sync(); err != nil {
				t.Fatal(err)
			}
			live := j.State()
			x := randomTrace(rng, at) // never committed
			if err := j.Append(&x); err != nil {
				t.Fatal(err)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			state := check(t, dir, want, len(want.steps))
			if live.Step != state.Step || live.Traces != state.Traces || !reflect.DeepEqual(live.Marks, state.Marks) {
				t.Fatalf("the writer says %+v, the reader %+v", live, state)
			}
		}
		valid(t, dir)
	}
}

// valid holds that every file is one that any zstd tool can read.
func valid(t *testing.T, dir string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*.zst"))
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.DecodeAll(b, nil); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
	if len(files) == 0 {
		t.Error("no files")
	}
}

// TestEveryField holds that no field of a trace is forgotten when one is added.
func TestEveryField(t *testing.T) {
	var x exchange.Trace
	v := reflect.ValueOf(&x).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprint("s", i))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			f.SetInt(int64(i) + 1)
		case reflect.Uint8:
			f.SetUint(2)
		case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			f.SetUint(uint64(i) + 1)
		case reflect.Array:
			f.Index(0).SetUint(uint64(exchange.NewObservable(exchange.Item, 5)))
			f.Index(1).SetUint(uint64(exchange.NewObservable(exchange.Phrase, 6)))
		case reflect.Struct:
			f.Set(reflect.ValueOf(day0))
		default:
			t.Fatalf("field %s is of a kind this test does not know", v.Type().Field(i).Name)
		}
	}
	dir := t.TempDir()
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Append(&x), j.Commit(day0, nil), j.Close()); err != nil {
		t.Fatal(err)
	}
	check(t, dir, record{steps: [][]exchange.Trace{{x}}, ends: []time.Time{day0}}, 1)
}

// TestTornAnywhere holds that a file cut at any byte gives the steps before it
// whole, that Open says what it cut, and that the journal goes on.
func TestTornAnywhere(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	dir := t.TempDir()
	var want record
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	fillUpTo(t, j, rng, &want, day0, 4, 5)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	whole, err := os.ReadFile(files[0])
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	ends := stepEnds(t, whole)
	for n := range len(whole) {
		if near := slices.ContainsFunc(ends, func(e int) bool { return e-2 < n && n < e+headPrefix+2 }); !near && n%9 != 0 {
			continue
		}
		torn := t.TempDir()
		path := filepath.Join(torn, filepath.Base(files[0]))
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		steps := 0
		for steps < len(ends) && ends[steps] <= n {
			steps++
		}
		check(t, torn, want, steps) // reading alone changes nothing
		j, err := Open(torn, ours)
		if err != nil {
			t.Fatal(err)
		}
		whole := n == 0 || steps > 0 && ends[steps-1] == n || steps == 0 && n == fileHead(whole)
		if cut := j.State().Cut; (len(cut) == 0) != whole {
			t.Fatalf("cut at %d: %v", n, cut)
		}
		after := record{slices.Clone(want.steps[:steps]), slices.Clone(want.ends[:steps])}
		fillUpTo(t, j, rng, &after, day0.Add(48*time.Hour), 1, 5)
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if s := check(t, torn, after, steps+1); len(s.Cut) > 0 {
			t.Fatalf("still cut after mending: %v", s.Cut)
		}
	}
}

// fileHead is the length of a file's own head.
func fileHead(file []byte) int {
	_, n, _, _ := prefix(file)
	return headPrefix + n
}

// stepEnds is where each committed step ends.
func stepEnds(t *testing.T, file []byte) (ends []int) {
	t.Helper()
	for at := fileHead(file); at < len(file); {
		_, n, _, ok := prefix(file[at:])
		h, err := parseHead(file[at+headPrefix : at+headPrefix+n])
		if !ok || err != nil {
			t.Fatal("no head at", at)
		}
		at += headPrefix + n + h.packed
		if h.commit {
			ends = append(ends, at)
		}
	}
	return ends
}

// TestDamage holds that one flipped bit never passes: either the step is cut, or
// reading is refused.
func TestDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	dir := t.TempDir()
	var want record
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	fillUpTo(t, j, rng, &want, day0, 3, 8)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	whole, _ := os.ReadFile(files[0])
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 1 << rng.IntN(8)
		if err := os.WriteFile(files[0], bad, 0o600); err != nil {
			t.Fatal(err)
		}
		var got []exchange.Trace
		state, err := Replay(dir, ours, func(_ uint64, x *exchange.Trace) error { got = append(got, *x); return nil })
		if err == nil && len(state.Cut) == 0 {
			t.Fatalf("byte %d flipped and nobody says so", i)
		}
		all := slices.Concat(want.steps...)
		if !slices.Equal(got, all[:len(got)]) {
			t.Fatalf("byte %d flipped: wrong traces", i)
		}
	}
}

// TestLongStep holds that a step of several frames is there whole or not at all.
func TestLongStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	dir := t.TempDir()
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	var step []exchange.Trace
	for i := range 2*maxTraces + 10 {
		x := randomTrace(rng, day0.Add(time.Duration(i)*time.Second)) // more than a day in one step
		step = append(step, x)
		if err := j.Append(&x); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	check(t, dir, record{}, 0)
	if err := errors.Join(j.Commit(day0.Add(96*time.Hour), nil), j.Close()); err != nil {
		t.Fatal(err)
	}
	check(t, dir, record{[][]exchange.Trace{step}, []time.Time{day0.Add(96 * time.Hour)}}, 1)
}

// TestForeign holds that a journal of other rules is refused with a remedy, and
// left alone.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	var want record
	fill(t, j, rand.New(rand.NewPCG(1, 1)), &want, day0, 2)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []Identity{{Key: "k2", Signals: 3}, {Key: "k1", Signals: 4}} {
		if _, err := Open(dir, id); !errors.Is(err, ErrForeign) {
			t.Errorf("%+v: %v", id, err)
		} else {
			t.Log(err)
		}
	}
	check(t, dir, want, 2)
	if err := os.WriteFile(filepath.Join(dir, "20260701-000009.zst"), []byte("somebody else's file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, ours); !errors.Is(err, ErrForeign) {
		t.Error("an alien file:", err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "20260701-000009.zst")); len(b) == 0 {
		t.Error("an alien file was touched")
	}
}

func TestRefuses(t *testing.T) {
	j, err := Open(t.TempDir(), ours)
	if err != nil {
		t.Fatal(err)
	}
	if j.Append(&exchange.Trace{}) == nil {
		t.Error("a trace without a time")
	}
	if j.Append(&exchange.Trace{Time: day0, Account: string(make([]byte, maxName+1))}) == nil {
		t.Error("an endless name")
	}
	if j.Commit(time.Time{}, nil) == nil {
		t.Error("a step without a time")
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// TestStop holds that an error of the taker comes back as it is.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	var want record
	fill(t, j, rand.New(rand.NewPCG(2, 1)), &want, day0, 3)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("enough")
	if _, err := Replay(dir, ours, func(uint64, *exchange.Trace) error { return stop }); err != stop {
		t.Error(err)
	}
	if s, err := Replay(filepath.Join(dir, "missing"), ours, nil); err != nil || s.Step != 0 {
		t.Error(s, err)
	}
}

// TestFolderFails holds that an error of the disk is told by what comes next,
// stops the writing, and costs no step that was synced before.
func TestFolderFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "traces")
	j, err := Open(dir, ours)
	if err != nil {
		t.Fatal(err)
	}
	var want record
	at := fillUpTo(t, j, rand.New(rand.NewPCG(3, 1)), &want, day0, 3, 20)
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	x := randomTrace(rand.New(rand.NewPCG(4, 1)), at.Add(48*time.Hour)) // a day of its own: a new file
	if err := errors.Join(j.Append(&x), j.Commit(x.Time, nil)); err != nil {
		t.Fatal(err)
	}
	if err := j.Sync(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Sync: %v", err)
	}
	if err := j.Append(&x); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Append: %v", err)
	}
	if err := j.Close(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Close: %v", err)
	}
	check(t, moved, want, 3)
}
