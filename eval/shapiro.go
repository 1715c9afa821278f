package eval

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// shapiroWilk is the W of Shapiro and Wilk (1965) for a sorted sample, with the
// weights of Royston (1995, AS R94): 1 for a normal sample, less for any other. A
// sample of fewer than four values or of equal ones has none and gets 1 and 0.
func shapiroWilk(v []float64) float64 {
	n := len(v)
	if n < 4 {
		return 1
	}
	_, dev := moments(v)
	if dev == 0 {
		return 0
	}
	num := 0.0
	for i, a := range shapiroWeights(n) {
		num += a * (v[n-1-i] - v[i])
	}
	return num * num / (dev * dev * float64(n))
}

// shapiroWeights are the weights of the differences between the largest and the
// smallest values, outermost first.
func shapiroWeights(n int) []float64 {
	half := n / 2
	m := make([]float64, half)
	sum := 0.0
	for i := range m {
		m[i] = mathext.NormalQuantile((float64(n-i) - .375) / (float64(n) + .25))
		sum += 2 * m[i] * m[i]
	}
	u := 1 / math.Sqrt(float64(n))
	root := math.Sqrt(sum)
	poly := func(c ...float64) float64 {
		x, p := 0.0, u
		for _, k := range c {
			x += k * p
			p *= u
		}
		return x
	}
	a := make([]float64, half)
	a[0] = m[0]/root + poly(.221157, -.147981, -2.071190, 4.434685, -2.706056)
	if n <= 5 {
		scale := math.Sqrt((sum - 2*m[0]*m[0]) / (1 - 2*a[0]*a[0]))
		for i := 1; i < half; i++ {
			a[i] = m[i] / scale
		}
		return a
	}
	a[1] = m[1]/root + poly(.042981, -.293762, -1.752461, 5.682633, -3.582633)
	scale := math.Sqrt((sum - 2*m[0]*m[0] - 2*m[1]*m[1]) / (1 - 2*a[0]*a[0] - 2*a[1]*a[1]))
	for i := 2; i < half; i++ {
		a[i] = m[i] / scale
	}
	return a
}
