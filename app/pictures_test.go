//go:build window && pictures

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"heyi/assets"
)

// TestPictures goes through every screen on the smallest and on an ordinary
// screen, at the smallest and at the largest text size, and keeps pictures of
// them in HEYI_PICTURES. People look at them; nothing is asserted.
func TestPictures(t *testing.T) {
	for _, size := range []string{"900x500", "1366x768"} {
		for _, text := range []int{0, 2} {
			t.Run(fmt.Sprintf("%s-text%d", size, text), func(t *testing.T) { pictures(t, size, text) })
		}
	}
}

// pictures photographs the sample meeting, with text at one of three sizes.
func pictures(t *testing.T, size string, text int) {
	var sample struct{ Passphrase string }
	raw, err := fs.ReadFile(assets.Sample, "sample/meeting.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	d := newDesktop(t, size)
	out := filepath.Join(d.home, "demo")
	if said, errs, code := output(t, d.env, "demo", "--out", out); code != 0 {
		t.Fatalf("demo: %s%s", said, errs)
	}
	p := d.start("--data", filepath.Join(out, "data"))
	keep := func(name string) {
		p.keys() // the pause of a hand, so that the page is drawn
		d.picture(fmt.Sprintf("%s-text%d-%s", size, text, name))
	}

	p.at("会议列表")
	p.region(2)
	p.keys("Down", "Down", "Return")
	p.at("显示")
	for range text {
		p.keys("Down")
	}
	p.keys("Return")
	keep("display")
	p.keys("F1")
	p.at("帮助")
	keep("help")
	p.keys("Escape")
	p.at("显示")
	p.keys("Escape")
	p.at("会议列表")
	keep("meetings")
	p.primary()
	p.at("新建会议")
	keep("new")
	p.primary()
	keep("new-error")
	p.keys("Escape")
	p.enter(sample.Passphrase)
	keep("minutes")
	p.papers()
	p.primary()
	d.waitFor("the paper's file", func() bool {
		files, err := filepath.Glob(filepath.Join(out, "data", "papers", "*", "*.pdf"))
		return err == nil && len(files) > 0
	})
	keep("papers")
	p.close()

	files, err := filepath.Glob(filepath.Join(out, "papers", "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no paper: %v", err)
	}
	for _, f := range files {
		d.must("pdftoppm", "-png", "-r", "80", f, filepath.Join(picturesDir(d), strings.TrimSuffix(filepath.Base(f), ".pdf")))
	}
}
