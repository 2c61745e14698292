package present

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // what documents of the kind jpeg are read by
	_ "image/png"  // the same for png
	"io"
	"slices"
	"strings"

	"heyi/review/bag"
)

// Paging is the part of a page that shows a document: its pages as pictures, the texts
// found in it, and where one is. What cannot be shown has a sentence in its place.
type Paging struct {
	desk    *Desk
	changed func()
	picture func(page, width int, picture image.Image)

	open    func() (source, error)
	edition int // grows whenever another document, or none, takes the place
	say     Message
	shown   Shown
	source  io.Closer
	sizes   []PageSize
	at      int

	wanted  []want // not asked for yet, the newest last
	drawing want   // on its way; the zero want for none
	kept    []kept // the newest last

	text    string // that was looked for
	finding bool
	hits    []Hit
	hit     int // index of the present one
	jump    int // grows whenever the view has to go to the present page
	begin   int // page to begin with
}

// want is a picture that is wanted.
type want struct{ page, width int }

// kept is a picture that is there.
type kept struct {
	want
	picture image.Image
}

// The bounds of Paging.
const (
	maxWanted = 12         // pictures that wait to be drawn; what was seen longest ago is given up
	maxKept   = 12_000_000 // pixels of all pictures that are kept: 48 MB
)

// source is what a document is read from.
type source struct {
	io.ReaderAt
	io.Closer // let go once the document is closed
	size      int64
	kind      bag.Kind
}

// pdfOf is a source of a PDF at hand.
func pdfOf(pdf []byte) source {
	return source{bytes.NewReader(pdf), io.NopCloser(nil), int64(len(pdf)), bag.KindPDF}
}

// newPaging gives the part without a document. changed is called when anything but a
// picture has changed.
func newPaging(d *Desk, changed func()) *Paging { return &Paging{desk: d, changed: changed} }

// OnPicture sets what takes the pictures that were wanted.
func (v *Paging) OnPicture(f func(page, width int, picture image.Image)) { v.picture = f }

// Edition grows whenever another document, or none, takes the place of what was shown.
func (v *Paging) Edition() int { return v.edition }

// Say gives the sentence that stands in place of the pages; without text where pages are
// shown, or nothing was opened.
func (v *Paging) Say() Message { return v.say }

// Sizes gives the sizes of the pages, none until a document is open.
func (v *Paging) Sizes() []PageSize { return v.sizes }

// show opens a document in place of what was shown, at a page of it. open is not called on
// the screen's goroutine.
func (v *Paging) show(open func() (source, error), page int) {
	v.close()
	v.open, v.begin = open, page
	viewer := v.desk.Viewer
	v.say = Message{ToneBusy, v.desk.T("view.opening", nil)}
	var src source
	var shown Shown
	edition := v.edition
	v.changed()
	v.desk.jobs.Run(func() (err error) {
		if src, err = open(); err != nil {
			return err
		}
		if shown, err = read(viewer, src); err != nil {
			return errors.Join(err, src.Close())
		}
		return nil
	}, func(err error) {
		if v.edition != edition { // he has turned to something else meanwhile
			if err == nil {
				v.drop(shown, src)
			}
			return
		}
		if err != nil {
			v.desk.Log(err)
			v.refuse(ToneError, v.explain(err))
			return
		}
		v.say, v.shown, v.source, v.sizes = Message{}, shown, src, shown.Pages()
		v.Go(v.begin)
	})
}

var (
	errNoViewer = errors.New("present: no viewer") // the program was set up without one
	errPicture  = errors.New("present: no picture that can be shown")
)

// read opens a source by the viewer, or here if it is a picture.
func read(viewer Viewer, src source) (Shown, error) {
	switch {
	case src.kind == bag.KindPNG || src.kind == bag.KindJPEG:
		return readPicture(src)
	case viewer == nil:
		return nil, errNoViewer
	}
	return viewer.Open(src, src.size)
}

// explain says why a document is not shown.
func (v *Paging) explain(err error) string {
	switch {
	case errors.Is(err, errNoViewer):
		return v.desk.T("view.none", nil)
	case errors.Is(err, errPicture):
		return v.desk.T("view.picture", nil)
	}
	return v.desk.words.Explain(err)
}

// refuse puts a sentence in place of a document, which may be opened again.
func (v *Paging) refuse(t Tone, text string) {
	open, at := v.open, max(v.at, v.begin)
	v.close()
	v.open, v.begin, v.say = open, at, Message{t, text}
	v.changed()
}

// Again opens what could not be shown once more; without label where there is no such
// thing.
func (v *Paging) Again() Action {
	if open := v.open; open != nil && v.say.Tone == ToneError {
		at := v.begin
		return Action{v.desk.T("view.again", nil), func() { v.show(open, at) }}
	}
	return Action{}
}

// close lets the document go. What is on its way comes to nothing.
func (v *Paging) close() {
	shown, src, jump := v.shown, v.source, v.jump
	*v = Paging{desk: v.desk, changed: v.changed, picture: v.picture, edition: v.edition + 1, jump: jump}
	if shown != nil {
		v.drop(shown, src)
	}
}

// drop closes a document and its source, which must stay readable until then.
func (v *Paging) drop(shown Shown, src io.Closer) {
	v.desk.jobs.Run(func() error { return errors.Join(shown.Close(), src.Close()) }, func(err error) {
		if err != nil {
			v.desk.Log(err)
		}
	})
}

// Want has a page drawn so many pixels wide; OnPicture takes it, at once if it is there.
// Nothing is drawn twice, and what was wanted last is drawn first. Of more than a few that
// wait the oldest is given up, and OnPicture told so by no picture: it has been scrolled
// past, and is wanted again when it is seen again.
func (v *Paging) Want(page, width int) {
	w := want{page, width}
	if v.shown == nil || page < 0 || page >= len(v.sizes) || width < 1 || w == v.drawing {
		return
	}
	if i := slices.IndexFunc(v.kept, func(k kept) bool { return k.want == w }); i >= 0 {
		k := v.kept[i]
		v.kept = append(slices.Delete(v.kept, i, i+1), k)
		v.give(k)
		return
	}
	v.wanted = slices.DeleteFunc(v.wanted, func(x want) bool { return x == w })
	v.wanted = append(v.wanted, w)
	if len(v.wanted) > maxWanted {
		w := v.wanted[0]
		v.wanted = v.wanted[1:]
		v.give(kept{w, nil})
	}
	v.draw()
}

func (v *Paging) give(k kept) {
	if v.picture != nil {
		v.picture(k.page, k.width, k.picture)
	}
}

// draw has the newest wanted picture drawn, one at a time.
func (v *Paging) draw() {
	if v.drawing != (want{}) || len(v.wanted) == 0 {
		return
	}
	w := v.wanted[len(v.wanted)-1]
	v.wanted, v.drawing = v.wanted[:len(v.wanted)-1], w
	shown, edition := v.shown, v.edition
	var picture image.Image
	v.desk.jobs.Run(func() (err error) {
		picture, err = shown.Page(w.page, w.width)
		return err
	}, func(err error) {
		if v.edition != edition {
			return
		}
		v.drawing = want{}
		if err != nil {
			v.desk.Log(err)
			v.refuse(ToneError, v.desk.words.Explain(err))
			return
		}
		k := kept{w, picture}
		v.keep(k)
		v.give(k)
		v.draw()
	})
}

// keep adds a picture to those that are kept, and gives up the oldest beyond the bound.
func (v *Paging) keep(k kept) {
	v.kept = append(v.kept, k)
	pixels := 0
	for i := len(v.kept) - 1; i >= 0; i-- {
		size := v.kept[i].picture.Bounds().Size()
		if pixels += size.X * size.Y; pixels > maxKept && i < len(v.kept)-1 {
			v.kept = slices.Delete(v.kept, 0, i+1)
			return
		}
	}
}

// At gives the page that is looked at, counted from 0.
func (v *Paging) At() int { return v.at }

// Turned takes which page is looked at now: somebody is reading.
func (v *Paging) Turned(page int) {
	v.desk.idle.Poke()
	if page != v.at && page >= 0 && page < len(v.sizes) {
		v.at = page
		v.changed()
	}
}

// Jump gives the page that the view has to go to, and a number that grows with each such
// wish.
func (v *Paging) Jump() (page, wish int) { return v.at, v.jump }

// Go goes to a page, as far as there is one.
func (v *Paging) Go(page int) {
	if len(v.sizes) == 0 {
		return
	}
	v.at = max(0, min(page, len(v.sizes)-1))
	v.jump++
	v.changed()
}

// Where says which page of how many is looked at; "" where there is none.
func (v *Paging) Where() string {
	if len(v.sizes) == 0 {
		return ""
	}
	return v.desk.T("view.page", map[string]int{"Page": v.at + 1, "Pages": len(v.sizes)})
}

// Find looks for a text and goes to its first place from the present page on; "" forgets
// what was found. The same text again goes to the next place.
func (v *Paging) Find(text string) {
	v.desk.idle.Poke()
	text = strings.TrimSpace(text)
	if v.shown == nil || v.finding && text == v.text {
		return
	}
	if text == v.text && len(v.hits) > 0 {
		v.NextHit(1)
		return
	}
	v.text, v.hits, v.hit, v.finding = text, nil, 0, text != ""
	v.changed()
	if text == "" {
		return
	}
	shown, edition := v.shown, v.edition
	var hits []Hit
	v.desk.jobs.Run(func() (err error) {
		hits, err = shown.Find(text)
		return err
	}, func(err error) {
		if v.edition != edition || v.text != text {
			return
		}
		v.finding = false
		if err != nil {
			v.desk.Log(err)
			v.refuse(ToneError, v.desk.words.Explain(err))
			return
		}
		v.hits = hits
		if v.hit = slices.IndexFunc(hits, func(h Hit) bool { return h.Page >= v.at }); v.hit < 0 {
			v.hit = 0
		}
		v.NextHit(0)
	})
}

// NextHit goes on by so many places, around the end.
func (v *Paging) NextHit(by int) {
	if n := len(v.hits); n > 0 {
		v.hit = ((v.hit+by)%n + n) % n
		v.Go(v.hits[v.hit].Page)
		return
	}
	v.changed()
}

// Hits gives the places that were found, and the index of the present one.
func (v *Paging) Hits() ([]Hit, int) { return v.hits, v.hit }

// Found says what came of looking for a text; "" where nothing was looked for.
func (v *Paging) Found() string {
	switch {
	case v.text == "":
		return ""
	case v.finding:
		return v.desk.T("view.finding", nil)
	case len(v.hits) == 0:
		return v.desk.T("view.unfound", nil)
	}
	return v.desk.T("view.found", map[string]int{"Hit": v.hit + 1, "Hits": len(v.hits)})
}

// onePicture is a picture as a document of one page.
type onePicture struct{ image.Image }

// maxPicture is how many pixels a picture may have that is shown here, as those that a
// Viewer draws.
const maxPicture = 16_000_000

// readPicture reads a picture.
func readPicture(src source) (Shown, error) {
	c, _, err := image.DecodeConfig(io.NewSectionReader(src, 0, src.size))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > maxPicture/c.Height {
		return nil, errors.Join(errPicture, err)
	}
	p, _, err := image.Decode(io.NewSectionReader(src, 0, src.size))
	if err != nil {
		return nil, errors.Join(errPicture, err)
	}
	return onePicture{p}, nil
}

// Pages gives one page, of 96 pixels to the inch.
func (p onePicture) Pages() []PageSize {
	const point = 72. / 96
	size := p.Bounds().Size()
	return []PageSize{{float64(size.X) * point, float64(size.Y) * point}}
}

// Page gives the picture as it is: who shows it scales it.
func (p onePicture) Page(int, int) (image.Image, error) { return p.Image, nil }

// Find finds nothing: a picture holds no text.
func (onePicture) Find(string) ([]Hit, error) { return nil, nil }

// Close has nothing to let go.
func (onePicture) Close() error { return nil }
