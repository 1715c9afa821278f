package sim

import (
	"math"
	"math/rand/v2"
)

// dice is a seeded source of everything that is left to chance. Each account,
// group and text has dice of its own, so that adding one changes no other.
type dice struct {
	*rand.Rand
	pcg rand.PCG
}

func newDice(hi, lo uint64) *dice {
	d := &dice{}
	d.reseed(hi, lo)
	d.Rand = rand.New(&d.pcg)
	return d
}

func (d *dice) reseed(hi, lo uint64) { d.pcg.Seed(mix(hi), mix(hi^lo+0x9e3779b97f4a7c15)) }

// mix spreads a seed's bits (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// hashName turns a name into a seed (FNV-1a).
func hashName(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// chance is true with probability p.
func (d *dice) chance(p float64) bool { return d.Float64() < p }

// between draws an integer from lo to hi, both included.
func (d *dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// lognormal draws around a median with spread sigma (of the logarithm).
func (d *dice) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.NormFloat64())
}

// geometric draws 1, 2, ... with the given mean.
func (d *dice) geometric(mean float64) int {
	if mean <= 1 {
		return 1
	}
	return 1 + int(math.Log(1-d.Float64())/math.Log(1-1/mean))
}

// poisson draws a count; for large means a rounded normal.
func (d *dice) poisson(mean float64) int {
	if mean > 60 {
		return max(0, int(mean+math.Sqrt(mean)*d.NormFloat64()+.5))
	}
	n, p, limit := 0, d.Float64(), math.Exp(-mean)
	for p > limit {
		p *= d.Float64()
		n++
	}
	return n
}

// gamma draws with shape k and scale 1 (Marsaglia and Tsang 2000).
func (d *dice) gamma(k float64) float64 {
	if k < 1 {
		return d.gamma(k+1) * math.Pow(1-d.Float64(), 1/k)
	}
	a := k - 1.0/3
	c := 1 / math.Sqrt(9*a)
	for {
		x := d.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-d.Float64()) < x*x/2+a-a*v+a*math.Log(v) {
			return a * v
		}
	}
}

// weighted draws an index in proportion to weights.
func (d *dice) weighted(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	u := d.Float64() * sum
	for i, w := range weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// choose draws one of xs.
func choose[T any](d *dice, xs []T) T { return xs[d.IntN(len(xs))] }

const hexDigits = "0123456789abcdef"

// hex appends n hexadecimal digits of seed.
func appendHex(b []byte, seed uint64, n int) []byte {
	for i := range n {
		if i%16 == 0 && i > 0 {
			seed = mix(seed + 1)
		}
		b = append(b, hexDigits[seed>>(60-4*(i%16))&15])
	}
	return b
}

func hexString(seed uint64, n int) string { return string(appendHex(nil, seed, n)) }
