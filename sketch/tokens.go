package sketch

import "github.com/zeebo/xxh3"

// A token is the step in which a text is compared: a word where words are parted
// by spaces, one Chinese character or kana, or three letters in a row of Thai,
// Lao, Myanmar or Khmer, starting at each letter. Marks and white space only part.
type token struct {
	hash    uint64
	letters int  // as in Unit
	spaced  bool // a word, as opposed to a piece of a run without spaces
}

// A tokenizer cuts a normalised or masked text.
type tokenizer struct {
	text []byte
	at   int
}

// next returns the next token; false at the end.
func (z *tokenizer) next() (token, bool) {
	i, text := z.at, z.text
	for i < len(text) && solid[text[i]] == 0 {
		i++
	}
	if i == len(text) {
		z.at = i
		return token{}, false
	}
	if n := pieceLen(text[i:]); n > 0 {
		z.at = i + n
		return z.piece(i, n), true
	}
	letters, from := 0, i
	for i < len(text) && solid[text[i]] != 0 && pieceLen(text[i:]) == 0 {
		letters += int(unitClass[text[i]] & 3)
		i++
	}
	z.at = i
	return token{hash: xxh3.HashSeed(text[from:i], seedShingle), letters: letters, spaced: true}, true
}

// piece is the token at text[i:i+n], a character of a script without spaces.
func (z *tokenizer) piece(i, n int) token {
	end := i + n
	if n == 3 && unspaced(z.text[i:]) {
		for range 2 {
			if len(z.text)-end >= 3 && unspaced(z.text[end:]) {
				end += 3
			}
		}
	}
	return token{hash: xxh3.HashSeed(z.text[i:end], seedShingle), letters: int(unitClass[z.text[i]] & 3)}
}

// pieceLen is the length of the character at b[0] if its script has no spaces, else 0.
func pieceLen(b []byte) int {
	switch c := b[0]; {
	case c < 0xe0 || c > 0xf0:
		return 0
	case c == 0xf0 && len(b) >= 4 && (b[1] == 0xa0 || b[1] == 0xa1 || b[1] == 0xa2 || b[1] == 0xa3 || b[1] == 0xaa || b[1] == 0xb0 || b[1] == 0xb1):
		return 4
	case len(b) < 3 || c == 0xf0:
		return 0
	case 0xe4 <= c && c <= 0xe9, c == 0xe3 && b[1] >= 0x81, unspaced(b):
		return 3
	}
	return 0
}

// mix spreads the bits of x (the finaliser of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
