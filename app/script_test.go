//go:build headless && !window

package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
	"heyi/storage"
	"heyi/storage/datadir"
)

var update = flag.Bool("update", false, "write what the scripts got over what they want")

// headless is the static command line under test.
var headless string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		headless = os.Getenv("HEYI_HEADLESS")
		if headless == "" {
			dir, err := os.MkdirTemp("", "heyi-")
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			defer os.RemoveAll(dir)
			headless = filepath.Join(dir, "heyi")
			build := exec.Command("go", "build", "-tags", "headless", "-o", headless, ".")
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
			if out, err := build.CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
				return 1
			}
		}
		return m.Run()
	}())
}

// TestScript runs testdata/script against the real binary. Beside testscript's
// own commands a script has:
//
//	heyi N ARGS...            run heyi; it must end with exit code N
//	demo DIR                  lay out the sample meeting in DIR
//	room DIR NAME             lay out a meeting of package script in DIR: data, and a file
//	                          with the secret of each seat. See rooms
//	let NAME FILE             give the variable NAME the first line of FILE
//	flip FILE N               change one bit of byte N; a negative N counts from the end
//	sql DATA STATEMENT        change the one meeting's database behind the program's back
//	hold DATA                 have the data directory, as another program would, until the end
//	full DIR SIZE N ARGS...   heyi N ARGS with DIR on a disk of SIZE; what is left on it
//	                          afterwards follows on the standard output as "left NAME"
//	readonly DIR N ARGS...    heyi N ARGS with DIR on a read-only disk
//
// What the program remembers outside the data directory, it keeps in the script's own
// directory: whoever sets XDG_STATE_HOME is at another machine.
func TestScript(t *testing.T) {
	sample := filepath.Join(t.TempDir(), "demo")
	demo := exec.Command(headless, "demo", "--out", sample)
	demo.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
	if out, err := demo.CombinedOutput(); err != nil {
		t.Fatalf("demo: %v\n%s", err, out)
	}
	prepared := prepareRooms(t.TempDir())
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HEYI", headless)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, ".state"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"heyi": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) > 0, "heyi N ARGS...")
				demand(ts, args[0], headless, args[1:]...)
			},
			"demo": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) == 1, "demo DIR")
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(sample)))
			},
			"room": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) == 2 && prepared[args[1]] != nil, "room DIR NAME")
				dir, err := prepared[args[1]]()
				ts.Check(err)
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(dir)))
			},
			"full": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) > 2, "full DIR SIZE N ARGS...")
				disk(ts, args[2], onFullDisk, append([]string{ts.MkAbs(args[0]), args[1]}, args[3:]...))
			},
			"readonly": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) > 1, "readonly DIR N ARGS...")
				disk(ts, args[1], onReadOnlyDisk, append([]string{ts.MkAbs(args[0]), "ro"}, args[2:]...))
			},
			"let": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) == 2, "let NAME FILE")
				line, _, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
				ts.Setenv(args[0], line)
			},
			"find": func(ts *testscript.TestScript, _ bool, args []string) {
				need(ts, len(args) == 2, "find NAME REGEXP")
				m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
				need(ts, len(m) == 2, "a match of "+args[1])
				ts.Setenv(args[0], m[1])
			},
			"flip": flip,
			"sql":  alter,
			"hold": hold,
		},
	})
}

// rooms are meetings as they stand in the middle, for scripts that begin there.
var rooms = map[string][]script.Act{
	"panel":   script.Prepare(2),
	"scoring": append(script.Prepare(2), script.Score(script.First, 1)[:1]...),
	"closed":  slices.Concat(script.Prepare(2), script.Score(script.First, 1), script.Score(script.Other, 1)),
	"opened":  slices.Concat(script.Prepare(2), script.Score(script.First, 1), []script.Act{script.Open(script.First)}),
	"voted":   slices.Concat(script.Prepare(2), script.Score(script.First, 1), []script.Act{script.Open(script.First)}, script.Conclude(script.First)[:11]),
}

// prepareRooms gives for each room how to have it: it is made at the first call. Its
// codes are locked cheaply; what they cost is not what these scripts are about.
func prepareRooms(dir string) map[string]func() (string, error) {
	out := map[string]func() (string, error){}
	for name, acts := range rooms {
		out[name] = sync.OnceValues(func() (string, error) {
			room := filepath.Join(dir, name)
			return room, prepareRoom(room, acts)
		})
	}
	return out
}

func prepareRoom(room string, acts []script.Act) (err error) {
	data := filepath.Join(room, "data")
	d, err := datadir.Open(data)
	if err != nil {
		return err
	}
	store := storage.Open(data)
	defer func() { err = errors.Join(err, store.Close(), d.Close()) }()
	papers, err := (&house{}).paper()
	if err != nil {
		return err
	}
	hall := script.New(meeting.New(meeting.Config{
		Store: store, Papers: papers, Files: d, Now: time.Now, Random: rand.Reader, WorkFactor: 4,
	}))
	defer hall.Close()
	if err := hall.Hold(acts, nil); err != nil {
		return err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: hall.Sessions[script.Secretary].State().Authority})
	if err := os.WriteFile(filepath.Join(room, "ca.pem"), ca, 0o600); err != nil {
		return err
	}
	for seat, secret := range hall.Codes {
		if err := os.WriteFile(filepath.Join(room, string(seat)), []byte(secret+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func need(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

// demand runs a program and demands an exit code.
func demand(ts *testscript.TestScript, code, name string, args ...string) {
	want, err := strconv.Atoi(code)
	ts.Check(err)
	err = ts.Exec(name, args...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s %s: exit code %d, want %d", filepath.Base(name), strings.Join(args, " "), got, want)
	}
}

// The disks are mounted in a namespace of their own and end with it. The
// arguments are the directory, the size, the program and its arguments.
const (
	onFullDisk     = `mount -t tmpfs -o size="$1" heyi "$0"; shift; "$@"; code=$?; find "$DISK" -mindepth 1 -printf 'left %P\n'; exit $code`
	onReadOnlyDisk = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99; shift; exec "$@"`
)

// disk runs heyi in a namespace in which script has mounted a disk.
func disk(ts *testscript.TestScript, code, script string, args []string) {
	ts.Setenv("DISK", args[0])
	ts.Check(os.MkdirAll(args[0], 0o755))
	line := []string{"-m"}
	if os.Getuid() != 0 {
		line = []string{"-r", "-m"}
	}
	line = append(line, "sh", "-c", script, args[0], args[1], headless)
	demand(ts, code, "unshare", append(line, args[2:]...)...)
}

// flip changes one bit of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	need(ts, len(args) == 2, "flip FILE N")
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	b := []byte(ts.ReadFile(args[0]))
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

// alter runs one statement with the database's triggers out of the way, as
// somebody would who wants no trace.
func alter(ts *testscript.TestScript, _ bool, args []string) {
	need(ts, len(args) == 2, "sql DATA STATEMENT")
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "meetings", "*", "heyi.db"))
	ts.Check(err)
	if len(files) != 1 {
		ts.Fatalf("%d databases in %s", len(files), args[0])
	}
	db, err := sql.Open("sqlite", "file:"+files[0])
	ts.Check(err)
	defer db.Close()
	triggers := map[string]string{}
	rows, err := db.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
	ts.Check(err)
	for rows.Next() {
		var name, text string
		ts.Check(rows.Scan(&name, &text))
		triggers[name] = text
	}
	ts.Check(rows.Err())
	exec := func(statement string) {
		_, err := db.Exec(statement)
		ts.Check(err)
	}
	for name := range triggers {
		exec("DROP TRIGGER " + name)
	}
	exec(args[1])
	for _, text := range triggers {
		exec(text)
	}
}

// hold opens a data directory in this process.
func hold(ts *testscript.TestScript, _ bool, args []string) {
	need(ts, len(args) == 1, "hold DATA")
	dir, err := datadir.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { dir.Close() })
}
