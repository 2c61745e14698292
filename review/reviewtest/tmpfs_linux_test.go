package reviewtest

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestTmpfs(t *testing.T) {
	if !OwnMounts(t) {
		return
	}
	f := NewTmpfs(t, "size=64k")
	file := filepath.Join(f.Path, "file")
	f.Leave(t, 4096)
	if err := os.WriteFile(file, make([]byte, 8192), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("writing on a full disk: %v", err)
	}
	f.Leave(t, 16384)
	if err := os.WriteFile(file, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	f.ReadOnly(t)
	if err := os.Remove(file); !errors.Is(err, syscall.EROFS) {
		t.Fatalf("removing from a read-only disk: %v", err)
	}
	if got := Tree(t, f.Path); got != ".\nfile" {
		t.Fatalf("tree %q", got)
	}
}
