package app

import (
	"math"
	"runtime"

	"golang.org/x/sys/unix"
)

// aside ties a goroutine to its thread, and asks the kernel to give the core of that
// to others as soon as they want it. Kernels before 6.12 do not listen; nothing
// depends on it but how soon others run.
func aside() {
	runtime.LockOSThread()
	if a, err := unix.SchedGetAttr(0, 0); err == nil {
		a.Runtime = uint64(slice)
		_ = unix.SchedSetAttr(0, a, 0)
	}
}

// machineMemory is how many bytes the machine has.
func machineMemory() int64 {
	var s unix.Sysinfo_t
	if unix.Sysinfo(&s) != nil {
		return math.MaxInt64
	}
	return int64(s.Totalram) * int64(s.Unit)
}
