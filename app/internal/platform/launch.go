package platform

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"heyi/review"
)

// LauncherWord is the first argument that makes main call Serve, with the
// directory as the second. It is no command of the command line.
const LauncherWord = "--launcher"

// openable are the endings of files that may be shown by an outside program.
// Everything else could be something that the system would rather run.
var openable = []string{".pdf"}

// maxRequest bounds one line of the protocol, in bytes.
const maxRequest = 64 << 10

// request and reply are one line of JSON each.
type request struct {
	Open  string `json:"open,omitempty"`  // absolute path
	Print string `json:"print,omitempty"` // absolute path
}

type reply struct {
	Error   string `json:"error,omitempty"`
	Printed bool   `json:"printed,omitempty"`
}

// Launcher is a child process of this program, started before Confine, that
// opens files in the system's own viewers: they are not confined as we are. It
// ends with this process, however that ends.
type Launcher struct {
	mu  sync.Mutex
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// StartLauncher starts exe, the running program's own file, as a launcher for
// files below root. Call it before Confine and RedirectFyne.
// Codes: CodeOpenFailed.
func StartLauncher(exe, root string) (*Launcher, error) {
	const op = "platform.StartLauncher"
	cmd := exec.Command(exe, LauncherWord, root)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, review.E(review.CodeOpenFailed, op, "", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, review.E(review.CodeOpenFailed, op, "", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, review.E(review.CodeOpenFailed, op, "", err)
	}
	return &Launcher{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

// Open shows the file in the system's viewer and returns when that runs; it may
// take two seconds and must not be called on the screen's goroutine. It may be
// called by several goroutines.
// Codes: CodeOpenFailed (item: the file's name) if the path is not that of an
// existing regular file below the root with an ending that may be opened, or if
// no viewer could be started.
func (l *Launcher) Open(path string) error {
	_, err := l.ask("Open", path, request{Open: path})
	return err
}

// Print hands the file to the system's printing and tells that it did; where there is none,
// it shows the file in the system's viewer, which can print it. As to the rest it is as
// Open.
// Codes: CodeOpenFailed (item: the file's name).
func (l *Launcher) Print(path string) (printed bool, err error) {
	return l.ask("Print", path, request{Print: path})
}

// ask has the child do one thing with a file.
func (l *Launcher) ask(method, path string, q request) (printed bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fail := func(cause error) (bool, error) {
		return false, review.E(review.CodeOpenFailed, "platform.Launcher."+method, filepath.Base(path), cause)
	}
	if err := json.NewEncoder(l.in).Encode(q); err != nil {
		return fail(err)
	}
	line, err := l.out.ReadBytes('\n')
	if err != nil {
		return fail(err)
	}
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		return fail(err)
	}
	if r.Error != "" {
		return fail(errors.New(r.Error))
	}
	return r.Printed, nil
}

// Close ends the child. What it has opened stays open.
func (l *Launcher) Close() error {
	l.in.Close()
	return l.cmd.Wait()
}

// Serve is the child's side: it answers requests until stdin closes.
func Serve(stdin io.Reader, stdout io.Writer, root string) error {
	return serve(stdin, stdout, root, show, printOut)
}

// serve answers with show and printOut, which tells false where nothing can print.
func serve(stdin io.Reader, stdout io.Writer, root string, show func(path string) error, printOut func(path string) (bool, error)) error {
	lines := bufio.NewScanner(stdin)
	lines.Buffer(nil, maxRequest)
	out := json.NewEncoder(stdout)
	for lines.Scan() {
		var (
			q request
			r reply
		)
		err := json.Unmarshal(lines.Bytes(), &q)
		if err == nil {
			var path string
			path, err = allowed(root, q.Open+q.Print) // one of them is empty
			if err == nil && q.Print != "" {
				r.Printed, err = printOut(path)
			}
			if err == nil && !r.Printed {
				err = show(path)
			}
		}
		if err != nil {
			r.Error = err.Error()
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

// allowed gives the real path of a file that may be opened.
func allowed(root, path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", errors.New("path is not absolute")
	}
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(root, path); err != nil || !filepath.IsLocal(rel) {
		return "", errors.New("path is outside the data directory")
	}
	st, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !st.Mode().IsRegular() {
		return "", errors.New("not a regular file")
	}
	for _, ending := range openable {
		if strings.EqualFold(filepath.Ext(path), ending) {
			return path, nil
		}
	}
	return "", errors.New("files of this kind are not opened")
}
