package source

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
)

// readRegistry reads a registry from memory, and the rejects as text.
func readRegistry(t *testing.T, content []byte) ([]exchange.Account, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "registry")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	all, err := Registry(path, func(r Reject) {
		r.File = "registry"
		json.NewEncoder(&told).Encode(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, told.String()
}

// TestRegistry: the same accounts from JSON lines, from a list and from CSV, plain,
// compressed or with a byte order mark.
func TestRegistry(t *testing.T) {
	want := []exchange.Account{
		{ID: "a1", Created: time.Date(2024, 5, 24, 23, 0, 0, 0, time.UTC), EmailDomain: "example.com", EmailPattern: "aaaa.aaa99",
			Payment: "card_1", BINCountry: "SG", PhoneCountry: "SE", BillCountry: "DE", Org: "o1", OrgName: `Ex "A", Ltd`,
			Programme: "startup", Verified: true, Plan: "pro", Banned: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		{ID: "a2", Created: time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	lines := `{"account_id":"a1","created_at":"2024-05-24T23:00:00Z","email_domain":"Example.com","email_local_pattern":"aaaa.aaa99","payment_fingerprint":"card_1","payment_bin_country":"SG","phone_country":"SE","billing_country":"DE","org_id":"o1","org_name":"Ex \"A\", Ltd","programme":"startup","verified":true,"plan":"pro","status":"banned","banned_at":"2026-01-02T03:04:05Z"}
{"account_id":"a2","created_at":"2012-01-01","org_id":null,"status":"active"}`
	table := "\xef\xbb\xbfAccount_ID,created_at,email_domain,email_local_pattern,payment_fingerprint,payment_bin_country,phone_country,billing_country,org_id,org_name,programme,verified,plan,status,banned_at\r\n" +
		`a1,2024-05-24T23:00:00Z,example.com,aaaa.aaa99,card_1,SG,SE,DE,o1,"Ex ""A"", Ltd",startup,true,pro,banned,2026-01-02T03:04:05Z` + "\r\na2,2012-01-01\r\n"
	for name, content := range map[string][]byte{
		"lines": []byte(lines), "table": []byte(table), "gzip": packed(t, []byte(lines), 1), "zstd": packed(t, []byte(table), 2),
		"list": []byte("[" + strings.Replace(lines, "}\n{", "},\n {", 1) + "]\n"), "marked": []byte("\xef\xbb\xbf\n" + lines)} {
		got, rejects := readRegistry(t, content)
		if !reflect.DeepEqual(got, want) || rejects != "" {
			t.Errorf("%s:\n%+v\nwant\n%+v\nrejects %s", name, got, want, rejects)
		}
	}
	if got, rejects := readRegistry(t, nil); len(got) != 0 || rejects != "" {
		t.Errorf("empty: %v, %s", got, rejects)
	}
	if _, err := Registry(filepath.Join(t.TempDir(), "none"), nil); err == nil {
		t.Error("a missing registry is no error")
	}
}

// TestRegistryBad: what cannot be used is told, and the rest is used.
func TestRegistryBad(t *testing.T) {
	lines := `{"account_id":"a1","shoe_size":44,"created_at":"soon"}
not json
{"created_at":"2024-05-24T23:00:00Z"}
{"account_id":"a2","shoe_size":45,"status":"banned"}
{"account_id":"a3"`
	got, rejects := readRegistry(t, []byte(lines))
	for _, a := range got {
		rejects += "used " + a.ID + "\n"
	}
	table := "account_id,shoe_size\n,44\na4,45,more\n\"a5\n"
	more, told := readRegistry(t, []byte(table))
	for _, a := range more {
		told += "used " + strings.TrimSpace(a.ID) + "\n"
	}
	golden(t, "registry.bad.golden", rejects+"\n"+told)
}

// TestExpand: files, folders, globs and stdin, each once.
func TestExpand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.jsonl", "b.json.gz", "sub/c.ndjson.zst", "sub/deep/d.log", "notes.txt", "e.jsonl.bak"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := func(args []string, want string) {
		t.Helper()
		var in []string
		for i, a := range args {
			if a != "-" {
				args[i] = filepath.Join(dir, a)
			}
		}
		all, err := Expand(args, strings.NewReader("x"))
		for _, i := range all {
			in = append(in, strings.TrimPrefix(i.Name, dir+"/"))
		}
		if err != nil {
			in = append(in, "error")
		}
		if got := strings.Join(in, " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f([]string{""}, "a.jsonl b.json.gz sub/c.ndjson.zst sub/deep/d.log")
	f([]string{"notes.txt", "-", "./notes.txt", "-"}, "notes.txt stdin")
	f([]string{"*.jsonl*", "sub"}, "a.jsonl e.jsonl.bak sub/c.ndjson.zst sub/deep/d.log")
	f([]string{"none.jsonl"}, "error")
	f([]string{"none*"}, "error")
	os.Mkdir(filepath.Join(dir, "empty"), 0o700)
	f([]string{"empty"}, "error")
}
