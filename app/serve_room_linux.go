package app

import (
	"math"
	"syscall"
)

// machineMemory is how many bytes the machine has.
func machineMemory() int64 {
	var s syscall.Sysinfo_t
	if syscall.Sysinfo(&s) != nil {
		return math.MaxInt64
	}
	return int64(s.Totalram) * int64(s.Unit)
}
