// Command heyi is the program: a window, and a command line on the same
// services. This package wires the parts together and decides nothing.
package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"heyi/app/internal/cli"
	"heyi/app/internal/platform"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/reports"
	"heyi/reports/sheet"
	"heyi/review"
	"heyi/review/filing"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/storage"
	"heyi/storage/datadir"
)

// children are the first arguments by which the program starts itself as something
// else, each with what it then does with its second.
var children = map[string]func(dir string) error{
	platform.LauncherWord: func(root string) error { return platform.Serve(os.Stdin, os.Stdout, root) },
}

func main() {
	if len(os.Args) == 3 && children[os.Args[1]] != nil {
		if err := children[os.Args[1]](os.Args[2]); err != nil {
			os.Exit(cli.ExitNo)
		}
		return
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out a command line and gives its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	w, err := catalogue(os.Getenv("HEYI_LANG"))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return cli.ExitNo
	}
	h := &house{}
	return cli.Run(&cli.World{
		Words:        w,
		Version:      Version,
		Build:        runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH,
		Stdin:        os.Stdin,
		Now:          time.Now,
		Stdout:       stdout,
		Stderr:       stderr,
		Confine:      h.confine,
		DataDir:      dataDir,
		Backup:       os.Getenv(cli.BackupVariable),
		Open:         h.open,
		OpenReadOnly: h.openReadOnly,
		VerifyPaper:  h.verifyPaper,
		VerifyFiling: h.verifyFiling,
		Stat:         os.Stat,
		Read:         datadir.ReadFile,
		OpenFile:     datadir.OpenFile,
		Dir:          openDir,
		Write:        datadir.WriteOut,
		WriteBy:      datadir.WriteOutBy,
		TakeBack:     datadir.TakeBack,
		Trust:        datadir.TrustOf,
		Rules:        h.library,
		Secret:       func(prompt string) (string, error) { return platform.AskSecret(os.Stdin, stderr, prompt) },
		Machine:      h.machine,
		Window: func(root, backup string, measure bool) int {
			return window(h, w, root, backup, measure, stderr)
		},
		Sample:     assets.Sample,
		Material:   h.material,
		Regulation: h.regulation,
		Workbook:   workbook,
		Child:      child,
	}, args)
}

// catalogue loads the sentences: Chinese, whatever the system's language, with
// English over it where an auditor asks for it.
func catalogue(language string) (*words.Catalogue, error) {
	if language == "en" {
		return words.Load(assets.Words, "words/zh.json", "words/en.json")
	}
	return words.Load(assets.Words, "words/zh.json")
}

// openDir opens a directory whose links lead nowhere outside.
func openDir(path string) (fs.FS, io.Closer, error) {
	// With the separator nothing but a directory is opened: a pipe would be waited for.
	root, err := os.OpenRoot(path + string(os.PathSeparator))
	if err != nil {
		return nil, nil, err
	}
	return root.FS(), root, nil
}

func dataDir(flag string) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", review.E(review.CodeDirFailed, "main.dataDir", "", err)
	}
	return datadir.Resolve(flag, exe, os.Getenv)
}

// house holds what the wiring makes once.
type house struct {
	confineErr error
	papers     *reports.Papers
	rules      *regulation.Library
}

// confine closes the network to this process. A system that cannot is not
// refused; selfcheck says so.
func (h *house) confine() { _, h.confineErr = platform.Confine() }

// paper gives the maker of papers.
func (h *house) paper() (*reports.Papers, error) {
	if h.papers != nil {
		return h.papers, nil
	}
	p, err := reports.New(reports.Fonts{
		Song: assets.SerifRegular, Rare: assets.Rare, Title: assets.SerifBold, Hei: assets.SansRegular, Kai: assets.Kai,
	})
	h.papers = p
	return p, err
}

// library gives the built-in packs.
func (h *house) library() (*regulation.Library, error) {
	if h.rules != nil {
		return h.rules, nil
	}
	entries, err := fs.ReadDir(assets.Packs, "packs")
	if err != nil {
		return nil, review.E(review.CodeInternal, "main.house.library", "packs", err)
	}
	var files [][]byte
	for _, e := range entries {
		b, err := fs.ReadFile(assets.Packs, "packs/"+e.Name())
		if err != nil {
			return nil, review.E(review.CodeInternal, "main.house.library", e.Name(), err)
		}
		files = append(files, b)
	}
	h.rules, err = regulation.Open(files...)
	return h.rules, err
}

// place is where the services find files and packages.
type place interface {
	meeting.Files
	meeting.Packages
}

func (h *house) services(store meeting.Store, at place) (*meeting.Services, error) {
	p, err := h.paper()
	if err != nil {
		return nil, err
	}
	rules, err := h.library()
	if err != nil {
		return nil, err
	}
	return meeting.New(meeting.Config{
		Store: store, Papers: p, Files: at, Packages: at, Rules: rules, Say: say, Folders: folders(),
		Marks: marks(), Now: time.Now, Random: rand.Reader,
	}), nil
}

// folders gives what filing folders are made with.
func folders() meeting.Folders {
	return meeting.Folders{Write: datadir.WriteFolder, Workbook: filedTables, Version: Version}
}

// filedTables makes the workbook of a filing folder.
func filedTables(tables []filing.Table) ([]byte, error) {
	kinds := map[filing.Kind]sheet.Kind{filing.Text: sheet.Text, filing.Integer: sheet.Integer, filing.Decimal: sheet.Money}
	var out []sheet.Table
	for _, t := range tables {
		u := sheet.Table{Name: t.Name, Rows: t.Rows}
		for _, c := range t.Columns {
			u.Columns = append(u.Columns, sheet.Column{Title: c.Title, Kind: kinds[c.Kind]})
		}
		out = append(out, u)
	}
	return sheet.Write(out)
}

// verifyFiling verifies a filing folder.
func (h *house) verifyFiling(dir fs.FS, anchors []*x509.Certificate) (meeting.FilingVerdict, error) {
	p, err := h.paper()
	if err != nil {
		return meeting.FilingVerdict{}, err
	}
	rules, err := h.library()
	if err != nil {
		return meeting.FilingVerdict{}, err
	}
	return meeting.VerifyFiling(dir, meeting.Config{Papers: p, Rules: rules, Say: say, Folders: folders(), Now: time.Now}, anchors), nil
}

// say gives the sentence for a line of a calculation, as papers print it: in Chinese,
// whatever the person reads on the screen.
func say(key string, args map[string]string) string {
	c, err := chinese()
	if err != nil {
		return key // the catalogue is part of the program: TestWords
	}
	return c.T(key, args)
}

// chinese is the catalogue of what papers say.
var chinese = sync.OnceValues(func() (*words.Catalogue, error) { return words.Load(assets.Words, "words/zh.json") })

// material sets a document of the sample.
func (h *house) material(source string, m review.Material) ([]byte, error) {
	p, err := h.paper()
	if err != nil {
		return nil, err
	}
	return p.Material(source, m)
}

// regulation sets the text of a regulation that the program carries.
func (h *house) regulation(file string, at time.Time) ([]byte, error) {
	const op = "main.house.regulation"
	dir, err := fs.Sub(assets.Sample, "sample/regulations")
	if err != nil {
		return nil, review.E(review.CodeInternal, op, file, err)
	}
	list, err := reports.Regulations(dir, at)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if r.File == file {
			return h.material(r.Source, r.Material)
		}
	}
	return nil, review.E(review.CodeInternal, op, file, nil)
}

// workbook makes a workbook of tables as the sample has them.
func workbook(tables []byte) ([]byte, error) {
	var in struct {
		Tables []struct {
			Name    string
			Columns []struct{ Title, Kind string }
			Rows    [][]string
		}
	}
	if err := json.Unmarshal(tables, &in); err != nil {
		return nil, review.E(review.CodeInternal, "main.workbook", "", err)
	}
	kinds := map[string]sheet.Kind{"text": sheet.Text, "integer": sheet.Integer, "money": sheet.Money}
	var out []sheet.Table
	for _, t := range in.Tables {
		u := sheet.Table{Name: t.Name, Rows: t.Rows}
		for _, c := range t.Columns {
			u.Columns = append(u.Columns, sheet.Column{Title: c.Title, Kind: kinds[c.Kind]})
		}
		out = append(out, u)
	}
	return sheet.Write(out)
}

// child starts another process of this program.
func child(args ...string) (cli.Child, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, review.E(review.CodeOpenFailed, "main.child", "", err)
	}
	return platform.StartChild(exe, args...)
}

func (h *house) verifyPaper(pdf []byte, anchors []*x509.Certificate) (review.PaperVerdict, error) {
	p, err := h.paper()
	if err != nil {
		return review.PaperVerdict{}, err
	}
	return p.Verify(pdf, anchors), nil
}

// marks gives the user's marks, or none for who has no directory of his own.
func marks() meeting.Marks {
	if m, err := datadir.NewMarks(os.Getenv); err == nil {
		return m
	}
	return nil
}

// opened is an opened data directory.
type opened struct {
	*datadir.Dir
	store    *storage.Store
	services *meeting.Services
}

// Close lets copies under way be finished, closes the databases and gives the
// directory free.
func (o opened) Close() error {
	if o.services != nil {
		o.services.Close()
	}
	return errors.Join(o.store.Close(), o.Dir.Close())
}

func (h *house) open(root, backup string) (*meeting.Services, io.Closer, error) {
	s, o, err := h.openDir(root, backup)
	if err != nil {
		return nil, nil, err
	}
	return s, o, nil
}

func (h *house) openDir(root, backup string) (*meeting.Services, opened, error) {
	dir, err := datadir.Open(root)
	if err != nil {
		return nil, opened{}, err
	}
	o := opened{Dir: dir, store: storage.Open(root, places(backup)...)}
	if o.services, err = h.services(o.store, dir); err != nil {
		return nil, opened{}, errors.Join(err, o.Close())
	}
	return o.services, o, nil
}

// places gives the further places for copies: the one that the user named, if any.
func places(backup string) []string {
	if backup == "" {
		return nil
	}
	return []string{backup}
}

// unwritten is a data directory that is only read.
type unwritten string

// Root is as in meeting.Files.
func (u unwritten) Root() string { return string(u) }

// Export refuses.
func (u unwritten) Export(review.MeetingID, string, []byte) (string, error) {
	return "", review.E(review.CodeDirReadOnly, "main.unwritten.Export", string(u), nil)
}

// Exported is as in meeting.Files.
func (u unwritten) Exported(id review.MeetingID, name string) ([]byte, error) {
	return datadir.Exported(string(u), id, name)
}

// StagePackage refuses.
func (u unwritten) StagePackage(review.MeetingID, io.Reader) (meeting.Staged, error) {
	return nil, review.E(review.CodeDirReadOnly, "main.unwritten.StagePackage", string(u), nil)
}

// Package is as in meeting.Packages.
func (u unwritten) Package(id review.MeetingID, d review.Digest) (meeting.Kept, error) {
	return datadir.Package(string(u), id, d)
}

// Packages is as in meeting.Packages.
func (u unwritten) Packages(id review.MeetingID) ([]review.Digest, error) {
	return datadir.Packages(string(u), id)
}

// DropPackage refuses.
func (u unwritten) DropPackage(review.MeetingID, review.Digest) error {
	return review.E(review.CodeDirReadOnly, "main.unwritten.DropPackage", string(u), nil)
}

// Trust is as in meeting.Packages.
func (u unwritten) Trust() ([]byte, error) { return datadir.TrustOf(string(u)) }

// SetTrust refuses.
func (u unwritten) SetTrust([]byte) error {
	return review.E(review.CodeDirReadOnly, "main.unwritten.SetTrust", string(u), nil)
}

// openReadOnly opens a data directory for reading alone.
func (h *house) openReadOnly(root, backup string) (*meeting.Services, io.Closer, error) {
	if err := datadir.Check(root); err != nil {
		return nil, nil, err
	}
	store := storage.OpenReadOnly(root, places(backup)...)
	s, err := h.services(store, unwritten(root))
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return s, store, nil
}

// machine makes the checks of this machine that no service makes.
func (h *house) machine() []meeting.Check {
	network := meeting.Check{Key: "network", Err: h.confineErr, Note: "network.open"}
	if platform.NetworkDenied() {
		network.Note = "network.filtered"
	}
	display := meeting.Check{Key: "display", Note: "display.found"}
	if platform.CheckDisplay(os.Getenv) != nil {
		display.Note = "display.none"
	}
	zone, _ := time.Now().Zone()
	return []meeting.Check{network, display, {Key: "clock", Note: time.Now().Format("2006-01-02 15:04:05 ") + zone}}
}
