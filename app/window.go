//go:build !headless

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"heyi/app/internal/cli"
	"heyi/app/internal/platform"
	_ "heyi/app/internal/platform/locale" // before Fyne is initialised
	"heyi/app/internal/shell"
	"heyi/app/internal/task"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
)

// memoryLimit is where the collector begins to work harder. The window is to stay
// below 300 MB resident (decisions 6), of which some 100 MB are the program's file
// and the display driver's; opening a key alone takes 64 MB for a moment.
const memoryLimit = 150 << 20

// window runs the window on a data directory, with copies also in backup if that is
// not "", until it is closed, and gives the exit code. With measure it prints the
// milliseconds from here to the first frame.
func window(h *house, w *words.Catalogue, root, backup string, measure bool, stderr io.Writer) int {
	began := time.Now()
	debug.SetMemoryLimit(memoryLimit)
	fail := func(err error) int {
		platform.Complain(w.Explain(err))
		if review.CodeOf(err) == review.CodeNoDisplay {
			return cli.ExitNoWindow
		}
		return cli.ExitNo
	}
	if err := platform.CheckDisplay(os.Getenv); err != nil {
		return fail(err)
	}
	services, dir, err := h.openDir(root, backup)
	if err != nil {
		return fail(err)
	}
	defer dir.Close()

	exe, err := os.Executable()
	if err != nil {
		return fail(review.E(review.CodeOpenFailed, "main.window", "", err))
	}
	launcher, err := platform.StartLauncher(exe, root)
	if err != nil {
		return fail(err)
	}
	defer launcher.Close()
	viewer := newViewer(exe, viewCache()) // before RedirectFyne, which moves the cache
	defer viewer.Close()
	h.confine()

	notice := ""
	if platform.PreviousCrash(dir.CrashFile()) {
		notice = w.T("crash.previous", nil)
	}
	ended, err := platform.CatchCrashes(dir.CrashFile())
	if err != nil {
		return fail(err)
	}
	if err := platform.RedirectFyne(filepath.Join(root, "fyne")); err != nil {
		return fail(err)
	}
	fyneWords, err := assets.Words.ReadFile("words/fyne.json")
	if err != nil {
		return fail(err)
	}
	// An application made with an id keeps preferences in a file that Fyne writes over in
	// place while it watches it. Ours has none to keep and gets its id afterwards.
	about := fyne.AppMetadata{Name: w.T("app.name", nil), Version: Version}
	app.SetMetadata(about)
	a := app.NewWithID("")
	about.ID = AppID
	app.SetMetadata(about)
	a.SetIcon(fyne.NewStaticResource("heyi.png", assets.IconPNG))
	shell.DenyNetwork()
	if err := shell.SpeakChinese(fyneWords); err != nil {
		return fail(err)
	}
	runner := task.New(task.UI, task.Clock)
	if measure {
		a.Lifecycle().SetOnStarted(func() {
			fmt.Fprintln(stderr, "first-frame", time.Since(began).Milliseconds())
		})
	}
	_, err = platform.ShowWindow(func() fyne.Window {
		return shell.New(shell.Setting{
			App: a, Services: services, Words: w, Runner: runner, Look: dir, Machine: machine{launcher}, Viewer: viewer,
			Log: func(err error) { fmt.Fprintln(stderr, err) }, Notice: notice,
		}).Window()
	})
	if err != nil {
		ended()
		return fail(err)
	}
	a.Run()
	runner.Wait()
	ended()
	return cli.ExitOK
}
