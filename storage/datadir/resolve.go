package datadir

import (
	"os"
	"path/filepath"
	"runtime"

	"heyi/review"
)

// portableName is the directory beside the binary that makes an installation
// carry its data with it.
const portableName = "heyi-data"

// Resolve gives the path of the data directory: flag (--data) if it is not
// empty; else heyi-data beside the executable, if that directory exists and
// lies on a disk that stays in the machine (SQLite's promises do not hold on
// sticks and network shares); else the user's own, after the custom of the
// system. env is os.Getenv. Nothing is made.
// Codes: CodeDirFailed (Item: the variable that is missing).
func Resolve(flag, executable string, env func(string) string) (string, error) {
	return resolve(runtime.GOOS, flag, executable, env, onFixedDisk)
}

func resolve(system, flag, executable string, env func(string) string, fixed func(string) bool) (string, error) {
	const op = "datadir.Resolve"
	if flag != "" {
		path, err := filepath.Abs(flag)
		if err != nil {
			return "", review.E(review.CodeDirFailed, op, flag, err)
		}
		return path, nil
	}
	portable := filepath.Join(filepath.Dir(executable), portableName)
	if info, err := os.Stat(portable); err == nil && info.IsDir() && fixed(portable) {
		return portable, nil
	}
	need := func(variable string, below ...string) (string, error) {
		base := env(variable)
		if base == "" {
			return "", review.E(review.CodeDirFailed, op, variable, nil)
		}
		return filepath.Join(append([]string{base}, below...)...), nil
	}
	switch system {
	case "windows":
		return need("LOCALAPPDATA", "heyi")
	case "darwin":
		return need("HOME", "Library", "Application Support", "heyi")
	}
	// XDG Base Directory Specification: a relative path is to be ignored.
	if base := env("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "heyi"), nil
	}
	return need("HOME", ".local", "share", "heyi")
}
