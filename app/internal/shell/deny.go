package shell

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage/repository"
)

var errNetwork = errors.New("shell: this program opens no network address")

// denying answers for every address scheme that Fyne would fetch from a network.
type denying struct{}

var _ repository.Repository = denying{}

// Exists refuses.
func (denying) Exists(fyne.URI) (bool, error) { return false, errNetwork }

// Reader refuses.
func (denying) Reader(fyne.URI) (fyne.URIReadCloser, error) { return nil, errNetwork }

// CanRead refuses.
func (denying) CanRead(fyne.URI) (bool, error) { return false, errNetwork }

// Destroy has nothing to release.
func (denying) Destroy(string) {}

// DenyNetwork replaces the repositories through which Fyne would fetch from a
// network. It must run after the application object is made, which registers
// them.
func DenyNetwork() {
	for _, scheme := range []string{"http", "https"} {
		repository.Register(scheme, denying{})
	}
}

// SpeakChinese makes Fyne's own words Chinese on any system language: the
// catalogue is given as the translation for whatever language the system names.
// It must run before the first window is made.
func SpeakChinese(fyneWords []byte) error {
	return lang.AddTranslations(fyne.NewStaticResource(lang.SystemLocale().LanguageString()+".json", fyneWords))
}
