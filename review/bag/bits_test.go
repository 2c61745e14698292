package bag

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"heyi/review"
)

// nineKB is a package of some 9 KB with documents of several kinds.
func nineKB(tb testing.TB) []byte {
	tb.Helper()
	project := []byte(`{"version":1,"title":"位翻转","scheme":"x.y","quorum":3,"documents":[
		{"file":"a.pdf","title":"甲"},{"file":"b.png","title":"乙"},{"file":"c.xlsx","title":"丙"},{"file":"d.txt","title":"丁"}]}`)
	file := built(tb, sample().with("projects/02/project.json", project, "projects/02/a.pdf", testPDF, "projects/02/b.png", pngOf(1, 1),
		"projects/02/c.xlsx", office(map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}),
		"projects/02/d.txt", strings.Repeat("正文。\n", 200)))
	if len(file) < 8<<10 || len(file) > 10<<10 {
		tb.Fatalf("the package has %d bytes", len(file))
	}
	return file
}

// refused runs cases side by side; each makes a file that must not open, whatever its code.
func refused(t *testing.T, cases int, make func(n int, scratch []byte) []byte) {
	t.Helper()
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			var scratch []byte
			for n := w; n < cases; n += workers {
				scratch = make(n, scratch[:0])
				p, err := opened(scratch, trusting())
				if code := review.CodeOf(err); p != nil || err == nil || code == review.CodeInternal {
					t.Errorf("case %d: %v, %v", n, p, err)
				}
			}
		})
	}
	wait.Wait()
	t.Logf("%d files refused", cases)
}

// TestEveryBit flips each bit. What Open does before it looks at contents under data
// (readTags) does not read them, so of the bits there one of each byte goes through
// Open and the others through what comes after.
func TestEveryBit(t *testing.T) {
	file := nineKB(t)
	entries := must(readContainer(bytes.NewReader(file), int64(len(file))))
	k := must(readTags(archive(bytes.NewReader(file), entries), int64(len(file))))
	var outside, inside []int
	for i := range len(file) {
		content := slices.ContainsFunc(k.data(), func(e entry) bool { return int64(i) >= e.offset && int64(i) < e.offset+e.size })
		for bit := range 8 {
			if content && bit != i%8 {
				inside = append(inside, 8*i+bit)
			} else {
				outside = append(outside, 8*i+bit)
			}
		}
	}
	flip := func(b []byte, n int) []byte {
		b = append(b, file...)
		b[n/8] ^= 1 << (n % 8)
		return b
	}
	refused(t, len(outside), func(n int, b []byte) []byte { return flip(b, outside[n]) })
	for _, n := range inside {
		k.store = archive(bytes.NewReader(flip(nil, n)), entries)
		if _, err := k.checkData(); review.CodeOf(err) != review.CodePackageAltered {
			t.Errorf("bit %d: %v", n, err)
		}
	}
	t.Logf("%d bits in contents refused", len(inside))
}

func TestEveryTruncation(t *testing.T) {
	file := nineKB(t)
	refused(t, len(file), func(n int, b []byte) []byte { return append(b, file[:n]...) })
	refused(t, len(file)-1, func(n int, b []byte) []byte { return append(b, file[n+1:]...) })
}

func TestEveryAddition(t *testing.T) {
	file := nineKB(t)
	added := [][]byte{{0}, {0xff}, []byte("PK\x03\x04"), []byte("PK\x05\x06"), make([]byte, endSize), make([]byte, 1<<16), file, file[len(file)-endSize:]}
	for i := range 512 {
		added = append(added, bytes.Repeat([]byte{byte(i)}, 1+i))
	}
	refused(t, len(added), func(n int, b []byte) []byte { return append(append(b, added[n]...), file...) })
	refused(t, len(added), func(n int, b []byte) []byte { return append(append(b, file...), added[n]...) })
	// One byte more at every place.
	refused(t, len(file), func(n int, b []byte) []byte { return append(append(append(b, file[:n]...), byte(n)), file[n:]...) })
}

// TestEverySwap changes any two entries for each other, contents or places, and any
// two neighbouring bytes that differ.
func TestEverySwap(t *testing.T) {
	file := nineKB(t)
	var swaps [][2]int
	entries := must(readContainer(bytes.NewReader(file), int64(len(file))))
	list := make([]rawEntry, len(entries))
	for i, e := range entries {
		list[i] = newRaw(e.name, file[e.offset:e.offset+e.size])
	}
	if same, _ := rawZip(list); !bytes.Equal(same, file) {
		t.Fatal("the raw writer writes another file")
	}
	for i := range list {
		for j := range i {
			if !bytes.Equal(list[i].content, list[j].content) {
				swaps = append(swaps, [2]int{i, j})
			}
		}
	}
	refused(t, 2*len(swaps), func(n int, _ []byte) []byte {
		l, s := append([]rawEntry(nil), list...), swaps[n/2]
		a, b := l[s[0]], l[s[1]]
		l[s[0]], l[s[1]] = b, a
		if n%2 == 0 { // contents alone
			l[s[0]], l[s[1]] = newRaw(a.name, b.content), newRaw(b.name, a.content)
		}
		out, _ := rawZip(l)
		return out
	})
	var places []int
	for i := range len(file) - 1 {
		if file[i] != file[i+1] {
			places = append(places, i)
		}
	}
	refused(t, len(places), func(n int, b []byte) []byte {
		b = append(b, file...)
		i := places[n]
		b[i], b[i+1] = b[i+1], b[i]
		return b
	})
}
