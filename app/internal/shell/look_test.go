package shell

import (
	"errors"
	"sync"
	"testing"

	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// lookFile is a file in memory.
type lookFile struct {
	mu      sync.Mutex
	content []byte
	err     error         // of reading and writing
	gate    chan struct{} // unless nil, writing waits for it to be closed
}

// Look is as in LookFile.
func (f *lookFile) Look() ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.content, f.err
}

// SetLook is as in LookFile.
func (f *lookFile) SetLook(content []byte) error {
	if f.gate != nil {
		<-f.gate
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.content = content
	}
	return f.err
}

// TestLookKept holds that the next window looks as the last one did.
func TestLookKept(t *testing.T) {
	file := &lookFile{}
	s := newScreenLike(t, file)
	s.prefs.SetTextSize(2)
	s.prefs.SetContrast(true)
	s.settle()
	if want := `{"version":1,"text":2,"contrast":true}`; string(file.content) != want {
		t.Errorf("kept %s, want %s", file.content, want)
	}
	usual := newScreen(t)
	small := theme.TextSize()
	s = newScreenLike(t, file)
	if s.prefs.TextSize() != 2 || !s.prefs.Contrast() || theme.TextSize() <= small {
		t.Errorf("text size %d, contrast %v, text %v high", s.prefs.TextSize(), s.prefs.Contrast(), theme.TextSize())
	}
	if usual.prefs.TextSize() != 0 || usual.prefs.Contrast() || len(usual.logged)+len(s.logged) > 0 {
		t.Errorf("without a file: text size %d, contrast %v; logged %v %v", usual.prefs.TextSize(), usual.prefs.Contrast(), usual.logged, s.logged)
	}
}

// TestLookUnreadable holds that a look that cannot be read, is damaged or is of a newer
// version is no reason not to start: the window looks as usual, and the cause is logged.
func TestLookUnreadable(t *testing.T) {
	for name, file := range map[string]*lookFile{
		"unreadable":   {err: errors.New("unreadable")},
		"empty":        {content: []byte{}},
		"cut off":      {content: []byte(`{"version":1,"text":2,"con`)},
		"another type": {content: []byte(`{"version":1,"text":"2"}`)},
		"no version":   {content: []byte(`{"text":2}`)},
		"newer":        {content: []byte(`{"version":2,"text":2,"contrast":true}`)},
		"a small size": {content: []byte(`{"version":1,"text":-1}`)},
		"a large size": {content: []byte(`{"version":1,"text":3,"contrast":true}`)},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScreenLike(t, file)
			if s.prefs.TextSize() != int(skin.Normal) || s.prefs.Contrast() {
				t.Errorf("text size %d, contrast %v", s.prefs.TextSize(), s.prefs.Contrast())
			}
			if len(s.logged) != 1 {
				t.Errorf("logged %v", s.logged)
			}
		})
	}
}

// TestLookUnsaved holds that a look that cannot be saved holds for this run.
func TestLookUnsaved(t *testing.T) {
	full := errors.New("full")
	s := newScreenLike(t, &lookFile{content: []byte(`{"version":1}`)})
	s.prefs.file.(*lookFile).err = full
	s.prefs.SetTextSize(1)
	s.settle()
	if s.prefs.TextSize() != 1 || len(s.logged) != 1 || !errors.Is(s.logged[0], full) {
		t.Errorf("text size %d, logged %v", s.prefs.TextSize(), s.logged)
	}
}

// TestLookLast holds that of choices made faster than they can be saved the last one stays.
func TestLookLast(t *testing.T) {
	file := &lookFile{gate: make(chan struct{})}
	s := newScreenLike(t, file)
	for i := range 20 {
		s.prefs.SetTextSize(i % 3)
		s.prefs.SetContrast(i%2 == 0)
	}
	close(file.gate)
	s.settle()
	if want := `{"version":1,"text":1,"contrast":false}`; string(file.content) != want {
		t.Errorf("kept %s, want %s", file.content, want)
	}
}
