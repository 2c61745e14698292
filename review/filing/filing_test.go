package filing

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"heyi/review"
	"heyi/review/reviewtest"
)

var update = flag.Bool("update", false, "write testdata/folder-v1.zip anew: only while version 1 has not landed")

var (
	noon   = time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("", 8*3600))
	scheme = review.Scheme{ID: "sample", Title: "技术方案评审", Items: []review.Item{
		{ID: "i1", Title: "建设必要性", Kind: review.ItemScore, Full: "10", Step: "0.5"}, {ID: "g1", Title: "信息共享", Kind: review.ItemGate},
	}, Outcomes: []review.Outcome{{ID: "passed", Title: "通过"}, {ID: "not_passed", Title: "不通过", Fails: true}}}
)

// sample is what a small meeting leaves: one project, two experts, a void paper.
func sample() Source {
	sheet := func(mark, gate string) *review.Sheet {
		return &review.Sheet{Marks: []review.Mark{{Item: "i1", Value: mark, Reason: "理由"}, {Item: "g1", Value: gate}}, Opinion: []string{"可行。"}, Outcome: "passed"}
	}
	opened := noon.Add(-time.Hour)
	d := &Data{
		Version: DataVersion,
		Meeting: Meeting{
			ID: "abcdefghijklmnopqrstuvwxyz", Title: "政务信息化项目评审会", Drill: true, Created: noon.Add(-2 * time.Hour), Phase: review.PhaseFiling,
			Chair: "s02", Entries: 2, Until: noon, Checkpoint: "v1 2 " + strings.Repeat("ab", 32), Authority: review.DigestOf([]byte("ca")),
		},
		Seats: []Seat{
			{ID: "s01", Name: "吕蒙正", Roles: []review.Role{review.RoleSecretary}},
			{ID: "s02", Name: "龚䶮", Unit: "省信息中心", Roles: []review.Role{review.RoleExpert}},
			{ID: "s03", Name: "=1+1", Unit: "理工大学", Roles: []review.Role{review.RoleExpert}},
		},
		Projects: []Project{{
			ID: "p01", Title: "政务数据共享平台", Code: "YQ-07", Place: "三号会议室", Time: "2026年11月21日", Scheme: scheme, Quorum: 2, Stage: review.StageFinal, Chair: "s02",
			Rounds: []Round{{Number: 1, Begun: opened, Opened: &opened, Ballots: []Ballot{
				{Seat: "s02", Revision: 1, At: opened, Counts: true, Sheet: sheet("8.5", review.AnswerYes)},
				{Seat: "s03", Revision: 1, At: opened, Why: "本人要求", Sheet: sheet("1", review.AnswerNo)},
				{Seat: "s03", Revision: 2, At: opened, Counts: true, Sheet: sheet("7", review.AnswerAbstain)},
			}, Result: &Result{
				Official: "77.50", Mean: "77.50", Median: "77.50", Suggested: "passed",
				Experts: []ExpertTotal{{"s02", "85.00"}, {"s03", "70.00"}},
				Items:   []ItemResult{{Item: "i1", Mean: "7.75", Percent: "77.50"}, {Item: "g1", Yes: 1, Abstain: 1}},
			}}, {Number: 2, Begun: noon}},
			Conclusion: &Conclusion{Digest: "c1", Outcome: "passed", Title: "通过", By: "s02", At: noon},
			Votes: []Vote{
				{Seat: "s03", Revision: 1, Conclusion: "c0", Choice: review.ChoiceDisagree, At: noon},
				{Seat: "s03", Revision: 2, Conclusion: "c1", Choice: review.ChoiceReserve, Text: "应补充安全投入。", At: noon},
				{Seat: "s02", Revision: 1, Conclusion: "c1", Choice: review.ChoiceAgree, At: noon},
				{Seat: "s02", Revision: 2, Conclusion: "c1", Choice: review.ChoiceReserve, Text: "工期偏紧。", Annex: true, At: noon},
			},
		}},
	}
	pdf := func(text string) Content { return Bytes([]byte("%PDF-1.7\n" + text + "\n%%EOF\n")) }
	return Source{
		Software: "0.1.0", Data: d, Authority: "0000 1111", Log: []string{"0　建立会议", "1　转入归档"},
		Entries: []Entry{{[]byte(`{"v":1,"index":0,"body":{"signature":"00"}}`), []byte{1, 2}}, {[]byte(`{"v":1,"index":1}`), []byte{3}}},
		Documents: []Document{
			{Place: PlacePapers, Name: "专家组评审意见-第1号", Ext: ".pdf", Number: "专家组意见〔ABCDEFGH〕第1号", Author: "评审专家组", Title: "专家组评审意见", At: noon, Pages: 2, Secrecy: "工作秘密", Format: "PDF", Content: pdf("意见")},
			{Place: PlaceVoid, Name: "评分汇总表-第1号", Ext: ".pdf", Title: "评分汇总表", At: noon, Format: "PDF", Reason: "结论已撤回", Content: pdf("旧表")},
			{Place: PlacePapers, Name: "不同意见书-=1+1", Ext: ".pdf", Author: "=1+1", Title: "不同意见书", At: noon, Format: "PDF", Content: pdf("不同")},
			{Place: PlaceCertificates, Name: "ca", Ext: ".pem", Title: "评审组证书", Format: "PEM", Content: Bytes([]byte("-----\n"))},
			{Place: PlaceCertificates, Name: "CA", Ext: ".pem", Title: "另一张", Format: "PEM", Content: Bytes([]byte("=====\n"))},
			{Place: PlacePackages, Name: "con", Ext: ".rpk", Title: "评审包 <&>", Format: "RPK", Content: Bytes([]byte("PK"))},
			{Place: PlaceRules, Name: "规则-1", Ext: ".yaml", Title: "规则", Format: "YAML", Content: Bytes(nil)},
		},
		Checks: []Check{{"签名", "符合"}}, Lacks: []string{"没有会议记录。"},
		Workbook: func(list []Table) ([]byte, error) {
			var b bytes.Buffer
			for _, t := range list {
				b.WriteString("# " + t.Name + "\n")
				for _, c := range t.Columns {
					b.WriteString(c.Title + "|")
				}
				for _, row := range t.Rows {
					b.WriteString("\n" + strings.Join(row, "|"))
					if len(row) != len(t.Columns) {
						return nil, errors.New(t.Name + ": a row has not as many cells as the table has columns")
					}
				}
				b.WriteString("\n")
			}
			return b.Bytes(), nil
		},
	}
}

func build(tb testing.TB, s Source) *Folder {
	tb.Helper()
	f, err := Build(s)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// content gives a folder as files.
func content(tb testing.TB, f *Folder) fstest.MapFS {
	tb.Helper()
	out := fstest.MapFS{}
	for _, name := range f.Names() {
		var b bytes.Buffer
		if err := f.Write(name, &b); err != nil {
			tb.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: b.Bytes(), Mode: 0o600}
	}
	return out
}

// opens fails unless a folder holds.
func opens(tb testing.TB, fsys fs.FS) *Opened {
	tb.Helper()
	o, findings := Open(fsys)
	if len(findings) > 0 || o == nil {
		tb.Fatalf("found %v", findings)
	}
	return o
}

func TestBuild(t *testing.T) {
	f := build(t, sample())
	files := content(t, f)
	want := []string{
		"sha256sum.txt", "其他/作废文件/01-评分汇总表-第1号.pdf", "其他/作废文件/作废说明.TXT", "其他/数据/会议数据.json", "其他/数据/会议数据.xlsx",
		"其他/日志/journal.jsonl", "其他/日志/日志摘录.TXT", "其他/核验说明.TXT", "其他/检查点.TXT", "其他/规则/规则-1.yaml",
		"其他/证书/CA-2.pem", "其他/证书/ca.pem", "其他/评审包/_con.rpk", "文件目录.XML",
		"电子档案/01-专家组评审意见-第1号.pdf", "电子档案/02-不同意见书-11.pdf", "说明文件.TXT",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("made %q", got)
	}
	o := opens(t, files)
	if !reflect.DeepEqual(o.Catalogue, f.Catalogue) {
		t.Errorf("read %+v\nmade %+v", o.Catalogue, f.Catalogue)
	}
	if len(o.Items) != len(files)-2 {
		t.Errorf("%d of %d files are listed", len(o.Items), len(files))
	}
	entries, err := o.Journal()
	if err != nil || !reflect.DeepEqual(entries, sample().Entries) {
		t.Errorf("journal %s, %v", entries, err)
	}
	size := int64(0)
	for name, file := range files {
		size += int64(len(file.Data))
		if text := string(file.Data); strings.HasSuffix(name, ".TXT") &&
			(!strings.HasPrefix(text, "\uFEFF") || strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.Contains(text[1:], "\uFEFF")) {
			t.Errorf("%s is not as text files are", name)
		}
	}
	if size != f.Size() {
		t.Errorf("%d bytes are told of %d", f.Size(), size)
	}
	if findings, unproven := o.Differs(f, true); len(findings)+len(unproven) > 0 {
		t.Errorf("differs from itself: %v, %v", findings, unproven)
	}
	for name, file := range content(t, build(t, sample())) {
		if !bytes.Equal(file.Data, files[name].Data) {
			t.Errorf("%s is another the second time", name)
		}
	}
	for name, parts := range map[string][]string{
		"说明文件.TXT": {"本次会议为演练", "会议时间：2026年11月21日", "会议地点：三号会议室", "1. 签名：符合。", "1. 没有会议记录。", "第 1 轮，计入 2 名专家的评分，得分 77.50",
			"同意 1 人，附保留意见 1 人，不同意 0 人", "附件：定稿后提出的保留意见、不同意见 1 份，不计入表态"},
		"其他/数据/会议数据.xlsx": {"p01|1|建设必要性|10.00||8.50|7.00|7.75|77.50", "p01|1|信息共享|符合|弃权", "p01|1|合计|||85.00|70.00||77.50", "\np01|通过|龚䶮|省信息中心|同意|||2026-11-21 12:00\n" +
			"p01|通过|=1+1|理工大学|同意，附保留意见|应补充安全投入。||2026-11-21 12:00\n" +
			"p01|通过|龚䶮|省信息中心|同意，附保留意见|工期偏紧。|定稿后提出|2026-11-21 12:00\n",
			"\np01|政务数据共享平台|YQ-07|技术方案评审|龚䶮|2|2|77.50|通过|通过|1|1|0|0|定稿\n"},
	} {
		for _, part := range parts {
			if !bytes.Contains(files[name].Data, []byte(part)) {
				t.Errorf("%s does not say %q:\n%s", name, part, files[name].Data)
			}
		}
	}
}

func TestIs(t *testing.T) {
	for names, want := range map[string]bool{
		"": false, "heyi-data": false, "其他/文件目录.XML": false, "sha256sum.txt": false, "说明文件.TXT": true, "文件目录.XML": true,
	} {
		f := fstest.MapFS{}
		for _, name := range strings.Fields(names) {
			f[name] = &fstest.MapFile{}
		}
		if Is(f) != want {
			t.Errorf("%q: %v", names, !want)
		}
	}
}

// endless gives n bytes without having them.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.n)
	e.n -= n
	return int(n), nil
}

// What is large passes through, and is nowhere held.
func TestStream(t *testing.T) {
	const size = 64 << 20
	asked := 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := Stream(func(w io.Writer) error {
		asked++
		_, err := io.Copy(w, &endless{size})
		return err
	})
	if err != nil || c.Size != size || !c.Digest.Valid() {
		t.Fatalf("%d bytes, %s, %v", c.Size, c.Digest, err)
	}
	s := sample()
	s.Documents[5].Content = c
	f := build(t, s)
	sum := sha256.New()
	if err := f.Write("其他/评审包/_con.rpk", sum); err != nil || hex.EncodeToString(sum.Sum(nil)) != string(c.Digest) {
		t.Errorf("written %x, %v", sum.Sum(nil), err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > size/16 || asked != 2 {
		t.Errorf("%d bytes allocated, asked %d times", grown, asked)
	}
	broken := errors.New("pulled out")
	if _, err := Stream(func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("told %v", err)
	}
}

// An empty meeting has a folder too, and without a workbook where none can be made.
func TestBuildEmpty(t *testing.T) {
	f := build(t, Source{Software: "0.1.0", Data: &Data{Meeting: Meeting{ID: "abcdefghijklmnopqrstuvwxyz", Title: "会", Until: noon}}})
	opens(t, content(t, f))
	if slices.Contains(f.Names(), nameWorkbook) || slices.Contains(f.Names(), nameVoid) {
		t.Errorf("made %q", f.Names())
	}
}

func TestBuildRefused(t *testing.T) {
	broken := errors.New("no workbook today")
	for name, c := range map[string]struct {
		change func(*Source)
		err    error
		code   review.Code
		item   string
	}{
		"a workbook that fails": {func(s *Source) { s.Workbook = func([]Table) ([]byte, error) { return nil, broken } }, broken, review.CodeInternal, ""},
		"a file that is too large": {func(s *Source) { s.Documents[0].Content.Size = MaxFile + 1 }, nil, review.CodeFilingForm,
			"电子档案/01-专家组评审意见-第1号.pdf"},
		"a paper that is not read again": {func(s *Source) { s.Documents[0].Content.Size = MaxPaper + 1 }, nil, review.CodeFilingForm,
			"电子档案/01-专家组评审意见-第1号.pdf"},
		"a void one":                {func(s *Source) { s.Documents[1].Content.Size = MaxPaper + 1 }, nil, review.CodeFilingForm, "其他/作废文件/01-评分汇总表-第1号.pdf"},
		"a pack":                    {func(s *Source) { s.Documents[6].Content.Size = MaxPaper + 1 }, nil, review.CodeFilingForm, "其他/规则/规则-1.yaml"},
		"a package":                 {func(s *Source) { s.Documents[5].Content.Size = MaxFile + 1 }, nil, review.CodeFilingForm, "其他/评审包/_con.rpk"},
		"an extension that is none": {func(s *Source) { s.Documents[0].Ext = ".p?f" }, nil, review.CodeFilingForm, "电子档案/01-专家组评审意见-第1号.p?f"},
		"too much": {func(s *Source) {
			s.Documents[5].Content.Size = MaxFile
			for range MaxFolder / MaxFile {
				s.Documents = append(s.Documents, s.Documents[5])
			}
		}, nil, review.CodeFilingForm, nameCatalogue},
	} {
		t.Run(name, func(t *testing.T) {
			s := sample()
			c.change(&s)
			_, err := Build(s)
			if c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("told %v", err)
			}
			reviewtest.WantCode(t, err, c.code)
			if review.ItemOf(err) != c.item {
				t.Errorf("item %q, want %q", review.ItemOf(err), c.item)
			}
		})
	}
}

// TestOpenRefused holds that a folder is taken only as it was made: what a person, a medium or an
// archive program may have done to it is found, and where.
func TestOpenRefused(t *testing.T) {
	const paper = "电子档案/01-专家组评审意见-第1号.pdf"
	put := func(name, text string) func(fstest.MapFS) {
		return func(f fstest.MapFS) { f[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600} }
	}
	edit := func(name, old, now string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			text := string(f[name].Data)
			if !strings.Contains(text, old) {
				panic(name + " does not say " + old)
			}
			put(name, strings.Replace(text, old, now, 1))(f)
		}
	}
	long := strings.Repeat("长", MaxName-3) + ".pdf"
	for _, c := range []struct {
		name  string
		do    func(fstest.MapFS)
		code  review.Code
		entry string
	}{
		{"nothing", func(f fstest.MapFS) { clear(f) }, review.CodeFilingForm, nameCatalogue},
		{"no catalogue", func(f fstest.MapFS) { delete(f, nameCatalogue) }, review.CodeFilingForm, nameCatalogue},
		{"no digests", func(f fstest.MapFS) { delete(f, nameSums) }, review.CodeFilingForm, nameSums},
		{"a paper lost", func(f fstest.MapFS) { delete(f, paper) }, review.CodeFilingMissing, paper},
		{"an empty file lost", func(f fstest.MapFS) { delete(f, "其他/规则/规则-1.yaml") }, review.CodeFilingMissing, "其他/规则/规则-1.yaml"},
		{"a paper longer", edit(paper, "%%EOF\n", "%%EOF\n\n"), review.CodeFilingAltered, paper},
		{"a paper of the same size", edit(paper, "EOF", "FOE"), review.CodeFilingAltered, paper},
		{"a file more", put("电子档案/desktop.ini", ""), review.CodeFilingExtra, "电子档案/desktop.ini"},
		{"a file more at the root", put("Thumbs.db", "x"), review.CodeFilingExtra, "Thumbs.db"},
		{"an empty directory", func(f fstest.MapFS) { f["空"] = &fstest.MapFile{Mode: fs.ModeDir | 0o700} }, review.CodeFilingForm, "空"},
		{"a link", func(f fstest.MapFS) {
			f["其他/链接"] = &fstest.MapFile{Data: []byte("x"), Mode: fs.ModeSymlink | 0o600}
		}, review.CodeFilingForm, "其他/链接"},
		{"a pipe", func(f fstest.MapFS) { f["其他/管道"] = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o600} }, review.CodeFilingForm, "其他/管道"},
		{"a name that differs in case", put("其他/证书/Ca.pem", "x"), review.CodeFilingForm, `"其他/证书/ca.pem"`},
		{"a name with a character that is refused", put("其他/a?.txt", "x"), review.CodeFilingForm, `"其他/a?.txt"`},
		{"a hidden file", put(".DS_Store", "x"), review.CodeFilingForm, `".DS_Store"`},
		{"a device", put("其他/nul.txt", "x"), review.CodeFilingForm, `"其他/nul.txt"`},
		{"a name that is too long", put(long, "x"), review.CodeFilingForm, `"` + long + `"`},
		{"a name that shows as another", put("其他/txt.\u202efdp", "x"), review.CodeFilingForm, `"其他/txt.\u202efdp"`},
		{"too deep", put("其他/一/二/三/四.txt", "x"), review.CodeFilingForm, `"其他/一/二/三/四.txt"`},

		{"a digest edited", edit(nameSums, "  "+paper, "0  "+paper), review.CodeFilingAltered, paper},
		{"a line of digests lost", edit(nameSums, string(review.DigestOf(nil))+"  其他/规则/规则-1.yaml\n", ""), review.CodeFilingAltered, "其他/规则/规则-1.yaml"},
		{"a line of digests more", edit(nameSums, "  "+nameCatalogue, "  "+nameCatalogue+"\n"+string(review.DigestOf(nil))+"  x"), review.CodeFilingExtra, "x"},
		{"a line that is none", edit(nameSums, "\n", "\nx\n"), review.CodeFilingExtra, nameSums},
		{"digests with CRLF", func(f fstest.MapFS) {
			put(nameSums, strings.ReplaceAll(string(f[nameSums].Data), "\n", "\r\n"))(f)
		}, review.CodeFilingAltered, nameSums},
		{"digests turned round", func(f fstest.MapFS) {
			lines := strings.SplitAfter(string(f[nameSums].Data), "\n")
			slices.Reverse(lines)
			put(nameSums, strings.Join(lines, ""))(f)
		}, review.CodeFilingAltered, nameSums},
		{"the catalogue edited", edit(nameCatalogue, "评审包", "审评包"), review.CodeFilingAltered, nameCatalogue},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := content(t, build(t, sample()))
			c.do(f)
			o, findings := Open(f)
			if o != nil {
				t.Fatal("it opens")
			}
			i := slices.IndexFunc(findings, func(x review.Finding) bool { return x.Entry == c.entry })
			if i < 0 {
				t.Fatalf("found %v, want %s", findings, c.entry)
			}
			reviewtest.WantCode(t, review.E(findings[i].Code, "filing.Open", findings[i].Entry, nil), c.code)
		})
	}
}

// TestCatalogue holds that a catalogue is read only as it is written.
func TestCatalogue(t *testing.T) {
	good := string(build(t, sample()).Catalogue.encode())
	for name, c := range map[string]struct {
		old, now string
		code     review.Code
		item     string
	}{
		"a later version":      {`版本="1"`, `版本="2"`, review.CodeFilingNewer, "2"},
		"a much later one":     {`版本="1">`, `版本="11" 新="是">`, review.CodeFilingNewer, "11"},
		"an earlier version":   {`版本="1"`, `版本="0"`, review.CodeFilingForm, nameCatalogue},
		"no version":           {` 版本="1"`, ``, review.CodeFilingForm, nameCatalogue},
		"another root":         {"<文件目录", "<目录", review.CodeFilingForm, nameCatalogue},
		"a comment":            {"<会议>", "<!-- --><会议>", review.CodeFilingForm, nameCatalogue},
		"an attribute more":    {"<会议>", `<会议 a="b">`, review.CodeFilingForm, nameCatalogue},
		"an element more":      {"<会议>", "<会议><附注></附注>", review.CodeFilingForm, nameCatalogue},
		"an entity":            {"政务", "&#25919;务", review.CodeFilingForm, nameCatalogue},
		"a document type":      {"?>\n", "?>\n<!DOCTYPE a>\n", review.CodeFilingForm, nameCatalogue},
		"cut":                  {"</文件目录>\n", "", review.CodeFilingForm, nameCatalogue},
		"more behind":          {"</文件目录>\n", "</文件目录>\n\n", review.CodeFilingForm, nameCatalogue},
		"CRLF":                 {"\n", "\r\n", review.CodeFilingForm, nameCatalogue},
		"an order":             {"<序号>2<", "<序号>3<", review.CodeFilingForm, nameCatalogue},
		"a number with a sign": {"<页数>2<", "<页数>+2<", review.CodeFilingForm, nameCatalogue},
		"a size that is none":  {"<大小>2<", "<大小>二<", review.CodeFilingForm, nameCatalogue},
		"a path that leads up": {"其他/规则/规则-1.yaml", "../规则-1.yaml", review.CodeFilingForm, "../规则-1.yaml"},
		"a path twice":         {"其他/规则/规则-1.yaml", "其他/证书/CA.pem", review.CodeFilingForm, "其他/证书/CA.pem"},
		"itself":               {"其他/规则/规则-1.yaml", "文件目录.xml", review.CodeFilingForm, "文件目录.xml"},
		"a digest that is none": {string(review.DigestOf(nil)), "00", review.CodeFilingForm,
			"其他/规则/规则-1.yaml"},
		"a size below nothing": {"<大小>0<", "<大小>-1<", review.CodeFilingForm, "其他/规则/规则-1.yaml"},
		"a journal too large": {"journal.jsonl</文件名>\n      <格式>JSONL</格式>\n      <大小>", "journal.jsonl</文件名>\n      <格式>JSONL</格式>\n      <大小>999999",
			review.CodeFilingForm, nameJournal},
		"no meeting":        {"abcdefghijklmnopqrstuvwxyz", "abc", review.CodeFilingForm, nameCatalogue},
		"not true or false": {"<演练>是<", "<演练>对<", review.CodeFilingForm, nameCatalogue},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, c.old, c.now, 1)
			if bad == good {
				t.Fatal("the case changes nothing")
			}
			_, err := decode([]byte(bad))
			reviewtest.WantCode(t, err, c.code)
			if review.ItemOf(err) != c.item {
				t.Errorf("item %q, want %q", review.ItemOf(err), c.item)
			}
		})
	}
	for _, bad := range []string{"", "x", "<", `<?xml version="1.0" encoding="GBK"?>`} {
		_, err := decode([]byte(bad))
		reviewtest.WantCode(t, err, review.CodeFilingForm)
	}
}

func TestJournal(t *testing.T) {
	good := string(encodeJournal(sample().Entries))
	for name, bad := range map[string]string{
		"not a line":        "x" + good,
		"no line end":       strings.TrimSuffix(good, "\n"),
		"an empty line":     good + "\n",
		"capitals":          strings.Replace(good, `"0102"`, `"0A02"`, 1),
		"half a digit":      strings.Replace(good, `"0102"`, `"010"`, 1),
		"blanks":            strings.Replace(good, `"0102"}`, `"0102" }`, 1),
		"no signature":      strings.Replace(good, `,"signature":"03"`, "", 1),
		"a member more":     strings.Replace(good, `"03"}`, `"03","x":""}`, 1),
		"CRLF":              strings.ReplaceAll(good, "\n", "\r\n"),
		"signature earlier": strings.Replace(good, `{"event":`, `{"signature":"00","event":`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == good {
				t.Fatal("the case changes nothing")
			}
			_, err := decodeJournal([]byte(bad))
			reviewtest.WantCode(t, err, review.CodeFilingForm)
		})
	}
}

// TestOpened holds what is given of a folder, and that it is looked at again.
func TestOpened(t *testing.T) {
	f := content(t, build(t, sample()))
	o := opens(t, f)
	paper := o.Items[1]
	if x, ok := o.Find(paper.Digest); !ok || x != paper {
		t.Errorf("found %v, %v", x, ok)
	}
	b, err := o.Read(paper.Digest)
	if err != nil || !bytes.Equal(b, f[paper.Path].Data) {
		t.Errorf("read %q, %v", b, err)
	}
	_, err = o.Read(review.DigestOf([]byte("nothing")))
	reviewtest.WantCode(t, err, review.CodeFilingMissing)
	f[paper.Path].Data = []byte("x")
	_, err = o.Read(paper.Digest)
	reviewtest.WantCode(t, err, review.CodeFilingAltered)
	delete(f, paper.Path)
	_, err = o.Read(paper.Digest)
	reviewtest.WantCode(t, err, review.CodeDirFailed)

	list := o.Packages()
	if len(list) != 1 || list[0].Path != "其他/评审包/_con.rpk" {
		t.Fatalf("packages %v", list)
	}
	p, err := o.Part(list[0])
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()))
	if err := errors.Join(err, p.Close()); err != nil || string(all) != "PK" {
		t.Errorf("read %q, %v", all, err)
	}
	delete(f, list[0].Path)
	_, err = o.Part(list[0])
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	delete(f, nameJournal)
	_, err = o.Journal()
	reviewtest.WantCode(t, err, review.CodeDirFailed)
}

// TestDiffers holds that a folder is compared with what its record gives, each file; and that one
// which says that another version made it may have other texts for people and other names, but
// neither other papers nor the same ones elsewhere.
func TestDiffers(t *testing.T) {
	const (
		opinion = "电子档案/01-专家组评审意见-第1号.pdf"
		dissent = "电子档案/02-不同意见书-11.pdf"
		tally   = "其他/作废文件/01-评分汇总表-第1号.pdf"
	)
	differs := func(entry string) review.Finding { return review.Finding{Code: review.CodeFilingDiffers, Entry: entry} }
	missing := func(entry string) review.Finding { return review.Finding{Code: review.CodeFilingMissing, Entry: entry} }
	extra := func(entry string) review.Finding { return review.Finding{Code: review.CodeFilingExtra, Entry: entry} }
	catalogue := []review.Finding{differs(nameCatalogue)}
	swap := func(s *Source) {
		s.Documents[0].Content, s.Documents[1].Content = s.Documents[1].Content, s.Documents[0].Content
	}
	for name, c := range map[string]struct {
		change   func(*Source)
		ours     []review.Finding // said to be of this version
		theirs   []review.Finding // said to be of another
		unproven []string         // then
	}{
		"nothing":              {func(*Source) {}, nil, nil, nil},
		"a paper is another":   {func(s *Source) { s.Documents[0].Content = Bytes([]byte("x")) }, []review.Finding{differs(opinion)}, []review.Finding{differs(opinion)}, nil},
		"void for what counts": {swap, []review.Finding{differs(opinion), differs(tally)}, []review.Finding{differs(opinion), differs(tally)}, nil},
		"a dissent made void": {func(s *Source) { s.Documents[2].Place = PlaceVoid }, []review.Finding{missing(dissent), extra("其他/作废文件/02-不同意见书-11.pdf")},
			[]review.Finding{missing(dissent), extra("其他/作废文件/02-不同意见书-11.pdf")}, nil},
		"what is void counts":  {func(s *Source) { s.Documents[1].Place = PlacePapers }, []review.Finding{missing(tally)}, []review.Finding{missing(tally)}, nil},
		"a paper is not there": {func(s *Source) { s.Documents = slices.Delete(s.Documents, 2, 3) }, []review.Finding{missing(dissent)}, []review.Finding{missing(dissent)}, nil},
		"a paper twice": {func(s *Source) { s.Documents = append(s.Documents, s.Documents[0]) }, []review.Finding{extra("电子档案/03-专家组评审意见-第1号.pdf")},
			[]review.Finding{extra("电子档案/03-专家组评审意见-第1号.pdf")}, nil},
		"one paper for another": {func(s *Source) { s.Documents[2].Content = s.Documents[0].Content }, []review.Finding{differs(dissent)}, []review.Finding{differs(dissent)}, nil},
		"another title":         {func(s *Source) { s.Documents[0].Title = "草稿" }, catalogue, nil, []string{nameReadme, nameWorkbook, nameCatalogue}},
		"another number":        {func(s *Source) { s.Documents[3].Number = "第2号" }, catalogue, nil, []string{nameCatalogue}},
		"another author":        {func(s *Source) { s.Documents[3].Author = "他人" }, catalogue, nil, []string{nameCatalogue}},
		"another date":          {func(s *Source) { s.Documents[3].At = noon.AddDate(0, 0, 1) }, catalogue, nil, []string{nameCatalogue}},
		"another name":          {func(s *Source) { s.Documents[3].Name = "评审组" }, []review.Finding{missing("其他/证书/ca.pem")}, nil, []string{nameCatalogue}},
		"another order":         {func(s *Source) { s.Documents[5], s.Documents[6] = s.Documents[6], s.Documents[5] }, catalogue, nil, []string{nameCatalogue}},
		"another meeting":       {func(s *Source) { s.Data.Meeting.ID = "bbcdefghijklmnopqrstuvwxyz" }, catalogue, catalogue, []string{nameReadme}},
		"other words":           {func(s *Source) { s.Lacks = nil }, []review.Finding{differs(nameReadme)}, nil, []string{nameReadme}},
		"no workbook":           {func(s *Source) { s.Workbook = nil }, []review.Finding{missing(nameWorkbook)}, nil, []string{nameCatalogue}},
		"other data":            {func(s *Source) { s.Data.Projects[0].Quorum = 7 }, []review.Finding{differs(nameData)}, []review.Finding{differs(nameData)}, nil},
		"another journal":       {func(s *Source) { s.Entries = s.Entries[:1] }, []review.Finding{differs(nameJournal)}, []review.Finding{differs(nameJournal)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := sample()
			c.change(&s)
			o, want := opens(t, content(t, build(t, s))), build(t, sample())
			for ours, due := range map[bool][]review.Finding{true: c.ours, false: c.theirs} {
				findings, unproven := o.Differs(want, ours)
				for _, f := range due {
					if !slices.Contains(findings, f) {
						t.Errorf("ours %v: found %v, not %v", ours, findings, f)
					}
				}
				if len(due) == 0 && len(findings) > 0 {
					t.Errorf("ours %v: found %v", ours, findings)
				}
				for _, p := range c.unproven {
					if ours == slices.Contains(unproven, p) {
						t.Errorf("ours %v: unproven are %q", ours, unproven)
					}
				}
				if ours && len(unproven) > 0 || len(due) == 0 && !ours && !slices.Equal(unproven, c.unproven) {
					t.Errorf("ours %v: unproven are %q", ours, unproven)
				}
			}
		})
	}
}

// TestNames holds that whatever people are called, what is made of it can be a name on every
// system.
func TestNames(t *testing.T) {
	taken := names{}
	for _, x := range []struct{ text, want string }{
		{"01-技术方案审查意见-第1号", "01-技术方案审查意见-第1号.pdf"},
		{"01-技术方案审查意见-第1号", "01-技术方案审查意见-第1号-2.pdf"},
		{"a", "a.pdf"}, {"A", "A-2.pdf"}, {"ß", "ß.pdf"}, {"SS", "SS.pdf"},
		{"con", "_con.pdf"}, {"COM1.x", "_COM1.x.pdf"}, {"", "文件.pdf"}, {"...", "文件-2.pdf"}, {"../../etc", "etc.pdf"}, {`a\b:c*d?e"f<g>h|i`, "a-bcdefghi.pdf"},
		{"甲\u202e乙\u200b丙\x00丁", "甲乙丙丁.pdf"}, {"e\u0301🎉", "e.pdf"}, {strings.Repeat("𫖮", 40), ""}, {strings.Repeat("长", 100), strings.Repeat("长", MaxName-4) + ".pdf"},
		{strings.Repeat("长", 100), strings.Repeat("长", MaxName-6) + "-2.pdf"}, {"尾.", "尾.pdf"}, {"甲 乙", "甲-乙.pdf"},
	} {
		got := path.Base(taken.take(dirPapers, x.text, ".pdf"))
		if x.want != "" && got != x.want {
			t.Errorf("%q became %q, want %q", x.text, got, x.want)
		}
		if !goodName(got) || len(utf16.Encode([]rune(got))) > MaxName {
			t.Errorf("%q became %q", x.text, got)
		}
	}
}

// TestFixture holds that a folder of version 1 opens for ever.
func TestFixture(t *testing.T) {
	const file = "testdata/folder-v1.zip"
	if *update {
		writeFixture(t, file)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	o := opens(t, z)
	if o.Software != "0.1.0" || o.Meeting != "abcdefghijklmnopqrstuvwxyz" || o.Title != "政务信息化项目评审会" || !o.Drill ||
		o.Until != "2026-11-21T12:00:00+08:00" || o.Checkpoint != "v1 2 "+strings.Repeat("ab", 32) || len(o.Items) != 15 {
		t.Errorf("it says %+v", o.Catalogue)
	}
	want := Item{
		Path: "电子档案/01-专家组评审意见-第1号.pdf", Number: "专家组意见〔ABCDEFGH〕第1号", Author: "评审专家组", Title: "专家组评审意见", Date: "20261121",
		Pages: 2, Secrecy: "工作秘密", Copies: 1, Format: "PDF", Size: 22, Digest: review.DigestOf([]byte("%PDF-1.7\n意见\n%%EOF\n")),
	}
	if o.Items[1] != want {
		t.Errorf("an item is %+v", o.Items[1])
	}
	if entries, err := o.Journal(); err != nil || !reflect.DeepEqual(entries, sample().Entries) {
		t.Errorf("journal %s, %v", entries, err)
	}
}

func writeFixture(t *testing.T, file string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f := build(t, sample())
	for _, name := range f.Names() {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			err = f.Write(name, w)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), os.WriteFile(file, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}
