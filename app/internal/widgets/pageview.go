package widgets

import (
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// PageSize is the size of a page of a document, in points.
type PageSize struct{ Width, Height float32 }

// Box is a part of a page, in points from its top left corner.
type Box struct{ X, Y, Width, Height float32 }

// PageView shows a document, one page at a time. It knows the sizes of the pages and
// asks for their pictures: of the present page, at the width that it has on the
// screen, and when that has come, of the next one. Until a picture comes, an older
// one of the page is shown stretched, or an empty sheet. Of each page one picture is
// kept, of eight pages at most.
//
// Up, Down, Left and Right scroll; PageDown and PageUp scroll by what can be seen,
// and from the end of a page go to the next one, as the wheel does; Home and End go
// to the first and the last page; + and − zoom, 0 and W fit the width.
type PageView struct {
	stand
	// OnWant is called when a picture of a page, counted from 0, is wanted so many
	// pixels wide. Each want is answered by one SetPicture. For a page nothing is wanted
	// while something is on its way.
	OnWant func(page, width int)
	// OnPage is called when another page is shown. May be nil.
	OnPage func(page int)
	// OnZoom is called when the present page has another size; see Percent. May be nil.
	OnZoom func()

	pages    []PageSize
	page     int
	zoom     int // percent, or one of the fits
	percent  int // what OnZoom told last
	pictures []pagePicture
	asked    map[int]int  // the width on its way, by page
	failed   map[int]bool // pages whose picture did not come
	hitPage  int
	hits     []Box
	hit      int
	scroll   *pageScroll
	sheet    *pageSheet
}

// pagePicture is a picture of a page. Those used last stand last.
type pagePicture struct {
	page, width int
	img         image.Image
}

const (
	fitWidth = 0
	fitPage  = -1

	pageMargin  = 8        // around a page
	pagePixels  = 4096     // width and height of a picture at most: what every graphics card takes
	pagesKept   = 8        // pictures
	pixelsKept  = 24 << 20 // pixels of all pictures together, some 100 MB; the present page's is kept anyhow
	hitsShown   = 500      // boxes on a page
	perPoint    = 96.0 / 72
	leastZoom   = 50
	greatest    = 300
	leastWidth  = 200 // of the view
	leastHeight = 150
)

// zooms are the steps of + and −, in percent of the size on paper.
var zooms = []int{leastZoom, 75, 100, 125, 150, 175, 200, 250, greatest}

// NewPageView gives a view of nothing, which fits the width.
func NewPageView() *PageView {
	v := &PageView{hitPage: -1}
	v.sheet = newPageSheet(v)
	v.scroll = newPageScroll(v)
	v.extend(v)
	v.Set(nil)
	return v
}

// Set shows another document from its first page, at the zoom there is. What was
// wanted before must not be answered any more. OnPage is not called.
func (v *PageView) Set(pages []PageSize) {
	v.pages, v.page = slices.Clone(pages), 0
	for i, p := range v.pages {
		if !(p.Width > 0 && p.Height > 0) {
			v.pages[i] = PageSize{595, 842}
		}
	}
	v.pictures, v.asked, v.failed = nil, map[int]int{}, map[int]bool{}
	v.hits, v.hitPage = nil, -1
	v.scroll.Offset = fyne.Position{}
	v.Refresh()
}

// SetPicture answers a want; an *image.RGBA goes to the screen as it is. With no
// picture, because it failed or was given up, the page is asked for again when the
// view next goes to it.
func (v *PageView) SetPicture(page, width int, img image.Image) {
	if w, ok := v.asked[page]; !ok || w != width {
		return
	}
	delete(v.asked, page)
	if img == nil {
		v.failed[page] = true
	} else {
		v.keep(pagePicture{page, width, img})
	}
	v.Refresh()
}

// keep keeps a picture in place of an older one of the page, and drops those that
// were not used for longest while there are too many.
func (v *PageView) keep(p pagePicture) {
	v.pictures = slices.DeleteFunc(v.pictures, func(old pagePicture) bool { return old.page == p.page })
	v.pictures = append(v.pictures, p)
	pixels := 0
	for i := len(v.pictures) - 1; i >= 0; i-- {
		q := v.pictures[i]
		pixels += q.img.Bounds().Dx() * q.img.Bounds().Dy()
		if q.page != v.page && (len(v.pictures)-i > pagesKept || pixels > pixelsKept) {
			v.pictures = slices.Delete(v.pictures, i, i+1)
		}
	}
}

// picture gives the picture of the present page.
func (v *PageView) picture() (pagePicture, bool) {
	i := slices.IndexFunc(v.pictures, func(p pagePicture) bool { return p.page == v.page })
	if i < 0 {
		return pagePicture{}, false
	}
	p := v.pictures[i]
	v.pictures = append(slices.Delete(v.pictures, i, i+1), p)
	return p, true
}

// want asks for what is missing. A view that is as narrow as it can be has most
// likely not been given its place yet.
func (v *PageView) want() {
	if v.OnWant == nil || len(v.pages) == 0 || v.Size().Width <= leastWidth {
		return
	}
	if v.ask(v.page) && v.page+1 < len(v.pages) {
		v.ask(v.page + 1)
	}
}

// ask asks for a page unless its picture is here, and tells whether it is.
func (v *PageView) ask(page int) bool {
	width := v.pixels(page)
	if slices.ContainsFunc(v.pictures, func(p pagePicture) bool { return p.page == page && p.width == width }) {
		return true
	}
	if _, asked := v.asked[page]; !asked && !v.failed[page] {
		v.asked[page] = width
		v.OnWant(page, width)
	}
	return false
}

// pixels is how wide the picture of a page is to be.
func (v *PageView) pixels(page int) int {
	p := v.pages[page]
	most := pagePixels * min(1, p.Width/p.Height)
	return max(1, int(math.Round(float64(min(most, v.sizeOf(page).Width*v.density())))))
}

// density is how many pixels a unit has.
func (v *PageView) density() float32 {
	if c := CanvasOf(v); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}

// perUnit is how many units a point of a page takes.
func (v *PageView) perUnit(page int) float32 {
	p, view := v.pages[page], v.scroll.Size()
	bar := 2 * theme.Size(theme.SizeNameScrollBarSmall)
	wide, high := (view.Width-2*pageMargin-bar)/p.Width, (view.Height-2*pageMargin)/p.Height
	switch v.zoom {
	case fitWidth:
		return max(0.05, wide)
	case fitPage:
		return max(0.05, min(wide, high))
	}
	return perPoint * float32(v.zoom) / 100
}

// sizeOf is the size of a page on the screen, in units that are whole pixels.
func (v *PageView) sizeOf(page int) fyne.Size {
	p, k, d := v.pages[page], v.perUnit(page), float64(v.density())
	whole := func(u float32) float32 { return float32(math.Round(float64(u)*d) / d) }
	return fyne.NewSize(whole(p.Width*k), whole(p.Height*k))
}

// Page gives the present page, counted from 0.
func (v *PageView) Page() int { return v.page }

// Go shows a page, or the nearest there is, from its top.
func (v *PageView) Go(page int) {
	page = within(page, len(v.pages))
	was := v.page
	v.page = page
	delete(v.failed, page)
	v.scroll.Offset.Y = 0
	v.Refresh()
	if page != was && v.OnPage != nil {
		v.OnPage(page)
	}
}

// SetHits marks boxes on a page, in place of those that were marked, and scrolls to
// the current one if the page is shown; a current −1 is none. It goes to no page.
func (v *PageView) SetHits(page int, boxes []Box, current int) {
	v.hitPage, v.hits, v.hit = page, slices.Clone(boxes[:min(len(boxes), hitsShown)]), current
	v.Refresh()
	if page == v.page && current >= 0 && current < len(v.hits) && len(v.pages) > 0 {
		k, b, view, offset := v.perUnit(page), v.hits[current], v.scroll.Size(), v.scroll.Offset
		air := 2 * lineHeight()
		at := v.sheet.image.Position()
		offset.X = show(offset.X, view.Width, at.X+b.X*k-pageMargin, b.Width*k+2*pageMargin)
		offset.Y = show(offset.Y, view.Height, at.Y+b.Y*k-air, b.Height*k+2*air)
		scrollTo(&v.scroll.Scroll, offset)
	}
}

// FitWidth makes pages as wide as the view.
func (v *PageView) FitWidth() { v.resize(fitWidth) }

// FitPage makes whole pages fit the view.
func (v *PageView) FitPage() { v.resize(fitPage) }

// ZoomTo makes pages so many percent of their size on paper, from 50 to 300.
func (v *PageView) ZoomTo(percent int) { v.resize(max(leastZoom, min(percent, greatest))) }

// Percent gives how large the present page is, in percent of its size on paper.
func (v *PageView) Percent() int {
	if len(v.pages) == 0 {
		return 100
	}
	return int(math.Round(float64(v.perUnit(v.page) / perPoint * 100)))
}

// ZoomIn makes pages larger by a step.
func (v *PageView) ZoomIn() {
	now := v.Percent()
	if i := slices.IndexFunc(zooms, func(z int) bool { return z > now }); i >= 0 {
		v.resize(zooms[i])
	}
}

// ZoomOut makes pages smaller by a step.
func (v *PageView) ZoomOut() {
	now := v.Percent()
	for _, z := range slices.Backward(zooms) {
		if z < now {
			v.resize(z)
			return
		}
	}
}

// resize sets the zoom. What was in the middle of the view stays there.
func (v *PageView) resize(zoom int) {
	if zoom == v.zoom {
		return
	}
	was, view, offset := v.sheet.MinSize(), v.scroll.Size(), v.scroll.Offset
	v.zoom = zoom
	v.Refresh()
	if now := v.sheet.MinSize(); was.Width > 0 && was.Height > 0 {
		scrollTo(&v.scroll.Scroll, fyne.NewPos(
			(offset.X+view.Width/2)*now.Width/was.Width-view.Width/2,
			(offset.Y+view.Height/2)*now.Height/was.Height-view.Height/2))
	}
}

// Tapped takes the focus.
func (v *PageView) Tapped(*fyne.PointEvent) { v.focus() }

// TypedKey scrolls, goes to pages, or gives the key to the canvas.
func (v *PageView) TypedKey(ev *fyne.KeyEvent) {
	step, s := 2*lineHeight(), &v.scroll.Scroll
	page := max(step, s.Size().Height-step)
	by := func(x, y float32) { scrollTo(s, s.Offset.AddXY(x, y)) }
	switch ev.Name {
	case fyne.KeyUp:
		by(0, -step)
	case fyne.KeyDown:
		by(0, step)
	case fyne.KeyLeft:
		by(-step, 0)
	case fyne.KeyRight:
		by(step, 0)
	case fyne.KeyPageDown:
		if !v.turn(1) {
			by(0, page)
		}
	case fyne.KeyPageUp:
		if !v.turn(-1) {
			by(0, -page)
		}
	case fyne.KeyHome:
		v.Go(0)
	case fyne.KeyEnd:
		v.Go(len(v.pages) - 1)
	case fyne.KeyW:
		v.FitWidth()
	default:
		passKey(v, ev)
	}
}

// TypedRune zooms. It is the character that counts: + is on no key by itself.
func (v *PageView) TypedRune(r rune) {
	switch narrow(r) {
	case '+', '=':
		v.ZoomIn()
	case '-', '−', '—':
		v.ZoomOut()
	case '0':
		v.FitWidth()
	}
}

// turn goes to the next page from the end of this one, or to the end of the one
// before from its top, and tells whether the view stood there.
func (v *PageView) turn(by int) bool {
	s := &v.scroll.Scroll
	end := s.Content.Size().Height - s.Size().Height
	switch {
	case by > 0 && s.Offset.Y < end-1 || by < 0 && s.Offset.Y > 1:
		return false
	case v.page+by >= 0 && v.page+by < len(v.pages):
		v.Go(v.page + by)
		if by < 0 {
			scrollTo(s, fyne.NewPos(s.Offset.X, s.Content.Size().Height))
		}
	}
	return true
}

// CreateRenderer is for Fyne.
func (v *PageView) CreateRenderer() fyne.WidgetRenderer {
	r := &pageViewRenderer{v, newRing()}
	r.Refresh()
	return r
}

type pageViewRenderer struct {
	view *PageView
	ring *canvas.Rectangle
}

func (r *pageViewRenderer) MinSize() fyne.Size { return fyne.NewSize(leastWidth, leastHeight) }

func (r *pageViewRenderer) Layout(size fyne.Size) {
	v, w := r.view, theme.Size(skin.SizeRing)
	v.scroll.Move(fyne.NewSquareOffsetPos(w))
	v.scroll.Resize(size.SubtractWidthHeight(2*w, 2*w).Max(fyne.Size{}))
	layoutRing(r.ring, size)
	v.sheet.Refresh()
	v.scroll.Refresh()
	v.want()
	if now := v.Percent(); now != v.percent {
		v.percent = now
		call(v.OnZoom)
	}
}

func (r *pageViewRenderer) Refresh() {
	refreshRing(r.ring, r.view.focused)
	r.Layout(r.view.Size())
	canvas.Refresh(r.view)
}

func (r *pageViewRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.view.scroll, r.ring}
}

func (r *pageViewRenderer) Destroy() {}

// pageScroll is a scroll in which the wheel turns pages.
type pageScroll struct {
	container.Scroll
	view *PageView
}

func newPageScroll(v *PageView) *pageScroll {
	s := &pageScroll{view: v}
	s.Content = v.sheet
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled scrolls or, where there is nothing more to scroll, turns the page.
func (s *pageScroll) Scrolled(ev *fyne.ScrollEvent) {
	switch {
	case ev.Scrolled.DY < 0 && s.view.turn(1):
	case ev.Scrolled.DY > 0 && s.view.turn(-1):
	default:
		s.Scroll.Scrolled(ev)
	}
}

// pageSheet is the page with what is marked on it.
type pageSheet struct {
	widget.BaseWidget
	view  *PageView
	paper *canvas.Rectangle
	image *canvas.Image
	marks []fyne.CanvasObject
}

func newPageSheet(v *PageView) *pageSheet {
	s := &pageSheet{view: v, paper: canvas.NewRectangle(nil), image: &canvas.Image{ScaleMode: canvas.ImageScaleFastest}}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is for Fyne.
func (s *pageSheet) CreateRenderer() fyne.WidgetRenderer { return &pageSheetRenderer{s} }

type pageSheetRenderer struct{ sheet *pageSheet }

func (r *pageSheetRenderer) MinSize() fyne.Size {
	v := r.sheet.view
	if len(v.pages) == 0 {
		return fyne.Size{}
	}
	return v.sizeOf(v.page).AddWidthHeight(2*pageMargin, 2*pageMargin)
}

func (r *pageSheetRenderer) Layout(size fyne.Size) {
	s, v := r.sheet, r.sheet.view
	if len(v.pages) == 0 {
		return
	}
	page := v.sizeOf(v.page)
	at := fyne.NewPos(pageMargin+float32(math.Floor(float64(max(0, size.Width-2*pageMargin-page.Width)/2))), pageMargin)
	s.image.Move(at)
	s.image.Resize(page)
	s.paper.Move(at.SubtractXY(1, 1))
	s.paper.Resize(page.AddWidthHeight(2, 2))
	s.mark(at)
}

// mark draws the boxes. Each has a dark and a light outline, one inside the other,
// of which one can be seen on any paper in any palette; the current one's are thick.
func (s *pageSheet) mark(at fyne.Position) {
	v := s.view
	s.marks = nil
	if v.hitPage != v.page {
		return
	}
	k := v.perUnit(v.page)
	for i, b := range v.hits {
		thick := float32(1)
		if i == v.hit {
			thick = 3
		}
		for j, color := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNameBackground} {
			o := canvas.NewRectangle(nil)
			o.FillColor = theme.Color(theme.ColorNameFocus)
			if j > 0 {
				o.FillColor = theme.Color(theme.ColorNameHover)
			}
			o.StrokeColor, o.StrokeWidth = theme.Color(color), thick
			out := thick * (1.5 - float32(j))
			o.Move(at.AddXY(b.X*k-out, b.Y*k-out))
			o.Resize(fyne.NewSize(b.Width*k+2*out, b.Height*k+2*out))
			s.marks = append(s.marks, o)
		}
	}
}

func (r *pageSheetRenderer) Refresh() {
	s, v := r.sheet, r.sheet.view
	s.paper.FillColor, s.paper.StrokeColor, s.paper.StrokeWidth = theme.Color(skin.ColorSheet), theme.Color(theme.ColorNameInputBorder), 1
	s.paper.Hidden = len(v.pages) == 0
	p, ok := v.picture()
	if s.image.Image != p.img {
		s.image.Image = p.img
		s.image.Refresh()
	}
	s.image.Hidden = !ok
	r.Layout(s.Size())
	canvas.Refresh(s)
}

func (r *pageSheetRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.sheet.paper, r.sheet.image}, r.sheet.marks...)
}

func (r *pageSheetRenderer) Destroy() {}
