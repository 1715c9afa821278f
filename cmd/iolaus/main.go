// Command iolaus finds, explains and stops coordinated campaigns that extract a
// model's capabilities through networks of accounts.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run executes one verb and returns the process's exit code.
func run(ctx context.Context, args []string) int {
	root := &cobra.Command{
		Use:           "iolaus",
		Short:         "Find, explain and stop campaigns that extract a model's capabilities",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(verbs()...)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var code exitCode
	if errors.As(err, &code) {
		if code.err != nil {
			fmt.Fprintln(os.Stderr, "iolaus:", code.err)
		}
		return code.code
	}
	fmt.Fprintln(os.Stderr, "iolaus:", err)
	return exitUsage
}

// Exit codes are part of the command's contract: scripts branch on them.
const (
	exitFound  = 1 // the run is whole and found what it was told to fail on
	exitUsage  = 2 // the command line, a file or the configuration is wrong
	exitBroken = 3 // the run could not be completed
)

// exitCode is an error that chooses the process's exit code.
type exitCode struct {
	code int
	err  error
}

func (e exitCode) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e exitCode) Unwrap() error { return e.err }
