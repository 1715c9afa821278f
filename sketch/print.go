package sketch

// bins is the size of a Print. The error of Similarity is at most
// sqrt(s(1-s)/bins): 0.044 at s = 0.5.
const bins = 128

const noShingle = 1<<32 - 1

// A Print is a fingerprint of a text by which the share of common wording is
// estimated without the text: the least hash in each of 128 bins over the text's
// runs of three tokens (one-permutation hashing). The zero Print is not that of
// any text; call Sketch first.
type Print [bins]uint32

// Sketch makes p the fingerprint of a normalised or masked text.
func (p *Print) Sketch(text []byte) {
	for i := range p {
		p[i] = noShingle
	}
	z := tokenizer{text: text}
	var a, b uint64
	n := 0
	for {
		w, ok := z.next()
		if !ok {
			break
		}
		if n++; n >= 3 {
			p.add(shingle(a, b, w.hash))
		}
		a, b = b, w.hash
	}
	if n == 1 || n == 2 {
		p.add(shingle(0, a, b))
	}
}

func shingle(a, b, c uint64) uint64 {
	return mix(a*0x9e3779b97f4a7c15 + b*0xc2b2ae3d27d4eb4f + c)
}

func (p *Print) add(hash uint64) {
	bin := hash % bins
	p[bin] = min(p[bin], uint32(hash>>32))
}

// Merge makes p the fingerprint of its own text and q's together.
func (p *Print) Merge(q *Print) {
	for i, v := range q {
		p[i] = min(p[i], v)
	}
}

// Similarity estimates the Jaccard similarity of two texts: shared runs of three
// tokens over all, 0 to 1. Two empty texts have similarity 0. It leaves out the
// bins that neither text fills, which makes short texts nearly exact.
func (p *Print) Similarity(q *Print) float64 {
	equal, empty := 0, 0
	for i, v := range p {
		if v == q[i] {
			equal++
			if v == noShingle {
				empty++
			}
		}
	}
	if empty == bins {
		return 0
	}
	return float64(equal-empty) / float64(bins-empty)
}

// AppendBands appends keys for finding similar texts without comparing all: two
// texts of similarity s share at least one of n keys of r rows with probability
// 1-(1-s^r)^n. n*r is at most 128; an empty text has no keys.
func (p *Print) AppendBands(dst []uint64, n, r int) []uint64 {
	dense, ok := p.densified()
	if !ok {
		return dst
	}
	n, r = max(n, 0), max(r, 1)
	for band := range min(n, bins/r) {
		key := uint64(seedBand+band) * 0x9e3779b97f4a7c15
		for _, v := range dense[band*r : (band+1)*r] {
			key = mix(key ^ uint64(v))
		}
		dst = append(dst, key)
	}
	return dst
}

// densified fills empty bins from others, each by its own fixed sequence of places
// to look, so that similar texts fill them alike (Shrivastava, "Optimal
// densification", ICML 2017). False when all are empty.
func (p *Print) densified() (dense Print, ok bool) {
	dense = *p
	empty := 0
	for _, v := range p {
		if v == noShingle {
			empty++
		}
	}
	if empty == bins {
		return dense, false
	}
	for i, v := range p {
		for try := uint64(1); v == noShingle; try++ {
			v = p[mix(uint64(i)<<32|try)%bins]
		}
		dense[i] = v
	}
	return dense, true
}
