package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/exchange"
	"iolaus/lockstep"
	"iolaus/observe"
	"iolaus/sketch"
	"iolaus/source"
)

// A log of sightings says who touched what, and when, and no more. It can show
// that accounts act together; what for, it cannot show.

const (
	networksFile = "networks.jsonl"
	sightingsLog = "sightings"
	anyOrder     = 90 * 365 * 24 * time.Hour // disorder that makes no line late
)

// isSightings says whether the log is to be read, or reads, as sightings.
func (d *detection) isSightings(args []string) bool {
	if d.source.Format != "" {
		return d.source.Format == sightingsLog
	}
	in, err := source.Expand(args, strings.NewReader(""))
	if err != nil || len(in) == 0 || !in[0].Again {
		return false
	}
	name, _, err := source.Tell(in[0])
	return err == nil && name == sightingsLog
}

// sighted is what one line leaves. The hash of its object is kept nowhere, so it
// needs no key.
type sighted struct {
	account string
	object  uint64
}

// sighting makes a function that reads one line.
func sighting() func(*exchange.Exchange, *sighted) {
	return func(x *exchange.Exchange, s *sighted) {
		*s = sighted{strings.Clone(x.Account), sketch.Key{}.Hash(byte(exchange.Item), x.Newest())}
	}
}

// A crowd is what all lines leave: accounts by number, and what they touched.
type crowd struct {
	names   []string
	touches []lockstep.Touch
	number  map[string]uint32
}

func (c *crowd) take(t time.Time, s *sighted) error {
	n, ok := c.number[s.account]
	if !ok {
		if c.number == nil {
			c.number = map[string]uint32{}
		}
		n = uint32(len(c.names))
		c.number[s.account] = n
		c.names = append(c.names, s.account)
	}
	c.touches = append(c.touches, lockstep.Touch{Account: n, Object: s.object, Time: t.Unix()})
	return nil
}

// network is a line of networks.jsonl.
type network struct {
	ID       string    `json:"network_id"`
	Purpose  string    `json:"purpose"` // always unknown
	Links    int       `json:"links"`
	Objects  int       `json:"objects"`
	Own      int       `json:"objects_of_their_own"`
	Window   float64   `json:"window_seconds"`
	Lag      float64   `json:"median_lag_seconds"`
	First    time.Time `json:"first_seen"`
	Last     time.Time `json:"last_seen"`
	Surprise float64   `json:"surprise_nats"`
	Accounts []string  `json:"accounts"`
}

func (d *detection) runSightings(cmd *cobra.Command, args []string) error {
	if err := os.MkdirAll(d.out, 0o700); err != nil {
		return fmt.Errorf("cannot make output directory: %w", err)
	}
	owners, err := d.ownersOf(cmd)
	if err != nil {
		return err
	}
	in, err := source.Expand(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	rejected, closeRejected, err := rejects(filepath.Join(d.out, app.RejectedFile))
	if err != nil {
		return err
	}
	o := d.source.Options
	o.Format, o.Reject = sightingsLog, rejected
	if !cmd.Flags().Changed("disorder") {
		o.Disorder = anyOrder
	}
	bar := newProgress(cmd.ErrOrStderr())
	o.Progress = bar.show
	var seen crowd
	stats, err := source.Scan(cmd.Context(), in, o, sighting, seen.take)
	bar.clear()
	if err := errors.Join(err, closeRejected()); err != nil {
		return exitCode{exitBroken, err}
	}
	r := lockstep.Find(owners.keep(seen.touches, seen.names), lockstep.Options{Owner: owners.of(seen.names)})
	ns := make([]network, len(r.Networks))
	for i, n := range r.Networks {
		ns[i] = named(n, seen.names)
	}
	if err := writeNetworks(d.out, ns); err != nil {
		return exitCode{exitBroken, err}
	}
	if d.asJSON {
		return encodeNetworks(cmd.OutOrStdout(), ns)
	}
	printNetworks(cmd.OutOrStdout(), ns, &r, d.out)
	printRejects(cmd.ErrOrStderr(), stats, d.out)
	return nil
}

// owners is what the registry and the allow list say.
type owners struct {
	owner   map[string]string
	allowed map[string]string
}

func (d *detection) ownersOf(cmd *cobra.Command) (o owners, err error) {
	o.owner = map[string]string{}
	if d.allow != "" {
		if o.allowed, err = app.Allow(d.allow); err != nil {
			return o, err
		}
	}
	if d.accounts == "" {
		return o, nil
	}
	accounts, err := registry(cmd.ErrOrStderr(), d.accounts)
	for i := range accounts {
		a := &accounts[i]
		o.owner[a.ID] = observe.ReadSignUp(sketch.Key{}, a).Owner
		if reason, ok := o.allowed[a.Org]; ok && a.Org != "" {
			o.allowed[a.ID] = reason
		}
	}
	return o, err
}

// keep leaves out the accounts that are never to be named.
func (o owners) keep(touches []lockstep.Touch, names []string) []lockstep.Touch {
	if len(o.allowed) == 0 {
		return touches
	}
	return slices.DeleteFunc(touches, func(t lockstep.Touch) bool {
		_, ok := o.allowed[names[t.Account]]
		return ok
	})
}

// of numbers the owners: accounts of one firm are one owner's.
func (o owners) of(names []string) func(uint32) uint32 {
	first := map[string]uint32{}
	owner := make([]uint32, len(names))
	for i, n := range names {
		owner[i] = uint32(i)
		if firm := o.owner[n]; firm != "" {
			if _, ok := first[firm]; !ok {
				first[firm] = uint32(i)
			}
			owner[i] = first[firm]
		}
	}
	return func(a uint32) uint32 { return owner[a] }
}

// named gives a network its accounts' names and one of its own, which follows
// from them and from its first day.
func named(n lockstep.Network, names []string) network {
	out := network{Purpose: "unknown", Links: n.Links, Objects: n.Objects, Own: n.Own, Window: n.Window.Seconds(), Lag: n.Lag.Seconds(),
		First: time.Unix(n.First, 0).UTC(), Last: time.Unix(n.Last, 0).UTC(), Surprise: n.Surprise}
	for _, a := range n.Accounts {
		out.Accounts = append(out.Accounts, names[a])
	}
	slices.Sort(out.Accounts)
	h := fnv.New32a()
	for _, a := range out.Accounts {
		io.WriteString(h, a+"\n")
	}
	out.ID = fmt.Sprintf("n-%s-%04x", out.First.Format("20060102"), h.Sum32()&0xffff)
	return out
}

func writeNetworks(dir string, ns []network) error {
	path := filepath.Join(dir, networksFile)
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err := errors.Join(encodeNetworks(f, ns), f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

func encodeNetworks(w io.Writer, ns []network) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range ns {
		if err := enc.Encode(&ns[i]); err != nil {
			return err
		}
	}
	return nil
}

func printNetworks(w io.Writer, ns []network, r *lockstep.Result, dir string) {
	if len(ns) == 0 {
		fmt.Fprintln(w, "No network found.")
	} else {
		fmt.Fprintf(w, "%-15s %8s %6s %8s %5s %7s %7s  %-16s %-16s  %s\n", "NETWORK", "ACCOUNTS", "LINKS", "OBJECTS", "OWN", "WITHIN", "MEDIAN", "FIRST SEEN", "LAST SEEN", "GOES FOR")
		for _, n := range ns {
			fmt.Fprintf(w, "%-15s %8d %6d %8d %5d %6.0fs %6.0fs  %-16s %-16s  %s\n", n.ID, len(n.Accounts), n.Links, n.Objects, n.Own, n.Window, n.Lag,
				n.First.Format("2006-01-02 15:04"), n.Last.Format("2006-01-02 15:04"), n.Purpose)
		}
		fmt.Fprintf(w, "\nWho: %s\n", filepath.Join(dir, networksFile))
	}
	if r.Pairs > 0 {
		fmt.Fprintf(w, "%s more pairs act together, too few for a network\n", humanize.Comma(int64(r.Pairs)))
	}
	fmt.Fprintf(w, "Of %s accounts and %s objects. The log says who touched what together, not what for: purpose is unknown, and nobody is accused.\n",
		humanize.Comma(int64(r.Accounts)), humanize.Comma(int64(r.Objects)))
}

// printRejects says what was read and what was not.
func printRejects(w io.Writer, s source.Stats, dir string) {
	fmt.Fprintf(w, "\nRead %s sightings from %s of log", humanize.Comma(int64(s.Exchanges)), humanize.IBytes(uint64(s.Text)))
	if s.Others > 0 {
		fmt.Fprintf(w, "; %s lines without an object", humanize.Comma(int64(s.Others)))
	}
	fmt.Fprintln(w)
	printUnused(w, s, dir)
}
