package source

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fastjson"

	"iolaus/exchange"
)

// worldLog is a labelled world's log, for tests and benchmarks that need real lines.
func worldLog(tb testing.TB, world string) string {
	path := filepath.Join("..", "..", "shared", "worlds", world, "exchanges.jsonl.gz")
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no labelled world beside the repository: %v", err)
	}
	return path
}

// worldBytes is the log, decompressed.
func worldBytes(tb testing.TB, world string) []byte { return worldHead(tb, world, 1<<40) }

// worldHead is the log's whole lines within its first n bytes.
func worldHead(tb testing.TB, world string, n int64) []byte {
	f, err := os.Open(worldLog(tb, world))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		tb.Fatal(err)
	}
	b, err := io.ReadAll(io.LimitReader(z, n))
	if err != nil {
		tb.Fatal(err)
	}
	return b[:bytes.LastIndexByte(b, '\n')+1]
}

// shiftTimes adds seconds to a LiteLLM line's times, in place.
func shiftTimes(lines []byte, seconds int) {
	for _, field := range []string{`"startTime":`, `"endTime":`, `"completionStartTime":`} {
		for at := 0; ; {
			i := bytes.Index(lines[at:], []byte(field))
			if i < 0 {
				break
			}
			at += i + len(field)
			if n, err := strconv.Atoi(string(lines[at : at+10])); err == nil {
				copy(lines[at:], strconv.Itoa(n+seconds))
			}
		}
	}
}

// bigLog writes the naive world several times over, each a fortnight later, as one .zst file.
func bigLog(b *testing.B, copies int) (path string, size int64) {
	lines := worldBytes(b, "naive")
	path = filepath.Join(b.TempDir(), "big.jsonl.zst")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewWriter(f)
	if err != nil {
		b.Fatal(err)
	}
	for range copies {
		z.Write(lines)
		size += int64(len(lines))
		shiftTimes(lines, 14*86400)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return path, size
}

// yardstick decompresses the file and parses each line with fastjson, on as many
// cores: what nobody who reads JSON can do without.
func yardstick(path string) (lines int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	blocks, free := make(chan []byte), make(chan []byte, 8)
	counts := make([]int, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() {
			var p fastjson.Parser
			for b := range blocks {
				for line := range bytes.Lines(b) {
					if _, err := p.ParseBytes(line); err == nil {
						counts[i]++
					}
				}
				select {
				case free <- b:
				default:
				}
			}
		})
	}
	var carry []byte
	for err == nil {
		var buf []byte
		select {
		case buf = <-free:
		default:
			buf = make([]byte, 0, 1<<20+1<<18)
		}
		buf = append(buf[:0], carry...)
		var n int
		n, err = io.ReadFull(z, buf[len(buf):1<<20])
		buf = buf[:len(buf)+n]
		end := bytes.LastIndexByte(buf, '\n') + 1
		carry = append(carry[:0], buf[end:]...)
		blocks <- buf[:end]
	}
	close(blocks)
	wg.Wait()
	for _, n := range counts {
		lines += n
	}
	return lines, nil
}

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkScan reads one large .zst with a worker that does nothing, and the
// yardstick on the same file in turns. wall and cpu are its cost as a multiple
// of the yardstick's.
func BenchmarkScan(b *testing.B) {
	path, size := bigLog(b, 3)
	b.Run("full", func(b *testing.B) { benchmarkScan(b, path, size, false) })
	b.Run("brief", func(b *testing.B) { benchmarkScan(b, path, size, true) })
}

func benchmarkScan(b *testing.B, path string, size int64, brief bool) {
	in := []Input{File(path, size)}
	var scan, scanCPU, yard, yardCPU time.Duration
	b.SetBytes(size)
	b.ReportAllocs()
	var stats Stats
	for b.Loop() {
		b.StopTimer()
		c, t := cpu(), time.Now()
		n, err := yardstick(path)
		if err != nil {
			b.Fatal(err)
		}
		yard, yardCPU = yard+time.Since(t), yardCPU+cpu()-c
		b.StartTimer()
		c, t = cpu(), time.Now()
		stats, err = Scan(context.Background(), in, Options{Brief: brief},
			func() func(*exchange.Exchange, *struct{}) { return func(*exchange.Exchange, *struct{}) {} },
			func(time.Time, *struct{}) error { return nil })
		if err != nil || stats.Exchanges != n {
			b.Fatalf("%d exchanges of %d lines: %v", stats.Exchanges, n, err)
		}
		scan, scanCPU = scan+time.Since(t), scanCPU+cpu()-c
	}
	b.ReportMetric(float64(stats.Exchanges)*float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
	b.ReportMetric(float64(scan)/float64(yard), "wall/yardstick")
	b.ReportMetric(float64(scanCPU)/float64(yardCPU), "cpu/yardstick")
}

// BenchmarkDecode is one worker on one core, beside fastjson's parse of the same lines.
func BenchmarkDecode(b *testing.B) {
	all := worldBytes(b, "naive")[:32<<20]
	all = all[:bytes.LastIndexByte(all, '\n')+1]
	b.Run("decoder", func(b *testing.B) { benchmarkDecode(b, all, false) })
	b.Run("brief", func(b *testing.B) { benchmarkDecode(b, all, true) })
	b.Run("fastjson", func(b *testing.B) {
		var p fastjson.Parser
		b.SetBytes(int64(len(all)))
		for b.Loop() {
			for line := range bytes.Lines(all) {
				if _, err := p.ParseBytes(line); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func benchmarkDecode(b *testing.B, all []byte, brief bool) {
	d := decoder{f: detect(all[:1<<16]), brief: brief, emit: func(*exchange.Exchange) {}, reject: func(_, r, _ string) { b.Fatal(r) }}
	var buf []byte
	b.SetBytes(int64(len(all)))
	b.ReportAllocs()
	for b.Loop() {
		for line := range bytes.Lines(all) {
			buf = append(buf[:0], line...) // decoding writes over it; fastjson copies too
			d.line(buf)
		}
	}
}

// BenchmarkFormats decodes the naive world's lines as other formats write them.
func BenchmarkFormats(b *testing.B) {
	lines := worldHead(b, "naive", 8<<20)
	for _, c := range []struct {
		name  string
		write func([]byte, *exchange.Exchange) []byte
	}{{"canonical", AppendCanonical}, {"otel", AppendOTel}, {"otel-old", AppendOTelOld}, {"bedrock", AppendBedrock}} {
		var out []byte
		d := decoder{f: detect(lines[:1<<16]), reject: func(_, r, _ string) { b.Fatal(r) }}
		d.emit = func(x *exchange.Exchange) { out = c.write(out, x) }
		for line := range bytes.Lines(bytes.Clone(lines)) {
			d.line(line)
		}
		b.Run(c.name, func(b *testing.B) { benchmarkDecode(b, out, true) })
	}
}
