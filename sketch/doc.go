// Package sketch makes numbers from text and from sets: keys that collide when
// two people sent the same thing, whatever it was dressed in, and small summaries
// that say how alike two texts or two sets are.
//
// It promises that equal input gives equal output on every machine and in every
// run, that nothing it stores or returns contains text, and that a reused Text
// reads a prompt without allocating. Every script is folded and cut by rules of
// the same strength; none is evidence of anything.
//
// It refuses to judge: what a coincidence of keys is worth is for others to say.
// Hashes made here are not secret; Key makes them so before they are stored.
package sketch
