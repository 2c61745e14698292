package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
)

// tarballOf packs two members as the npm package has them.
func tarballOf(t *testing.T, wasm string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range map[string]string{"package/dist/pdfium.wasm": wasm, "package/LICENSE.md": "MIT"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRun: what was recorded comes out again; anything else is refused and nothing is
// written.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"LICENSE-PDFium.txt", "NOTICES.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := tarballOf(t, "wasm")
	of := func(b []byte) func() ([]byte, error) { return func() ([]byte, error) { return b, nil } }
	if err := run(dir, false, of(good)); err == nil {
		t.Fatal("accepted without a record")
	}
	if err := run(dir, true, of(good)); err != nil {
		t.Fatal(err)
	}
	wasm := filepath.Join(dir, "pdfium.wasm")
	if err := os.Remove(wasm); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, false, of(tarballOf(t, "another"))); err == nil {
		t.Error("accepted another package")
	}
	if _, err := os.Stat(wasm); !os.IsNotExist(err) {
		t.Errorf("written though refused: %v", err)
	}
	if err := run(dir, false, of(good)); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(wasm); err != nil || string(b) != "wasm" {
		t.Errorf("%q: %v", b, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "NOTICES.txt"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, false, of(good)); err == nil {
		t.Error("accepted changed notices")
	}
	if err := run(t.TempDir(), true, of(tarballOf(t, "")[:20])); err == nil {
		t.Error("accepted a broken tarball")
	}
}
