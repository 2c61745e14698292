//go:build window

package main

import (
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/storage"
)

// What the secretary types, as pinyin, and what the input method makes of it.
const (
	passphrase = "Ping-Shen 2026"
	sentence   = "你好专家组统一"
	unrecorded = "我们统一"
)

// TestThread is one secretary's morning: she creates a meeting, records a
// sentence, loses power with another one unrecorded, finds it again, issues the
// paper, and goes home.
func TestThread(t *testing.T) {
	d := newDesktop(t, "1366x768")
	data := filepath.Join(d.home, "meetings of today")

	p := d.start("--data", data)
	p.create()
	p.confirm()
	made := d.stored(data, "the meeting", func(m stored) bool { return m.state.Phase == review.PhaseRunning })
	if got := made.state.Title + "/" + made.state.Seats[0].Name; got != "评审会议/张三" {
		t.Errorf("title and secretary %q", got)
	}

	p.minutes()
	d.pinyin(true)
	for _, line := range []string{
		"n i h a p BackSpace o space",          // a slip, mended in mid-composition
		"z h u a n Left Right j i a z u Tab 1", // caret and Tab are the composition's, not the field's
		"BackSpace",                            // and this is the field's
		"z u space",
		"t o n g y i space",
		"n i Escape", // a composition thrown away
	} {
		d.keys(strings.Fields(line)...)
	}
	d.stored(data, "the draft", func(m stored) bool { return len(m.drafts) == 1 })
	d.picture("minutes-typing")
	p.primary()
	d.stored(data, "the record", func(m stored) bool { return len(m.state.Minutes) == 1 && len(m.drafts) == 0 })

	d.compose("women", "tongyi")
	d.settled(data)
	p.kill()

	// Another language of the system changes nothing of what is shown and typed.
	d.env = append(d.env, "LANG=de_DE.UTF-8", "LC_ALL=C.UTF-8")
	p = d.start("--data", data)
	p.enlarge()
	d.waitFor("the text size in its file", func() bool {
		look, _ := os.ReadFile(filepath.Join(data, "look.json"))
		return string(look) == `{"version":1,"text":1,"contrast":false}`
	})
	p.enter(passphrase)
	d.picture("minutes-restored")
	if m := d.read(data); len(m.drafts) != 1 || len(m.state.Minutes) != 1 {
		t.Errorf("after the power cut: %d drafts, %d paragraphs; want 1 and 1", len(m.drafts), len(m.state.Minutes))
	}
	p.primary()
	m := d.stored(data, "the restored text", func(m stored) bool { return len(m.state.Minutes) == 2 })
	if m.state.Minutes[0].Text != sentence || m.state.Minutes[1].Text != unrecorded {
		t.Errorf("recorded %q and %q, want %q and %q", m.state.Minutes[0].Text, m.state.Minutes[1].Text, sentence, unrecorded)
	}

	_, said, code := output(t, d.env, "--data", data)
	if code != 1 || !strings.Contains(said, "（datadir.locked）") {
		t.Errorf("a second start ends with %d and says %q", code, said)
	}

	p.papers()
	p.primary()
	m = d.stored(data, "the paper", func(m stored) bool { return len(m.state.Papers) == 1 })
	var files []string
	d.waitFor("the paper's file", func() bool {
		files, _ = filepath.Glob(filepath.Join(data, "papers", "*", "*.pdf"))
		return len(files) == 1
	})
	d.picture("papers-issued")
	p.close()
	if own, err := filepath.Glob(filepath.Join(data, "fyne", "*", "*", "*", "preferences.json")); err != nil || len(own) > 0 {
		t.Errorf("Fyne keeps preferences of its own: %v, %v", own, err)
	}
	d.checkPaper(files[0], m.state.Authority)

	out, said, code := output(t, d.env, "verify", "--json", "--ca", d.home+"/ca.pem", data, files[0])
	if code != 0 || said != "" {
		t.Errorf("verify ends with %d and says %q %q", code, out, said)
	}
	var verdict struct{ Results []struct{ Valid bool } }
	if err := json.Unmarshal([]byte(out), &verdict); err != nil || len(verdict.Results) != 2 || !verdict.Results[0].Valid || !verdict.Results[1].Valid {
		t.Errorf("verify gives %s (%v)", out, err)
	}
}

// TestNoDisplay starts the window's build where no window can be had.
func TestNoDisplay(t *testing.T) {
	home := t.TempDir()
	for name, display := range map[string][]string{"none": nil, "dead": {"DISPLAY=:4095"}} {
		data := filepath.Join(home, name)
		out, said, code := output(t, append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}, display...), "--data", data)
		if code != 3 || out != "" || !strings.Contains(said, "（display.missing）") {
			t.Errorf("display %s: exit code %d, %q, %q", name, code, out, said)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("display %s: a data directory was made", name)
		}
	}
}

// create goes from the list of meetings through the form of a new one.
func (p *program) create() {
	p.t.Helper()
	p.at("会议列表")
	p.primary()
	p.at("新建会议")
	p.compose("pingshen", "huiyi")
	p.keys("Tab")
	p.compose("zhangsan")
	p.keys("Return")
	p.latin(passphrase)
	p.keys("Return")
	p.latin(passphrase)
	p.picture("new")
	p.primary()
	p.at("四位数字")
	p.latin(quick)
	p.keys("Return")
	p.latin(quick)
	p.at("评审项目")
}

// quick are the digits by which the secretary comes back.
const quick = "2468"

// confirm has the secretary confirm a panel that is nobody but her.
func (p *program) confirm() {
	p.t.Helper()
	p.rail("专家组", 1)
	p.keys("Tab", "Tab", "Return")
	p.at("确认专家组")
	p.primary()
	p.at("评审项目")
}

// rail goes to a place so many stops below the present one.
func (p *program) rail(place string, down int) {
	p.t.Helper()
	p.region(2)
	for range down {
		p.keys("Down")
	}
	p.keys("Return")
	p.at(place)
}

// minutes goes from the projects to the minutes.
func (p *program) minutes() {
	p.t.Helper()
	p.rail("会议记录", 2)
}

// enlarge chooses the second text size, by way of the rail, and comes back to the list
// of meetings.
func (p *program) enlarge() {
	p.t.Helper()
	p.at("会议列表")
	p.region(2)
	p.keys("Down", "Down", "Down", "Down", "Return")
	p.at("显示")
	p.keys("Down", "Return")
	p.keys("Escape")
}

// enter goes from the list of meetings, which has one, to its minutes.
func (p *program) enter(passphrase string) {
	p.t.Helper()
	p.at("会议列表")
	p.keys("Return")
	p.at("会议看板")
	p.primary()
	p.at("登录")
	p.latin(passphrase)
	p.primary()
	p.at("四位数字")
	p.latin(quick)
	p.keys("Return")
	p.latin(quick)
	p.at("评审项目")
	p.minutes()
}

// papers goes from the minutes to the papers, by way of the rail.
func (p *program) papers() {
	p.t.Helper()
	p.rail("文件", 1)
}

// stored is what a data directory holds of its one meeting.
type stored struct {
	state  *review.State
	drafts []journal.Draft
}

// read reads a data directory that a running program has locked: from a copy.
// It is empty while there is no meeting.
func (d *desktop) read(data string) stored {
	d.t.Helper()
	var m stored
	d.waitFor("a whole copy of the database", func() bool {
		m = stored{state: &review.State{}}
		files, err := filepath.Glob(filepath.Join(data, "meetings", "*", "heyi.db*"))
		if err != nil || len(files) == 0 {
			return err == nil
		}
		dir, err := os.MkdirTemp(d.home, "copy-")
		if err != nil {
			d.t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		id := review.MeetingID(filepath.Base(filepath.Dir(files[0])))
		if err := os.CopyFS(filepath.Join(dir, "meetings", string(id)), os.DirFS(filepath.Dir(files[0]))); err != nil {
			return false
		}
		s := storage.OpenReadOnly(dir)
		defer s.Close()
		rec, err := s.Load(id)
		if err != nil {
			return false // copied in the middle of a transaction
		}
		m.drafts = rec.Drafts
		m.state, _, err = journal.Replay(rec.Entries)
		return err == nil
	})
	return m
}

// stored waits until the database shows something.
func (d *desktop) stored(data, what string, ok func(stored) bool) stored {
	d.t.Helper()
	var m stored
	d.waitFor(what+" in the database", func() bool { m = d.read(data); return ok(m) })
	return m
}

// settled waits until the one draft is there and has not changed for longer
// than the program may take to write it.
func (d *desktop) settled(data string) {
	d.t.Helper()
	var version int64
	since := time.Now()
	d.stored(data, "a draft at rest", func(m stored) bool {
		if len(m.drafts) != 1 || m.drafts[0].Version != version {
			if len(m.drafts) == 1 {
				version = m.drafts[0].Version
			}
			since = time.Now()
			return false
		}
		return time.Since(since) > time.Second
	})
}

// checkPaper asks other people's tools what they make of a paper.
func (d *desktop) checkPaper(file string, authority []byte) {
	d.t.Helper()
	nss := filepath.Join(d.home, "nss")
	if err := os.Mkdir(nss, 0o700); err != nil {
		d.t.Fatal(err)
	}
	d.write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority})))
	d.must("certutil", "-N", "-d", "sql:"+nss, "--empty-password")
	d.must("certutil", "-A", "-d", "sql:"+nss, "-n", "panel", "-t", "C,C,C", "-i", d.home+"/ca.pem")
	verdict := d.must("pdfsig", "-nssdir", "sql:"+nss, file)
	for _, want := range []string{"Signature is Valid.", "Certificate is Trusted.", "Total document signed"} {
		if !strings.Contains(verdict, want) {
			d.t.Errorf("pdfsig does not say %q:\n%s", want, verdict)
		}
	}
	d.must("qpdf", "--check", file)
	text := strings.Join(strings.Fields(d.must("pdftotext", "-enc", "UTF-8", file, "-")), "")
	for _, want := range []string{sentence, unrecorded} {
		if !strings.Contains(text, want) {
			d.t.Errorf("pdftotext does not find %q in\n%s", want, text)
		}
	}
	d.must("pdftoppm", "-png", "-r", "80", file, filepath.Join(picturesDir(d), "minutes"))
}
