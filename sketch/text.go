package sketch

import "github.com/zeebo/xxh3"

// A Text is one prompt, read: its units, its segments and the keys made of them.
// The zero Text works; reading again reuses its memory. All offsets and slices
// are good until the next Read.
type Text struct {
	Normal   []byte    // after Normalize
	Masked   []byte    // after Mask
	Units    []Unit    // of Masked
	Segments []Segment // of Normal

	// Item is the payload: the hash of the longest segment that is no label, as it
	// was sent, numbers and all. Anchor is the hash of its longest sentence, which
	// survives when the payload is cut short or runs into its wrapper. 0: none.
	Item, Anchor uint64

	// Lead and Trail are the hashes of the masked first and last segment, unless
	// they are the item: what stands before and after it in every prompt made from
	// one template. 0: none, or fewer than 12 letters.
	Lead, Trail uint64

	scratch []byte
}

// minItem is the number of letters below which a segment or sentence is too common
// to be anybody's payload.
const minItem = 24

// Read takes a prompt as it was sent.
func (t *Text) Read(prompt string) {
	t.Normal = Normalize(t.Normal[:0], prompt)
	t.Masked = Mask(t.Masked[:0], t.Normal)
	t.Units = AppendUnits(t.Units[:0], t.Masked)
	t.Segments, t.scratch = AppendSegments(t.Segments[:0], t.Normal, t.scratch)
	t.Item, t.Anchor, t.Lead, t.Trail = 0, 0, 0, 0
	t.keys()
}

// keys finds the item and what stands around it.
func (t *Text) keys() {
	item, last := -1, len(t.Segments)-1
	for i, s := range t.Segments {
		if !s.Label && s.Letters >= minItem && (item < 0 || s.Letters > t.Segments[item].Letters) {
			item = i
		}
	}
	if item >= 0 {
		t.Item = t.Segments[item].Hash
		t.Anchor = t.anchor(t.Segments[item])
	}
	if last < 1 {
		return
	}
	if item != 0 && t.Segments[0].Letters >= minLetters {
		t.Lead = t.frame(t.Segments[0])
	}
	if item != last && t.Segments[last].Letters >= minLetters {
		t.Trail = t.frame(t.Segments[last])
	}
}

// frame hashes a segment masked, so that what fills its slots does not count.
func (t *Text) frame(s Segment) uint64 {
	t.scratch = Mask(t.scratch[:0], t.Normal[s.Start:s.End])
	t.scratch, _ = squeeze(t.scratch[:0], t.scratch)
	return xxh3.HashSeed(t.scratch, seedFrame)
}

// anchor hashes the longest sentence of a segment, unmasked.
func (t *Text) anchor(s Segment) uint64 {
	best, letters := []byte(nil), minItem-1
	text := t.Normal[s.Start:s.End]
	for start, i := 0, 0; i <= len(text); i++ {
		n, cut := 1, i == len(text)
		if !cut && unitStops[text[i]] != 0 {
			n, cut = boundary(text, i)
		}
		if !cut {
			i += max(n, 1) - 1
			continue
		}
		if k := count(text[start:i]).letters(); k > letters {
			best, letters = text[start:i], k
		}
		start = i + n
		i += max(n, 1) - 1
	}
	if best == nil {
		return 0
	}
	t.scratch, _ = squeeze(t.scratch[:0], best)
	return xxh3.HashSeed(t.scratch, seedSegment)
}
