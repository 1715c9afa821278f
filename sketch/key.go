package sketch

import (
	"encoding/binary"
	"unsafe"

	"github.com/dchest/siphash"
)

// A Key makes hashes that say nothing to whoever lacks it: without the Key one
// cannot try out all IPv4 addresses, or all card fingerprints, against a ledger.
// Its methods are SipHash-2-4, a pseudorandom function. The zero Key works and
// protects nothing.
type Key [16]byte

// Hash returns the keyed hash of s. The same s under another kind has an
// unrelated hash.
func (k Key) Hash(kind byte, s string) uint64 {
	k0, k1 := k.halves()
	return k.Mix(kind, siphash.Hash(k0, k1, unsafe.Slice(unsafe.StringData(s), len(s))))
}

// Mix returns the keyed hash of v, which is itself a hash or an id.
func (k Key) Mix(kind byte, v uint64) uint64 {
	var b [9]byte
	binary.LittleEndian.PutUint64(b[:], v)
	b[8] = kind
	k0, k1 := k.halves()
	return siphash.Hash(k0, k1, b[:])
}

func (k Key) halves() (uint64, uint64) {
	return binary.LittleEndian.Uint64(k[:8]), binary.LittleEndian.Uint64(k[8:])
}
