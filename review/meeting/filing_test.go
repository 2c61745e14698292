package meeting_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"heyi/assets"
	"heyi/reports"
	"heyi/reports/sheet"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/filing"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
	"heyi/storage/datadir"
)

// press makes real papers.
var press = sync.OnceValue(func() *reports.Papers {
	p, err := reports.New(reports.Fonts{
		Song: assets.SerifRegular, Rare: assets.Rare, Title: assets.SerifBold, Hei: assets.SansRegular, Kai: assets.Kai,
	})
	if err != nil {
		panic(err)
	}
	return p
})

// workbook makes a workbook as main does.
func workbook(tables []filing.Table) ([]byte, error) {
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

// office is a hall whose papers are real and that writes filing folders into memory.
type office struct {
	*hall
	written map[string]bag.Tree
}

func newOffice(tb testing.TB) *office {
	o := &office{hall: newHall(tb), written: map[string]bag.Tree{}}
	o.Close()
	o.Services = meeting.New(o.config())
	return o
}

func (o *office) config() meeting.Config {
	return meeting.Config{
		Store: o.store, Papers: press(), Files: o.files, Packages: o.packages, Rules: o.library, Marks: o.marks, Now: o.clock.now,
		Random: rand.NewChaCha8([32]byte{9}), WorkFactor: 1,
		Say:     func(key string, args map[string]string) string { return key + args["item"] },
		Folders: meeting.Folders{Write: o.write, Workbook: workbook, Version: "0.1.0"},
	}
}

// write keeps a folder in memory.
func (o *office) write(path string, names []string, content func(string, io.Writer) error) error {
	if o.written[path] != nil {
		return review.E(review.CodeFileExists, "test", path, nil)
	}
	tree := bag.Tree{}
	for _, name := range names {
		var b bytes.Buffer
		if err := content(name, &b); err != nil {
			return err
		}
		tree[name] = b.Bytes()
	}
	o.written[path] = tree
	return nil
}

// scan is a picture.
func scan(tb testing.TB) []byte {
	tb.Helper()
	m := image.NewGray(image.Rect(0, 0, 20, 30))
	m.Set(3, 4, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func do(tb testing.TB, what string, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%s: %v", what, err)
	}
}

// held is a meeting on two projects before its filing: one of a package, with tables that were
// signed anew and in ink, and a conclusion that was taken back with a dissent on it and
// reached again; and one by hand that came to nothing.
func (o *office) held(t *testing.T) {
	t.Helper()
	id := o.scored(t, 80, asItIs)
	sec, chair := o.secretary(), o.Sessions[script.Chair]
	_, err := sec.AddProject(script.Project("网上办事大厅项目", 3))
	do(t, "project", err)
	do(t, "suspend", sec.Suspend(chair, "p02", "材料不全"))

	record := func(actual string) {
		do(t, "fulfilment", sec.RecordFulfilment(id,
			[]review.Term{{Requirement: "共享接口不少于40个", Actual: actual, Met: review.MetYes}},
			[]review.Change{{Number: "BG-01", Content: "增加4个接口", Reported: true}}))
	}
	signs := func(seats ...review.SeatID) {
		for _, seat := range seats {
			do(t, "sign "+string(seat), o.Sessions[seat].Sign(id, review.Look{}))
		}
	}
	record("38个")
	do(t, "tables", sec.CertifyTables(id, script.Member))
	if got := sec.State().Project(id).Signing().Software; got != "0.1.0" {
		t.Errorf("composed by version %q", got)
	}
	signs(script.Third)
	record("40个")
	do(t, "tables", sec.CertifyTables(id, script.Member))
	for _, q := range sec.State().Project(id).Signing().Papers {
		do(t, "scan", sec.LinkScan(chair, id, q.Check, "", scan(t), script.Member))
	}
	signs(script.Second, script.Third, script.Fourth, script.Chair)
	do(t, "close tables", sec.CloseTables(chair, id))

	votes := func(dissenter review.SeatID) {
		for _, seat := range []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth, script.Member} {
			choice, text := review.ChoiceAgree, ""
			if seat == dissenter {
				choice, text = review.ChoiceReserve, "安全投入不足，应当在实施前补充。"
			}
			do(t, "vote", o.Sessions[seat].Vote(id, choice, text, review.Look{}))
		}
	}
	do(t, "conclude", o.concludes(id, review.ConclusionReached{Outcome: "passed"}))
	votes(script.Second)
	do(t, "withdraw", sec.Withdraw(chair, id, "意见有补充"))
	do(t, "conclude again", o.concludes(id, review.ConclusionReached{Outcome: "passed"}))
	votes(script.Third)
	do(t, "signing", sec.BeginSigning(id))
	signs(script.Second, script.Third, script.Fourth, script.Member, script.Chair)
	do(t, "final", sec.Finalise(chair, id))
	do(t, "minutes", sec.Record("专家就数据共享提出问题。\n项目单位作了答复。"))
}

// filing issues the minutes and begins the filing.
func (o *office) filing(t *testing.T) {
	t.Helper()
	_, _, err := o.secretary().IssueMinutes()
	do(t, "minutes", err)
	do(t, "filing", o.secretary().BeginFiling(o.Sessions[script.Chair]))
}

// folders are what the office leaves, made once.
var folders = struct {
	sync.Once
	office *office
	tree   bag.Tree
	filed  meeting.Filed
}{}

// filedFolder gives the office and its folder; the caller changes a copy.
func filedFolder(t *testing.T) (*office, bag.Tree) {
	t.Helper()
	folders.Do(func() {
		o := newOffice(t)
		o.held(t)
		o.filing(t)
		var err error
		if folders.filed, err = o.secretary().Filing("out"); err != nil {
			t.Fatal(err)
		}
		folders.office, folders.tree = o, o.written["out"]
	})
	if folders.tree == nil {
		t.Fatal("there is no folder")
	}
	return folders.office, maps.Clone(folders.tree)
}

// TestFiling holds what the folder of a whole meeting has, and that it is the same each time.
func TestFiling(t *testing.T) {
	o, tree := filedFolder(t)
	const project = "电子档案/p01-政务数据共享平台升级改造项目/"
	want := []string{
		"说明文件.TXT", "文件目录.XML", "sha256sum.txt",
		project + "01-技术方案审查意见-第1号.pdf", project + "02-评分汇总表-第1号.pdf", project + "03-专家组成员名单及签字表-第1号.pdf",
		project + "04-履约情况表-第2号.pdf", project + "05-变更认可表-第2号.pdf",
		project + "06-履约情况表-第2号-亲笔签名扫描件.png", project + "07-变更认可表-第2号-亲笔签名扫描件.png",
		project + "08-个人评审意见-第1轮-龚䶮.pdf", project + "09-个人评审意见-第1轮-欧阳㛃.pdf",
		project + "10-个人评审意见-第1轮-黄𫖮.pdf", project + "11-个人评审意见-第1轮-章衡.pdf", project + "12-不同意见书-黄𫖮.pdf",
		"电子档案/01-评审会议记录-第1号.pdf",
		"其他/核验说明.TXT", "其他/检查点.TXT", "其他/数据/会议数据.json", "其他/数据/会议数据.xlsx",
		"其他/日志/journal.jsonl", "其他/日志/日志摘录.TXT", "其他/评审包/YQ-2026-017.rpk",
		"其他/证书/ca.pem", "其他/证书/归档-p01-2.pem", "其他/证书/归档-p01-3.pem", "其他/证书/签发单位-乐清市电子政务中心.pem",
		"其他/证书/席位-s01-吕蒙正.pem", "其他/证书/席位-s02-龚䶮.pem", "其他/证书/席位-s03-欧阳㛃.pem", "其他/证书/席位-s04-黄𫖮.pem",
		"其他/证书/席位-s05-章衡.pem", "其他/证书/席位-s06-毕昇.pem", "其他/证书/席位-s07-沈括.pem",
		"其他/作废文件/01-p01-履约情况表-第1号.pdf", "其他/作废文件/02-p01-变更认可表-第1号.pdf", "其他/作废文件/03-p01-不同意见书-欧阳㛃.pdf",
		"其他/作废文件/作废说明.TXT",
	}
	for _, p := range o.library.Packs() {
		if p.ID != regulation.Common && p.ID != "yueqing-2015" { // no project rests on it
			continue
		}
		for _, d := range p.Digests() {
			want = append(want, "其他/规则/规则-"+string(d[:12])+".yaml")
		}
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(tree)); !slices.Equal(got, want) {
		t.Errorf("the folder has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	state := o.secretary().State()
	for name, parts := range map[string][]string{
		"说明文件.TXT": {
			"会议名称：政务信息化项目评审会\r\n", "项目编号：YQDZ-2026-07\r\n", "评分：第 1 轮，计入 4 名专家的评分，得分 80.00\r\n", "结论：通过评审\r\n",
			"同意 4 人，附保留意见 1 人", "评审中止，原因为材料不全", "证书由本评审组自建，非依法设立的电子认证机构签发",
			"不保护国家秘密", "归档前自查表（参照DA/T 70-2018）", "lack.material预审意见", "另有作废文件 3 份",
		},
		"其他/作废文件/作废说明.TXT":    {"原因：履约情况另有更正\r\n", "原因：所针对的结论已经撤回\r\n"},
		"其他/日志/日志摘录.TXT":      {fmt.Sprintf("%d　2026-11-21 09:00:00　吕蒙正（s01）　event.filing.begun\r\n", state.Size-1)},
		"其他/检查点.TXT":          {folders.filed.Checkpoint + "\r\n", review.CheckCode(folders.filed.Checkpoint)},
		"其他/数据/会议数据.json":     {`"phase": "filing"`, `"official": "80.00"`, `"text": "安全投入不足，应当在实施前补充。"`},
		"其他/日志/journal.jsonl": {`{"event":{"v":1,"meeting":"` + string(o.ID) + `","index":0,`},
		"文件目录.XML":            {`<文件目录 版本="1">`, "<题名>技术方案审查意见</题名>", "<责任者>黄𫖮</责任者>", "<页数>6</页数>"},
	} {
		for _, part := range parts {
			if !bytes.Contains(tree[name], []byte(part)) {
				t.Errorf("%s does not say %q", name, part)
			}
		}
	}
	for _, seat := range state.Seats {
		file, err := o.store.Blob(o.ID, seat.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		for name, b := range tree {
			if bytes.Contains(b, file) {
				t.Errorf("%s has the private keys of %s", name, seat.ID)
			}
		}
	}
	if n := folders.filed.Files; n != len(tree) {
		t.Errorf("%d files are told", n)
	}

	_, err := o.secretary().Filing("out")
	reviewtest.WantCode(t, err, review.CodeFileExists)
	if _, err := o.secretary().Filing("again"); err != nil {
		t.Fatal(err)
	}
	again := o.written["again"]
	delete(o.written, "again")
	for name, b := range again {
		if !bytes.Equal(b, tree[name]) {
			t.Errorf("%s is another the second time", name)
		}
	}
	if state.Size != o.secretary().State().Size {
		t.Error("something was put on record")
	}
	v := meeting.VerifyFiling(tree, o.config(), nil)
	if len(v.Findings) > 0 || v.Title != state.Title || v.Entries != state.Size || v.Files != len(tree) ||
		v.Checkpoint != folders.filed.Checkpoint || v.Authority != review.DigestOf(state.Authority) || len(v.Unproven) > 0 {
		t.Errorf("told %+v", v)
	}
}

// TestFilingWhole holds that the folder of the script's meeting verifies: two projects by hand, of
// which one has two rounds, with a correction, refusals, a certificate that came later.
func TestFilingWhole(t *testing.T) {
	o := newOffice(t)
	acts := script.Whole(5)
	for _, a := range acts[:len(acts)-1] { // but the sealing
		o.hold(t, a)
	}
	if _, err := o.secretary().Filing("out"); err != nil {
		t.Fatal(err)
	}
	tree := o.written["out"]
	opinions := 0
	for name := range tree {
		if strings.Contains(name, "个人评审意见") {
			opinions++
		}
	}
	if want := 4 + 4 + 3; opinions != want {
		t.Errorf("%d individual opinions, want %d", opinions, want)
	}
	if found := meeting.VerifyFiling(tree, o.config(), nil).Findings; len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

// TestFilingAnnex holds that what comes once the papers are certified changes nothing of what they
// say: the dissent that they quote stays with them, and only what its author himself replaced
// before is void. A scan is no paper of this program, whatever its format.
func TestFilingAnnex(t *testing.T) {
	o := newOffice(t)
	id := o.scored(t, 80, asItIs)
	sec, chair := o.secretary(), o.Sessions[script.Chair]
	signs := func(seats ...review.SeatID) {
		for _, seat := range seats {
			do(t, "sign "+string(seat), o.Sessions[seat].Sign(id, review.Look{}))
		}
	}
	reserves := func(seat review.SeatID, text string) {
		do(t, "reserve", o.Sessions[seat].Vote(id, review.ChoiceReserve, text, review.Look{}))
	}
	do(t, "fulfilment", sec.RecordFulfilment(id, []review.Term{{Requirement: "接口", Actual: "40个", Met: review.MetYes}}, nil))
	do(t, "tables", sec.CertifyTables(id, script.Member))
	for _, q := range sec.State().Project(id).Signing().Papers {
		do(t, "scan", sec.LinkScan(chair, id, q.Check, "", []byte("%PDF-1.4\n%%EOF\n"), script.Member))
	}
	signs(script.Second, script.Third, script.Fourth, script.Chair)
	do(t, "close tables", sec.CloseTables(chair, id))
	do(t, "conclude", o.concludes(id, review.ConclusionReached{Outcome: "passed"}))
	reserves(script.Third, "安全投入不足。")
	reserves(script.Fourth, "工期偏紧。")
	for _, seat := range []review.SeatID{script.Chair, script.Second, script.Fourth, script.Member} {
		do(t, "vote", o.Sessions[seat].Vote(id, review.ChoiceAgree, "", review.Look{}))
	}
	do(t, "signing", sec.BeginSigning(id))
	signs(script.Second, script.Third, script.Fourth, script.Member, script.Chair)
	do(t, "final", sec.Finalise(chair, id))
	reserves(script.Second, "应当补充测试。")
	reserves(script.Third, "安全投入仍然不足。")
	do(t, "minutes", sec.Record("专家提出问题。"))
	o.filing(t)
	if _, err := sec.Filing("out"); err != nil {
		t.Fatal(err)
	}
	tree := o.written["out"]
	seat := func(id review.SeatID) string {
		x, _ := sec.State().Seat(id)
		return x.Name
	}
	var dissents []string
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if strings.Contains(name, "不同意见书") {
			dissents = append(dissents, name)
		}
	}
	want := []string{
		"其他/作废文件/01-不同意见书-" + seat(script.Fourth) + ".pdf", "电子档案/10-不同意见书-" + seat(script.Third) + ".pdf",
		"电子档案/11-不同意见书-" + seat(script.Second) + ".pdf", "电子档案/12-不同意见书-" + seat(script.Third) + ".pdf",
	}
	if !slices.Equal(dissents, want) {
		t.Errorf("the dissents are %q, want %q", dissents, want)
	}
	papers, scans := 0, 0
	for name := range tree {
		switch {
		case strings.Contains(name, "扫描件"):
			scans++
		case strings.HasSuffix(name, ".pdf"):
			papers++
		}
	}
	for name, parts := range map[string][]string{
		"说明文件.TXT": {
			"同意 4 人，附保留意见 1 人，不同意 0 人", "附件：定稿后提出的保留意见、不同意见 2 份，不计入表态",
			fmt.Sprintf("文件 %d 份的签名", papers), fmt.Sprintf("另有扫描件 %d 份", scans),
		},
		"其他/作废文件/作废说明.TXT": {"原因：由同一人后来的表态代替\r\n"},
	} {
		for _, part := range parts {
			if !bytes.Contains(tree[name], []byte(part)) {
				t.Errorf("%s does not say %q:\n%s", name, part, tree[name])
			}
		}
	}
	if v := meeting.VerifyFiling(tree, o.config(), nil); len(v.Findings)+len(v.Unproven) > 0 {
		t.Errorf("told %+v", v)
	}
}

// TestFilingRefused holds who may write a folder, and when.
func TestFilingRefused(t *testing.T) {
	o := newOffice(t)
	o.scored(t, 80, asItIs)
	_, err := o.secretary().Filing("out")
	reviewtest.WantCode(t, err, review.CodeActPhase)
	_, err = o.Sessions[script.Chair].Filing("out")
	reviewtest.WantCode(t, err, review.CodeActRole)

	o = newOffice(t)
	o.held(t)
	sec := o.secretary()
	do(t, "filing", sec.BeginFiling(o.Sessions[script.Chair]))
	_, err = sec.Filing("out")
	reviewtest.WantCode(t, err, review.CodeFilingLack)
	if review.ItemOf(err) != "1" {
		t.Errorf("%s lacks block", review.ItemOf(err))
	}
	if _, _, err := sec.IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	paper := sec.State().Project("p01").Sets[2].Papers[0].Latest()
	o.store.bad = paper
	_, err = sec.Filing("out")
	reviewtest.WantCode(t, err, review.CodeBlobAltered)
	o.store.mend()
	for _, p := range sec.State().Packages {
		if err := o.packages.DropPackage(o.ID, p.Package); err != nil {
			t.Fatal(err)
		}
	}
	_, err = sec.Filing("out")
	reviewtest.WantCode(t, err, review.CodePackageGone)
	if len(o.written) > 0 {
		t.Error("something was written")
	}
}

// TestFilingGuide follows 核验说明.TXT word for word, with the tools that it names.
func TestFilingGuide(t *testing.T) {
	o, tree := filedFolder(t)
	root := filepath.Join(t.TempDir(), "归档")
	names := slices.Sorted(maps.Keys(tree))
	do(t, "write", datadir.WriteFolder(root, names, func(name string, w io.Writer) error {
		_, err := w.Write(tree[name])
		return err
	}))
	var commands, said []string
	for line := range strings.Lines(string(tree["其他/核验说明.TXT"])) {
		if c, ok := strings.CutPrefix(line, "  $ "); ok {
			commands = append(commands, strings.TrimSuffix(c, "\r\n"))
		}
	}
	for _, c := range commands {
		cmd := exec.Command("bash", "-c", c)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c, err, out)
		}
		said = append(said, string(out))
	}
	state := o.secretary().State()
	certificates := len(state.Seats) + 2 // of two archives
	papers := 3 + 2 + 4 + 1 + 1
	signatures := 3*(1+5+1) + 2*(1+4+1) + 4 + 1 + 1 // sets with their officers and archives; opinions, a dissent, minutes
	for i, want := range []struct {
		part string
		n    int
	}{
		{"", 1}, {": OK\n", len(tree) - 1}, {"\n", 0},
		{string(review.DigestOf(state.Authority)), 1}, {strings.ReplaceAll(seal.FingerprintOf(state.Authority).String(), " ", ""), 1},
		{"", 1}, {": OK\n", certificates},
		{"", 1}, {"Signature is Valid.", signatures}, {"No syntax or stream encoding errors", papers},
		{string(state.Packages[0].Package), 1}, {folders.filed.Checkpoint + "\n", 1}, {"\n0 ", 0},
	} {
		if got := strings.Count(said[i], want.part); got != want.n {
			t.Errorf("%s\nsays %q %d times, want %d:\n%s", commands[i], want.part, got, want.n, said[i])
		}
	}
	if trusted := strings.Count(said[8], "Certificate is Trusted."); trusted != signatures {
		t.Errorf("%d of %d certificates are trusted", trusted, signatures)
	}
	if whole := strings.Count(said[8], "Total document signed"); whole < papers {
		t.Errorf("%d of %d papers are covered", whole, papers)
	}
	if !strings.Contains(said[10], "CMS Verification successful") {
		t.Errorf("the package: %s", said[10])
	}
	if found := meeting.VerifyFiling(os.DirFS(root), o.config(), nil).Findings; len(found) > 0 {
		t.Errorf("on the disk: found %v", found)
	}
}
