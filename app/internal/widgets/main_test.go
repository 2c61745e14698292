package widgets

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dress is what tells the program's themes apart, worn the one that is on.
type dress struct {
	scale    skin.Scale
	contrast bool
}

var worn dress

func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(skin.New(skin.Normal, false))
	os.Exit(m.Run())
}

// shown puts what build makes into a window, in a theme of the program. It lays
// out twice, as the driver does when wrapped text has found its height.
func shown(t *testing.T, s skin.Scale, contrast bool, w, h float32, build func() fyne.CanvasObject) fyne.Canvas {
	t.Helper()
	if now := (dress{s, contrast}); now != worn { // every change parses the fonts again
		test.ApplyTheme(t, skin.New(s, contrast))
		worn = now
	}
	o := build()
	win := test.NewTempWindow(t, o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	o.Refresh()
	return win.Canvas()
}

// column gives a builder that stands objects one under another.
func column(objects ...fyne.CanvasObject) func() fyne.CanvasObject {
	return func() fyne.CanvasObject { return container.NewVBox(objects...) }
}

// golden compares what a canvas shows with testdata.
func golden(t *testing.T, c fyne.Canvas, name string) {
	t.Helper()
	path := filepath.Join("testdata", name+".xml")
	got := test.RenderToMarkup(c)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew. Now:\n%s", path, got)
	}
}

// keyboard gives a canvas keys and text as Fyne's driver does on X11
// (internal/driver/glfw, processKeyPressed and triggersShortcut in 2.7.1).
type keyboard struct{ fyne.Canvas }

// down presses a key.
func (k keyboard) down(ev *fyne.KeyEvent) {
	focused := k.Focused()
	if keyable, ok := focused.(desktop.Keyable); ok {
		keyable.KeyDown(ev)
	}
	if ev.Name == fyne.KeyTab {
		if tabbable, ok := focused.(fyne.Tabbable); !ok || !tabbable.AcceptsTab() {
			k.FocusNext()
			return
		}
	}
	if focused != nil {
		focused.TypedKey(ev)
	} else if k.OnTypedKey() != nil {
		k.OnTypedKey()(ev)
	}
}

// up lets a key go.
func (k keyboard) up(ev *fyne.KeyEvent) {
	if keyable, ok := k.Focused().(desktop.Keyable); ok {
		keyable.KeyUp(ev)
	}
}

// text gives characters.
func (k keyboard) text(s string) {
	for _, r := range s {
		if f := k.Focused(); f != nil {
			f.TypedRune(r)
		}
	}
}

// shortcut gives a shortcut.
func (k keyboard) shortcut(s fyne.Shortcut) {
	if focused, ok := k.Focused().(fyne.Shortcutable); ok {
		if off, ok := focused.(fyne.Disableable); !ok || !off.Disabled() || s.ShortcutName() == "Copy" {
			focused.TypedShortcut(s)
		}
		return
	}
	k.Canvas.(fyne.Shortcutable).TypedShortcut(s)
}

// play does what a script says, word by word:
//
//	nihao      keys that an input method takes, pressed and let go
//	Space      a key by its name, pressed and let go
//	+h         a key that is pressed and stays down
//	-h         and is let go
//	=你好      text that an input method commits
//	"abc"      typing without an input method: key, character, key up
//	pad4       a key of the number pad without NumLock
//	Ctrl+Space a shortcut
func (k keyboard) play(script string) {
	for word := range strings.FieldsSeq(script) {
		first, rest := word[:1], word[1:]
		switch {
		case first == "=":
			k.text(rest)
		case first == "+" && rest != "":
			k.down(key(rest))
		case first == "-" && rest != "":
			k.up(key(rest))
		case first == `"`:
			for _, r := range strings.Trim(word, `"`) {
				k.down(keyOf(r))
				k.text(string(r))
				k.up(keyOf(r))
			}
		case strings.HasPrefix(word, "pad"):
			ev := key(word[3:])
			ev.Physical.ScanCode = 83
			k.down(ev)
			k.up(ev)
		case strings.HasPrefix(word, "Ctrl+"):
			k.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyName(word[5:]), Modifier: fyne.KeyModifierControl})
		case strings.ToLower(word) == word:
			for _, r := range word {
				k.down(keyOf(r))
				k.up(keyOf(r))
			}
		default:
			k.down(key(word))
			k.up(key(word))
		}
	}
}

func key(name string) *fyne.KeyEvent {
	if len(name) == 1 {
		name = strings.ToUpper(name)
	}
	return &fyne.KeyEvent{Name: fyne.KeyName(name)}
}

// keyOf gives the key of an American keyboard that a character is on.
func keyOf(r rune) *fyne.KeyEvent {
	const with, without = `~!@#$%^&*()_+{}|:"<>?`, "`1234567890-=[]\\;',./"
	if i := strings.IndexRune(with, r); i >= 0 {
		r = rune(without[i])
	}
	if r == ' ' {
		return &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	return key(string(r))
}
