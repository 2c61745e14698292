//go:build headless && !window

package main

import (
	"bytes"
	"crypto/rand"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/app/internal/cli"
	"heyi/assets"
	"heyi/review/meeting"
	"heyi/storage"
	"heyi/storage/datadir"
)

var everyStage = flag.Bool("stages", false, "hold the sample meeting of every stage")

// held are the stages whose sample meeting every test holds: of each regulation at least two
// that are unlike, and all that end in some way of their own. That the others compose,
// TestCompose of app/internal/cli sees to.
var held = []string{
	"mofcom.acceptance", "mofcom.annual_check", // tables and a title with 专家签名; answers alone
	"ndrc-2013.needs_review", "ndrc-2013.performance", // an item settled by the chair; three conclusions of the text
	"taiyuan-2013.initiation_review", "taiyuan-2013.performance", // a heading after one of the skeleton's; a band
	"wuhan.change_filing", "wuhan.post_evaluation", // no headings; a conclusion that nothing suggests
	"yueqing-2015.tender_review", "yueqing-2015.change_approval", // after revision; against a finding
}

// written are the stages of a meeting that stops a process of the program: demo.txtar holds
// them.
var written = []string{"yueqing-2015.technical_review", "yueqing-2015.acceptance"}

// TestStages holds sample meetings from the package to a filing folder that holds. Secrets
// are locked cheaply.
func TestStages(t *testing.T) {
	h := &house{}
	papers, err := h.paper()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := h.library()
	if err != nil {
		t.Fatal(err)
	}
	sentences, err := chinese()
	if err != nil {
		t.Fatal(err)
	}
	open := func(root, _ string) (*meeting.Services, io.Closer, error) {
		d, err := datadir.Open(root)
		if err != nil {
			return nil, nil, err
		}
		store := storage.Open(root)
		s := meeting.New(meeting.Config{
			Store: store, Papers: papers, Files: d, Packages: d, Rules: rules, Say: say, Folders: folders(), Now: time.Now, Random: rand.Reader, WorkFactor: 4,
		})
		return s, opened{Dir: d, store: store, services: s}, nil
	}
	for _, scheme := range rules.Schemes() {
		if !slices.Contains(held, scheme.ID) && (!*everyStage || slices.Contains(written, scheme.ID)) {
			continue
		}
		t.Run(scheme.ID, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "demo")
			var said bytes.Buffer
			w := &cli.World{
				Words: sentences, Now: time.Now, Stdout: &said, Stderr: &said, Confine: func() {}, Open: open, Rules: h.library,
				Read: datadir.ReadFile, OpenFile: datadir.OpenFile, Stat: os.Stat, Write: datadir.WriteOut, TakeBack: datadir.TakeBack,
				Sample: assets.Sample, Material: h.material, Regulation: h.regulation, Workbook: workbook,
			}
			of, id, _ := strings.Cut(scheme.ID, ".")
			if code := cli.Run(w, []string{"demo", "--out", out, "--regulation", of, "--stage", id}); code != cli.ExitOK {
				t.Fatalf("exit code %d:\n%s", code, said.String())
			}
			for _, m := range scheme.Materials {
				if strings.Contains(said.String(), m.Code+" "+m.Title+"：应当提供，没有提供") {
					t.Errorf("%s is due and not there", m.Code)
				}
			}
			v, err := h.verifyFiling(os.DirFS(filepath.Join(out, "filing")), nil)
			if err != nil || len(v.Findings) > 0 {
				t.Errorf("the filing folder does not hold: %v, %v", v.Findings, err)
			}
		})
	}
}
