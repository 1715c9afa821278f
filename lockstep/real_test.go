package lockstep_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"iolaus/lockstep"
)

// shares reads a log of the data folder, which lies beside the repository.
func shares(t *testing.T, name, object, at string) []lockstep.Touch {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", "coord", name))
	if err != nil {
		t.Skip("the data folder is not beside the repository")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	number := map[string]uint32{}
	var out []lockstep.Touch
	for sc := bufio.NewScanner(z); sc.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line[object] == nil {
			continue
		}
		a, ok := number[line["account_id"].(string)]
		if !ok {
			a = uint32(len(number))
			number[line["account_id"].(string)] = a
		}
		b, _ := json.Marshal(line[object])
		h := fnv.New64a()
		h.Write(b)
		out = append(out, lockstep.Touch{Account: a, Object: h.Sum64(), Time: int64(line[at].(float64))})
	}
	return out
}

// What the two public logs give stands in doc/coordination.md. Neither has labels:
// the test holds what is there without them. A shuffled log gives nothing.
func TestRealLogs(t *testing.T) {
	for _, c := range []struct {
		name, object, at string
		networks         int     // at least
		share            float64 // of the log's accounts in networks, at most
	}{
		{"coortweet_russian_coord_tweets.jsonl.gz", "object_id", "timestamp_share", 5, 0.01},
		{"coortweet_german_elections.jsonl.gz", "url_id", "timestamp", 15, 0.03},
	} {
		touches := shares(t, c.name, c.object, c.at)
		r := lockstep.Find(touches, lockstep.Options{})
		in := 0
		for _, n := range r.Networks {
			in += len(n.Accounts)
			if n.Links < len(n.Accounts)-1 || n.Objects < 3 || n.Lag > n.Window {
				t.Errorf("%s: %+v", c.name, n)
			}
		}
		t.Logf("%s: %d networks of %d accounts; %d pairs, %d links, %d pairs tested", c.name, len(r.Networks), in, r.Pairs, r.Links, r.Tested)
		if len(r.Networks) < c.networks || float64(in) > c.share*float64(r.Accounts) {
			t.Errorf("%s: %d networks of %d accounts", c.name, len(r.Networks), in)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		byDay := map[int64][]int{}
		for i, x := range touches {
			byDay[x.Time/86400] = append(byDay[x.Time/86400], i)
		}
		for _, day := range slices.Sorted(maps.Keys(byDay)) {
			rows := byDay[day]
			rng.Shuffle(len(rows), func(i, j int) {
				i, j = rows[i], rows[j]
				touches[i].Account, touches[j].Account = touches[j].Account, touches[i].Account
			})
		}
		if r := lockstep.Find(touches, lockstep.Options{}); len(r.Networks) > 0 {
			t.Errorf("%s, shuffled: %d networks", c.name, len(r.Networks))
		}
	}
}
