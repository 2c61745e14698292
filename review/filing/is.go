package filing

import "io/fs"

// Is tells whether a directory means to be a filing folder: it has one of the two lists of
// its files.
func Is(fsys fs.FS) bool {
	for _, name := range []string{nameCatalogue, nameSums} {
		if _, err := fs.Stat(fsys, name); err == nil {
			return true
		}
	}
	return false
}
