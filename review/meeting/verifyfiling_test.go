package meeting_test

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

var (
	inCatalogue = regexp.MustCompile(`(?s)    <文件>\n.*?    </文件>\n`)
	pathIn      = regexp.MustCompile(`<文件名>(.*?)</文件名>`)
	factsIn     = regexp.MustCompile(`<大小>.*?</大小>\n      <SHA-256>.*?</SHA-256>`)
	ordinalIn   = regexp.MustCompile(`<序号>.*?</序号>`)
)

// relist makes the two lists of a folder agree with what is in it now, as somebody would who
// changes it with care.
func relist(tree bag.Tree) {
	const catalogue, sums = "文件目录.XML", "sha256sum.txt"
	xml := string(tree[catalogue])
	var blocks, lines []string
	listed := map[string]bool{catalogue: true, sums: true}
	line := func(name string) { lines = append(lines, fmt.Sprintf("%s  %s\n", review.DigestOf(tree[name]), name)) }
	add := func(block, name string) {
		b := tree[name]
		block = factsIn.ReplaceAllString(block, fmt.Sprintf("<大小>%d</大小>\n      <SHA-256>%s</SHA-256>", len(b), review.DigestOf(b)))
		block = ordinalIn.ReplaceAllString(block, "<序号>"+strconv.Itoa(len(blocks)+1)+"</序号>")
		blocks, listed[name] = append(blocks, block), true
		line(name)
	}
	all := inCatalogue.FindAllString(xml, -1)
	for _, block := range all {
		if name := pathIn.FindStringSubmatch(block)[1]; tree[name] != nil {
			add(block, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if !listed[name] {
			add(pathIn.ReplaceAllString(all[0], "<文件名>"+name+"</文件名>"), name)
		}
	}
	head, _, _ := strings.Cut(xml, "    <文件>\n")
	tree[catalogue] = []byte(head + strings.Join(blocks, "") + "  </卷内目录>\n</文件目录>\n")
	tree[sums] = []byte(fmt.Sprintf("%s  %s\n", review.DigestOf(tree[catalogue]), catalogue) + strings.Join(lines, ""))
}

// checkpointOf gives the checkpoint of a journal as it lies in a folder.
func checkpointOf(lines []byte) string {
	var entries []journal.Entry
	for line := range bytes.Lines(lines) {
		line := bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(`{"event":`)), []byte("\"}\n"))
		const mid = `,"signature":"`
		i := bytes.LastIndex(line, []byte(mid)) // statements in events have one, too
		raw, err := hex.DecodeString(string(line[i+len(mid):]))
		if err != nil {
			panic(fmt.Sprintf("%s: %v", line, err))
		}
		entries = append(entries, journal.Entry{Event: line[:i], Signature: raw})
	}
	_, tree, err := journal.Replay(entries)
	if err != nil {
		panic(err)
	}
	return tree.Checkpoint().String()
}

// The files that are altered.
const (
	filedProject = "电子档案/p01-政务数据共享平台升级改造项目/"
	filedOpinion = filedProject + "01-技术方案审查意见-第1号.pdf"
	filedTally   = filedProject + "02-评分汇总表-第1号.pdf"
	filedOwn     = filedProject + "09-个人评审意见-第1轮-欧阳㛃.pdf"
	filedOther   = filedProject + "10-个人评审意见-第1轮-黄𫖮.pdf"
	filedScan    = filedProject + "06-履约情况表-第2号-亲笔签名扫描件.png"
	filedDissent = filedProject + "12-不同意见书-黄𫖮.pdf"
	filedMinutes = "电子档案/01-评审会议记录-第1号.pdf"
	filedVoid    = "其他/作废文件/01-p01-履约情况表-第1号.pdf"
	filedJournal = "其他/日志/journal.jsonl"
	filedData    = "其他/数据/会议数据.json"
	filedPackage = "其他/评审包/YQ-2026-017.rpk"
	filedReadme  = "说明文件.TXT"
	filedXML     = "文件目录.XML"
	filedSums    = "sha256sum.txt"
)

// TestVerifyFiling holds that whatever is done to a folder is found, also where the lists in
// it were made anew.
func TestVerifyFiling(t *testing.T) {
	o, _ := filedFolder(t)
	another := newOffice(t) // the same meeting held once more, by the same people with other keys
	another.held(t)
	another.filing(t)
	if _, err := another.secretary().Filing("out"); err != nil {
		t.Fatal(err)
	}
	theirs := another.written["out"]
	if found := meeting.VerifyFiling(theirs, another.config(), nil).Findings; len(found) > 0 {
		t.Fatal(found)
	}

	edit := func(name, old, new string) func(bag.Tree) {
		return func(f bag.Tree) {
			if !bytes.Contains(f[name], []byte(old)) {
				panic(name + " does not say " + old)
			}
			f[name] = bytes.Replace(bytes.Clone(f[name]), []byte(old), []byte(new), 1)
		}
	}
	flip := func(name string) func(bag.Tree) {
		return func(f bag.Tree) {
			f[name] = bytes.Clone(f[name])
			f[name][len(f[name])/2] ^= 1
		}
	}
	remove := func(name string) func(bag.Tree) { return func(f bag.Tree) { delete(f, name) } }
	swap := func(a, b string) func(bag.Tree) { return func(f bag.Tree) { f[a], f[b] = f[b], f[a] } }
	take := func(name string) func(bag.Tree) {
		return func(f bag.Tree) {
			if theirs[name] == nil {
				panic("the other folder has no " + name)
			}
			f[name] = theirs[name]
		}
	}
	both := func(list ...func(bag.Tree)) func(bag.Tree) {
		return func(f bag.Tree) {
			for _, do := range list {
				do(f)
			}
		}
	}
	cut := func(f bag.Tree) {
		lines := bytes.SplitAfter(f[filedJournal], []byte("\n"))
		f[filedJournal] = bytes.Join(lines[:len(lines)-2], nil) // the last is empty
	}
	recount := func(f bag.Tree) { // what names the checkpoint names the new one
		old, now := folders.filed.Checkpoint, checkpointOf(f[filedJournal])
		for _, name := range []string{filedXML, filedReadme, filedData, "其他/检查点.TXT"} {
			f[name] = bytes.ReplaceAll(f[name], []byte(old), []byte(now))
		}
	}
	repack := func(change func(head, project map[string]any), by *seal.Issuer) func(bag.Tree) {
		return func(f bag.Tree) {
			var b bytes.Buffer
			if _, err := bag.BuildDir(&b, source(t, change), by, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			f[filedPackage] = b.Bytes()
		}
	}
	foreign, err := seal.NewIssuer("另一家单位", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name   string
		do     func(bag.Tree)
		listed bool // the lists are made anew
		code   review.Code
		entry  string
	}{
		{"a file swapped for another", swap(filedOwn, filedOther), false, review.CodeFilingAltered, filedOwn},
		{"a file removed", remove(filedDissent), false, review.CodeFilingMissing, filedDissent},
		{"a file added", swap("电子档案/补充意见.pdf", "电子档案/没有.pdf"), false, review.CodeFilingExtra, "电子档案/补充意见.pdf"},
		{"a byte changed", flip(filedOpinion), false, review.CodeFilingAltered, filedOpinion},
		{"a digest changed", edit(filedSums, "0", "1"), false, review.CodeFilingAltered, ""},
		{"a line of the catalogue changed", edit(filedXML, "<责任者>黄𫖮", "<责任者>章衡"), false, review.CodeFilingAltered, filedXML},
		{"no catalogue", remove(filedXML), false, review.CodeFilingForm, filedXML},
		{"no list of digests", remove(filedSums), false, review.CodeFilingForm, filedSums},

		{"papers swapped, listed", swap(filedOwn, filedOther), true, review.CodeFilingDiffers, filedOwn},
		{"a paper removed, listed", remove(filedDissent), true, review.CodeFilingMissing, filedDissent},
		{"the opinion removed, listed", remove(filedOpinion), true, review.CodeFilingMissing, filedOpinion},
		{"minutes removed, listed", remove(filedMinutes), true, review.CodeFilingMissing, filedMinutes},
		{"a scan removed, listed", remove(filedScan), true, review.CodeFilingMissing, filedScan},
		{"a void paper removed, listed", remove(filedVoid), true, review.CodeFilingMissing, filedVoid},
		{"a paper added, listed", swap("电子档案/补充意见.pdf", "电子档案/没有.pdf"), true, review.CodeFilingExtra, "电子档案/补充意见.pdf"},
		{"a byte of a paper changed, listed", flip(filedOpinion), true, review.CodeFilingDiffers, filedOpinion},
		{"a paper with an appended revision, listed", func(f bag.Tree) {
			f[filedOpinion] = append(bytes.Clone(f[filedOpinion]), "\n1 0 obj\n<< >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 >>\nstartxref\n0\n%%EOF\n"...)
		}, true, review.CodeFilingDiffers, filedOpinion},
		{"a paper as it was before the last signature, listed", func(f bag.Tree) {
			i := bytes.LastIndex(bytes.TrimSuffix(f[filedTally], []byte("%%EOF\n")), []byte("%%EOF\n"))
			f[filedTally] = f[filedTally][:i+len("%%EOF\n")]
		}, true, review.CodeFilingDiffers, filedTally},
		{"a void paper in the place of the one that counts, listed", func(f bag.Tree) { f[filedProject+"04-履约情况表-第2号.pdf"] = f[filedVoid] }, true,
			review.CodeFilingDiffers, filedProject + "04-履约情况表-第2号.pdf"},
		{"a paper of another meeting, listed", take(filedOpinion), true, review.CodeFilingDiffers, filedOpinion},
		{"an individual opinion of another meeting, listed", take(filedOwn), true, review.CodeFilingDiffers, filedOwn},
		{"the journal of another meeting, listed", take(filedJournal), true, review.CodeJournalRoot, ""},
		{"the journal of another meeting with its checkpoint, listed", both(take(filedJournal), recount), true, review.CodeFilingDiffers, filedOpinion},
		{"the journal cut, listed", cut, true, review.CodeJournalRoot, ""},
		{"the journal cut with its checkpoint, listed", both(cut, cut, cut, recount), true, review.CodeFilingExtra, filedMinutes},
		{"an entry edited, listed", edit(filedJournal, "龚", "龙"), true, review.CodeJournalEntry, "1"},
		{"a line of the journal that is none, listed", edit(filedJournal, `","index":1,`, `", "index":1,`), true, review.CodeJournalEntry, "1"},
		{"a signature in capitals, listed", func(f bag.Tree) {
			i := bytes.Index(f[filedJournal], []byte(`"signature":"`)) + len(`"signature":"`)
			b := bytes.Clone(f[filedJournal])
			copy(b[i:], bytes.ToUpper(b[i:i+40]))
			f[filedJournal] = b
		}, true, review.CodeFilingForm, filedJournal},
		{"no journal, listed", remove(filedJournal), true, review.CodeFilingMissing, filedJournal},
		{"the checkpoint edited, listed", edit(filedXML, "<检查点>v1 ", "<检查点>v1 1"), true, review.CodeJournalRoot, ""},
		{"data edited, listed", edit(filedData, `"official": "80.00"`, `"official": "90.00"`), true, review.CodeFilingDiffers, filedData},
		{"no data, listed", remove(filedData), true, review.CodeFilingMissing, filedData},
		{"the workbook of another, listed", take("其他/数据/会议数据.xlsx"), true, review.CodeFilingDiffers, "其他/数据/会议数据.xlsx"},
		{"the workbook broken, listed", flip("其他/数据/会议数据.xlsx"), true, review.CodeFilingDiffers, "其他/数据/会议数据.xlsx"},
		{"说明文件 edited, listed", edit(filedReadme, "结论：通过评审", "结论：不予通过"), true, review.CodeFilingDiffers, filedReadme},
		{"核验说明 edited, listed", edit("其他/核验说明.TXT", "sha256sum -c", "true"), true, review.CodeFilingDiffers, "其他/核验说明.TXT"},
		{"摘录 edited, listed", edit("其他/日志/日志摘录.TXT", "吕蒙正", "寇准"), true, review.CodeFilingDiffers, "其他/日志/日志摘录.TXT"},
		{"检查点 edited, listed", edit("其他/检查点.TXT", "v1 ", "v1 1"), true, review.CodeFilingDiffers, "其他/检查点.TXT"},
		{"a reason edited, listed", edit("其他/作废文件/作废说明.TXT", "另有更正", "没有更正"), true, review.CodeFilingDiffers, "其他/作废文件/作废说明.TXT"},
		{"the authority of another, listed", take("其他/证书/ca.pem"), true, review.CodeFilingDiffers, "其他/证书/ca.pem"},
		{"certificates swapped, listed", swap("其他/证书/席位-s03-欧阳㛃.pem", "其他/证书/席位-s04-黄𫖮.pem"), true, review.CodeFilingDiffers, "其他/证书/席位-s03-欧阳㛃.pem"},
		{"the archive's certificate removed, listed", remove("其他/证书/归档-p01-2.pem"), true, review.CodeFilingMissing, "其他/证书/归档-p01-2.pem"},
		{"a byte of the package changed, listed", flip(filedPackage), true, review.CodePackageGone, "YQ-2026-017"},
		{"another package, listed", repack(func(_, p map[string]any) { p["title"] = "另一个项目" }, issuer()), true, review.CodePackageGone, "YQ-2026-017"},
		{"the package signed by another, listed", repack(func(h, p map[string]any) {}, foreign), true, review.CodePackageGone, "YQ-2026-017"},
		{"no package, listed", remove(filedPackage), true, review.CodePackageGone, "YQ-2026-017"},
		{"the catalogue edited, listed", edit(filedXML, "<责任者>黄𫖮", "<责任者>章衡"), true, review.CodeFilingDiffers, filedXML},
		{"the meeting's name edited, listed", edit(filedXML, "<会议名称>", "<会议名称>新"), true, review.CodeFilingDiffers, filedXML},
		{"the catalogue in another order, listed", func(f bag.Tree) {
			b := inCatalogue.FindAllString(string(f[filedXML]), 3)
			f[filedXML] = []byte(strings.Replace(string(f[filedXML]), b[1]+b[2], b[2]+b[1], 1))
		}, true, review.CodeFilingDiffers, filedXML},
		{"a later version, listed", edit(filedXML, `版本="1"`, `版本="2"`), true, review.CodeFilingNewer, "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := maps.Clone(folders.tree)
			f["电子档案/没有.pdf"] = folders.tree[filedDissent] // only where a case puts it elsewhere
			c.do(f)
			delete(f, "电子档案/没有.pdf")
			maps.DeleteFunc(f, func(_ string, b []byte) bool { return b == nil })
			if c.listed {
				relist(f)
			}
			v := meeting.VerifyFiling(f, o.config(), nil)
			i := slices.IndexFunc(v.Findings, func(x review.Finding) bool {
				return x.Code == c.code && (c.entry == "" || x.Entry == c.entry)
			})
			if i < 0 {
				t.Fatalf("found %v, not %s %s", v.Findings, c.code, c.entry)
			}
			reviewtest.WantCode(t, review.E(v.Findings[i].Code, "", "", nil), c.code)
		})
	}
	t.Run("nothing, listed", func(t *testing.T) {
		f := maps.Clone(folders.tree)
		relist(f)
		for name, b := range f {
			if !bytes.Equal(b, folders.tree[name]) {
				t.Errorf("%s is another: the lists are not made as they were", name)
			}
		}
	})
}

// TestVerifyFilingForged holds that a record that no service would have made, though it is signed
// by the very chair and secretary, is found out by the folder alone.
func TestVerifyFilingForged(t *testing.T) {
	folder := func(o *office) bag.Tree {
		f, err := o.FolderOf(o.ID)
		do(t, "folder", err)
		do(t, "write", o.write("out", f.Names(), f.Write))
		return o.written["out"]
	}
	want := func(o *office, code review.Code, entry string) {
		t.Helper()
		found := slices.DeleteFunc(meeting.VerifyFiling(folder(o), o.config(), nil).Findings, func(x review.Finding) bool {
			return x.Code == review.CodeFilingEarly || x.Code == review.CodeFilingLack // nobody has begun the filing
		})
		if !slices.Equal(found, []review.Finding{{Code: code, Entry: entry}}) {
			t.Errorf("found %v, want %s %s", found, code, entry)
		}
	}
	o := newOffice(t)
	id := o.scored(t, 50, asItIs)
	do(t, "forge", o.forge(t, script.Chair, o.identity(t, script.Chair), review.ConclusionReached{
		Project: id, Outcome: "passed", Suggested: "passed", Opinion: 1,
	}))
	want(o, review.CodeConclusionDiffers, "p01")

	// A dissent on a paper that his author has not signed.
	o = newOffice(t)
	id = o.scored(t, 80, asItIs)
	do(t, "conclude", o.concludes(id, review.ConclusionReached{Outcome: "passed"}))
	p := o.secretary().State().Project(id)
	sheet := []byte("%PDF-1.7\n")
	vote, err := journal.State(review.Statement{
		Version: review.StatementVersion, Kind: review.StatementVote, Meeting: o.ID, Package: p.Package, Scheme: p.SchemeDigest, Project: id,
		Seat: script.Second, Revision: 1, At: o.clock.now(),
		Body: review.VoteBody{Conclusion: p.Conclusion.Digest, Choice: review.ChoiceDisagree, Text: "不同意。", Paper: review.DigestOf(sheet)},
	}, o.identity(t, script.Second))
	do(t, "state", err)
	do(t, "forge", o.forge(t, script.Second, o.identity(t, script.Second), review.VoteCast{Vote: vote}, sheet))
	want(o, review.CodePDFForm, "p01-dissent-s03")

	o = newOffice(t)
	o.trusts(t)
	o.panel(t)
	file := packed(t, asItIs)
	in, err := o.Preview(bytes.NewReader(file), int64(len(file)))
	do(t, "preview", err)
	o.lay(t, in.Digest(), file)
	y := in.Projects[0]
	blobs := [][]byte{y.Record}
	for _, p := range builtIn().Packs() {
		blobs = append(blobs, p.Files()...)
	}
	who := o.identity(t, script.Secretary)
	do(t, "forge", o.forge(t, script.Secretary, who, in.Record()))
	do(t, "forge", o.forge(t, script.Secretary, who, review.ProjectAdded{
		Project: "p01", Title: y.Title, Package: in.Digest(), Scheme: y.Scheme, Units: y.Units, Facts: y.FactList(), Quorum: 1,
		Entry: y.ID, Record: review.DigestOf(y.Record), Documents: y.Documents,
	}, blobs...))
	want(o, review.CodeProjectDiffers, "p01")
}

// TestVerifyFilingVersions holds what is told of a folder that says that another version made it:
// texts for people may be other, and are then named, and nothing else may. Nobody has signed
// which version it was.
func TestVerifyFilingVersions(t *testing.T) {
	o, _ := filedFolder(t)
	const (
		workbook = "其他/数据/会议数据.xlsx"
		table    = filedProject + "04-履约情况表-第2号.pdf"
		hidden   = "其他/作废文件/04-p01-不同意见书-黄𫖮.pdf"
	)
	edit := func(name, old, new string) func(bag.Tree) {
		return func(f bag.Tree) {
			if !bytes.Contains(f[name], []byte(old)) {
				panic(name + " does not say " + old)
			}
			f[name] = bytes.Replace(f[name], []byte(old), []byte(new), 1)
		}
	}
	put := func(name, text string) func(bag.Tree) { return func(f bag.Tree) { f[name] = []byte(text) } }
	move := func(from, to string) func(bag.Tree) {
		return func(f bag.Tree) {
			f[to] = f[from]
			delete(f, from)
			edit(filedXML, "<文件名>"+from+"<", "<文件名>"+to+"<")(f)
		}
	}
	finding := func(code review.Code, entry string) review.Finding { return review.Finding{Code: code, Entry: entry} }
	readme := edit(filedReadme, "“合议”0.1.0 版", "“合议”0.9.0 版")
	for name, c := range map[string]struct {
		do       []func(bag.Tree)
		findings []review.Finding
		unproven []string // where nothing is found
	}{
		"nothing but the version":  {[]func(bag.Tree){readme}, nil, nil},
		"the version in one place": {nil, nil, []string{filedReadme}},
		"texts for people":         {[]func(bag.Tree){put(filedReadme, "改过"), put(workbook, "改过")}, nil, []string{filedReadme, workbook}},
		"a title in the catalogue": {[]func(bag.Tree){readme, edit(filedXML, "<题名>不同意见书<", "<题名>补充意见<")}, nil, []string{filedXML}},
		"an author":                {[]func(bag.Tree){readme, edit(filedXML, "<责任者>黄𫖮<", "<责任者>章衡<")}, nil, []string{filedXML}},
		"other names":              {[]func(bag.Tree){readme, move(filedDissent, filedProject+"12-附件.pdf")}, nil, []string{filedXML}},
		"a dissent hidden":         {[]func(bag.Tree){readme, move(filedDissent, hidden)}, []review.Finding{finding(review.CodeFilingMissing, filedDissent), finding(review.CodeFilingExtra, hidden)}, nil},
		"a void paper that counts": {[]func(bag.Tree){readme, func(f bag.Tree) { f[table], f[filedVoid] = f[filedVoid], f[table] }}, []review.Finding{finding(review.CodeFilingDiffers, table), finding(review.CodeFilingDiffers, filedVoid)}, nil},
		"a paper for another":      {[]func(bag.Tree){readme, func(f bag.Tree) { f[filedOwn] = f[filedOther] }}, []review.Finding{finding(review.CodeFilingDiffers, filedOwn)}, nil},
		"a paper twice":            {[]func(bag.Tree){readme, func(f bag.Tree) { f["电子档案/02.pdf"] = f[filedTally] }}, []review.Finding{finding(review.CodeFilingExtra, "电子档案/02.pdf")}, nil},
		"a paper added":            {[]func(bag.Tree){readme, put("电子档案/02.pdf", "改过")}, []review.Finding{finding(review.CodeFilingExtra, "电子档案/02.pdf")}, nil},
		"a paper that goes on":     {[]func(bag.Tree){readme, func(f bag.Tree) { f[filedOpinion] = append(bytes.Clone(f[filedOpinion]), '\n') }}, []review.Finding{finding(review.CodeFilingDiffers, filedOpinion)}, nil},
		"data":                     {[]func(bag.Tree){readme, edit(filedData, `"official": "80.00"`, `"official": "90.00"`)}, []review.Finding{finding(review.CodeFilingDiffers, filedData)}, nil},
		"the name of the meeting":  {[]func(bag.Tree){readme, edit(filedXML, "<会议名称>", "<会议名称>新")}, []review.Finding{finding(review.CodeFilingDiffers, filedXML)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := maps.Clone(folders.tree)
			edit(filedXML, "<软件版本>0.1.0<", "<软件版本>0.9.0<")(f)
			for _, do := range c.do {
				do(f)
			}
			relist(f)
			v := meeting.VerifyFiling(f, o.config(), nil)
			for _, x := range c.findings {
				if !slices.Contains(v.Findings, x) {
					t.Errorf("found %v, not %v", v.Findings, x)
				}
			}
			if len(c.findings) == 0 && (len(v.Findings) > 0 || !slices.Equal(v.Unproven, c.unproven)) {
				t.Errorf("found %v, unproven are %q, want %q", v.Findings, v.Unproven, c.unproven)
			}
			if v.Version != "0.9.0" {
				t.Errorf("of version %s", v.Version)
			}
		})
	}
}

// TestVerifyFilingCause holds that what keeps the record from being told again is named, and not
// only the files that differ for it.
func TestVerifyFilingCause(t *testing.T) {
	o, tree := filedFolder(t)
	pack := o.secretary().State().Project("p01").Scheme.Packs[0]
	delete(tree, "其他/规则/规则-"+string(pack[:12])+".yaml")
	relist(tree)
	want := review.Finding{Code: review.CodeBlobMissing, Entry: string(pack)}
	if v := meeting.VerifyFiling(tree, o.config(), nil); !slices.Contains(v.Findings, want) {
		t.Errorf("found %v, not %v", v.Findings, want)
	}
}

// crowded is a PDF that has as many ends as its length lets it have.
func crowded(size int) []byte {
	return append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("%%EOF\n"), size/6)...)
}

// TestVerifyFilingBeginning holds that a paper as it was before a signature is found by its digest,
// in a time that grows as the file does: by the square of it, this file would take hours.
func TestVerifyFilingBeginning(t *testing.T) {
	pdf := crowded(4 << 20)
	for _, n := range []int{14, 15, len(pdf) / 2, len(pdf) - 6, len(pdf)} {
		n -= n % 6 // to an end of line
		n += 3
		want := pdf[:min(n, len(pdf))]
		if got, ok := meeting.Beginning(pdf, review.DigestOf(want)); !ok || !bytes.Equal(got, want) {
			t.Errorf("up to %d: found %d bytes, %v", len(want), len(got), ok)
		}
	}
	for _, none := range [][]byte{nil, pdf[:9], pdf[:13], []byte("another")} {
		if got, ok := meeting.Beginning(pdf, review.DigestOf(none)); ok {
			t.Errorf("%q is found in %d bytes", none, len(got))
		}
	}
}

func BenchmarkBeginning(b *testing.B) {
	pdf := crowded(1 << 20)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		meeting.Beginning(pdf, review.DigestOf(nil))
	}
}

// TestVerifyFilingOthers holds what is told of a folder that is not this panel's.
func TestVerifyFilingOthers(t *testing.T) {
	o, _ := filedFolder(t)
	panel, err := x509.ParseCertificate(o.secretary().State().Authority)
	do(t, "certificate", err)
	stranger, err := seal.NewAuthority("另一场会议", o.clock.now())
	do(t, "authority", err)
	other, err := x509.ParseCertificate(stranger.Certificate())
	do(t, "certificate", err)
	for name, c := range map[string]struct {
		anchors []*x509.Certificate
		want    review.Code
	}{
		"the panel's":           {[]*x509.Certificate{panel}, ""},
		"the panel's among two": {[]*x509.Certificate{other, panel}, ""},
		"another's":             {[]*x509.Certificate{other}, review.CodeChain},
	} {
		var err error
		if v := meeting.VerifyFiling(folders.tree, o.config(), c.anchors); len(v.Findings) > 0 {
			err = review.E(v.Findings[0].Code, name, v.Findings[0].Entry, nil)
		}
		reviewtest.WantCode(t, err, c.want)
	}
}

// TestVerifyFilingCut holds that a folder of the beginning of a journal does not verify: its
// checkpoint is as good as any, and all else agrees with it.
func TestVerifyFilingCut(t *testing.T) {
	o, _ := filedFolder(t)
	for _, n := range []int{1, 2, 5, 20} {
		f, err := o.FolderBefore(o.ID, n)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("cut ", n)
		do(t, name, o.write(name, f.Names(), f.Write))
		v := meeting.VerifyFiling(o.written[name], o.config(), nil)
		i := slices.IndexFunc(v.Findings, func(x review.Finding) bool { return x.Code == review.CodeFilingEarly })
		if i < 0 {
			t.Fatalf("without the last %d entries: %v", n, v.Findings)
		}
		reviewtest.WantCode(t, review.E(v.Findings[i].Code, "", "", nil), review.CodeFilingEarly)
	}
}
