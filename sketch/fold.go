package sketch

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// lookalikes lists pairs: a letter that no decomposition maps and the plain text
// it passes for. Case is folded before, so a capital passes for what its small
// letter passes for, or, where only the capital looks alike (Н, В), both do: the
// folded text is compared, never read, and what matters is that all spellings of
// one word meet.
const lookalikes = "" +
	// Cyrillic
	"аa вb сc еe нh іi јj кk мm оo рp ԛq ѕs тt ԝw хx уy ԁd һh ӏl үy єe ғf ԍg ѵv ґr гr ъb ьb " +
	// Greek
	"αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw ϲc ϳj ςσ " +
	// Armenian
	"օo սu ոn հh ցg զq յj աw " +
	// Latin beyond decomposition
	"ıi ɑa ɡg ɩi łl øo đd ħh ŧt ƒf ɓb ɗd ɛe ɨi ʋu ʌv ƿp ðd ȷj ƙk ŋn " +
	// small capitals
	"ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz " +
	// quotes, dashes, bullets, marks
	"‘' ’' ‚' ‛' ′' ‵' ʼ' ʻ' ´' “\" ”\" „\" ‟\" ″\" «\" »\" 「\" 」\" 『\" 』\" 〝\" 〞\" 〟\" ‹' ›' " +
	"‐- ‑- ‒- –- —- ―- −- ⁃- •* ‣* ◦* ●* ▪* ■* ○* ◆* ▶* ➤* ►* 〜~ ⁄/ ∕/ ∶: ⁓~ 【[ 】] 〔[ 〕] ، , ؛; "

// ligatures lists what folds to more than one letter.
const ligatures = "ßss æae œoe þth ĸk ŉn "

// plain maps a folded character to the ASCII text that it passes for.
var plain = plainTable(lookalikes + ligatures)

func plainTable(pairs string) map[rune]string {
	table := make(map[rune]string)
	for len(pairs) > 0 {
		from, n := utf8.DecodeRuneInString(pairs)
		end := n
		for pairs[end] != ' ' {
			end++
		}
		if end > n {
			table[from] = pairs[n:end]
		}
		pairs = pairs[end+1:]
	}
	return table
}

// tableEnd bounds the characters whose folding is looked up: all alphabets in
// everyday use, and kana. Beyond are characters that stay as they are, and rare ones.
const tableEnd = 0x3100

// rare marks a character whose folding is more than one character, or depends on
// what stands before it.
const rare = 0xffff

// foldTable gives what each character below tableEnd becomes; 0 is nothing. It is
// computed at first need, for text that is not plain ASCII.
var foldTable = sync.OnceValue(func() *[tableEnd]uint16 {
	table := new([tableEnd]uint16)
	for r := rune(utf8.RuneSelf); r < tableEnd; r++ {
		f := folder{dst: []byte{'x'}, floor: 1}
		f.wide(r)
		switch to, n := utf8.DecodeRune(f.dst[1:]); {
		case r == 0x85 || unicode.IsSpace(r) || isVowelOrFinal(r) || n < len(f.dst)-1:
			table[r] = rare
		case n > 0:
			table[r] = uint16(to)
		}
	}
	return table
})

// isIgnored reports characters that leave nothing behind: controls, zero-width and
// direction marks, accents, voicing marks, variation selectors, tags, fillers.
func isIgnored(r rune) bool {
	switch {
	case r < 0x300:
		return r < ' ' && r != '\n' || 0x7f <= r && r < 0xa0 && r != 0x85 || r == 0xad
	case r <= 0x36f, r == 0x3099, r == 0x309a, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0,
		0x1ab0 <= r && r <= 0x1aff, 0x1dc0 <= r && r <= 0x1dff, 0x20d0 <= r && r <= 0x20ff,
		0xfe20 <= r && r <= 0xfe2f, 0xfe00 <= r && r <= 0xfe0f, 0x17b4 <= r && r <= 0x17b5,
		0x180b <= r && r <= 0x180f, 0x2060 <= r && r <= 0x206f, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// isIdeographic reports Chinese characters and kana: written without spaces, and
// never changed by folding (kana without its voicing mark).
func isIdeographic(r rune) bool {
	return 0x3400 <= r && r <= 0x9fff || 0x3041 <= r && r <= 0x30ff && r != 0x30fb ||
		0x20000 <= r && r <= 0x2ebef || 0x30000 <= r && r <= 0x323af
}

func isHangul(r rune) bool { return 0xac00 <= r && r <= 0xd7a3 }

func isVowelOrFinal(r rune) bool { return 0x1161 <= r && r <= 0x11c2 }

// digit maps a decimal digit of any script to ASCII.
func digit(r rune) rune {
	if r < 0x660 || !unicode.IsDigit(r) {
		return r
	}
	for _, span := range unicode.Nd.R16 {
		if uint16(r) <= span.Hi && r <= 0xffff {
			return '0' + (r-rune(span.Lo))%10
		}
	}
	for _, span := range unicode.Nd.R32 {
		if uint32(r) <= span.Hi {
			return '0' + (r-rune(span.Lo))%10
		}
	}
	return r
}
