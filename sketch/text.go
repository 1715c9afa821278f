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

	// Item is the likely payload: the hash of the longest segment that is no label, as
	// it was sent, numbers and all. Where the wrapper is longer it is the wrapper's; who
	// must not miss the payload keeps the hashes of all Segments. 0: none.
	Item uint64

	// Lead and Trail are the hashes of the masked first and last segment of several:
	// a template leaves one of them in every prompt made from it, its filling the
	// other. 0: one segment, fewer than 12 letters, or a label of fewer than 20.
	Lead, Trail uint64

	item    int // index of the item in Segments; -1: none
	scratch []byte
}

// minItem is the number of letters below which a segment or sentence is too common
// to be anybody's payload.
const minItem = 24

// minHeading is the number of letters below which a label is everybody's.
const minHeading = 20

// Read takes a prompt as it was sent.
func (t *Text) Read(prompt string) {
	t.Normal = Normalize(t.Normal[:0], prompt)
	t.Masked = Mask(t.Masked[:0], t.Normal)
	t.Units = appendUnits(t.Units[:0], t.Masked)
	t.Segments, t.scratch = appendSegments(t.Segments[:0], t.Normal, t.scratch)
	t.Item, t.Lead, t.Trail = 0, 0, 0
	t.keys()
}

// keys finds the item and what stands around it.
func (t *Text) keys() {
	t.item = -1
	letters, last := int32(minItem-1), len(t.Segments)-1
	for i, s := range t.Segments {
		if !s.Label && s.Letters > letters {
			t.item, letters = i, s.Letters
		}
	}
	if t.item >= 0 {
		t.Item = t.Segments[t.item].Hash
	}
	if last > 0 {
		t.Lead, t.Trail = t.frame(t.Segments[0]), t.frame(t.Segments[last])
	}
}

// frame hashes a segment masked, so that what fills its slots does not count; 0 if
// it is short.
func (t *Text) frame(s Segment) uint64 {
	if s.Letters < minLetters || s.Label && s.Letters < minHeading {
		return 0
	}
	t.scratch = Mask(t.scratch[:0], t.Normal[s.Start:s.End])
	t.scratch, _ = squeeze(t.scratch[:0], t.scratch)
	return xxh3.HashSeed(t.scratch, seedFrame)
}

// Anchor returns the hash of the item's longest sentence, as it was sent. It is the
// Item of a prompt that holds this sentence alone, and survives when the payload is
// cut short or runs into its wrapper without an empty line. 0: none.
func (t *Text) Anchor() uint64 {
	if t.Item == 0 {
		return 0
	}
	var best []byte
	letters := minItem - 1
	text := t.Normal[t.Segments[t.item].Start:t.Segments[t.item].End]
	for start, i := 0, 0; start < len(text); {
		n, cut := 0, true
		if i = skip(text, i, &unitStops); i < len(text) {
			n, cut = boundary(text, i)
		}
		if cut {
			if k := count(text[start:i]).letters(); k > letters {
				best, letters = text[start:i], k
			}
			start = i + n
		}
		if i += max(n, 1); i > len(text) {
			break
		}
	}
	if best == nil {
		return 0
	}
	t.scratch, _ = squeeze(t.scratch[:0], best)
	return xxh3.HashSeed(t.scratch, seedSegment)
}
