// Package duckdb is the analyst's ledger: accounts, sightings, activity and
// campaigns as narrow tables in one DuckDB file, for questions nobody foresaw.
//
// It promises that a batch is there whole or not at all, whenever the process
// is killed; that writing goes on beside the run and costs it little; and that
// rows are only ever appended: views merge them, Compact rewrites them. It
// holds no text, no address, no key: keyed hashes, counts and times.
//
// It refuses to be the truth: that is the journal, from which it can be made
// anew. SQL stays inside this package.
package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Options say what a ledger is of and what it may use. The zero value works.
type Options struct {
	Key      string // id of the key that made the hashes, never the key
	Signals  uint32 // version of the signals
	Tool     string // version of the program; recorded, not compared
	Memory   int64  // bytes DuckDB may use before it goes to disk; 0 is 2 GB
	Threads  int    // 0 is 1: the run needs the others
	ReadOnly bool   // for readers; the file must exist
	Fresh    bool   // begin anew, as --rebuild does: what is there goes
}

// ErrForeign is wrapped by errors about a file that this run cannot continue.
var ErrForeign = errors.New("the ledger was written by another run's rules")

// ErrNone is wrapped by errors about an account or a campaign that is not there.
var ErrNone = errors.New("not in the ledger")

// A DB is an open ledger. Its methods may be called from one goroutine at a time.
type DB struct {
	path  string
	sql   *sql.DB
	conn  *sql.Conn
	step  uint64
	until time.Time
	w     *writer
	done  sync.WaitGroup
}

// Open opens the ledger at path and creates it if it is missing. The file is
// locked for as long as it is open.
func Open(path string, o Options) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open the ledger: %w", err)
	}
	if strings.ContainsAny(abs, "?#%") {
		return nil, fmt.Errorf("cannot open the ledger %s: DuckDB takes ?, # and %% in a path for options; choose another folder", path)
	}
	if o.Fresh && !o.ReadOnly {
		if err := remove(abs); err != nil {
			return nil, fmt.Errorf("cannot begin the ledger anew: %w", err)
		}
	}
	d := &DB{path: abs}
	if err := d.open(o); err != nil {
		return nil, fmt.Errorf("cannot open the ledger %s: %w", path, errors.Join(err, d.release()))
	}
	if !o.ReadOnly {
		d.done.Go(d.w.run)
	}
	return d, nil
}

// remove removes a ledger and what a killed process left beside it.
func remove(path string) error {
	for _, p := range [...]string{path, path + ".wal"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.RemoveAll(path + ".tmp")
}

func (d *DB) open(o Options) error {
	dsn := d.path
	if o.ReadOnly {
		if _, err := os.Stat(d.path); err != nil {
			return err
		}
		dsn += "?access_mode=READ_ONLY"
	}
	c, err := duckdb.NewConnector(dsn, func(x driver.ExecerContext) error { return settings(x, o) })
	if err != nil {
		return advise(err)
	}
	d.sql = sql.OpenDB(c)
	if d.conn, err = d.sql.Conn(context.Background()); err != nil {
		return err
	}
	if !o.ReadOnly {
		if err := d.exec(schema()...); err != nil {
			return err
		}
	}
	if err := d.identify(o); err != nil {
		return err
	}
	if o.ReadOnly {
		return nil
	}
	d.w = &writer{conn: d.conn, queue: make(chan *Batch, 1)}
	return d.w.register()
}

// advise turns DuckDB's words for a locked file into what to do.
func advise(err error) error {
	if strings.Contains(err.Error(), "lock") {
		return fmt.Errorf("another process has it open; wait for it, or choose another --out: %w", err)
	}
	return fmt.Errorf("%w; if it is damaged, write it anew with --rebuild", err)
}

// settings bound what DuckDB uses, and keep it off the network.
func settings(x driver.ExecerContext, o Options) error {
	if o.Memory <= 0 {
		o.Memory = 2e9
	}
	if o.Threads <= 0 {
		o.Threads = 1
	}
	for _, s := range [...]string{
		fmt.Sprintf("SET memory_limit = '%dB'", o.Memory),
		fmt.Sprintf("SET threads = %d", o.Threads),
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET TimeZone = 'UTC'",
	} {
		if _, err := x.ExecContext(context.Background(), s, nil); err != nil && !strings.Contains(s, "TimeZone") {
			return err
		}
	}
	return nil
}

func (d *DB) exec(statements ...string) error {
	return execAll(d.conn, statements...)
}

func execAll(conn *sql.Conn, statements ...string) error {
	for _, s := range statements {
		if _, err := conn.ExecContext(context.Background(), s); err != nil {
			return err
		}
	}
	return nil
}

// identify compares the file's identity with the run's, or writes it into a new
// file, and reads how far the ledger has come. A reader that names no key takes
// any.
func (d *DB) identify(o Options) error {
	var version, signals uint32
	var key, tool string
	row := d.conn.QueryRowContext(context.Background(), "SELECT version, key, signals, tool FROM meta")
	switch err := row.Scan(&version, &key, &signals, &tool); {
	case errors.Is(err, sql.ErrNoRows) && !o.ReadOnly:
		_, err := d.conn.ExecContext(context.Background(), "INSERT INTO meta VALUES (?, ?, ?, ?)", schemaVersion, o.Key, o.Signals, o.Tool)
		return err
	case err != nil:
		return err
	case version != schemaVersion:
		return fmt.Errorf("its tables are of version %d (%s), not %d; use that version, or write it anew with --rebuild: %w", version, tool, schemaVersion, ErrForeign)
	case key != o.Key && !(o.ReadOnly && o.Key == ""):
		return fmt.Errorf("its hashes were made with key %s, not %s; give the old key, or write it anew with --rebuild: %w", key, o.Key, ErrForeign)
	case signals != o.Signals && !o.ReadOnly:
		return fmt.Errorf("its sightings are of version %d of the signals (%s), not %d; write it anew with --rebuild: %w", signals, tool, o.Signals, ErrForeign)
	}
	var until uint32
	err := d.conn.QueryRowContext(context.Background(), "SELECT coalesce(max(step), 0), coalesce(max(until), 0) FROM batch").Scan(&d.step, &until)
	d.until = time.Unix(int64(until), 0).UTC()
	return err
}

// Step is the number of the last step of the journal that the ledger had when
// it was opened, and Until its event time; 0 and 1970 for an empty one. What the
// journal has beyond it is to be appended again; a ledger that is ahead of its
// journal is to be begun anew.
func (d *DB) Step() (step uint64, until time.Time) { return d.step, d.until }

// Close writes what was appended, merges rows that have piled up, and releases
// the file. It returns the first error of all that was written.
func (d *DB) Close() error {
	var err error
	if d.w != nil {
		close(d.w.queue)
		d.done.Wait()
		if err = d.w.failed(); err == nil {
			err = d.tidy()
		}
	}
	return errors.Join(err, d.release())
}

func (d *DB) release() error {
	var err error
	if d.conn != nil {
		err = d.conn.Close()
	}
	if d.sql != nil {
		err = errors.Join(err, d.sql.Close())
	}
	return err
}

// manyBatches is from how many batches on Close merges their rows.
const manyBatches = 16

// tidy merges rows when there are many batches of them.
func (d *DB) tidy() error {
	var n int
	if err := d.conn.QueryRowContext(context.Background(), "SELECT count(*) FROM batch").Scan(&n); err != nil {
		return fmt.Errorf("cannot read the ledger: %w", err)
	}
	if n < manyBatches {
		return nil
	}
	return d.compact()
}

// compact rewrites the tables merged and sorted, so that they are small and an
// observable's carriers stand together.
func (d *DB) compact() error {
	if err := transact(d.conn, func() error { return d.exec(compaction...) }); err != nil {
		return fmt.Errorf("cannot compact the ledger: %w", err)
	}
	return nil
}

// transact runs f in a transaction.
func transact(conn *sql.Conn, f func() error) error {
	if err := execAll(conn, "BEGIN"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return errors.Join(err, execAll(conn, "ROLLBACK"))
	}
	return execAll(conn, "COMMIT")
}
