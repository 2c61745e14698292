package pages_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/pages"
	"heyi/app/internal/present"
	"heyi/app/internal/skin"
	"heyi/app/internal/widgets"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

// crowded is a meeting of so many projects and experts, with nobody at the machine.
func crowded(b *testing.B, projects, experts int) *present.Desk {
	b.Helper()
	fyne.CurrentApp().Settings().SetTheme(skin.New(skin.Normal, false))
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		b.Fatal(err)
	}
	services := fakes.Services(storetest.NewMemory(), &fakes.Files{}, &fakes.Marks{})
	x, err := services.Create(meeting.NewMeeting{
		Title: "政务信息化项目评审会", Secretary: "吕蒙正", Passphrase: script.Passphrase, Repeated: script.Passphrase,
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range experts {
		if _, err := x.AddSeat(review.Person{Name: fmt.Sprintf("专家%d", i), Unit: "省信息中心", Roles: []review.Role{review.RoleExpert}}); err != nil {
			b.Fatal(err)
		}
	}
	for i := range projects {
		if _, err := x.AddProject(script.Project(fmt.Sprintf("政务数据共享平台升级改造项目第%d期", i), 3)); err != nil {
			b.Fatal(err)
		}
	}
	x.SetQuick("1357")
	q := &queue{}
	d := present.NewDesk(present.World{Services: services, Words: w, Jobs: q, Log: func(err error) { b.Log(err) }})
	q.settle()
	d.Page().(*present.Meetings).Rows()[0].Do()
	q.settle()
	return d
}

// paint builds the page on the desk and paints it once in a window of the usual size.
func paint(b *testing.B, d *present.Desk) {
	b.Helper()
	view := pages.Build(d, d.Page())
	w := test.NewWindow(view.Object)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1180, 600))
	view.Refresh()
	w.Canvas().Size()
	view.Object.Refresh()
}

// BenchmarkBoard builds and lays out the board.
func BenchmarkBoard(b *testing.B) {
	for _, n := range []struct{ projects, experts int }{{2, 5}, {20, 25}, {200, 25}} {
		b.Run(fmt.Sprintf("%dx%d", n.projects, n.experts), func(b *testing.B) {
			d := crowded(b, n.projects, n.experts)
			for b.Loop() {
				d.Go(present.PlaceBoard)
				paint(b, d)
			}
		})
	}
}

// BenchmarkProjects builds and lays out where everybody begins: the list of projects, each
// with the next step.
func BenchmarkProjects(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := crowded(b, n, 5)
			d.Page().(*present.Board).Choose(1, 0)
			p := d.Page().(*present.Leaf)
			for _, part := range p.Content() {
				if f, ok := part.(*present.Field); ok {
					p.Type(f, "1357")
				}
			}
			q := d.Jobs.(*queue)
			q.settle()
			if d.Page().Place() != present.PlaceProjects {
				b.Fatalf("on %s", d.Page().Name())
			}
			for b.Loop() {
				d.Go(present.PlaceProjects)
				paint(b, d)
			}
		})
	}
}

// BenchmarkSeats hands the machine back and brings the next person in by four digits, with
// everything that is drawn meanwhile.
func BenchmarkSeats(b *testing.B) {
	d := crowded(b, 20, 25)
	q := d.Jobs.(*queue)
	for b.Loop() {
		d.Page().(*present.Board).Choose(1, 0)
		q.settle()
		paint(b, d)
		p := d.Page().(*present.Leaf)
		for _, part := range p.Content() {
			if f, ok := part.(*present.Field); ok {
				p.Type(f, "1357")
			}
		}
		q.settle()
		if d.Page().Place() != present.PlaceProjects {
			b.Fatalf("on %s", d.Page().Name())
		}
		paint(b, d)
		d.HandBack()
		q.settle()
		paint(b, d)
	}
}

// BenchmarkTyping types a character at the end of a paragraph that is as long as one may be,
// each time of other characters, for Fyne keeps the sizes of texts that it has measured.
func BenchmarkTyping(b *testing.B) {
	fyne.CurrentApp().Settings().SetTheme(skin.New(skin.Normal, false))
	field := widgets.NewText(4)
	w := test.NewWindow(field)
	defer w.Close()
	w.Resize(fyne.NewSize(600, 300))
	w.Canvas().Focus(field)
	next := 0
	for b.Loop() {
		b.StopTimer()
		text := make([]rune, review.MaxParagraph-1)
		for i := range text {
			next = (next*31 + 7) % 3000
			text[i] = rune('一' + next)
		}
		field.SetText(string(text))
		field.CursorColumn = len(text)
		b.StartTimer()
		field.TypedRune('议')
	}
}
