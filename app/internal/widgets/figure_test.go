package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// figures gives a canvas with the figure between two others, focused.
func figures(t *testing.T, f *Figure, text string) keyboard {
	t.Helper()
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(NewFigure(), f, NewFigure()))}
	f.SetText(text)
	k.Focus(f)
	return k
}

func TestFigureTyping(t *testing.T) {
	for _, c := range []struct {
		name, text, script, want string
		foreign                  int
	}{
		{"digits", "", `"92.5"`, "92.5", 0},
		{"nought", "", `"0"`, "0", 0},
		{"a second point", "", `"9.2.5"`, "9.25", 1},
		{"no digit before the point", "", `".5"`, "5", 1},
		{"letters", "", `"9x2"`, "92", 1},
		{"signs", "", `"-9+2"`, "92", 2},
		{"too long", "", `"12345678901"`, "123456789", 2},
		{"wide digits", "", "9 =９ 2 =２ . =． 5 =５", "92.5", 0},
		{"chinese point", "", `"92" . =。 "5"`, "92.5", 0},
		{"chinese text", "", "jiu Space =九 BackSpace", "", 1},
		{"text and digits", "", `jiu Space =九 "9"`, "9", 1},
		{"the whole is replaced", "85", `"9"`, "9", 0},
		{"not by what is not taken", "85", `"x" "."`, "85", 2},
		{"erased whole", "85", "BackSpace", "", 0},
		{"deleted whole", "85", "Delete", "", 0},
		{"added", "85", `End ".5"`, "85.5", 0},
		{"inserted", "85", `Home "1"`, "185", 0},
		{"within", "85", `Left "7" Right BackSpace Left Left Left Delete`, "7", 0},
		{"backspace at the beginning", "85", "Home BackSpace", "85", 0},
		{"delete at the end", "85", "End Delete", "85", 0},
		{"nothing before the point", "8.5", "Home Delete", "0.5", 0},
		{"number pad without NumLock", "85", "End pad4 pad. BackSpace", "8", 0},
		{"backspace inside a composition", "85", "End ni BackSpace BackSpace BackSpace", "8", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := NewFigure()
			foreign, changed := 0, c.text
			f.OnForeign = func() { foreign++ }
			k := figures(t, f, c.text)
			f.OnChanged = func(s string) { changed = s }
			k.play(c.script)
			if f.Text() != c.want || changed != c.want || foreign != c.foreign {
				t.Errorf("%q, said to be %q, want %q; foreign %d, want %d", f.Text(), changed, c.want, foreign, c.foreign)
			}
			if k.Focused() != f {
				t.Errorf("the focus has gone to %T", k.Focused())
			}
		})
	}
}

// A column of marks is filled in by the number pad and its Enter alone, whatever
// input method is on.
func TestFiguresByNumberPad(t *testing.T) {
	a, b, c := NewFigure(), NewFigure(), NewFigure()
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(a, b, c))}
	b.SetText("70")
	k.Focus(a)
	typed := func(s string) {
		for _, r := range s {
			ev := keyOf(r)
			ev.Physical.ScanCode = 83
			k.down(ev)
			k.text(string(r))
			k.up(ev)
		}
		k.play("KP_Enter")
	}
	typed("92.5")
	typed("88")
	if k.Focused() != c {
		t.Fatalf("focus on %T", k.Focused())
	}
	typed("9.")
	if a.Text() != "92.5" || b.Text() != "88" || c.Text() != "9" {
		t.Errorf("%s %s %s", a.Text(), b.Text(), c.Text())
	}
	k.Focus(a)
	k.play("Down Down Up")
	if k.Focused() != b {
		t.Error("Down and Up do not walk")
	}
	moved := 0
	b.OnMove = func(by int) { moved = by }
	if k.play("Return"); moved != 1 || k.Focused() != b {
		t.Errorf("moved %d", moved)
	}
	if k.play("Up"); moved != -1 {
		t.Errorf("moved %d", moved)
	}
}

// Enter and Tab are the input method's while it composes.
func TestFigureComposing(t *testing.T) {
	f := NewFigure()
	k := figures(t, f, "")
	calls := bound(k.Canvas)
	k.play("ba Tab Down Ctrl+Return F1 Return =八")
	if k.Focused() != f || f.Text() != "" || len(*calls) > 0 {
		t.Errorf("%q, focus on %T, called %v", f.Text(), k.Focused(), *calls)
	}
	k.play(everyKey)
	if got := strings.Join(*calls, " "); got != "primary primary back help region" {
		t.Errorf("called %s", got)
	}
	k.play("ba Ctrl+Space Tab")
	if k.Focused() == f {
		t.Error("the composition does not end")
	}
}

func TestFigureShortcuts(t *testing.T) {
	f := NewFigure()
	foreign := 0
	f.OnForeign = func() { foreign++ }
	k := figures(t, f, "85")
	c := clip(t, "")
	k.shortcut(&fyne.ShortcutCopy{Clipboard: c})
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, " ９１．５\n")})
	if c.Content() != "85" || f.Text() != "91.5" || foreign != 0 {
		t.Errorf("copied %q, pasted %q, foreign %d", c.Content(), f.Text(), foreign)
	}
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, "九十")})
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, "")})
	if f.Text() != "91.5" || foreign != 1 {
		t.Errorf("pasted %q, foreign %d", f.Text(), foreign)
	}
	k.shortcut(&fyne.ShortcutUndo{})
	if f.Text() != "85" {
		t.Errorf("undone to %q", f.Text())
	}
	k.shortcut(&fyne.ShortcutSelectAll{})
	k.play(`"7"`)
	k.shortcut(&fyne.ShortcutCut{Clipboard: c})
	if f.Text() != "" || c.Content() != "7" {
		t.Errorf("cut %q, left %q", c.Content(), f.Text())
	}
	f.SetText("1")
	f.Disable()
	k.play(`"2" BackSpace`)
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, "3")})
	k.shortcut(&fyne.ShortcutCut{Clipboard: c})
	k.shortcut(&fyne.ShortcutUndo{})
	if f.Text() != "1" {
		t.Errorf("disabled: %q", f.Text())
	}
}

func TestFigureSet(t *testing.T) {
	f := NewFigure()
	f.OnChanged = func(string) { t.Error("called") }
	for text, want := range map[string]string{"": "", "0": "0", "92.50": "92.50", "x": "", "-1": "", "1.2.3": "", ".5": "", "１": ""} {
		if f.SetText(text); f.Text() != want {
			t.Errorf("%q: %q", text, f.Text())
		}
	}
	if f.SetName("指标 1"); f.Name() != "指标 1" {
		t.Error(f.Name())
	}
}

// The first click gives the focus and marks the whole, the second sets the caret.
func TestFigureClick(t *testing.T) {
	f := NewFigure()
	k := figures(t, f, "85")
	k.Unfocus()
	at := func(x float32) *fyne.PointEvent { return &fyne.PointEvent{Position: fyne.NewPos(x, 10)} }
	f.Tapped(at(0))
	if k.Focused() != f || !f.marked {
		t.Fatal("a click does not give the focus")
	}
	right := f.Size().Width - theme.InnerPadding()
	for x, want := range map[float32]int{0: 0, right: 2, right - f.width("5"): 1} {
		if f.Tapped(at(x)); f.caret != want || f.marked {
			t.Errorf("at %v of %v the caret is before %d", x, right, f.caret)
		}
	}
}

func TestFigureHeights(t *testing.T) {
	for _, s := range []skin.Scale{skin.Normal, skin.Large, skin.Largest} {
		shown(t, s, false, 400, 300, func() fyne.CanvasObject {
			want := theme.Size(skin.SizeControl)
			if h := NewFigure().MinSize().Height; h < want || h > want+6 {
				t.Errorf("scale %d: %v high, want %v or little more", s, h, want)
			}
			return NewLine()
		})
	}
}

func TestFigureLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"figures": false, "figures-contrast": true} {
		marked, set, empty, off := NewFigure(), NewFigure(), NewFigure(), NewFigure()
		c := shown(t, skin.Normal, contrast, 160, 180, func() fyne.CanvasObject {
			for f, text := range map[*Figure]string{marked: "92.5", set: "88", off: "70"} {
				f.SetText(text)
			}
			empty.SetPlaceHolder("未评")
			off.Disable()
			return container.NewVBox(marked, set, empty, off)
		})
		c.Focus(marked)
		if contrast {
			c.Focus(empty)
		}
		golden(t, c, name)
		if m := test.RenderToMarkup(c); !strings.Contains(m, "未评") {
			t.Error("it is not said what nothing means")
		}
	}
}
