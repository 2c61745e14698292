package platform

import (
	"os"
	"path/filepath"
	"runtime"

	"heyi/review"
)

// RedirectFyne sends the files that Fyne writes by itself (settings, window
// size, its index of the system's fonts) below dir, so that nothing stays in the
// user's own directories, and cuts Fyne off the session bus. Call it before the
// application is made and after StartLauncher: children started later inherit it.
//
// The bus would serve Fyne for following the desktop's dark mode (our theme is
// fixed), notifications and the tray (not used); without a bus, though, its
// client starts a dbus-launch that outlives the program. Input methods are not
// touched: XIM speaks through the X server, and HOME stays.
// Codes: CodeInternal.
func RedirectFyne(dir string) error {
	env := map[string]string{
		"XDG_CONFIG_HOME":          filepath.Join(dir, "config"),
		"XDG_CACHE_HOME":           filepath.Join(dir, "cache"),
		"DBUS_SESSION_BUS_ADDRESS": "disabled:",
	}
	if runtime.GOOS == "windows" {
		env = map[string]string{"USERPROFILE": dir, "LOCALAPPDATA": filepath.Join(dir, "cache")}
	}
	for name, value := range env {
		if err := os.Setenv(name, value); err != nil {
			return review.E(review.CodeInternal, "platform.RedirectFyne", name, err)
		}
	}
	return nil
}
