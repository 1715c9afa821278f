//go:build !linux

package app

import "math"

// aside does nothing here.
func aside() {}

// machineMemory is not known here; the configured bound alone holds.
func machineMemory() int64 { return math.MaxInt64 }
