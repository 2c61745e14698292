package meeting

import (
	"io"

	"heyi/review/filing"
)

// Folders is what filing folders are made with. Without Write none can be written, and
// without Workbook they have no workbook.
type Folders struct {
	// Write writes a directory of files to a path that a person chose and where nothing
	// stands: complete, synced and read back, or nothing of it. names are the files in it,
	// with slashes between the parts of a name; content gives each, in their order.
	// Codes: CodeFileExists, CodeDirFull, CodeDirReadOnly, CodeDirFailed; what content
	// fails with.
	Write func(path string, names []string, content func(name string, w io.Writer) error) error
	// Workbook makes a workbook. The same tables give the same bytes.
	Workbook func([]filing.Table) ([]byte, error)
	// Version is the program's.
	Version string
}
