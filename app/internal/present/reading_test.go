package present_test

import (
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/app/internal/present"
	"heyi/assets"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
)

// packs are the regulations of the program.
var packs = sync.OnceValue(func() *regulation.Library {
	var files [][]byte
	entries, err := fs.ReadDir(assets.Packs, "packs")
	for _, e := range entries {
		b, failed := fs.ReadFile(assets.Packs, "packs/"+e.Name())
		if failed != nil {
			err = failed
		}
		files = append(files, b)
	}
	if err != nil {
		panic(err)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		panic(err)
	}
	return lib
})

// newDelivery holds the meeting of the script on the project of a package, up to its first
// round.
func newDelivery(t *testing.T) *hall {
	t.Helper()
	r := newRoom(t)
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	r.services = meeting.New(meeting.Config{
		Store: r.store, Papers: fakes.Papers{}, Files: &fakes.Files{}, Packages: &fakes.Packages{}, Rules: packs(), Marks: &fakes.Marks{},
		Random: rand.NewChaCha8([32]byte{1}), WorkFactor: 1, Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(time.Minute)
			return now
		},
	})
	h := &hall{room: r, Hall: script.New(r.services), store: r.store.Store, shelf: &books{}}
	r.Desk = present.NewDesk(present.World{
		Services: r.services, Words: r.Words, Jobs: r.queue, Prefs: r.Prefs, Outside: r, Viewer: h.shelf, Log: r.Log,
	})
	h.settle()
	h.hold(script.Delivered()...)
	return h
}

// TestDocuments holds that documents stand in the order of the scheme's materials, that what
// cannot be shown says what it is, and that a page can be cited.
func TestDocuments(t *testing.T) {
	h := newDelivery(t)
	h.sit(script.Second)
	p := h.score()
	h.settle()
	docs := p.Documents()
	var titles []string
	for _, r := range docs.Rows() {
		titles = append(titles, r.Title)
	}
	if got := strings.Join(titles[:4], " "); got != "1. 项目技术方案 2. 网络图 3. 说明 4. 现场照片" {
		t.Fatalf("documents %s", got)
	}
	if last := docs.Rows()[len(titles)-1]; len(titles) < 5 || last.Tone != present.ToneError || !strings.Contains(last.Detail, "应当提交") {
		t.Errorf("what is not there: %q", titles)
	}
	docs.Open(1)
	h.settle()
	if m := docs.Paging().Say(); !strings.Contains(m.Text, "不能在本程序内打开") || docs.Facts()[0][1] != "net.dwg" || len(docs.Facts()) < 4 {
		t.Errorf("a drawing: %q, %v", m.Text, docs.Facts())
	}
	docs.Open(3)
	h.settle()
	if len(docs.Paging().Sizes()) != 1 || docs.Paging().Sizes()[0] != (present.PageSize{Width: 30, Height: 22.5}) {
		t.Errorf("a picture: %v, %q", docs.Paging().Sizes(), docs.Paging().Say().Text)
	}
	docs.Open(0)
	docs.Open(0)
	h.settle()
	if docs.Title() != "1. 项目技术方案" || len(docs.Paging().Sizes()) < 2 || docs.Listed() {
		t.Fatalf("%s: %d pages, %q", docs.Title(), len(docs.Paging().Sizes()), docs.Paging().Say().Text)
	}
	docs.Paging().Turned(2)
	id := p.Opinion()[0].ID
	p.Write(id, "安全投入不足")
	p.Cite().Do()
	if got := p.Opinion()[0].Text; got != "安全投入不足（见《项目技术方案》第 3 页）" {
		t.Errorf("cited %q", got)
	}
	p.SetReason(0, "见方案")
	p.Cite().Do()
	if got := p.Item(0).Reason; !strings.HasSuffix(got, "第 3 页）") {
		t.Errorf("cited %q", got)
	}
	p.Back()
	h.settle()
	if h.shelf.open != 0 {
		t.Errorf("%d documents are still open", h.shelf.open)
	}
	h.press()
	h.settle()
	docs = h.Page().(*present.Scoring).Documents()
	if docs.Title() != "1. 项目技术方案" || docs.Paging().At() != 2 {
		t.Errorf("come back to %q, page %d", docs.Title(), docs.Paging().At())
	}
}

// TestNoViewer holds that a program that was set up without a viewer says so.
func TestNoViewer(t *testing.T) {
	h := newDelivery(t)
	h.Viewer = nil
	h.sit(script.Second)
	docs := h.score().Documents()
	h.settle()
	docs.Open(0)
	h.settle()
	if m := docs.Paging().Say(); m.Tone != present.ToneError || !strings.Contains(m.Text, "没有装好") {
		t.Errorf("says %+v", m)
	}
}

// TestRegulated holds that the sheet of a regulation's scheme counts as the tally does, and
// says what the regulation says of its items.
func TestRegulated(t *testing.T) {
	h := newDelivery(t)
	h.sit(script.Second)
	p := h.score()
	h.settle()
	scheme := h.Sessions[script.Second].State().Project(script.First).Scheme
	notes := 0
	for i, it := range scheme.Items {
		x := p.Item(i)
		notes += len(x.Notes)
		if it.Kind == review.ItemScore {
			p.SetMark(i, it.Full)
		} else {
			p.Choose(i, 0)
		}
	}
	if notes == 0 {
		t.Error("the regulation says nothing of any item")
	}
	if s := strings.Join(p.Standing(), "\n"); scheme.Mode == review.ModeWeighted && !strings.Contains(s, "总分（百分制，按权重）：100.00") {
		t.Errorf("%s: standing %s", scheme.Mode, s)
	}
	h.press()
	h.settle()
	h.press()
	h.settle()
	h.at(present.PlaceReceipt)
}

// TestReadingRecused holds that who stands aside in a project is told so and sees nothing of
// it.
func TestReadingRecused(t *testing.T) {
	h := newDelivery(t)
	if err := h.Sessions[script.Second].Declare(script.First, review.DeclarationBody{Conflict: true, Reason: "曾任顾问"}); err != nil {
		t.Fatal(err)
	}
	h.sit(script.Second)
	h.ShowReading(script.First)
	h.settle()
	p := h.Page().(*present.Reading)
	h.says(present.ToneError, "回避")
	if len(p.Documents().Rows()) != 0 {
		t.Errorf("rows %+v", p.Documents().Rows())
	}
}
