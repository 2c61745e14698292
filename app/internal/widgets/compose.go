package widgets

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// composition guesses from outside what an input method holds. On X11 and macOS,
// Fyne 2.7.1 tells a widget of every key at once, also of those that the input
// method takes for itself, and of the text that comes of them only later. Acting
// on such keys loses text: Backspace, meant for the pinyin, would delete what
// was written before. So the printable keys that brought no text yet are kept,
// and while there are any, every other key is the input method's. On Windows the
// input method's keys never arrive, and nothing is ever kept.
//
// Where the guess is wrong, one key too many is ignored rather than one acted on
// that was not meant for the field; and every way out of a composition (text,
// Escape, Enter) ends it, so that nothing is ignored for ever.
type composition struct {
	held   []fyne.KeyName // printable keys that brought no text yet, oldest first
	down   bool           // the last key was a letter and is still down
	commit bool           // what came last was text of the input method's making
}

// longestCode is the longest code of the table methods in use (五笔, 郑码, 二笔): a
// letter beyond it begins the next code and commits the one before.
const longestCode = 4

// active tells whether keys are the input method's.
func (c *composition) active() bool { return len(c.held) > 0 }

// end forgets everything: the input method or the focus has gone.
func (c *composition) end() { *c = composition{} }

// shortcut tells whether a shortcut is the input method's, as every other key is
// while it composes (Ctrl+Enter, too).
func (c *composition) shortcut(s fyne.Shortcut) bool {
	if !c.active() {
		return false
	}
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.KeyName == fyne.KeySpace {
		c.end() // Ctrl+Space and Super+Space switch input methods off
	}
	return true
}

// release notes that a key was let go.
func (c *composition) release() { c.down = false }

// key notes a key and tells whether the field has nothing to do for it: it
// brings its text by itself, or is the input method's.
func (c *composition) key(ev *fyne.KeyEvent) bool {
	c.down, c.commit = isLetter(ev.Name), false
	switch {
	case len(ev.Name) == 1 || ev.Name == fyne.KeySpace:
		// Without NumLock the number pad's digits and point bring no text. No
		// method of the mainland begins with one.
		if c.active() || !isPadFigure(ev) {
			c.held = append(c.held, ev.Name)
		}
		return true
	case !c.active():
		return false
	}
	switch ev.Name {
	case fyne.KeyBackspace:
		c.held = c.held[:len(c.held)-1]
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		c.end()
	}
	return true
}

// rune notes a character of text. One that a key gave by itself is that key's.
// Any other is the input method's, and ends the composition, unless the letter
// that is still down belongs to the next one: because it came after the key that
// committed the text, or because it is one more than a code has. (What comes
// after the key was let go was chosen with the mouse.)
func (c *composition) rune(r rune) {
	if c.active() && echoes(c.held[0], r) {
		c.held = c.held[1:]
		return
	}
	if c.commit {
		return // more of the same text
	}
	c.commit = true
	next := 0
	if c.down {
		for next < len(c.held) && isLetter(c.held[len(c.held)-1-next]) {
			next++
		}
		if next == len(c.held) {
			next = 0
			if len(c.held) > longestCode {
				next = 1
			}
		}
	}
	c.held = c.held[len(c.held)-next:]
}

// echoes tells whether a key gives the character without an input method, with
// Shift or without.
func echoes(name fyne.KeyName, r rune) bool {
	switch {
	case r > unicode.MaxASCII:
		return false
	case isLetter(name):
		return string(unicode.ToUpper(r)) == string(name)
	case name == fyne.KeySpace:
		return r == ' '
	case unicode.IsDigit(r):
		return string(r) == string(name)
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}

func isLetter(name fyne.KeyName) bool { return len(name) == 1 && unicode.IsLetter(rune(name[0])) }

// isPadFigure tells a digit or the point of the number pad from one elsewhere. Fyne
// has one name for both; the pad's scan codes are 71 and above, those of the top row
// 29 and below and the other point's 60 and below, on Linux, Windows and macOS alike
// (but for the pad's point on macOS, which has no NumLock).
func isPadFigure(ev *fyne.KeyEvent) bool {
	return len(ev.Name) == 1 && (unicode.IsDigit(rune(ev.Name[0])) || ev.Name == fyne.KeyPeriod) && ev.Physical.ScanCode > 70
}
