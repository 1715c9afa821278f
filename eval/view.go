package eval

import (
	"math"
	"unicode"
	"unicode/utf8"

	"iolaus/exchange"

	"github.com/zeebo/xxh3"
)

// Dimensions of a prompt's feature vector.
const Dimensions = 64

// prefixes are the lengths, in masked runes, of the beginnings that are hashed.
var prefixes = [...]int{48, 96, 192}

// A View is what the baselines see of an exchange: plain hashes, as an engineer
// would take them without our signals. Zero hashes mean that the log had nothing.
type View struct {
	Address  uint64 // of the requester
	Client   uint64 // user agent and TLS fingerprint
	Prompt   uint64 // the newest turn, whole
	Prefix   [len(prefixes)]uint64
	Features [Dimensions]int8 // hashed words of the newest turn, length about 127
	Script   Script
	Texts    bool // Features hold anything
}

// viewer makes views; its buffers are reused.
type viewer struct {
	masked []byte
	sums   [Dimensions]float32
}

func (v *viewer) view(x *exchange.Exchange, out *View) {
	*out = View{}
	if x.Address.IsValid() {
		b := x.Address.As16()
		out.Address = xxh3.Hash(b[:]) | 1
	}
	if x.UserAgent != "" || x.TLS != "" {
		out.Client = (xxh3.HashString(x.UserAgent)*0x9e3779b97f4a7c15 ^ xxh3.HashString(x.TLS)) | 1
	}
	text := x.Newest()
	if text == "" {
		return
	}
	out.Prompt = xxh3.HashString(text) | 1
	out.Script = scriptOf(text)
	v.masked = mask(v.masked[:0], text, prefixes[len(prefixes)-1])
	runes := 0
	at := 0
	for i, n := range prefixes {
		for at < len(v.masked) && runes < n {
			_, w := utf8.DecodeRune(v.masked[at:])
			at += w
			runes++
		}
		if runes == n {
			out.Prefix[i] = xxh3.Hash(v.masked[:at]) | 1
		}
	}
	out.Texts = v.features(text, &out.Features)
}

// mask writes the first n runes of text in lower case, numbers as one 0 and
// white space as one space.
func mask(dst []byte, text string, n int) []byte {
	var last rune
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.IsDigit(r):
			r = '0'
		default:
			r = unicode.ToLower(r)
		}
		if r == last && (r == ' ' || r == '0') {
			continue
		}
		if dst = utf8.AppendRune(dst, r); n == 1 {
			return dst
		}
		last = r
		n--
	}
	return dst
}

// features hashes words, and pairs of letters in scripts without spaces, into
// signed counters, dampens them, and scales them to one length.
func (v *viewer) features(text string, out *[Dimensions]int8) bool {
	const most = 2000 // bytes of a text that are read
	if len(text) > most {
		text = text[:most]
	}
	v.sums = [Dimensions]float32{}
	add := func(h uint64) {
		if d := h >> 8 % Dimensions; h&1 == 0 {
			v.sums[d]++
		} else {
			v.sums[d]--
		}
	}
	const seed, prime = 14695981039346656037, 1099511628211
	h, n := uint64(seed), 0
	var before rune
	for _, r := range text {
		if r > 0x2e80 && unicode.IsLetter(r) {
			add(mix(uint64(before)<<32 | uint64(r)))
			before = r
			continue
		}
		before = 0
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			h = (h ^ uint64(unicode.ToLower(r))) * prime
			n++
		} else if n > 0 {
			add(mix(h))
			h, n = seed, 0
		}
	}
	if n > 0 {
		add(mix(h))
	}
	return scaleTo(&v.sums, out)
}

func scaleTo(sums *[Dimensions]float32, out *[Dimensions]int8) bool {
	var norm float64
	for i, s := range sums {
		d := math.Sqrt(math.Abs(float64(s)))
		if s < 0 {
			d = -d
		}
		sums[i] = float32(d)
		norm += d * d
	}
	if norm == 0 {
		return false
	}
	f := 127 / math.Sqrt(norm)
	for i, s := range sums {
		out[i] = int8(math.Round(float64(s) * f))
	}
	return true
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}
