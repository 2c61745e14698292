package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"heyi/app/internal/skin"
	"heyi/app/internal/task"
)

// LookFile keeps from run to run how the user likes to see the program. It is safe
// for use by several goroutines.
type LookFile interface {
	// Look gives what was kept last, nil if nothing was.
	Look() ([]byte, error)
	// SetLook keeps content in place of what was kept before, which stays until the
	// new content is on the disk.
	SetLook(content []byte) error
}

// lookVersion is the version of a look that this program writes.
const lookVersion = 1

// look is how the user likes to see the program, as it lies in the file.
type look struct {
	Version  int        `json:"version"`
	Text     skin.Scale `json:"text"`
	Contrast bool       `json:"contrast"`
}

// readLook reads a look. With an error, and where there is none, it is the usual one:
// how things look is never a reason not to start.
func readLook(file LookFile) (look, error) {
	usual := look{Version: lookVersion}
	content, err := file.Look()
	if err != nil || content == nil {
		return usual, err
	}
	var l look
	switch err := json.Unmarshal(content, &l); {
	case err != nil:
		return usual, fmt.Errorf("shell: the look does not read: %w", err)
	case l.Version != lookVersion:
		return usual, fmt.Errorf("shell: a look of version %d", l.Version)
	case l.Text < skin.Normal || l.Text > skin.Largest:
		return usual, errors.New("shell: a look with a text size that there is not")
	}
	return l, nil
}

// prefs holds the user's choices and keeps them in their file.
type prefs struct {
	shell *Shell
	file  LookFile
	log   func(error)
	look  atomic.Pointer[look]

	saving sync.Mutex // one save at a time, each of the last choice: an older one never comes last
}

func newPrefs(x *Shell, file LookFile, log func(error)) *prefs {
	p := &prefs{shell: x, file: file, log: log}
	l, err := readLook(file)
	if err != nil {
		log(err)
	}
	p.look.Store(&l)
	return p
}

// TextSize gives the index of the text size.
func (p *prefs) TextSize() int { return int(p.look.Load().Text) }

// SetTextSize changes the text size at once.
func (p *prefs) SetTextSize(i int) {
	l := *p.look.Load()
	l.Text = skin.Scale(i)
	p.set(l)
}

// Contrast tells whether contrast is high.
func (p *prefs) Contrast() bool { return p.look.Load().Contrast }

// SetContrast changes the contrast at once.
func (p *prefs) SetContrast(on bool) {
	l := *p.look.Load()
	l.Contrast = on
	p.set(l)
}

// set changes the look, draws everything anew in it and has it saved.
func (p *prefs) set(l look) {
	p.look.Store(&l)
	p.shell.redress()
	p.shell.runner.Run(context.Background(), func(context.Context, func(task.Step)) error { return p.save() }, nil, func(err error) {
		if err != nil {
			p.log(err)
		}
	})
}

func (p *prefs) save() error {
	p.saving.Lock()
	defer p.saving.Unlock()
	content, err := json.Marshal(p.look.Load())
	if err != nil {
		return err
	}
	return p.file.SetLook(content)
}
