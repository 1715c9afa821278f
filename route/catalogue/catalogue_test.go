package catalogue

import (
	"testing"
	"time"
)

var today = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func shipped(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(today)
	if err != nil {
		t.Fatalf("the catalogue that ships is wrong:\n%v", err)
	}
	return c
}

func TestShipped(t *testing.T) {
	c := shipped(t)
	known, unknown := c.Facts()
	t.Logf("%d services, %d companies, %d host patterns, %d facts, %d left unknown",
		len(c.Services), len(c.Companies), len(c.hosts), known, unknown)
}
