//go:build !linux

package app

import "math"

// machineMemory is not known here; the configured bound alone holds.
func machineMemory() int64 { return math.MaxInt64 }
