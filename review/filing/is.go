package filing

import "io/fs"

// Is tells whether a directory means to be a filing folder: it has the list of its files, or
// the text that says what it is.
func Is(fsys fs.FS) bool {
	for _, name := range []string{nameCatalogue, nameReadme} {
		if _, err := fs.Stat(fsys, name); err == nil {
			return true
		}
	}
	return false
}
