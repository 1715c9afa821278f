package app

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"iolaus/api"
	"iolaus/enforce"
	"iolaus/gateway"
	"iolaus/route/document"
)

// A Config is what serve is told. The zero value works: loopback, a folder of
// its own, everything in shadow.
type Config struct {
	Listen   string            `yaml:"listen"`   // default 127.0.0.1:4717
	Data     string            `yaml:"data"`     // folder; default iolaus-data
	Key      string            `yaml:"key"`      // file of the key of the hashes; default DATA/key
	Step     time.Duration     `yaml:"step"`     // of event time between hunts; default 1h
	Holdback time.Duration     `yaml:"holdback"` // how long exchanges wait for earlier ones, in event time; default 2m
	Idle     time.Duration     `yaml:"idle"`     // without traffic, after which the unfinished step is hunted in; default: holdback
	Allow    map[string]string `yaml:"allow"`    // accounts and organisations never touched, with the reason
	Tokens   []Token           `yaml:"tokens"`
	Limits   api.Limits        `yaml:"limits"`
	Stream   StreamConfig      `yaml:"stream"`
	Enforce  enforce.Policy    `yaml:"enforce"`
	Routes   []gateway.Route   `yaml:"routes"`
	Tail     []TailConfig      `yaml:"tail"`
	Subject  string            `yaml:"subject"` // of stream.url's NATS, on which batches of lines come in; "" for none

	allowed map[string]string
	tokens  map[[32]byte]*Token
}

// StreamConfig says where the log in front of everything is.
type StreamConfig struct {
	URL         string        `yaml:"url"` // of a NATS cluster; "" for the server inside
	Credentials string        `yaml:"credentials"`
	Name        string        `yaml:"name"`      // default IOLAUS
	Replicas    int           `yaml:"replicas"`  // default 1
	MaxBytes    int64         `yaml:"max_bytes"` // default 4 GiB
	Lazy        bool          `yaml:"lazy"`      // do not sync each frame: a power cut may lose seconds
	Wait        time.Duration `yaml:"wait"`      // default 30s
}

// A Token lets its bearer in.
type Token struct {
	Name string   `yaml:"name"`
	File string   `yaml:"file"`   // that holds it
	Hash string   `yaml:"sha256"` // or its hash, in hexadecimal
	May  []string `yaml:"may"`    // write, decide, read, admin
}

// TailConfig is a log file to follow.
type TailConfig struct {
	Path    string `yaml:"path"`
	Format  string `yaml:"format"`
	Account string `yaml:"account"`
}

// ReadConfig reads a configuration; an unknown key is an error that names its
// line. path "" is the default configuration.
func ReadConfig(path string) (*Config, error) {
	c := &Config{}
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the configuration: %w", err)
		}
		err = document.Strict(text, c)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("cannot use %s: %s", path, yaml.FormatError(err, false, true))
		}
	}
	if err := c.complete(); err != nil {
		return nil, fmt.Errorf("cannot use %s: %w", cmp.Or(path, "the default configuration"), err)
	}
	return c, nil
}

// complete fills in defaults and says what is wrong.
func (c *Config) complete() error {
	c.Listen = cmp.Or(c.Listen, "127.0.0.1:4717")
	c.Data = cmp.Or(c.Data, "iolaus-data")
	c.Step = cmp.Or(c.Step, time.Hour)
	c.Holdback = cmp.Or(c.Holdback, 2*time.Minute)
	c.Idle = cmp.Or(c.Idle, c.Holdback)
	c.Limits = c.Limits.WithDefaults()
	if c.Step < time.Second || c.Holdback < 0 || c.Holdback > 24*time.Hour || c.Idle < 0 {
		return errors.New("step must be at least 1s, holdback between 0 and 24h, idle not negative")
	}
	if err := c.Enforce.Check(); err != nil {
		return fmt.Errorf("enforce: %w", err)
	}
	c.allowed = map[string]string{}
	for id, reason := range c.Allow {
		if strings.TrimSpace(reason) == "" {
			return fmt.Errorf("allow: %s needs a reason", id)
		}
		c.allowed[id] = reason
	}
	for i := range c.Routes {
		if r := &c.Routes[i]; r.Limit < 0 || r.Limit > time.Minute || r.Bytes < 0 {
			return fmt.Errorf("routes: %s: limit must be at most 1m, bytes not negative", cmp.Or(r.Name, r.Match))
		}
	}
	for _, t := range c.Tail {
		if t.Path == "" {
			return errors.New("tail: a file needs its path")
		}
	}
	if c.Subject != "" && c.Stream.URL == "" {
		return errors.New("subject: batches come in by the NATS of stream.url, which is not set")
	}
	return c.secure()
}

// rights are what a token may allow.
var rights = [...]string{"write", "decide", "read", "admin"}

// secure reads the tokens. Beyond loopback nobody is let in without one.
func (c *Config) secure() error {
	c.tokens = map[[32]byte]*Token{}
	for i := range c.Tokens {
		t := &c.Tokens[i]
		if t.Name == "" || (t.File == "") == (t.Hash == "") || len(t.May) == 0 {
			return fmt.Errorf("tokens: entry %d needs a name, one of file and sha256, and what it may", i+1)
		}
		for _, m := range t.May {
			if !slices.Contains(rights[:], m) {
				return fmt.Errorf("tokens: %s may %q, which is none of write, decide, read, admin", t.Name, m)
			}
		}
		var sum [32]byte
		if t.Hash != "" {
			b, err := hex.DecodeString(t.Hash)
			if err != nil || len(b) != len(sum) {
				return fmt.Errorf("tokens: %s: sha256 must be 64 hexadecimal digits", t.Name)
			}
			copy(sum[:], b)
		} else {
			text, err := os.ReadFile(t.File)
			if err != nil {
				return fmt.Errorf("tokens: %s: %w", t.Name, err)
			}
			if text = bytes.TrimSpace(text); len(text) < 16 {
				return fmt.Errorf("tokens: %s: %s must hold at least 16 characters", t.Name, t.File)
			}
			sum = sha256.Sum256(text)
		}
		c.tokens[sum] = t
	}
	if len(c.tokens) == 0 && !loopback(c.Listen) {
		return fmt.Errorf("listen: %s is reachable from elsewhere; set tokens, or listen on 127.0.0.1", c.Listen)
	}
	return nil
}

// loopback says whether an address is reachable from this machine only.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Effective is the configuration as it holds, without secrets.
func (c *Config) Effective() ([]byte, error) {
	shown := *c
	shown.Tokens = slices.Clone(c.Tokens)
	for i := range shown.Tokens {
		if shown.Tokens[i].Hash != "" {
			shown.Tokens[i].Hash = "(set)"
		}
	}
	return yaml.Marshal(&shown)
}

func (c *Config) path(name string) string { return filepath.Join(c.Data, name) }

// Override sets what the command line says.
func (c *Config) Override(listen, data string) error {
	c.Listen, c.Data = listen, data
	return c.complete()
}
