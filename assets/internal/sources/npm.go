package sources

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Pack fetches the tarball of an npm package, package@version, with the npm client.
func Pack(npm string) ([]byte, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return nil, errors.New("the npm client is missing; install the Debian package npm")
	}
	tmp, err := os.MkdirTemp("", "heyi-npm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	pack := exec.Command("npm", "pack", "--silent", npm)
	pack.Dir = tmp
	name, err := pack.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", npm, err)
	}
	return os.ReadFile(filepath.Join(tmp, strings.TrimSpace(string(name))))
}

// Member gives one file of a gzipped tarball.
func Member(tarball []byte, member string) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil, fmt.Errorf("the tarball has no %s", member)
		}
		if err != nil {
			return nil, err
		}
		if h.Name == member {
			return io.ReadAll(t)
		}
	}
}
