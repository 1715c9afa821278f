package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"iolaus/app"
	"iolaus/campaign"
	"iolaus/exchange"
	"iolaus/source"
)

// replay is what the command line of replay says.
type replay struct {
	to, token, accounts string
	speed               float64
	asJSON, stay        bool
	source              logFlags

	client  http.Client
	began   time.Time
	first   time.Time // of the log
	buf     []byte
	lines   int
	stored  int
	refused int
}

func newReplay() *cobra.Command {
	r := replay{client: http.Client{Timeout: 5 * time.Minute}}
	cmd := &cobra.Command{
		Use:   "replay [flags] LOG...",
		Short: "Send a log to a running serve, as if it happened now",
		Long: `Replay sends a log through the live ways in of a running serve, in the order of
its time: with --speed 60 an hour of it takes a minute, without --speed it goes
as fast as it is taken. At its end it asks serve to hunt in what is left and
prints the campaigns: the same ones that detect finds in the same log.`,
		Example: `  iolaus replay --accounts accounts.jsonl exchanges.jsonl.gz
  iolaus replay --speed 3600 logs/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&r.to, "to", "http://127.0.0.1:4717", "address of serve")
	f.StringVar(&r.token, "token-file", "", "file that holds the token")
	f.StringVar(&r.accounts, "accounts", "", "sign-up registry, sent first")
	f.Float64Var(&r.speed, "speed", 0, "event time per real time; 0 is as fast as possible")
	f.BoolVar(&r.asJSON, "json", false, "print the campaigns as JSON lines")
	f.BoolVar(&r.stay, "no-flush", false, "do not ask to hunt in the unfinished step at the end")
	r.source.flags(cmd)
	return cmd
}

func (r *replay) run(cmd *cobra.Command, args []string) error {
	if !strings.Contains(r.to, "://") {
		r.to = "http://" + r.to
	}
	if r.token != "" {
		text, err := os.ReadFile(r.token)
		if err != nil {
			return fmt.Errorf("cannot read the token: %w", err)
		}
		r.token = strings.TrimSpace(string(text))
	}
	if err := r.source.complete(cmd.ErrOrStderr()); err != nil {
		return err
	}
	in, err := source.Expand(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	if err := r.register(ctx); err != nil {
		return exitCode{exitBroken, err}
	}
	r.began = time.Now()
	stats, err := source.Scan(ctx, in, r.source.Options, encoder, func(t time.Time, line *[]byte) error { return r.add(ctx, t, *line) })
	if err == nil {
		err = r.send(ctx)
	}
	if err != nil {
		return exitCode{exitBroken, err}
	}
	spent := time.Since(r.began)
	fmt.Fprintf(cmd.ErrOrStderr(), "Sent %s exchanges in %s, %s/s; %s stored, %s refused\n", humanize.Comma(int64(stats.Exchanges)), spent.Round(time.Millisecond),
		humanize.Comma(int64(float64(stats.Exchanges)/spent.Seconds())), humanize.Comma(int64(r.stored)), humanize.Comma(int64(r.refused)))
	if r.stay {
		return nil
	}
	if _, err := r.call(ctx, http.MethodPost, "/v1/flush", nil); err != nil {
		return exitCode{exitBroken, err}
	}
	return r.show(ctx, cmd)
}

// encoder makes a function that turns exchanges into canonical lines.
func encoder() func(*exchange.Exchange, *[]byte) {
	return func(x *exchange.Exchange, out *[]byte) { *out = source.AppendCanonical(nil, x) }
}

// register sends the sign-up registry.
func (r *replay) register(ctx context.Context) error {
	if r.accounts == "" {
		return nil
	}
	text, err := os.ReadFile(r.accounts)
	if err != nil {
		return fmt.Errorf("cannot read the registry: %w", err)
	}
	head := http.Header{}
	switch {
	case bytes.HasPrefix(text, []byte("\x1f\x8b")):
		head.Set("Content-Encoding", "gzip")
	case bytes.HasPrefix(text, []byte("\x28\xb5\x2f\xfd")):
		head.Set("Content-Encoding", "zstd")
	}
	_, err = r.callWith(ctx, http.MethodPut, "/v1/accounts", text, head)
	return err
}

const (
	replayLines = 2000
	replayBytes = 4 << 20
)

// add puts one line into the batch in hand and keeps the pace.
func (r *replay) add(ctx context.Context, t time.Time, line []byte) error {
	if r.first.IsZero() {
		r.first = t
	}
	if r.speed > 0 {
		due := r.began.Add(time.Duration(float64(t.Sub(r.first)) / r.speed))
		if wait := time.Until(due); wait > 20*time.Millisecond {
			if err := r.send(ctx); err != nil {
				return err
			}
			timer := time.NewTimer(time.Until(due))
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	r.buf = append(r.buf, line...)
	if r.lines++; r.lines < replayLines && len(r.buf) < replayBytes {
		return nil
	}
	return r.send(ctx)
}

// send sends the batch in hand.
func (r *replay) send(ctx context.Context) error {
	if r.lines == 0 {
		return nil
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	z.Write(r.buf)
	z.Close()
	h, err := r.callWith(ctx, http.MethodPost, "/v1/exchanges", packed.Bytes(), http.Header{"Content-Encoding": {"gzip"}})
	if err != nil {
		return err
	}
	stored, _ := strconv.Atoi(h.head.Get("X-Iolaus-Stored"))
	refused, _ := strconv.Atoi(h.head.Get("X-Iolaus-Refused"))
	r.stored, r.refused = r.stored+stored, r.refused+refused
	r.buf, r.lines = r.buf[:0], 0
	return nil
}

// answer is what serve said.
type answer struct {
	head http.Header
	body []byte
}

func (r *replay) call(ctx context.Context, method, path string, body []byte) (*answer, error) {
	return r.callWith(ctx, method, path, body, http.Header{})
}

// callWith makes one request, and makes it again while serve is away, restarting
// or full: sending again is harmless.
func (r *replay) callWith(ctx context.Context, method, path string, body []byte, head http.Header) (*answer, error) {
	until := time.Now().Add(2 * time.Minute)
	for {
		a, code, err := r.once(ctx, method, path, body, head)
		switch {
		case err == nil && code < 300:
			return a, nil
		case err == nil && code != http.StatusTooManyRequests && code != http.StatusServiceUnavailable:
			return nil, fmt.Errorf("cannot %s %s: %d %s", method, path, code, strings.TrimSpace(string(a.body)))
		case err == nil:
			err = fmt.Errorf("%d %s", code, strings.TrimSpace(string(a.body)))
		}
		if ctx.Err() != nil || time.Now().After(until) {
			return nil, fmt.Errorf("cannot %s %s: %w", method, path, err)
		}
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

func (r *replay) once(ctx context.Context, method, path string, body []byte, head http.Header) (*answer, int, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.to+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header = head.Clone()
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return &answer{resp.Header, text}, resp.StatusCode, err
}

// show prints the campaigns as detect does.
func (r *replay) show(ctx context.Context, cmd *cobra.Command) error {
	a, err := r.call(ctx, http.MethodGet, "/v1/campaigns", nil)
	if err != nil {
		return exitCode{exitBroken, err}
	}
	if r.asJSON {
		_, err := cmd.OutOrStdout().Write(a.body)
		return err
	}
	var report app.Report
	d := json.NewDecoder(bytes.NewReader(a.body))
	for {
		c := &campaign.Campaign{}
		if err := d.Decode(c); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return exitCode{exitBroken, fmt.Errorf("cannot read the campaigns: %w", err)}
		}
		report.Raised = append(report.Raised, c)
	}
	printReport(cmd.OutOrStdout(), &report, "DATA")
	return nil
}
