package sketch

import "bytes"

// The slots that Mask puts in place of what varies from use to use. Normalised
// text holds none of these bytes, so no text can forge a slot.
const (
	slotNumber = 1 + iota // 12, 3.5, 2024-01-02, 10:30
	slotQuote             // "...", '...', """..."""
	slotCode              // `...`, ```...```
	slotLink              // URLs and paths
	slotMail              // e-mail addresses
	slotID                // hex strings, UUIDs, other random identifiers
	slotEnd
)

// Mask appends a normalised text to dst with numbers, quoted strings, code, links,
// mail addresses and identifiers each replaced by one byte below 0x08 that says
// what stood there. A list of slots of one kind counts as one slot. Where so much
// is quoted or code that less than a quarter would be left, only short quotes are
// masked: a prompt is not hidden by putting it in quotes.
func Mask(dst, normal []byte) []byte {
	floor := len(dst)
	dst = maskQuotes(dst, normal, maxToken)
	if (len(dst)-floor)*4 < len(normal) {
		dst = maskQuotes(dst[:floor], normal, maxShort)
	}
	return dst
}

const (
	maxToken = 512 // bytes; longer runs and quotes on a line are cut or left alone
	maxShort = 48  // bytes of a quote in a text that is mostly quotes
	maxWord  = 96  // bytes looked at around a digit, or in single quotes
)

func maskQuotes(dst, normal []byte, maxQuote int) []byte {
	m := masker{src: normal, dst: dst, floor: len(dst), maxQuote: maxQuote}
	for i := 0; ; {
		if i = skip(normal, i, &maskStops); i == len(normal) {
			break
		}
		from, to, slot := m.find(i, normal[i])
		if slot != 0 {
			m.put(from, to, slot)
		}
		i = to
	}
	return append(m.dst, normal[m.done:]...)
}

// A masker has copied src[:done] to dst, with slots.
type masker struct {
	src, dst []byte
	done     int
	floor    int
	maxQuote int // longest quote or code to mask, in bytes; none over several lines if it is below maxToken
}

// put copies what was left out up to from, and then the slot that stands for
// src[from:to]; a list of like slots collapses.
func (m *masker) put(from, to int, slot byte) {
	m.dst = append(m.dst, m.src[m.done:from]...)
	m.done = to
	n := len(m.dst)
	for n > m.floor && (m.dst[n-1] == ' ' || m.dst[n-1] == ',' || m.dst[n-1] == ';') {
		n--
	}
	if n > m.floor && m.dst[n-1] == slot {
		m.dst = m.dst[:n]
		return
	}
	m.dst = append(m.dst, slot)
}

// What stops the scan, and where a token of which kind may stand.
const (
	stopDigit = 1 + iota
	stopMail
	stopScheme
	stopPath
	stopTick
	stopQuote
	stopApostrophe
)

var maskStops = [256]byte{
	'0': stopDigit, '1': stopDigit, '2': stopDigit, '3': stopDigit, '4': stopDigit,
	'5': stopDigit, '6': stopDigit, '7': stopDigit, '8': stopDigit, '9': stopDigit,
	'@': stopMail, ':': stopScheme, '/': stopPath, '`': stopTick, '"': stopQuote, '\'': stopApostrophe,
}

// find returns what stands at src[i], a byte that stops the scan: the span and the
// slot for it, or slot 0 and where to go on.
func (m *masker) find(i int, c byte) (from, to int, slot byte) {
	switch maskStops[c] {
	case stopDigit:
		return m.word(i)
	case stopMail:
		return m.token(i, maxWord, slotMail)
	case stopScheme:
		if bytes.HasPrefix(m.src[i:], []byte("://")) {
			return m.token(i, maxToken, slotLink)
		}
	case stopPath:
		return m.path(i)
	case stopTick:
		return m.fenced(i, '`', slotCode)
	case stopQuote:
		return m.fenced(i, '"', slotQuote)
	case stopApostrophe:
		return m.apostrophe(i)
	}
	return 0, i + 1, 0
}

// span widens src[i:i+1] to the bytes around it that belong to class, by at most
// limit to either side.
func (m *masker) span(i, limit int, class byte) (from, to int) {
	from, to = i, i+1
	for from > m.done && maskClass[m.src[from-1]]&class != 0 && i-from < limit {
		from--
	}
	for to < len(m.src) && maskClass[m.src[to]]&class != 0 && to-i < limit {
		to++
	}
	return from, to
}

const (
	inWord   = 1 << iota // letters, digits, '_'
	inID                 // those and '-'
	inToken              // what URLs and mail addresses are made of
	inNumber             // digits and what joins them
	isHexDig             // a-f
	isDigit
)

var maskClass = func() (class [256]byte) {
	for c := range class {
		switch b := byte(c); {
		case '0' <= b && b <= '9':
			class[c] = inWord | inID | inToken | inNumber | isDigit
		case 'a' <= b && b <= 'f':
			class[c] = inWord | inID | inToken | isHexDig
		case 'g' <= b && b <= 'z' || b == '_':
			class[c] = inWord | inID | inToken
		case bytes.IndexByte([]byte(".,:-/"), b) >= 0:
			class[c] = inNumber
		}
	}
	for _, c := range []byte(".-+%@/:?&=#~$!*") {
		class[c] |= inToken
	}
	class['-'] |= inID
	return class
}()

// token is a URL or a mail address around src[i].
func (m *masker) token(i, limit int, slot byte) (int, int, byte) {
	from, to := m.span(i, limit, inToken)
	for to > i+1 && maskClass[m.src[to-1]]&inWord == 0 && m.src[to-1] != '/' {
		to--
	}
	if from == i || to == i+1 || slot == slotMail && bytes.IndexByte(m.src[i:to], '.') < 0 {
		return 0, i + 1, 0
	}
	return from, to, slot
}

// path is a file path that starts at src[i].
func (m *masker) path(i int) (int, int, byte) {
	if i > m.done && maskClass[m.src[i-1]]&inToken != 0 && m.src[i-1] != '~' {
		return 0, i + 1, 0
	}
	_, to := m.span(i, maxToken, inToken)
	if bytes.IndexByte(m.src[i+1:to], '/') < 1 {
		return 0, i + 1, 0
	}
	for to > i+1 && maskClass[m.src[to-1]]&inWord == 0 && m.src[to-1] != '/' {
		to--
	}
	return i, to, slotLink
}

// word is what the digit src[i] belongs to: part of a URL or an address, an
// identifier, or a number.
func (m *masker) word(i int) (int, int, byte) {
	from, to := m.span(i, maxWord, inToken)
	if at := bytes.IndexByte(m.src[i:to], '@'); at > 0 {
		if f, t, slot := m.token(i+at, maxWord, slotMail); slot != 0 {
			return f, t, slot
		}
	}
	if to-from >= minID {
		if f, t := m.span(i, maxToken, inID); m.isID(f, t) {
			return f, t, slotID
		}
	}
	to = i + 1
	for to < len(m.src) && maskClass[m.src[to]]&inNumber != 0 {
		to++
	}
	for maskClass[m.src[to-1]]&isDigit == 0 {
		to--
	}
	return i, to, slotNumber
}

const minID = 8 // bytes of the shortest identifier

// isID reports words that nobody writes by hand: hex and UUIDs with many digits,
// or many changes between digits and letters.
func (m *masker) isID(from, to int) bool {
	hex, letters, digits, changes := true, 0, 0, 0
	last := byte(0)
	for _, c := range m.src[from:to] {
		class := maskClass[c]
		if c == '-' {
			continue
		}
		if class&isDigit != 0 {
			digits++
		} else {
			letters++
			hex = hex && class&isHexDig != 0
		}
		if last != 0 && (class^last)&isDigit != 0 {
			changes++
		}
		last = class
	}
	return to-from >= minID && (hex && letters > 0 && digits*4 >= letters+digits || changes >= 4)
}

// fenced is what stands between one or three marks q: one mark ends on its line,
// three may end anywhere.
func (m *masker) fenced(i int, q, slot byte) (int, int, byte) {
	rest := m.src[i:]
	if len(rest) >= 3 && rest[1] == q && rest[2] == q {
		if m.maxQuote == maxToken {
			if end := bytes.Index(rest[3:], rest[:3]); end >= 0 {
				return i, i + end + 6, slot
			}
		}
		return 0, i + 3, 0
	}
	for j, c := range rest[1:min(len(rest), m.maxQuote)] {
		if c == q {
			return i, i + j + 2, slot
		}
		if c == '\n' {
			break
		}
	}
	return 0, i + 1, 0
}

// apostrophe is a string in single quotes, as opposed to it's and users'.
func (m *masker) apostrophe(i int) (int, int, byte) {
	if i > 0 && (maskClass[m.src[i-1]]&inWord != 0 || m.src[i-1] >= 0x80) {
		return 0, i + 1, 0
	}
	for j := i + 1; j < len(m.src) && j-i < min(m.maxQuote, maxWord) && m.src[j] != '\n'; j++ {
		if m.src[j] == '\'' && (j+1 == len(m.src) || maskClass[m.src[j+1]]&inWord == 0 && m.src[j+1] < 0x80) {
			return i, j + 1, slotQuote
		}
	}
	return 0, i + 1, 0
}
