// Package cli is the program without a window: the auditor's tool, the target
// of scripts, and what works where no display exists. It reads arguments, calls
// the services and prints; it decides nothing of a meeting.
package cli

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
)

// Exit codes, stable.
const (
	ExitOK       = 0 // it holds, or it is done
	ExitNo       = 1 // it does not hold, or could not be done
	ExitUsage    = 2 // the command line cannot be understood
	ExitNoWindow = 3 // no window can be had
)

// BackupVariable names the environment variable that main gives as World.Backup.
const BackupVariable = "HEYI_BACKUP"

// World is what the commands need of the machine; main gives it.
type World struct {
	Words          *words.Catalogue
	Version        string
	Build          string // toolchain, operating system, processor
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Now tells the machine's time with its zone.
	Now meeting.Clock
	// Confine closes the network to this process. Every command does it first
	// but the window, which starts a helper before.
	Confine func()
	// DataDir resolves --data ("" if not given) to the data directory's path.
	DataDir func(flag string) (string, error)
	// Backup is where else copies go if --backup does not say; "" for nowhere else.
	Backup string
	// Open opens a data directory, creating it if it does not exist. Copies of its
	// meetings also go to the directory backup, "" for none.
	Open func(root, backup string) (*meeting.Services, io.Closer, error)
	// OpenReadOnly opens an existing data directory without writing anything.
	OpenReadOnly func(root, backup string) (*meeting.Services, io.Closer, error)
	// Trust gives the list of issuers that a data directory keeps, nil for none; it may be
	// in use, or not be there.
	// Codes: CodeDirFailed.
	Trust func(root string) ([]byte, error)
	// Rules gives the built-in packs of rules.
	Rules func() (*regulation.Library, error)
	// VerifyPaper tells who signed a PDF and whether it holds; no data directory is
	// needed for it.
	VerifyPaper func(pdf []byte, anchors []*x509.Certificate) (review.PaperVerdict, error)
	// VerifyFiling tells whether a filing folder holds; no data directory is needed for it.
	VerifyFiling func(dir fs.FS, anchors []*x509.Certificate) (meeting.FilingVerdict, error)
	// Read reads a whole file of at most limit bytes.
	// Codes: CodeFileMissing, CodeFileTooLarge, CodeFileUnknown (no regular file),
	// CodeDirFailed.
	Read func(path string, limit int64) ([]byte, error)
	// OpenFile opens a file of any size.
	// Codes: CodeFileMissing, CodeFileUnknown (no regular file), CodeDirFailed.
	OpenFile func(path string) (meeting.Kept, error)
	// Dir opens a directory and what is below it, until it is closed. No link in it leads
	// out of it.
	Dir func(path string) (fs.FS, io.Closer, error)
	// Stat is os.Stat.
	Stat func(path string) (fs.FileInfo, error)
	// Write writes a file whole or not at all, making its directory.
	Write func(path string, content []byte) error
	// WriteBy is Write for a file of any size, which content writes; what content fails
	// with is given as it is.
	WriteBy func(path string, content func(io.Writer) error) error
	// TakeBack removes what a command wrote out before it failed.
	TakeBack func(path string) error
	// Secret asks the person at the terminal for a secret.
	// Codes: CodeSecretMissing.
	Secret func(prompt string) (string, error)
	// Machine makes the checks of this machine that are no service's.
	Machine func() []meeting.Check
	// Window runs the window on a data directory, with copies as for Open, and gives its
	// exit code.
	Window func(root, backup string, measure bool) int
	// Sample is the sample meeting.
	Sample fs.FS
	// Material sets a document of the sample: see reports.Papers.Material.
	Material func(source string, m review.Material) ([]byte, error)
	// Regulation sets the text of a regulation that the program carries, by its file.
	Regulation func(file string, at time.Time) ([]byte, error)
	// Workbook makes a workbook of tables in JSON.
	Workbook func(tables []byte) ([]byte, error)
	// Child starts another process of this program.
	// Codes: CodeOpenFailed.
	Child func(args ...string) (Child, error)
}

// place is where a command works: --data and --backup, as given.
type place struct{ data, backup string }

// command is one word after heyi. Those that act on meetings stand in acts.
type command struct {
	name string
	run  func(w *World, at place, args []string) (int, error)
}

var commands = []command{
	{"demo", runDemo},
	{"verify", runVerify},
	{"selfcheck", runSelfCheck},
	{"version", runVersion},
	{"help", runHelp},
}

// Run carries out a command line (without the program's name) and gives the
// exit code.
func Run(w *World, args []string) int {
	out := &watched{Writer: w.Stdout}
	w.Stdout = out
	code := w.run(args)
	if out.err != nil && code == ExitOK {
		return w.fail(review.E(review.CodeDirFailed, "cli.Run", "", out.err))
	}
	return code
}

// watched remembers that an output could not be written: who never saw a verdict
// must not be told by the exit code that all is well.
type watched struct {
	io.Writer
	err error
}

// Write writes.
func (o *watched) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil {
		o.err = err
	}
	return n, err
}

func (w *World) run(args []string) int {
	top := newFlags()
	at := place{backup: w.Backup}
	at.flags(top)
	measure := top.Bool("measure", false, "")
	if err := parse(top, args); err != nil {
		return w.fail(err)
	}
	rest := top.Args()
	if len(rest) == 0 {
		root, err := w.DataDir(at.data)
		if err != nil {
			return w.fail(err)
		}
		return w.Window(root, at.backup, *measure)
	}
	run, rest, err := find(rest)
	if err != nil {
		return w.fail(err)
	}
	w.Confine()
	code, err := run(w, at, rest)
	if err != nil {
		return w.fail(err)
	}
	return code
}

// find finds the command that a line begins with, and gives the rest of the line.
func find(line []string) (run func(*World, place, []string) (int, error), rest []string, err error) {
	for _, c := range commands {
		if c.name == line[0] {
			return c.run, line[1:], nil
		}
	}
	for _, t := range acts {
		if rest, ok := t.begins(line); ok {
			return func(w *World, at place, args []string) (int, error) { return w.carryOut(t, at, args) }, rest, nil
		}
	}
	return nil, nil, usage(strings.Join(line[:min(2, len(line))], " "))
}

// flags lets a line say where the command works.
func (at *place) flags(f *flag.FlagSet) {
	f.StringVar(&at.data, "data", at.data, "")
	f.StringVar(&at.backup, "backup", at.backup, "")
}

// fail prints the sentence of an error and gives its exit code.
func (w *World) fail(err error) int {
	if errors.Is(err, errHelp) {
		w.sayHelp()
		return ExitOK
	}
	fmt.Fprintln(w.Stderr, w.Words.Explain(err))
	switch review.CodeOf(err) {
	case review.CodeUsage:
		return ExitUsage
	case review.CodeNoDisplay:
		return ExitNoWindow
	case review.CodePackageIssuer:
		fmt.Fprintln(w.Stderr, w.Words.T("cli.trust", nil))
	case review.CodeInternal:
		fmt.Fprintln(w.Stderr, err)
	}
	return ExitNo
}

// say prints a sentence of the catalogue.
func (w *World) say(key string, data any) {
	fmt.Fprintln(w.Stdout, w.Words.T(key, data))
}

func (w *World) printJSON(v any) error {
	enc := json.NewEncoder(w.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func usage(item string) error { return review.E(review.CodeUsage, "cli", item, nil) }

// newFlags gives a flag set that prints nothing by itself: its English words
// would stand in a Chinese sentence.
func newFlags() *flag.FlagSet {
	f := flag.NewFlagSet("heyi", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return f
}

// errHelp is the wish for help: -h or --help in any place.
var errHelp = errors.New("help")

// parse reads flags. What cannot be read is a usage error with the whole line as
// its item; the wish for help is errHelp.
func parse(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return errHelp
	case err != nil:
		return usage(strings.Join(args, " "))
	}
	return nil
}

func runVersion(w *World, _ place, args []string) (int, error) {
	f := newFlags()
	asJSON := f.Bool("json", false, "")
	if err := parse(f, args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		return 0, usage(f.Arg(0))
	}
	if *asJSON {
		return ExitOK, w.printJSON(map[string]any{
			"version": w.Version, "build": w.Build, "event_version": review.EventVersion,
		})
	}
	w.say("cli.version", map[string]string{"Version": w.Version, "Build": w.Build})
	return ExitOK, nil
}

// sayHelp explains the whole command line.
func (w *World) sayHelp() { w.say("cli.help", map[string]string{"Backup": BackupVariable}) }

// runHelp explains the whole command line, the acts whose names begin as given, or how a
// regulation is added.
func runHelp(w *World, _ place, args []string) (int, error) {
	switch {
	case len(args) == 0:
		w.sayHelp()
		return ExitOK, nil
	case len(args) == 1 && args[0] == guideWord:
		w.sayGuide()
		return ExitOK, nil
	}
	lines, ofMeetings := w.help(args)
	if len(lines) == 0 {
		return 0, usage(strings.Join(args, " "))
	}
	options := "cli.help.options"
	if !ofMeetings {
		options += ".plain"
	}
	w.say(options, nil)
	for _, l := range lines {
		fmt.Fprintln(w.Stdout, l)
	}
	return ExitOK, nil
}

// guideWord is what help is asked for that explains how a regulation is added.
const guideWord = "regulation"

// sayGuide explains how a regulation is added.
func (w *World) sayGuide() {
	fmt.Fprintln(w.Stdout, w.Words.T("head.guide", nil))
	for _, c := range w.Words.Guide(regulation.Usages()) {
		fmt.Fprintln(w.Stdout, "\n"+c.Heading)
		for _, text := range c.Text {
			for _, line := range wrap("  ", text) {
				fmt.Fprintln(w.Stdout, line)
			}
		}
	}
}
