// Package sources fetches what assets are made from, and keeps the record of where the
// files of a directory of them come from: SOURCES.tsv, which the generators check and write.
package sources

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// name is the record's file.
const name = "SOURCES.tsv"

// header opens the record; lines with # are not rows.
const header = "# file\trole\torigin\tversion\tlicence\tsource SHA-256\toutput SHA-256\n"

// Row is where one file comes from. Its digests are SHA-256 in hex.
type Row struct{ File, Role, Origin, Version, Licence, Source, Output string }

// Read gives the rows of the record in dir by their files.
func Read(dir string) (map[string]Row, error) {
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rows := map[string]Row{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 7 || len(f[5]) != 2*sha256.Size || len(f[6]) != 2*sha256.Size {
			return nil, fmt.Errorf("%s: not a row: %q", path, line)
		}
		rows[f[0]] = Row{f[0], f[1], f[2], f[3], f[4], f[5], f[6]}
	}
	return rows, nil
}

// Digest gives the digest as the record has it.
func Digest(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// Write writes files to dir, and with update also the record of them: rows in their order,
// after a line for each note.
func Write(dir string, files map[string][]byte, update bool, rows []Row, notes ...string) error {
	out := map[string][]byte{}
	for file, b := range files {
		out[file] = b
	}
	if update {
		record := header
		for _, n := range notes {
			record += "# " + n + "\n"
		}
		for _, r := range rows {
			record += strings.Join([]string{r.File, r.Role, r.Origin, r.Version, r.Licence, r.Source, r.Output}, "\t") + "\n"
		}
		out[name] = []byte(record)
	}
	for file, b := range out {
		if err := os.WriteFile(filepath.Join(dir, file), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}
