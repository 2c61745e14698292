package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"heyi/app/internal/present"
)

// outside is the machine as pages see it: with a way to choose files.
type outside struct {
	present.Machine
	shell *Shell
}

// Pick lets a person choose a file with one of the endings, or a directory.
func (o outside) Pick(endings []string, then func(path string)) {
	w := o.shell.window
	fail := func(err error) bool {
		if err != nil {
			o.shell.desk.Log(err)
		}
		return err != nil
	}
	if len(endings) == 0 {
		d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if !fail(err) && u != nil {
				then(u.Path())
			}
		}, w)
		o.show(d)
		return
	}
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if fail(err) || r == nil {
			return
		}
		path := r.URI().Path()
		r.Close()
		then(path)
	}, w)
	d.SetFilter(storage.NewExtensionFileFilter(endings))
	o.show(d)
}

// show lays a choice of files over the page.
func (o outside) show(d *dialog.FileDialog) {
	d.Resize(pickSize)
	d.SetOnClosed(func() { o.shell.picking = nil })
	o.shell.picking = d
	d.Show()
}

// pickSize is the size of the dialog, which the least window has.
var pickSize = fyne.NewSize(leastWidth-60, leastHeight-60)

// dropped hands files that were dropped on the window to its page.
func (x *Shell) dropped(files []fyne.URI) {
	var paths []string
	for _, u := range files {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	x.desk.Dropped(paths)
}

// wide has the page give one of two sides the whole width, then the other, then both.
func (x *Shell) wide() {
	if x.view.Wide != nil {
		x.view.Wide()
	}
}

// find has the page go to the field in which a text is looked for.
func (x *Shell) find() {
	if x.view.Find != nil {
		x.view.Find()
	}
}
