package journal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"
)

// Every frame stands in the file as a head, which is a skippable zstd frame,
// and a body, which is an ordinary one; so a file is valid zstd and its heads
// can be read without its bodies.
//
//	magic uint32, size uint32, crc32c of what follows uint32, then varints:
//	kind, step, event time, traces, raw bytes, packed bytes, crc32c of the packed body, marks
//
// The first head of a file says whose it is and has no body.
const (
	magicFile  = 0x184d2a50
	magicFrame = 0x184d2a51
	headPrefix = 12
	maxHead    = 16 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errHead = errors.New("the frame's head is damaged")

// A head is what stands before a body.
type head struct {
	step        uint64
	commit      bool
	at          int64
	count       int
	raw, packed int
	crc         uint32
	marks       []Mark
}

func appendHead(b []byte, h *head) []byte {
	return seal(b, magicFrame, func(b []byte) []byte {
		kind := uint64(0)
		if h.commit {
			kind = 1
		}
		b = binary.AppendUvarint(b, kind)
		b = binary.AppendUvarint(b, h.step)
		b = binary.AppendVarint(b, h.at)
		for _, n := range [...]int{h.count, h.raw, h.packed} {
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = binary.AppendUvarint(b, uint64(h.crc))
		b = binary.AppendUvarint(b, uint64(len(h.marks)))
		for i := range h.marks {
			b = appendMark(b, &h.marks[i])
		}
		return b
	})
}

func appendMark(b []byte, m *Mark) []byte {
	b = binary.AppendUvarint(b, uint64(len(m.Name)))
	b = append(b, m.Name...)
	b = binary.AppendVarint(b, m.Size)
	b = binary.LittleEndian.AppendUint64(b, m.Head)
	b = binary.AppendVarint(b, m.Offset)
	b = binary.AppendVarint(b, m.Line)
	if m.Newest.IsZero() {
		return append(b, 0)
	}
	return binary.AppendVarint(append(b, 1), m.Newest.UnixNano())
}

// seal writes a skippable frame around what fill appends.
func seal(b []byte, magic uint32, fill func([]byte) []byte) []byte {
	at := len(b)
	b = fill(append(b, make([]byte, headPrefix)...))
	binary.LittleEndian.PutUint32(b[at:], magic)
	binary.LittleEndian.PutUint32(b[at+4:], uint32(len(b)-at-8))
	binary.LittleEndian.PutUint32(b[at+8:], crc32.Checksum(b[at+headPrefix:], castagnoli))
	return b
}

// prefix reads magic, size of the content after the checksum, and the checksum.
func prefix(b []byte) (magic uint32, size int, crc uint32, ok bool) {
	magic = binary.LittleEndian.Uint32(b)
	n := binary.LittleEndian.Uint32(b[4:])
	if magic != magicFile && magic != magicFrame || n < 4 || n > maxHead {
		return 0, 0, 0, false
	}
	return magic, int(n) - 4, binary.LittleEndian.Uint32(b[8:]), true
}

// parseHead reads the content of a frame's head.
func parseHead(b []byte) (head, error) {
	c := cursor{b: b}
	h := head{commit: c.small(1) == 1, step: c.uvarint(), at: c.varint(),
		count: c.small(maxTraces), raw: c.small(maxRaw), packed: c.small(maxPacked), crc: uint32(c.small(1<<32 - 1))}
	for range c.small(len(c.b)) {
		m := Mark{Name: string(c.take(c.small(maxName))), Size: c.varint()}
		if v := c.take(8); v != nil {
			m.Head = binary.LittleEndian.Uint64(v)
		}
		m.Offset, m.Line = c.varint(), c.varint()
		if c.small(1) == 1 {
			m.Newest = time.Unix(0, c.varint()).UTC()
		}
		if c.bad {
			break
		}
		h.marks = append(h.marks, m)
	}
	if c.bad || len(c.b) > 0 {
		return head{}, errHead
	}
	return h, nil
}

func appendFileHead(b []byte, id Identity) []byte {
	return seal(b, magicFile, func(b []byte) []byte {
		for _, s := range [...]string{formatName, id.Key, id.Tool} {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
		return binary.AppendUvarint(b, uint64(id.Signals))
	})
}

// parseFileHead reads the content of a file's head. format tells files of a
// later version from damaged ones.
func parseFileHead(b []byte) (format string, id Identity, err error) {
	c := cursor{b: b}
	text := func() string { return string(c.take(c.small(maxName))) }
	if format = text(); format != formatName {
		return format, id, nil
	}
	id = Identity{Key: text(), Tool: text(), Signals: uint32(c.small(1<<32 - 1))}
	if c.bad || len(c.b) > 0 {
		return "", id, errHead
	}
	return format, id, nil
}
