package present

import (
	"path/filepath"
	"strings"
)

// located is a file or a directory that a person names: he types where it is, chooses it, or
// drops it on the window. Typing is the way of the keyboard.
type located struct {
	desk    *Desk
	page    *Leaf
	field   *Field
	endings []string // none for a directory
	key     string
	take    func(path string)
}

// locate asks for a place on the disk, by its key in the catalogue; take gets what is chosen,
// dropped or confirmed.
func (d *Desk) locate(page *Leaf, key string, endings []string, take func(path string)) *located {
	return &located{desk: d, page: page, field: d.field(FieldLine, key), endings: endings, key: key, take: take}
}

// parts gives what is to be filled in.
func (l *located) parts() []Part {
	row := Row{Title: l.desk.T("locate."+l.key, nil), Detail: l.desk.T("locate."+l.key+".detail", nil), Do: l.pick}
	return []Part{l.field, Rows{Rows: []Row{row}}}
}

func (l *located) pick() { l.desk.Outside.Pick(l.endings, l.drop) }

// drop takes a place that was chosen or dropped.
func (l *located) drop(path string) {
	l.field.set(path)
	l.take(path)
}

// typed gives what stands in the field, without the quotation marks in which file managers
// copy it.
func (l *located) typed() string {
	return strings.Trim(strings.TrimSpace(l.field.Value), `"'“”`)
}

// action goes on with what was typed, or lets its person choose where nothing was.
func (l *located) action(key, pick string) Action {
	if l.typed() == "" {
		return Action{l.desk.T(pick, nil), l.pick}
	}
	return Action{l.desk.T(key, nil), l.use}
}

// use goes on with what was typed.
func (l *located) use() {
	if l.whole() {
		l.take(l.typed())
	}
}

// whole tells whether what was typed names a place wherever the program was started, and says
// so on the page where it does not.
func (l *located) whole() bool {
	if !filepath.IsAbs(l.typed()) {
		l.page.say(ToneError, l.desk.T("locate.partial", nil))
		return false
	}
	return true
}
