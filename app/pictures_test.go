//go:build window && pictures

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// pictures photographs the sample meeting at four moments, with text at one of three sizes.
func pictures(t *testing.T, size string, text int) {
	d := newDesktop(t, size)
	for _, until := range []string{"score", "open", "sign", ""} {
		out := filepath.Join(d.home, "demo-"+until)
		args := []string{"demo", "--out", out}
		if until != "" {
			args = append(args, "--until", until)
		}
		if said, errs, code := output(t, d.env, args...); code != 0 {
			t.Fatalf("demo: %s%s", said, errs)
		}
		look := fmt.Sprintf(`{"version":1,"text":%d,"contrast":false}`, text)
		if err := os.WriteFile(filepath.Join(out, "data", "look.json"), []byte(look), 0o600); err != nil {
			t.Fatal(err)
		}
		a := album{d.start("--data", filepath.Join(out, "data")), fmt.Sprintf("%s-text%d-", size, text), codesIn(t, out)}
		switch until {
		case "score":
			a.score()
		case "open":
			a.open()
		case "sign":
			a.sign()
		default:
			a.filed()
		}
		a.close()
		if until != "" {
			continue
		}
		files, err := filepath.Glob(filepath.Join(out, "papers", "*.pdf"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no paper: %v", err)
		}
		for _, f := range files {
			d.must("pdftoppm", "-png", "-r", "80", f, filepath.Join(picturesDir(d), strings.TrimSuffix(filepath.Base(f), ".pdf")))
		}
	}
}

// codesIn gives the codes of those who sit in the sample meeting, in the order of seats; the
// secretary's passphrase alone of one that was held to its end.
func codesIn(t *testing.T, out string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(out, "codes.txt"))
	if os.IsNotExist(err) {
		var sample struct{ Passphrase string }
		raw, err := fs.ReadFile(assets.Sample, "sample/meeting.json")
		if err == nil {
			err = json.Unmarshal(raw, &sample)
		}
		if err != nil {
			t.Fatal(err)
		}
		return []string{sample.Passphrase}
	}
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for line := range strings.Lines(string(raw)) {
		codes = append(codes, strings.Split(strings.TrimSpace(line), "\t")[2])
	}
	return codes
}

// album is a program whose pages are photographed.
type album struct {
	*program
	prefix string
	codes  []string
}

// keep photographs the page.
func (a album) keep(name string) {
	a.t.Helper()
	a.keys() // the pause of a hand, so that the page is drawn
	a.picture(a.prefix + name)
}

// turn presses keys and photographs the page that they lead to.
func (a album) turn(place, name string, keys ...string) {
	a.t.Helper()
	a.keys(keys...)
	a.at(place)
	a.keep(name)
}

// to goes to a place so many stops below the present one, or above it.
func (a album) to(place, name string, by int) {
	a.t.Helper()
	a.region(2)
	key := "Down"
	if by < 0 {
		key, by = "Up", -by
	}
	a.turn(place, name, append(slices.Repeat([]string{key}, by), "Return")...)
}

// come brings the person of a seat, counted from 0, from the board to the machine.
func (a album) come(seat int) {
	a.t.Helper()
	a.at("会议看板")
	a.keys("ctrl+Home")
	a.keys(append(slices.Repeat([]string{"Down"}, seat+1), "Return")...)
	a.at("登录")
	a.latin(a.codes[seat])
	a.primary()
	a.at("四位数字")
	a.latin(quick)
	a.keys("Return")
	a.latin(quick)
	a.at("评审项目")
}

// score is the meeting before anybody has scored.
func (a album) score() {
	a.at("会议列表")
	a.keep("meetings")
	a.turn("帮助", "help", "F1")
	a.turn("会议列表", "meetings-again", "Escape")
	a.turn("新建会议", "new", "ctrl+Return")
	a.turn("新建会议", "new-error", "ctrl+Return")
	a.to("制度依据", "rules", 1)
	a.regulations()
	a.to("自检", "check", 1)
	a.to("显示", "display", 1)
	a.turn("会议列表", "meetings-last", "Escape")
	a.turn("会议看板", "board", "Return")
	a.turn("登录", "unlock", "Return")
	a.turn("会议看板", "board-again", "Escape")
	a.come(0)
	a.keep("projects")
	a.turn("项目", "project", "Return")
	a.turn("项目情况", "about", "Down", "Return")
	a.to("专家组", "panel", 1)
	a.turn("人员", "person", "Down", "Down", "Return")
	a.to("会议记录", "minutes", 1)
	a.to("文件", "papers", 1)
	a.to("归档", "filing-running", 1)
	a.to("会议日志", "journal", 1)
	a.to("评审项目", "projects-again", -5)
	a.region(3)
	a.turn("会议看板", "board-back", "Tab", "Return")
	a.come(2)
	a.turn("评分表", "sheet-empty", "ctrl+Return")
	a.keys("8", "Return", "1", "2", "Return")
	a.keep("sheet")
	a.turn("核对提交", "submit", "ctrl+Return")
}

// regulations goes through what the program says of the regulations, from the list of them and
// back to it.
func (a album) regulations() {
	a.turn("制度", "regulation", "Return")
	a.turn("条文", "text", "Tab", "Return")
	a.turn("条文", "article", "Tab", "Return")
	a.turn("条文", "text-again", "Escape")
	a.turn("制度", "regulation-again", "Escape")
	a.turn("制度", "regulation-rules", "Down", "Return")
	a.turn("规则", "rule", "Return")
	a.turn("制度", "regulation-rules-again", "Escape")
	a.turn("制度", "regulation-last", "Escape")
	a.turn("制度", "gaps", "Down", "Return")
	a.turn("制度", "gaps-again", "Escape")
	a.keys("Down", "Down", "Down", "Down")
	a.keep("course")
	a.turn("制度依据", "rules-again", "Escape")
	a.keys("ctrl+f")
	a.at("检索")
	a.latin("200")
	a.turn("检索", "lookup", "Return")
	a.turn("制度依据", "rules-last", "Escape")
	a.keys("Down", "Down", "Down", "Down", "Down", "Down")
	a.turn("对照表", "compare", "Return")
	a.turn("对照表", "stage", "Right", "Right", "Return")
	a.turn("对照表", "compare-again", "Escape")
	a.turn("制度依据", "rules-end", "Escape")
}

// open is the meeting after its last opening.
func (a album) open() {
	a.at("会议列表")
	a.keys("Return")
	a.come(0)
	a.keys("Return")
	a.at("项目")
	a.turn("评分汇总", "tally", "Down", "Down", "Down", "Return")
	a.keys("Escape")
	a.at("项目")
	a.turn("专家组意见", "opinion", "Down", "Down", "Down", "Down", "Return")
	a.turn("专家组意见", "opinion-wide", "F8")
}

// sign is the meeting before anybody has signed.
func (a album) sign() {
	a.at("会议列表")
	a.keys("Return")
	a.come(2)
	a.turn("签署", "sign", "ctrl+Return")
	a.turn("文件预览", "preview", "Return")
}

// filed is the meeting at its end.
func (a album) filed() {
	a.at("会议列表")
	a.keys("Return")
	a.come(0)
	a.to("文件", "papers-filed", 3)
	a.to("归档", "filing", 1)
}
