package view

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/assets"
)

// patience bounds every request of the tests.
const patience = time.Minute

// childVariable makes the test's own program a viewing process.
const childVariable = "HEYI_VIEW_CHILD"

var config Config

func TestMain(m *testing.M) {
	config = Config{PDFium: assets.PDFium, Fonts: map[string][]byte{"serif.ttf": assets.SerifRegular}}
	if cache := os.Getenv(childVariable); cache != "" {
		config.Cache = cache
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "heyi-view-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	config.Cache = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// pipe is one end of a connection in memory.
type pipe struct {
	io.Reader
	io.Writer
	close func()
}

func (p pipe) Close() error {
	p.close()
	return nil
}

// pair gives the two ends of a connection.
func pair() (a, b io.ReadWriteCloser) {
	r1, w1 := io.Pipe()
	r2, w2 := io.Pipe()
	shut := func() {
		for _, c := range []io.Closer{r1, w1, r2, w2} {
			_ = c.Close() // never fails
		}
	}
	return pipe{r1, w2, shut}, pipe{r2, w1, shut}
}

// process gives a client of a server of its own.
func process(tb testing.TB) *Client {
	tb.Helper()
	a, b := pair()
	go func() {
		_ = Serve(b, b, config) // that the test closed the connection
		_ = b.Close()
	}()
	c := NewClient(a, patience)
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// shared is one server for all tests that do not break it.
var shared = sync.OnceValue(func() *Client {
	a, b := pair()
	go func() {
		fmt.Fprintln(os.Stderr, "the shared server ended:", Serve(b, b, config))
		_ = b.Close()
	}()
	return NewClient(a, patience)
})

func open(tb testing.TB, c *Client, data []byte) *Document {
	tb.Helper()
	d, err := c.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

func page(tb testing.TB, d *Document, n, width int) *image.RGBA {
	tb.Helper()
	img, err := d.Page(n, width)
	if err != nil {
		tb.Fatal(err)
	}
	return img
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// ink counts the dark pixels inside a box that is given in points.
func ink(img *image.RGBA, page Size, b Box) int {
	scale := float64(img.Rect.Dx()) / page.Width
	n := 0
	for y := int(b.Y * scale); y < int((b.Y+b.Height)*scale); y++ {
		for x := int(b.X * scale); x < int((b.X+b.Width)*scale); x++ {
			if c := img.RGBAAt(x, y); int(c.R)+int(c.G)+int(c.B) < 300 {
				n++
			}
		}
	}
	return n
}

// TestPaper: a signed paper of this program's is shown with what the signatures look like,
// which stand in fields.
func TestPaper(t *testing.T) {
	d := open(t, shared(), read(t, "../testdata/changes-v1.pdf"))
	pages := d.Pages()
	if len(pages) != 2 || int(pages[1].Width) != 595 || int(pages[1].Height) != 841 {
		t.Fatalf("pages %v", pages)
	}
	img := page(t, d, 1, 1240)
	if img.Rect.Dx() != 1240 || img.Rect.Dy() != 1754 {
		t.Errorf("%v", img.Rect)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 255 {
			t.Fatal("a pixel that is not opaque")
		}
	}
	hits, err := d.Find("签名")
	if err != nil {
		t.Fatal(err)
	}
	// The cells below the column's head, in which each signature stands.
	head := slices.IndexFunc(hits, func(h Hit) bool { return h.Page == 1 && h.Boxes[0].X > 400 })
	if head < 0 {
		t.Fatalf("no column of signatures: %v", hits)
	}
	b := hits[head].Boxes[0]
	for row := range 7 {
		cell := Box{X: b.X - 25, Y: b.Y + 25 + 35*float64(row), Width: 60, Height: 18}
		if n := ink(img, pages[1], cell); n < 100 {
			t.Errorf("row %d has no signature: %d dark pixels in %v", row, n, cell)
		}
	}
}

// TestSame: a page looks the same each time.
func TestSame(t *testing.T) {
	data := read(t, "../testdata/changes-v1.pdf")
	a, b := open(t, shared(), data), open(t, shared(), data)
	if !bytes.Equal(page(t, a, 0, 800).Pix, page(t, b, 0, 800).Pix) {
		t.Error("two pictures of one page")
	}
}

// TestNotEmbedded: a font that the document does not bring is made up for.
func TestNotEmbedded(t *testing.T) {
	d := open(t, shared(), pdf(sheet{"", write("C", 40, 100, "技术方案评审")}))
	box := Box{X: 40, Y: 80, Width: 120, Height: 20}
	if n := ink(page(t, d, 0, 600), d.Pages()[0], box); n < 500 {
		t.Errorf("%d dark pixels", n)
	}
	hits, err := d.Find("方案")
	if err != nil || len(hits) != 1 || len(hits[0].Boxes) != 1 {
		t.Fatalf("%v %v", hits, err)
	}
	if b := hits[0].Boxes[0]; b.X < 78 || b.X > 85 || b.Width < 35 || b.Width > 42 || b.Y < 80 || b.Y+b.Height > 106 {
		t.Errorf("%v", b)
	}
}

// TestRotated: sizes and places are those of the page as it is seen.
func TestRotated(t *testing.T) {
	text := write("L", 40, 100, "Word")
	d := open(t, shared(), pdf(sheet{"/Rotate 90", text}, sheet{"/Rotate 180", text}, sheet{"/CropBox[30 50 230 150]", text}))
	for n, want := range []Size{{200, 300}, {300, 200}, {200, 100}} {
		if got := d.Pages()[n]; got != want {
			t.Errorf("page %d is %v, not %v", n, got, want)
		}
		img := page(t, d, n, 400)
		whole := ink(img, want, Box{Width: want.Width, Height: want.Height})
		hits, err := d.Find("word")
		if err != nil || len(hits) != 3 {
			t.Fatalf("%v %v", hits, err)
		}
		b := hits[n].Boxes[0]
		b.X, b.Y, b.Width, b.Height = b.X-1, b.Y-1, b.Width+2, b.Height+2
		if got := ink(img, want, b); whole < 50 || got != whole {
			t.Errorf("page %d: %d of %d dark pixels are in %v", n, got, whole, b)
		}
	}
}

// TestSizes: pictures are as wide as asked for, and never too large.
func TestSizes(t *testing.T) {
	d := open(t, shared(), pdf(sheet{"/MediaBox[0 0 100 200]", ""}, sheet{"/MediaBox[0 0 10 50000]", ""},
		sheet{"/MediaBox[0 0 1000000 10]", ""}, sheet{"/MediaBox[0 0 0 0]", ""}))
	for _, c := range []struct{ page, width, wide, high int }{
		{0, 16, 16, 32}, {0, 801, 801, 1602}, {0, 3000, 2896, 5792}, {0, 1 << 30, 2896, 5792}, {1, 100, 57, 285000},
	} {
		img, err := d.Page(c.page, c.width)
		if err != nil {
			// PDFium may refuse a picture of an odd shape; it must say so.
			if c.page == 0 || !errors.Is(err, ErrFailed) {
				t.Errorf("%v: %v", c, err)
			}
			continue
		}
		if img.Rect.Dx() != c.wide || img.Rect.Dy() != c.high {
			t.Errorf("%v: %v", c, img.Rect)
		}
	}
	for _, s := range d.Pages() {
		for _, width := range []int{16, 17, 999, 4096, MaxPixels} {
			if w, h := picture(s, width); w < 1 || h < 1 || w > width || w*h > MaxPixels {
				t.Errorf("%v at %d is %d×%d", s, width, w, h)
			}
		}
	}
	for _, c := range []struct{ page, width int }{{-1, 100}, {4, 100}, {0, 15}, {0, -1}} {
		if _, err := d.Page(c.page, c.width); !errors.Is(err, ErrFailed) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// TestOpenRefuses tells what cannot be shown, and why.
func TestOpenRefuses(t *testing.T) {
	c := shared()
	good := pdf(sheet{"", write("L", 40, 100, "Word")})
	for name, s := range map[string]struct {
		data []byte
		want error
	}{
		"text":     {[]byte("This is no PDF."), ErrForm},
		"nothing":  {nil, ErrForm},
		"zeros":    {make([]byte, 100_000), ErrForm},
		"cut":      {good[:20], ErrForm},
		"no pages": {pdf(), ErrForm},
		"password": {read(t, "testdata/locked.pdf"), ErrLocked},
	} {
		if _, err := c.Open(bytes.NewReader(s.data), int64(len(s.data))); !errors.Is(err, s.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Open(bytes.NewReader(nil), MaxDocument+1); !errors.Is(err, ErrForm) {
		t.Errorf("too long: %v", err)
	}
	// A document whose owner forbids printing is read like any other.
	if d := open(t, c, read(t, "testdata/restricted.pdf")); ink(page(t, d, 0, 300), d.Pages()[0], Box{Width: 300, Height: 200}) == 0 {
		t.Error("restricted: nothing is drawn")
	}
}

// TestMutated: whatever is done to a document, it is shown or refused, and the next one is
// served.
func TestMutated(t *testing.T) {
	c := shared()
	good := pdf(sheet{"/Rotate 90", write("L", 40, 100, "Word") + write("C", 40, 60, "评审")}, sheet{"", write("L", 40, 100, "Word")})
	sources := [][]byte{good, read(t, "../testdata/minutes-v1.pdf"), read(t, "testdata/restricted.pdf")}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 90 {
		data := bytes.Clone(sources[i%3])
		switch i / 3 % 3 {
		case 0:
			data = data[:random.IntN(len(data))]
		case 1:
			for range 1 + random.IntN(40) {
				data[random.IntN(len(data))] = byte(random.Uint32())
			}
		case 2: // numbers: offsets, lengths, sizes
			for range 1 + random.IntN(10) {
				at := random.IntN(len(data))
				for ; at < len(data) && (data[at] < '0' || data[at] > '9'); at++ {
				}
				for ; at < len(data) && data[at] >= '0' && data[at] <= '9'; at++ {
					data[at] = '0' + byte(random.IntN(10))
				}
			}
		}
		d, err := c.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if !errors.Is(err, ErrForm) && !errors.Is(err, ErrFailed) && !errors.Is(err, ErrLocked) {
				t.Fatalf("%d: %v", i, err)
			}
			continue
		}
		for n := range min(3, len(d.Pages())) {
			if _, err := d.Page(n, 300); err != nil && !errors.Is(err, ErrFailed) {
				t.Fatalf("%d: page %d: %v", i, n, err)
			}
		}
		if _, err := d.Find("word"); err != nil && !errors.Is(err, ErrFailed) {
			t.Fatalf("%d: %v", i, err)
		}
		if err := d.Close(); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if d := open(t, c, good); ink(page(t, d, 1, 300), d.Pages()[1], Box{Width: 300, Height: 200}) == 0 {
		t.Error("nothing is drawn any more")
	}
}

func TestFind(t *testing.T) {
	d := open(t, shared(), pdf(
		sheet{"", write("L", 20, 160, "The Quick  brown") + write("L", 20, 130, "fox") + write("C", 20, 90, "评审专") + write("C", 20, 60, "家组意见")},
		sheet{"", write("L", 20, 100, strings.Repeat("aa", 20))},
	))
	for _, c := range []struct {
		text       string
		hits, page int
		boxes      int
	}{
		{"quick", 1, 0, 1}, {"QUICK BROWN FOX", 1, 0, 2}, {"quickbrown", 0, 0, 0}, {"ｑｕｉｃｋ", 1, 0, 1},
		{"专家组", 1, 0, 2}, {"专 家\n组", 1, 0, 2}, {"意见书", 0, 0, 0}, {"aaa", 13, 1, 1}, {"", 0, 0, 0}, {" \t", 0, 0, 0},
	} {
		hits, err := d.Find(c.text)
		if err != nil || len(hits) != c.hits {
			t.Errorf("%q: %d hits, not %d: %v %v", c.text, len(hits), c.hits, hits, err)
			continue
		}
		for _, h := range hits {
			if h.Page != c.page || len(h.Boxes) != c.boxes {
				t.Errorf("%q: %v", c.text, h)
			}
		}
	}
	if _, err := d.Find(strings.Repeat("长", MaxText)); !errors.Is(err, ErrFailed) {
		t.Errorf("a text that is too long: %v", err)
	}
}

// TestFindMany: at most so many places, over many pages.
func TestFindMany(t *testing.T) {
	line := write("L", 10, 100, strings.Repeat("x", 30))
	var sheets []sheet
	for range findPages*2 + 5 {
		sheets = append(sheets, sheet{"", line + write("L", 10, 50, "y")})
	}
	d := open(t, shared(), pdf(sheets...))
	if hits, err := d.Find("x"); err != nil || len(hits) != MaxHits || hits[MaxHits-1].Page != (MaxHits-1)/30 {
		t.Errorf("%d hits: %v", len(hits), err)
	}
	if hits, err := d.Find("y"); err != nil || len(hits) != len(sheets) {
		t.Errorf("%d hits: %v", len(hits), err)
	}
}

func TestLetters(t *testing.T) {
	for text, want := range map[string]string{
		"A  b\r\nC": "a b c", "会 议\n记录": "会议记录", "共 3 页": "共3页", "ＡＢ（１）": "ab(1)", "Ä": "ä",
		"exam\ufffe\nple": "exam ple", "\x00 x ": "x", "": "",
	} {
		if got := string(needle(text)); got != want {
			t.Errorf("%q is compared as %q, not %q", text, got, want)
		}
	}
}

// flaky is a source that stops being readable.
type flaky struct {
	*bytes.Reader
	bad bool
}

func (f *flaky) ReadAt(b []byte, at int64) (int, error) {
	if f.bad {
		return 0, errors.New("the stick was pulled")
	}
	return f.Reader.ReadAt(b, at)
}

// TestSource: a source that cannot be read any more spoils its own requests alone.
func TestSource(t *testing.T) {
	c := process(t)
	data := thick(t, 300) // more than is kept
	src := &flaky{Reader: bytes.NewReader(data)}
	d, err := c.Open(src, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, c, pdf(sheet{"", write("L", 40, 100, "Word")}))
	src.bad = true
	if _, err := d.Page(9, 300); !errors.Is(err, ErrFailed) {
		t.Errorf("page: %v", err)
	}
	if _, err := c.Open(src, int64(len(data))); !errors.Is(err, ErrFailed) {
		t.Errorf("open: %v", err)
	}
	page(t, other, 0, 300)
}

// TestMany: more documents than PDFium holds at a time, and more than may be open.
func TestMany(t *testing.T) {
	c := process(t)
	var docs []*Document
	for i := range maxOpen {
		docs = append(docs, open(t, c, pdf(sheet{fmt.Sprintf("/MediaBox[0 0 100 %d]", 100+i), ""})))
	}
	small := pdf(sheet{"", ""})
	if _, err := c.Open(bytes.NewReader(small), int64(len(small))); !errors.Is(err, ErrFailed) {
		t.Errorf("one too many: %v", err)
	}
	for i, d := range docs {
		if img := page(t, d, 0, 100); img.Rect.Dy() != 100+i {
			t.Errorf("document %d: %v", i, img.Rect)
		}
	}
	if err := docs[3].Close(); err != nil {
		t.Fatal(err)
	}
	if err := docs[3].Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := docs[3].Page(0, 100); !errors.Is(err, ErrFailed) {
		t.Errorf("closed: %v", err)
	}
	open(t, c, small)
}

// TestTogether: several goroutines ask at once.
func TestTogether(t *testing.T) {
	c := shared()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			data := pdf(sheet{fmt.Sprintf("/MediaBox[0 0 100 %d]", 100+i), write("L", 1, 50, "Word")})
			d, err := c.Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Error(err)
				return
			}
			for range 5 {
				if img, err := d.Page(0, 100); err != nil || img.Rect.Dy() != 100+i {
					t.Error(i, err)
				}
				if hits, err := d.Find("word"); err != nil || len(hits) != 1 {
					t.Error(i, hits, err)
				}
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestSpoilt: a fault inside PDFium costs one request; what was open is opened again.
func TestSpoilt(t *testing.T) {
	s := newServer(nil, io.Discard, nil)
	var err error
	if s.lib, err = newPDFium(config, s.file); err != nil {
		t.Fatal(err)
	}
	first := s.lib.generation
	s.lib.call("FPDF_ClosePage", 0xFFFFFFF0) // nothing is there
	if s.lib.err == nil {
		t.Fatal("no fault")
	}
	if got := s.lib.call("malloc", 8); got != 0 {
		t.Error("a spoilt instance answers")
	}
	if err := s.rest(); err != nil || s.lib.err != nil || s.lib.generation != first+1 {
		t.Fatalf("%v, %v, instance %d", err, s.lib.err, s.lib.generation)
	}
	if s.lib.call("malloc", 8) == 0 {
		t.Error("the new instance does not answer")
	}
}

// TestGrown: an instance that took much memory is put away, and its documents open again.
func TestGrown(t *testing.T) {
	freed := 0
	c := config
	c.Idle = func() { freed++ }
	a, b := pair()
	end := make(chan error)
	go func() { end <- Serve(b, b, c) }()
	client := NewClient(a, patience)
	d := open(t, client, pdf(sheet{"/MediaBox[0 0 400 400]", write("L", 40, 100, "Word")}))
	for range 2 {
		if img := page(t, d, 0, 4096); img.Rect.Dx() != 4096 || ink(img, d.Pages()[0], Box{X: 40, Y: 280, Width: 30, Height: 20}) == 0 {
			t.Errorf("%v", img.Rect)
		}
	}
	_ = client.Close()
	<-end
	if freed < 2 { // after compiling, and after the first picture at least
		t.Errorf("memory was let go of %d times", freed)
	}
}

// TestBrokenCache: a cache that cannot be made, or holds something else, is done without.
func TestBrokenCache(t *testing.T) {
	empty := []byte("\x00asm\x01\x00\x00\x00")
	p := &pdfium{ctx: t.Context()}
	plain := t.TempDir() + "/file"
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.compile(empty, plain); err != nil {
		t.Errorf("no directory: %v", err)
	}
	dir := t.TempDir()
	if err := p.compile(empty, dir); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(dir + "/*/*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q: %v", kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.compile(empty, dir); err != nil {
		t.Errorf("something else: %v", err)
	}
	if err := p.compile([]byte("none"), dir); err == nil {
		t.Error("compiled what is none")
	}
}

// TestEnded: the end of the input is told at once, while a request waits for a block.
func TestEnded(t *testing.T) {
	a, b := pair()
	ended, served := make(chan bool), make(chan error)
	c := config
	c.Ended = func() { close(ended) }
	go func() { served <- Serve(b, b, c) }()
	if _, err := io.ReadFull(a, make([]byte, len(hello))); err != nil {
		t.Fatal(err)
	}
	if err := writeFrame(a, kindOpen, numbers(0, 0, 1000)); err != nil {
		t.Fatal(err)
	}
	if kind, _, err := readHead(a); kind != kindRead || err != nil {
		t.Fatal(kind, err)
	}
	_ = a.Close() // never fails
	<-ended
	if err := <-served; err == nil {
		t.Error("served to the end")
	}
}

// TestServeFails: a library that is none is told of, and the client says so.
func TestServeFails(t *testing.T) {
	a, b := pair()
	go func() {
		if err := Serve(b, b, Config{PDFium: []byte("none")}); err == nil {
			t.Error("served")
		}
	}()
	c := NewClient(a, patience)
	if err := c.Ready(); !errors.Is(err, ErrFailed) {
		t.Errorf("%v", err)
	}
	if err := c.Ready(); !errors.Is(err, ErrClosed) {
		t.Errorf("afterwards: %v", err)
	}
}
