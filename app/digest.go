package app

import (
	"sync/atomic"
	"time"
)

// A cue is what follows a batch: nothing, or the hunt that ends a step.
type cue struct {
	hunt time.Time // when the step ends; zero for none
	step uint64    // of the journal
}

// fullBatch is from how many traces on a batch is handed over.
const fullBatch = 256

// hand gives the settled traces of the batch to the ledger, and then a cue.
func (r *Run) hand(c cue) error {
	if d := r.digest; d != nil {
		return d.pass(c)
	}
	err := r.digested(r.batch[:r.moment], c)
	r.batch = append(r.batch[:0], r.batch[r.moment:]...)
	r.moment = 0
	return err
}

// digested takes a batch into the ledger and follows its cue.
func (r *Run) digested(batch []arrival, c cue) error {
	for i := range batch {
		if !batch[i].again {
			r.recognise(batch[i].Time)
			r.ledger.Take(&batch[i].Trace)
		}
	}
	if c.hunt.IsZero() {
		return nil
	}
	r.hunt(c.hunt)
	if s := r.d.Store; s != nil {
		return s.due(c.step, c.hunt, r.ledger)
	}
	return nil
}

// A digest is the second half of a run on a goroutine of its own: batches come
// in the order of time, go into the ledger, and are hunted in, while the first
// half puts the next ones in order, tells repeats and writes the journal. It
// changes nothing but the time that takes: the ledger and the hunter are its
// alone until end.
type digest struct {
	r     *Run
	queue chan portion
	free  chan []arrival
	done  chan struct{}
	err   atomic.Pointer[error]
}

type portion struct {
	batch []arrival
	cue   cue
}

// ahead is how many batches the first half may be ahead of the second.
const ahead = 16

func newDigest(r *Run) *digest {
	d := &digest{r: r, queue: make(chan portion, ahead), free: make(chan []arrival, ahead+2), done: make(chan struct{})}
	go d.run()
	return d
}

func (d *digest) run() {
	defer close(d.done)
	for p := range d.queue {
		if d.failed() == nil {
			if err := d.r.digested(p.batch, p.cue); err != nil {
				d.err.Store(&err)
			}
		}
		select {
		case d.free <- p.batch[:0]:
		default:
		}
	}
}

func (d *digest) failed() error {
	if e := d.err.Load(); e != nil {
		return *e
	}
	return nil
}

// pass hands over what is settled and begins a new batch with the rest.
func (d *digest) pass(c cue) error {
	if err := d.failed(); err != nil {
		return err
	}
	r := d.r
	var fresh []arrival
	select {
	case fresh = <-d.free:
	default:
		fresh = make([]arrival, 0, fullBatch+fullBatch/4)
	}
	fresh = append(fresh, r.batch[r.moment:]...)
	d.queue <- portion{r.batch[:r.moment], c}
	r.batch, r.moment = fresh, 0
	return nil
}

// end waits until everything handed over is digested.
func (d *digest) end() error {
	close(d.queue)
	<-d.done
	return d.failed()
}
