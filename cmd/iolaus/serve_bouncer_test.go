package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeBouncer: a bouncer of CrowdSec's family follows the feed with
// deploy/crowdsec: what is in force, what comes, and what ends.
func TestServeBouncer(t *testing.T) {
	bouncer := needs(t, "crowdsec-custom-bouncer")
	serve, _ := guarded(t)
	dir := t.TempDir()
	did := filepath.Join(dir, "did")
	script := filepath.Join(dir, "on-decision")
	write(t, script, fmt.Sprintf("#!/bin/sh\necho \"$1 $2 $4\" >> %s\n", did))
	if err := os.Chmod(script, 0o700); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "bouncer.yaml")
	write(t, config, strings.NewReplacer("127.0.0.1:4717", serve.addr, "TOKEN ", askToken+" ", "/usr/local/bin/on-decision", script, " 10s", " 1s",
		"/run/", dir+"/").Replace(read(t, "../../deploy/crowdsec/bouncer.yaml")))
	spawn(t, exec.CommandContext(context.Background(), bouncer, "-c", config))
	has := func(line string) func() bool {
		return func() bool {
			b, _ := os.ReadFile(did)
			return strings.Contains(string(b), line+"\n")
		}
	}
	for _, account := range []string{"acct-bad", "acct-held", "acct-slow"} {
		until(t, account+" told", has("add "+account+" iolaus/by-order"))
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(serve.order(t, "acct-new", `"block"`)), &made); err != nil || made.ID == "" {
		t.Fatalf("the order has no id: %v", err)
	}
	until(t, "acct-new told", has("add acct-new iolaus/by-order"))
	serve.send(t, "DELETE", "/v1/measures/"+made.ID+"?by=ana&reason=a+mistake", "")
	until(t, "acct-new let go", has("del acct-new iolaus/by-order"))
	for _, line := range strings.Split(strings.TrimSpace(read(t, did)), "\n") {
		if line == "del acct-new iolaus/by-order" {
			continue
		}
		if name := strings.Fields(line); len(name) != 3 || name[0] != "add" || name[1] == "acct-label" {
			t.Errorf("the bouncer was told %q", line)
		}
	}
}
