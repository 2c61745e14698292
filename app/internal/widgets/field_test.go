package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// fields gives a canvas with the field between two others, focused and with a
// text whose end the caret is at.
func fields(t *testing.T, f *TextField, text string) keyboard {
	t.Helper()
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(NewLine(), f, NewLine()))}
	f.SetText(text)
	k.Focus(f)
	k.down(key("End"))
	return k
}

// The sequences that lost text in Fyne's own field under fcitx5 with pinyin and
// with 五笔, as X11 delivers them.
func TestInputMethod(t *testing.T) {
	for _, c := range []struct {
		name, text, script, want string
	}{
		{"pinyin", "", "nihao Space =你好", "你好"},
		{"pinyin and on", "", "nihao Space =你好 shijie Space =世界", "你好世界"},
		{"punctuation commits", "", "nihao , =你好，", "你好，"},
		{"candidate by number", "", "nihao 2 =你号", "你号"},
		{"correction", "", "nihao BackSpace o Space =你好", "你好"},
		{"backspace stays inside", "你好", "nihao BackSpace BackSpace BackSpace BackSpace BackSpace", "你好"},
		{"backspace after the last letter", "你好", "ni BackSpace BackSpace BackSpace", "你"},
		{"backspace after the text", "", "nihao Space =你好 BackSpace", "你"},
		{"delete stays inside", "你好", "Home nihao Delete Delete Space =你好", "你好你好"},
		{"caret stays", "甲乙", "nihao Left Left Right Home End Up Down Space =你好", "甲乙你好"},
		{"enter commits letters", "甲", "nihao Return =nihao", "甲nihao"},
		{"number pad's enter too", "甲", "nihao KP_Enter =nihao", "甲nihao"},
		{"escape drops", "甲", "nihao Escape BackSpace", ""},
		{"after escape", "甲", "nihao Escape wo Space =我", "甲我"},
		{"switched off by Ctrl+Space", "甲", "nihao Ctrl+Space =nihao BackSpace", "甲niha"},
		{"switched off with nothing committed", "甲", "nihao Ctrl+Space BackSpace", ""},
		{"words by shortcut stay", "one two", "nihao Ctrl+BackSpace Ctrl+Left Space =你好", "one two你好"},
		{"capitals pass", "", `CapsLock "ABC" BackSpace`, "AB"},
		{"function keys pass", "甲", "nihao F1 F6 Space =你好", "甲你好"},
		{"separated syllables", "", "xi'an Space =西安 BackSpace", "西"},
		{"chosen with the mouse", "", "nihao =你好 BackSpace", "你"},
		{"english candidate", "", "hel 2 =hello BackSpace", "hell"},
		{"calculation", "", "v1 1 1 1 =2 BackSpace", ""},
		{"table method, by space", "", "wq Space =你 BackSpace", ""},
		{"table method, code complete", "", "gggg =王 BackSpace", ""},
		{"table method, one letter more", "", "gggg +h =王 -h BackSpace", "王"},
		{"table method, a word", "", "wqvb +g =你好 -g BackSpace BackSpace", "你"},
		{"table method, and on", "", "wqvb +g =你好 -g g Space =五 BackSpace", "你好"},
		{"letter before the text", "", "nihao Space +w =你好 -w BackSpace BackSpace", "你"},
		{"text before the release", "", `"abc" BackSpace`, "ab"},
	} {
		for _, kind := range []struct {
			name string
			make func() *TextField
		}{{"line", NewLine}, {"text", func() *TextField { return NewText(3) }}} {
			t.Run(c.name+"/"+kind.name, func(t *testing.T) {
				f := kind.make()
				k := fields(t, f, c.text)
				k.play(c.script)
				if f.Text != c.want {
					t.Errorf("text %q, want %q", f.Text, c.want)
				}
				if k.Focused() != f {
					t.Errorf("the focus has gone to %T", k.Focused())
				}
			})
		}
	}
}

// Everything that an American keyboard types is as it was without the guard.
func TestPlainTyping(t *testing.T) {
	const all = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
	f := NewLine()
	k := fields(t, f, "")
	for _, r := range all {
		k.down(keyOf(r))
		k.text(string(r))
		k.up(keyOf(r))
		if f.composition.active() {
			t.Fatalf("%q: keys are held", r)
		}
	}
	if f.Text != all {
		t.Errorf("text %q", f.Text)
	}
	k.play("BackSpace Home Delete")
	if f.Text != all[1:len(all)-1] {
		t.Errorf("text %q", f.Text)
	}
}

// The characters of fast typing come after more keys than one when the screen is
// slow; no character may be lost or overtaken.
func TestFastTyping(t *testing.T) {
	f := NewLine()
	k := fields(t, f, "x")
	k.play(`abc =ab BackSpace =c`)
	if f.Text != "xabc" {
		t.Errorf("text %q: Backspace overtook a character", f.Text)
	}
	k.play("BackSpace")
	if f.Text != "xab" {
		t.Errorf("text %q", f.Text)
	}
}

// Without NumLock the number pad sends digits that bring no text. They must not
// count as held.
func TestNumberPad(t *testing.T) {
	f := NewLine()
	k := fields(t, f, "甲乙")
	k.play("pad4 pad4 BackSpace")
	if f.Text != "甲" {
		t.Errorf("text %q", f.Text)
	}
	k.play("nihao pad1 =你好 BackSpace")
	if f.Text != "甲你" {
		t.Errorf("text %q", f.Text)
	}
}

// What was wrongly taken for a composition ends by every way out.
func TestNothingIsIgnoredForEver(t *testing.T) {
	for _, way := range []string{"Escape", "Return", "BackSpace BackSpace", "Ctrl+Space", `"x"`, "=字"} {
		f := NewLine()
		k := fields(t, f, "")
		k.play("ni " + way)
		k.play("Tab")
		if k.Focused() == f {
			t.Errorf("after %q Tab does not leave the field", way)
		}
	}
	f := NewLine()
	k := fields(t, f, "")
	k.play("ni")
	k.Unfocus()
	k.Focus(f)
	k.play("Tab")
	if k.Focused() == f {
		t.Error("after losing the focus Tab does not leave the field")
	}
}

func TestEnterAndTab(t *testing.T) {
	one, two, last := NewLine(), NewText(3), NewLine()
	var submitted bool
	one.OnSubmitted = func(string) { submitted = true }
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(one, two, last))}
	k.Focus(one)
	k.play("nihao Tab Return =nihao")
	if k.Focused() != one || one.Text != "nihao" {
		t.Fatalf("text %q, focus on %T", one.Text, k.Focused())
	}
	k.play("Return")
	if k.Focused() != two || submitted {
		t.Fatalf("Enter: focus on %T, submitted: %v", k.Focused(), submitted)
	}
	k.play("nihao Tab Return =nihao Return KP_Enter")
	if k.Focused() != two || two.Text != "nihao\n\n" {
		t.Fatalf("Enter in a text: %q, focus on %T", two.Text, k.Focused())
	}
	k.play("Tab")
	if k.Focused() != last || strings.Contains(two.Text, "\t") {
		t.Errorf("Tab in a text: %q, focus on %T", two.Text, k.Focused())
	}
}

// bound binds the keys of a canvas and gives what was called.
func bound(c fyne.Canvas) *[]string {
	var calls []string
	note := func(name string) func() { return func() { calls = append(calls, name) } }
	BindKeys(c, Keys{Primary: note("primary"), Back: note("back"), Help: note("help"), Region: note("region")})
	return &calls
}

const everyKey = "Ctrl+Return Ctrl+KP_Enter Escape F1 F6"

// The keys of the window work wherever the focus is.
func TestKeysOfTheWindow(t *testing.T) {
	nothing := func() {}
	objects := []fyne.CanvasObject{NewLine(), NewText(3), NewSecret(), NewButton("甲", nothing), NewStop("乙", true, nothing), NewRow("丙", "", nothing)}
	k := keyboard{shown(t, skin.Normal, false, 600, 600, column(objects...))}
	for _, o := range append(objects, nil) {
		calls := bound(k.Canvas)
		k.Unfocus()
		if f, ok := o.(fyne.Focusable); ok {
			k.Focus(f)
		}
		k.play(everyKey)
		if got := strings.Join(*calls, " "); got != "primary primary back help region" {
			t.Errorf("%T: %s", o, got)
		}
	}
}

// In the middle of a composition they do not: they are the input method's.
func TestKeysOfTheWindowWhileComposing(t *testing.T) {
	f := NewText(3)
	k := fields(t, f, "")
	calls := bound(k.Canvas)
	k.play("nihao Ctrl+Return F1 F6 Escape")
	if len(*calls) > 0 {
		t.Errorf("called: %v", *calls)
	}
	k.play("Escape Ctrl+Return")
	if got := strings.Join(*calls, " "); got != "back primary" {
		t.Errorf("called: %s", got)
	}
}

// clip is a clipboard with a text.
func clip(t *testing.T, text string) fyne.Clipboard {
	t.Helper()
	c := test.NewClipboard()
	c.SetContent(text)
	return c
}

func TestPaste(t *testing.T) {
	for _, c := range []struct {
		name         string
		field        func() *TextField
		clip, want   string
		wantsForeign bool
	}{
		{"as it is", NewLine, "甲乙 abc 𠮷①", "甲乙 abc 𠮷①", false},
		{"lines in a line", NewLine, "甲\r\n乙", "甲 乙", false},
		{"ends of lines", func() *TextField { return NewText(3) }, "甲\r\n乙\r丙\n丁\u2028戊\u2029己", "甲\n乙\n丙\n丁\n戊\n己", false},
		{"what cannot be seen", NewLine, "\ufeff甲\u200b\u202e乙\x00\x1b\ue000\t丙", "甲乙 丙", false},
		{"variation selectors", NewLine, "葛\ufe00甲\u034f乙", "葛甲乙", false},
		{"a whole book in a line", NewLine, strings.Repeat("字", 100_000), strings.Repeat("字", lineRoom), false},
		{"a whole book", func() *TextField { return NewText(3) }, strings.Repeat("一行\n", 50_000), string([]rune(strings.Repeat("一行\n", textRoom))[:textRoom]), false},
		{"secret", NewSecret, "Abc 123!\n", "Abc 123!", false},
		{"secret from elsewhere", NewSecret, "密码abc", "abc", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := c.field()
			foreign := false
			f.OnForeign = func() { foreign = true }
			changed := ""
			k := fields(t, f, "")
			f.OnChanged = func(s string) { changed = s }
			k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, c.clip)})
			if f.Text != c.want || changed != c.want || foreign != c.wantsForeign {
				t.Errorf("text %q, changed %q, foreign %v", f.Text, changed, foreign)
			}
			k.play("BackSpace")
			if want := string([]rune(c.want)[:len([]rune(c.want))-1]); f.Text != want {
				t.Errorf("Backspace after pasting: %q, want %q", f.Text, want)
			}
		})
	}
}

func TestPasteWhileComposing(t *testing.T) {
	f := NewLine()
	k := fields(t, f, "甲")
	k.play("nihao")
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, "不")})
	k.play("Space =你好")
	if f.Text != "甲你好" {
		t.Errorf("text %q", f.Text)
	}
}

// The shortcuts of an editor still edit.
func TestEditingShortcuts(t *testing.T) {
	f := NewLine()
	k := fields(t, f, "")
	k.play(`"one" Space =你`)
	k.shortcut(&fyne.ShortcutSelectAll{})
	c := clip(t, "")
	k.shortcut(&fyne.ShortcutCopy{Clipboard: c})
	k.shortcut(&fyne.ShortcutCut{Clipboard: clip(t, "")})
	if c.Content() != "one你" || f.Text != "" {
		t.Errorf("copied %q, left %q", c.Content(), f.Text)
	}
	k.shortcut(&fyne.ShortcutUndo{})
	if f.Text != "one你" {
		t.Errorf("undone to %q", f.Text)
	}
	k.shortcut(&fyne.ShortcutRedo{})
	if f.Text != "" {
		t.Errorf("redone to %q", f.Text)
	}
	k.play(`"one" Ctrl+Left "x" Ctrl+Right "y" Ctrl+BackSpace`)
	if f.Text != "" {
		t.Errorf("by words: %q", f.Text)
	}
}

func TestSecret(t *testing.T) {
	f := NewSecret()
	foreign := 0
	f.OnForeign = func() { foreign++ }
	k := fields(t, f, "")
	k.play(`"Abc12345!?" zhongguo Space =中国`)
	if f.Text != "Abc12345!?" || foreign != 2 {
		t.Errorf("text %q, foreign %d", f.Text, foreign)
	}
	k.shortcut(&fyne.ShortcutSelectAll{})
	c := clip(t, "")
	k.shortcut(&fyne.ShortcutCopy{Clipboard: c})
	if c.Content() != "" {
		t.Error("a secret was copied")
	}
	if m := test.RenderToMarkup(k.Canvas); strings.Contains(m, "Abc") {
		t.Errorf("a secret can be read:\n%s", m)
	}
	f.OnForeign = nil
	k.text("字") // nobody need listen
}

func TestDisabledField(t *testing.T) {
	f := NewLine()
	k := fields(t, f, "甲")
	f.Disable()
	k.play(`"abc" nihao Space =你好 BackSpace`)
	k.shortcut(&fyne.ShortcutPaste{Clipboard: clip(t, "乙")})
	if f.Text != "甲" {
		t.Errorf("text %q", f.Text)
	}
}

// A long Chinese line without a space breaks at the edge of the field, and
// scrolls no farther sideways than that.
func TestLongParagraph(t *testing.T) {
	f := NewText(3)
	k := keyboard{shown(t, skin.Normal, false, 300, 200, func() fyne.CanvasObject { return f })}
	f.SetText(strings.Repeat("评审组", 66))
	k.Focus(f)
	k.play("Next")
	if f.CursorRow < 9 {
		t.Errorf("198 characters stand on %d rows of 300 units", f.CursorRow+1)
	}
	if w := f.MinSize().Width; w > 300 {
		t.Errorf("at least %v wide", w)
	}
}

func TestFieldHeights(t *testing.T) {
	for _, s := range []skin.Scale{skin.Normal, skin.Large, skin.Largest} {
		shown(t, s, false, 400, 300, func() fyne.CanvasObject {
			want := theme.Size(skin.SizeControl)
			for _, f := range []*TextField{NewLine(), NewSecret()} {
				if h := f.MinSize().Height; h < want || h > want+6 {
					t.Errorf("scale %d: %v high, want %v or little more", s, h, want)
				}
			}
			return NewLine()
		})
	}
}

func TestFieldLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"fields": false, "fields-contrast": true} {
		var text *TextField
		c := shown(t, skin.Normal, contrast, 400, 300, func() fyne.CanvasObject {
			line, secret, off := NewLine(), NewSecret(), NewLine()
			text = NewText(3)
			line.SetPlaceHolder("会议名称")
			text.SetText("专家组听取了汇报，审阅了资料。")
			secret.SetText("passphrase")
			off.SetText("已归档")
			off.Disable()
			return container.NewVBox(line, text, secret, off)
		})
		c.Focus(text)
		golden(t, c, name)
	}
}

// F8 is bound where a page is divided, and does nothing elsewhere.
func TestKeyForWidth(t *testing.T) {
	k := keyboard{shown(t, skin.Normal, false, 400, 300, column(NewLine()))}
	bound(k.Canvas)
	k.play("F8")
	wide := 0
	nothing := func() {}
	BindKeys(k.Canvas, Keys{Primary: nothing, Back: nothing, Help: nothing, Region: nothing, Wide: func() { wide++ }})
	k.play("F8")
	k.FocusNext()
	k.play("F8")
	if wide != 2 {
		t.Errorf("called %d times", wide)
	}
}

// TestCaret holds that who comes to a line by the keyboard goes on behind what stands there;
// where the caret was put, it stays.
func TestCaret(t *testing.T) {
	one, two, text := NewLine(), NewLine(), NewText(2)
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(one, two, text))}
	two.SetText("25")
	text.SetText("建议")
	k.Focus(one)
	k.play("Tab")
	two.TypedRune('7')
	if two.Text != "257" {
		t.Errorf("reached by Tab: %q", two.Text)
	}
	two.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	k.Focus(one)
	k.Focus(two)
	two.TypedRune('0')
	two.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	two.FocusLost()
	two.FocusGained()
	if two.CursorColumn != 0 {
		t.Errorf("when the window is active again the caret is at %d", two.CursorColumn)
	}
	if two.Text != "2507" {
		t.Errorf("where the caret was put: %q", two.Text)
	}
	one.SetText("25")
	one.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if k.Focused() != one || one.CursorColumn != 0 {
		t.Errorf("before the first character: the caret is at %d", one.CursorColumn)
	}
	k.Focus(text)
	text.TypedRune('一')
	if text.Text != "一建议" {
		t.Errorf("a text of many lines: %q", text.Text)
	}
}

// TestFieldFocus holds that a field tells when it gets the focus.
func TestFieldFocus(t *testing.T) {
	f, times := NewLine(), 0
	f.FocusGained()
	f.OnFocus = func() { times++ }
	f.FocusLost()
	f.FocusGained()
	if times != 1 {
		t.Errorf("told %d times", times)
	}
}

// TestSecretGoesOn holds that a key whose character never came holds nobody up in a secret
// field; in any other it is the input method's, and so is Ctrl+Enter.
func TestSecretGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		field *TextField
		want  int
	}{"secret": {NewSecret(), 1}, "line": {NewLine(), 0}} {
		k := fields(t, c.field, "")
		done := 0
		nothing := func() {}
		BindKeys(k.Canvas, Keys{Primary: func() { done++ }, Back: nothing, Help: nothing, Region: nothing})
		k.Focus(c.field)
		c.field.TypedKey(&fyne.KeyEvent{Name: "2"})
		c.field.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
		if done != c.want {
			t.Errorf("%s: Ctrl+Enter did the primary action %d times, want %d", name, done, c.want)
		}
	}
}
