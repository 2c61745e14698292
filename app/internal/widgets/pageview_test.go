package widgets

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

// a4 gives so many pages.
func a4(n int) []PageSize {
	out := make([]PageSize, n)
	for i := range out {
		out[i] = PageSize{595, 842}
	}
	return out
}

// viewed is a view with what it wanted, and not yet been given.
type viewed struct {
	*PageView
	keyboard
	wants  [][2]int
	turned []int
}

func pagesShown(t *testing.T, pages []PageSize) *viewed {
	t.Helper()
	v := &viewed{PageView: NewPageView()}
	v.OnWant = func(page, width int) { v.wants = append(v.wants, [2]int{page, width}) }
	v.OnPage = func(page int) { v.turned = append(v.turned, page) }
	v.keyboard = keyboard{shown(t, skin.Normal, false, 600, 400, func() fyne.CanvasObject { return v.PageView })}
	v.PageView.Set(pages)
	v.Canvas.Focus(v.PageView)
	return v
}

// give answers the first want.
func (v *viewed) give() {
	w := v.wants[0]
	v.wants = v.wants[1:]
	v.SetPicture(w[0], w[1], image.NewGray(image.Rect(0, 0, w[1], w[1]*842/595)))
}

func (v *viewed) giveAll() {
	for len(v.wants) > 0 {
		v.give()
	}
}

func (v *viewed) wanted(t *testing.T, name string, want ...[2]int) {
	t.Helper()
	if len(v.wants)+len(want) > 0 && !reflect.DeepEqual(v.wants, want) {
		t.Errorf("%s: wants %v, want %v", name, v.wants, want)
	}
}

// The width of a page that fits the view of the tests.
const fitted = 600 - 4 - 2*pageMargin - 8

func TestPageViewWants(t *testing.T) {
	early := NewPageView() // it has no place yet
	early.OnWant = func(page, width int) { t.Errorf("wants %d of page %d", width, page) }
	early.Set(a4(3))
	early.Resize(early.MinSize())
	v := pagesShown(t, a4(3))
	v.wanted(t, "at first", [2]int{0, fitted})
	v.PageView.Refresh()
	v.wanted(t, "nothing twice", [2]int{0, fitted})
	if v.sheet.image.Visible() || !v.sheet.paper.Visible() {
		t.Error("an empty sheet is not shown")
	}
	v.give()
	v.wanted(t, "the next one ahead", [2]int{1, fitted})
	if !v.sheet.image.Visible() || v.sheet.image.Size().Width != fitted {
		t.Errorf("the picture is shown %v wide", v.sheet.image.Size())
	}
	v.give()
	v.wanted(t, "all is here")
	v.Go(1)
	v.wanted(t, "and ahead again", [2]int{2, fitted})
	v.Go(2)
	v.wanted(t, "on its way already", [2]int{2, fitted})
	v.give()
	v.Go(0)
	v.wanted(t, "all is here")
	if !reflect.DeepEqual(v.turned, []int{1, 2, 0}) {
		t.Errorf("turned to %v", v.turned)
	}
}

// While a picture is on its way the old one is shown stretched, and another width of
// the page is asked for when it has come.
func TestPageViewZooms(t *testing.T) {
	v := pagesShown(t, a4(1))
	zoomed := 0
	v.OnZoom = func() { zoomed++ }
	v.give()
	v.play(`"+"`)
	first := v.Percent()
	width := v.sheet.image.Size().Width
	if v.wanted(t, "larger", [2]int{0, int(width)}); width <= fitted || !v.sheet.image.Visible() || first != 75 {
		t.Errorf("%d %%: %v wide, old picture shown %v", first, width, v.sheet.image.Visible())
	}
	v.play(`"+" "+"`)
	v.wanted(t, "one at a time", [2]int{0, int(width)})
	v.give()
	if v.wanted(t, "then the present", [2]int{0, int(v.sheet.image.Size().Width)}); v.Percent() != 125 || zoomed != 3 {
		t.Errorf("%d %%, told %d times", v.Percent(), zoomed)
	}
	v.giveAll()
	for range 12 {
		v.play(`"+"`)
		v.giveAll()
	}
	if v.Percent() != greatest {
		t.Errorf("%d %%", v.Percent())
	}
	for range 12 {
		v.play(`"-"`)
		v.giveAll()
	}
	if v.Percent() != leastZoom {
		t.Errorf("%d %%", v.Percent())
	}
	for _, keys := range []string{"W", `"0"`} {
		v.ZoomTo(1000)
		if v.Percent() != greatest {
			t.Errorf("%d %%", v.Percent())
		}
		v.play(keys)
		if v.sheet.image.Size().Width != fitted {
			t.Errorf("%s: %v wide", keys, v.sheet.image.Size())
		}
	}
	v.FitPage()
	if h := v.sheet.MinSize().Height; h > v.scroll.Size().Height || h < v.scroll.Size().Height-2 {
		t.Errorf("a whole page takes %v of %v", h, v.scroll.Size())
	}
	v.ZoomOut()
	v.giveAll()
	if len(v.PageView.pictures) != 1 {
		t.Errorf("%d pictures of one page", len(v.PageView.pictures))
	}
}

// Pictures are asked for in pixels of the screen, and no larger than a graphics card
// takes.
func TestPageViewPixels(t *testing.T) {
	v := pagesShown(t, []PageSize{{595, 842}, {2384, 3370}, {3370, 2384}, {0, -1}})
	v.giveAll()
	c := v.Canvas.(test.WindowlessCanvas)
	c.SetScale(1.5)
	v.PageView.Refresh()
	v.wanted(t, "scale 1.5", [2]int{0, fitted * 3 / 2})
	c.SetScale(1)
	v.giveAll()
	v.ZoomTo(300)
	v.giveAll()
	v.Go(1)
	v.wanted(t, "a large page ahead", [2]int{2, 4096})
	for page, want := range map[int]int{1: 2898, 3: 595 * 4} {
		if got := v.pixels(page); got != want {
			t.Errorf("page %d is wanted %d pixels wide, want %d", page, got, want)
		}
	}
}

func TestPageViewKeys(t *testing.T) {
	v := pagesShown(t, a4(3))
	v.SetName("材料")
	y := func() float32 { return v.scroll.Offset.Y }
	end := v.scroll.Content.Size().Height - v.scroll.Size().Height
	v.play("Down")
	step := y()
	if v.play("Down Up"); step <= 0 || y() != step {
		t.Errorf("Down and Up: %v, %v", step, y())
	}
	for range 3 { // a page fits the width and not the height
		v.play("Next")
	}
	if v.Page() != 1 || y() != 0 {
		t.Errorf("PageDown: page %d at %v", v.Page(), y())
	}
	v.play("Prior")
	if v.Page() != 0 || y() < end-1 {
		t.Errorf("PageUp: page %d at %v of %v", v.Page(), y(), end)
	}
	v.play("End")
	if v.Page() != 2 || y() != 0 {
		t.Errorf("End: page %d at %v", v.Page(), y())
	}
	v.play("Next Next Next Next")
	if v.Page() != 2 || y() < end-1 {
		t.Errorf("PageDown on the last page: page %d at %v", v.Page(), y())
	}
	v.play("Home")
	if v.play("Prior"); v.Page() != 0 || y() != 0 {
		t.Errorf("Home: page %d at %v", v.Page(), y())
	}
	v.ZoomTo(200)
	x := v.scroll.Offset.X
	v.play("Right")
	if right := v.scroll.Offset.X; right <= x {
		t.Errorf("Right: from %v to %v", x, right)
	}
	if v.play("Left"); v.scroll.Offset.X != x || v.Name() != "材料" {
		t.Errorf("Left: at %v", v.scroll.Offset.X)
	}
	calls := bound(v.Canvas)
	v.play(everyKey)
	if got := strings.Join(*calls, " "); got != "primary primary back help region" {
		t.Error(got)
	}
}

func TestPageViewMouse(t *testing.T) {
	v := pagesShown(t, a4(2))
	v.Unfocus()
	v.Tapped(&fyne.PointEvent{})
	if v.Focused() != v.PageView {
		t.Error("a click does not give the focus")
	}
	wheel := func(dy float32) { v.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)}) }
	wheel(-50)
	if v.Page() != 0 || v.scroll.Offset.Y != 50 {
		t.Errorf("page %d at %v", v.Page(), v.scroll.Offset.Y)
	}
	wheel(-5000)
	if v.Page() != 0 {
		t.Error("the wheel leaves a page before its end")
	}
	wheel(-50)
	if v.Page() != 1 || v.scroll.Offset.Y != 0 {
		t.Errorf("page %d at %v", v.Page(), v.scroll.Offset.Y)
	}
	wheel(50)
	if v.Page() != 0 || v.scroll.Offset.Y == 0 {
		t.Errorf("page %d at %v", v.Page(), v.scroll.Offset.Y)
	}
}

// What did not come is asked for again when one comes back to it, and not before;
// what was not asked for is not shown.
func TestPageViewFailure(t *testing.T) {
	v := pagesShown(t, a4(3))
	v.wants = nil
	v.SetPicture(0, fitted, nil)
	v.PageView.Refresh()
	v.wanted(t, "failed")
	v.Go(1)
	v.Go(0)
	v.wanted(t, "gone back", [2]int{1, fitted}, [2]int{0, fitted})
	v.SetPicture(2, fitted, image.NewGray(image.Rect(0, 0, 9, 9)))
	v.SetPicture(0, 7, image.NewGray(image.Rect(0, 0, 9, 9)))
	if len(v.PageView.pictures) != 0 {
		t.Error("what was not asked for is kept")
	}
	v.wants = nil
	v.PageView.Set(a4(2))
	v.wanted(t, "another document", [2]int{0, fitted})
}

// Of a long document few pictures are kept, and of large ones fewer.
func TestPageViewKeepsFew(t *testing.T) {
	v := pagesShown(t, a4(40))
	for page := range 40 {
		v.Go(page)
		v.giveAll()
		if n := len(v.PageView.pictures); n > pagesKept {
			t.Fatalf("%d pictures", n)
		}
	}
	v.Go(37)
	v.giveAll()
	v.wants = nil
	v.Go(36)
	v.wanted(t, "seen lately")
	v.ZoomTo(300)
	for page := range 10 {
		v.Go(page)
		v.giveAll()
	}
	pixels := 0
	for _, p := range v.PageView.pictures {
		pixels += p.img.Bounds().Dx() * p.img.Bounds().Dy()
	}
	if _, ok := v.picture(); pixels > pixelsKept || !ok {
		t.Errorf("%d pixels in %d pictures", pixels, len(v.PageView.pictures))
	}
}

// A hit is scrolled into view, stands where it is on the page at every zoom, and the
// current one differs from the others by more than colour.
func TestPageViewHits(t *testing.T) {
	v := pagesShown(t, a4(2))
	v.giveAll()
	boxes := []Box{{100, 60, 120, 14}, {100, 700, 120, 14}}
	v.SetHits(0, boxes, 1)
	for _, zoom := range []func(){func() {}, v.ZoomIn, v.FitPage} {
		zoom()
		k := v.perUnit(0)
		if len(v.sheet.marks) != 4 {
			t.Fatalf("%d marks", len(v.sheet.marks))
		}
		at := v.sheet.marks[2].Position().Subtract(v.sheet.image.Position())
		if dx, dy := at.X-100*k, at.Y-700*k; dx < -5 || dx > 0 || dy < -5 || dy > 0 {
			t.Errorf("at %v the second hit stands at %v", k, at)
		}
	}
	v.FitWidth()
	v.Go(0)
	v.SetHits(0, boxes, 1)
	top := v.sheet.marks[2].Position().Y - v.scroll.Offset.Y
	if top < 0 || top > v.scroll.Size().Height-20 {
		t.Errorf("the current hit stands at %v", top)
	}
	if m := test.RenderObjectToMarkup(v.sheet); strings.Count(m, `strokeWidth="3"`) != 2 {
		t.Errorf("the current hit looks like the others:\n%s", m)
	}
	v.Go(1)
	if len(v.sheet.marks) != 0 {
		t.Error("hits of another page are shown")
	}
	v.SetHits(1, nil, -1)
	v.SetHits(5, boxes, 9)
}

func TestPageViewOfNothing(t *testing.T) {
	v := pagesShown(t, nil)
	v.play(`Down Up Left Right Next Prior Home End W "+" "-" "0"`)
	v.SetHits(0, []Box{{1, 2, 3, 4}}, 0)
	v.ZoomTo(100)
	v.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)})
	if v.wanted(t, "nothing"); len(v.turned) != 0 || v.Page() != 0 || v.Percent() != 100 {
		t.Errorf("turned %v", v.turned)
	}
}

// samplePage is a picture of a page with some lines on it.
func samplePage(width int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, width*842/595))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := width / 10; y < img.Rect.Dy()-width/10; y += width / 24 {
		draw.Draw(img, image.Rect(width/10, y, width*9/10, y+width/60), image.NewUniform(color.Gray{160}), image.Point{}, draw.Src)
	}
	return img
}

func TestPageViewLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"pageview": false, "pageview-contrast": true} {
		v := NewPageView()
		v.OnWant = func(page, width int) {
			if page == 0 {
				v.SetPicture(page, width, samplePage(width))
			}
		}
		c := shown(t, skin.Normal, contrast, 300, 200, func() fyne.CanvasObject { return v })
		v.Set(a4(2))
		v.SetHits(0, []Box{{100, 60, 120, 14}, {100, 90, 120, 14}}, 1)
		c.Focus(v)
		golden(t, c, name)
	}
}

// What a picture of a page costs the window, of the width of the view.
func BenchmarkPageView(b *testing.B) {
	v := NewPageView()
	v.OnWant = func(page, width int) { v.SetPicture(page, width, samplePage(width)) }
	w := test.NewWindow(v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	v.Set(a4(2))
	v.OnWant = nil
	b.Run(fmt.Sprint("turn and paint, ", v.pixels(0), " pixels wide"), func(b *testing.B) {
		for b.Loop() {
			v.Go(1 - v.Page())
			w.Canvas().Capture()
		}
	})
	w.Close()
}
