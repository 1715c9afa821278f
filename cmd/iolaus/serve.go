package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"iolaus/app"
)

func newServe() *cobra.Command {
	var config, listen, data string
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Watch the traffic and answer the gateway",
		Long: `Serve takes exchanges as they happen, hunts in them continuously, and answers
the gateway before a request reaches the model. It needs nothing else: the log
in front of everything, the ledger and the hunt are inside. Without a
configuration it listens on this machine only, keeps its data in ./iolaus-data
and decides in shadow: it says what it would do and does nothing. A SIGHUP reads
the configuration again.`,
		Example: `  iolaus serve
  iolaus serve --config /etc/iolaus.yaml
  curl -d '{"account":"acct-1"}' http://127.0.0.1:4717/v1/decide`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			read := func() (*app.Config, error) { return serveConfig(config, listen, data) }
			c, err := read()
			if err != nil {
				return err
			}
			log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
			err = app.Serve(cmd.Context(), c, log, func(addr string) {
				fmt.Fprintf(cmd.OutOrStdout(), "iolaus listens on %s\n", addr)
			}, reloads(cmd, log, read))
			if err != nil {
				return exitCode{exitBroken, err}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&config, "config", "", "configuration file")
	f.StringVar(&listen, "listen", "", "address (default 127.0.0.1:4717)")
	f.StringVar(&data, "data", "", "folder for everything that is kept (default iolaus-data)")
	return cmd
}

// serveConfig reads the configuration; the command line wins.
func serveConfig(path, listen, data string) (*app.Config, error) {
	c, err := app.ReadConfig(path)
	if err != nil {
		return nil, err
	}
	return c, c.Override(cmp.Or(listen, c.Listen), cmp.Or(data, c.Data))
}

// reloads delivers the configuration anew at every SIGHUP; one that is wrong is
// told and not used.
func reloads(cmd *cobra.Command, log *slog.Logger, read func() (*app.Config, error)) <-chan *app.Config {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	out := make(chan *app.Config)
	go func() {
		defer signal.Stop(hup)
		for {
			select {
			case <-cmd.Context().Done():
				return
			case <-hup:
			}
			c, err := read()
			if err != nil {
				log.Error("the configuration was not reloaded", "error", err)
				continue
			}
			select {
			case out <- c:
			case <-cmd.Context().Done():
				return
			}
		}
	}()
	return out
}
