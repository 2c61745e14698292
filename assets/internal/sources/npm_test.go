package sources

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"
)

func TestMember(t *testing.T) {
	var tarball bytes.Buffer
	z := gzip.NewWriter(&tarball)
	w := tar.NewWriter(z)
	for _, name := range []string{"package/a.ttf", "package/b.ttf"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(name)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := Member(tarball.Bytes(), "package/b.ttf"); err != nil || string(got) != "package/b.ttf" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Member(tarball.Bytes(), "package/c.ttf"); err == nil {
		t.Error("a missing file was found")
	}
	if _, err := Member(tarball.Bytes()[:40], "package/b.ttf"); err == nil {
		t.Error("a broken tarball was read")
	}
}
